#!/usr/bin/env python3
"""Runs a validation experiment and judges it.

Implements: `validate.py EXPERIMENT --program THERMODOSE --work DIR`. Runs the cases of the experiment,
writes DIR/EXPERIMENT.json and exits with 1 when a check that is recorded as met fails, when a
recorded shortfall has vanished by more than 1 % of the band's edge (record it: the page must say so),
or when a number has left the recorded one by more than harness.py allows. With --record the new findings become the recorded ones
(tests/validation/results); then run scripts/validation_report.py.
"""
import argparse
import importlib
import json
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness  # noqa: E402  (its folder comes first)

EXPERIMENTS = ("littrup", "double_freeze", "magalov", "icesphere")


def print_checks(checks):
    for c in checks:
        mark = "met      " if c["met"] else "SHORTFALL"
        print(f"{mark} {c['what']}: {c['ours']:.4g} {c['unit']}, band {c['low']:.4g} to "
              f"{c['high']:.4g}")


def on_the_edge(check):
    """Whether a number is within 1 % of an edge of its band: it may fall on either side."""
    return any(abs(check["ours"] - edge) <= 0.01 * abs(edge) for edge in (check["low"], check["high"]))


def judge(new, recorded):
    """Sentences that say what is wrong with the new findings; none when all is as recorded."""
    problems = []
    known = {c["what"]: c["met"] for c in recorded["checks"]}
    for check in new["checks"]:
        what = check["what"]
        if what not in known:
            problems.append(f"not recorded: {what}")
        elif known[what] and not check["met"]:
            problems.append(f"no longer met: {what}")
        elif check["met"] and not known[what] and not on_the_edge(check):
            problems.append(f"a known shortfall is met now, record it: {what}")
    missing = known.keys() - {c["what"] for c in new["checks"]}
    problems += [f"not run: {what}" for what in sorted(missing)]
    numbers = [{k: v for k, v in harness.rounded(d).items() if k != "checks"}
               for d in (new, recorded)]
    return problems + harness.differences(*numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("experiment", choices=EXPERIMENTS)
    parser.add_argument("--program", required=True, help="the program thermodose")
    parser.add_argument("--work", required=True, type=Path, help="where the runs go")
    parser.add_argument("--record", action="store_true", help="keep the findings as the record")
    options = parser.parse_args()

    began = time.monotonic()
    program = harness.Program(options.program, options.work / options.experiment)
    findings = importlib.import_module(options.experiment).investigate(program)
    findings.write(options.work / f"{options.experiment}.json")
    print_checks(findings.data["checks"])
    print(f"{program.runs} runs in {time.monotonic() - began:.0f} s")

    record = harness.RESULTS / f"{options.experiment}.json"
    if options.record:
        harness.RESULTS.mkdir(exist_ok=True)
        findings.write(record)
        return 0
    problems = judge(findings.data, json.loads(record.read_text(encoding="utf-8")))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
