#!/usr/bin/env python3
"""Tests of measures.py and harness.py on shapes with known sizes.

Implements: area, widths and gap of circles and an ellipse, second order in the cell size; the plane
between two layers of a file; the fit; the comparison with a record.
"""
import math
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness  # noqa: E402  (its folder comes first)
import measures  # noqa: E402
import validate  # noqa: E402


def ellipse(spacing, a=12.0, b=7.0, center=(0.31, -0.17)):
    """Temperature 30 (rho^2 - 1) of an ellipse: 0 on it, -30 at its middle."""
    x = numpy.arange(-20, 20 + spacing / 2, spacing)
    rho = ((x[None, :] - center[0]) / a) ** 2 + ((x[:, None] - center[1]) / b) ** 2
    return measures.Plane(30 * (rho - 1), (-20, -20), (spacing, spacing))


class Measures(unittest.TestCase):
    def test_area_is_second_order(self):
        errors = [abs(measures.area_below(ellipse(h), 0) - math.pi * 84) for h in (2.0, 1.0, 0.5)]
        self.assertLess(errors[2], 0.002 * math.pi * 84)
        self.assertGreater(errors[0] / errors[2], 10)  # 16 for second order

    def test_area_of_a_linear_function_is_exact(self):
        x = numpy.arange(5.0)
        plane = measures.Plane(x[None, :] + 0.5 * x[:, None], (0, 0), (1, 1))
        self.assertAlmostEqual(measures.area_below(plane, 1.3), 1.3 * 2.6 / 2, places=12)
        self.assertEqual(measures.area_below(plane, -1), 0)
        self.assertAlmostEqual(measures.area_below(plane, 99), 16, places=12)

    def test_widths_of_an_ellipse(self):
        small, large = measures.widths(ellipse(0.5), 0)
        self.assertAlmostEqual(small, 14, delta=0.05)
        self.assertAlmostEqual(large, 24, delta=0.05)
        self.assertEqual(measures.widths(ellipse(0.5), -31), (0, 0))

    def test_gap_of_circles(self):
        plane = ellipse(0.25, 10, 10)
        self.assertAlmostEqual(measures.largest_gap(plane, 0, -22.5), 5, delta=0.05)
        self.assertTrue(math.isnan(measures.largest_gap(plane, 0, -31)))

    def test_section(self):
        found = measures.section(ellipse(0.5), 0, -22.5)
        self.assertAlmostEqual(found["share_percent"], 25, delta=0.2)
        self.assertAlmostEqual(found["ice"]["diameter_mm"], 2 * math.sqrt(84), delta=0.02)

    def test_plane_between_layers(self):
        with tempfile.TemporaryDirectory() as directory:
            with h5py.File(f"{directory}/fields.h5", "w") as file:
                file["mesh/0/origin_mm"], file["mesh/0/spacing_mm"] = [-1.0, 0, -2], [1.0, 2, 3]
                z, y, x = numpy.meshgrid(range(3), range(4), range(5), indexing="ij")
                file["step/0/temperature_degC"] = x + 10.0 * y + 100.0 * z
                file["step/0"].attrs["time_s"], file["step/0"].attrs["mesh"] = 60.0, 0
            plane = measures.read_plane(directory, -0.5, 60)
            self.assertEqual(plane.origin, (-1, 0))
            self.assertAlmostEqual(float(plane.at(0.5, 3)), 1.5 + 15 + 50)
            self.assertRaises(ValueError, measures.read_plane, directory, -0.5, 61)
            self.assertRaises(ValueError, measures.read_plane, directory, 4.5, 60)


class Harness(unittest.TestCase):
    def test_secant(self):
        found = harness.secant(lambda x: x**3, 8.0, 1.0, 3.0, 1e-6)
        self.assertAlmostEqual(found, 2, places=5)
        self.assertRaises(RuntimeError, harness.secant, lambda x: 1.0, 2.0, 0.0, 1.0, 0.1)

    def test_findings_know_their_band(self):
        findings = harness.Findings("x")
        findings.near("inside", 11.0, 10.0, 1.5, "mm")
        findings.near("outside", 11.6, 10.0, 1.5, "mm")
        findings.check("not a number", math.nan, 0, 1, "1")
        self.assertEqual([c["met"] for c in findings.data["checks"]], [True, False, False])

    def test_differences(self):
        old = {"a_mm": [1.0, 100.0], "b": True, "c": "name", "ratio": 0.5}
        self.assertEqual(harness.differences({**old, "a_mm": [1.19, 102.9]}, old), [])
        self.assertEqual(len(harness.differences({**old, "a_mm": [1.21, 103.1]}, old)), 2)
        self.assertEqual(len(harness.differences({**old, "ratio": 0.52}, old)), 1)
        self.assertEqual(harness.differences({"x_s": {"2 mm": 23}}, {"x_s": {"2 mm": 22}}), [])
        self.assertEqual(len(harness.differences({**old, "b": False}, old)), 1)
        self.assertEqual(len(harness.differences({**old, "c": "other"}, old)), 1)
        self.assertEqual(len(harness.differences({"a_mm": [1.0, 100.0], "b": True}, old)), 1)
        self.assertEqual(len(harness.differences({**old, "a_mm": [1.0]}, old)), 1)


class Validate(unittest.TestCase):
    @staticmethod
    def findings(ours, low=9.0, high=11.0):
        findings = harness.Findings("x")
        findings.check("size", ours, low, high, "mm")
        return findings.data

    def test_a_check_that_is_no_longer_met(self):
        self.assertEqual(validate.judge(self.findings(10.1), self.findings(10.0)), [])
        self.assertIn("no longer met", validate.judge(self.findings(11.1), self.findings(10.9))[0])

    def test_a_shortfall_that_has_vanished(self):
        short = self.findings(11.5)
        self.assertEqual(validate.judge(self.findings(11.6), short), [])
        self.assertIn("met now", validate.judge(self.findings(10.5), short)[0])
        self.assertEqual(validate.judge(self.findings(10.95), short), [])  # on the edge

    def test_a_check_that_is_not_recorded(self):
        other = harness.Findings("x").data
        self.assertIn("not recorded", validate.judge(self.findings(10.0), other)[0])
        self.assertIn("not run", validate.judge(other, self.findings(10.0))[0])


if __name__ == "__main__":
    unittest.main()
