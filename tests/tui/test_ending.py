"""What is said of work that has ended: nothing is called done that has only begun."""

from __future__ import annotations

from pathlib import Path
from signal import SIGHUP, SIGTERM
from types import SimpleNamespace
from typing import Any

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws.uploading import UploadFailure
from stillroom.steps.jobs import StopResult
from stillroom.steps.plan import Counted, Plan
from stillroom.steps.reporting import ReportResult
from stillroom.steps.selecting import SelectResult
from stillroom.steps.training import TrainResult
from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.ending import ended_badly, ended_words, parting_words
from stillroom.tui.opening import open_workbench


def answered(**more: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"failed": {}, "flagged": 0, "unfit": 0, "remarks": (), **more})


@pytest.mark.parametrize(
    ("verb", "result", "words"),
    [
        ("upload", SimpleNamespace(failed=(), remarks=("One has gone.",)), "Done: It. One has gone."),
        (
            "upload",
            SimpleNamespace(failed=(UploadFailure("a/b", "No room.", "Make some."),) * 22, remarks=()),
            "22 files not uploaded: No room. Make some.",
        ),
        ("build", SimpleNamespace(remarks=("1.jpg is left out.",)), "Done: It. 1.jpg is left out."),
        ("deploy", SimpleNamespace(remarks=("Known.",)), "Done: It"),
        ("undeploy", None, "Done: It"),
        ("train", TrainResult((), ""), "Started: It"),
        ("train", TrainResult((), "Every student is trained."), "Every student is trained."),
        (
            "exclude",
            SelectResult(3, 2, 5, ()),
            "Done: 2 pictures left out; 5 pictures are left out now",
        ),
        (
            "include",
            SelectResult(1, 1, 1, ()),
            "Done: 1 picture taken back in; 1 picture is left out now",
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
        ("label", answered(), "Done: It"),
        ("label", answered(flagged=3, unfit=1), "Done: It. 2 pictures could not be prepared: stillroom scan"),
        ("label", answered(remarks=("One was left out.",)), "Done: It. One was left out."),
        (
            "ask",
            SimpleNamespace(remarks=("One was left out.", "Two are gone.")),
            "Done: It. One was left out. Two are gone.",
        ),
        (
            "retry",
            answered(failed={"refused": 2, "timeout": 1}),
            "Done, but 3 pictures failed: It",
        ),
        ("ask", SimpleNamespace(failed=1, remarks=()), "Done: It"),
    ],
)
def test_only_what_is_done_is_called_done(verb: str, result: Any, words: str) -> None:
    plan = Plan(verb=verb, title="It", count=1, notes=("Known.",), command="stillroom it")
    assert ended_words(plan, result) == words


def test_files_that_did_not_get_there_are_bad_news() -> None:
    plan = Plan(verb="upload", title="It", count=1, command="stillroom upload")
    assert ended_badly(plan, SimpleNamespace(failed=(1,)))
    assert not ended_badly(plan, SimpleNamespace(failed=()))


def test_copies_are_spoken_of_where_there_are_any() -> None:
    notes = (Counted("Exact copies go with it: 3 files in all.", "copies", 3),)
    plan = Plan(verb="exclude", title="It", count=2, notes=notes, command="stillroom it")
    said = ended_words(plan, SelectResult(2, 2, 2, notes))
    assert said == "Done: 2 pictures left out, copies counted once; 2 pictures are left out now"


LABEL = Plan(verb="label", title="Label 3 pictures", count=3, command="stillroom label teacher")
SCAN = Plan(verb="scan", title="Scan \x1b[2J", count=1, command="stillroom scan")


def test_the_shell_is_told_what_a_signal_has_cut_off(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    with open_workspace(project) as workspace:
        assert parting_words(workspace, None, ()) == ""
        assert parting_words(workspace, None, (LABEL,)) == (
            "Stopped: Label 3 pictures. What was finished is kept. To go on: stillroom label teacher"
        )
        assert parting_words(workspace, SIGTERM, ()) == "Stopped by SIGTERM; nothing was under way."
        assert parting_words(workspace, SIGTERM, (LABEL,)) == (
            "Stopped by SIGTERM: Label 3 pictures. What was finished is kept. "
            "To go on: stillroom label teacher"
        )
        monkeypatch.chdir("/")
        told = parting_words(workspace, SIGHUP, (LABEL, SCAN))
    assert "\x1b" not in told
    assert told.endswith(
        f"To go on: stillroom label --project {project} teacher and stillroom scan --project {project}"
    )


def test_the_shell_is_told_what_is_trained_without_the_workbench(
    uploaded: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.turn(speed=1.0)
    monkeypatch.chdir(uploaded)
    stillroom("train", "--size", "10", "-yq", "--project", uploaded).ok()
    one = "lite-10 goes on being trained: stillroom jobs --watch"
    with open_workspace(uploaded) as workspace:
        assert parting_words(workspace, None, ()) == one
        assert parting_words(workspace, SIGTERM, ()) == f"Stopped by SIGTERM.\n{one}"
        assert parting_words(workspace, SIGHUP, (LABEL,)).splitlines()[1:] == [one]
        stillroom("train", "--size", "20", "-yq", "--project", uploaded).ok()
        monkeypatch.chdir("/")
        assert parting_words(workspace, None, ()) == (
            f"lite-10 and lite-20 go on being trained: stillroom jobs --project {uploaded} --watch"
        )


def test_the_shell_is_told_what_is_trained_where_the_workbench_was_left_by_a_fault(
    uploaded: Path, box: Box, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def run(self: Workbench, *, mouse: bool) -> None:
        self.failure = ZeroDivisionError("nobody foresaw")

    box.turn(speed=1.0)
    stillroom("train", "--size", "10", "-yq", "--project", uploaded).ok()
    monkeypatch.setattr(Workbench, "run", run)
    with pytest.raises(ZeroDivisionError, match="nobody foresaw"):
        open_workbench(uploaded)
    assert capfd.readouterr().err.startswith("lite-10 goes on being trained: stillroom jobs ")


def test_what_is_being_stopped_or_has_ended_is_not_said_to_go_on(distilled: Path, box: Box) -> None:
    box.turn(speed=1.0)
    put(distilled, "training", "epochs", 3)
    with open_workspace(distilled) as workspace:
        assert parting_words(workspace, None, ()) == ""
        stillroom("train", "--size", "10", "-yq", "--project", distilled).ok()
        stillroom("stop", "lite-10-2", "-yq", "--project", distilled).ok()
        assert parting_words(workspace, None, ()) == ""


def test_where_findings_are_shown_is_said_elsewhere_alone_and_of_one_as_of_one() -> None:
    plan = Plan(verb="validate", title="It", count=1, command="stillroom validate")
    one, two = (
        SimpleNamespace(files=[SimpleNamespace(errors=0, warnings=0, advice=advice)]) for advice in (1, 2)
    )
    assert ended_words(plan, one) == "Checked 1 file: 1 piece of advice; v on the Overview shows it"
    assert ended_words(plan, one, on="overview") == "Checked 1 file: 1 piece of advice; v shows it"
    assert ended_words(plan, two, on="overview") == "Checked 1 file: 2 pieces of advice; v shows them"
