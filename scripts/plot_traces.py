#!/usr/bin/env python3
"""Plots the traces of a run against time.

Implements: curves from traces.csv in up to four panels, sorted by the names of the columns:
thermocouples (..._degC), surfaces of probes (probe_..._degC), volumes of isotherms (..._mL) and
heat (..._W, ..._J). Columns of another kind get a panel of their own with the name as label.

Usage: plot_traces.py RUN_DIR|TRACES.CSV [-o PICTURE.png] [--minutes]
Exit status 1 when the traces cannot be read.
"""
import argparse
import csv
import json
import math
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend comes first)

# Title and label of a panel by what its columns are.
PANELS = {
    "thermocouple": ("Tissue", "temperature, °C"),
    "probe": ("Surface of the probes", "temperature, °C"),
    "volume": ("Volume of isotherms", "volume, mL"),
    "heat": ("Heat from the probes", "W or J"),
}


def read_traces(path):
    """Column name -> list of numbers; an empty cell is not-a-number."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if not rows or "time_s" not in rows[0]:
        raise ValueError(f"{path}: the first line names no column time_s")
    columns = {name: [] for name in rows[0]}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]):
            raise ValueError(f"{path}:{number}: {len(row)} values, the header names {len(rows[0])}")
        for name, cell in zip(rows[0], row):
            columns[name].append(float(cell) if cell else math.nan)
    return columns


def panel_of(name):
    if name.endswith("_mL"):
        return "volume"
    if name.endswith(("_W", "_J")):
        return "heat"
    if name.endswith("_degC"):
        return "probe" if name.startswith("probe_") else "thermocouple"
    return name


def label_of(name):
    """'volume_below_m40_mL' -> 'below -40 °C'; 'probe_left_surface_degC' -> 'left'."""
    body, _, _ = name.rpartition("_")
    if name.endswith("_mL") and body.startswith(("volume_below_", "volume_above_")):
        _, side, level = body.split("_", 2)
        sign = {"m": "-", "p": ""}.get(level[:1])
        digits = level[1:] if sign is not None else level
        return f"{side} {sign or ''}{digits.replace('_', '.')} °C"
    if body.startswith("probe_"):
        body = body[len("probe_"):]
        for end in ("_surface", "_power", "_energy"):
            body = body.removesuffix(end)
    return body.replace("_", " ")


def plot(columns, title, output, minutes):
    time = [t / 60 for t in columns["time_s"]] if minutes else columns["time_s"]
    panels = {}
    for name in columns:
        if name != "time_s":
            panels.setdefault(panel_of(name), []).append(name)
    order = [p for p in PANELS if p in panels] + [p for p in panels if p not in PANELS]
    if not order:
        raise ValueError("traces.csv has no column besides time_s")
    figure, axes = pyplot.subplots(len(order), 1, sharex=True, squeeze=False,
                                   figsize=(9, 1 + 2.8 * len(order)))
    for axis, panel in zip(axes[:, 0], order):
        heading, label = PANELS.get(panel, ("", panel))
        for name in panels[panel]:
            axis.plot(time, columns[name], label=label_of(name), linewidth=1.6)
        if panel in ("thermocouple", "probe"):
            axis.axhline(0, color="0.7", linewidth=0.8, zorder=0)
        axis.set_title(heading, loc="left", fontsize=10)
        axis.set_ylabel(label)
        axis.grid(True, color="0.92")
        axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    axes[-1, 0].set_xlabel("time, min" if minutes else "time, s")
    axes[-1, 0].set_xlim(min(time), max(time))
    figure.suptitle(title, fontsize=12, fontweight="bold")
    figure.tight_layout()
    figure.savefig(output, dpi=130)


def title_of(directory):
    """The title of the case, or the name of the directory."""
    summary = directory / "summary.json"
    title = ""
    if summary.is_file():
        title = json.loads(summary.read_text(encoding="utf-8")).get("title")
    return title or directory.resolve().name


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("traces", help="directory of a run, or its traces.csv")
    parser.add_argument("-o", "--output", help="PNG, PDF or SVG; default traces.png beside the csv")
    parser.add_argument("--minutes", action="store_true", help="time in minutes")
    options = parser.parse_args()
    path = Path(options.traces)
    path = path / "traces.csv" if path.is_dir() else path
    output = options.output or str(path.with_suffix(".png"))
    try:
        plot(read_traces(path), title_of(path.parent), output, options.minutes)
    except (OSError, ValueError) as error:
        print(f"plot_traces.py: {error}", file=sys.stderr)
        return 1
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
