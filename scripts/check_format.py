#!/usr/bin/env python3
"""Checks that every C++ file is formatted as .clang-format says.

Implements: clang-format --dry-run --Werror over solver/ and tests/. With --fix, formats in place.
"""
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    program = shutil.which("clang-format")
    if not program:
        print("clang-format is missing", file=sys.stderr)
        return 2
    files = sorted(str(p) for room in ("solver", "tests") for p in (ROOT / room).rglob("*")
                   if p.suffix in {".cc", ".h", ".inl"})
    action = ["-i"] if "--fix" in sys.argv else ["--dry-run", "--Werror"]
    done = subprocess.run([program, "--style=file", *action, *files], check=False, cwd=ROOT)
    print(f"{len(files)} files, {'all formatted' if done.returncode == 0 else 'see above'}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
