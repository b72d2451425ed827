#!/usr/bin/env python3
"""Drives the real program: exit status, what goes to which stream, files left behind.

Implements: python3 program_test.py PROGRAM SOURCE_DIR
"""
import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM, SOURCE = "", Path()
COARSE = ["--set", "numerics.cell_size=5 mm", "--set", "numerics.error_estimate=false"]
FINE = ["--set", "numerics.cell_size=0.5 mm", "--set", "numerics.error_estimate=false"]
RESULTS = {"fields.h5", "fields.xdmf", "results.h5", "traces.csv", "summary.json",
           "case.resolved.yaml", "run.log"}


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def call(self, *words, status=0, home=None, **options):
        environment = dict(os.environ, THERMODOSE_HOME=str(home or SOURCE), TERM="xterm")
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, cwd=self.folder, env=environment,
                              timeout=120, check=False, **options)
        shown = f"{words}\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}"
        self.assertEqual(done.returncode, status, shown)
        for text in (done.stdout, done.stderr):
            self.assertNotRegex(text, r"[\x00-\x08\x0b-\x1f\x7f]", "control characters: " + shown)
            self.assertNotIn("terminate called", text)
        return done

    def new_case(self, template="cryo_ref"):
        self.call("new", template, "mine")
        return self.folder / "mine/case.yaml"

    # --- what needs no simulation

    def test_version_and_help(self):
        version = self.call("--version").stdout
        self.assertRegex(version, r"^thermodose \d+\.\d+\.\d+ \(commit ([0-9a-f]{12}\+?|unknown)\)")
        for library in ("yaml-cpp", "fmt", "spdlog"):
            self.assertRegex(version, library + r" \d+\.")
        self.assertIn("Exit status", self.call("--help").stdout)
        for command in ("run", "check", "list", "describe", "new"):
            self.assertIn("Usage", self.call(command, "--help").stdout)

    def test_usage_errors(self):
        for words in ([], ["cook"], ["run"], ["run", "a", "--threads", "0"], ["new", "cryo_ref"]):
            done = self.call(*words, status=2)
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")

    def test_lists(self):
        topics = self.call("list").stdout
        for topic in ("materials", "devices", "shape", "maps", "templates"):
            self.assertIn(topic, topics)
        self.assertRegex(self.call("list", "materials").stdout, r"(?m)^\s*liver\b")
        self.assertRegex(self.call("list", "shape").stdout, r"(?m)^\s*sphere\b")
        self.assertIn("totalsegmentator", self.call("list", "maps").stdout)
        classes = self.call("describe", "totalsegmentator").stdout
        self.assertIn("117 labels", classes)
        self.assertRegex(classes, r"(?m)^ +5  liver +liver$")
        self.assertRegex(classes, r"(?m)^ +79  spinal_cord +spinal_cord$")
        templates = self.call("list", "templates").stdout
        for name in ("cryo_ref", "four_probe_lesion", "gel_axisymmetric", "bone"):
            self.assertRegex(templates, rf"(?m)^  {name}\s+\w")
        self.assertEqual(self.call("list", "dose", "models").stdout,
                         self.call("list", "dose").stdout)
        self.assertIn("surface_temperature", self.call("list", "laws").stdout)
        self.assertIn("did you mean 'templates'", self.call("list", "templats", status=2).stderr)
        done = self.call("list", "shaep", status=2)
        self.assertEqual(done.stdout, "")
        self.assertIn("did you mean", done.stderr)

    def test_describe(self):
        self.assertIn("radius", self.call("describe", "sphere").stdout)
        self.assertIn("conductivity", self.call("describe", "liver").stdout)
        for field, model in (("survival_logistic", "freeze_kill"), ("cem43_min", "cem43"),
                             ("damage_liver", "arrhenius"), ("damage_skin", "arrhenius"),
                             ("time_below_m52_5_s", "time_below"), ("vulnerable", "three_state")):
            told = self.call("describe", field).stdout
            self.assertIn(f"{field}: a field of the dose model {model}", told)
            self.assertIn(f"dose: {model}\n", told)
        self.assertIn("survival_logistic", self.call("describe", "freeze_kill").stdout)
        self.assertIn("\n  time_below_T_s ", self.call("describe", "time_below").stdout)
        self.assertIn("unknown topic", self.call("describe", "damage_", status=2).stderr)
        verdict = self.call("describe", "verdict").stdout
        for words in ("99.9 %", "80 %", "60 %", "margin"):
            self.assertIn(words, verdict)
        done = self.call("describe", "spheer", status=2)
        self.assertIn("did you mean", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_every_template_can_be_copied_and_checked(self):
        for line in self.call("list", "templates").stdout.splitlines():
            name = line.split()[0]
            self.call("new", name, f"copy/{name}")
            self.call("check", f"copy/{name}")

    def test_new_never_overwrites(self):
        case = self.new_case()
        before = case.read_bytes()
        case.with_name("notes.txt").write_text("precious")
        done = self.call("new", "bone", "mine", status=2)
        self.assertIn("not an empty directory", done.stderr)
        self.assertEqual(case.read_bytes(), before)
        self.assertIn("did you mean 'bone'", self.call("new", "boen", "other", status=2).stderr)
        self.assertFalse((self.folder / "other").exists())

    def test_check_prints_a_case_that_can_be_read_again(self):
        text = self.call("check", "--echo", self.new_case(), "--set", "accuracy=7 %").stdout
        self.assertRegex(text, r"(?m)^accuracy: 7(\.0+\d)? %$")
        self.assertRegex(text, r"\A# engine .*cells", "what is short comes first")
        again = self.folder / "again.yaml"
        again.write_text(text)
        strip = re.compile(r"(?m)^#.*\n?")
        self.assertEqual(strip.sub("", self.call("check", "--echo", again).stdout), strip.sub("", text))

    def test_check_is_short_unless_the_case_is_asked_for(self):
        text = self.call("check", self.new_case()).stdout
        self.assertRegex(text, r"\Aengine .*cells.*\nsteps .*\nabout .* of memory\nabout .* core")
        self.assertNotRegex(text, r"(?m)^(thermodose|domain|tissue):")
        self.assertLess(len(text.splitlines()), 20)

    def test_every_problem_has_its_line(self):
        case = self.new_case()
        text = case.read_text().replace("accuracy: 2 %", "acuracy: 2 %").replace(
            "diameter: 1.5 mm", "diameter: 1.5 kg")
        case.write_text(text)
        for command in ("check", "run"):
            done = self.call(command, case, "--set", "output.isotherms_every=-1 s", status=2)
            self.assertEqual(done.stdout, "")
            lines = done.stderr.splitlines()
            for key in ("acuracy", "diameter", "isotherms_every"):
                self.assertEqual(sum(key in line for line in lines), 1, done.stderr)
            self.assertRegex(done.stderr, r"(?m)^\S*case\.yaml:\d+: ")
        self.assertFalse((self.folder / "results").exists(), "bad input leaves no directory")

    def test_settings_without_value(self):
        done = self.call("check", self.new_case(), "--set", "accuracy", status=2)
        self.assertIn("KEY=VALUE", done.stderr)

    def test_input_output_errors(self):
        self.call("run", "no_such.yaml", status=4)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertIn("materials", self.call("list", "materials", home=empty, status=4).stderr)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True,
                                  env=dict(os.environ, THERMODOSE_HOME=str(SOURCE)), check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE,
                                  text=True, check=False)
        self.assertEqual(done.returncode, 4, done.stderr)

    # --- simulations

    def test_refused_case_leaves_earlier_results_alone(self):
        case = self.new_case()
        self.call("run", case, *COARSE, "-q", "-o", "out")
        before = {p.name: p.read_bytes() for p in (self.folder / "out").iterdir()}
        for bad in (("probes.left.tip=0 0 -49 mm",), ("numerics.cell_size=0.01 mm",),
                    ("numerics.engine=mesh", "probes.left.tip=0 0 -49 mm")):
            settings = [word for setting in bad for word in ("--set", setting)]
            for command in (["run", "-q", "-o", "out"], ["check"]):
                self.call(command[0], case, *command[1:], *COARSE, *settings, status=2)
        after = {p.name: p.read_bytes() for p in (self.folder / "out").iterdir()}
        self.assertEqual(before, after)

    def test_limit_on_file_sizes_is_an_error_of_writing(self):
        case = self.new_case()
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        done = self.call("run", case, *COARSE, "-o", "out", status=4, preexec_fn=limit)
        self.assertIn("input/output error", done.stderr)
        self.assertFalse((self.folder / "out/summary.json").exists())
        self.assertFalse((self.folder / "out/fields.h5").exists())

    def test_signal_before_the_first_step(self):
        """Nothing to keep yet: a case that never comes does not hold the program."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        child = subprocess.Popen([PROGRAM, "run", str(pipe)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, cwd=self.folder)
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        self.assertNotEqual(child.wait(10), 0)

    def test_run_leaves_results_and_plain_progress(self):
        case = self.new_case()
        done = self.call("run", case.parent, *COARSE, "--threads", 1)
        results = self.folder / "results/mine"
        self.assertEqual({p.name for p in results.iterdir()}, RESULTS)
        self.assertRegex(done.stderr, r"(?m)^\s*\d+ %")
        self.assertIn("mL", done.stdout)
        summary = json.loads((results / "summary.json").read_text())
        self.assertEqual(summary["threads"], 1)
        row = summary["isotherms"][-1]
        self.assertRegex(done.stdout, rf"{row['time_s']:.1f} s  below +{row['temperature_degC']:.1f}")

    def test_quiet_run_says_nothing(self):
        done = self.call("run", self.new_case(), *COARSE, "-q", "-o", "out")
        self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assertTrue((self.folder / "out/summary.json").is_file())

    def test_verbose_run_shows_the_log(self):
        done = self.call("run", self.new_case(), *COARSE, "--verbose", "-o", "out")
        log = (self.folder / "out/run.log").read_text()
        infos = re.findall(r"(?m)^\S+ info: (.*)$", log)
        self.assertTrue(infos, log)
        self.assertIn(infos[0], done.stderr)

    def test_unwritable_results(self):
        case = self.new_case()
        (self.folder / "file").write_text("x")
        for place in ("file/below", "/proc/results"):
            done = self.call("run", case, *COARSE, "-o", place, status=4)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_terminal_gets_a_bar(self):
        case = self.new_case()
        master, slave = pty.openpty()
        environment = dict(os.environ, THERMODOSE_HOME=str(SOURCE), TERM="xterm")
        child = subprocess.Popen([PROGRAM, "run", str(case), *COARSE, "-o", "out"], stdout=slave,
                                 stderr=slave, stdin=subprocess.DEVNULL, cwd=self.folder,
                                 env=environment)
        os.close(slave)
        text = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            text += piece
        os.close(master)
        self.assertEqual(child.wait(60), 0, text)
        self.assertIn(b"\r\x1b[K[", text)
        self.assertRegex(text, rb"/25\.0 min  \w+  \d+x")

    def test_memory_told_by_check_is_that_of_the_run(self):
        for template, *settings in (["cryo_ref", "numerics.cell_size=1.4 mm"],
                                    ["bone", "numerics.cell_size=1.6 mm"],
                                    ["cryo_ref", "numerics.cell_size=2 mm", "numerics.engine=mesh"]):
            case = SOURCE / "cases" / template / "case.yaml"
            words = [case, "--set", "numerics.error_estimate=false"]
            for setting in settings:
                words += ["--set", setting]
            told = float(re.search(r"about (\d+) MB of memory", self.call("check", *words).stdout)[1])
            child = subprocess.Popen([PROGRAM, "run", *map(str, words), "-o", template],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     cwd=self.folder,
                                     env=dict(os.environ, THERMODOSE_HOME=str(SOURCE)))
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(child.returncode, 0)
            taken = 1024e-6 * usage.ru_maxrss
            self.assertLess(abs(told - taken), 0.4 * taken, f"{settings}: {told}, not {taken} MB")

    def interrupted(self, number):
        """Status, seconds to react and text of a long run that gets a signal when it is under way."""
        case = self.folder / "mine/case.yaml"
        environment = dict(os.environ, THERMODOSE_HOME=str(SOURCE))
        child = subprocess.Popen([PROGRAM, "run", str(case), *FINE, "-o", "out"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 stdin=subprocess.DEVNULL, cwd=self.folder, env=environment)
        first = child.stderr.readline()
        begin = time.monotonic()
        child.send_signal(number)
        _, rest = child.communicate(timeout=100)
        return child.returncode, time.monotonic() - begin, first + rest

    def test_interruption(self):
        self.new_case()
        for number in (signal.SIGINT, signal.SIGTERM):
            status, seconds, text = self.interrupted(number)
            self.assertEqual(status, 130, text)
            self.assertRegex(text, r"(?m)^interrupted: ")
            self.assertLess(seconds, 60)
            summary = json.loads((self.folder / "out/summary.json").read_text())
            self.assertEqual(summary["status"], "interrupted")
            self.assertLess(summary["simulated_time_s"], 1500)


if __name__ == "__main__":
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1], verbosity=2)
