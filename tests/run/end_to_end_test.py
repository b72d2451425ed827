#!/usr/bin/env python3
"""Drives the real program on small cases from end to end: status 3, resumed and repeated runs,
settings on the command line, results of one run read as the case of the next.

Implements: python3 end_to_end_test.py PROGRAM SOURCE_DIR
"""
import csv
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, SOURCE = "", Path()
CASE = """thermodose: 1
title: End to end
domain:
  box: {center: 0 0 0 mm, size: 40 40 40 mm}
  initial_temperature: 37 degC
  faces:
    all: {fixed: 37 degC}
    z_max: {convection: 200 W/m2/K, ambient: [[0 min, 37 degC], [1 min, 42 degC]]}
tissue: liver
regions:
  - {name: lesion, shape: {sphere: {center: 0 0 0 mm, radius: 8 mm}}, tissue: liver_tumour}
probes:
  needle: {device: iceseed_1.5mm_tip, tip: 0 0 -10 mm, direction: 0 0 1}
protocol:
  - probes: [all]
    cycles: 2
    steps:
      - {freeze: 1 min}
      - {passive_thaw: 30 s}
dose: [temperature_extremes, {time_below: {temperature: -20 degC}}, freeze_count]
thermocouples: {edge: 8 0 0 mm}
accuracy: 10 %
numerics: {cell_size: 2.5 mm}
output: {isotherms: [0 degC, -20 degC], isotherms_every: 15 s, traces_every: 1 s}
"""


class EndToEnd(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.case = self.folder / "case.yaml"
        self.case.write_text(CASE)

    def tearDown(self):
        self.temporary.cleanup()

    def call(self, *words, status=0, home=None, **options):
        environment = dict(os.environ, THERMODOSE_HOME=str(home or SOURCE))
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, cwd=self.folder, env=environment,
                              timeout=120, check=False, **options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def summary(self, folder="out"):
        return json.loads((self.folder / folder / "summary.json").read_text())

    def volumes(self, folder="out"):
        return [row["volume_mL"] for row in self.summary(folder)["isotherms"]]

    def test_complete_run(self):
        self.call("run", self.case, "-o", "out", "--threads", 2, "--set", "title=It's me")
        s = self.summary()
        self.assertEqual((s["status"], s["threads"], s["simulated_time_s"]), ("complete", 2, 180))
        self.assertEqual(s["case"], str(self.case))
        self.assertEqual(shlex.split(s["command_line"])[1:],
                         ["run", str(self.case), "-o", "out", "--threads", "2", "--set",
                          "title=It's me"])
        self.assertLess(abs(s["energy_balance"]["relative_residual"]), 1e-4)
        self.assertGreater(s["energy_balance"]["supplied_J"]["faces"], 0, "the bag warms")
        final = [row for row in s["isotherms"] if row["time_s"] == 150]
        self.assertGreater(final[0]["volume_mL"], 1)
        self.assertGreater(final[0]["volume_mL"], final[1]["volume_mL"])
        self.assertIsNotNone(final[0]["discretisation_error_mL"])
        self.assertTrue(any("iceseed" in caveat for caveat in s["caveats"]))
        with open(self.folder / "out/traces.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0], ["time_s", "edge_degC", "needle_surface_degC"])
        self.assertEqual(len(rows), 182)
        surface = [float(row[2]) for row in rows[1:]]
        self.assertLess(surface[60], -120)
        self.assertGreater(surface[90], surface[60] + 20)
        falls = [a - b for a, b in zip(surface[88:96], surface[89:97])]
        self.assertLess(max(map(abs, falls)), 12, "no jump where a freeze follows a rest")

    def test_resolved_case_needs_no_library_and_gives_the_same(self):
        self.call("run", self.case, "-o", "out", "-q")
        resolved = self.folder / "out/case.resolved.yaml"
        empty = self.folder / "home"
        (empty / "materials").mkdir(parents=True)
        self.call("run", resolved, "-o", "again", "-q", home=empty)
        first, second = self.volumes(), self.volumes("again")
        self.assertEqual(len(first), len(second))
        for a, b in zip(first, second):
            self.assertAlmostEqual(a, b, delta=1e-5 * max(first))

    def test_settings_change_the_run_and_the_resolved_case(self):
        self.call("run", self.case, "-o", "out", "-q", "--set", "duration=1 min",
                  "--set", "regions.0.tissue=fat", "--set", "numerics.precision=double")
        s = self.summary()
        self.assertEqual((s["simulated_time_s"], s["precision"]), (60, "double"))
        resolved = (self.folder / "out/case.resolved.yaml").read_text()
        self.assertRegex(resolved, r"(?m)^\s*tissue: fat$")

    def test_solver_failure_is_status_3_and_keeps_the_last_good_state(self):
        text = CASE.replace("tissue: liver\n", "tissue: brittle\n", 1).replace(
            "regions:", "materials:\n  brittle: {from: liver, min_temperature: -60 degC}\nregions:")
        text = re.sub(r"  - \{name: lesion.*\n", "", text).replace("regions:\n", "")
        self.case.write_text(text)
        done = self.call("run", self.case, "-o", "out", status=3)
        lines = done.stderr.strip().splitlines()
        self.assertRegex(lines[-1], r"^solver error: .*t = \d")
        s = self.summary()
        self.assertEqual(s["status"], "failed")
        self.assertLess(s["simulated_time_s"], 60)
        self.assertGreater(s["simulated_time_s"], 1)
        self.assertTrue((self.folder / "out/fields.xdmf").is_file())
        self.assertEqual([p.name for p in (self.folder / "out").glob("*.part")], [])

    def test_a_misplaced_probe_is_status_2_and_named(self):
        done = self.call("run", self.case, "-o", "out", "--set", "probes.needle.tip=19.7 0 -10 mm",
                         status=2)
        self.assertRegex(done.stderr, r"(?m)^\S*case\.yaml.*: probes\.needle: .*edge")
        self.assertFalse((self.folder / "out/summary.json").exists())

    def test_a_second_run_replaces_the_first(self):
        self.call("run", self.case, "-o", "out", "-q")
        before = self.summary()
        (self.folder / "out/notes.txt").write_text("mine")
        self.call("run", self.case, "-o", "out", "-q", "--set", "duration=1 min")
        after = self.summary()
        self.assertNotEqual(before["run_id"], after["run_id"])
        self.assertEqual(after["simulated_time_s"], 60)
        self.assertEqual((self.folder / "out/notes.txt").read_text(), "mine")

    def test_a_full_disk_is_status_4_and_leaves_nothing_that_looks_complete(self):
        for limit in (1000, 20000, 60000, 200000):  # bytes a file may have

            def small_files(most=limit):
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

            done = self.call("run", self.case, "-o", "out", "-q", status=4,
                             preexec_fn=small_files)
            self.assertRegex(done.stderr, r"(?m)^input/output error: cannot write \S+")
            left = {p.name for p in (self.folder / "out").iterdir()}
            self.assertFalse(left & {"summary.json", "fields.xdmf", "fields.h5", "results.h5"}, left)
        self.call("run", self.case, "-o", "out", "-q")
        self.assertEqual(list((self.folder / "out").glob("*.part")), [])

    def test_a_killed_run_leaves_no_summary(self):
        self.call("run", self.case, "-o", "out", "-q")
        environment = dict(os.environ, THERMODOSE_HOME=str(SOURCE))
        child = subprocess.Popen(
            [PROGRAM, "run", str(self.case), "-o", "out", "--set", "numerics.cell_size=0.8 mm",
             "--set", "numerics.error_estimate=false"], stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=self.folder, env=environment)
        child.stderr.readline()  # it is under way
        child.kill()
        child.communicate(timeout=60)
        self.assertEqual(child.returncode, -signal.SIGKILL)
        self.assertFalse((self.folder / "out/summary.json").exists(), "the first run's is gone too")
        self.call("run", self.case, "-o", "out", "-q")
        self.assertEqual(self.summary()["status"], "complete")
        self.assertEqual(list((self.folder / "out").glob("*.part")), [])

    def test_check_agrees_with_the_run(self):
        told = self.call("check", self.case).stdout
        nodes = int(re.search(r"about (\d+) nodes", told).group(1))
        self.assertRegex(told, r"(?m)^caveat: iceseed_1\.5mm_tip: ")
        self.assertFalse((self.folder / "results").exists())
        self.call("run", self.case, "-o", "out", "-q")
        self.assertEqual(nodes, self.summary()["dofs"])


if __name__ == "__main__":
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1], verbosity=2)
