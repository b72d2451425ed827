#!/usr/bin/env python3
"""Writes the tables of docs/verification.md from the results of test_verification.

Implements: the rows that the tests record (observed orders, values of ours beside exact ones) as
Markdown between the markers of the page; everything outside the markers is kept.

Usage: build/test_verification --gtest_output=json:verification.json
       tests/verification/update_table.py verification.json [--page PAGE] [--check]
--check writes nothing and exits with 1 when a row of the page is missing from the results, or the
other way round (numbers may differ in their last digits between processors).
"""
import argparse
import json
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verification.md"
KINDS = ("order", "value")


def rows(results):
    """Rows by kind, each a tuple of cells, without repetitions, sorted."""
    found = {kind: set() for kind in KINDS}
    for suite in results["testsuites"]:
        for test in suite["testsuite"]:
            for key, text in test.items():
                kind = key.split("_")[0]
                if kind in found and isinstance(text, str) and " | " in text:
                    found[kind].add(tuple(text.split(" | ")))
    return {kind: sorted(body) for kind, body in found.items()}


def markdown(head, body):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cells) + " |" for cells in body])


def table(kind, body):
    """The table of a kind; values get one column per engine."""
    if kind == "order":
        return markdown(["case, engine", "error", "refined", "errors", "order"], body)
    engines = sorted({cells[1] for cells in body})
    quantities = {}
    for quantity, engine, ours, exact, deviation in body:
        row = quantities.setdefault((quantity, exact), dict.fromkeys(engines, ""))
        row[engine] = f"{ours} ({deviation})"
    return markdown(["quantity", "exact"] + engines,
                    [[*key, *(row[e] for e in engines)] for key, row in quantities.items()])


def names(text):
    """First cells of the rows of a table."""
    return {line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    page = options.page.read_text(encoding="utf-8")
    stale = False
    for kind, body in rows(json.loads(options.results.read_text(encoding="utf-8"))).items():
        begin, end = f"<!-- begin {kind} table -->\n", f"\n<!-- end {kind} table -->"
        if begin not in page or end not in page:
            sys.exit(f"{options.page}: no markers of the {kind} table")
        if not body:
            sys.exit(f"{options.results}: no rows of the {kind} table")
        before, rest = page.split(begin, 1)
        old, after = rest.split(end, 1)
        new = table(kind, body)
        if options.check and names(old) != names(new):
            stale = True
            for name in sorted(names(old) ^ names(new)):
                print(f"{'missing from the page' if name in names(new) else 'no longer run'}: {name[2:]}")
        page = before + begin + new + end + after
    if options.check:
        return 1 if stale else 0
    options.page.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
