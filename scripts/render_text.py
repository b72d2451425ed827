"""Words on a picture of render.py: title, legend, scale, labels.

Implements: text in the window, keys of the legend, and labels beside the picture that leader
lines join to points of the scene. Positions in the window are shares of its width and height.
"""
import math

import numpy
from vtkmodules.vtkFiltersSources import vtkLineSource

from label_layout import spread, untangle
from render_view import FAINT, INK

LINE = 0.042  # height of a line of the legend
AXES = ((0.80, 0.15, 0.15), (0.15, 0.55, 0.15), (0.15, 0.30, 0.80))


def degrees(value, digits=0):
    """'−40 °C' with a minus sign instead of a hyphen."""
    text = f"{value:.{digits}f}" if digits or abs(value - round(value)) < 1e-9 else f"{value:g}"
    return text.replace("-", "\u2212") + " \u00b0C"


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
        self.aspect = view.size[0] / view.size[1]

    def apply(self):
        camera = self.view.renderer.GetActiveCamera()
        camera.ParallelProjectionOn()
        camera.SetFocalPoint(*self.centre)
        camera.SetPosition(*along(self.centre, self.back, 20 * self.half))
        camera.SetViewUp(0, 0, 1)
        camera.SetParallelScale(self.half)

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


def line_between(begin, end):
    line = vtkLineSource()
    line.SetPoint1(*begin)
    line.SetPoint2(*end)
    line.Update()
    return line.GetOutput()


def draw_line(camera, begin, end, colour, width):
    """A line between two places of the window, before everything else."""
    camera.view.show(line_between(camera.before(begin), camera.before(end)), colour, 1, width)


def draw_axes(camera):
    """The directions of x, y and z at the lower left, the nearest drawn last."""
    at = (0.075, 0.075)
    for axis in sorted(range(3), key=lambda i: camera.back[i]):
        across, up = 0.055 * camera.right[axis] / camera.aspect, 0.055 * camera.up[axis]
        draw_line(camera, at, [at[0] + across, at[1] + up], AXES[axis], 4)
        camera.view.say("xyz"[axis], [at[0] + 1.25 * across - 0.004, at[1] + 1.25 * up - 0.007], 20,
                        AXES[axis])


def draw_scale(camera):
    """A bar of a round length at the lower right."""
    wish = 0.35 * camera.half
    length = 10 ** math.floor(math.log10(wish))
    length *= max(f for f in (1, 2, 5) if f * length <= wish)
    share = 0.5 * length / (camera.half * camera.aspect)
    draw_line(camera, [0.96 - share, 0.06], [0.96, 0.06], INK, 5)
    camera.view.say(f"{length:g} mm", [0.96 - 0.5 * share - 0.022, 0.075])


def rows_between(top, bottom):
    """Lines of a legend that there is room for."""
    return int((top - bottom) / LINE + 1e-9) + 1


def write_keys(camera, keys, top, bottom):
    """Legend from `top` downwards; keys are (colour, text), faint and without a stroke where
    colour is None. Lines draw together when they would not end above `bottom`."""
    shrink = min(1, (rows_between(top, bottom) - 1) / max(1, len(keys) - 1))
    for row, (colour, text) in enumerate(keys):
        y = top - row * shrink * LINE
        if colour is not None:
            draw_line(camera, [0.03, y + 0.011 * shrink], [0.052, y + 0.011 * shrink], colour, 9)
        camera.view.say(text, [0.062, y], (20 if colour else 17) * shrink,
                        INK if colour else FAINT)


def write_labels(camera, labels, x):
    """Labels in a column at x, joined by thin lines to their points; (text, point in mm)."""
    placed = sorted(((camera.window(p), text) for text, p in labels), key=lambda l: -l[0][1])
    heights = spread([at[1] for at, _ in placed], 0.036)
    order = untangle([at for at, _ in placed], x - 0.006, heights)
    for i, y in zip(order, heights):
        at, text = placed[i]
        draw_line(camera, at, [x - 0.006, y], INK, 1.2)
        camera.view.say(text, [x, y - 0.010], 17)
