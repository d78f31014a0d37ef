"""What asking is reckoned to take."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import quotas
from stillroom.background import Progress, Slot
from stillroom.errors import PermissionRefused, StillroomError, Unreachable
from stillroom.steps.ask import AskModels
from stillroom.steps.asking import USUAL_SECONDS, resolved_pace, time_of
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Watch
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import open_workspace


def test_many_calls_at_a_time_take_no_less_than_one(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        spec = target(workspace, TEACHER).spec
        at_once = workspace.settings.limits.concurrency
        assert time_of(workspace, spec, 0).high == 0
        assert time_of(workspace, spec, 1).likely == USUAL_SECONDS
        assert time_of(workspace, spec, 100 * at_once).likely == 100 * USUAL_SECONDS


def _seconds(root: Path) -> float:
    plan = stillroom("label", TEACHER, "--dry-run", "--json", "--project", root).ok().json["plan"]
    return float(plan["time"]["likely"])


def test_a_student_reads_as_many_tokens_as_the_model_that_it_is_trained_from(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    before = _tokens_in(project)
    said = stillroom(
        "label", "untuned", "--split", "train", "--limit", "6", "-yq", "--json", "--project", project
    )
    measured = round(said.ok().json["input_tokens"] / 6)
    after = _tokens_in(project)
    assert before["label teacher"] == before["label lite-10"] != measured
    assert after == {
        "label teacher": before["label teacher"],
        "label untuned": measured,
        "label lite-10": measured,
        "label lite-20": measured,
    }


def _tokens_in(root: Path) -> dict[str, int]:
    """Input tokens of a call, as the estimate of each labeling has them."""
    left = stillroom("cost", "--json", "--project", root).ok().json["left"]
    how = {one["step"]: re.search(r"\(([0-9,]+) tokens in", one["how"]) for one in left}
    return {step: int(found[1].replace(",", "")) for step, found in how.items() if found}


def test_a_plan_goes_by_the_quota_that_doctor_has_read(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    before = _seconds(project)
    box.turn(quotas="aws", quota_scale=0.01)
    try:
        said = stillroom("doctor", "--project", project)
        (told,) = [line for line in said.out.splitlines() if "teacher quota" in line]
        a_minute = float(re.search(r"([\d,]+) requests", told)[1].replace(",", ""))  # type: ignore[index]
        count = (
            stillroom("label", TEACHER, "--dry-run", "--json", "--project", project)
            .ok()
            .json["plan"]["count"]
        )
        assert _seconds(project) == pytest.approx(count * 60 / a_minute)
        assert _seconds(project) > before
        put(project, "aws", "profile", "another")
        assert _seconds(project) == before
    finally:
        box.turn(quota_scale=1.0)


def test_a_time_that_brought_throttles_alone_slows_no_plan(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", TEACHER, "--limit", "10", "-yq", "--project", project).ok()
    before = _seconds(project)
    with open_workspace(project) as workspace, workspace.store.database.writing() as connection:
        connection.execute("UPDATE runs SET active_seconds = active_seconds + 3600")
    assert _seconds(project) == before


@pytest.mark.parametrize("fault", [PermissionRefused, Unreachable])
def test_quotas_that_cannot_be_read_bound_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, fault: type[StillroomError]
) -> None:
    """A closed network often lets Bedrock in and Service Quotas not."""

    def refuse(session: object) -> tuple[quotas.Quota, ...]:
        raise fault("no quotas", "")

    monkeypatch.setattr(quotas, "list_quotas", refuse)
    with open_workspace(project) as workspace:
        wanted = target(workspace, TEACHER)
        pace = resolved_pace(workspace, wanted, wanted.spec.model)
        assert pace.concurrency == workspace.settings.limits.concurrency
        assert (pace.requests_per_minute, pace.tokens_per_minute) == (None, None)


def _named(*quota: tuple[str, float]) -> Callable[[object], tuple[quotas.Quota, ...]]:
    return lambda session: tuple(
        quotas.Quota(f"{words} for Amazon Nova Pro", "L-1", value, adjustable=True, applied=True)
        for words, value in quota
    )


@pytest.mark.parametrize("unit", ["requests", "tokens"])
def test_a_quota_of_nothing_is_told_before_anything_is_asked(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch, unit: str
) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    words = f"Cross-region model inference {unit} per minute"
    monkeypatch.setattr(quotas, "list_quotas", _named((words, 0.0)))
    before = box.served()
    label = ("label", TEACHER, "--limit", "3", "-yq", "--project", project)
    stillroom(*label).refused(4, f"its quota is 0 {unit} a minute", "Service Quotas")
    assert f"{unit} a minute" in stillroom("doctor", "--project", project).out
    assert "may not call us.amazon.nova-pro-v1:0 yet" in stillroom("doctor", "--project", project).out
    assert box.served() == before
    put(project, "limits", f"{unit}_per_minute", 60_000)
    stillroom(*label).ok()
    assert box.served() == before + 3


def test_a_global_profile_is_paced_by_its_own_quota(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "cross-region model inference requests per minute"
    monkeypatch.setattr(quotas, "list_quotas", _named((words, 500.0), (f"Global {words}", 70.0)))
    with open_workspace(project) as workspace:
        wanted = target(workspace, TEACHER)
        for scope, most in (("us", 500.0), ("global", 70.0)):
            pace = resolved_pace(workspace, wanted, f"{scope}.amazon.nova-pro-v1:0")
            assert pace.requests_per_minute == most


def test_doctor_tells_the_quotas_of_what_will_be_called(project: Path) -> None:
    """Nova 2 Lite has none in the region itself: a profile is what leads to it."""
    put(project, "student", "model", "amazon.nova-2-lite-v1:0")
    checks = stillroom("doctor", "--json", "--project", project).json["checks"]
    (told,) = [check["what"] for check in checks if check["name"] == "student quota"]
    assert "requests a minute" in told


def test_a_pause_that_comes_with_the_last_answer_holds_up_no_later_step(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    watch = Watch(Late())
    assert isinstance(watch.slot, Late)
    watch.slot.pause = watch.signals.paused.set
    step = Label(TEACHER, limit=3)
    with open_workspace(project) as workspace:
        step.execute(workspace, step.plan(workspace), watch)
    assert watch.slot.paused
    assert not watch.signals.paused.is_set()


class Late(Slot):
    """Pauses when all answers are there."""

    paused = False

    def put(self, progress: Progress) -> None:
        super().put(progress)
        if progress.doing.startswith("label") and progress.done == progress.total:
            self.paused = True
            self.pause()

    def pause(self) -> None:
        """Set by the test."""
        raise NotImplementedError


def test_a_model_that_has_answered_is_named_as_such_and_not_counted_as_asked(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        (row,) = workspace.store.pictures.contents()[:1]
    stillroom("ask", row.path, "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        plan = AskModels((row.path,), ("teacher", "untuned")).plan(workspace)
    assert plan.title == "Ask 1 model about 1 picture (1 call)"
    said = {line.label: line.value for line in plan.lines}
    assert said["teacher"] == "has answered about the picture already: nothing is paid"
    assert "1 picture" in said["untuned"]
