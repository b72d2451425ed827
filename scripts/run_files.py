"""The files of a run that are text: summary.json, traces.csv, case.resolved.yaml.

Implements: reading them for pictures and plots, without ParaView or HDF5; the freezes of the
protocol, and which of some times shows a treatment best.
"""
import csv
import json
import math
from pathlib import Path


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


def read_summary(path):
    """{} when there is none: a run that was killed leaves none."""
    path = Path(path)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def read_case(path):
    """The resolved case; {} without one, or without a YAML parser."""
    path = Path(path)
    if not path.is_file():
        return {}
    try:
        import yaml
    except ImportError:
        return {}
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error


def seconds(text):
    """A resolved time: '600 s', or a bare 0."""
    return float(str(text).split()[0])


def freezes(case):
    """(begin, end) in s of every freeze of every group of probes, of a resolved case."""
    found = []
    stop = seconds(case["duration"]) if "duration" in case else math.inf
    for group in case.get("protocol", []):
        time = seconds(group.get("start", 0))
        for _ in range(int(group.get("cycles", 1))):
            for step in group["steps"]:
                kind = next(k for k in ("freeze", "passive_thaw", "active_thaw") if k in step)
                end = time + seconds(step[kind])
                if kind == "freeze" and time < stop:
                    found.append((time, min(end, stop)))
                time = end
    return found


def time_of_last_freeze(times, all_freezes):
    """Of some times, the one that shows the end of the last freeze best: the last one within it,
    because a thaw follows; or the nearest, when none lies within."""
    begin, end = max(all_freezes, key=lambda f: (f[1], -f[0]))
    within = [t for t in times if begin < t <= end + 1e-6]
    return max(within) if within else min(times, key=lambda t: abs(t - end))


def time_of_most(times, rows, level):
    """Of some times, the one nearest to that at which a level encloses most; None without rows."""
    rows = [r for r in rows
            if abs(r["temperature_degC"] - level) < 1e-6 and r["volume_mL"] is not None]
    if not rows:
        return None
    best = max(rows, key=lambda r: r["volume_mL"])["time_s"]
    return min(times, key=lambda t: abs(t - best))


def clock(time):
    """1500.4 -> '25:00'."""
    whole = round(time)
    return f"{whole // 60}:{whole % 60:02d}"
