#!/usr/bin/env pvpython
"""Draws the ice ball, the lethal isotherms and the probes of a run.

Implements: nested translucent isotherm surfaces from fields.xdmf, probes as cylinders and volumes
from summary.json, the outline of the domain and a scale bar, as a PNG. Axisymmetric results are
swept about their axis over half a turn, in front of the map of temperature in the cut.

Debian's pvpython cannot draw without a display; when there is none, a virtual one (Xvfb) is lent.

Usage: pvpython scripts/render.py RUN_DIR [-o PICTURE.png] [--time SECONDS|last|max-ice]
         [--isotherms DEGC,DEGC,...] [--size WIDTHxHEIGHT] [--azimuth DEG] [--elevation DEG]
         [--outline ice|domain|none] [--zoom FACTOR]
The default time is the field step at which the warmest of the cold isotherms encloses most.
Exit status 1 when the results cannot be read.
"""
import argparse
import json
import math
import os
import sys
from pathlib import Path

import numpy
from paraview import servermanager, simple
from vtk.util.numpy_support import vtk_to_numpy

from virtual_display import display

simple._DisableFirstRenderCameraReset()

# From the outermost surface to the innermost: colour and opacity.
SHELLS = [((0.35, 0.68, 0.92), 0.15), ((0.08, 0.38, 0.85), 0.20), ((0.50, 0.08, 0.65), 0.28),
          ((0.75, 0.05, 0.40), 0.32), ((0.40, 0.0, 0.15), 0.35)]
HOT = [((0.95, 0.75, 0.20), 0.18), ((0.95, 0.45, 0.10), 0.25), ((0.80, 0.10, 0.05), 0.32)]
ACTIVE, SHAFT, INK, FAINT = (1.0, 0.50, 0.05), (0.72, 0.74, 0.77), (0.12, 0.13, 0.15), (0.55,) * 3
# Temperature map: the zero line is the lightest colour.
MAP = [(-200, 0.15, 0.02, 0.25), (-100, 0.30, 0.08, 0.50), (-40, 0.36, 0.25, 0.75),
       (-20, 0.25, 0.50, 0.87), (0, 0.93, 0.96, 0.98), (20, 0.96, 0.76, 0.58),
       (37, 0.85, 0.42, 0.30), (100, 0.50, 0.05, 0.10)]


class Results:
    """fields.xdmf and summary.json of a run."""

    def __init__(self, directory):
        self.directory = Path(directory)
        fields = self.directory / "fields.xdmf"
        if not fields.is_file():
            raise FileNotFoundError(f"{fields}: not there; is {directory} the directory of a run?")
        self.summary = {}
        summary = self.directory / "summary.json"
        if summary.is_file():
            self.summary = json.loads(summary.read_text(encoding="utf-8"))
        self.reader = simple.XDMFReader(FileNames=[str(fields)])
        self.reader.UpdatePipelineInformation()
        times = self.reader.TimestepValues
        self.times = list(times) if hasattr(times, "__len__") else [times]
        self.reader.UpdatePipeline(self.times[0])
        bounds = self.reader.GetDataInformation().GetBounds()
        self.axisymmetric = bounds[2] == bounds[3]

    def temperatures(self, time):
        self.reader.UpdatePipeline(time)
        data = servermanager.Fetch(self.reader)
        if data.IsA("vtkCompositeDataSet"):
            data = data.NewIterator().GetCurrentDataObject()
        return vtk_to_numpy(data.GetPointData().GetArray("temperature_degC"))

    def levels(self):
        """Isotherms of the summary as (temperature, is cold), the outermost first."""
        sides = {(i["temperature_degC"], i["side"]) for i in self.summary.get("isotherms", [])}
        cold = sorted((round(t, 6) for t, side in sides if side == "below"), reverse=True)
        hot = sorted(round(t, 6) for t, side in sides if side == "above")
        return [(t, True) for t in cold] + [(t, False) for t in hot] or [
            (0.0, True), (-20.0, True), (-40.0, True)]

    def row(self, level, time):
        """The isotherm of the summary at a time, or None."""
        for i in self.summary.get("isotherms", []):
            if (abs(i["temperature_degC"] - level) < 1e-6 and abs(i["time_s"] - time) < 1e-6):
                return i
        return None

    def time_of_most(self, level):
        """The field step at which a level encloses most."""
        rows = [i for i in self.summary.get("isotherms", [])
                if abs(i["temperature_degC"] - level) < 1e-6 and i["volume_mL"] is not None]
        if rows:
            best = max(rows, key=lambda i: i["volume_mL"])["time_s"]
            return min(self.times, key=lambda t: abs(t - best))
        return max(self.times, key=lambda t: numpy.count_nonzero(self.temperatures(t) < level))

    def pick_time(self, wanted, level):
        if wanted == "max-ice":
            return self.time_of_most(level)
        if wanted == "last":
            return self.times[-1]
        return min(self.times, key=lambda t: abs(t - float(wanted)))


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def style_of(level, cold, ranks):
    palette = SHELLS if cold else HOT
    return palette[min(ranks, len(palette) - 1)]


def scale_of(view):
    """Sizes of letters and lines are those of a picture 1200 pixels high."""
    return view.ViewSize[1] / 1200


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


def draw_isotherms(results, view, time, levels):
    """Surfaces, outermost first; returns the bounds of the outermost that is not empty."""
    results.reader.UpdatePipeline(time)
    bounds = None
    for rank, (level, cold) in enumerate(levels):
        contour = simple.Contour(Input=results.reader, ContourBy=["POINTS", "temperature_degC"],
                                 Isosurfaces=[level], ComputeNormals=1)
        contour.UpdatePipeline(time)
        if contour.GetDataInformation().GetNumberOfPoints() == 0:
            continue
        colour, opacity = style_of(level, cold, rank)
        surface = contour
        if results.axisymmetric:
            show_surface(contour, view, colour, 1, 4)
            strip = simple.ExtractSurface(Input=contour)
            surface = simple.RotationalExtrusion(Input=strip, Resolution=90, Angle=180)
            surface.UpdatePipeline(time)
        show_surface(surface, view, colour, opacity)
        if bounds is None:
            bounds = list(surface.GetDataInformation().GetBounds())
    return bounds


def map_between(low, high):
    """MAP cut to a range."""
    at = [p[0] for p in MAP]
    ends = [(t, *(numpy.interp(t, at, [p[c] for p in MAP]) for c in (1, 2, 3)))
            for t in (low, high)]
    return [ends[0], *(p for p in MAP if low < p[0] < high), ends[1]]


def draw_map(results, view, time):
    """The temperature in the half-plane of an axisymmetric result, with its colour bar."""
    shown = simple.Show(results.reader, view)
    simple.ColorBy(shown, ("POINTS", "temperature_degC"))
    values = results.temperatures(time)
    table = simple.GetColorTransferFunction("temperature_degC")
    low, high = float(values.min()), float(values.max())
    table.RGBPoints = [x for point in map_between(low, high) for x in point]
    table.NumberOfTableValues = 1024
    ticks = [t for t in range(-200, 201, 20) if low <= t <= high]
    shown.Ambient, shown.Diffuse = 1, 0
    bar = simple.GetScalarBar(table, view)
    bar.Title, bar.ComponentTitle = "temperature, \u00b0C", ""
    bar.TitleColor = bar.LabelColor = INK
    bar.WindowLocation, bar.Position, bar.ScalarBarLength = "Any Location", [0.045, 0.28], 0.4
    bar.TitleFontSize = bar.LabelFontSize = round(18 * scale_of(view))
    bar.ScalarBarThickness = max(4, round(18 * scale_of(view)))
    bar.TitleFontFamily = bar.LabelFontFamily = "Arial"
    bar.AddRangeLabels, bar.UseCustomLabels, bar.CustomLabels = 0, 1, ticks
    shown.SetScalarBarVisibility(view, True)


def along(point, direction, distance):
    return [p + distance * d for p, d in zip(point, direction)]


def draw_tube(view, begin, end, diameter, colour):
    line = simple.Line(Point1=begin, Point2=end, Resolution=1)
    tube = simple.Tube(Input=line, Radius=diameter / 2, NumberofSides=32, Capping=1)
    shown = show_surface(tube, view, colour, 1)
    shown.Ambient, shown.Specular, shown.SpecularPower = 0.35, 0.5, 40


def draw_probes(results, view, centre, reach):
    """Active length and the shaft, as far as the picture goes. Returns the tips and their ends."""
    ends = []
    for probe in results.summary.get("probes", []):
        tip, direction = probe["tip_mm"], probe["direction"]
        diameter = probe["diameter_mm"]
        begin = along(tip, direction, probe.get("dead_tip_mm", 0) or 0)
        end = along(begin, direction, probe["active_length_mm"])
        if begin != tip:
            draw_tube(view, tip, begin, diameter, SHAFT)
        draw_tube(view, begin, end, diameter, ACTIVE)
        middle = sum((c - e) * d for c, e, d in zip(centre, end, direction))
        draw_tube(view, end, along(end, direction, max(reach, middle + reach)), diameter, SHAFT)
        ends += [tip, end]
    return ends


def say(view, text, position, size=20, colour=INK, bold=0):
    source = simple.Text(Text=text)
    shown = simple.Show(source, view)
    shown.WindowLocation, shown.Position = "Any Location", position
    shown.FontSize, shown.Color, shown.Bold = size, colour, bold
    shown.FontFamily = "Arial"


def volume_text(row):
    if row is None or row["volume_mL"] is None:
        return ""
    text = f"{row['volume_mL']:.1f} mL"
    if row.get("discretisation_error_mL") is not None:
        text += f" (\u00b1 {row['discretisation_error_mL']:.1f})"
    if row["volume_mL"] > 0:
        text += "   " + " \u00d7 ".join(f"{x:.0f}" for x in row["extent_mm"]) + " mm"
    return text


def write_legend(results, view, time, levels, options):
    unit = scale_of(view)
    title = results.summary.get("title") or results.directory.name
    say(view, title, [0.03, 0.94], round(26 * unit), bold=1)
    say(view, f"t = {time:g} s ({clock(time)})", [0.03, 0.90], round(21 * unit))
    y = 0.845
    for rank, (level, cold) in enumerate(levels):
        word = "below" if cold else "above"
        text = f"{word} {level:g} \u00b0C   {volume_text(results.row(level, time))}"
        write_key(view, style_of(level, cold, rank)[0], text, y, unit)
        y -= 0.042
    if results.summary.get("probes"):
        write_key(view, ACTIVE, "active length of the probes", y, unit)
        y -= 0.042
    if options.outline != "none":
        text = {"domain": "outline of the domain",
                "ice": "box about the outermost surface"}[options.outline]
        write_key(view, FAINT, text, y, unit)


def write_key(view, colour, text, y, unit):
    say(view, "\u2014", [0.03, y - 0.006], round(34 * unit), colour, bold=1)
    say(view, text, [0.062, y], round(20 * unit))


def rotated(azimuth, elevation):
    """Unit vector from the scene to the camera; z is up."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return [math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)]


def place_camera(view, centre, half_height, options):
    view.CameraParallelProjection = 1
    view.CameraFocalPoint = centre
    view.CameraPosition = along(centre, rotated(options.azimuth, options.elevation),
                                20 * half_height)
    view.CameraViewUp = [0, 0, 1]
    view.CameraParallelScale = half_height / options.zoom


def draw_scale(view, centre, half_height, aspect, options):
    """A bar of a round length at the lower right, parallel to the screen."""
    half = half_height / options.zoom
    length = 10 ** math.floor(math.log10(0.6 * half))
    length *= max(f for f in (1, 2, 5) if f * length <= 0.6 * half)
    to_camera = rotated(options.azimuth, options.elevation)
    a = math.radians(options.azimuth)
    right = [math.cos(a), math.sin(a), 0]
    up = numpy.cross(to_camera, right).tolist()
    end = along(along(centre, right, half * aspect * 0.92), up, -0.88 * half)
    begin = along(end, right, -length)
    front = 5 * half  # before everything else
    begin, end = along(begin, to_camera, front), along(end, to_camera, front)
    show_surface(simple.Line(Point1=begin, Point2=end), view, INK, 1, 5)
    middle = (0.92 - 0.5 * length / half / aspect + 1) / 2
    say(view, f"{length:g} mm", [middle - 0.022, 0.075], round(20 * scale_of(view)))


def scene_of(bounds, ends, domain):
    """Centre and half height that show surfaces and active lengths."""
    low, high = [1e30] * 3, [-1e30] * 3
    points = list(ends)
    if bounds:
        points += [bounds[0::2], bounds[1::2]]
    if not points:
        points = [domain[0::2], domain[1::2]]
    for p in points:
        low = [min(a, b) for a, b in zip(low, p)]
        high = [max(a, b) for a, b in zip(high, p)]
    centre = [(a + b) / 2 for a, b in zip(low, high)]
    return centre, 0.5 * math.dist(low, high)


def new_view(size):
    view = simple.CreateView("RenderView")
    view.ViewSize = [int(n) for n in size.split("x")]
    view.OrientationAxesVisibility = 1
    view.OrientationAxesLabelColor = INK
    view.UseColorPaletteForBackground = 0
    view.Background = [1, 1, 1]
    return view


def draw_outline(results, view, bounds, options):
    if options.outline == "domain":
        show_surface(simple.Outline(Input=results.reader), view, FAINT, 1, 1.5)
    elif options.outline == "ice" and bounds:
        box = simple.Box(XLength=bounds[1] - bounds[0], YLength=bounds[3] - bounds[2],
                         ZLength=bounds[5] - bounds[4],
                         Center=[(a + b) / 2 for a, b in zip(bounds[0::2], bounds[1::2])])
        show_surface(simple.Outline(Input=box), view, FAINT, 1, 1.5)


def draw(results, options):
    view = new_view(options.size)
    aspect = view.ViewSize[0] / view.ViewSize[1]
    levels = results.levels()
    if options.isotherms:
        levels = [(float(x), True) for x in options.isotherms.split(",")]
    if options.elevation is None:
        options.elevation = 8 if results.axisymmetric else 18
    if options.outline is None:
        options.outline = "none" if results.axisymmetric else "ice"
    time = results.pick_time(options.time, levels[0][0])
    view.ViewTime = time
    domain = results.reader.GetDataInformation().GetBounds()
    bounds = draw_isotherms(results, view, time, levels)
    draw_outline(results, view, bounds, options)
    ends = [p for probe in results.summary.get("probes", [])
            for p in (probe["tip_mm"],
                      along(probe["tip_mm"], probe["direction"], probe["active_length_mm"]))]
    if options.outline == "domain":
        bounds = domain
    centre, radius = scene_of(bounds, ends, domain)
    if results.axisymmetric:
        draw_map(results, view, time)
    half_height = 1.2 * radius
    draw_probes(results, view, centre, 3 * half_height)
    # The legend has the left of the picture, the scene the rest.
    a = math.radians(options.azimuth)
    shift = 0.22 * half_height / options.zoom * aspect
    centre = along(centre, [math.cos(a), math.sin(a), 0], -shift)
    place_camera(view, centre, half_height, options)
    draw_scale(view, centre, half_height, aspect, options)
    write_legend(results, view, time, levels, options)
    Path(options.output).unlink(missing_ok=True)
    simple.SaveScreenshot(options.output, view, ImageResolution=list(view.ViewSize),
                          TransparentBackground=0)
    if not Path(options.output).is_file():  # ParaView only prints a message
        raise OSError(f"{options.output}: could not be written")
    print(f"{options.output}: t = {time:g} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run_dir")
    parser.add_argument("-o", "--output", help="PNG; default RUN_DIR/picture.png")
    parser.add_argument("--time", default="max-ice", help="s, 'last' or 'max-ice' (default)")
    parser.add_argument("--isotherms", help="degC, the outermost first; default: the summary's")
    parser.add_argument("--size", default="1600x1100", help="pixels")
    parser.add_argument("--azimuth", type=float, default=25, help="degrees about z")
    parser.add_argument("--elevation", type=float, help="degrees above the x-y plane")
    parser.add_argument("--outline", choices=("ice", "domain", "none"),
                        help="what the box shows: the outermost surface (default) or the domain")
    parser.add_argument("--zoom", type=float, default=1)
    options = parser.parse_args()
    options.output = options.output or str(Path(options.run_dir) / "picture.png")
    try:
        with display():
            draw(Results(options.run_dir), options)
    except (OSError, ValueError) as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Without the orderly end: taking down the GL context on a virtual display raises an X error.
    os._exit(status)
