"""Sizes of an isotherm in a plane of a run on the uniform grid.

Implements: the temperature in a plane z = const (linear between two layers of nodes), the area of
the region colder than a level in that plane, its area-equivalent diameter, its widths, and the gap
between two isotherms. Lengths in mm, areas in mm2, temperatures in degC.

The area is exact for a function that is linear on the four triangles that join each square of nodes
to its mean: second order in the cell size, like the volumes of the program. The probes' own space
counts as inside, as in summary.json.
"""
import math

import h5py
import numpy


class Plane:
    """Temperature at the nodes of a plane: values[y, x], origin and spacing in mm."""

    def __init__(self, values, origin, spacing):
        self.values = numpy.asarray(values, dtype=float)
        self.origin = tuple(float(v) for v in origin)
        self.spacing = tuple(float(v) for v in spacing)

    def at(self, x, y):
        """Bilinear temperature at points (x, y) in mm; points outside take the nearest edge."""
        ny, nx = self.values.shape
        u = numpy.clip((numpy.asarray(x, float) - self.origin[0]) / self.spacing[0], 0, nx - 1)
        v = numpy.clip((numpy.asarray(y, float) - self.origin[1]) / self.spacing[1], 0, ny - 1)
        i = numpy.minimum(u.astype(int), nx - 2)
        j = numpy.minimum(v.astype(int), ny - 2)
        u, v, t = u - i, v - j, self.values
        low = (1 - u) * t[j, i] + u * t[j, i + 1]
        high = (1 - u) * t[j + 1, i] + u * t[j + 1, i + 1]
        return (1 - v) * low + v * high


def read_plane(directory, z_mm, time_s):
    """The plane z = z_mm of fields.h5 in `directory` at the step at time_s (to 0.01 s)."""
    with h5py.File(f"{directory}/fields.h5") as file:
        steps = file["step"]
        found = [s for s in steps.values() if abs(s.attrs["time_s"] - time_s) < 0.01]
        if len(found) != 1:
            times = sorted(float(s.attrs["time_s"]) for s in steps.values())
            raise ValueError(f"{directory}: no field at {time_s} s; there are {times}")
        mesh = file[f"mesh/{int(found[0].attrs['mesh'])}"]
        origin, spacing = mesh["origin_mm"][...], mesh["spacing_mm"][...]
        level = (z_mm - origin[2]) / spacing[2]
        data = found[0]["temperature_degC"]
        layer = int(min(max(math.floor(level + 1e-9), 0), data.shape[0] - 2))
        part = level - layer
        if not -1e-6 <= part <= 1 + 1e-6:
            raise ValueError(f"{directory}: the plane z = {z_mm} mm lies outside the domain")
        values = (1 - part) * data[layer].astype(float) + part * data[layer + 1].astype(float)
        return Plane(values, origin[:2], spacing[:2])


def _share_below(a, b, c):
    """Share of a triangle with vertex values a, b, c (arrays) where the linear function is < 0."""
    low, mid, high = numpy.sort(numpy.stack([a, b, c]), axis=0)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        corner = low**2 / ((mid - low) * (high - low))  # only low is below
        rest = 1 - high**2 / ((high - low) * (high - mid))  # only high is not below
    return numpy.select([low >= 0, high <= 0, mid > 0], [0.0, 1.0, corner], rest)


def area_below(plane, level):
    """Area in mm2 where the temperature is below `level`."""
    t = plane.values - level
    a, b, c, d = t[:-1, :-1], t[:-1, 1:], t[1:, 1:], t[1:, :-1]
    m = (a + b + c + d) / 4
    share = sum(_share_below(p, q, m) for p, q in ((a, b), (b, c), (c, d), (d, a))) / 4
    return float(share.sum() * plane.spacing[0] * plane.spacing[1])


def equivalent_diameter(area):
    """Diameter of the circle of this area."""
    return 2 * math.sqrt(area / math.pi)


def crossings(plane, level):
    """Points (x, y) in mm where the isotherm cuts the lines of the grid."""
    t = plane.values - level
    x = plane.origin[0] + plane.spacing[0] * numpy.arange(t.shape[1])
    y = plane.origin[1] + plane.spacing[1] * numpy.arange(t.shape[0])
    points = []
    j, i = numpy.nonzero((t[:, :-1] < 0) != (t[:, 1:] < 0))
    s = t[j, i] / (t[j, i] - t[j, i + 1])
    points.append(numpy.column_stack([x[i] + s * plane.spacing[0], y[j]]))
    j, i = numpy.nonzero((t[:-1] < 0) != (t[1:] < 0))
    s = t[j, i] / (t[j, i] - t[j + 1, i])
    points.append(numpy.column_stack([x[i], y[j] + s * plane.spacing[1]]))
    return numpy.concatenate(points)


def widths(plane, level):
    """Smallest and largest width over all directions (1 degree apart); 0, 0 when there is none."""
    points = crossings(plane, level)
    if len(points) == 0:
        return 0.0, 0.0
    angles = numpy.radians(numpy.arange(180))
    along = points @ numpy.stack([numpy.cos(angles), numpy.sin(angles)])
    extent = along.max(axis=0) - along.min(axis=0)
    return float(extent.min()), float(extent.max())


def largest_gap(plane, outer, inner):
    """Largest distance from a point of the isotherm `outer` to the nearest of `inner`, in mm."""
    edge, core = crossings(plane, outer), crossings(plane, inner)
    if len(edge) == 0 or len(core) == 0:
        return math.nan
    gap = max(float(numpy.hypot(*(core - p).T).min()) for p in edge)
    return gap


def section(plane, ice, lethal):
    """What the report states of a section: sizes of both isotherms and the share of the areas."""
    found = {}
    for name, level in (("ice", ice), ("lethal", lethal)):
        area = area_below(plane, level)
        small, large = widths(plane, level)
        found[name] = {
            "area_mm2": area,
            "diameter_mm": equivalent_diameter(area),
            "smallest_width_mm": small,
            "largest_width_mm": large,
        }
    found["share_percent"] = 100 * found["lethal"]["area_mm2"] / found["ice"]["area_mm2"]
    found["largest_gap_mm"] = largest_gap(plane, ice, lethal)
    return found
