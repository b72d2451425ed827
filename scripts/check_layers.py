#!/usr/bin/env python3
"""Checks the include directions between the rooms of solver/.

Implements: the rules of the table in docs/architecture.md, which this script reads, so that the
document and the check cannot disagree. A room may include itself, the rooms its row names, and
what those may include; "all" is every room of a lower layer. Libraries are not inherited: a room
may include the libraries its own row names, besides the standard library and fmt. deal.II stays
out of headers, except private ones named *_dealii.h, which only .cc files and other *_dealii.h
of the same room may include. ITK is for files named *_itk.cc, which make a module of their own.

Usage: check_layers.py [ROOT]       exit status 1 and one line per violation
       check_layers.py --self-test  checks that violations of every kind are caught
"""
import re
import sys
import tempfile
from pathlib import Path

LIBRARIES = {  # name in the table: headers that belong to it
    "std": r"[a-z_0-9]+|(unistd|fcntl|signal|pthread|sched|poll|dlfcn|\w*intrin|sys/\w+)\.h",
    "fmt": r"fmt/.*",
    "spdlog": r"spdlog/.*",
    "UDUNITS-2": r"udunits2?\.h",
    "Eigen": r"(unsupported/)?Eigen/.*",
    "yaml-cpp": r"yaml-cpp/.*",
    "nlohmann-json": r"nlohmann/.*",
    "expat": r"expat\.h",
    "zlib": r"zlib\.h",
    "deal.II": r"deal\.II/.*",
    "ITK": r"itk\w*\.h",
    "PETSc": r"(petsc|slepc)\w*\.h",
    "HDF5": r"(hdf5|hdf5_hl|H5\w+)\.h(pp)?",
    "CLI11": r"CLI/.*",
    "MPI": r"mpi\.h",
}
FOR_ALL = {"std", "fmt"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


class Rules:
    """Rooms, their layers, and what they may include."""

    def __init__(self, table_text):
        self.layer, self.rooms, self.libraries = {}, {}, {}
        rows = re.findall(r"^\|\s*(\d+)\s*\|([^|]*)\|[^|]*\|([^|]*)\|", table_text, re.M)
        if not rows:
            raise SystemExit("docs/architecture.md: the table of rooms was not found")
        allowed = {}
        for layer, cell, may in rows:
            name = re.search(r"`solver/(\w+)`", cell).group(1)
            self.layer[name] = int(layer)
            allowed[name] = [w.strip() for w in may.split(",") if w.strip()]
        for name, words in allowed.items():
            for word in words:
                if word not in allowed and word not in LIBRARIES and word != "all":
                    raise SystemExit(f"docs/architecture.md: {name}: unknown name '{word}'")
            self.libraries[name] = FOR_ALL | {w for w in words if w in LIBRARIES}
            self.rooms[name] = {w for w in words if w in allowed}
            if "all" in words:
                self.rooms[name] |= {r for r in allowed if self.layer[r] < self.layer[name]}
        self._close()

    def _close(self):
        """Transitive closure; a room that reaches itself or a higher layer is an error."""
        grown = True
        while grown:
            grown = False
            for name, rooms in self.rooms.items():
                more = set().union(*(self.rooms[r] for r in rooms)) - rooms if rooms else set()
                if more:
                    rooms |= more
                    grown = True
        for name, rooms in self.rooms.items():
            for other in rooms:
                if other == name or self.layer[other] > self.layer[name]:
                    raise SystemExit(f"docs/architecture.md: {name} must not include {other}")


def library_of(header):
    """The library a header in angle brackets belongs to; None when unknown."""
    special = [name for name in LIBRARIES if name != "std"]
    for name in special + ["std"]:
        if re.fullmatch(LIBRARIES[name], header):
            return name
    return None


def room_of(path, root):
    """solver/fem/x.cc -> fem; solver/main.cc -> cli (the last row names both)."""
    parts = path.relative_to(root / "solver").parts
    return parts[0] if len(parts) > 1 else "cli"


def check_room_header(path, header, room, rules, root):
    if not (root / "solver" / header).is_file():
        return f'"{header}" is not a file under solver/ (includes are written from there)'
    other = room_of(root / "solver" / header, root)
    if other != room and other not in rules.rooms[room]:
        return f"room '{room}' must not include room '{other}' ({header})"
    if header.endswith("_dealii.h"):
        if other != room:
            return f"{header} is private to room '{other}'"
        if path.suffix != ".cc" and not path.name.endswith("_dealii.h"):
            return f"{header} sees deal.II and may be included by .cc files only"
    return None


def check_library_header(path, header, room, rules):
    library = library_of(header)
    if library is None:
        return f"<{header}> belongs to no known library"
    if library not in rules.libraries[room]:
        return f"room '{room}' must not include {library} (<{header}>)"
    if library == "deal.II" and path.suffix != ".cc" and not path.name.endswith("_dealii.h"):
        return f"deal.II in a header (<{header}>); move it to the .cc or to a private *_dealii.h"
    if library == "ITK" and not path.name.endswith("_itk.cc"):
        return f"ITK outside of its module (<{header}>); move it to a file named *_itk.cc"
    return None


def check_file(path, rules, root):
    room = room_of(path, root)
    where = path.relative_to(root)
    if room not in rules.rooms:
        return [f"{where}: room '{room}' is not in the table of docs/architecture.md"]
    problems = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        if match.group(1):
            problem = check_room_header(path, match.group(1), room, rules, root)
        else:
            problem = check_library_header(path, match.group(2), room, rules)
        if problem:
            problems.append(f"{where}:{number}: {problem}")
    return problems


def check(root):
    rules = Rules((root / "docs/architecture.md").read_text(encoding="utf-8"))
    files = sorted(p for p in (root / "solver").rglob("*") if p.suffix in {".cc", ".h", ".inl"})
    return [problem for path in files for problem in check_file(path, rules, root)]


TABLE = """
| layer | room | what | may include |
|---|---|---|---|
| 0 | `solver/base` | units | std, spdlog |
| 1 | `solver/physics` | laws | base, Eigen |
| 2 | `solver/fem` | heat | physics, deal.II, ITK |
| 3 | `solver/run` | loop | all |
| 4 | `solver/cli`, `solver/main.cc` | arguments | run, CLI11 |
"""
SELF_TEST = [  # file, line in it, part of the message; "" = must be accepted
    ("physics/a.cc", '#include "base/b.h"', ""),
    ("fem/a.cc", '#include "base/b.h"', ""),
    ("fem/a.cc", "#include <deal.II/grid/tria.h>", ""),
    ("main.cc", '#include "physics/p.h"', ""),
    ("physics/a.cc", "#include <fmt/format.h>", ""),
    ("physics/a.cc", "#include <sys/stat.h>", ""),
    ("fem/a.cc", '#include "fem/m_dealii.h"', ""),
    ("fem/a_itk.cc", "#include <itkImage.h>", ""),
    ("base/a.cc", '#include "physics/p.h"', "must not include room 'physics'"),
    ("physics/a.cc", '  #  include "fem/f.h"', "must not include room 'fem'"),
    ("physics/a.cc", '#include "p.h"', "not a file under solver/"),
    ("physics/a.cc", "#include <deal.II/base/point.h>", "must not include deal.II"),
    ("run/a.cc", "#include <deal.II/base/point.h>", "must not include deal.II"),
    ("fem/a.cc", "#include <petscksp.h>", "must not include PETSc"),
    ("fem/a.cc", "#include <hdf5.h>", "must not include HDF5"),
    ("fem/a.cc", "#include <H5Cpp.h>", "must not include HDF5"),
    ("run/a.cc", "#include <yaml-cpp/yaml.h>", "must not include yaml-cpp"),
    ("physics/a.cc", "#include <spdlog/spdlog.h>", "must not include spdlog"),
    ("physics/a.cc", "#include <boost/any.hpp>", "no known library"),
    ("physics/a.cc", "#include <gsl_math.h>", "no known library"),
    ("fem/a.h", "#include <deal.II/grid/tria.h>", "deal.II in a header"),
    ("fem/a_itk.h", "#include <itkImage.h>", "ITK outside of its module"),
    ("fem/a.cc", "#include <itk_zlib.h>", "ITK outside of its module"),
    ("physics/a_itk.cc", "#include <itkImage.h>", "must not include ITK"),
    ("fem/a.h", '#include "fem/m_dealii.h"', "by .cc files only"),
    ("run/a.cc", '#include "fem/m_dealii.h"', "private to room 'fem'"),
    ("kitchen/a.cc", "#include <cmath>", "room 'kitchen' is not in the table"),
]


def self_test():
    failures = 0
    for name, line, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "docs").mkdir()
            (root / "docs/architecture.md").write_text(TABLE)
            for header in ("base/b.h", "physics/p.h", "fem/f.h", "fem/m_dealii.h", name):
                (root / "solver" / header).parent.mkdir(parents=True, exist_ok=True)
                (root / "solver" / header).write_text("#pragma once\n")
            (root / "solver" / name).write_text(f"// line 1\n{line}\n")
            found = check(root)
        good = not found if not expected else len(found) == 1 and expected in found[0]
        if not good:
            print(f"self-test: {name}: {line}: expected '{expected}', found {found}")
            failures += 1
    for row in ("| 2 | `solver/odd` | x | run |", "| 2 | `solver/odd` | x | Boots |"):
        try:
            Rules(TABLE + row)
            print(f"self-test: the row '{row}' was accepted")
            failures += 1
        except SystemExit:
            pass
    print(f"self-test: {len(SELF_TEST) + 2} cases, {failures} failures")
    return failures


def main():
    if "--self-test" in sys.argv:
        return 1 if self_test() else 0
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = check(root)
    print("\n".join(problems + [f"{len(problems)} violations of the layers"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
