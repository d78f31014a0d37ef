"""Where a project stands: what is missing before AWS can be used, what still bills, who labels right now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.steps.world import Box, gallery, make, put, stillroom

from stillroom.pictures import Side
from stillroom.places import at_home
from stillroom.serving import DeploymentStatus
from stillroom.steps import standing
from stillroom.steps.foundation import setup_standing
from stillroom.steps.job_views import StudentView, student_views
from stillroom.steps.remembered_comparison import Compared, grounds
from stillroom.steps.standing import status
from stillroom.steps.standing_values import Standing, StatusResult
from stillroom.steps.targets import target
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import DeploymentRow
from stillroom.store.tallies import Groups
from stillroom.training import JobStatus


def look(root: Path) -> StatusResult:
    with open_workspace(root) as workspace:
        return status(workspace)


def one(root: Path, step: str) -> Standing:
    return next(each for each in look(root).steps if each.step == step)


def test_setup_is_a_step_and_comes_next_when_the_labels_are_there(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    assert one(project, "setup") == Standing(
        "setup", "waiting", "no bucket and no role yet: upload and train need them"
    )
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    said = look(project)
    assert (said.next, said.command) == ("Make the bucket and the service role.", "stillroom setup")
    stillroom("setup", "-yq", "--project", project).ok()
    assert one(project, "setup") == Standing("setup", "done", "bucket and service role are there")
    assert look(project).command == "stillroom build"


def test_training_pictures_that_were_all_given_up_are_told_from_those_nobody_was_asked_about(
    project: Path, box: Box
) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    assert one(project, "build").facts == "no training picture has a label yet"
    box.turn(faults={"refusal": 1.0})
    stillroom("label", "teacher", "-yq", "--project", project)
    trained = look_at_sides(project)[Side.TRAIN]
    assert one(project, "build").facts == f"no training picture has a label: {trained} refused"


def test_a_role_that_is_not_there_is_named_by_itself(distilled: Path) -> None:
    put(distilled, "aws", "role_arn", "")
    assert one(distilled, "setup").facts.startswith("no role yet")


def test_a_bucket_and_a_role_of_somebody_else_count_as_there(project: Path) -> None:
    put(project, "aws", "bucket", "pictures-of-the-team")
    put(project, "aws", "role_arn", "arn:aws:iam::111122223333:role/of-the-team")
    assert one(project, "setup") == Standing(
        "setup", "done", "bucket and service role as the project file names them"
    )


def test_what_counts_are_of_is_said_where_files_have_copies(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    assert one(project, "scan").facts.startswith("32 pictures, 30 unique: ")
    assert "copies count once" in one(project, "scan").facts


def test_when_all_is_done_what_still_bills_is_said(distilled: Path) -> None:
    said = look(distilled)
    where = at_home(str(distilled / "report.html"))
    assert said.next == (
        "All is done. 2 kept models cost $3.90 a month until stillroom delete NAME. "
        f"Look at the report: {where}"
    )
    assert said.command == "stillroom report"
    stillroom("delete", "lite-10", "--yes", "--quiet", "--project", distilled).ok()
    assert "1 kept model costs $1.95 a month until stillroom delete lite-20." in look(distilled).next


def test_a_run_of_this_very_process_is_running_here(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        run = workspace.store.runs.start_or_find(target(workspace, "teacher").spec)
        with workspace.store.runs.claim(run.id):
            (teacher,) = [each for each in status(workspace).steps if each.step == "label teacher"]
    assert (teacher.state, teacher.facts) == ("running", "0/30 · running here")


def test_students_stand_by_size_however_they_score_and_whenever_they_were_trained(project: Path) -> None:
    runs = (("untuned", 0.2, None, None), ("lite-10", 0.4, None, None), ("lite-20", 0.6, None, None))
    assert Compared(runs, tuned=True).facts == "untuned 0.20 · lite-10 0.40 · lite-20 0.60"
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    stillroom("train", "--size", "20", "-yq", "--project", project).ok()
    said = stillroom("train", "-yq", "--json", "--project", project).ok().json
    assert [job["size"] for job in said["jobs"]] == [10, 20]
    names = [told.split()[0] for told in one(project, "train").facts.split(" · ")]
    assert names == ["lite-10", "lite-20"]


def test_records_of_another_size_are_not_those_that_are_missing(distilled: Path) -> None:
    put(distilled, "training", "sizes", [15])
    assert one(distilled, "build") == Standing("build", "waiting", "records/15.jsonl is not built yet")
    assert one(distilled, "upload") == Standing("upload", "waiting", "records/15.jsonl is not built yet")
    assert one(distilled, "train").facts.startswith("lite-15 not trained yet · ")


def test_what_is_missing_is_said_in_one_style(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    stillroom("setup", "-yq", "--project", project).ok()
    facts = {each.step: each.facts for each in look(project).steps}
    missing = {"build": "no records yet", "upload": "no records yet", "train": "no job yet"}
    assert {step: facts[step] for step in missing} == missing
    assert facts["compare"] == "no student has been asked yet"


def test_labels_that_are_too_few_so_far_make_no_records_that_nobody_asked_for(distilled: Path) -> None:
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--split", "train", "--limit", "9", "-yq", "--project", distilled).ok()
    early = "9 training pictures have a label so far; size 10 needs more"
    assert (one(distilled, "build").state, one(distilled, "build").facts) == ("waiting", early)
    for step in ("upload", "train"):
        assert one(distilled, step).state == "waiting"
        assert one(distilled, step).facts.startswith(early)
        assert "9.jsonl" not in one(distilled, step).facts


def test_a_comparison_on_few_of_the_test_pictures_is_not_done(distilled: Path) -> None:
    before = one(distilled, "compare")
    assert before.state == "done"
    assert "labeled" not in before.facts
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--split", "test", "--limit", "1", "-yq", "--project", distilled).ok()
    few = one(distilled, "compare")
    assert few.state == "waiting"
    assert few.facts.startswith("untuned 0.")
    test = look_at_sides(distilled)[Side.TEST]
    assert test > 1
    assert few.facts.endswith(f" · 1 of {test} test pictures labeled")
    stillroom("label", "teacher", "--split", "test", "-yq", "--project", distilled).ok()
    after = one(distilled, "compare")
    assert after.state == "done"
    assert "labeled" not in after.facts


def test_a_comparison_with_a_student_that_has_answered_a_part_is_not_done(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.1)
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    stillroom("deploy", "-yq", "--project", distilled).ok()
    stillroom("label", "lite-20", "-yq", "--project", distilled).ok()
    asked = one(distilled, "compare")
    assert asked.state == "waiting"
    assert asked.facts.endswith(" · lite-10 not asked yet")
    with open_workspace(distilled) as workspace:
        workspace.store.runs.start_or_find(target(workspace, "lite-10").spec)
    test = look_at_sides(distilled)[Side.TEST]
    begun = one(distilled, "compare")
    assert begun.state == "waiting"
    zero = f"lite-10 asked about 0 of {test} test pictures"
    assert begun.facts == asked.facts.replace("lite-10 not asked yet", zero)
    stillroom("label", "lite-10", "--limit", "1", "-yq", "--project", distilled).ok()
    few = one(distilled, "compare")
    assert few.state == "waiting"
    assert " · lite-10 0." in few.facts
    assert few.facts.endswith(f" · lite-10 asked about 1 of {test} test pictures")
    stillroom("label", "lite-10", "-yq", "--project", distilled).ok()
    after = one(distilled, "compare")
    assert after.state == "done"
    assert "asked about" not in after.facts


def test_without_its_yardstick_a_comparison_is_not_done_and_says_so(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.1)
    stillroom("deploy", "-yq", "--project", distilled).ok()
    for name in ("lite-10", "lite-20"):
        stillroom("label", name, "-yq", "--project", distilled).ok()
    without = one(distilled, "compare")
    assert without.state == "waiting"
    assert without.facts.endswith(" · untuned not asked yet")
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    assert one(distilled, "compare").state == "done"


def test_a_student_that_was_deleted_before_it_answered_makes_no_comparison(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.1)
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        for name in ("lite-10", "lite-20"):
            workspace.store.runs.start_or_find(target(workspace, name).spec)
            workspace.store.students.mark_deleted(name, 2e9)
    assert one(distilled, "compare").state == "waiting"


def look_at_sides(root: Path) -> Mapping[Side, int]:
    with open_workspace(root) as workspace:
        return workspace.store.pictures.summary().sides


def test_labels_that_no_job_takes_leave_nothing_ticked_that_rests_on_them(distilled: Path) -> None:
    put(distilled, "training", "sizes", [])
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--split", "train", "--limit", "2", "-yq", "--project", distilled).ok()
    for step in ("build", "upload", "train"):
        assert one(distilled, step).state == "waiting"
        assert one(distilled, step).facts.startswith("2 training pictures have a label; training takes 8 to")
        assert "2.jsonl" not in one(distilled, step).facts


def test_a_size_that_was_never_trained_stands_beside_a_job_that_was_stopped(uploaded: Path) -> None:
    stillroom("train", "--size", "10", "-yq", "--project", uploaded).ok()
    with open_workspace(uploaded) as workspace:
        (job,) = workspace.store.jobs.all()
        workspace.store.jobs.update(job.name, status=JobStatus.STOPPED)
    said = one(uploaded, "train")
    assert (said.state, said.facts) == ("failed", "lite-20 not trained yet · lite-10 Stopped")


def test_a_deployment_that_is_being_made_is_running(distilled: Path) -> None:
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        (row,) = workspace.store.students.deployments("lite-10")
        workspace.store.students.update_deployment(row.name, status=DeploymentStatus.CREATING)
    said = one(distilled, "deploy")
    assert said.state == "running"
    assert "lite-10 Creating" in said.facts
    assert look(distilled).command == "stillroom deploy"


def test_a_report_that_is_older_than_the_pictures_is_not_offered(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        tested = [row.path for row in workspace.store.pictures.contents((Side.TEST,))]
    stillroom("exclude", tested[0], "-q", "--project", distilled).ok()
    where = at_home(str(distilled / "report.html"))
    assert f"Write the report anew: {where} is older than the latest changes." in look(distilled).next
    stillroom("report", "--output", distilled / "other.html", "-q", "--project", distilled).ok()
    assert "Write the report anew: " in look(distilled).next
    stillroom("report", "-q", "--project", distilled).ok()
    assert look(distilled).next.endswith(f"Look at the report: {where}")


@pytest.mark.parametrize("going", ["InProgress", "Stopping"])
def test_who_follows_no_job_is_told_how_old_the_last_look_is(distilled: Path, going: str) -> None:
    nexts = []
    for seconds in (5.0, 150.0):
        with open_workspace(distilled, now=lambda past=seconds: 1_000.0 + past) as workspace:
            for job in workspace.store.jobs.all():
                workspace.store.jobs.update(job.name, status=going, seen=1_000.0)
            nexts.append(status(workspace).next)
    assert nexts == ["Wait for the jobs.", "Wait for the jobs, last looked at 2 m ago."]


def test_records_that_are_lost_wait_for_a_bucket_to_name(distilled: Path) -> None:
    (distilled / "records" / "10.jsonl").unlink()
    assert look(distilled).command == "stillroom build"
    put(distilled, "aws", "bucket", "")
    assert one(distilled, "build").state == "failed"
    assert look(distilled).command == "stillroom setup"
    stillroom("setup", "-yq", "--project", distilled).ok()
    stillroom("build", "-q", "--project", distilled).ok()


def test_where_pictures_are_too_few_they_come_next_and_no_bucket(tmp_path: Path, box: Box) -> None:
    project = make(tmp_path / "few", gallery(tmp_path / "pictures", 6, 0), box)
    stillroom("run", "-yq", "--project", project).refused(2, "5 pictures are there to train on")
    assert one(project, "compare").facts == "no student has been asked yet"
    stillroom("run", "--until", "label", "-yq", "--project", project).ok()
    assert look(project).next == "Add pictures: training takes 8 to 20,000 records."


def test_a_student_that_comes_during_a_look_is_in_the_next_one(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def came(workspace: Workspace) -> Standing:
        with workspace.store.database.writing() as connection:
            connection.execute("UPDATE students SET deleted = NULL")
        return setup_standing(workspace)

    with open_workspace(distilled) as workspace:
        with workspace.store.database.writing() as connection:
            connection.execute("UPDATE students SET deleted = 1.0 WHERE name = 'lite-10'")
        with monkeypatch.context() as patch:
            patch.setattr(standing, "setup_standing", came)
            first = {step.step: step.facts for step in status(workspace).steps}
        second = {step.step: step.facts for step in status(workspace).steps}
    assert "lite-10" not in first["deploy"]
    assert "lite-10" in second["deploy"]


def test_a_failed_deployment_that_goes_during_a_look_is_gone_in_the_next_one(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(workspace: Workspace, groups: Groups) -> str:
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM deployments")
        return grounds(workspace, groups)

    put(distilled, "student", "temperature", 0.6)  # so that students are to be asked, and deployed for it
    with open_workspace(distilled) as workspace:
        arn = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/aaaaaaaaaaaa"
        failed = DeploymentRow("first", "lite-10", "t1", 1.0, arn, DeploymentStatus.FAILED)
        workspace.store.students.new_deployment(failed)
        with monkeypatch.context() as patch:
            patch.setattr(standing, "grounds", gone)
            first = status(workspace)
        second = status(workspace)
    assert first.command == "stillroom undeploy lite-10"
    assert second.command == "stillroom deploy"


def test_a_student_that_is_deleted_during_a_look_does_not_end_it(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleted_then(workspace: Workspace) -> list[StudentView]:
        views = student_views(workspace)
        workspace.store.students.mark_deleted("lite-10", 1.0)
        return views

    monkeypatch.setattr(standing, "student_views", deleted_then)
    steps = {step.step for step in look(distilled).steps}
    assert "label lite-20" in steps
    assert "label lite-10" not in steps
