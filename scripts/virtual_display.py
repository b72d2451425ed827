"""A display to draw on, for programs that cannot draw without one.

Implements: display(), a context in which DISPLAY is set: the user's own display, or Xvfb.
"""
import contextlib
import os
import shutil
import subprocess


@contextlib.contextmanager
def display():
    """A display to draw on: the user's, or a virtual one that picks a free number by itself
    (xvfb-run -a may pick one that another program is about to take)."""
    if os.environ.get("DISPLAY"):
        yield
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise OSError("there is no display, and Xvfb (package xvfb) is not installed")
    ours, its = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(its), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[its], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(its)
    try:
        number = os.read(ours, 16).decode().strip()
        if not number:
            raise OSError("Xvfb did not start")
        os.environ["DISPLAY"] = ":" + number
        yield
    finally:
        os.close(ours)
        server.terminate()
        server.wait()
