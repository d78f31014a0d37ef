"""What comes next, where something failed or was deleted on the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.serving import DeploymentStatus
from stillroom.steps.standing import status
from stillroom.steps.standing_values import StatusResult
from stillroom.steps.workspace import open_workspace


def look(root: Path) -> StatusResult:
    with open_workspace(root) as workspace:
        return status(workspace)


def fail_labels(root: Path, side: str) -> None:
    """The teacher refused two pictures for good."""
    with open_workspace(root) as workspace, workspace.store.database.writing() as connection:
        connection.execute(
            """UPDATE states SET state = 'failed', failure = 'refused' WHERE run_id = 1 AND content_id IN
               (SELECT id FROM contents WHERE side = ? ORDER BY id LIMIT 2)""",
            (side,),
        )


def test_labels_that_failed_are_asked_again_before_anything_is_trained(uploaded: Path) -> None:
    fail_labels(uploaded, "train")
    found = look(uploaded)
    assert found.command == "stillroom retry teacher"
    assert found.next == "2 pictures failed with teacher: ask again, or go on without."


def test_labels_that_failed_do_not_lead_away_from_students_that_are_there(distilled: Path) -> None:
    fail_labels(distilled, "test")
    put(distilled, "student", "temperature", 0.6)  # so that students are to be asked, and deployed for it
    assert look(distilled).command == "stillroom deploy"


def test_what_was_never_asked_comes_before_deploying_whatever_failed(distilled: Path) -> None:
    fail_labels(distilled, "test")
    with open_workspace(distilled) as workspace, workspace.store.database.writing() as connection:
        connection.execute(
            """DELETE FROM states WHERE run_id = 1 AND content_id IN
               (SELECT id FROM contents WHERE side = 'test' ORDER BY id DESC LIMIT 1)"""
        )
    assert look(distilled).command == "stillroom label teacher"


@pytest.mark.parametrize(
    ("side", "size", "again"), [("test", 20, "ask again"), ("train", 10, "ask again and train anew")]
)
def test_where_all_else_is_done_it_is_said_what_asking_again_entails(
    distilled: Path, side: str, size: int, again: str
) -> None:
    fail_labels(distilled, side)
    put(distilled, "training", "sizes", [size])
    stillroom("run", "-yq", "--project", distilled)
    found = look(distilled)
    assert found.command == "stillroom retry teacher"
    assert found.next == f"2 pictures failed with teacher: leave it so, or {again}."


def test_another_folder_is_scanned_before_anything_is_paid(
    uploaded: Path, shelf: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(shelf, tmp_path / "other"))
    put(uploaded, "pictures", "folder", str(other))
    assert look(uploaded).command == "stillroom scan"
    for words in (["label", "untuned"], ["ask", "p05.jpg"], ["build"], ["upload"], ["train"]):
        said = stillroom(*words, *([] if words == ["build"] else ["-y"]), "-q", "--project", uploaded)
        said.refused(2, "pictures.folder has changed since the latest scan.", "stillroom scan")
    stillroom("scan", "-q", "--project", uploaded).ok()
    assert look(uploaded).command != "stillroom scan"
    stillroom("label", "untuned", "-yq", "--project", uploaded).ok()


def test_deploying_is_not_done_while_a_student_is_still_to_be_trained(distilled: Path) -> None:
    before = {one.step: one.state for one in look(distilled).steps}
    assert (before["train"], before["deploy"]) == ("done", "done")
    put(distilled, "training", "epochs", 4)
    after = {one.step: one.state for one in look(distilled).steps}
    assert (after["train"], after["deploy"]) == ("waiting", "waiting")


def give_up(root: Path, most: int) -> None:
    """The teacher is asked anew with other settings, and refuses that many pictures, of training first."""
    put(root, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    with open_workspace(root) as workspace, workspace.store.database.writing() as connection:
        connection.execute(
            """UPDATE states SET state = 'failed', failure = 'truncated'
               WHERE run_id = (SELECT max(id) FROM runs WHERE name = 'teacher') AND content_id IN
               (SELECT id FROM contents WHERE side IN ('train', 'test')
                ORDER BY side = 'test', id LIMIT ?)""",
            (most,),
        )


@pytest.mark.parametrize("most", [99, 8])
def test_labels_that_failed_come_before_students_that_are_to_learn_from_them(
    distilled: Path, most: int
) -> None:
    give_up(distilled, most)
    assert look(distilled).command == "stillroom retry teacher"


def test_what_failed_for_want_of_its_file_is_looked_for_first(
    distilled: Path, shelf: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(shelf, tmp_path / "own"))
    put(distilled, "pictures", "folder", str(own))
    stillroom("scan", "-q", "--project", distilled).ok()
    fail_labels(distilled, "test")
    shutil.rmtree(distilled / ".stillroom" / "prepared")
    with open_workspace(distilled) as workspace, workspace.store.database.reading() as connection:
        rows = connection.execute(
            """SELECT f.path FROM files f JOIN states s ON s.content_id = f.content_id
               WHERE s.run_id = 1 AND s.state = 'failed'"""
        ).fetchall()
    for (path,) in rows:
        (own / path).unlink()
    assert stillroom("retry", "teacher", "-yq", "--project", distilled).code == 6
    assert look(distilled).command == "stillroom scan"


def test_of_failed_deployments_that_is_named_which_is_needed(distilled: Path) -> None:
    stillroom("deploy", "lite-10", "lite-20", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        for student in ("lite-10", "lite-20"):
            for row in workspace.store.students.deployments(student):
                workspace.store.students.update_deployment(row.name, status=DeploymentStatus.FAILED)
        with workspace.store.database.writing() as connection:
            connection.execute(
                "DELETE FROM states WHERE run_id = (SELECT max(id) FROM runs WHERE name = 'lite-20')"
            )
    assert look(distilled).command == "stillroom undeploy lite-20"


@pytest.mark.parametrize("key", ["include", "exclude"])
def test_pictures_that_are_to_stay_out_are_not_paid_for(uploaded: Path, key: str) -> None:
    put(uploaded, "pictures", key, ["p0*"])
    found = look(uploaded)
    assert found.command == "stillroom scan"
    assert found.steps[0].facts == f"pictures.{key} has changed since the latest scan"
    for words in (["label", "untuned"], ["upload"], ["train"]):
        said = stillroom(*words, "-yq", "--project", uploaded)
        said.refused(2, f"pictures.{key} has changed since the latest scan.", "stillroom scan")
    stillroom("scan", "-q", "--project", uploaded).ok()
    assert look(uploaded).steps[0].facts != found.steps[0].facts


def test_the_same_folder_and_globs_written_otherwise_are_the_same(uploaded: Path) -> None:
    put(uploaded, "pictures", "exclude", ["x*", "y*"])
    stillroom("scan", "-q", "--project", uploaded).ok()
    put(uploaded, "pictures", "exclude", ["y*", "x*"])
    with open_workspace(uploaded) as workspace:
        folder = Path(workspace.settings.pictures.folder)
    put(uploaded, "pictures", "folder", f"{folder.parent}/./{folder.name}")
    assert look(uploaded).steps[0].state == "done"


def test_a_scan_that_finds_nothing_new_remembers_by_what_it_looked(uploaded: Path) -> None:
    with open_workspace(uploaded) as workspace:
        workspace.store.facts.drop("scanned")  # as in a project of before
    stillroom("scan", "-q", "--project", uploaded).ok()
    put(uploaded, "pictures", "exclude", ["p0*"])
    assert look(uploaded).command == "stillroom scan"
