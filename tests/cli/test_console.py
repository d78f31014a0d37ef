"""What is said on stderr, also in the midst of saying something else."""

from __future__ import annotations

import io

import pytest

from stillroom.cli.console import say_at_once
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
    say_at_once(Common(quiet=True), "Leaving at once.")
    assert capfd.readouterr().err == ""
