"""What other hands made in the account: one list, whoever looks."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, make, stillroom

from stillroom.steps.elsewhere import Other, elsewhere, look_elsewhere
from stillroom.steps.workspace import open_workspace


def test_what_the_command_lists_is_remembered_for_the_screen(
    distilled: Path, box: Box, shelf: Path, tmp_path: Path
) -> None:
    stranger = make(tmp_path / "stranger", shelf, box, sizes=(10,))
    said = stillroom("jobs", "--json", "--project", stranger).ok().json["elsewhere"]
    assert "custom model" in {one["kind"] for one in said}, "the models of another project are in the account"
    with open_workspace(stranger) as workspace:
        found, at = elsewhere(workspace)
        assert [(one.kind, one.name, one.status) for one in found] == [
            (one["kind"], one["name"], one["status"]) for one in said
        ]
        assert at is not None


def test_a_folder_that_cannot_be_written_is_told_all_the_same(distilled: Path, box: Box) -> None:
    with open_workspace(distilled, writable=lambda _: False) as workspace:
        assert isinstance(look_elsewhere(workspace).others, tuple)
        assert elsewhere(workspace)[1] is None


def test_a_deployment_that_is_there_is_told_unless_the_store_has_it(distilled: Path) -> None:
    made = stillroom("deploy", "lite-10", "-yq", "--json", "--project", distilled).ok().json
    name = made["deployments"][0]["deployment"]
    with open_workspace(distilled) as workspace:
        students = workspace.store.students
        told = [Other("deployment", name, "Active")]

        def found() -> list[Other]:
            return [one for one in look_elsewhere(workspace).others if one.kind == "deployment"]

        assert found() == []
        students.update_deployment(name, arn=None)  # nobody answered when it was made
        assert found() == []
        students.update_deployment(name, deleted=workspace.now())
        assert found() == told
