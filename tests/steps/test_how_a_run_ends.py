"""However a run ends, it says what it did and who is still deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import deployments
from stillroom.aws.session import Session
from stillroom.errors import Interrupted, Unreachable
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run, _Made
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace

USUAL = 0.5
"""The students' temperature with which all answers are there."""


def test_its_plan_names_the_step_that_a_budget_reaches(project: Path) -> None:
    plan = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]
    high = {line["label"]: plan["steps"][line["label"]]["high"] for line in plan["lines"][1:]}
    jobs = [what for what in high if what.startswith("train ")]
    assert len(jobs) == 2
    # All jobs are begun together, and before untuned is asked.
    order = (
        ("label teacher", []),
        (", ".join(jobs), ["label teacher"]),
        ("label untuned", ["label teacher", *jobs]),
    )
    for reached, before in order:
        put(project, "limits", "budget", round(sum(high[what] for what in before) + 0.0001, 4))
        (stop,) = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]["stops"]
        assert stop.endswith(f"at the highest prices that is at: {reached}.")


def test_a_run_that_the_budget_stops_says_what_was_done(project: Path) -> None:
    put(project, "limits", "budget", 0.02)
    said = stillroom("run", "-yq", "--project", project)
    said.refused(5, "The budget is reached", "Done before: scan, setup.", "limits.budget")


def test_a_run_that_the_budget_stops_later_says_who_failed(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    box.turn(faults={"refusal": 0.3}, seed=2)
    assert stillroom("label", "teacher", "-yq", "--project", project).code == 6
    gone = stillroom("cost", "--json", "--project", project).ok().json["spent_high_usd"]
    put(project, "limits", "budget", round(gone + 0.001, 4))
    said = stillroom("run", "-yq", "--project", project)
    said.refused(5, "Training may cost $", "Done before: scan, setup, label, build")
    failed = stillroom("status", "--json", "--project", project).ok().json["steps"][1]["facts"]
    assert " failed: stillroom retry teacher" in said.err and "failed" in failed


def test_a_run_that_can_ask_nothing_more_deploys_nobody(distilled: Path, box: Box) -> None:
    put(distilled, "student", "temperature", 0.1)
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    put(distilled, "limits", "budget", 0.001)
    before = box.served()
    said = stillroom("run", "-yq", "--project", distilled)
    said.refused(5, "One answer of a student may cost $", "$0.00 of the budget", "limits.budget")
    assert "still deployed" not in said.err
    assert _deployed(distilled) == []
    assert box.served() == before


def _stopped(project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What to do after a run that was stopped when it had deployed the students; they lack answers."""
    put(project, "student", "temperature", 0.1)
    whole = Label.execute

    def stopped(self: Label, workspace: Workspace, plan: LabelPlan, watch: Watch) -> object:
        if self.name == "lite-10":
            raise Interrupted("Stopped.", "The same command goes on from there.")
        return whole(self, workspace, plan, watch)

    monkeypatch.setattr(Label, "execute", stopped)
    with open_workspace(project) as workspace:
        run = Run()
        with pytest.raises(Interrupted) as stop:
            run.execute(workspace, run.plan(workspace), Watch())
    monkeypatch.undo()
    return stop.value.todo


def _deployed(project: Path) -> list[str]:
    with open_workspace(project) as workspace:
        return [row.student for row in workspace.store.students.deployments()]


def _plan(project: Path) -> dict[str, Any]:
    found = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert isinstance(found, dict)
    return found


def test_a_run_that_is_stopped_names_who_is_still_deployed(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _stopped(distilled, monkeypatch) == (
        "The same command goes on from there. lite-10 and lite-20 are still deployed. "
        "To remove them: stillroom run, or stillroom undeploy NAME"
    )
    assert stillroom("run", "-yq", "--json", "--project", distilled).ok().json["remarks"] == []


def test_a_command_to_go_on_with_is_told_apart_from_what_follows(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()

    def stopped(self: _Made) -> None:
        raise Interrupted("Stopped.", "To go on from there: stillroom run")

    monkeypatch.setattr(_Made, "build", stopped)
    with open_workspace(distilled) as workspace:
        run = Run()
        with pytest.raises(Interrupted) as stop:
            run.execute(workspace, run.plan(workspace), Watch())
    assert stop.value.todo == (
        "To go on from there: stillroom run. lite-10 is still deployed. "
        "To remove it: stillroom undeploy lite-10"
    )


def test_a_run_says_that_what_was_deployed_by_hand_stays(distilled: Path) -> None:
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    found = stillroom("run", "-yq", "--json", "--project", distilled).ok().json
    assert found["remarks"] == ["lite-10 is still deployed. To remove it: stillroom undeploy lite-10"]
    said = stillroom("run", "-yq", "--project", distilled).ok().out
    assert "note: lite-10 is still deployed. To remove it: stillroom undeploy lite-10" in said


def test_what_an_earlier_run_has_left_deployed_is_in_the_plan_that_removes_it(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = _plan(distilled)
    assert (usual["count"], usual["lines"]) == (0, [])
    _stopped(distilled, monkeypatch)
    put(distilled, "student", "temperature", USUAL)
    found = _plan(distilled)
    assert (found["count"], found["needs_consent"]) == (1, True)
    (line,) = found["lines"]
    assert line == {"label": "undeploy", "value": "what an earlier run has left deployed: lite-10, lite-20"}
    stillroom("run", "-q", "--project", distilled).refused(2, "Nothing was done: run needs your agreement")
    assert _deployed(distilled) == ["lite-10", "lite-20"]
    stillroom("run", "-yq", "--project", distilled).ok()
    assert _deployed(distilled) == []


def test_a_run_leaves_what_was_deployed_by_hand_after_an_earlier_run(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopped(distilled, monkeypatch)
    for name in ("lite-10", "lite-20"):
        stillroom("undeploy", name, "-yq", "--project", distilled).ok()
    put(distilled, "student", "temperature", USUAL)
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    assert _plan(distilled)["lines"] == []
    found = stillroom("run", "-yq", "--json", "--project", distilled).ok().json
    assert found["remarks"] == ["lite-10 is still deployed. To remove it: stillroom undeploy lite-10"]
    assert _deployed(distilled) == ["lite-10"]


@pytest.mark.parametrize("words", [("deploy", "lite-10"), ("deploy",)])
def test_what_an_earlier_run_has_left_and_is_then_asked_for_by_hand_stays(
    distilled: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    _stopped(distilled, monkeypatch)
    put(distilled, "student", "temperature", USUAL)
    stillroom(*words, "-yq", "--project", distilled).ok()
    kept = ["lite-10"] if words[1:] else ["lite-10", "lite-20"]
    stillroom("run", "-yq", "--project", distilled).ok()
    assert _deployed(distilled) == kept


KEPT = "lite-10, which run has deployed, stays deployed: run no longer removes it."
BOTH_KEPT = "lite-10 and lite-20, which run has deployed, stay deployed: run no longer removes them."


@pytest.mark.parametrize(
    ("words", "title", "count", "said"),
    [
        (("lite-10",), "Keep lite-10 deployed after run", 1, KEPT),
        ((), "Keep lite-10, lite-20 deployed after run", 2, BOTH_KEPT),
    ],
)
def test_who_keeps_by_hand_what_run_has_deployed_is_told_so(
    distilled: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    title: str,
    count: int,
    said: str,
) -> None:
    _stopped(distilled, monkeypatch)
    command = ("deploy", *words, "--json", "--project", distilled)
    plan = stillroom(*command, "--dry-run").ok().json["plan"]
    assert (plan["title"], plan["count"], plan["needs_consent"]) == (title, count, False)
    assert plan["notes"] == [said]
    assert stillroom(*command, "-q").ok().json["remarks"] == [said]
    # It is done, and said no more.
    again = stillroom(*command, "-q").ok().json
    assert again["remarks"] == []
    assert len(again["deployments"]) == count
    assert stillroom(*command, "--dry-run").ok().json["plan"]["title"] == "Every student is deployed."


def test_one_may_be_kept_and_another_deployed_at_once(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopped(distilled, monkeypatch)
    stillroom("undeploy", "lite-20", "-yq", "--project", distilled).ok()
    plan = stillroom("deploy", "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert (plan["title"], plan["count"]) == ("Deploy lite-20, and keep lite-10 deployed after run", 2)
    assert (plan["needs_consent"], plan["notes"]) == (True, [KEPT])


def test_a_dry_run_of_deploy_leaves_to_run_what_it_has_made(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopped(distilled, monkeypatch)
    put(distilled, "student", "temperature", USUAL)
    stillroom("deploy", "--dry-run", "--project", distilled).ok()
    stillroom("run", "-yq", "--project", distilled).ok()
    assert _deployed(distilled) == []


def test_a_deployment_that_nobody_answered_for_may_be_there(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(distilled, "student", "temperature", 0.1)
    create = deployments.create_deployment

    def unanswered(session: Session, *words: Any, **named: Any) -> str:
        create(session, *words, **named)
        raise Unreachable("AWS did not answer.", "Try again.")

    monkeypatch.setattr(deployments, "create_deployment", unanswered)
    said = stillroom("run", "-yq", "--project", distilled)
    assert said.code != 0
    assert (
        "lite-10 may be deployed: AWS did not answer. "
        "To remove it: stillroom run, or stillroom undeploy lite-10" in said.err
    )
    monkeypatch.undo()
    assert stillroom("run", "-yq", "--json", "--project", distilled).ok().json["remarks"] == []
    assert _deployed(distilled) == []
