"""What is said of work that has ended: nothing is called done that has only begun."""

from __future__ import annotations

from pathlib import Path
from signal import SIGHUP, SIGTERM
from types import SimpleNamespace
from typing import Any

import pytest

from stillroom.steps.jobs import StopResult
from stillroom.steps.plan import Plan
from stillroom.steps.reporting import ReportResult
from stillroom.steps.selecting import SelectResult
from stillroom.steps.training import TrainResult
from stillroom.tui.ending import cut_off_words, ended_words


@pytest.mark.parametrize(
    ("verb", "result", "words"),
    [
        ("upload", None, "Done: It"),
        ("train", TrainResult((), ""), "Started: It"),
        ("train", TrainResult((), "Every student is trained."), "Every student is trained."),
        (
            "exclude",
            SelectResult(3, 2, 5, ()),
            "Done: 2 pictures left out, copies counted once; 5 are out now",
        ),
        (
            "include",
            SelectResult(1, 1, 1, ()),
            "Done: 1 picture taken back in, copies counted once; 1 is out now",
        ),
        ("stop", StopResult("job-1", True, "Stopping"), "Asked for: It"),
        ("stop", StopResult("job-1", False, "Completed"), "It had ended before: job-1"),
        (
            "report",
            ReportResult("/x/a.html", "/x/a.csv", "/x/r.json", ()),
            "Done: wrote /x/a.html",
        ),
        (
            "report",
            ReportResult("/x/a.html", "/x/a.csv", "/x/r.json", ("The page has no scores.",)),
            "Done: wrote /x/a.html. The page has no scores.",
        ),
        ("run", SimpleNamespace(left={}, remarks=()), "Done: everything that was missing"),
        (
            "run",
            SimpleNamespace(left={"teacher": 2}, remarks=("Known.", "One is still deployed. Run: it")),
            "Done: everything that was missing, except 2 answers. One is still deployed. Run: it",
        ),
        (
            "validate",
            SimpleNamespace(files=[SimpleNamespace(errors=0, warnings=0, advice=0)]),
            "Checked 1 file: nothing found",
        ),
        (
            "validate",
            SimpleNamespace(files=[SimpleNamespace(errors=2, warnings=0, advice=1)]),
            "Checked 1 file: 2 errors, 1 piece of advice; v on the Overview shows them",
        ),
        ("label", SimpleNamespace(failed={}, remarks=()), "Done: It"),
        ("label", SimpleNamespace(failed={}, remarks=("One was left out.",)), "Done: It. One was left out."),
        (
            "ask",
            SimpleNamespace(remarks=("One was left out.", "Two are gone.")),
            "Done: It. One was left out. Two are gone.",
        ),
        (
            "retry",
            SimpleNamespace(failed={"refused": 2, "timeout": 1}, remarks=()),
            "Done, but 3 pictures failed: It",
        ),
        ("ask", SimpleNamespace(failed=1, remarks=()), "Done: It"),
    ],
)
def test_only_what_is_done_is_called_done(verb: str, result: Any, words: str) -> None:
    plan = Plan(verb=verb, title="It", count=1, notes=("Known.",), command="stillroom it")
    assert ended_words(plan, result) == words


def test_the_shell_is_told_what_a_signal_has_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stillroom.toml").touch()
    label = Plan(verb="label", title="Label 3 pictures", count=3, command="stillroom label teacher")
    scan = Plan(verb="scan", title="Scan \x1b[2J", count=1, command="stillroom scan")
    monkeypatch.chdir(tmp_path)
    assert cut_off_words(SIGTERM, (), tmp_path) == "Stopped by SIGTERM; nothing was under way."
    assert cut_off_words(SIGTERM, (label,), tmp_path) == (
        "Stopped by SIGTERM: Label 3 pictures. What was finished is kept. To go on: stillroom label teacher"
    )
    monkeypatch.chdir("/")
    said = cut_off_words(SIGHUP, (label, scan), tmp_path)
    assert "\x1b" not in said
    assert said.endswith(
        f"To go on: stillroom label --project {tmp_path} teacher and stillroom scan --project {tmp_path}"
    )
