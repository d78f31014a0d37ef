"""Pictures that are named on the command line: whoever names what is not there is told which."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, draw, make, put, stillroom


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "p00.jpg", "nope.jpg", "dunes.PNG", "--dry-run"),
        ("exclude", "p00.jpg", "nope.jpg", "dunes.PNG"),
        ("include", "p00.jpg", "nope.jpg", "dunes.PNG"),
        ("label", "teacher", "--only", "nope.jpg", "--only", "dunes.PNG", "--dry-run"),
    ],
)
def test_names_that_no_picture_has_are_all_named(scanned: Path, words: tuple[str, ...]) -> None:
    stillroom(*words, "--project", scanned).refused(2, "'nope.jpg'", "'dunes.PNG'", "not pictures")
    assert stillroom("status", "--project", scanned).ok().out.count("excluded") == 0


def test_names_stand_in_errors_as_they_were_typed(scanned: Path) -> None:
    stillroom("exclude", "사진.jpg", "--project", scanned).refused(2, "'사진.jpg' is not a picture")
    stillroom("exclude", "사진:1", "--project", scanned).refused(2, "There is no column '사진'.")
    stillroom("exclude", "width:넓다", "--project", scanned).refused(2, "'넓다' is not a number.")
    stillroom("exclude", "c\u202eöx.jpg", "--project", scanned).refused(2, "'c\\u202eöx.jpg'")
    file = scanned / "stillroom.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("[prepare]\n", '[prepare]\n"größe" = 1\n'), "utf-8"
    )
    stillroom("status", "--project", scanned).refused(2, "[prepare] has no key 'größe'")


def test_a_name_in_a_folder_and_a_wildcard_have_hints(box, tmp_path: Path) -> None:
    draw(tmp_path / "shelf" / "sea" / "beach.jpg", 1)
    draw(tmp_path / "shelf" / "sky.jpg", 2)
    root = make(tmp_path / "project", tmp_path / "shelf", box)
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("exclude", "Beach.jpg", "--project", root).refused(2, "'Beach.jpg'", "'sea/beach.jpg'")
    stillroom("exclude", "../sky.jpg", "--project", root).refused(2, "Did you mean 'sky.jpg'?")
    stillroom("exclude", "s*.jpg", "--project", root).refused(2, "'s*.jpg'", "path:'*.jpg'")
    for glob in ("s*", "*", "sea/*", "sk?"):
        stillroom("exclude", glob, "--project", root).refused(2, f"'{glob}'", "path:'*.jpg'")
    stillroom("exclude", "see/", "--project", root).refused(2, "'see/'")
    assert stillroom("exclude", "sea/", "--json", "--project", root).ok().json["selected"] == 1
    assert stillroom("include", "path:s*.jpg", "--json", "--project", root).ok().json["selected"] == 2


def test_a_name_with_an_at_in_front_can_be_written(box, tmp_path: Path) -> None:
    for number, name in enumerate(("@at.jpg", "sea/@sun.jpg", "sky.jpg")):
        draw(tmp_path / "shelf" / name, number)
    root = make(tmp_path / "project", tmp_path / "shelf", box)
    stillroom("scan", "-q", "--project", root).ok()
    for name in ("./@at.jpg", "./sky.jpg", "sea/@sun.jpg"):
        assert stillroom("exclude", name, "--json", "--project", root).ok().json["selected"] == 1
    stillroom("exclude", "@at.jpg", "--project", root).refused(2, "The list at.jpg", "write: ./@at.jpg")
    stillroom("exclude", "x/@at.jpg", "--project", root).refused(2, "Did you mean './@at.jpg'?")


@pytest.mark.parametrize("word", ["--model", "--yes", "-y"])
def test_options_behind_the_names_select_no_picture(scanned: Path, word: str) -> None:
    said = stillroom("ask", "--project", scanned, "--", "p00.jpg", word)
    said.refused(2, f"'{word}' looks like an option", f'-"{word[1:]}"')
    quoted = stillroom("exclude", "--json", "--project", scanned, "--", f'-"{word[1:]}"').ok().json
    assert quoted["selected"] > 1


@pytest.mark.parametrize(
    "words",
    [
        ("exclude", "--", "-nosuch.jpg"),
        ("ask", "--dry-run", "--", "p00.jpg", "-nosuch.jpg"),
        ("label", "teacher", "--dry-run", "--only", "-nosuch.jpg"),
    ],
)
def test_a_name_with_a_dash_in_front_does_not_mean_all_others(scanned: Path, words: tuple[str, ...]) -> None:
    verb, *rest = words
    said = stillroom(verb, "--project", scanned, *rest)
    said.refused(2, "'-nosuch.jpg' is not a picture of this project.", 'quote it: -"nosuch.jpg"')


def test_what_a_filter_leaves_out_can_be_a_name_in_quotes(scanned: Path) -> None:
    for word in ('-"p05.jpg"', "-p05", "-name:p05.jpg"):
        said = stillroom("exclude", "--json", "--project", scanned, "--", word).ok().json
        assert said["selected"] == 29


def test_nothing_can_be_named_before_a_scan(project: Path) -> None:
    for words in (("ask", "p00.jpg", "--dry-run"), ("exclude", "split:test"), ("include", "p00.jpg"),
                  ("label", "teacher", "--only", "p00.jpg", "--dry-run")):  # fmt: skip
        stillroom(*words, "--project", project).refused(2, "scanned yet", "stillroom scan")


def test_a_filter_that_selects_nothing_says_so(scanned: Path) -> None:
    for how in ("--yes", "--dry-run"):
        said = stillroom("label", "teacher", "--only", "name~zzz", how, "--project", scanned)
        said.refused(2, "name~zzz selects no picture.")
    words = ("--only", "p05.jpg", "--only", "name~zzz", "--dry-run", "--json", "--project", scanned)
    said = stillroom("label", "teacher", *words).ok()
    assert said.json["plan"]["notes"] == ["name~zzz selects no picture."]
    said = stillroom("exclude", "p00.jpg", "name~zzz", "--project", scanned).ok()
    assert "1 of 1 left out" in said.out
    assert "name~zzz selects no picture" in said.out
    stillroom("exclude", "name~zzz", "--project", scanned).refused(2, "name~zzz selects no picture")


def test_files_that_are_never_sent_need_no_leaving_out(box: Box, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    draw(folder / "fine.jpg", 1)
    draw(folder / "good.jpg", 2)
    for name in ("broken/one.jpg", "broken/two.jpg"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    root = make(tmp_path / "project", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    one = "'broken/one.jpg' (zero bytes) is never sent."
    stillroom("exclude", "broken/one.jpg", "--project", root).refused(2, one, "to see why: stillroom scan")
    for words in (("include", "broken/one.jpg"), ("ask", "broken/one.jpg")):
        stillroom(*words, "--project", root).refused(2, one, "Mend or replace", "run: stillroom scan")
    said = stillroom("exclude", "broken/one.jpg", "fine.jpg", "--json", "--project", root).ok().json
    assert (said["selected"], said["changed"], said["remarks"][0]) == (1, 1, one)
    for word in ("flag:any", "flag:empty", "broken/"):
        said = stillroom("label", "teacher", "--only", word, "--dry-run", "--project", root)
        said.refused(2, f"2 flagged files match {word}: they are never sent.")
    stillroom("exclude", "one flag:any", "--project", root).refused(
        2, "1 flagged file matches one flag:any: it"
    )
    stillroom("exclude", "flag:bomb", "--project", root).refused(2, "flag:bomb selects no picture.")


def test_a_picture_of_another_split_is_not_asked_about_and_that_is_said(scanned: Path) -> None:
    stillroom("exclude", "order:1", "--project", scanned).ok()
    words = (
        "label",
        "us.amazon.nova-lite-v1:0",
        "--yes",
        "--only",
        "order<2",
        "--json",
        "--project",
        scanned,
    )
    out = "1 picture of those named is left out by hand"
    train = "1 picture of those named is in the train split, and only test is asked about"
    said = stillroom(*words)
    assert said.code == 2
    assert said.json["error"]["what"] == f"{out}. {train}."
    lite = "us.amazon.nova-lite-v1:0"
    assert said.json["error"]["todo"].replace(f" --project {scanned}", "") == (
        "To take it back in: stillroom include 'order<2'. "
        f"To ask about it: stillroom label {lite} --split train --only 'order<2'"
    )
    said = stillroom(*words, "--split", "train").ok()
    back = "to take it back in: stillroom include 'order<2'"
    assert (said.json["done"], said.json["remarks"]) == (1, [f"{out}; {back}"])
    assert stillroom(*words, "--split", "train").ok().json["done"] == 0
    said = stillroom("include", "order<2", "--json", "--project", scanned).ok()
    assert (said.json["selected"], said.json["changed"]) == (2, 1), "the command that was named"


def test_a_picture_that_was_named_and_is_left_out_is_told_by_its_name(scanned: Path) -> None:
    stillroom("exclude", "p05.jpg", "p06.jpg", "--project", scanned).ok()
    words = ("label", "teacher", "--dry-run", "--json", "--project", scanned, "--only", "p05.jpg")
    error = stillroom(*words).json["error"]
    assert error["what"] == "p05.jpg is left out by hand."
    assert error["todo"].startswith("To take it back in: stillroom include ")
    assert error["todo"].endswith(" p05.jpg")
    error = stillroom(*words, "--only", "p06.jpg").json["error"]
    assert error["what"] == "2 pictures of those named are left out by hand."
    assert error["todo"].endswith(" p05.jpg p06.jpg")
    out = "p05.jpg is left out by hand; to take it back in: stillroom include p05.jpg"
    assert stillroom(*words, "--only", "p07.jpg").ok().json["plan"]["notes"][0] == out


def test_leaving_out_a_whole_side_is_said(scanned: Path) -> None:
    said = stillroom("exclude", "split=test", "--json", "--project", scanned).ok().json
    (remark,) = said["remarks"]
    assert "no test picture: no student can be compared" in remark
    assert stillroom("exclude", "order:0", "--json", "--project", scanned).ok().json["remarks"] == []
    assert stillroom("include", "split=test", "--json", "--project", scanned).ok().json["remarks"] == []


def test_a_model_without_a_price_may_be_misspelt(scanned: Path) -> None:
    put(scanned, "teacher", "model", "us.amazon.nova-por-v1:0")
    hint = "Did you mean us.amazon.nova-pro-v1:0?"
    assert hint in stillroom("label", "teacher", "--dry-run", "--project", scanned).ok().out
    assert hint in stillroom("run", "--dry-run", "--project", scanned).ok().out
    assert "did you mean us.amazon.nova-pro-v1:0?" in stillroom("status", "--project", scanned).ok().out


def test_one_compared_picture_has_no_interval(scanned: Path) -> None:
    for who in ("teacher", "untuned"):
        stillroom("label", who, "--split", "test", "--limit", "1", "-yq", "--project", scanned).ok()
    (run,) = stillroom("compare", "--json", "--project", scanned).ok().json["runs"]
    assert (run["pictures"], run["jaccard"]["low"], run["jaccard"]["high"]) == (1, None, None)
    assert "too few for an interval" in stillroom("compare", "--project", scanned).ok().out
    steps = stillroom("status", "--json", "--project", scanned).ok().json["steps"]
    (facts,) = [one["facts"] for one in steps if one["step"] == "compare"]
    assert "[" not in facts
    stillroom("report", "--project", scanned).ok()


def test_a_copy_that_is_named_has_its_answer_under_another_name(scanned: Path) -> None:
    said = stillroom("ask", "p00.jpg", "copy0.jpg", "-yq", "--json", "--project", scanned).ok().json
    assert [one["picture"] for one in said["answers"]] == ["copy0.jpg"]
    remark = "p00.jpg is an exact copy of copy0.jpg, under whose name its answer stands."
    assert said["remarks"] == [remark]
    assert f"  note: {remark}" in stillroom("ask", "p00.jpg", "--project", scanned).ok().out
    assert stillroom("ask", "p05.jpg", "-yq", "--json", "--project", scanned).ok().json["remarks"] == []
