#!/usr/bin/python3
"""Tests of what scripts/render.py and scripts/plot_traces.py do without drawing.

Implements: names of regions of a case with an anatomy and regions, the choice of regions, the
length of a legend, the volume below a temperature, and what the programs say about wrong input.
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))
import region_choice  # noqa: E402  (the path comes first)
import render_regions  # noqa: E402
import render_text  # noqa: E402
from render_data import Results  # noqa: E402

NAMES = ["background", "bone", "spinal_cord", "thin_shell", "lesion", "mark"]
SIDE = 21  # nodes, 1 mm apart


def ids_of_grid():
    """A cord and a lesion of few nodes in a bone of many, and a mark of the case far away."""
    ids = numpy.zeros((SIDE,) * 3, numpy.int32)
    ids[2:19, 2:19, 2:10] = 1
    ids[4:17, 9, 4] = 2
    ids[10, 10, 5:8] = 4
    ids[18:20, 18:20, 18:20] = 5
    return ids


def write_run(folder, with_regions=True):
    """A grid with a temperature linear in x, 0 degC at x = 7.5 mm, as a run writes it."""
    with h5py.File(Path(folder) / "fields.h5", "w") as file:
        mesh = file.create_group("mesh/0")
        mesh.attrs["axisymmetric"] = 0
        mesh["origin_mm"], mesh["spacing_mm"] = numpy.zeros(3), numpy.ones(3)
        mesh["nodes"] = numpy.full(3, SIDE)
        if with_regions:
            mesh["region_id"] = ids_of_grid()
            mesh["region_id"].attrs["names"] = NAMES
        values = numpy.broadcast_to(numpy.arange(SIDE) - 7.5, (SIDE,) * 3).astype("f4")
        for number, time in enumerate((0, 60)):
            step = file.create_group(f"step/{number}")
            step.attrs["time_s"], step.attrs["mesh"] = time, 0
            step["temperature_degC"], step["t_min_degC"] = values, values
    # As the program resolves it: the parts of the anatomy are in no list, the mark is the first.
    (Path(folder) / "case.resolved.yaml").write_text("regions:\n  - name: mark\n")


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        write_run(self.folder.name)
        self.results = Results(self.folder.name)

    def pick(self, wanted=None, room=9, high=11):
        return render_regions.pick(self.results, (numpy.zeros(3), numpy.full(3, high)), wanted, room)

    def test_names_are_those_beside_the_ids(self):
        self.assertEqual(self.results.regions(), dict(enumerate(NAMES[1:], 1)))

    def test_a_run_without_regions(self):
        with tempfile.TemporaryDirectory() as folder:
            write_run(folder, with_regions=False)
            results = Results(folder)
        self.assertEqual(results.regions(), {})
        self.assertEqual(render_regions.pick(results, results.last.bounds, None, 9), ([], []))

    def test_near_regions_targets_first(self):
        shown, remarks = self.pick()
        self.assertEqual([r.name for r in shown], ["lesion", "spinal_cord", "bone"])
        self.assertEqual(remarks, ["regions left out (far from ice, lesion and probes): mark",
                                   "regions left out (without a node of the mesh): thin_shell"])

    def test_targets_stay_when_there_is_little_room(self):
        shown, remarks = self.pick(room=3, high=20)  # then what the case itself names
        self.assertEqual([r.name for r in shown], ["lesion", "spinal_cord", "mark"])
        self.assertEqual(remarks[0], "regions left out (no room): bone")

    def test_colours_differ(self):
        shown, _ = self.pick(high=20)
        self.assertEqual(len({r.colour for r in shown}), 4)

    def test_regions_by_name(self):
        self.assertEqual([r.name for r in self.pick(["mark", "bone"], high=20)[0]],
                         ["mark", "bone"])
        self.assertEqual(self.pick(["thin_shell"]), ([], ["nothing in the picture of: thin_shell"]))

    def test_an_unknown_name_lists_the_known(self):
        with self.assertRaisesRegex(ValueError, "found 'bones', the regions of this run are: bone, "
                                                "spinal_cord, thin_shell, lesion, mark"):
            self.pick(["bone", "bones"])

    def test_the_box_takes_in_a_lesion_it_meets(self):
        low, high = render_regions.box_of(self.results, numpy.full(3, 5.0), numpy.array([6.0, 11, 11]))
        self.assertGreaterEqual(high[0], 9)  # the lesion reaches x = 7 mm
        self.assertLess(high[1], 12.01)

    def test_volume_below(self):
        values = self.results.values("t_min_degC", 60)
        self.assertAlmostEqual(self.results.last.volume_below(values, 0), 1e-3 * 7.5 * 400, 5)
        self.assertEqual(self.results.last.volume_below(values, -50), 0)
        self.assertAlmostEqual(self.results.last.volume_below(values, 99), 8, 6)


class Recorder:
    """A view that only notes where words stand."""
    size = (1600, 1100)

    def __init__(self):
        self.heights = []

    def show(self, *_):
        pass

    def say(self, _text, position, *_):
        self.heights.append(position[1])


class Legend(unittest.TestCase):
    def test_it_ends_above_the_axes_however_long(self):
        for count in (1, 5, 16, 17, 40):
            view = Recorder()
            camera = render_text.Camera(view, [0, 0, 0], 50, 25, 18)
            render_text.write_keys(camera, [((0, 0, 0), "a")] * count, 0.845, 0.2)
            self.assertEqual(len(view.heights), count)
            self.assertGreaterEqual(min(view.heights), 0.2 - 1e-9)
            self.assertEqual(max(view.heights), 0.845)


class Words(unittest.TestCase):
    def test_lesions_and_targets(self):
        for name in ("lesion", "liver_tumour", "Tumor 2", "metastasis"):
            self.assertTrue(region_choice.is_lesion(name), name)
        for name in ("spinal_cord", "cauda_equina", "nerve_roots", "dura"):
            self.assertTrue(region_choice.TARGETS.search(name), name)
        for name in ("epidural_fat", "aorta", "cortical_shell"):
            self.assertFalse(region_choice.TARGETS.search(name), name)


class Programs(unittest.TestCase):
    def run_script(self, script, *options):
        return subprocess.run([sys.executable, SCRIPTS / script, *options], capture_output=True,
                              text=True, check=False)

    def test_a_directory_that_is_not_of_a_run(self):
        with tempfile.TemporaryDirectory() as folder:
            for script, file in (("plot_traces.py", "traces.csv"), ("render.py", "fields.h5")):
                done = self.run_script(script, folder)
                self.assertEqual(done.returncode, 1, done)
                self.assertEqual(done.stderr, f"{script}: {folder}/{file}: not there; is {folder} "
                                              "the directory of a run?\n")

    def test_wrong_options(self):
        with tempfile.TemporaryDirectory() as folder:
            write_run(folder)
            for option, value, part in (("--regions", "bones", "the regions of this run are: bone"),
                                        ("--time", "noon", "found 'noon', expected seconds"),
                                        ("--size", "12", "invalid"), ("--isotherms", "x", "invalid")):
                done = self.run_script("render.py", folder, option, value)
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(part, done.stderr)


if __name__ == "__main__":
    unittest.main()
