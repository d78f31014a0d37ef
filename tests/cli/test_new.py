"""New: what it says of the other end, before anything has been asked of it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from tests.steps.world import Box, gallery, stillroom

from stillroom.steps.known_projects import KnownProjects
from stillroom.steps.workspace import open_workspace


@pytest.mark.parametrize(
    "options", [(), ("--endpoint-url", "http://127.0.0.1:9"), ("--endpoint-url", "https://x.y")]
)
def test_what_is_not_known_to_be_a_sandbox_is_none(
    shelf: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = stillroom("new", tmp_path / "p", "--images", shelf, *options, "--json").ok()
    assert said.json["sandbox"] is False


def test_an_endpoint_that_answers_as_a_sandbox_is_one(shelf: Path, tmp_path: Path, box: Box) -> None:
    root = tmp_path / "p"
    said = stillroom("new", root, "--images", shelf, "--endpoint-url", box.url, "--json").ok()
    assert said.json["sandbox"] is True
    assert stillroom("status", "--json", "--project", root).ok().json["sandbox"] is True


def test_a_project_with_a_sandbox_of_its_own_has_one(shelf: Path, tmp_path: Path) -> None:
    said = stillroom("new", tmp_path / "p", "--images", shelf, "--sandbox", "--json").ok()
    assert said.json["sandbox"] is True


@pytest.mark.parametrize(
    ("options", "where"), [(("--sandbox",), "SANDBOX"), (("--endpoint-url", "https://x.y"), "AWS via x.y")]
)
def test_a_project_that_is_made_stands_in_the_list_of_projects(
    shelf: Path, tmp_path: Path, options: tuple[str, ...], where: str
) -> None:
    before = time.time()
    stillroom("new", "p", "--images", shelf, *options, at=tmp_path).ok()
    (known,) = KnownProjects(os.environ).recent()
    assert (known.root, known.name, known.where, known.gone) == (tmp_path / "p", "p", where, False)
    assert before <= known.opened <= time.time()


def test_a_list_that_cannot_be_written_holds_no_project_up(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    said = stillroom("new", tmp_path / "p", "--images", shelf, "--sandbox").ok()
    assert said.err == ""
    assert (tmp_path / "p" / "stillroom.toml").is_file()


def test_an_endpoint_that_is_no_url_makes_no_project(shelf: Path, tmp_path: Path) -> None:
    made = stillroom("new", tmp_path / "p", "--images", shelf, "--endpoint-url", "localhost:80")
    made.refused(2, "--endpoint-url must be a URL", "http://")
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("name", "options", "fragments"),
    [
        ("n" * 101, (), ("folder's name", "1 to 100 characters", "--name")),
        ("n" * 255, (), ("folder's name", "--name")),
        ("n" * 300, (), ("name too long", "another folder")),
        ("two\nlines", (), ("folder's name", "control characters", "--name")),
        ("p", ("--name", "a\x1b[31mb"), ("--name must not hold control characters",)),
        ("p", ("--region", "mars-1"), ("--region must be a region such as us-east-1",)),
        ("p", ("--bucket", "No Bucket"), ("--bucket must be a bucket name",)),
        ("p", ("--role-arn", "role"), ("--role-arn must be the ARN of a role",)),
        ("p", ("--profile", "AKIAIOSFODNN7EXAMPLE"), ("profile", "credential")),
    ],
    ids=["101", "255", "300", "line break", "escape", "region", "bucket", "role", "secret"],
)
def test_what_is_not_allowed_is_named_as_it_was_given(
    shelf: Path, tmp_path: Path, name: str, options: tuple[str, ...], fragments: tuple[str, ...]
) -> None:
    said = stillroom("new", tmp_path / name, "--images", shelf, *options).refused(2, *fragments)
    assert "stillroom.toml" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_pictures_that_are_nowhere_are_those_of_the_option(tmp_path: Path) -> None:
    said = stillroom("new", tmp_path / "p", "--images", tmp_path / "nowhere")
    said.refused(2, "no folder", "--images")
    assert "pictures.folder" not in said.err


def test_the_next_command_can_be_typed_as_it_stands(shelf: Path, tmp_path: Path) -> None:
    made = stillroom("new", "my shop", "--images", shelf, "--sandbox", at=tmp_path).ok()
    assert "next: stillroom run --project 'my shop'\n" in made.out
    assert "project  my shop/stillroom.toml\n" in made.out


def test_the_file_is_told_by_its_whole_path(shelf: Path, tmp_path: Path) -> None:
    made = stillroom("new", "p", "--images", shelf, "--sandbox", "--json", at=tmp_path).ok()
    assert made.json["file"] == str(tmp_path / "p" / "stillroom.toml")


def test_a_region_that_trains_nothing_is_told_at_once(shelf: Path, tmp_path: Path) -> None:
    here = ("--images", shelf, "--sandbox", "--json")
    assert stillroom("new", tmp_path / "a", *here).ok().json["remarks"] == []
    (remark,) = stillroom("new", tmp_path / "b", *here, "--region", "eu-west-1").ok().json["remarks"]
    assert "us-east-1" in remark
    assert "eu-west-1" in remark
    said = stillroom("new", tmp_path / "c", "--images", shelf, "--sandbox", "--region", "eu-west-1").ok()
    assert "note: Nova models are trained in us-east-1 only" in " ".join(said.out.split())
    assert "next: stillroom run --until label " in said.out


def test_a_region_that_is_misspelt_is_asked_about(shelf: Path, tmp_path: Path) -> None:
    words = ("--images", shelf, "--sandbox", "--json", "--region")
    stillroom("new", tmp_path / "a", *words, "us-esat-1").refused(
        2, "No region us-esat-1 of Bedrock is known here: did you mean us-east-1?", "stillroom.toml"
    )
    assert not (tmp_path / "a").exists()
    remarks = stillroom("new", tmp_path / "b", *words, "us-west-7").ok().json["remarks"]
    assert remarks == ["No region us-west-7 of Bedrock is known here: did you mean us-west-2?"]


def test_a_picture_that_may_not_be_read_does_not_hold_up_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = gallery(tmp_path / "pictures", 4, 0)
    shutil.copy(folder / "p00.jpg", folder / "locked.jpg")  # of equal size, and so read to tell them apart
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "locked.jpg":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    def not_opened(path: str, flags: int) -> int:
        if Path(path).name == "locked.jpg":
            raise PermissionError(13, "Permission denied", path)
        return os.open(path, flags)

    monkeypatch.setattr(Path, "read_bytes", refused)
    monkeypatch.setattr("stillroom.pictures.reading._open_without_waiting", not_opened)
    said = stillroom("new", tmp_path / "p", "--images", folder, "--sandbox", "--json").ok()
    assert said.json["pictures"] == 5


@pytest.mark.parametrize(
    ("region", "part"), [("us-west-2", "us"), ("eu-west-1", "eu"), ("ap-northeast-1", "apac")]
)
def test_models_are_asked_through_the_profiles_of_the_region(
    shelf: Path, tmp_path: Path, region: str, part: str
) -> None:
    root = tmp_path / "p"
    stillroom("new", root, "--images", shelf, "--sandbox", "--region", region).ok()
    with open_workspace(root) as workspace:
        assert workspace.settings.teacher.model == f"{part}.amazon.nova-pro-v1:0"
        assert workspace.settings.student.model == f"{part}.amazon.nova-lite-v1:0"
