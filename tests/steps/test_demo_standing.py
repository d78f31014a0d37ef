"""A demo where something stands already: a demo of the same pictures goes on, anything else is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import put, stillroom

from stillroom.errors import StorageFull, UsageError
from stillroom.money.amounts import NOTHING, UNKNOWN
from stillroom.steps import demo, new
from stillroom.steps.pipeline import Run
from stillroom.steps.workspace import open_workspace
from stillroom.store.facts import Facts


def test_other_pictures_are_not_passed_over(shelf: Path, tmp_path: Path) -> None:
    root, others = tmp_path / "demo", tmp_path / "others"
    others.mkdir()
    demo.ready(root, shelf, (20,))
    said = stillroom("demo", "--headless", "--dir", root, "--images", others)
    said.refused(2, "other pictures", str(shelf), "--dir")
    assert not demo.ready(root, None, (20,)), "no pictures named: those of the demo"
    link = tmp_path / "link"
    link.symlink_to(shelf)
    assert not demo.ready(root, link, (20,)), "the same folder by another name"


@pytest.mark.parametrize("stands", [True, False])
def test_pictures_that_are_nowhere_are_refused(shelf: Path, tmp_path: Path, stands: bool) -> None:
    root = tmp_path / "demo"
    if stands:
        demo.ready(root, shelf, (20,))
    said = stillroom("demo", "--headless", "--dir", root, "--images", tmp_path / "nowhere")
    said.refused(2, "--images", "nowhere")
    assert root.exists() == stands


def test_a_project_that_no_demo_made_is_none(shelf: Path, tmp_path: Path) -> None:
    root = tmp_path / "my shop"
    stillroom("new", root, "--images", shelf, "--sandbox").ok()
    said = stillroom("demo", "--headless", "--dir", root)
    said.refused(2, "is not a demo", "--dir", f"stillroom run --project '{root}'")
    with pytest.raises(UsageError):
        demo.ready(root, shelf, (20,))


@pytest.mark.parametrize("looked_at", ["demo", "demo/pictures"])
def test_a_folder_of_somebody_else_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_at: str
) -> None:
    root = tmp_path / "demo"
    (root / "pictures").mkdir(parents=True)
    shut, listed = tmp_path / looked_at, Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        if folder == shut:
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    for try_it in (lambda: demo.plan_of(root), lambda: demo.ready(root, None, (20,), draw=False)):
        with pytest.raises(UsageError) as refused:
            try_it()
        assert refused.value.what == f"The demo's folder {root} cannot be used: permission denied."
        assert "another folder" in refused.value.todo


def test_a_folder_that_cannot_be_made_is_refused_in_words(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = stillroom("demo", "--headless", "--dir", tmp_path / "file" / "demo", "--images", shelf)
    said.refused(2, "cannot be used: not a directory", "--dir")


def test_the_project_option_names_the_folder_too(shelf: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    stillroom("new", root, "--images", shelf, "--sandbox").ok()
    stillroom("demo", "--headless", "--project", root, at=tmp_path).refused(2, f"{root} is not a demo")
    both = stillroom("demo", "--headless", "--project", root, "--dir", tmp_path / "d", at=tmp_path)
    both.refused(2, "--dir", "--project")
    assert not (tmp_path / "d").exists()


def test_the_estimate_is_that_of_the_first_plan_whoever_showed_it(project: Path) -> None:
    with open_workspace(project) as workspace:
        assert demo.first_estimate(workspace) == UNKNOWN, "never reckoned is not free"
        plan = Run().plan(workspace)
        assert plan.price.known
        for price in (plan.price, NOTHING):
            workspace.agreed(dataclasses.replace(plan, price=price))
        assert demo.first_estimate(workspace) == plan.price


@pytest.mark.parametrize("dies_in", ["write_new", "mark"])
def test_one_that_was_killed_while_it_was_made_is_gone_on_with(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    class Killed(BaseException):
        """As sudden as SIGKILL."""

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*{"write_new": (new, "write_new", dies), "mark": (Facts, "put", dies)}[dies_in])
        with pytest.raises(Killed):
            demo.ready(tmp_path / "demo", shelf, (20,))
    assert demo.ready(tmp_path / "demo", shelf, (20,))
    assert not demo.ready(tmp_path / "demo", shelf, (20,))


def test_a_folder_that_cannot_be_made_is_said_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = stillroom("demo", "--headless", "--dir", tmp_path / "file" / "demo")
    assert said.code == StorageFull.exit_code
    assert "cannot be written" in said.err
    assert "unexpected" not in said.err


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:9"])
def test_one_that_was_turned_away_from_its_sandbox_runs_nothing(
    shelf: Path, tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked on the way of a demo, and its plan says that nothing is paid."""
    root = tmp_path / "demo"
    demo.ready(root, shelf, (20,))
    put(root, "aws", "sandbox", False)
    put(root, "aws", "endpoint_url", endpoint)
    monkeypatch.setattr(Run, "execute", lambda *given: pytest.fail("it was run"))
    said = stillroom("demo", "--headless", "--dir", root)
    said.refused(2, "no longer on a sandbox", "aws.sandbox", f"stillroom run --project {root}")
    with pytest.raises(UsageError, match="no longer on a sandbox"):
        demo.plan_of(root)


def test_one_that_is_turned_away_while_it_is_opened_runs_nothing(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, ready = tmp_path / "demo", demo.ready

    def turns_away_after(*given: Any, **named: Any) -> bool:
        made = ready(*given, **named)
        put(root, "aws", "sandbox", False)
        return made

    monkeypatch.setattr(demo, "ready", turns_away_after)
    monkeypatch.setattr(Run, "execute", lambda *given: pytest.fail("it was run"))
    said = stillroom("demo", "--headless", "--dir", root, "--images", shelf)
    said.refused(2, "no longer on a sandbox")
