"""``stillroom sizes``: what shrinking saves, and how long it takes as far as that was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, draw, make, put, stillroom

from stillroom.errors import Interrupted
from stillroom.steps.plan import Watch
from stillroom.steps.sizing import Sizes
from stillroom.steps.workspace import open_workspace


def test_small_pictures_have_nothing_to_save(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    (remark,) = stillroom("sizes", "--json", "--project", project).ok().json["remarks"]
    assert remark == "These pictures are no larger than 512 px: shrinking saves nothing."


def test_large_pictures_save_bytes_at_least(box: Box, tmp_path: Path) -> None:
    for number in range(3):
        draw(tmp_path / "shelf" / f"{number}.jpg", number, size=(700, 400))
    root = make(tmp_path / "project", tmp_path / "shelf", box)
    stillroom("scan", "-q", "--project", root).ok()
    assert "shrinking saves nothing" not in stillroom("sizes", "--project", root).ok().out


def test_the_time_is_the_measured_one_once_there_is_one(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    before = stillroom("sizes", "--json", "--project", project).ok().json["rows"][0]
    stillroom("label", "teacher", "-yq", "--limit", "20", "--project", project).ok()
    after = stillroom("sizes", "--json", "--project", project).ok().json["rows"][0]
    assert before["seconds_per_1000"] == 1000 * 1.5 / 8
    assert 0 < after["seconds_per_1000"] < before["seconds_per_1000"]


def test_it_stops_when_it_is_told_to(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    watch = Watch()
    watch.signals.cancel()
    with open_workspace(project) as workspace, pytest.raises(Interrupted):
        Sizes().execute(workspace, Sizes().plan(workspace), watch)


def test_the_projects_own_size_has_a_row(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    for own, sides in ((128, [128, 512, 768, 1024, 1568, 2048, 0]), (0, [512, 768, 1024, 1568, 2048, 0])):
        put(project, "prepare", "longest_side", own)
        rows = stillroom("sizes", "--json", "--project", project).ok().json["rows"]
        assert [row["longest_side"] for row in rows] == sides
        assert [row["longest_side"] for row in rows if row["current"]] == [own]
