#!/usr/bin/env python3
"""Checks the relative links of the Markdown files.

Implements: every [text](target) that is not a URL leads to a file of the tree, and its #anchor,
if any, to a heading of that file (links inside code are not links); and docs/README.md links to
every document in docs/.

Usage: check_links.py [ROOT]       exit status 1 and one line per broken link
       check_links.py --self-test  checks that broken links of every kind are caught
"""
import re
import sys
import tempfile
from pathlib import Path

from check_style import tracked_files

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def without_code(text):
    """Fenced blocks and code spans blanked, line breaks kept."""
    fence = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]*`", re.S | re.M)
    return fence.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def anchors(text):
    """GitHub's anchors of the headings."""
    found = set()
    for heading in re.findall(r"^#+\s+(.*?)\s*#*$", without_code_blocks(text), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", "")).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def without_code_blocks(text):
    return re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", text, flags=re.S | re.M)


def check(root):
    problems = []
    for path in (p for p in tracked_files(root) if p.suffix == ".md"):
        for number, line in enumerate(without_code(path.read_text("utf-8")).splitlines(), 1):
            for target in LINK.findall(line):
                if re.match(r"[a-z][a-z0-9+.-]*:", target):
                    continue
                name, _, anchor = target.partition("#")
                goal = (path.parent / name).resolve() if name else path
                where = f"{path.relative_to(root)}:{number}: {target}"
                if not goal.exists():
                    problems.append(f"{where}: no such file")
                elif anchor and anchor not in anchors(goal.read_text("utf-8")):
                    problems.append(f"{where}: no such heading")
    return problems + unlisted(root)


def unlisted(root):
    """Documents that the index does not know."""
    index = root / "docs/README.md"
    if not index.is_file():
        return []
    linked = {target.partition("#")[0] for target in LINK.findall(index.read_text("utf-8"))}
    return [f"docs/README.md: no link to {path.name}" for path in sorted((root / "docs").glob("*.md"))
            if path.name not in linked | {"README.md"}]


SELF_TEST = [  # text of a.md, number of problems
    ("[a](b.md) ![p](sub/p.png \"title\") [u](https://x.org/nothing) [s](#two-words)\n# Two words\n", 0),
    ("[a](b.md#the-heading-of-b)\n```\n[x](none.md)\n```\n`[y](none.md)`\n", 0),
    ("[a](none.md)\n", 1),
    ("[a](b.md#none) and [b](#none)\n", 2),
    ("![p](sub/none.png)\n", 1),
]


def self_test():
    failures = 0
    for text, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "sub").mkdir()
            (root / "sub/p.png").write_bytes(b"")
            (root / "b.md").write_text("## The `heading` of b\n")
            (root / "a.md").write_text(text)
            found = check(root)
        if len(found) != expected:
            print(f"self-test: expected {expected} problems, found {found} in:\n{text}")
            failures += 1
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs").mkdir()
        for name in ("a", "b"):
            (Path(folder) / f"docs/{name}.md").write_text("x\n")
        (Path(folder) / "docs/README.md").write_text("[a](a.md)\n")
        found = check(Path(folder).resolve())
    if found != ["docs/README.md: no link to b.md"]:
        print(f"self-test: a document outside the index: found {found}")
        failures += 1
    print(f"self-test: {len(SELF_TEST) + 1} cases, {failures} failures")
    return failures


def main():
    if "--self-test" in sys.argv:
        return 1 if self_test() else 0
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = check(root)
    print("\n".join(problems + [f"{len(problems)} broken links"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
