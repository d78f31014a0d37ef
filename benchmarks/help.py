"""CPU of ``stillroom --help`` beside that of an interpreter that does nothing. The bar: 80 ms.

Run: ``python benchmarks/help.py``. Pairs alternate; medians are printed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys

PAIRS = 15
BAR_MS = 80.0


def cpu_ms(command: list[str]) -> float:
    """User and system time of one process, in milliseconds."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return (used.ru_utime + used.ru_stime) * 1000


def main() -> None:
    """Measure and print."""
    script = shutil.which("stillroom", path=os.path.dirname(sys.executable)) or shutil.which("stillroom")  # noqa: PTH120
    ours = [script, "--help"] if script else [sys.executable, "-m", "stillroom", "--help"]
    bare = [sys.executable, "-c", "pass"]
    cpu_ms(ours)
    pairs = [(cpu_ms(bare), cpu_ms(ours)) for _ in range(PAIRS)]
    reference, found = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"python -c pass     {reference:6.1f} ms CPU")
    print(f"stillroom --help   {found:6.1f} ms CPU   {found / reference:.1f} ×   bar {BAR_MS:.0f} ms")
    print("met" if found < BAR_MS else "MISSED")


if __name__ == "__main__":
    main()
