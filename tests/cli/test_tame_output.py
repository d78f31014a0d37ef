"""Nothing from outside steers a terminal, neither through JSON nor through what a crash says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.cli import crash, output
from stillroom.cli.options import Common

WILD = "a\x1b[31m\x9b2J\u202egpj.\u2028\u200f\ud800z"


@given(st.text(st.characters(exclude_categories=())))
def test_json_comes_back_as_it_was_and_is_printable(text: str):
    line = output.json_line({"image": text})
    assert json.loads(line) == {"image": text}
    line.encode("utf-8")
    assert not any(char in line for char in "\x1b\x9b\x7f\x85\u202e\u2066\u2028\u200f\ufeff\n")


def test_a_result_with_a_name_that_utf8_cannot_hold_is_written(capsys: pytest.CaptureFixture[str]):
    output.write_json(Common(), {"path": WILD})
    said = capsys.readouterr().out
    assert json.loads(said) == {"path": WILD}
    assert "\x9b" not in said


def test_a_crash_shows_no_control_codes_and_no_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    error = RuntimeError(f"{WILD} AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    crash.catch_crashes()
    sys.excepthook(RuntimeError, error, None)
    said = capsys.readouterr().err
    assert "unexpected RuntimeError" in said
    assert not {char for char in said if not char.isprintable()} - {"\n"}
    (file,) = tmp_path.rglob("crash-*.txt")
    for text in (said, file.read_text(encoding="utf-8")):
        assert "AKIA" not in text
        assert "wJalr" not in text
