"""Looking writes nothing, half a file is no file, and what the budget cannot count is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import draw, gallery, put, stillroom

from stillroom.errors import StorageFull, StoreBusy
from stillroom.steps.exchange import ExportLabels
from stillroom.steps.plan import Watch
from stillroom.steps.preparing import ensure_prepared, prepared_folder
from stillroom.steps.scan import Scan, split_for_a_plan
from stillroom.steps.standing import status
from stillroom.steps.workspace import open_workspace


def test_status_stores_no_scores(distilled: Path):
    with open_workspace(distilled) as workspace:
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM scores")
        said = {one.step: one for one in status(workspace).steps}
        assert said["compare"].facts.startswith("untuned 0.")
        with workspace.store.database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM scores").fetchone()[0] == 0


def test_a_prepared_file_that_was_cut_is_made_again(distilled: Path):
    with open_workspace(distilled) as workspace:
        rows = workspace.store.pictures.contents()
        known = ensure_prepared(workspace, rows, Watch())
        file = known[rows[0].content]
        path = prepared_folder(workspace) / file.path
        whole = path.read_bytes()
        path.write_bytes(whole[:100])
        ensure_prepared(workspace, rows, Watch())
        assert path.read_bytes() == whole


def test_an_export_that_fails_leaves_nothing_behind(distilled: Path, tmp_path: Path):
    target = tmp_path / "labels.jsonl"
    target.mkdir()
    (target / "kept").touch()
    with open_workspace(distilled) as workspace, pytest.raises(StorageFull):
        step = ExportLabels(target)
        step.execute(workspace, step.plan(workspace), Watch())
    assert list(tmp_path.glob(".labels*")) == []


def test_an_import_of_a_deeply_nested_line_is_refused(distilled: Path, tmp_path: Path):
    file = tmp_path / "labels.jsonl"
    file.write_text("[" * 100_000)
    stillroom("import", "labels", file, "--project", distilled).refused(2, "line 1: not a label")


def test_a_budget_says_what_it_cannot_count(distilled: Path):
    put(distilled, "limits", "budget", 100.0)
    with open_workspace(distilled) as workspace:
        assert workspace.budget_note() == ()
        with workspace.store.database.writing() as connection:
            connection.execute("UPDATE runs SET unpriced = 3 WHERE role = 'teacher'")
        (note,) = workspace.budget_note()
        assert note.startswith("3 calls, jobs or kept models have no known price")


@pytest.mark.parametrize("words", [("--dry-run",), ()])
def test_a_plan_of_run_that_nobody_agreed_to_fixes_no_split(project: Path, words: tuple[str, ...]):
    planned = stillroom("run", *words, "--project", project)
    assert planned.code == (0 if words else 2)
    found = stillroom("status", "--json", "--project", project).ok().json
    assert (found["steps"][0]["state"], found["command"]) == ("waiting", "stillroom scan")
    stillroom("label", "teacher", "-y", "--project", project).refused(2, "stillroom scan")
    put(project, "pictures", "test", 0.3)
    put(project, "pictures", "seed", 99)
    scanned = stillroom("scan", "--json", "--project", project).ok().json
    assert scanned["sides"] == {"test": 9, "train": 21}
    assert scanned["remarks"] == []


def test_what_is_left_is_unknown_while_pictures_were_only_looked_at(project: Path):
    unknown = dict.fromkeys(("low", "likely", "high"))
    at = ("--project", project)
    stillroom("run", "--dry-run", *at).ok()
    found = stillroom("cost", "--json", *at).ok().json
    assert (found["left"], found["left_usd"]) == ([], unknown)
    assert "Still to be spent, not known until the pictures are scanned" in stillroom("cost", *at).ok().out
    steps = {one["step"]: one["facts"] for one in stillroom("status", "--json", *at).ok().json["steps"]}
    assert (steps["label teacher"], steps["label untuned"]) == ("scan first", "scan first")
    stillroom("scan", *at).ok()
    assert stillroom("cost", "--json", *at).ok().json["left_usd"]["likely"] > 0


def test_new_pictures_that_were_only_looked_at_make_unknown_what_is_left(project: Path, tmp_path: Path):
    own = gallery(tmp_path / "own", 12, 0)
    put(project, "pictures", "folder", str(own))
    stillroom("scan", "--project", project).ok()
    draw(own / "new.jpg", 500)
    stillroom("run", "--dry-run", "--until", "label", "--project", project).ok()
    found = stillroom("cost", "--json", "--project", project).ok().json
    assert found["left"]
    assert found["left_usd"]["likely"] is None
    assert "not known until the pictures are scanned" in stillroom("cost", "--project", project).ok().out


def test_a_plan_of_run_tells_of_pictures_that_have_gone(project: Path, tmp_path: Path):
    own = gallery(tmp_path / "own", 12, 0)
    put(project, "pictures", "folder", str(own))
    stillroom("scan", "--project", project).ok()
    next(iter(own.iterdir())).rename(tmp_path / "moved.jpg")
    words = ("run", "--until", "label", "--dry-run", "--project", project)
    assert "since last time: 0 new, 0 changed, 1 gone" in stillroom(*words).ok().err
    assert "since last time" not in stillroom(*words).ok().err


def test_a_plan_of_run_gives_new_pictures_no_side(project: Path, tmp_path: Path):
    own = gallery(tmp_path / "own", 12, 0)
    put(project, "pictures", "folder", str(own))
    stillroom("scan", "--project", project).ok()
    for number in range(3):
        draw(own / f"new{number}.jpg", 500 + number)
    stillroom("run", "--dry-run", "--project", project).ok()
    with open_workspace(project) as workspace:
        sides = {row.path: (row.side, row.order) for row in workspace.store.pictures.contents()}
    assert [place for path, place in sides.items() if path.startswith("new")] == [(None, None)] * 3
    assert all(side is not None for path, (side, _) in sides.items() if path.startswith("p"))
    assert "3 not split yet" in stillroom("status", "--project", project).ok().out


def test_a_plan_of_run_that_is_carried_out_splits_as_it_was_planned(project: Path):
    planned = stillroom("run", "--until", "label", "--dry-run", "--json", "--project", project).ok().json
    done = stillroom("run", "--until", "label", "-yq", "--json", "--project", project).ok().json
    assert planned["plan"]["count"] == done["parts"] == 1
    assert done["answered"] == 30


def test_no_scan_rests_on_sides_that_are_given_for_a_plan(project: Path):
    with open_workspace(project) as workspace, open_workspace(project) as other:
        step = Scan()
        with split_for_a_plan(workspace), pytest.raises(StoreBusy):
            step.execute(other, step.plan(other), Watch())
        said = step.execute(other, step.plan(other), Watch())
        assert sum(said.sides.values()) == other.store.pictures.summary().unique
        with split_for_a_plan(workspace):
            assert step.execute(other, step.plan(other), Watch()).sides == said.sides
