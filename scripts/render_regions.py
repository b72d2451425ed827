"""Regions in a picture of render.py.

Implements: the choice of regions for one picture (region_choice.py), their colours, and their
faint surfaces with thin lines within the box that the picture is about. Lengths are in mm.
"""
from dataclasses import dataclass

import numpy
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkFiltersCore import (vtkAppendPolyData, vtkCutter, vtkFeatureEdges,
                                       vtkPolyDataConnectivityFilter, vtkPolyDataNormals,
                                       vtkWindowedSincPolyDataFilter)

import region_choice
from render_data import BadArgument
from render_mesh import clipped, output
from render_scene import is_empty, swept

# Told apart from each other and from ice, probes and thermocouples.
COLOURS = [(0.05, 0.50, 0.20), (0.75, 0.15, 0.15), (0.60, 0.38, 0.10), (0.85, 0.35, 0.65),
           (0.40, 0.70, 0.10), (0.15, 0.15, 0.15), (0.05, 0.55, 0.58), (0.62, 0.56, 0.00),
           (0.95, 0.60, 0.50), (0.55, 0.62, 0.68)]
LEAST, MOST = 3, 8  # outlines that can still be told apart; more are drawn when they are asked for
MARGIN = 0.15  # share of the box by which regions reach beyond what they lie about


@dataclass
class Region:
    id: int
    name: str
    colour: tuple


def colour_of(rank):
    """The colours once more, darker, for those who ask for many regions."""
    again, number = divmod(rank, len(COLOURS))
    return tuple(0.55 ** again * share for share in COLOURS[number])


def box_of(results, low, high):
    """The box in which regions are drawn: about what is treated, and about the lesions it meets,
    because what of a lesion is not covered matters most."""
    margin = MARGIN * (high - low)
    low, high = low - margin, high + margin
    if results.axisymmetric or not results.last.uniform:
        return low, high
    ids = results.values("region_id", results.times[-1]) if "region_id" in results.arrays else None
    near = results.nodes_per_region((low, high))
    for i, name in results.regions().items():
        if region_choice.is_lesion(name) and near.get(i):
            first, last = results.last.box_of(ids == i)
            low, high = numpy.minimum(low, first - 2), numpy.maximum(high, last + 2)
    return low, high


def pick(results, box, wanted, room):
    """The regions to be drawn within a box, the most important first, and sentences about those
    that are not. `wanted` are names, or None for what is near and finds room."""
    names, nodes = results.regions(), results.nodes_per_region()
    near = results.nodes_per_region(box)
    if wanted is None:
        own = [r.get("name") for r in results.case.get("regions") or []]
        room = min(MOST, max(LEAST, room))  # the legend draws together for the least
        shown = region_choice.choose(names, nodes, near, room, own)
        remarks = region_choice.left_out(names, nodes, near, shown)
    else:
        try:
            shown = region_choice.named(names, wanted)
        except ValueError as error:
            raise BadArgument(str(error)) from None
        empty = [names[i] for i in shown if not near.get(i)]
        remarks = [f"nothing in the picture of: {', '.join(empty)}"] if empty else []
        shown = [i for i in shown if near.get(i)]
    return [Region(i, names[i], colour_of(rank))
            for rank, i in enumerate(shown)], remarks


def large_pieces(surface):
    """Without crumbs: of a shell thinner than the spacing only single nodes may be left."""
    pieces = vtkPolyDataConnectivityFilter()
    pieces.SetExtractionModeToAllRegions()
    output(pieces, surface)
    sizes = vtk_to_numpy(pieces.GetRegionSizes())
    pieces.SetExtractionModeToSpecifiedRegions()
    for piece in numpy.flatnonzero(sizes >= 0.05 * sizes.max()):
        pieces.AddSpecifiedRegion(int(piece))
    return output(pieces, surface)


def smooth(surface):
    """Ids stand on nodes: their surface has steps as high as a cell."""
    sinc = vtkWindowedSincPolyDataFilter()
    sinc.SetNumberOfIterations(30)
    sinc.SetPassBand(0.02)
    sinc.NormalizeCoordinatesOn()
    sinc.BoundarySmoothingOn()
    normals = vtkPolyDataNormals()
    normals.SplittingOff()
    return output(normals, output(sinc, surface))


def outlines(surface):
    """The edges of a surface, and the cuts through its middle along the axes."""
    edges = vtkFeatureEdges()
    edges.BoundaryEdgesOn()
    edges.FeatureEdgesOff()
    edges.NonManifoldEdgesOff()
    edges.ColoringOff()
    lines = vtkAppendPolyData()
    lines.AddInputData(output(edges, surface))
    bounds = surface.GetBounds()
    for axis in range(3):
        plane, cut = vtkPlane(), vtkCutter()
        plane.SetOrigin([0.5 * (a + b) for a, b in zip(bounds[0::2], bounds[1::2])])
        plane.SetNormal([float(axis == i) for i in range(3)])
        cut.SetCutFunction(plane)
        lines.AddInputData(output(cut, surface))
    lines.Update()
    return lines.GetOutput()


def draw_regions(results, view, regions, box):
    """Thin lines, and the faint surfaces of lesions or of a few regions: translucent layers are
    what a picture takes longest for, and one cannot see through many of them. The surface is 0.35
    cells from the outermost nodes and not halfway, so that the outlines of regions that touch lie
    side by side."""
    if not regions:
        return
    ids = results.values("region_id", results.times[-1])
    for region in regions:
        lesion = region_choice.is_lesion(region.name)
        surface = results.last.contour(ids == region.id, 0.65, box, spare=2)
        if is_empty(surface):
            continue
        if results.axisymmetric:
            view.show(surface, region.colour, 1, 2.5)
            view.show(swept(surface), region.colour, 0.12)
            continue
        surface = clipped(smooth(large_pieces(surface)), *box)
        if is_empty(surface):
            continue
        if lesion or len(regions) <= 2:
            view.show(surface, region.colour, 0.12)
        width = 4 if lesion and len(regions) > 2 else 2.5
        view.show(outlines(surface), region.colour, 1, width).RenderLinesAsTubesOn()
