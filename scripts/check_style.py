#!/usr/bin/env python3
"""Checks what clang-format and clang-tidy do not.

Implements: no source file over 400 lines, no function over 60 (C++ by brace matching on text
without comments and strings, Python by its syntax tree, shell by brace columns), the opening
comment "Implements" (CMake files need none, a .cc may leave it to its .h, a test may open with any
comment), `#pragma once` except in *_body.h, no tabs or trailing blanks, and no path of somebody's
machine in any tracked file.

Usage: check_style.py [ROOT]       exit status 1 and one line per violation
       check_style.py --self-test  checks that violations of every kind are caught
"""
import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_FILE, MAX_FUNCTION = 400, 60
CPP, SOURCE = {".cc", ".h", ".inl"}, {".cc", ".h", ".inl", ".py", ".sh", ".cmake"}
SLASH = "/"  # keeps this file free of what it forbids
MACHINE_PATH = re.compile(
    r"""(?<![\w.$}*)~-])/(work|root|home|tmp|mnt|scratch|Users)(?=/|\s|["'`,;:)]|$)"""
    r"|\.\." + SLASH + "shared")


def tracked_files(root):
    """Files git knows or would add; every file outside a checkout."""
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached",
               "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        paths = [root / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in root.rglob("*") if not p.relative_to(root).parts[0].startswith("build")]
    return sorted(p for p in paths if p.is_file() and not p.is_symlink())


def blank_cpp(text):
    """The text with comments, strings and preprocessor lines blanked, line breaks kept."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.S | re.M)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def is_function_head(head):
    """Whether the text before a brace opens a function body (or a lambda)."""
    head = head.strip()
    tail = r"\)\s*(const|noexcept|override|final|mutable|try|&|&&|->\s*[\w:<>*&,\s]+|\s)*$"
    return bool(re.search(tail, head)) or bool(re.search(r"\]\s*(mutable\s*)?$", head)) or bool(
        re.search(r"\)\s*(noexcept\s*)?:\s*[\w:]+\s*[({].*[)}]\s*$", head, re.S))


def is_scope_head(head):
    """Whether the text before a brace opens a namespace, a class or an enum."""
    return bool(re.search(r"(^|[\s;{}])(namespace|class|struct|union|enum|extern)\b[^()]*$", head))


def cpp_functions(text):
    """(first line, lines) of every outermost function, from the first line of its signature."""
    code = blank_cpp(text)
    stack, functions, head_start, inside = [], [], 0, 0
    for at, char in enumerate(code):
        if char == "{":
            head = code[head_start:at]
            scope = inside == 0 and is_scope_head(head)
            opens = inside == 0 and not scope and is_function_head(head)
            first = code.count("\n", 0, head_start + len(head) - len(head.lstrip())) + 1
            stack.append((opens, scope, first))
            inside += opens
            if scope:
                head_start = at + 1
        elif char == "}" and stack:
            opened, scope, first = stack.pop()
            inside -= opened
            if opened:
                functions.append((first, code.count("\n", 0, at) + 2 - first))
            if opened or scope:
                head_start = at + 1
        elif char == ";" and not inside:
            head_start = at + 1
    return functions


def python_functions(text):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(n.lineno, n.end_lineno - n.lineno + 1) for n in ast.walk(ast.parse(text))
            if isinstance(n, kinds)]


def shell_functions(text):
    functions, first = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\w+\(\)\s*\{", line):
            first = number
        elif line == "}" and first:
            functions.append((first, number - first + 1))
            first = 0
    return functions


def check_source(path, text, is_test):
    finders = {".py": python_functions, ".sh": shell_functions, ".cmake": lambda _: []}
    lines = text.count("\n")
    if lines > MAX_FILE:
        yield lines, f"{lines} lines, allowed are {MAX_FILE}"
    for first, length in finders.get(path.suffix, cpp_functions)(text):
        if length > MAX_FUNCTION:
            yield first, f"a function of {length} lines, allowed are {MAX_FUNCTION}"
    header = path.with_suffix(".h")  # it speaks for the .cc of the same name
    spoken_for = path.suffix == ".cmake" or (path.suffix == ".cc" and header.is_file())
    opening = "\n".join(text.splitlines()[:15])
    if is_test and path.suffix == ".cc":  # its tests have names
        if not opening.startswith("//"):
            yield 1, "no opening comment"
    elif not spoken_for and "Implements" not in opening:
        yield 1, "the opening comment has no 'Implements'"
    if path.suffix == ".h" and not path.stem.endswith("_body") and "#pragma once" not in text:
        yield 1, "a header without '#pragma once'"
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line or line != line.rstrip():
            yield number, "a tab or a trailing blank"


def check_paths(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = MACHINE_PATH.search(line)
        if match:
            yield number, f"'{match.group(0)}' is a path of one machine"


def check(root):
    problems = []
    for path in tracked_files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or data
        found = list(check_paths(text))
        if path.suffix in SOURCE and path.name != "CMakeLists.txt":
            found += check_source(path, text, path.relative_to(root).parts[0] == "tests")
        problems += [f"{path.relative_to(root)}:{line}: {what}" for line, what in found]
    return problems


GOOD = "// Implements: nothing.\n"
LONG = "  x += 1;\n" * 59


def self_test_cases():
    """(file name, content, part of the message; "" = must be accepted)"""
    tmp, home = SLASH + "tmp/x", SLASH + "home/me"
    body = "{\n" + LONG + "}\n"
    return [
        ("a.cc", GOOD + "int f(int x) " + body.replace(LONG, LONG[10:]), ""),
        ("a.cc", GOOD + "namespace a {\nclass B {\n" + "int c;\n" * 90 + "};\n}\n", ""),
        ("a.cc", GOOD + 'const char* s = "f() {";\n// g() {\n' + "int c;\n" * 90, ""),
        ("a.cc", GOOD + "const int a[] = {\n" + "1,\n" * 90 + "};\n", ""),
        ("a.md", "and/work either/tmp see docs/home, http://x.org/home/\n", ""),
        ("a.cc", GOOD + "int c;\n" * 401, "lines, allowed are 400"),
        ("a.cc", GOOD + "int f(int x) " + body, ":2: a function of 61"),
        ("a.cc", GOOD + "int f(\n    int x) const " + body, ":2: a function of 62"),
        ("a.cc", GOOD + "A::A(int y) : x(y), z{2} " + body, "a function of 61"),
        ("a.cc", GOOD + "struct A {\n  int f() const noexcept override " + body + "};\n",
         ":3: a function of 61"),
        ("a.cc", GOOD + "auto f(int x) -> std::pair<int, int> " + body, "a function of 61"),
        ("a.cc", GOOD + "template <class T>\nvoid f() { // a\n  int y = 1'000;\n" + LONG + "}\n",
         "a function of 63"),
        ("a.py", '"""Implements: x."""\ndef f():\n' + "    x = 1\n" * 60, "a function of 61"),
        ("a.sh", "# Implements: x\nf() {\n" + "  :\n" * 59 + "}\n", "a function of 61"),
        ("a.h", GOOD + "int a;\n", "#pragma once"),
        ("a.cc", "int a;\n", "no 'Implements'"),
        ("tests/a.cc", "// Tests of a.\nint a;\n", ""),
        ("tests/a.cc", "int a;\n", "no opening comment"),
        ("a.cc", GOOD + "int a; \n", "trailing blank"),
        ("a.cc", GOOD + "\tint a;\n", "a tab"),
        ("a.cc", GOOD + f'auto p = "{tmp}";\n', "path of one machine"),
        ("a.md", f"see {home}\n", "path of one machine"),
        ("a.yaml", f"file: ..{SLASH}shared/x\n", "path of one machine"),
    ]


def self_test():
    failures = 0
    cases = self_test_cases()
    for name, content, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_text(content)
            found = check(Path(folder))
        good = not found if not expected else len(found) == 1 and expected in found[0]
        if not good:
            print(f"self-test: expected '{expected}', found {found} in:\n{content[:300]}")
            failures += 1
    print(f"self-test: {len(cases)} cases, {failures} failures")
    return failures


def main():
    if "--self-test" in sys.argv:
        return 1 if self_test() else 0
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = check(root)
    print("\n".join(problems + [f"{len(problems)} violations of the style"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
