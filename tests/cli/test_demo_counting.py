"""While the demo's scenes are drawn, a terminal has one line that counts."""

from __future__ import annotations

import io
import sys

import pytest

from stillroom.cli.options import Common
from stillroom.cli.verbs.demo_ import _counting


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "written"),
    [
        (
            _Terminal(),
            False,
            "\rDrawing scenes 0/1,000\rDrawing scenes 320/1,000\rDrawing scenes 1,000/1,000\n",
        ),
        (_Terminal(), True, ""),
        (io.StringIO(), False, "Drawing scenes …\n"),
        (io.StringIO(), True, ""),
    ],
    ids=["terminal", "quiet", "file", "quiet file"],
)
def test_one_line_counts(
    stream: io.StringIO, quiet: bool, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    common = Common()
    common.quiet = quiet
    with _counting(common, 1000) as told:
        told(0)
        told(320)
        told(1000)
    assert stream.getvalue() == written


def test_nothing_is_left_where_nothing_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    with _counting(Common(), 1000):
        pass
    assert terminal.getvalue() == ""
