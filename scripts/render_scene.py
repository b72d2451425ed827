"""The three-dimensional part of a picture of render.py.

Implements: isotherm surfaces, probes and thermocouples of a View, the map of temperature in the
half-plane of an axisymmetric result with its colour bar. Lengths are in mm. Half a turn of an
axisymmetric result is swept about its axis.
"""
import math
from dataclasses import dataclass

import numpy
from vtkmodules.vtkFiltersCore import vtkTubeFilter
from vtkmodules.vtkFiltersModeling import vtkRotationalExtrusionFilter
from vtkmodules.vtkFiltersSources import vtkOutlineSource, vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkColorTransferFunction, vtkDataSetMapper

from render_mesh import output
from render_text import along, degrees, draw_line, line_between
from render_view import FAINT

# From the outermost surface to the innermost: colour and opacity.
SHELLS = [((0.35, 0.68, 0.92), 0.15), ((0.08, 0.38, 0.85), 0.20), ((0.50, 0.08, 0.65), 0.28),
          ((0.75, 0.05, 0.40), 0.32), ((0.40, 0.0, 0.15), 0.35)]
HOT = [((0.95, 0.75, 0.20), 0.18), ((0.95, 0.45, 0.10), 0.25), ((0.80, 0.10, 0.05), 0.32)]
ACTIVE, SHAFT, SENSOR = (1.0, 0.50, 0.05), (0.72, 0.74, 0.77), (0.98, 0.85, 0.10)
# Temperature map: the zero line is the lightest colour.
BAR = (0.22, 0.55)  # from and to, of the height of the window
MAP = [(-200, 0.15, 0.02, 0.25), (-100, 0.30, 0.08, 0.50), (-40, 0.36, 0.25, 0.75),
       (-20, 0.25, 0.50, 0.87), (0, 0.93, 0.96, 0.98), (20, 0.96, 0.76, 0.58),
       (37, 0.85, 0.42, 0.30), (100, 0.50, 0.05, 0.10)]


@dataclass
class Shell:
    """One isotherm surface: a line in the half-plane of an axisymmetric result."""
    level: float
    cold: bool
    ever: bool       # of t_min_degC instead of the temperature at one time
    colour: tuple
    opacity: float
    surface: object  # None when empty
    bounds: tuple


def is_empty(data):
    return data.GetNumberOfPoints() == 0


def swept(data):
    """Half a turn about z, behind the half-plane y = 0."""
    turn = vtkRotationalExtrusionFilter()
    turn.SetResolution(90)
    turn.SetAngle(180)
    turn.CappingOff()
    return output(turn, data)


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
        at = results.times[-1] if ever else time
        surface = results.mesh(at).contour(results.values(array, at), level)
        shell = Shell(level, cold, ever, colour, opacity, None, ())
        if not is_empty(surface):
            shell.surface = surface
            shell.bounds = (swept(surface) if results.axisymmetric else surface).GetBounds()
        shells.append(shell)
    return shells


def draw_shells(results, view, shells):
    for shell in shells:
        if shell.surface is None:
            continue
        surface = shell.surface
        if results.axisymmetric:
            view.show(surface, shell.colour, 1, 4)
            surface = swept(surface)
        view.show(surface, shell.colour, shell.opacity).SetAmbient(0.25)


def extent_of(results, shells, whole_domain):
    """Centre and half diagonal of what has to be seen, and its box (low, high)."""
    points = []
    for shell in shells:
        if shell.surface is not None:
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


def draw_tube(view, begin, end, diameter, colour):
    tube = vtkTubeFilter()
    tube.SetRadius(diameter / 2)
    tube.SetNumberOfSides(32)
    tube.CappingOn()
    shown = view.show(output(tube, line_between(begin, end)), colour, 1)
    shown.SetAmbient(0.35)
    shown.SetSpecular(0.5)
    shown.SetSpecularPower(40)


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
        view.say(probe["name"], [at[0] - 0.004 * len(probe["name"]), at[1] - 0.005], 18)


def shaft_in_sight(camera, end, direction):
    """Length of shaft within the part of the picture that words leave free, at most 4 heights. The
    legend has the left of the picture."""
    here, there = camera.window(end), camera.window(along(end, direction, 1))
    length = 8 * camera.half
    for axis, (low, high) in enumerate(((0.32, 0.94), (0.08, 0.87))):
        rate = there[axis] - here[axis]
        if abs(rate) > 1e-9:
            length = min(length, ((high if rate > 0 else low) - here[axis]) / rate)
    return max(length, 0.1 * camera.half)


def draw_sensors(results, view, time, radius):
    for _, position, _ in results.readings(time):
        sphere = vtkSphereSource()
        sphere.SetCenter(*position)
        sphere.SetRadius(radius)
        sphere.SetThetaResolution(24)
        sphere.SetPhiResolution(24)
        sphere.Update()
        view.show(sphere.GetOutput(), SENSOR, 1).SetAmbient(0.35)


def draw_outline(results, view):
    box = vtkOutlineSource()
    box.SetBounds(results.bounds)
    box.Update()
    view.show(box.GetOutput(), FAINT, 1, 1.5)


def colours_between(low, high):
    """MAP over a range; a table of it is as smooth as it."""
    colours = vtkColorTransferFunction()
    for at, red, green, blue in MAP:
        colours.AddRGBPoint(at, red, green, blue)
    colours.AdjustRange((low, high))
    return colours


def draw_map(results, camera, time):
    """The temperature in the half-plane of an axisymmetric result, with its colour bar."""
    values = results.values("temperature_degC", time)
    low, high = float(values.min()), float(values.max())
    colours = colours_between(low, high)
    mapper, actor = vtkDataSetMapper(), vtkActor()
    mapper.SetInputData(results.mesh(time).data(values))
    mapper.SetLookupTable(colours)
    mapper.InterpolateScalarsBeforeMappingOn()
    mapper.UseLookupTableScalarRangeOn()
    actor.SetMapper(mapper)
    actor.GetProperty().SetAmbient(1)
    actor.GetProperty().SetDiffuse(0)
    camera.view.renderer.AddActor(actor)
    draw_colour_bar(camera, colours, low, high)


def draw_colour_bar(camera, colours, low, high):
    """Upright at the lower left, above the axes."""
    left, bottom, width, height, bands = 0.045, BAR[0], 0.012, BAR[1] - BAR[0], 200
    for band in range(bands):
        share = (band + 0.5) / bands
        y = bottom + share * height
        colour = colours.GetColor(low + share * (high - low))
        draw_line(camera, [left, y], [left + width, y], colour, 1200 * height / bands + 1)
    for tick in (t for t in range(-200, 201, 20) if low <= t <= high):
        y = bottom + height * (tick - low) / (high - low)
        camera.view.say(degrees(tick), [left + width + 0.008, y - 0.008], 16)
    camera.view.say("temperature", [left, bottom + height + 0.02], 18)
