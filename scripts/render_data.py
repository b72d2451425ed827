"""The files of a run for render.py.

Implements: Results: fields.h5 with its times, meshes, fields and names of regions, beside
summary.json, traces.csv and case.resolved.yaml (run_files.py); levels, times and volumes to be
drawn. fields.h5 is read with h5py and not through ParaView: its proxies took most of the time of a
picture, and the names of the regions are an attribute that its readers do not show.
"""
import math
from pathlib import Path

import h5py
import numpy

import run_files
from render_mesh import Mesh


class BadArgument(ValueError):
    """An option that does not fit the results: exit status 2, as of one that argparse refuses."""


class Results:
    """The files of a run. Lengths in mm, times in s, temperatures in degC."""

    def __init__(self, directory):
        self.directory = Path(directory)
        fields = self.directory / "fields.h5"
        if not fields.is_file():
            raise FileNotFoundError(f"{fields}: not there; is {directory} the directory of a run?")
        self.summary = run_files.read_summary(self.directory / "summary.json")
        self.case = run_files.read_case(self.directory / "case.resolved.yaml")
        self.freezes = run_files.freezes(self.case)
        try:
            self.file = h5py.File(fields, "r")
            self.steps = [self.file[f"step/{i}"] for i in range(len(self.file["step"]))]
            self.times = [float(step.attrs["time_s"]) for step in self.steps]
            self.last = self.mesh(self.times[-1])
            self.arrays = set(self.steps[-1]) | set(self.last.group)
        except (OSError, KeyError, IndexError) as error:
            raise OSError(f"{fields}: {error}") from error
        self.bounds, self.axisymmetric = self.last.bounds, self.last.axisymmetric

    def step(self, time):
        return self.steps[self.times.index(time)]

    def mesh(self, time):
        return Mesh(self.file[f"mesh/{int(self.step(time).attrs['mesh'])}"])

    def values(self, name, time):
        """One number per node; ids belong to the mesh and not to a time."""
        step = self.step(time)
        return (step if name in step else self.mesh(time).group)[name][...].ravel()

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
            if abs(i["temperature_degC"] - level) < 1e-6 and abs(i["time_s"] - time) < 1e-3:
                return i
        return None

    def time_of_most(self, level):
        """The field time at which a level encloses most."""
        time = run_files.time_of_most(self.times, self.summary.get("isotherms", []), level)
        if time is not None:
            return time
        return max(self.times, key=lambda t: (self.values("temperature_degC", t) < level).sum())

    def pick_time(self, wanted, levels):
        if wanted == "last-freeze" and self.freezes:
            return run_files.time_of_last_freeze(self.times, self.freezes)
        if wanted == "last-freeze":  # an older or foreign result: when the coldest zone is largest
            cold = [t for t, is_cold in levels if is_cold]
            return self.time_of_most(min(cold)) if cold else self.times[-1]
        if wanted == "max-ice":
            return self.time_of_most(levels[0][0])
        if wanted == "last":
            return self.times[-1]
        try:
            return min(self.times, key=lambda t: abs(t - float(wanted)))
        except ValueError:
            raise BadArgument(f"--time: found '{wanted}', expected seconds, last-freeze, max-ice "
                              "or last") from None

    def regions(self):
        """id -> name of all regions, whether a node lies in them or not. The names stand beside
        the ids: the parts of an anatomy are in no list of the case, and come before its regions."""
        ids = self.last.group.get("region_id")
        if ids is None:
            return {}
        names = [str(n) for n in ids.attrs.get("names", [])]
        present = set(self.nodes_per_region()) | set(range(len(names)))
        return {i: names[i] if i < len(names) else f"region {i}" for i in sorted(present - {0})}

    def nodes_per_region(self, box=None):
        """id -> number of nodes, of those within a box (low, high) if one is given."""
        if "region_id" not in self.last.group:
            return {}
        ids = self.values("region_id", self.times[-1])
        if box is not None:
            ids = ids[self.last.nodes_within(*box)]
        return {i: int(nodes) for i, nodes in enumerate(numpy.bincount(ids)) if nodes}

    def readings(self, time):
        """(name, position, temperature or None) of the thermocouples at a time."""
        traces, path = {}, self.directory / "traces.csv"
        if path.is_file():
            traces = run_files.read_traces(path)
        times = traces.get("time_s", [])
        nearest = min(range(len(times)), key=lambda i: abs(times[i] - time)) if times else None
        found = []
        for t in self.summary.get("thermocouples", []):
            column = traces.get(t["name"] + "_degC")
            value = column[nearest] if column else math.nan
            found.append((t["name"], t["position_mm"], None if math.isnan(value) else value))
        return found

    def volume_ever(self, level):
        """Volume of what was below a level at some time, mL."""
        rows = [i["volume_mL"] for i in self.summary.get("isotherms", [])
                if abs(i["temperature_degC"] - level) < 1e-6 and i["side"] == "below"]
        # It cannot be less than at any one time; those volumes have no error of linear cells.
        inside = self.last.volume_below(self.values("t_min_degC", self.times[-1]), level)
        return max([inside] + [v for v in rows if v])
