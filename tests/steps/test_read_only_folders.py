"""A project in a folder that cannot be written can be looked at, and scanned when nothing changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from tests.steps.world import draw, gallery, make, stillroom

from stillroom.errors import StorageFull
from stillroom.steps.comparing import Compare
from stillroom.steps.costs import cost
from stillroom.steps.plan import Watch
from stillroom.steps.reporting import Report
from stillroom.steps.scan import Scan, ScanResult
from stillroom.steps.standing import status
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store.disks import is_writable
from stillroom.store.facts import Facts


def never(folder: Path) -> bool:
    return False


def scan(workspace: Workspace) -> ScanResult:
    return Scan().execute(workspace, Scan().plan(workspace), Watch())


def everything(root: Path) -> dict[str, str]:
    """Digest of every file of a project, by path; SQLite makes its log for readers too where it can."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
    files = [path for path in files if not path.name.endswith("-wal") or path.stat().st_size]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def scanned(box, tmp_path: Path) -> Path:
    root = make(tmp_path / "project", gallery(tmp_path / "pictures", 10, 1), box)
    stillroom("scan", "-q", "--project", root).ok()
    return root


def test_a_scan_that_finds_nothing_new_writes_nothing(scanned: Path) -> None:
    with open_workspace(scanned) as workspace:
        expected = scan(workspace)
    before = everything(scanned)
    with open_workspace(scanned, writable=never) as workspace:
        assert scan(workspace) == expected
    assert everything(scanned) == before


def test_a_scan_that_finds_something_says_that_it_cannot_keep_it(scanned: Path) -> None:
    draw(scanned.parent / "pictures" / "new.jpg", 99)
    before = everything(scanned)
    with open_workspace(scanned, writable=never) as workspace, pytest.raises(StorageFull, match="be read"):
        scan(workspace)
    assert everything(scanned) == before


def test_what_only_looks_works(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        expected = status(workspace)
    with open_workspace(distilled, writable=never) as workspace:
        assert workspace.sandbox is True
        assert status(workspace).steps == expected.steps
        assert cost(workspace)
        assert workspace.account() == "111122223333"


def test_students_are_compared_and_reported_on_where_nothing_can_be_kept(
    distilled: Path, tmp_path: Path
) -> None:
    with open_workspace(distilled) as workspace:
        expected = Compare().execute(workspace, Compare().plan(workspace), Watch())
    before = everything(distilled)
    with open_workspace(distilled, writable=never) as workspace:
        found = Compare().execute(workspace, Compare().plan(workspace), Watch())
        assert found.runs == expected.runs
        assert [remark for remark in found.remarks if "Nothing can be written" in remark]
        page = Report(str(tmp_path / "elsewhere.html"))
        assert Path(page.execute(workspace, page.plan(workspace), Watch()).path).exists()
    assert everything(distilled) == before


def test_an_endpoint_that_was_never_asked_is_asked_though_it_cannot_be_kept(box, tmp_path: Path) -> None:
    root = make(tmp_path / "project", gallery(tmp_path / "pictures", 3, 0), box)
    with open_workspace(root, writable=never) as workspace:
        assert workspace.sandbox is True
        assert workspace.account() == "111122223333"
    assert not (root / ".stillroom").exists()


def test_an_endpoint_that_was_never_asked_is_asked_though_the_disk_is_full(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(facts: Facts, key: str, value: str) -> None:
        raise StorageFull("The disk is full.", "Free disk space.")

    with open_workspace(distilled) as workspace:
        workspace.store.facts.drop(f"sandbox:{workspace.settings.aws.endpoint_url}")
        monkeypatch.setattr(Facts, "put", full)
        assert status(workspace).where == "SANDBOX"


def test_the_command_asks_the_folder(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode, **options: mode != os.W_OK)
    said = stillroom("scan", "--json", "--project", scanned).ok().json
    assert (said["new"], said["changed"], said["gone"]) == (0, 0, 0)
    stillroom("status", "--project", scanned).ok()
    stillroom("exclude", "p00.jpg", "--project", scanned).refused(1, "can only be read", "writable")


def test_whether_a_project_can_be_written(tmp_path: Path) -> None:
    asked: list[Path] = []

    def may(path: Path) -> bool:
        asked.append(path)
        return path.name != "store.db"

    assert is_writable(tmp_path / "project", may)
    assert asked == [tmp_path], "the nearest folder that there is"
    (tmp_path / ".stillroom").mkdir()
    assert is_writable(tmp_path, may)
    assert asked[1:] == [tmp_path / ".stillroom"], "the project's own folder may be closed"
    (tmp_path / ".stillroom" / "store.db").touch()
    assert not is_writable(tmp_path, may)
    assert is_writable(tmp_path)
