"""Folders and file names as life brings them: a picture is labeled under its own name, or flagged."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path

import pytest
from tests.steps.world import Box, answers, assert_tame, draw, gallery, make, stillroom


def test_a_missing_folder_is_refused_by_new(tmp_path: Path) -> None:
    said = stillroom("new", tmp_path / "p", "--images", tmp_path / "nowhere")
    said.refused(2, "nowhere")
    assert not (tmp_path / "p").exists(), "a project that was refused leaves nothing behind"


def test_an_empty_folder_is_refused_by_new(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = stillroom("new", tmp_path / "p", "--images", tmp_path / "empty")
    said.refused(2, "empty")


def test_a_folder_of_other_things_is_refused_by_new(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no picture")
    said = stillroom("new", tmp_path / "p", "--images", tmp_path / "texts")
    said.refused(2, "texts")


def test_pictures_on_s3_are_refused_clearly(tmp_path: Path) -> None:
    said = stillroom("new", tmp_path / "p", "--images", "s3://my-bucket/photos")
    said.refused(2, "S3", "aws s3 sync s3://my-bucket/photos")


@pytest.mark.parametrize("emptied", [False, True], ids=["gone", "emptied"])
def test_a_folder_that_goes_away_later_loses_nothing(box: Box, tmp_path: Path, emptied: bool) -> None:
    folder = gallery(tmp_path / "pictures", 8, 0)
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    before = answers(root)
    labels = stillroom("export", "labels", "--project", root).ok().out
    shutil.move(folder, tmp_path / "away")
    if emptied:
        folder.mkdir()
    for words in (("scan",), ("run", "-y")):
        said = stillroom(*words, "--project", root)
        said.refused(2, str(folder))
    assert answers(root) == before
    if emptied:
        folder.rmdir()
    shutil.move(tmp_path / "away", folder)
    stillroom("scan", "-q", "--project", root).ok()
    assert stillroom("export", "labels", "--project", root).ok().out == labels


NFC, NFD = unicodedata.normalize("NFC", "사진 여름"), unicodedata.normalize("NFD", "바다 겨울")
LONG = "/".join(["d" * 60] * 4 + ["e" * 52 + ".jpg"])
"""A path of 300 characters."""
NAMES = (
    "with some spaces .jpg",
    "100%.jpg",
    "%2e%2e%2f%41.jpg",
    f"{NFC}.jpg",
    f"{NFD}.jpg",
    LONG,
    "-rf.jpg",
    "--json.jpg",
    "two\nlines.jpg",
    "tab\there.jpg",
    "\x1b[31mred\x1b[0m.jpg",
    "\x1b]0;owned\x07.jpg",
    "right\u202eto-left.jpg",
    "quote'\"`$(reboot).jpg",
    "[bold]markup[/bold].jpg",
    "&amp;<b>.jpg",
    "Case.jpg",
    "case.jpg",
    "sky: blue.jpg",
)


WILD = "\x1b[2J\x1b]0;owned\x07\u202e"


@pytest.fixture
def strange(box: Box, tmp_path: Path) -> Path:
    """A project of pictures with strange names, scanned and labeled."""
    assert len(LONG) == 300
    folder = tmp_path / "pictures"
    for number, name in enumerate(NAMES):
        draw(folder / name, 500 + number, form="JPEG")
    root = make(tmp_path / "p", folder, box)
    scan = stillroom("scan", "--project", root).ok()
    assert_tame(scan.out + scan.err)
    said = stillroom("label", "teacher", "-y", "--project", root).ok()
    assert_tame(said.out + said.err)
    return root


def test_strange_names_are_labeled_and_exported_as_they_are(strange: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    stillroom("export", "labels", "-o", file, "--project", strange).ok()
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    names = {json.loads(line)["image"] for line in lines}
    said = stillroom("export", "labels", "-o", "-", "--project", strange).ok()
    assert [json.loads(line) for line in said.out.splitlines()] == [json.loads(line) for line in lines]
    assert len(lines) == len(NAMES)
    flagged = {row["path"] for row in stillroom("scan", "--json", "--project", strange).json["flagged_files"]}
    assert names | flagged == set(NAMES), "the very names, Hangul composed as it is on disk"
    assert {"Case.jpg", "case.jpg"} <= names, "names that differ only by case are two pictures"


def test_strange_names_can_be_written_on_the_command_line(strange: Path) -> None:
    for name in NAMES:
        said = stillroom("exclude", "--json", "--project", strange, "--", name)
        assert said.ok().json["selected"] == 1, name
    assert f" · {len(NAMES)} excluded" in stillroom("status", "--project", strange).ok().out
    back = stillroom("include", "--json", "--project", strange, "--", *NAMES).ok()
    assert back.json["excluded"] == 0


def test_strange_names_reach_no_terminal(strange: Path) -> None:
    for words in (
        ("scan",), ("status",), ("label", "untuned", "-y"), ("compare",), ("cost",), ("export", "labels"),
        ("ask", "-y", "--model", "teacher", "--", *NAMES), ("report",), ("exclude", "--", f"no {WILD}"),
        ("label", WILD, "-y"), ("undeploy", WILD), ("retry", "teacher", "--class", WILD), ("compare", WILD),
        ("run", "--until", WILD), ("--project", WILD), (WILD,), ("scan", f"--{WILD}"),
        ("import", "labels", WILD),
    ):  # fmt: skip
        said = stillroom("--project", strange, *words)
        assert_tame(said.err)
        if words[0] != "export":  # JSON keeps its own escapes, see below
            assert_tame(said.out)


def test_json_escapes_what_a_terminal_would_obey(strange: Path) -> None:
    for words in (
        ("export", "labels"),
        ("scan", "--json"),
        ("ask", "--json", "-yq", "--model", "teacher", "name~red"),
    ):
        said = stillroom(*words, "--project", strange).ok()
        assert "\x1b" not in said.out
        assert "\x07" not in said.out


def test_the_report_shows_strange_names_as_text(strange: Path, tmp_path: Path) -> None:
    stillroom("label", "untuned", "-yq", "--project", strange).ok()
    stillroom("report", "-o", tmp_path / "r.html", "--project", strange).ok()
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "\x1b" not in page
    assert "<b>.jpg" not in page


def test_records_of_strange_names_break_no_rule(strange: Path) -> None:
    stillroom("setup", "-yq", "--project", strange).ok()
    stillroom("build", "--project", strange).ok()
    checked = stillroom("validate", "--json", "--project", strange).ok().json
    assert [one["errors"] for one in checked["files"]] == [0]


def test_a_name_that_is_no_unicode(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 4, 0)
    os.rename(os.fsencode(folder / "p00.jpg"), os.fsencode(folder) + b"/\xff\xfe.jpg")  # noqa: PTH104
    root = make(tmp_path / "p", folder, box)
    said = stillroom("scan", "--json", "--project", root).ok()
    json.dumps(said.json).encode("utf-8")
    assert_tame(stillroom("scan", "--project", root).ok().out)
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    assert said.json["pictures"] == 4


def test_broken_files_are_flagged_and_never_sent(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 6, 0)
    whole = (folder / "p00.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "zero.jpg").write_bytes(b"")
    (folder / "text.png").write_text("this is no picture")
    draw(folder / "really.jpg", 77, form="PNG")
    root = make(tmp_path / "p", folder, box)
    said = stillroom("scan", "--json", "--project", root).ok().json
    reasons = {row["path"]: row["flag"] for row in said["flagged_files"]}
    assert {"cut.jpg", "zero.jpg", "text.png"} <= set(reasons)
    assert all(row["reason"] for row in said["flagged_files"])
    before = box.served()
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    assert box.served() - before == said["unique"] == 10 - len(reasons)


def labels_of(root: Path) -> dict[str, str]:
    """Label by name of file."""
    rows = stillroom("export", "labels", "--json", "--project", root).ok().json["labels"]
    return {row["image"]: row["label"] for row in rows}


def test_a_picture_replaced_after_labeling_keeps_the_old_answer(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 6, 0)
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    old = {
        one["image"]: one["label"]
        for one in stillroom("export", "labels", "--json", "--project", root).json["labels"]
    }
    kept, original = answers(root), (folder / "p03.jpg").read_bytes()
    draw(folder / "p03.jpg", 999)
    scan = stillroom("scan", "--json", "--project", root).ok().json
    assert (scan["new"], scan["changed"], scan["gone"]) == (0, 1, 0)
    assert "p03.jpg" not in labels_of(root), "the label was of other bytes"
    assert answers(root)["answers"] == kept["answers"]
    before = box.served()
    assert stillroom("label", "teacher", "-yq", "--json", "--project", root).ok().json["done"] == 1
    assert box.served() == before + 1
    # The old bytes come back under another name: their answer is still there, and is not paid again.
    (folder / "back.jpg").write_bytes(original)
    stillroom("scan", "-q", "--project", root).ok()
    assert stillroom("label", "teacher", "-yq", "--json", "--project", root).ok().json["done"] == 0
    new = {
        one["image"]: one["label"]
        for one in stillroom("export", "labels", "--json", "--project", root).json["labels"]
    }
    assert new["back.jpg"] == old["p03.jpg"]


def test_a_picture_replaced_between_scan_and_label_is_not_mislabeled(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 6, 0)
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    draw(folder / "p03.jpg", 999)
    before = box.served()
    stillroom("label", "teacher", "-yq", "--project", root)
    assert box.served() == before + 5, "bytes that are not those that were scanned are not sent"
    stillroom("scan", "-q", "--project", root).ok()
    stillroom("label", "teacher", "-yq", "--project", root).ok()
    assert len(labels_of(root)) == 6


def test_pictures_that_no_model_takes_are_not_said_to_be_mended_by_a_scan(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 10, 0)
    draw(folder / "thin.jpg", 500, size=(1600, 60))
    root = make(tmp_path / "p", folder, box, ("prepare", "longest_side", 512))
    stillroom("scan", "-q", "--project", root).ok()
    said = stillroom("label", "teacher", "-yq", "--project", root).ok().out
    assert "1 picture can be sent to no model as it is prepared: leave it out, or change [prepare]" in said
    assert "stillroom scan" not in said
