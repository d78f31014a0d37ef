"""What records name is what is uploaded and trained on, whatever has changed since they were built."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.errors import UsageError
from stillroom.pictures import Side
from stillroom.steps.preparing import prepare_key
from stillroom.steps.training import Train
from stillroom.steps.upload import UploadStep, uploads
from stillroom.steps.workspace import Workspace, open_workspace


def _named(workspace: Workspace) -> set[str]:
    return {one.key for one in uploads(workspace) if "/pictures/" in f"/{one.key}"}


def test_a_picture_left_out_after_building_is_still_uploaded(project: Path):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    with open_workspace(project) as workspace:
        before = _named(workspace)
        assert len(before) == 20
        rows = workspace.store.pictures.contents((Side.TRAIN,))
        workspace.store.pictures.set_excluded([row.content for row in rows], True)
        assert _named(workspace) == before
        assert UploadStep().reckon(workspace).missing == 22


def test_records_of_another_preparation_are_not_uploaded(project: Path):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    put(project, "prepare", "quality", 40)
    with open_workspace(project) as workspace, pytest.raises(UsageError, match="another bucket, prefix or"):
        UploadStep().plan(workspace)
    stillroom("run", "--until", "upload", "--yes", "--project", project).ok()


def test_training_waits_for_every_picture(uploaded: Path, box):
    with open_workspace(uploaded) as workspace:
        key = min(_named(workspace))
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM uploads WHERE key = ?", (key,))
        (stop,) = Train().plan(workspace).stops
        assert "are not in the bucket yet" in stop
        assert stop.endswith("Run: stillroom upload")
        assert Train().reckon(workspace).stops == ()
    before = len(box.bill()["training"])
    stillroom("train", "--yes", "--project", uploaded).refused(
        2, "are not in the bucket yet", "stillroom upload"
    )
    assert len(box.bill()["training"]) == before
    stillroom("upload", "--yes", "--project", uploaded).ok()
    with open_workspace(uploaded) as workspace:
        plan = Train().plan(workspace)
        assert (plan.count, plan.stops) == (2, ())


def test_training_names_all_that_the_bucket_lacks(project: Path):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    missing = stillroom("upload", "--dry-run", "--json", "--project", project).ok().json["plan"]["missing"]
    with open_workspace(project) as workspace:
        (stop,) = Train().plan(workspace).stops
    assert stop.startswith("records/10.jsonl, records/20.jsonl or pictures of them are not in the bucket yet")
    assert f": {missing} files. Run: stillroom upload" in stop


@pytest.mark.parametrize("sizes", [(), ("--size", "20")])
def test_records_of_other_labels_are_not_uploaded(project: Path, sizes: tuple[str, ...]):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    put(project, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    words = ("was not built of the present labels and settings.", "Run: stillroom build")
    stillroom("upload", *sizes, "-yq", "--project", project).refused(2, *words)
    stillroom("train", *sizes, "-yq", "--project", project).refused(2, *words)
    with open_workspace(project) as workspace:
        assert workspace.store.records.uploaded(workspace.settings.aws.bucket) == {}


def test_records_with_pictures_that_were_left_out_since_are_not_trained_on(uploaded: Path):
    stillroom("exclude", "order<3 split:train", "--project", uploaded).ok()
    words = ("was not built of the present labels and settings.", "Run: stillroom build")
    stillroom("train", "--dry-run", "--project", uploaded).refused(2, *words)
    stillroom("train", "-yq", "--project", uploaded).refused(2, *words)
    with open_workspace(uploaded) as workspace:
        assert workspace.store.jobs.all() == []


def test_labels_that_are_still_to_come_are_told_by_build_and_train(project: Path):
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("setup", "-yq", "--project", project).ok()
    stillroom("label", "teacher", "--split", "train", "--limit", "12", "-yq", "--project", project).ok()
    told = "no label yet; with all labels other records are made: stillroom label teacher"
    (_, remark) = stillroom("build", "--json", "--project", project).ok().json["remarks"]
    assert remark.endswith(told)
    stillroom("upload", "-yq", "--project", project).ok()
    assert told in stillroom("train", "--dry-run", "--project", project).ok().out.replace("\n  ", " ")
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    assert stillroom("build", "--json", "--project", project).ok().json["remarks"] == []


def test_labels_that_failed_are_told_by_build_and_train(project: Path, box: Box):
    stillroom("run", "--until", "setup", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 0.3})
    assert stillroom("label", "teacher", "-yq", "--project", project).code == 6
    box.turn(**CALM)
    told = "no label, as asking failed; with all labels other records are made: stillroom retry teacher"
    remarks = stillroom("build", "--size", "10", "--json", "--project", project).ok().json["remarks"]
    assert any(remark.endswith(told) for remark in remarks)
    stillroom("upload", "--size", "10", "-yq", "--project", project).ok()
    words = ("train", "--size", "10", "--dry-run", "--project", project)
    assert told in stillroom(*words).ok().out.replace("\n  ", " ")
    stillroom("retry", "teacher", "-yq", "--project", project).ok()
    remarks = stillroom("build", "--size", "10", "--json", "--project", project).ok().json["remarks"]
    assert not any(remark.endswith(told) for remark in remarks)


def test_validation_records_of_other_labels_are_not_uploaded_either(project: Path):
    put(project, "pictures", "validation", 0.2)
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    stillroom("upload", "--dry-run", "--project", project).ok()
    with open_workspace(project) as workspace:
        first, *_ = workspace.store.pictures.contents((Side.VALIDATION,))
    stillroom("exclude", first.path, "--yes", "--project", project).ok()
    words = ("records/validation.jsonl was not built of the present labels and settings.", "stillroom build")
    stillroom("upload", "-yq", "--project", project).refused(2, *words)
    stillroom("train", "-yq", "--project", project).refused(2, *words)
    stillroom("build", "-yq", "--project", project).ok()
    stillroom("upload", "-yq", "--project", project).ok()


def _without_validation_file(project: Path) -> None:
    """What is said and sent once nothing makes the validation file that was built."""
    stillroom("build", "-yq", "--project", project).ok()
    assert "validation.jsonl" not in stillroom("status", "--project", project).ok().out
    checked = stillroom("validate", "--json", "--project", project).ok().json["files"]
    assert [file["path"] for file in checked] == ["records/10.jsonl", "records/20.jsonl"]
    stillroom("upload", "-yq", "--project", project).ok()
    stillroom("train", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        held_out = {row.content for row in workspace.store.pictures.contents((Side.VALIDATION,))}
        prepared = workspace.store.pictures.prepared(prepare_key(workspace.settings.prepare))
        digests = {prepared[content].sha256 for content in held_out if content in prepared}
        sent = workspace.store.records.uploaded(workspace.settings.aws.bucket)
        assert digests
        assert not [key for key in sent if any(digest in key for digest in digests)]
        assert [job.validation_uri for job in workspace.store.jobs.all()] == [None, None]


def test_excluded_validation_pictures_are_neither_uploaded_nor_given_to_jobs(project: Path):
    put(project, "pictures", "validation", 0.1)
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    stillroom("exclude", "split:validation", "-yq", "--project", project).ok()
    _without_validation_file(project)


def test_validation_labels_of_another_run_are_neither_uploaded_nor_given_to_jobs(project: Path):
    put(project, "pictures", "validation", 0.1)
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    put(project, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "--split", "train", "-yq", "--project", project).ok()
    _without_validation_file(project)


def test_a_plan_says_that_the_validation_file_of_its_jobs_is_out_of_date(project: Path):
    put(project, "pictures", "validation", 0.2)
    stillroom("run", "--until", "upload", "--yes", "--project", project).ok()
    with open_workspace(project) as workspace:
        first, *_ = workspace.store.pictures.contents((Side.VALIDATION,))
        said = "records/validation.jsonl is missing or out of date; it is made by: stillroom build"
        assert said not in Train().plan(workspace).notes
        workspace.store.pictures.set_excluded([first.content], True)
        assert said in Train().plan(workspace).notes


def test_the_plan_of_an_upload_says_that_no_setup_has_made_its_bucket(project: Path):
    stillroom("run", "--until", "label", "--yes", "--project", project).ok()
    stillroom("upload", "--dry-run", "--project", project).refused(2, "No bucket is set.", "stillroom setup")
    put(project, "aws", "bucket", "made-by-nobody")
    stillroom("build", "-q", "--project", project).ok()
    stops = ["The bucket made-by-nobody was neither made nor seen yet: stillroom setup"]
    plan = stillroom("upload", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["stops"] == stops
    stillroom("upload", "-yq", "--project", project).refused(4, "no bucket made-by-nobody", "stillroom setup")
    stillroom("setup", "-yq", "--project", project).ok()
    plan = stillroom("upload", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["stops"] == []
