"""CPU of ``stillroom --help``; the bar is 80 ms. Beside it: an empty interpreter, and one that imports click.

Run: ``python benchmarks/help.py``. The three alternate; medians are printed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from compileall import compile_dir
from pathlib import Path

import stillroom

ROUNDS = 15
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
    # Where Python may not keep bytecode, every start would translate what has changed since.
    compile_dir(Path(stillroom.__file__).parent, quiet=1)
    bare, library = ([sys.executable, "-c", program] for program in ("pass", "import click"))
    cpu_ms(ours)
    rounds = [(cpu_ms(bare), cpu_ms(library), cpu_ms(ours)) for _ in range(ROUNDS)]
    reference, click, found = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"python -c pass            {reference:6.1f} ms CPU")
    print(f"python -c 'import click'  {click:6.1f} ms CPU   {click / reference:.1f} ×")
    print(f"stillroom --help          {found:6.1f} ms CPU   {found / reference:.1f} ×   bar {BAR_MS:.0f} ms")
    print("met" if found < BAR_MS else "MISSED")


if __name__ == "__main__":
    main()
