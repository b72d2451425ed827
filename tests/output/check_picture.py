#!/usr/bin/env pvpython
"""Checks that a picture of scripts/render.py shows what it must.

Implements: the size, a white background that does not fill it, orange pixels (the active length of
a probe), bluish ones (the cold surfaces), yellow ones (thermocouples) and green ones (a region).
Usage: pvpython check_picture.py PICTURE.png WIDTHxHEIGHT
"""
import sys

import numpy
import vtk
from vtk.util.numpy_support import vtk_to_numpy


def main():
    path, size = sys.argv[1:]
    reader = vtk.vtkPNGReader()
    reader.SetFileName(path)
    reader.Update()
    image = reader.GetOutput()
    found = "x".join(str(n) for n in image.GetDimensions()[:2])
    pixels = vtk_to_numpy(image.GetPointData().GetScalars())[:, :3].astype(int)
    red, green, blue = pixels.T
    columns = numpy.arange(len(pixels)) % image.GetDimensions()[0]
    scene = columns > 0.35 * image.GetDimensions()[0]  # the legend is left of it
    shares = {
        "white": ((red > 250) & (green > 250) & (blue > 250)).mean(),
        "orange": ((red > blue + 60) & (red > green + 25)).mean(),
        "bluish": (blue > red + 10).mean(),
        "yellow": ((green > blue + 90) & (red > 150) & (abs(red - green) < 45))[scene].mean(),
        "green": ((green > red + 30) & (green > blue + 15))[scene].mean(),
    }
    print(found, shares)
    limits = {"white": (0.2, 0.97), "orange": (0.001, 0.2), "bluish": (0.01, 0.8),
              "yellow": (5e-5, 0.01), "green": (5e-5, 0.1)}
    bad = [k for k, (low, high) in limits.items() if not low < shares[k] < high]
    if found != size:
        bad.append("size")
    for what in bad:
        print(f"{path}: {what} is not as it must be", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
