"""Work that hangs keeps nobody: its thread dies with the process."""

from __future__ import annotations

import subprocess
import sys

_HANGS = """
import threading
from stillroom.background import Runner
handle = Runner().start("hang", lambda slot, signals: threading.Event().wait())
assert not handle.wait(0.05) and handle.running
print("left", flush=True)
"""


def test_a_process_ends_although_its_work_hangs():
    ended = subprocess.run([sys.executable, "-c", _HANGS], capture_output=True, text=True, timeout=20)
    assert (ended.returncode, ended.stdout) == (0, "left\n"), ended.stderr
