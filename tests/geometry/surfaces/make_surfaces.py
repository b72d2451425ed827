#!/usr/bin/env python3
"""Writes the surfaces of this folder with VTK itself (Debian's python3-paraview).

Implements: one cuboid of 10 x 20 x 30 mm about (1, 2, 3) mm, six faces with corners of their own,
in every encoding of .vtp that the reader knows and one that it refuses, and as STL. The files are
kept so that the tests read what VTK writes without needing VTK.

Usage: make_surfaces.py [FOLDER]
"""
import sys
from pathlib import Path

from vtkmodules.vtkFiltersCore import vtkCleanPolyData, vtkStripper, vtkTriangleFilter
from vtkmodules.vtkFiltersSources import vtkCubeSource
from vtkmodules.vtkIOGeometry import vtkSTLWriter
from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter


def cuboid():
    source = vtkCubeSource()
    source.SetCenter(1, 2, 3)
    source.SetXLength(10)
    source.SetYLength(20)
    source.SetZLength(30)
    return source


def through(filter_, source):
    filter_.SetInputConnection(source.GetOutputPort())
    return filter_


def write_vtp(path, source, mode, compressor=None, wide=False, big=False, base64=False):
    writer = through(vtkXMLPolyDataWriter(), source)
    writer.SetFileName(str(path))
    getattr(writer, f"SetDataModeTo{mode}")()
    getattr(writer, f"SetCompressorTypeTo{compressor or 'None'}")()
    if wide:
        writer.SetHeaderTypeToUInt64()
    else:
        writer.SetHeaderTypeToUInt32()
    if big:
        writer.SetByteOrderToBigEndian()
    writer.SetEncodeAppendedData(base64)
    writer.SetBlockSize(96)  # several blocks, the last one smaller
    writer.Write()


def write_stl(path, source, binary):
    writer = through(vtkSTLWriter(), through(vtkTriangleFilter(), source))
    writer.SetFileName(str(path))
    if binary:
        writer.SetFileTypeToBinary()
    writer.Write()


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    box = cuboid()
    write_vtp(folder / "ascii.vtp", box, "Ascii")
    write_vtp(folder / "binary.vtp", box, "Binary")
    write_vtp(folder / "binary_zlib.vtp", box, "Binary", "ZLib", wide=True)
    write_vtp(folder / "binary_lz4.vtp", box, "Binary", "LZ4")
    write_vtp(folder / "raw.vtp", box, "Appended")
    write_vtp(folder / "raw_wide_big.vtp", box, "Appended", wide=True, big=True)
    write_vtp(folder / "raw_zlib.vtp", box, "Appended", "ZLib")
    write_vtp(folder / "base64.vtp", box, "Appended", base64=True)
    write_vtp(folder / "base64_zlib.vtp", box, "Appended", "ZLib", wide=True, base64=True)
    joined = through(vtkCleanPolyData(), through(vtkTriangleFilter(), box))
    write_vtp(folder / "strips.vtp", through(vtkStripper(), joined), "Appended", "ZLib")
    write_stl(folder / "text.stl", box, False)
    write_stl(folder / "binary.stl", box, True)


if __name__ == "__main__":
    main()
