#!/usr/bin/env python3
"""Convergence, pose and engine studies of the reference case.

Implements: the tables of docs/convergence.md. Runs build/thermodose on cases/cryo_ref with
other cells, steps, needle poses and engines, prints the tables, checks the bounds stated below
and, with --write, replaces the table in the document. Needs only the standard library.

    python3 scripts/studies.py cells|steps|poses|engines [--write] [--program build/thermodose]
"""
import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASE = ROOT / "cases" / "cryo_ref" / "case.yaml"
DOCUMENT = ROOT / "docs" / "convergence.md"
# (time s, level degC) -> converged volume in mL of the reference case, see its opening comment.
CONVERGED = {(600, 0): 40.0, (600, -40): 10.72, (780, 0): 31.8, (900, 0): 20.55,
             (1500, 0): 44.7, (1500, -40): 11.62}
NEEDLES = {"left": (-7.5, 0, -17.5), "right": (7.5, 0, -17.5)}


def run(program, **settings):
    """Volumes (mL) of the six records, and the summary."""
    with tempfile.TemporaryDirectory() as directory:
        command = [program, "run", str(CASE), "-o", directory, "--quiet"]
        defaults = {"output.fields_every": "1500 s", "numerics.error_estimate": "false"}
        for key, value in {**defaults, **settings}.items():
            command += ["--set", f"{key}={value}"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        summary = json.loads((pathlib.Path(directory) / "summary.json").read_text())
    volumes = {}
    for row in summary["isotherms"]:
        key = (round(row["time_s"]), round(row["temperature_degC"]))
        if key in CONVERGED:
            volumes[key] = row["volume_mL"]
    return volumes, summary


def row(label, volumes, reference, extra=""):
    cells = " | ".join(f"{volumes[k]:.3f}" for k in CONVERGED)
    worst = max((abs(volumes[k] / reference[k] - 1) for k in CONVERGED))
    return f"| {label} | {cells} | {100 * worst:.2f} % |{extra}", worst


def header(first, extra=()):
    names = [f"{t} s, {level} degC" for t, level in CONVERGED]
    columns = [first] + names + ["largest deviation", *extra]
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]


def study_cells(program):
    """Volumes against the cell size; deviation from Richardson's limit of the two finest."""
    sizes = [2.0, 1.4286, 1.0, 0.7143, 0.5]
    fixed = {"numerics.step_tolerance": "0.3 K", "numerics.max_step": "5 s"}
    runs = [run(program, **{"numerics.cell_size": f"{h} mm"}, **fixed)[0] for h in sizes]
    ratio = (sizes[-2] / sizes[-1]) ** 2
    limit = {k: (ratio * runs[-1][k] - runs[-2][k]) / (ratio - 1) for k in CONVERGED}
    lines = header("cell size")
    for h, volumes in zip(sizes, runs):
        lines.append(row(f"{h:g} mm", volumes, limit)[0])
    lines.append(row("limit", limit, limit)[0])
    order = min(math.log((limit[k] - runs[0][k]) / (limit[k] - runs[2][k])) / math.log(sizes[0] / sizes[2])
                for k in CONVERGED if k != (780, 0))
    lines += ["", f"Lowest observed order between {sizes[0]:g} and {sizes[2]:g} mm: {order:.2f}."]
    return lines, order > 1.6


def study_steps(program):
    """Volumes against step control at 1 mm cells; deviation from the smallest steps."""
    controls = [("0.05 K", "2 s"), ("0.3 K", "5 s"), ("1 K", "10 s"), ("2 K", "20 s"), ("5 K", "40 s")]
    runs = [run(program, **{"numerics.cell_size": "1 mm", "numerics.step_tolerance": tolerance,
                            "numerics.max_step": step}) for tolerance, step in controls]
    lines = header("tolerance, largest step", ["steps", "applications"])
    good = True
    for (tolerance, step), (volumes, summary) in zip(controls, runs):
        text, worst = row(f"{tolerance}, {step}", volumes, runs[0][0],
                          f" {summary['steps']} | {summary['operator_applications']} |")
        lines.append(text)
        good = good and (worst < 0.004 or step == "40 s")
    return lines, good


def turned(point, theta, phi, shift):
    """Rotated by theta about y, then by phi about x, then shifted (degrees, mm)."""
    c, s = math.cos(math.radians(theta)), math.sin(math.radians(theta))
    x, y, z = point[0] * c + point[2] * s, point[1], -point[0] * s + point[2] * c
    c, s = math.cos(math.radians(phi)), math.sin(math.radians(phi))
    y, z = y * c - z * s, y * s + z * c
    return [x + shift[0], y + shift[1], z + shift[2]]


def pose_settings(theta, phi, shift):
    settings = {}
    for name, tip in NEEDLES.items():
        text = " ".join(f"{v:.9f}" for v in turned(tip, theta, phi, shift))
        settings[f"probes.{name}.tip"] = f"{text} mm"
        direction = turned((0, 0, 1), theta, phi, (0, 0, 0))
        settings[f"probes.{name}.direction"] = " ".join(f"{v:.12f}" for v in direction)
    return settings


def study_poses(program):
    """Shipped accuracy against a 0.5 mm run of the same placement."""
    random.seed(7)
    third = 100 / 95 / 3  # of a cell, mm
    poses = [(35, 20, (third, third, third))]
    poses += [(random.uniform(0, 90), random.uniform(0, 90),
               tuple(random.uniform(-0.5, 0.5) for _ in range(3))) for _ in range(10)]
    fine = {"numerics.cell_size": "0.5 mm"}
    lines = header("turn about y, x; shift (mm)")
    largest = 0
    for theta, phi, shift in poses:
        settings = pose_settings(theta, phi, shift)
        reference, _ = run(program, **settings, **fine)
        volumes, _ = run(program, **settings)
        label = f"{theta:.1f}, {phi:.1f} deg; " + ", ".join(f"{s:.2f}" for s in shift)
        text, worst = row(label, volumes, reference)
        lines.append(text)
        largest = max(largest, worst)
        print(text, flush=True)
    lines += ["", f"Largest deviation of the eleven poses: {100 * largest:.2f} % (bound 1.5 %)."]
    return lines, largest <= 0.015


def study_engines(program):
    """Both engines at the shipped accuracy against the converged values."""
    variants = [("grid, float", {}), ("grid, double", {"numerics.precision": "double"}),
                ("mesh octree, RKL2", {"numerics.engine": "mesh"}),
                ("mesh octree, BDF2", {"numerics.engine": "mesh", "numerics.integrator": "bdf2"})]
    lines = header("engine", ["nodes", "mesh s", "solve s", "energy residual"])
    good = True
    for label, settings in variants:
        volumes, summary = run(program, **settings)
        wall, residual = summary["wall_s"], summary["energy_balance"]["relative_residual"]
        text, worst = row(label, volumes, CONVERGED,
                          f" {summary['dofs']} | {wall['mesh']:.2f} | {wall['solve']:.2f} | {residual:.1e} |")
        lines.append(text)
        good = good and worst <= 0.02 and abs(residual) < 1e-4
    return lines, good


def replace_in_document(name, lines):
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    text = DOCUMENT.read_text()
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    DOCUMENT.write_text(head + begin + "\n" + "\n".join(lines) + "\n" + end + tail)


def main():
    studies = {"cells": study_cells, "steps": study_steps, "poses": study_poses,
               "engines": study_engines}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", choices=list(studies))
    parser.add_argument("--program", default=str(ROOT / "build" / "thermodose"))
    parser.add_argument("--write", action="store_true", help="put the table into docs/convergence.md")
    arguments = parser.parse_args()
    lines, good = studies[arguments.study](arguments.program)
    print("\n".join(lines))
    if arguments.write:
        replace_in_document(arguments.study, lines)
    print("within the bounds" if good else "OUT OF BOUNDS")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
