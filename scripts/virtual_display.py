"""A display to draw on, for programs that cannot draw without one.

Implements: display(), a context in which DISPLAY is set: the user's own display, or Xvfb. A
connection is held open inside it: an X server starts anew when its last client leaves (ParaView
connects once to look and once to draw), and refuses connections meanwhile.
"""
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time


PR_SET_PDEATHSIG = 1  # Linux: the signal a process gets when its parent dies


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def hold_connection():
    """Connects to DISPLAY for the rest of the process; waits up to 10 s for the server."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    for _ in range(100):
        if x11.XOpenDisplay(None):
            return
        time.sleep(0.1)
    raise OSError(f"the display {os.environ['DISPLAY']} does not answer")


@contextlib.contextmanager
def display():
    """A display to draw on: the user's, or a virtual one that picks a free number by itself."""
    if os.environ.get("DISPLAY"):
        hold_connection()
        yield
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise OSError("there is no display, and Xvfb (package xvfb) is not installed")
    ours, its = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(its), "-screen", "0", "1280x1024x24", "-nolisten", "tcp",
         "-noreset"],
        pass_fds=[its], preexec_fn=end_with_parent, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    os.close(its)
    try:
        number = os.read(ours, 16).decode().strip()
        if not number:
            raise OSError("Xvfb did not start")
        os.environ["DISPLAY"] = ":" + number
        hold_connection()
        yield
    finally:
        os.close(ours)
        server.terminate()
        server.wait()
