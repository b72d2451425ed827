#!/usr/bin/env pvpython
"""Reads fields.xdmf back as ParaView does, says what is in it, and checks it.

Implements: one JSON object on standard output with times, bounds, numbers of points and cells, and
the range of every field at every step, as each of ParaView's XDMF readers sees them. Always
checked: both readers agree, times increase, every step has temperature_degC, all values are
finite, ice_fraction is within 0..1, ids are not negative, t_min_degC <= temperature_degC <=
t_max_degC wherever these are given. With --expect, a JSON file tells what must be found besides:

  {"times_s": [...], "bounds_mm": [x0, x1, y0, y1, z0, z1],          # at the last step
   "points": [n per step], "cells": [n per step],
   "ranges": {"temperature_degC": [min, max], ...},                  # at the last step
   "values": [{"time_s": t, "field": name, "point_mm": [x, y, z], "value": v}, ...],
   "tolerance": 1e-3}

Usage: pvpython check_fields.py FIELDS.XDMF [--expect EXPECTED.JSON]
Exit status 1 and one line per problem on standard error when something is wrong.
"""
import argparse
import json
import sys

import vtk
from paraview import servermanager, simple
from vtk.util.numpy_support import vtk_to_numpy
import numpy


def open_reader(kind, path):
    """A reader with every point array on, and its times."""
    if kind == "XDMFReader":
        reader = simple.XDMFReader(FileNames=[path])
    else:
        reader = simple.Xdmf3ReaderS(FileName=[path])
    reader.UpdatePipelineInformation()
    times = reader.TimestepValues
    times = list(times) if hasattr(times, "__len__") else [times]
    return reader, times


def dataset_at(reader, time):
    """The one block of a step as a VTK dataset on this side."""
    reader.UpdatePipeline(time)
    data = servermanager.Fetch(reader)
    if data.IsA("vtkCompositeDataSet"):
        blocks = data.NewIterator()
        data = blocks.GetCurrentDataObject()
    return data


def arrays_of(data):
    points = data.GetPointData()
    found = {}
    for i in range(points.GetNumberOfArrays()):
        name = points.GetArrayName(i)
        if not name.startswith("vtk"):
            found[name] = vtk_to_numpy(points.GetArray(i))
    return found


def check_arrays(arrays, where, problems):
    """What must hold for the fields of any run."""
    if "temperature_degC" not in arrays:
        problems.append(f"{where}: no temperature_degC")
    for name, values in arrays.items():
        if not numpy.all(numpy.isfinite(values)):
            problems.append(f"{where}: {name} has values that are not finite")
        if name.endswith("_id") and values.min() < 0:
            problems.append(f"{where}: {name} is negative somewhere")
    ice = arrays.get("ice_fraction")
    if ice is not None and (ice.min() < 0 or ice.max() > 1):
        problems.append(f"{where}: ice_fraction leaves 0..1")
    temperature = arrays.get("temperature_degC")
    for name, sign in (("t_min_degC", 1), ("t_max_degC", -1)):
        if name in arrays and temperature is not None:
            excess = sign * (arrays[name].astype(float) - temperature)
            if excess.max() > 1e-3:
                problems.append(f"{where}: {name} is on the wrong side of temperature_degC")


def read(kind, path, problems):
    """All steps as one reader sees them."""
    reader, times = open_reader(kind, path)
    steps = []
    for time in times:
        data = dataset_at(reader, time)
        arrays = arrays_of(data)
        check_arrays(arrays, f"{kind} at {time:g} s", problems)
        steps.append({
            "time_s": time,
            "type": data.GetClassName(),
            "points": data.GetNumberOfPoints(),
            "cells": data.GetNumberOfCells(),
            "bounds_mm": [round(b, 9) for b in data.GetBounds()],
            "ranges": {n: [float(v.min()), float(v.max())] for n, v in sorted(arrays.items())},
        })
    simple.Delete(reader)
    if any(b <= a for a, b in zip(times, times[1:])):
        problems.append(f"{kind}: times do not increase: {times}")
    return steps


def value_at(path, wanted):
    """A field interpolated at a point, by VTK's own probe."""
    reader, _ = open_reader("XDMFReader", path)
    data = dataset_at(reader, wanted["time_s"])
    cloud = vtk.vtkPoints()
    cloud.InsertNextPoint(*wanted["point_mm"])
    target = vtk.vtkPolyData()
    target.SetPoints(cloud)
    probe = vtk.vtkProbeFilter()
    probe.SetInputData(target)
    probe.SetSourceData(data)
    probe.Update()
    if probe.GetValidPoints().GetNumberOfTuples() == 0:
        return None
    return probe.GetOutput().GetPointData().GetArray(wanted["field"]).GetValue(0)


def near(a, b, tolerance):
    return len(a) == len(b) and all(abs(x - y) <= tolerance for x, y in zip(a, b))


def check_expected(path, steps, expected, problems):
    tolerance = expected.get("tolerance", 1e-3)
    last = steps[-1]
    found = {
        "times_s": [s["time_s"] for s in steps],
        "points": [s["points"] for s in steps],
        "cells": [s["cells"] for s in steps],
        "bounds_mm": last["bounds_mm"],
    }
    for key, value in found.items():
        if key in expected and not near(value, expected[key], tolerance):
            problems.append(f"{key}: found {value}, expected {expected[key]}")
    for name, limits in expected.get("ranges", {}).items():
        if name not in last["ranges"]:
            problems.append(f"{name}: not there at the last step")
        elif not near(last["ranges"][name], limits, tolerance):
            problems.append(f"{name}: range {last['ranges'][name]}, expected {limits}")
    for wanted in expected.get("values", []):
        value = value_at(path, wanted)
        if value is None or abs(value - wanted["value"]) > tolerance:
            problems.append(f"{wanted['field']} at {wanted['point_mm']}: found {value}, "
                            f"expected {wanted['value']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("xdmf")
    parser.add_argument("--expect", help="JSON file of what must be found")
    options = parser.parse_args()
    problems = []
    seen = {kind: read(kind, options.xdmf, problems) for kind in ("XDMFReader", "Xdmf3ReaderS")}
    first, second = seen.values()
    for a, b in zip(first, second):
        for key in ("time_s", "points", "cells", "bounds_mm", "ranges"):
            if a[key] != b[key]:
                problems.append(f"the readers disagree on {key} at {a['time_s']:g} s")
    if len(first) != len(second):
        problems.append("the readers disagree on the number of steps")
    if not first:
        problems.append("no steps")
    elif options.expect:
        with open(options.expect, encoding="utf-8") as file:
            check_expected(options.xdmf, first, json.load(file), problems)
    print(json.dumps({"file": options.xdmf, "steps": first, "problems": problems}, indent=1))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
