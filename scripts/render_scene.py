"""The three-dimensional part of a picture of render.py.

Implements: isotherm surfaces, regions, probes and thermocouples as ParaView sources. Lengths are
in mm. Half a turn of an axisymmetric result is swept about its axis.
"""
import math
from dataclasses import dataclass

import numpy
from paraview import simple

from render_text import FAINT, INK, along, say, scale_of

# From the outermost surface to the innermost: colour and opacity.
SHELLS = [((0.35, 0.68, 0.92), 0.15), ((0.08, 0.38, 0.85), 0.20), ((0.50, 0.08, 0.65), 0.28),
          ((0.75, 0.05, 0.40), 0.32), ((0.40, 0.0, 0.15), 0.35)]
HOT = [((0.95, 0.75, 0.20), 0.18), ((0.95, 0.45, 0.10), 0.25), ((0.80, 0.10, 0.05), 0.32)]
REGIONS = [(0.05, 0.50, 0.20), (0.60, 0.38, 0.10), (0.75, 0.15, 0.15), (0.35, 0.42, 0.05),
           (0.10, 0.45, 0.50)]
ACTIVE, SHAFT, SENSOR = (1.0, 0.50, 0.05), (0.72, 0.74, 0.77), (0.98, 0.85, 0.10)
# Temperature map: the zero line is the lightest colour.
MAP = [(-200, 0.15, 0.02, 0.25), (-100, 0.30, 0.08, 0.50), (-40, 0.36, 0.25, 0.75),
       (-20, 0.25, 0.50, 0.87), (0, 0.93, 0.96, 0.98), (20, 0.96, 0.76, 0.58),
       (37, 0.85, 0.42, 0.30), (100, 0.50, 0.05, 0.10)]


def region_colour(region):
    return REGIONS[(region - 1) % len(REGIONS)]


def new_view(size):
    view = simple.CreateView("RenderView")
    view.ViewSize = [int(n) for n in size.split("x")]
    view.OrientationAxesVisibility = 1
    view.OrientationAxesLabelColor = INK
    view.UseColorPaletteForBackground = 0
    view.Background = [1, 1, 1]
    view.MaximumNumberOfPeels = 24  # translucent layers that are sorted right
    return view


def show_surface(source, view, colour, opacity, width=None):
    shown = simple.Show(source, view)
    shown.ColorArrayName = ["POINTS", ""]  # one colour
    shown.DiffuseColor = shown.AmbientColor = colour
    shown.Opacity = opacity
    shown.Specular, shown.SpecularPower = 0.25, 30
    if width:
        shown.LineWidth = width * scale_of(view)
        shown.Ambient, shown.Diffuse = 1, 0
    return shown


@dataclass
class Shell:
    """One isotherm surface: a line in the half-plane of an axisymmetric result."""
    level: float
    cold: bool
    ever: bool       # of t_min_degC instead of the temperature at one time
    colour: tuple
    opacity: float
    source: object   # None when empty
    bounds: tuple


def is_empty(source):
    return source.GetDataInformation().GetNumberOfPoints() == 0


def swept(source):
    """Half a turn about z, behind the half-plane y = 0."""
    surface = simple.RotationalExtrusion(Input=simple.ExtractSurface(Input=source), Resolution=90,
                                         Angle=180)
    surface.UpdatePipeline()
    return surface


def make_shells(results, time, levels, lethal):
    """Surfaces, the outermost first."""
    shells = []
    cold_levels = [t for t, cold in levels if cold]
    for rank, (level, cold) in enumerate(levels):
        palette = SHELLS if cold else HOT
        colour, opacity = palette[min(rank, len(palette) - 1)]
        ever = (lethal == "ever" and cold and level == min(cold_levels)
                and "t_min_degC" in results.arrays)
        array = "t_min_degC" if ever else "temperature_degC"
        contour = simple.Contour(Input=results.at(results.times[-1] if ever else time),
                                 ContourBy=["POINTS", array], Isosurfaces=[level],
                                 ComputeNormals=1)
        contour.UpdatePipeline()
        shell = Shell(level, cold, ever, colour, opacity, None, ())
        if not is_empty(contour):
            shell.source = contour
            whole = swept(contour) if results.axisymmetric else contour
            shell.bounds = whole.GetDataInformation().GetBounds()
        shells.append(shell)
    return shells


def draw_shells(results, view, shells):
    for shell in shells:
        if shell.source is None:
            continue
        surface = shell.source
        if results.axisymmetric:
            show_surface(surface, view, shell.colour, 1, 4)
            surface = swept(surface)
        show_surface(surface, view, shell.colour, shell.opacity).Ambient = 0.25


def extent_of(results, shells, whole_domain):
    """Centre and half diagonal of what has to be seen, and its box (low, high)."""
    points = []
    for shell in shells:
        if shell.source is not None:
            points += [shell.bounds[0::2], shell.bounds[1::2]]
    for probe in results.summary.get("probes", []):
        points += [probe["tip_mm"], along(probe["tip_mm"], probe["direction"],
                                          probe["dead_tip_mm"] + probe["active_length_mm"])]
    points += [t["position_mm"] for t in results.summary.get("thermocouples", [])
               if points and t["position_mm"]]
    if whole_domain or not points:
        points = [results.bounds[0::2], results.bounds[1::2]]
    low, high = numpy.min(points, axis=0), numpy.max(points, axis=0)
    return (0.5 * (low + high)).tolist(), 0.5 * math.dist(low, high), (low, high)


def clipped(source, low, high):
    """The part of a surface inside a box."""
    for axis in range(3):
        for at, sign in ((low[axis], 1), (high[axis], -1)):
            normal = [0, 0, 0]
            normal[axis] = sign
            source = simple.Clip(Input=source, ClipType="Plane", Invert=0)
            source.ClipType.Origin, source.ClipType.Normal = [at] * 3, normal
    source = simple.ExtractSurface(Input=source)
    source.UpdatePipeline()
    return source


def draw_regions(results, view, box):
    """Faint surfaces with thin lines: the edges, and the cuts through the middle along the axes.
    Ids stand on nodes; the surface is 0.35 cells from the outermost ones and not halfway, so that
    the outlines of regions that touch lie side by side."""
    margin = 0.15 * (box[1] - box[0])
    low, high = box[0] - margin, box[1] + margin
    for region, _ in results.regions():
        inside = simple.Calculator(Input=results.at(results.times[-1]), ResultArrayName="inside",
                                   Function=f"if(abs(region_id-{region})<0.5,1,0)")
        surface = simple.Contour(Input=inside, ContourBy=["POINTS", "inside"], Isosurfaces=[0.65])
        surface.UpdatePipeline()
        if is_empty(surface):
            continue
        colour = region_colour(region)
        if results.axisymmetric:
            show_surface(surface, view, colour, 1, 2.5)
            show_surface(swept(surface), view, colour, 0.12)
            continue
        surface = clipped(simple.Smooth(Input=surface, NumberofIterations=1000), low, high)
        if is_empty(surface):
            continue
        show_surface(surface, view, colour, 0.12)
        draw_cuts(surface, view, colour)


def draw_cuts(surface, view, colour):
    bounds = surface.GetDataInformation().GetBounds()
    middle = [0.5 * (a + b) for a, b in zip(bounds[0::2], bounds[1::2])]
    lines = [simple.FeatureEdges(Input=surface, BoundaryEdges=1, FeatureEdges=0,
                                 NonManifoldEdges=0)]
    for axis in range(3):
        cut = simple.Slice(Input=surface, SliceType="Plane")
        cut.SliceType.Origin = middle
        cut.SliceType.Normal = [float(axis == i) for i in range(3)]
        lines.append(cut)
    for line in lines:
        line.UpdatePipeline()
        if not is_empty(line):
            show_surface(line, view, colour, 1, 2.5).RenderLinesAsTubes = 1


def draw_tube(view, begin, end, diameter, colour):
    line = simple.Line(Point1=begin, Point2=end, Resolution=1)
    tube = simple.Tube(Input=line, Radius=diameter / 2, NumberofSides=32, Capping=1)
    shown = show_surface(tube, view, colour, 1)
    shown.Ambient, shown.Specular, shown.SpecularPower = 0.35, 0.5, 40


def draw_probes(results, camera):
    """Active length, and the shaft to near the edge of the picture with the name at its end."""
    view = camera.view
    for probe in results.summary.get("probes", []):
        tip, direction, diameter = probe["tip_mm"], probe["direction"], probe["diameter_mm"]
        begin = along(tip, direction, probe["dead_tip_mm"])
        end = along(begin, direction, probe["active_length_mm"])
        if begin != tip:
            draw_tube(view, tip, begin, diameter, SHAFT)
        draw_tube(view, begin, end, diameter, ACTIVE)
        handle = along(end, direction, shaft_in_sight(camera, end, direction))
        draw_tube(view, end, handle, diameter, SHAFT)
        at = camera.window(along(handle, direction, 0.03 * camera.half))
        say(view, probe["name"], [at[0] - 0.004 * len(probe["name"]), at[1] - 0.005], 18)


def shaft_in_sight(camera, end, direction):
    """Length of shaft within the part of the picture that words leave free, at most 4 heights."""
    here, there = camera.window(end), camera.window(along(end, direction, 1))
    length = 8 * camera.half
    for axis, (low, high) in enumerate(((0.06, 0.94), (0.08, 0.87))):
        rate = there[axis] - here[axis]
        if abs(rate) > 1e-9:
            length = min(length, ((high if rate > 0 else low) - here[axis]) / rate)
    return max(length, 0.1 * camera.half)


def draw_sensors(results, view, time, radius):
    for _, position, _ in results.readings(time):
        sphere = simple.Sphere(Center=position, Radius=radius, ThetaResolution=24,
                               PhiResolution=24)
        show_surface(sphere, view, SENSOR, 1).Ambient = 0.35


def draw_outline(results, view):
    show_surface(simple.Outline(Input=results.reader), view, FAINT, 1, 1.5)


def map_between(low, high):
    """MAP cut to a range."""
    at = [p[0] for p in MAP]
    ends = [(t, *(numpy.interp(t, at, [p[c] for p in MAP]) for c in (1, 2, 3)))
            for t in (low, high)]
    return [ends[0], *(p for p in MAP if low < p[0] < high), ends[1]]


def draw_map(results, view, time):
    """The temperature in the half-plane of an axisymmetric result, with its colour bar."""
    shown = simple.Show(results.at(time), view)
    simple.ColorBy(shown, ("POINTS", "temperature_degC"))
    values = results.values("temperature_degC", time)
    table = simple.GetColorTransferFunction("temperature_degC")
    low, high = float(values.min()), float(values.max())
    table.RGBPoints = [x for point in map_between(low, high) for x in point]
    table.NumberOfTableValues = 1024
    ticks = [t for t in range(-200, 201, 20) if low <= t <= high]
    shown.Ambient, shown.Diffuse = 1, 0
    bar = simple.GetScalarBar(table, view)
    bar.Title, bar.ComponentTitle = "temperature, \u00b0C", ""
    bar.TitleColor = bar.LabelColor = INK
    bar.WindowLocation, bar.Position, bar.ScalarBarLength = "Any Location", [0.045, 0.22], 0.33
    bar.TitleFontSize = bar.LabelFontSize = round(18 * scale_of(view))
    bar.ScalarBarThickness = max(4, round(18 * scale_of(view)))
    bar.TitleFontFamily = bar.LabelFontFamily = "Arial"
    bar.AddRangeLabels, bar.UseCustomLabels, bar.CustomLabels = 0, 1, ticks
    shown.SetScalarBarVisibility(view, True)
