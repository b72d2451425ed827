#!/usr/bin/python3
"""Plots the traces of a run against time.

Implements: curves from traces.csv, sorted into panels by the names of the columns: thermocouples
(..._degC), surfaces of probes (..._surface_degC); columns of another kind get a panel of their own
with the name as label. The volumes of the isotherms and their discretisation errors come from
summary.json beside it.

Usage: plot_traces.py RUN_DIR|TRACES.CSV [-o PICTURE.png] [--minutes]
Exit status 1 when the traces cannot be read. A python3 without matplotlib hands over to
/usr/bin/python3, for which Debian packages it.
"""
import argparse
import os
import sys
from pathlib import Path

from run_files import read_summary, read_traces

SYSTEM_PYTHON = "/usr/bin/python3"


def import_pyplot():
    try:
        import matplotlib
    except ImportError:
        if os.environ.get("THERMODOSE_PYTHON") or not os.access(SYSTEM_PYTHON, os.X_OK):
            raise
        os.environ["THERMODOSE_PYTHON"] = sys.executable  # tried once
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
    matplotlib.use("Agg")
    from matplotlib import pyplot
    return pyplot


# Title and label of a panel by what its columns are.
PANELS = {
    "thermocouple": ("Tissue", "temperature, °C"),
    "probe": ("Surface of the probes", "temperature, °C"),
}


def isotherms_of(summary):
    """(side, temperature) -> rows with a volume, in order of time."""
    curves = {}
    for row in summary.get("isotherms", []):
        if row["volume_mL"] is not None:
            curves.setdefault((row["side"], row["temperature_degC"]), []).append(row)
    return curves


def panel_of(name):
    if name.endswith("_degC"):
        return "probe" if name.endswith("_surface_degC") else "thermocouple"
    return name


def label_of(name):
    """'behind_wall_degC' -> 'behind wall'; 'left_surface_degC' -> 'left'."""
    body = name.rpartition("_")[0] or name
    return body.removesuffix("_surface").replace("_", " ")


def draw_volumes(axis, curves, scale):
    """One curve per isotherm; the band is the stated discretisation error."""
    for (side, level), rows in sorted(curves.items(), key=lambda c: -c[0][1]):
        time = [scale * row["time_s"] for row in rows]
        volume = [row["volume_mL"] for row in rows]
        error = [row.get("discretisation_error_mL") or 0 for row in rows]
        line, = axis.plot(time, volume, marker=".", linewidth=1.6,
                          label=f"{side} {level:g} °C")
        axis.fill_between(time, [v - e for v, e in zip(volume, error)],
                          [v + e for v, e in zip(volume, error)],
                          color=line.get_color(), alpha=0.2, linewidth=0)
    axis.set_title("Volume of isotherms", loc="left", fontsize=10)
    axis.set_ylabel("volume, mL")


def draw_panel(axis, panel, names, columns, time):
    heading, label = PANELS.get(panel, ("", panel))
    for number, name in enumerate(names):  # dashes show a curve that lies on another
        axis.plot(time, columns[name], label=label_of(name), linewidth=1.6,
                  linestyle=("-", "--", "-.", ":")[number % 4])
    if panel in ("thermocouple", "probe"):
        axis.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    axis.set_title(heading, loc="left", fontsize=10)
    axis.set_ylabel(label)


def plot(columns, summary, title, output, minutes):
    scale = 1 / 60 if minutes else 1
    time = [scale * t for t in columns["time_s"]]
    panels = {}
    for name in columns:
        if name != "time_s":
            panels.setdefault(panel_of(name), []).append(name)
    order = [p for p in PANELS if p in panels] + [p for p in panels if p not in PANELS]
    curves = isotherms_of(summary)
    count = len(order) + bool(curves)
    if count == 0:
        raise ValueError("there is nothing to plot: no thermocouple, probe or isotherm")
    figure, axes = import_pyplot().subplots(count, 1, sharex=True, squeeze=False,
                                   figsize=(9, 1 + 2.8 * count))
    for axis, panel in zip(axes[:, 0], order):
        draw_panel(axis, panel, panels[panel], columns, time)
    if curves:
        draw_volumes(axes[-1, 0], curves, scale)
    for axis in axes[:, 0]:
        axis.grid(True, color="0.92")
        axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    axes[-1, 0].set_xlabel("time, min" if minutes else "time, s")
    axes[-1, 0].margins(x=0.01)
    figure.suptitle(title, fontsize=12, fontweight="bold")
    figure.tight_layout()
    figure.savefig(output, dpi=130)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("traces", help="directory of a run, or its traces.csv")
    parser.add_argument("-o", "--output", help="PNG, PDF or SVG; default traces.png beside the csv")
    parser.add_argument("--minutes", action="store_true", help="time in minutes")
    options = parser.parse_args()
    try:
        import_pyplot()
    except ImportError as error:
        print(f"plot_traces.py: {sys.executable}: {error} (Debian: python3-matplotlib)",
              file=sys.stderr)
        return 1
    path = Path(options.traces)
    path = path / "traces.csv" if path.is_dir() else path
    output = options.output or str(path.with_suffix(".png"))
    try:
        if not path.is_file():
            raise FileNotFoundError(f"{path}: not there; is {options.traces} the directory of a run?")
        summary = read_summary(path.parent / "summary.json")
        title = summary.get("title") or path.resolve().parent.name
        plot(read_traces(path), summary, title, output, options.minutes)
    except (OSError, ValueError) as error:
        print(f"plot_traces.py: {error}", file=sys.stderr)
        return 1
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
