"""Words on a picture of render.py: title, legend, scale, labels.

Implements: text in the window, keys of the legend, and labels beside the picture that leader
lines join to points of the scene. Positions in the window are shares of its width and height.
"""
import math

import numpy
from paraview import simple

from label_layout import spread, untangle

INK, FAINT = (0.12, 0.13, 0.15), (0.55,) * 3
LINE = 0.042  # height of a line of the legend


def degrees(value, digits=0):
    """'−40 °C' with a minus sign instead of a hyphen."""
    text = f"{value:.{digits}f}" if digits or abs(value - round(value)) < 1e-9 else f"{value:g}"
    return text.replace("-", "\u2212") + " \u00b0C"


def scale_of(view):
    """Sizes of letters and lines are those of a picture 1200 pixels high."""
    return view.ViewSize[1] / 1200


def say(view, text, position, size=20, colour=INK, bold=0):
    """Text at a place of the window; size in points of a picture 1200 pixels high."""
    source = simple.Text(Text=text)
    shown = simple.Show(source, view)
    shown.WindowLocation, shown.Position = "Any Location", list(position)
    shown.FontSize, shown.Color, shown.Bold = max(4, round(size * scale_of(view))), colour, bold
    shown.FontFamily = "Arial"


def along(point, direction, distance):
    return [p + distance * d for p, d in zip(point, direction)]


class Camera:
    """Parallel projection: z is up, azimuth and elevation in degrees, lengths in mm."""

    def __init__(self, view, centre, half_height, azimuth, elevation):
        a, e = math.radians(azimuth), math.radians(elevation)
        self.back = [math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)]
        self.right = [math.cos(a), math.sin(a), 0]
        self.up = numpy.cross(self.back, self.right).tolist()
        self.centre, self.half, self.view = centre, half_height, view
        self.aspect = view.ViewSize[0] / view.ViewSize[1]

    def apply(self):
        self.view.CameraParallelProjection = 1
        self.view.CameraFocalPoint = self.centre
        self.view.CameraPosition = along(self.centre, self.back, 20 * self.half)
        self.view.CameraViewUp = [0, 0, 1]
        self.view.CameraParallelScale = self.half

    def window(self, point):
        """Place of a point in the window."""
        from_centre = numpy.subtract(point, self.centre)
        return [0.5 + 0.5 * float(from_centre @ self.right) / (self.half * self.aspect),
                0.5 + 0.5 * float(from_centre @ self.up) / self.half]

    def before(self, position):
        """The point in front of the scene that appears at a place of the window."""
        point = along(self.centre, self.right, (2 * position[0] - 1) * self.half * self.aspect)
        return along(along(point, self.up, (2 * position[1] - 1) * self.half), self.back,
                     8 * self.half)


def draw_line(camera, begin, end, colour, width):
    """A line between two places of the window, before everything else."""
    shown = simple.Show(simple.Line(Point1=camera.before(begin), Point2=camera.before(end)),
                        camera.view)
    shown.ColorArrayName = ["POINTS", ""]
    shown.DiffuseColor = shown.AmbientColor = colour
    shown.Ambient, shown.Diffuse = 1, 0
    shown.LineWidth = width * scale_of(camera.view)


def draw_scale(camera):
    """A bar of a round length at the lower right."""
    wish = 0.35 * camera.half
    length = 10 ** math.floor(math.log10(wish))
    length *= max(f for f in (1, 2, 5) if f * length <= wish)
    share = 0.5 * length / (camera.half * camera.aspect)
    draw_line(camera, [0.96 - share, 0.06], [0.96, 0.06], INK, 5)
    say(camera.view, f"{length:g} mm", [0.96 - 0.5 * share - 0.022, 0.075])


def write_keys(camera, keys, top):
    """Legend from `top` downwards; keys are (colour, text), indented below when colour is None."""
    y = top
    for colour, text in keys:
        if colour is None:
            y += 0.3 * LINE
        else:
            draw_line(camera, [0.03, y + 0.011], [0.052, y + 0.011], colour, 9)
        say(camera.view, text, [0.062, y], 20 if colour else 17, INK if colour else FAINT)
        y -= LINE


def write_labels(camera, labels, x):
    """Labels in a column at x, joined by thin lines to their points; (text, point in mm)."""
    placed = sorted(((camera.window(p), text) for text, p in labels), key=lambda l: -l[0][1])
    heights = spread([at[1] for at, _ in placed], 0.036)
    order = untangle([at for at, _ in placed], x - 0.006, heights)
    for i, y in zip(order, heights):
        at, text = placed[i]
        draw_line(camera, at, [x - 0.006, y], INK, 1.2)
        say(camera.view, text, [x, y - 0.010], 17)
