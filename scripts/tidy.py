#!/usr/bin/env python3
"""Runs clang-tidy over the sources of the program, only where something changed.

Implements: one clang-tidy process per translation unit of solver/, from the compile database of
a build directory. A unit that passed is remembered by a hash of its own text, of every header of
ours that it reaches, of its compiler flags and of .clang-tidy, so that a second run costs nothing.

Usage: tidy.py BUILD_DIR [--jobs N] [--all] [FILE...]   --all forgets what passed
Exit status 1 when there are warnings, 2 when clang-tidy or the compile database is missing.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def reached(path, seen):
    """Adds the file and every header of ours that it includes, directly or not."""
    if path in seen or not path.is_file():
        return
    seen.add(path)
    for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        reached(ROOT / "solver" / name, seen)


def flags_of(entry):
    """Compiler arguments that clang understands: no precompiled header of another compiler."""
    words = shlex.split(entry["command"])[1:]
    flags, skip = [], 0
    for at, word in enumerate(words):
        if skip:
            skip -= 1
        elif word == "-include" and "cmake_pch" in words[at + 1]:
            skip = 1
        elif word in ("-o", "-c"):
            skip = 1
        elif word != "-Winvalid-pch" and word != entry["file"]:
            flags.append(word)
    return flags


def key_of(path, flags):
    digest = hashlib.sha256("\0".join(flags).encode())
    seen = set()
    reached(path, seen)
    for name in sorted(seen) + [ROOT / ".clang-tidy"]:
        digest.update(str(name.relative_to(ROOT)).encode() + b"\0" + name.read_bytes())
    return digest.hexdigest()


def run(path, flags):
    """(path, seconds, output or None when clean)"""
    begin = time.monotonic()
    command = ["clang-tidy", "--quiet", str(path), "--", *flags, "-Wno-unknown-warning-option"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    clean = done.returncode == 0
    return path, time.monotonic() - begin, None if clean else done.stdout + done.stderr


def units(build, wanted):
    """(path, flags) of our translation units in the compile database."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["directory"], entry["file"]).resolve()
        if (ROOT / "solver") in path.parents and (not wanted or path in wanted):
            found.setdefault(path, flags_of(entry))
    return sorted(found.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("files", nargs="*", type=lambda name: Path(name).resolve())
    options = parser.parse_intermixed_args()
    if not shutil.which("clang-tidy") or not (options.build / "compile_commands.json").is_file():
        print("clang-tidy or compile_commands.json is missing", file=sys.stderr)
        return 2
    memory = options.build / "tidy-passed.txt"
    passed = set(memory.read_text().split()) if memory.is_file() and not options.all else set()
    keyed = [(path, flags, key_of(path, flags)) for path, flags in units(options.build, options.files)]
    due = [(path, flags, key) for path, flags, key in keyed if key not in passed]
    keys = {path: key for path, _, key in keyed}
    clean = {key for key in keys.values() if key in passed}
    seconds, failures = 0.0, 0
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for path, took, output in pool.map(lambda unit: run(unit[0], unit[1]), due):
            seconds += took
            if output is None:
                clean.add(keys[path])
            else:
                failures += 1
                print(output)
            print(f"{path.relative_to(ROOT)}: {took:.1f} s", flush=True)
    if not options.files:
        memory.write_text("\n".join(sorted(clean)) + "\n")
    print(f"{len(keyed)} units, {len(due)} examined in {seconds:.0f} CPU-s, {failures} with warnings")
    return 1 if failures or not keyed else 0


if __name__ == "__main__":
    sys.exit(main())
