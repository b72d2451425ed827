"""The fields of a run as ParaView sees them, for render.py.

Implements: Results: fields.xdmf with the time steps and arrays in it, beside summary.json,
traces.csv and case.resolved.yaml (run_files.py); levels, times and volumes to be drawn.
"""
import math
from pathlib import Path

from paraview import servermanager, simple
from vtk.util.numpy_support import vtk_to_numpy

import run_files


class Results:
    """The files of a run. Lengths in mm, times in s, temperatures in degC."""

    def __init__(self, directory):
        self.directory = Path(directory)
        fields = self.directory / "fields.xdmf"
        if not fields.is_file():
            raise FileNotFoundError(f"{fields}: not there; is {directory} the directory of a run?")
        self.summary = run_files.read_summary(self.directory / "summary.json")
        self.case = run_files.read_case(self.directory / "case.resolved.yaml")
        self.freezes = run_files.freezes(self.case)
        self.reader = simple.XDMFReader(FileNames=[str(fields)])
        self.reader.UpdatePipelineInformation()
        times = self.reader.TimestepValues
        self.times = list(times) if hasattr(times, "__len__") else [times]
        self.reader.UpdatePipeline(self.times[0])  # from here on the kind of data is known
        last = self.at(self.times[-1])
        self.bounds = last.GetDataInformation().GetBounds()
        self.axisymmetric = self.bounds[2] == self.bounds[3]
        points = last.GetPointDataInformation()
        self.arrays = {points.GetArray(i).Name for i in range(points.GetNumberOfArrays())}

    def at(self, time):
        """The fields at a time, whatever the time of the view."""
        source = simple.ForceTime(Input=self.reader, ForcedTime=time)
        source.UpdatePipeline(time)
        return source

    def values(self, name, time):
        data = servermanager.Fetch(self.at(time))
        if data.IsA("vtkCompositeDataSet"):
            data = data.NewIterator().GetCurrentDataObject()
        return vtk_to_numpy(data.GetPointData().GetArray(name))

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
            raise ValueError(f"--time: found '{wanted}', expected seconds, last-freeze, max-ice "
                             "or last") from None

    def regions(self):
        """(id, name) of the painted regions; names from the case."""
        if "region_id" not in self.arrays:
            return []
        present = set(self.values("region_id", self.times[-1]).astype(int).tolist()) - {0}
        names = [r.get("name", "") for r in self.case.get("regions", [])]
        return [(i, names[i - 1] if i <= len(names) else f"region {i}") for i in sorted(present)]

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
        return max([self.volume_inside("t_min_degC", level)] + [v for v in rows if v])

    def volume_inside(self, array, level):
        """Volume of {array < level} at the last time, mL; interpolated linearly within cells."""
        clip = simple.Clip(Input=self.at(self.times[-1]), ClipType="Scalar",
                           Scalars=["POINTS", array], Invert=1)
        clip.Value = level  # given above, 0 would become the middle of the range
        if self.axisymmetric:  # 2 pi r dA
            clip = simple.Calculator(Input=clip, Function="coordsX", ResultArrayName="radius")
        integral = simple.IntegrateVariables(Input=clip, DivideCellDataByVolume=0)
        integral.UpdatePipeline()
        data = servermanager.Fetch(integral)
        if self.axisymmetric:
            moment = data.GetPointData().GetArray("radius")
            return 2e-3 * math.pi * moment.GetValue(0) if moment else 0.0
        volume = data.GetCellData().GetArray("Volume")
        return 1e-3 * volume.GetValue(0) if volume else 0.0
