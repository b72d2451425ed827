"""Meshes of fields.h5 as VTK data, for render.py.

Implements: Mesh: a uniform grid, hexahedra or the half-plane of an axisymmetric result; surfaces
of a field, of a part of the grid only where a part is asked for, and the volume below a value.
Lengths are in mm.
"""
import math

import numpy
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import (VTK_HEXAHEDRON, VTK_QUAD, vtkCellArray, vtkImageData,
                                           vtkPlane, vtkPolyData, vtkUnstructuredGrid)
from vtkmodules.vtkFiltersCore import vtkClipPolyData, vtkContourFilter, vtkFlyingEdges3D
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter, vtkTableBasedClipDataSet


def output(algorithm, data, port=0):
    """What a filter makes of a data set."""
    algorithm.SetInputData(data)
    algorithm.Update()
    return algorithm.GetOutput(port)


class Mesh:
    """The group mesh/N of fields.h5."""

    def __init__(self, group):
        self.group = group
        self.axisymmetric = bool(group.attrs["axisymmetric"])
        self.uniform = "nodes" in group
        if self.uniform:
            self.origin, self.spacing = group["origin_mm"][...], group["spacing_mm"][...]
            self.nodes = group["nodes"][...]
            low, high = self.origin, self.origin + self.spacing * (self.nodes - 1)
        else:
            self.points = group["points_mm"][...]
            low, high = self.points.min(axis=0), self.points.max(axis=0)
        self.bounds = [float(x) for pair in zip(low, high) for x in pair]

    def window(self, low, high):
        """Slices [z, y, x] of the nodes of a grid within a box."""
        first = numpy.ceil((numpy.asarray(low) - self.origin) / self.spacing - 1e-6)
        last = numpy.floor((numpy.asarray(high) - self.origin) / self.spacing + 1e-6)
        return tuple(slice(max(0, int(a)), max(0, int(b) + 1))
                     for a, b in zip(first[::-1], last[::-1]))

    def nodes_within(self, low, high):
        """What picks the nodes within a box from one number per node."""
        if self.uniform:
            inside = numpy.zeros(self.nodes[::-1], bool)
            inside[self.window(low, high)] = True
            return inside.ravel()
        axes = [0, 2] if self.axisymmetric else [0, 1, 2]  # the box is of the swept solid
        p = self.points[:, axes]
        return ((p >= numpy.asarray(low)[axes]) & (p <= numpy.asarray(high)[axes])).all(axis=1)

    def box_of(self, inside):
        """The box (low, high) about some nodes of a grid, given as one truth value per node."""
        at = numpy.nonzero(inside.reshape(self.nodes[::-1]))[::-1]
        return tuple(self.origin + self.spacing * [end(i) for i in at] for end in (numpy.min, numpy.max))

    def data(self, values, window=None):
        """The mesh, or a part of a grid, with one number per node as its scalars."""
        if self.uniform:
            window = window or (slice(0, None),) * 3
            values = values.reshape(self.nodes[::-1])[window]
            first = [s.start for s in window[::-1]]
            data = vtkImageData()
            data.SetDimensions(values.shape[::-1])
            data.SetOrigin(*(self.origin + self.spacing * first))
            data.SetSpacing(*self.spacing)
            add_scalars(data, values)
        else:
            data = unstructured(self.points, self.group["cells"][...], values)
        return data

    def contour(self, values, level, box=None, spare=0):
        """The surface of a level; of a half-plane its line. With a box, only what lies within it
        and some spare cells around need be there."""
        if self.uniform:
            window = None
            if box:
                window = self.window(box[0] - spare * self.spacing, box[1] + spare * self.spacing)
            if window and any(s.stop - s.start < 2 for s in window):
                return vtkPolyData()
            surface = vtkFlyingEdges3D()
        else:
            window, surface = None, vtkContourFilter()
        surface.SetValue(0, level)
        surface.ComputeNormalsOn()
        return output(surface, self.data(values, window))

    def cut_cells(self, values, level):
        """Volume of the cells of a grid that lie below a level, mm3, and the cells that it cuts as
        points, corners, values: clipping whole cells as well would take ten times as long."""
        values = values.reshape(self.nodes[::-1])
        below, nodes = values < level, numpy.zeros(self.nodes[::-1] - 1, numpy.int8)
        corners = [(k, j, i) for k in (0, 1) for j in (0, 1) for i in ((0, 1), (1, 0))[j]]
        for corner in corners:  # in VTK's order of the corners of a hexahedron
            nodes += below[tuple(slice(c, c - 1 or None) for c in corner)]
        cut = numpy.array(numpy.nonzero((nodes > 0) & (nodes < 8)))
        ids = numpy.stack([numpy.ravel_multi_index(cut + numpy.array([c]).T, values.shape)
                           for c in corners], axis=1)
        used, cells = numpy.unique(ids, return_inverse=True)
        at = numpy.stack(numpy.unravel_index(used, values.shape)[::-1], axis=1)
        whole = float((nodes == 8).sum() * numpy.prod(self.spacing))
        return whole, self.origin + self.spacing * at, cells.reshape(ids.shape), values.flat[used]

    def volume_below(self, values, level):
        """Volume below a level, mL; interpolated linearly within cells."""
        if self.uniform:
            whole, points, corners, values = self.cut_cells(values, level)
        else:
            whole, points, corners = 0.0, self.points, self.group["cells"][...]
        clip = vtkTableBasedClipDataSet()
        clip.InsideOutOn()
        clip.SetValue(level)
        simplices = output(vtkDataSetTriangleFilter(),
                           output(clip, unstructured(points, corners, values)))
        if simplices.GetNumberOfCells() == 0:
            return 1e-3 * whole
        points = vtk_to_numpy(simplices.GetPoints().GetData()).astype(float)
        cells = vtk_to_numpy(simplices.GetCells().GetConnectivityArray())
        p = points[cells.reshape(-1, 3 if self.axisymmetric else 4)]
        edges = p[:, 1:] - p[:, :1]
        if self.axisymmetric:  # 2 pi r dA, r that of the middle of a triangle
            area = 0.5 * numpy.abs(edges[:, 0, 0] * edges[:, 1, 2] - edges[:, 0, 2] * edges[:, 1, 0])
            return 2e-3 * math.pi * float((area * p[:, :, 0].mean(axis=1)).sum())
        return 1e-3 * (whole + float(numpy.abs(numpy.linalg.det(edges)).sum()) / 6)


def add_scalars(data, values):
    scalars = numpy_to_vtk(numpy.ascontiguousarray(values, numpy.float32).ravel(), deep=1)
    scalars.SetName("values")
    data.GetPointData().SetScalars(scalars)


def unstructured(at, corners, values):
    """Hexahedra, or quadrilaterals, with one number per point as scalars."""
    cells, points, data = vtkCellArray(), vtkPoints(), vtkUnstructuredGrid()
    connectivity = numpy.ascontiguousarray(corners, numpy.int64).ravel()
    cells.SetData(corners.shape[1], numpy_to_vtkIdTypeArray(connectivity, deep=1))
    points.SetData(numpy_to_vtk(numpy.ascontiguousarray(at), deep=1))
    data.SetPoints(points)
    data.SetCells(VTK_HEXAHEDRON if corners.shape[1] == 8 else VTK_QUAD, cells)
    add_scalars(data, values)
    return data


def clipped(surface, low, high):
    """The part of a surface inside a box."""
    for axis in range(3):
        for at, sign in ((low[axis], 1), (high[axis], -1)):
            plane = vtkPlane()
            plane.SetOrigin(at, at, at)
            plane.SetNormal(*(sign * float(axis == i) for i in range(3)))
            clip = vtkClipPolyData()
            clip.SetClipFunction(plane)
            surface = output(clip, surface)
    return surface
