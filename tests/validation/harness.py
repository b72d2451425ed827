"""Runs cases for the validation experiments and keeps what they found.

Implements: Program (runs a case file with overrides, one at a time), Run (what is read back from a
run), Findings (numbers and checks of one experiment, as JSON), and the comparison of findings with
the recorded ones. Lengths in mm, temperatures in degC, times in s, volumes in mL.
"""
import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import measures

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = HERE / "cases"
RESULTS = HERE / "results"

# Runs that only compare variants: coarser, without the companion that states the error.
QUICK = {"numerics.cell_size": "1.25 mm", "numerics.error_estimate": "false"}

# A new run must meet the recorded numbers within 3 % or, by the unit that ends their name, within
# these; else the page is out of date.
SAME_RELATIVE = 0.03
SAME_ABSOLUTE = {"_mm": 0.2, "_mL": 0.03, "_percent": 1.0, "_degC": 0.5, "_K": 0.3, "_s": 1.5}


class Run:
    """A finished run in a directory."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.summary = json.loads((self.directory / "summary.json").read_text(encoding="utf-8"))

    def plane(self, time_s, z_mm=0.0):
        return measures.read_plane(self.directory, z_mm, time_s)

    def isotherm(self, level, time_s):
        """The entry of summary.json for `level` at `time_s`."""
        found = [i for i in self.summary["isotherms"]
                 if abs(i["time_s"] - time_s) < 0.01 and abs(i["temperature_degC"] - level) < 0.01]
        if len(found) != 1:
            raise ValueError(f"{self.directory}: no isotherm {level} degC at {time_s} s")
        return found[0]

    def traces(self):
        """Columns of traces.csv by name."""
        with open(self.directory / "traces.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: [float(row[name]) for row in rows] for name in rows[0]}

    def energy_per_probe_kj(self):
        probes = self.summary["probes"]
        return -sum(p["energy_J"] for p in probes) / len(probes) / 1000


class Program:
    """thermodose, and where its runs go. One run at a time."""

    def __init__(self, path, work):
        self.path, self.work, self.runs = str(path), Path(work), 0
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, case, name="scratch", sets=None):
        """Runs cases/<case>.yaml (or a path) into work/<name>; `sets` maps keys to values."""
        file = case if str(case).endswith("case.yaml") else CASES / f"{case}.yaml"
        directory = self.work / name
        shutil.rmtree(directory, ignore_errors=True)
        command = [self.path, "run", str(file), "-o", str(directory)]
        for key, value in (sets or {}).items():
            command += ["--set", f"{key}={value}"]
        environment = {**os.environ, "THERMODOSE_HOME": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        self.runs += 1
        return Run(directory)


def secant(function, target, low, high, tolerance):
    """x with |function(x) - target| <= tolerance, from the guesses low and high."""
    points = [(low, function(low) - target), (high, function(high) - target)]
    for _ in range(8):
        x, f = min(points, key=lambda p: abs(p[1]))
        if abs(f) <= tolerance:
            return x
        (x0, f0), (x1, f1) = points[-2:]
        if f0 == f1:
            break
        new = x1 - f1 * (x1 - x0) / (f1 - f0)
        points.append((new, function(new) - target))
    raise RuntimeError(f"the fit to {target} did not converge: {points}")


class Findings:
    """Numbers of an experiment and whether they lie in the bands that were set beforehand."""

    def __init__(self, experiment):
        self.data = {"experiment": experiment, "checks": []}

    def check(self, what, ours, low, high, unit, published=None):
        """Records whether low <= ours <= high."""
        self.data["checks"].append({"what": what, "ours": ours, "low": low, "high": high,
                                    "unit": unit, "published": published,
                                    "met": bool(low <= ours <= high)})

    def near(self, what, ours, published, tolerance, unit):
        """The band published +- tolerance (in the unit)."""
        self.check(what, ours, published - tolerance, published + tolerance, unit, published)

    def write(self, path):
        text = json.dumps(rounded(self.data), indent=1) + "\n"
        Path(path).write_text(text, encoding="utf-8")


def rounded(value):
    """Five significant digits, so that records do not change with the last bits."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return value


def allowed(name, value):
    """How far a number of this name may be from the recorded value."""
    absolute = max((a for end, a in SAME_ABSOLUTE.items() if name.endswith(end)), default=0.0)
    return max(absolute, SAME_RELATIVE * abs(value))


def differences(new, old, where="", name=""):
    """Where two findings differ by more than is allowed, or in what they hold; sentences."""
    if isinstance(old, bool) or isinstance(new, bool) or isinstance(old, str) or old is None:
        return [] if new == old else [f"{where}: {new}, recorded {old}"]
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        same = abs(new - old) <= allowed(name, old)
        return [] if same else [f"{where}: {new:.5g}, recorded {old:.5g}"]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        parts = [(str(i), name, a, b) for i, (a, b) in enumerate(zip(new, old))]
    elif isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        parts = [(k, k if "_" in k else name, new[k], old[k]) for k in old]
    else:
        return [f"{where}: not the same entries"]
    return [d for k, n, a, b in parts for d in differences(a, b, f"{where}/{k}", n)]
