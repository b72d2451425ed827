#!/usr/bin/env python3
"""Builds the next section of CHANGELOG.md from the fragments in docs/changes/.

Implements: changelog.py            prints the section of the version in VERSION
            changelog.py --release  puts it into CHANGELOG.md and removes the fragments
A fragment is a Markdown file of one or two lines, one per change; a leading "- " is optional.
"""
import datetime
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def entry(text):
    """One list entry: the fragment's lines, bullets kept, continuation lines indented."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return "\n".join(line if line.startswith("- ") else ("  " if i else "- ") + line
                     for i, line in enumerate(lines))


def main():
    version = (ROOT / "VERSION").read_text(encoding="utf-8").strip()
    fragments = sorted((ROOT / "docs/changes").glob("*.md"))
    if not fragments:
        print("docs/changes holds no fragment", file=sys.stderr)
        return 1
    title = f"## {version}, {datetime.date.today().isoformat()}"
    section = "\n".join([title, ""] + [entry(f.read_text(encoding="utf-8")) for f in fragments])
    if "--release" not in sys.argv:
        print(section)
        return 0
    log = ROOT / "CHANGELOG.md"
    text = log.read_text(encoding="utf-8")
    head, mark, tail = text.partition("\n## ")
    if f"## {version}," in text:
        print(f"CHANGELOG.md has a section {version} already: raise VERSION", file=sys.stderr)
        return 1
    log.write_text(head.rstrip() + "\n\n" + section + "\n" + (mark + tail), encoding="utf-8")
    for fragment in fragments:
        fragment.unlink()
    print(f"CHANGELOG.md: {len(fragments)} fragments under {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
