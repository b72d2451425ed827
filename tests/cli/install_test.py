#!/usr/bin/env python3
"""Installs the program and uses it from there.

Implements: python3 install_test.py CMAKE BUILD_DIR: the installed program finds its own materials,
cases and mesh module, also through a symbolic link and from another directory.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def call(*words, status=0, cwd=None):
    environment = {k: v for k, v in os.environ.items() if k != "THERMODOSE_HOME"}
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, cwd=cwd,
                          stdin=subprocess.DEVNULL, env=environment, timeout=200, check=False)
    if done.returncode != status:
        sys.exit(f"{words}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    cmake, build = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        prefix, work = Path(folder, "prefix"), Path(folder, "work")
        work.mkdir()
        call(cmake, "--install", build, "--prefix", prefix)
        share = prefix / "share/thermodose"
        # Only the installed copy has this template: finding it proves which data are used.
        (share / "cases/only_here").mkdir()
        text = (share / "cases/gel_axisymmetric/case.yaml").read_text(encoding="utf-8")
        (share / "cases/only_here/case.yaml").write_text("# Installed.\n" + text, encoding="utf-8")
        link = Path(folder, "thermodose")
        link.symlink_to(prefix / "bin/thermodose")
        if "only_here" not in call(link, "list", "templates", cwd=work):
            sys.exit("the installed cases were not found")
        call(link, "new", "only_here", "mine", cwd=work)
        call(link, "run", "mine", "--set", "numerics.cell_size=4 mm", "--set",
             "numerics.error_estimate=false", "-q", "-o", "out", cwd=work)
        if not (work / "out/summary.json").is_file():
            sys.exit("no results")
        for name in ("README.md", "reference.md", "case.schema.json"):
            if not (share / "docs" / name).is_file():
                sys.exit(f"docs/{name} was not installed")
    print("installed, found its data, ran the mesh engine")


if __name__ == "__main__":
    main()
