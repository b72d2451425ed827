#!/usr/bin/python3
"""Tests of scripts/run_files.py and scripts/label_layout.py.

Implements: freezes of resolved protocols, the time of a picture, text files of a run; labels that
neither overlap nor have crossing lines, for random points.
"""
import math
import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import label_layout  # noqa: E402  (the path comes first)
import run_files  # noqa: E402

TWO_GROUPS = """
protocol:
  - {probes: [a], start: 0 s, cycles: 2, steps: [{freeze: 600 s, power: 100 %}, {passive_thaw: 300 s}]}
  - {probes: [b], start: 120 s, cycles: 1, steps: [{freeze: 600 s}, {active_thaw: 60 s}, {freeze: 90 s}]}
"""


def case_of(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.resolved.yaml"
        path.write_text(text, encoding="utf-8")
        return run_files.read_case(path)


class Times(unittest.TestCase):
    def test_freezes_of_all_groups_and_cycles(self):
        self.assertEqual(run_files.freezes(case_of(TWO_GROUPS)),
                         [(0, 600), (900, 1500), (120, 720), (780, 870)])

    def test_a_short_duration_cuts_freezes(self):
        self.assertEqual(run_files.freezes(case_of(TWO_GROUPS + "duration: 700 s\n")),
                         [(0, 600), (120, 700)])

    def test_no_case_no_freezes(self):
        self.assertEqual(run_files.freezes(run_files.read_case("nowhere.yaml")), [])

    def test_the_end_of_the_last_freeze_where_fields_were_written_then(self):
        times = [0, 600, 1200, 1500, 1800]
        self.assertEqual(run_files.time_of_last_freeze(times, [(0, 600), (900, 1500)]), 1500)

    def test_the_last_time_within_the_last_freeze(self):
        times = range(0, 1801, 120)
        self.assertEqual(run_files.time_of_last_freeze(times, [(0, 720), (900, 1500)]), 1440)
        # A thaw has destroyed the coldest zone at 1560, although it is as near.
        self.assertEqual(run_files.time_of_last_freeze(times, [(1020, 1505)]), 1440)

    def test_nearest_when_no_time_lies_within(self):
        self.assertEqual(run_files.time_of_last_freeze([0, 1800], [(900, 1500)]), 1800)

    def test_the_time_of_most(self):
        rows = [{"temperature_degC": -40.00000000000003, "volume_mL": v, "time_s": t}
                for t, v in ((0, None), (60, 3.0), (90, 2.0))]
        self.assertEqual(run_files.time_of_most([0, 50, 100], rows, -40), 50)
        self.assertIsNone(run_files.time_of_most([0, 50], rows, -20))

    def test_clock(self):
        self.assertEqual([run_files.clock(t) for t in (0, 59.6, 1500)], ["0:00", "1:00", "25:00"])


class Files(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "traces.csv"
            path.write_text(text, encoding="utf-8")
            return run_files.read_traces(path)

    def test_traces(self):
        columns = self.read("time_s,a_degC\n0,37\n1,\n")
        self.assertEqual(columns["a_degC"][0], 37)
        self.assertTrue(math.isnan(columns["a_degC"][1]))

    def test_traces_that_are_not(self):
        for text, part in (("a,b\n1,2\n", "no column time_s"), ("", "no column time_s"),
                           ("time_s,a\n0,1\n1\n", ":3: 1 values, the header names 2")):
            with self.assertRaisesRegex(ValueError, part):
                self.read(text)

    def test_a_run_that_was_killed_has_no_summary(self):
        self.assertEqual(run_files.read_summary("nowhere.json"), {})


class Layout(unittest.TestCase):
    def test_labels_far_apart_stay(self):
        self.assertEqual(label_layout.spread([0.9, 0.5, 0.1], 0.05), [0.9, 0.5, 0.1])

    def test_a_crowd_is_spread_about_its_mean(self):
        heights = label_layout.spread([0.5, 0.5, 0.5], 0.1)
        for got, wanted in zip(heights, [0.6, 0.5, 0.4]):
            self.assertAlmostEqual(got, wanted)

    def test_crossing(self):
        self.assertTrue(label_layout.crosses([0, 0], [1, 1], [0, 1], [1, 0]))
        self.assertFalse(label_layout.crosses([0, 0], [1, 0], [0, 1], [1, 1]))
        self.assertFalse(label_layout.crosses([0, 0], [1, 1], [2, 0], [3, -1]))

    def test_random_labels_neither_overlap_nor_cross(self):
        chance = random.Random(1)
        for _ in range(200):
            points = sorted(([chance.uniform(0.3, 0.7), chance.uniform(0.4, 0.6)]
                             for _ in range(chance.randint(1, 9))), key=lambda p: -p[1])
            heights = label_layout.spread([p[1] for p in points], 0.036)
            for upper, lower in zip(heights, heights[1:]):
                self.assertGreaterEqual(upper - lower, 0.036 - 1e-12)
            order = label_layout.untangle(points, 0.8, heights)
            self.assertEqual(sorted(order), list(range(len(points))))
            lines = [(points[i], [0.8, y]) for i, y in zip(order, heights)]
            for i, (a, b) in enumerate(lines):
                for c, d in lines[:i]:
                    self.assertFalse(label_layout.crosses(a, b, c, d))


if __name__ == "__main__":
    unittest.main()
