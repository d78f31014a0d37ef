"""Labels out and in again; pictures left out and taken back in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import Box, draw, make, put, stillroom

from stillroom.pictures import Side
from stillroom.steps.run_views import runs_view
from stillroom.steps.workspace import open_workspace


def test_copies_repeat_the_label_and_come_back(
    distilled: Path, box: Box, shelf: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.jsonl"
    said = stillroom("export", "labels", "-o", file, "--json", "--project", distilled).ok()
    assert (said.json["lines"], said.json["unique"]) == (32, 30)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    labels = {row["image"]: row["label"] for row in rows}
    assert labels["copy0.jpg"] == labels["p00.jpg"]
    other = make(tmp_path / "other", shelf, box)
    stillroom("scan", "-q", "--project", other).ok()
    taken = stillroom("import", "labels", file, "--json", "--project", other).ok()
    assert (taken.json["lines"], taken.json["labeled"], taken.json["strangers"]) == (32, 30, [])
    before = box.served()
    assert stillroom("label", "teacher", "-yq", "--json", "--project", other).ok().json["done"] == 0
    assert box.served() == before, "the teacher is not paid to say again what was imported"
    with open_workspace(other) as workspace:
        shown = runs_view(workspace).shown
        assert shown is not None
        assert (shown.id, shown.answered, shown.imported, shown.left) == (None, 30, 30, 0)
    again = tmp_path / "again.jsonl"
    stillroom("export", "labels", "-o", again, "--project", other).ok()
    assert again.read_bytes() == file.read_bytes()


def test_a_bad_line_imports_nothing(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    file = tmp_path / "labels.jsonl"
    file.write_text('{"image": "p00.jpg", "label": "sea, sky"}\n{"image": "p01.jpg"}\n', encoding="utf-8")
    stillroom("import", "labels", file, "--project", project).refused(2, "line 2")
    stillroom("export", "labels", "--project", project).refused(2, "no label")


def test_a_file_that_cannot_be_read_is_told_of_in_plain_words(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    odd = tmp_path / "odd.txt"
    odd.write_bytes(b"\xff\xfe")
    for words in (("import", "labels"), ("ask", "p00.jpg", "--prompt")):
        said = stillroom(*words, tmp_path / "none.jsonl", "--project", project)
        said.refused(2, "cannot be read: no such file or directory.")
        stillroom(*words, odd, "--project", project).refused(2, "cannot be read: it is not UTF-8 text.")
    stillroom("exclude", f"@{tmp_path}/no", "--project", project).refused(2, "no such file or directory")


def test_labels_are_not_taken_in_before_a_scan(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text('{"image": "p00.jpg", "label": "sea, sky"}\n', encoding="utf-8")
    stillroom("import", "labels", file, "--project", project).refused(2, "scanned yet", "stillroom scan")


def test_pictures_are_left_out_by_name_by_list_and_by_filter(distilled: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("p01.jpg\np02.jpg\n", encoding="utf-8")
    out = stillroom("exclude", "p00.jpg", f"@{listed}", "--json", "--project", distilled).ok()
    copies = "Exact copies count as one picture and go with it: 5 files in all."
    assert out.json == {"sandbox": True, "selected": 3, "changed": 3, "excluded": 3, "remarks": [copies]}
    back = stillroom("include", "name~p0", "--json", "--project", distilled).ok()
    assert back.json["excluded"] == 0
    one = stillroom("include", "copy0.jpg", "--json", "--project", distilled).ok().json["remarks"]
    assert one == ["Exact copies count as one picture and go with it: 2 files in all."]
    assert stillroom("include", "p03.jpg", "--json", "--project", distilled).ok().json["remarks"] == []
    stillroom("exclude", "nmae~p0", "--project", distilled).refused(2, "nmae")


def test_what_is_left_out_is_neither_built_nor_compared(distilled: Path) -> None:
    before = stillroom("compare", "--json", "--project", distilled).ok().json["pictures"]
    said = stillroom("exclude", "split:test", "--project", distilled).ok()
    assert "no test picture" in said.out
    stillroom("compare", "--project", distilled).refused(2, "test picture")
    stillroom("include", "split:test", "--project", distilled).ok()
    assert stillroom("compare", "--json", "--project", distilled).ok().json["pictures"] == before


def test_labels_of_pictures_that_are_never_sent_are_told_apart(box: Box, tmp_path: Path) -> None:
    draw(tmp_path / "shelf" / "whole.jpg", 1)
    (tmp_path / "shelf" / "empty.jpg").touch()
    whole = draw(tmp_path / "shelf" / "cut.jpg", 2, size=(400, 300))
    whole.write_bytes(whole.read_bytes()[:2000])
    root = make(tmp_path / "project", tmp_path / "shelf", box)
    assert stillroom("scan", "--json", "--project", root).ok().json["flagged"] == {"empty": 1, "truncated": 1}
    names = ("whole.jpg", "cut.jpg", "empty.jpg")
    file = _labels(tmp_path / "labels.jsonl", *[(name, "sea, sky") for name in names])
    said = stillroom("import", "labels", file, "--json", "--project", root).ok().json
    assert (said["lines"], said["labeled"], said["flagged"], said["strangers"]) == (3, 1, 2, [])
    out = stillroom("import", "labels", file, "--project", root).ok().out
    assert out.splitlines() == [
        "3 lines: 3 usable, 0 unusable",
        "3 pictures, copies counted once: 1 label counts (0 new), 2 do not",
        "  2 of those that do not: of 2 pictures that can never be sent, see stillroom scan",
    ]


def test_labels_that_take_the_place_of_imported_ones_are_told_of(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    first = [("p05.jpg", "sea, sky"), ("p06.jpg", "sea, sky")]
    file = _labels(tmp_path / "first.jsonl", *first)
    said = stillroom("import", "labels", file, "--json", "--project", project).ok().json
    assert (said["labeled"], said["new"], said["replaced"]) == (2, 2, 0)
    again = stillroom("import", "labels", file, "--json", "--project", project).ok().json
    assert (again["new"], again["replaced"]) == (0, 0), "it says what is known"
    # No list of keywords displaces none that is one.
    second = [("p05.jpg", "sea,sky"), ("p06.jpg", "dune"), ("p07.jpg", "sea"), ("p05.jpg", "")]
    file = _labels(tmp_path / "second.jsonl", *second)
    said = stillroom("import", "labels", file, "--project", project).ok()
    lines, pictures, replaced, *_ = said.out.splitlines()
    assert lines == "4 lines: 3 usable, 1 unusable"
    assert pictures == "3 pictures, copies counted once: 3 labels count (1 new), 0 do not"
    assert replaced == "  1 of them takes the place of another label imported before"


def test_what_other_labels_put_out_of_date_is_told_where_something_is(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        chosen = {side: workspace.store.pictures.contents((side,)) for side in (Side.TRAIN, Side.TEST)}

    def take_in(side: Side, label: str) -> str:
        file = _labels(tmp_path / "labels.jsonl", *[(row.path, label) for row in chosen[side]])
        return stillroom("import", "labels", file, "--project", project).ok().out

    take_in(Side.TRAIN, "sea, sky")
    take_in(Side.TEST, "sea, sky")
    replaced = "  27 of them take the place of another label imported before"
    assert take_in(Side.TRAIN, "dune, sky").splitlines()[2] == replaced, "nothing was built"
    stillroom("setup", "-yq", "--project", project).ok()
    stillroom("build", "-q", "--project", project).ok()
    replaced = "  3 of them take the place of another label imported before"
    assert take_in(Side.TEST, "dune, sky").splitlines()[2] == replaced, "nothing is built of test pictures"
    said = take_in(Side.TRAIN, "sea, sky").splitlines()[2]
    assert said.endswith(": what was built and trained with that is out of date, see stillroom status")


def test_imported_labels_beside_own_answers_are_told_apart(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--only", "p05.jpg", "-yq", "--project", project).ok()
    rows = [{"image": name, "label": "sea, sky"} for name in ("p05.jpg", "p06.jpg", "p07.jpg")]
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    said = stillroom("import", "labels", file, "--json", "--project", project).ok().json
    assert (said["labeled"], said["own"], said["new"], said["replaced"]) == (3, 1, 2, 0)
    said = stillroom("import", "labels", file, "--project", project).ok()
    assert said.out.splitlines() == [
        "3 lines: 3 usable, 0 unusable",
        "3 pictures, copies counted once: 2 labels count (0 new), 1 does not",
        "  1 of those that do not: the teacher's own answers come first",
        "  it is kept, and counts where the teacher has no answer of its own, as after a change of settings",
    ]


def test_what_is_imported_is_told_of_where_answers_are_counted(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--only", "p05.jpg", "-yq", "--project", project).ok()
    _taught(project, "1/30 · $", "1 of 30")
    file = _labels(tmp_path / "l.jsonl", *[(name, "sea, sky") for name in ("p05.jpg", "p06.jpg", "p07.jpg")])
    stillroom("import", "labels", file, "--project", project).ok()
    _taught(project, "3/30 · 2 imported · $", "3 of 30, 2 of them imported")
    put(project, "teacher", "temperature", 0.1)  # another run, as another prompt is
    _taught(project, "3/30 · 3 imported · 27 left", "3 of 30, 3 of them imported")


def _taught(root: Path, status: str, plan: str) -> None:
    """See how ``status`` begins its line of the teacher, and what the plan to label says was done before."""
    steps = stillroom("status", "--json", "--project", root).ok().json["steps"]
    facts = next(one["facts"] for one in steps if one["step"] == "label teacher")
    assert facts.startswith(status), facts
    said = stillroom("label", "teacher", "--dry-run", "--json", "--project", root).ok().json["plan"]
    assert {"label": "done before", "value": plan} in said["lines"]


def _labels(path: Path, *rows: tuple[str, str]) -> Path:
    path.write_text(
        "".join(json.dumps({"image": name, "label": text}) + "\n" for name, text in rows), encoding="utf-8"
    )
    return path


def test_an_unusable_line_displaces_no_usable_one_and_is_named(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    file = _labels(
        tmp_path / "l.jsonl",
        ("copy0.jpg", "sun, sea"),
        ("p00.jpg", ""),
        ("p01.jpg", "one, two"),
        ("p01.jpg", ""),
    )
    said = stillroom("import", "labels", file, "--project", project).ok()
    assert said.out.splitlines()[:2] == [
        "4 lines: 2 usable, 2 unusable",
        "2 pictures, copies counted once: 2 labels count (2 new), 0 do not",
    ]
    assert [line.partition(":")[0] for line in said.out.splitlines()[2:]] == [
        "  line 2, p00.jpg",
        "  line 4, p01.jpg",
    ]
    assert "sun, sea" in stillroom("export", "labels", "--project", project).ok().out
    told = stillroom("import", "labels", file, "--json", "--project", project).ok().json
    assert (told["labeled"], told["unusable"], told["conflicts"]) == (2, 2, [])
    assert [(one["line"], one["image"], bool(one["reason"])) for one in told["unusable_lines"]] == [
        (2, "p00.jpg", True),
        (4, "p01.jpg", True),
    ]


def test_two_labels_for_one_content_are_told_of(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    file = _labels(
        tmp_path / "l.jsonl",
        ("p00.jpg", "sun, sea"),
        ("p01.jpg", "a, b"),
        ("copy0.jpg", "dune"),
        ("p01.jpg", "a, b"),
    )
    said = stillroom("import", "labels", file, "--json", "--project", project).ok().json
    assert said["conflicts"] == [{"line": 1, "image": "p00.jpg", "by_line": 3, "by_image": "copy0.jpg"}]
    told = stillroom("import", "labels", file, "--project", project).ok().out
    assert "line 1, p00.jpg: does not count; line 3, copy0.jpg" in told
    assert "dune" in stillroom("export", "labels", "--project", project).ok().out


@pytest.mark.parametrize("words", [("export", "labels"), ("report",)])
def test_a_folder_that_was_mistyped_is_wrong_usage(
    distilled: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    at = ("--project", distilled)
    stillroom(*words, "-o", tmp_path / "no" / "x.html", *at).refused(
        2, f"folder {tmp_path / 'no'} is not there"
    )
    (tmp_path / "file").touch()
    stillroom(*words, "-o", tmp_path / "file" / "x.html", *at).refused(2, "file is not a folder")


@pytest.mark.parametrize("words", [("report",), ("export", "labels")])
def test_a_name_that_is_too_long_is_told_of_in_plain_words(
    distilled: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    place, long = ("--project", distilled, "--output"), "n" * 300
    stillroom(*words, *place, tmp_path / long / "a.txt").refused(2, "is not there")
    stillroom(*words, *place, tmp_path / f"{long}.html").refused(1, "file name too long")


@pytest.mark.parametrize("name", ["r.csv", "r.json", "r.JSON", "out.txt", "out", "."])
def test_the_page_is_none_of_the_files_beside_it(distilled: Path, tmp_path: Path, name: str) -> None:
    stillroom("report", "-o", tmp_path / name, "--project", distilled).refused(2, "FILE.html")
    assert not list(tmp_path.glob("r.*"))


@pytest.mark.parametrize("own", ["stillroom.toml", "records/10.jsonl", ".stillroom/store.db", "link.jsonl"])
def test_labels_are_not_written_over_what_the_project_is_made_of(distilled: Path, own: str) -> None:
    (distilled / "link.jsonl").symlink_to(distilled / "stillroom.toml")
    before = (distilled / own).read_bytes()
    said = stillroom("export", "labels", "-o", distilled / own, "--project", distilled)
    said.refused(2, f"{own} is a part of the project itself.", "--output FILE")
    assert (distilled / own).read_bytes() == before


def test_labels_are_not_written_over_a_picture(project: Path, shelf: Path) -> None:
    before = (shelf / "p00.jpg").read_bytes()
    stillroom("scan", "-q", "--project", project).ok()
    said = stillroom("export", "labels", "-o", shelf / "p00.jpg", "--project", project)
    said.refused(2, "p00.jpg is a part of the project itself.")
    assert (shelf / "p00.jpg").read_bytes() == before


def test_labels_are_not_written_over_a_picture_that_no_scan_has_seen(project: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "more"
    shelf.mkdir()
    draw(shelf / "p00.jpg", 1)
    put(project, "pictures", "folder", str(shelf))
    stillroom("scan", "-q", "--project", project).ok()
    (shelf / "new.JPG").write_bytes((shelf / "p00.jpg").read_bytes())
    said = stillroom("export", "labels", "-o", shelf / "new.JPG", "--project", project)
    said.refused(2, "new.JPG is a part of the project itself.")
    for free in ("other.jpg", "labels.jsonl", "labels.jsonl"):
        (shelf / "labels.jsonl").write_text("", encoding="utf-8")
        said = stillroom("export", "labels", "-o", shelf / free, "--project", project)
        assert "part of the project" not in said.err


@pytest.mark.parametrize("linked", ["records", "stillroom.toml"])
def test_labels_are_not_written_over_what_lies_elsewhere_and_is_linked_to(
    distilled: Path, tmp_path: Path, linked: str
) -> None:
    (distilled / linked).rename(tmp_path / linked)
    (distilled / linked).symlink_to(tmp_path / linked)
    own = distilled / linked / "10.jsonl" if linked == "records" else distilled / linked
    before = own.read_bytes()
    said = stillroom("export", "labels", "-o", own, "--project", distilled)
    said.refused(2, f"{own.name} is a part of the project itself.")
    assert own.read_bytes() == before


def test_what_is_imported_adds_up(project: Path, tmp_path: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--only", "p05.jpg", "-yq", "--project", project).ok()
    rows = [
        ("p05.jpg", "sea, sky"),
        ("p00.jpg", "sea"),
        ("copy0.jpg", "sea"),
        ("p06.jpg", ""),
        ("no.jpg", "x"),
    ]
    out = stillroom("import", "labels", _labels(tmp_path / "l", *rows), "--project", project).ok().out
    assert out.splitlines()[:3] == [
        "5 lines: 3 usable, 1 unusable, 1 of no picture of the project",
        "2 pictures, copies counted once: 1 label counts (1 new), 1 does not",
        "  1 of those that do not: the teacher's own answers come first",
    ]


@pytest.mark.parametrize(("verb", "doing"), [("exclude", "Leave out"), ("include", "Take back in")])
def test_what_follows_from_leaving_out_can_be_seen_first(distilled: Path, verb: str, doing: str) -> None:
    if verb == "include":
        stillroom("exclude", "name~p0", "--project", distilled).ok()
    before = stillroom("scan", "--json", "--project", distilled).ok().json
    said = stillroom(verb, "name~p0", "--dry-run", "--project", distilled).ok().out
    assert said.startswith(f"{doing} 10 pictures")
    assert "training" in said
    plan = stillroom(verb, "name~p0", "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert (plan["verb"], plan["count"], plan["command"]) == (verb, 10, f"stillroom {verb} 'name~p0'")
    assert stillroom("scan", "--json", "--project", distilled).ok().json == before
    out = stillroom(verb, "name~p0", "--project", distilled).ok().out
    done = "left out; 10 pictures are" if verb == "exclude" else "taken back in; 0 pictures are"
    assert f"10 of 10 {done} left out now" in out
