"""Two processes, or two windows, that planned the same work: it is done and paid once."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.steps.world import Box, stillroom

from stillroom.errors import StoreBusy, UsageError
from stillroom.labeling import FailureClass
from stillroom.steps import conversing, turns
from stillroom.steps.build import Build
from stillroom.steps.comparing import Field, keep_scores
from stillroom.steps.ends import still_deployed
from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.students import Deploy
from stillroom.steps.targets import target
from stillroom.steps.training import Train
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import locks
from stillroom.store.run_locks import RunLocks


def test_a_plan_that_was_agreed_to_late_pays_nothing_twice(project: Path, box: Box):
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as first, open_workspace(project) as second:
        plans = [Label("teacher").plan(one) for one in (first, second)]
        assert plans[0].count == plans[1].count > 0
        before = box.served()
        Label("teacher").execute(first, plans[0], Watch())
        late = Label("teacher").execute(second, plans[1], Watch())
        assert box.served() - before == plans[0].count
        assert (late.done, late.attempts, late.answered) == (0, 0, plans[0].count)


def test_a_late_plan_leaves_failures_to_retry(project: Path, box: Box):
    stillroom("scan", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    with open_workspace(project) as first, open_workspace(project) as second:
        plans = [Label("untuned").plan(one) for one in (first, second)]
        Label("untuned").execute(first, plans[0], Watch())
        box.turn(faults={"refusal": 0.0})
        assert Label("untuned").execute(second, plans[1], Watch()).attempts == 0
        again = Label("untuned", classes=(FailureClass.REFUSED,))
        plans = [again.plan(one) for one in (first, second)]
        assert again.execute(first, plans[0], Watch()).done == plans[0].count > 0
        assert again.execute(second, plans[1], Watch()).attempts == 0


def test_the_same_run_is_done_by_one_at_a_time(project: Path, box: Box):
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as first, open_workspace(project) as second:
        plan = Label("teacher").plan(second)
        run = first.store.runs.start_or_find(plan.target.spec)
        with first.store.runs.claim(run.id), pytest.raises(StoreBusy, match="Another part of this process"):
            Label("teacher").execute(second, plan, Watch())


def test_no_price_is_shown_for_what_another_process_labels(project: Path, monkeypatch: pytest.MonkeyPatch):
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        runs = workspace.store.runs
        runs.start_or_find(Label("teacher").plan(workspace).target.spec)
        monkeypatch.setattr(runs, "holder", lambda run: os.getppid())
        with pytest.raises(StoreBusy, match=f"Process {os.getppid()} is labeling this run"):
            Label("teacher").plan(workspace)
        assert Label("untuned").plan(workspace).count


def test_labels_are_not_imported_while_the_teacher_is_paid_for_them(
    project: Path, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stillroom("scan", "--project", project).ok()
    file = tmp_path / "labels.jsonl"
    file.write_text('{"image": "p00.jpg", "label": "sea, sky"}\n')
    words = ("import", "labels", file, "--project", project)
    with open_workspace(project) as workspace:
        runs, wanted = workspace.store.runs, Label("teacher").plan(workspace)
        other = replace(wanted.target.spec, prompt_version="another")
        for spec in (wanted.target.spec, other):
            run = runs.start_or_find(spec).id
            with monkeypatch.context() as patch:
                patch.setattr(
                    RunLocks, "holder", lambda self, one, run=run: os.getppid() if one == run else None
                )
                stillroom(*words).refused(2, f"Process {os.getppid()} is labeling as the teacher", "stop it")
            assert Label("teacher").plan(workspace).count == wanted.count
        with runs.claim(runs.start_or_find(target(workspace, "untuned").spec).id):
            stillroom(*words).ok()
        assert Label("teacher").plan(workspace).count == wanted.count - 1


def test_labels_imported_while_the_teacher_begins_are_not_paid_for(
    project: Path, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stillroom("scan", "--project", project).ok()
    file = tmp_path / "labels.jsonl"
    file.write_text('{"image": "p00.jpg", "label": "sea, sky"}\n')
    with open_workspace(project) as workspace:
        plan, before = Label("teacher").plan(workspace), box.served()
        really = conversing.resolved_pace

        def imports_first(*given: Any) -> Any:
            stillroom("import", "labels", file, "--project", project).ok()
            return really(*given)

        # Of all that comes before the run is claimed it is the last thing that tests can take the place of.
        monkeypatch.setattr(conversing, "resolved_pace", imports_first)
        result = Label("teacher").execute(workspace, plan, Watch())
        assert box.served() - before == result.done == plan.count - 1
        assert result.answered == result.pictures == plan.count


def test_the_same_training_is_started_once(uploaded: Path, box: Box):
    with open_workspace(uploaded) as first, open_workspace(uploaded) as second:
        plans = [Train().plan(one) for one in (first, second)]
        assert plans[0].count == 2
        before = len(box.bill()["training"])
        started = Train().execute(first, plans[0], Watch())
        late = Train().execute(second, plans[1], Watch())
        assert [job.created for job in late.jobs] == [False, False]
        assert {job.arn for job in late.jobs} == {job.arn for job in started.jobs}
        assert len(first.store.jobs.all()) == 2
        assert len(box.bill()["training"]) - before <= 2


def _held(*words: Any, **named: Any) -> NoReturn:
    raise StoreBusy("The store is held by process 7.", "Wait until it is done, then try again.", pid=7)


def test_a_store_that_is_held_is_no_wrong_command():
    """Whoever lets a wrong command pass, as there is nothing to do yet, lets no busy store pass."""
    assert not issubclass(StoreBusy, UsageError)
    assert StoreBusy.exit_code == UsageError.exit_code == 2


def test_records_that_cannot_be_built_for_a_plan_are_not_passed_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
):
    for words in (("setup",), ("run", "--until", "label")):
        stillroom(*words, "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        monkeypatch.setattr(Build, "execute", _held)
        with pytest.raises(StoreBusy, match="held by process 7"):
            Run().plan(workspace)


def test_scores_that_cannot_be_kept_are_not_passed_over(project: Path, monkeypatch: pytest.MonkeyPatch):
    stillroom("scan", "-q", "--project", project).ok()
    for name in ("teacher", "untuned"):
        stillroom("label", name, "--split", "test", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        monkeypatch.setattr(Field, "of", _held)
        with pytest.raises(StoreBusy, match="held by process 7"):
            keep_scores(workspace, workspace.store.runs.all()[-1])


def test_a_run_begins_nothing_while_another_goes_through_the_steps(distilled: Path, box: Box):
    """Both would work side by side, and one would die late, with advice to remove what the other uses."""
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as first, open_workspace(distilled) as second:
        plan = Run().plan(second)
        with first.store.alone("run", "is running the steps of this project"):
            before = box.served()
            with pytest.raises(StoreBusy) as busy:
                Run().execute(second, plan, Watch())
            assert busy.value.what == "Another part of this process is running the steps of this project."
            assert busy.value.todo == "Wait for it."
            stillroom("run", "--dry-run", "--project", distilled).ok()
            assert box.served() == before
        Run().execute(second, plan, Watch())


def test_a_run_tells_the_process_of_the_other_one(distilled: Path, monkeypatch: pytest.MonkeyPatch):
    with open_workspace(distilled) as workspace:
        plan = Run().plan(workspace)
        monkeypatch.setattr(locks, "acquire", _held_by_parent)
        with pytest.raises(StoreBusy) as busy:
            Run().execute(workspace, plan, Watch())
    assert busy.value.what == f"Process {os.getppid()} is running the steps of this project."
    assert busy.value.todo == "Wait for it, or stop it."


def _held_by_parent(path: Path, doing: str, *, shared: bool) -> NoReturn:
    raise locks.Held(os.getppid())


@pytest.mark.parametrize("what", ["deploy", "train"])
def test_a_run_that_was_agreed_to_is_not_ended_by_who_looks_for_a_moment(
    uploaded: Path, box: Box, monkeypatch: pytest.MonkeyPatch, what: str
):
    """Who follows jobs and deployments in another window looks for those whose answer was lost."""
    step: type[Deploy] | type[Train] = Deploy if what == "deploy" else Train
    execute, threads = step.execute, []

    def looked_at_first(self: Any, workspace: Workspace, plan: Any, watch: Watch) -> Any:
        looking = workspace.store.alone(what, "is looking")
        looking.__enter__()
        threads.append(threading.Timer(0.2, lambda: looking.__exit__(None, None, None)))
        threads[-1].start()
        return execute(self, workspace, plan, watch)

    monkeypatch.setattr(step, "execute", looked_at_first)
    with open_workspace(uploaded) as workspace:
        done = Run(until="deploy").execute(workspace, Run(until="deploy").plan(workspace), Watch())
        assert (done.done[-1], done.jobs) == ("deploy", 2)
        assert [thread.join() for thread in threads] == [None]


def test_who_is_turned_away_is_told_what_the_other_one_does(distilled: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "_MOST_LOOKS", 2)
    with open_workspace(distilled) as first, open_workspace(distilled) as second:
        plan = Deploy().plan(second)
        with (
            first.store.alone("deploy", "is looking for lost deployments"),
            pytest.raises(StoreBusy, match="is looking for lost deployments"),
        ):
            Deploy().execute(second, plan, Watch())


def test_nobody_is_told_to_remove_a_student_whom_another_process_is_asking(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("lite-10", "lite-20"):
        stillroom("deploy", name, "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        asked = workspace.store.runs.id_of(target(workspace, "lite-20").spec)
        other = os.getppid()
        monkeypatch.setattr(RunLocks, "holder", lambda self, run: other if run == asked else None)
        assert still_deployed(workspace) == (
            f"lite-20 is still deployed: process {other} is asking it.",
            "lite-10 is still deployed. To remove it: stillroom undeploy lite-10",
        )


def test_a_run_leaves_a_student_whom_another_process_is_asking(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        for name in ("lite-10", "lite-20"):
            deploy = Deploy((name,), by_run=True)
            deploy.execute(workspace, deploy.plan(workspace), Watch())
        asked = workspace.store.runs.id_of(target(workspace, "lite-20").spec)
        other = os.getppid()
        with monkeypatch.context() as patch:
            patch.setattr(RunLocks, "holder", lambda self, run: other if run == asked else None)
            plan = Run().plan(workspace)
            assert [line.value for line in plan.lines] == ["what an earlier run has left deployed: lite-10"]
            done = Run().execute(workspace, plan, Watch())
        assert done.remarks == (f"lite-20 is still deployed: process {other} is asking it.",)
        assert [row.student for row in workspace.store.students.deployments()] == ["lite-20"]
        Run().execute(workspace, Run().plan(workspace), Watch())
        assert workspace.store.students.deployments() == []
