"""What is said on stderr, also in the midst of saying something else."""

from __future__ import annotations

import io
import os
import pty
from decimal import Decimal

import pytest
from rich.cells import cell_len

from stillroom.background import Progress
from stillroom.cli.console import facts, say_at_once
from stillroom.cli.options import Common


class Busy(io.StringIO):
    """A stream that is being written to: it refuses to be entered a second time."""

    def write(self, text: str, /) -> int:
        raise RuntimeError("reentrant call")


def test_a_signal_may_break_into_a_write(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr", Busy())
    say_at_once(Common(), "Leaving \x1b[31mat once.")
    assert capfd.readouterr().err == "Leaving \\x1b[31mat once.\n"


def test_quiet_holds_for_signals_too(capfd: pytest.CaptureFixture[str]) -> None:
    common = Common()
    common.quiet = True
    say_at_once(common, "Leaving at once.")
    assert capfd.readouterr().err == ""


def test_a_notice_does_not_stick_to_the_progress_line(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = pty.openpty()
    with os.fdopen(os.dup(2), "wb") as before:
        os.dup2(writing, 2)
        try:
            say_at_once(Common(), "Stopping.")
        finally:
            os.dup2(before.fileno(), 2)
    os.close(writing)
    assert os.read(reading, 100) == b"\r\nStopping.\r\n"
    os.close(reading)


MUCH = Progress(
    "label teacher", 123, 1_000, "pictures", 12.3, 71, 7, Decimal("0.14"), Decimal(5), "4 waiting"
)


def test_the_tail_of_a_progress_line_is_left_out_first() -> None:
    whole = facts(MUCH)
    assert whole == "123/1,000 pictures · 7 failed · 1 m 11 s left · $0.14 of $5.00 · 12.3/s · 4 waiting"
    for room in range(1, 100):
        line = facts(MUCH, room)
        assert cell_len(line) <= room
        assert whole.startswith(line.removesuffix("…"))
    assert facts(MUCH, 50) == "123/1,000 pictures · 7 failed · 1 m 11 s left"
    assert facts(MUCH, 20) == "123/1,000 pictures"
