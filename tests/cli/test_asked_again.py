"""Asking again about pictures that have been answered: what is stored is shown as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.steps.world import Box, gallery, make, put, stillroom

from stillroom.cli import output


def test_stored_answers_are_said_to_cost_nothing_now(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    ask = ("ask", "p05.jpg", "p06.jpg", "-yq", "--project", project)
    first = stillroom("ask", "p05.jpg", "-yq", "--json", "--project", project).ok().json["answers"]
    assert [one["stored"] for one in first] == [False]
    served = box.served()
    again = stillroom(*ask, "--json").ok().json["answers"]
    assert {one["picture"]: one["stored"] for one in again} == {"p05.jpg": True, "p06.jpg": False}
    assert box.served() == served + 1
    lines = [line for line in stillroom(*ask).ok().out.splitlines() if not line.startswith(" ")]
    assert all("stored, nothing was paid now" in line for line in lines)


def test_an_answer_of_too_few_keywords_says_so(project: Path) -> None:
    put(project, "prompt", "keywords_max", 90)
    put(project, "prompt", "keywords_min", 80)
    stillroom("scan", "-q", "--project", project).ok()
    said = stillroom("ask", "p05.jpg", "-yq", "--project", project).ok().out
    assert " keywords, fewer than 80, " in " ".join(said.split())


def test_a_picture_that_is_gone_is_no_empty_answer(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 4, 0)
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    (folder / "p00.jpg").unlink()
    done = stillroom("ask", "p00.jpg", "-yq", "--json", "--project", root)
    (said,) = done.json["answers"]
    assert (said["failure"], said["stored"]) == ("gone", False)
    assert "vanished" in said["remark"]
    assert (done.code, done.json["failed"]) == (6, 1)


def test_useless_answers_end_with_6(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    ask = ("ask", "p05.jpg", "p06.jpg", "-yq", "--project", project)
    assert stillroom(*ask).code == 6
    said = stillroom(*ask, "--json")
    assert (said.code, said.json["failed"]) == (6, 2)
    box.turn(faults={"refusal": 0.0})
    assert stillroom(*ask, "--json").ok().json["failed"] == 0


def test_a_picture_that_no_model_takes_is_no_failure(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 4, 0)
    Image.effect_noise((4000, 60), 90).save(folder / "thin.png")
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    said = stillroom("ask", "thin.png", "-yq", "--json", "--project", root).ok().json
    assert (said["answers"][0]["failure"], said["failed"]) == ("too_thin", 0)


def test_answers_are_broken_between_words(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    ask = ("ask", "p05.jpg", "--model", "teacher", "--model", "untuned", "-yq", "--project", project)
    stillroom(*ask).ok()
    whole = stillroom(*ask).ok().out.splitlines()
    assert max(map(len, whole)) > 40
    monkeypatch.setattr(output, "terminal_width", lambda: 40)
    lines = stillroom(*ask).ok().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert " ".join(lines).split() == " ".join(whole).split()
    assert sum(line.startswith("  ") for line in lines) > sum(line.startswith("  ") for line in whole)


def test_a_model_that_is_named_twice_is_asked_once(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    twice = ("--model", "untuned", "--model", "untuned")
    plan = stillroom("ask", "p05.jpg", *twice, "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["count"] == 1
