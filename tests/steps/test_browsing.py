"""Browsing: lists of ids, their rows, and what is known of one picture; with reasons for what is not."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from tests.steps.world import draw, put, stillroom

from stillroom.errors import FilterError
from stillroom.pictures import Side
from stillroom.steps.asking import ENOUGH_MEASURED, USUAL_OUTPUT
from stillroom.steps.browsing import Browser
from stillroom.steps.selecting import select
from stillroom.steps.targets import target
from stillroom.steps.workspace import open_workspace


def test_a_list_is_ids_and_its_rows_come_by_id(distilled: Path):
    with open_workspace(distilled) as workspace:
        browser = Browser(workspace)
        ids = browser.select("", "-name")
        rows = browser.rows(ids)
        assert len(ids) == browser.count() == len(rows) == 32
        assert [row.name for row in rows] == sorted((row.name for row in rows), reverse=True)
        assert {row.side for row in browser.rows(browser.select("split:test"))} == {Side.TEST}
        assert browser.facets("split:test")["split"] == {"test": len(browser.select("split:test"))}


def test_a_wrong_filter_says_where(distilled: Path):
    with open_workspace(distilled) as workspace, pytest.raises(FilterError) as wrong:
        Browser(workspace).select("split:test colour:red")
    assert wrong.value.position == 11


def test_one_picture_that_everybody_was_asked_about(distilled: Path):
    with open_workspace(distilled) as workspace:
        browser = Browser(workspace)
        row = browser.rows(browser.select("split:test", "name"))[0]
        detail = browser.detail_of(row.id)
        assert detail is not None
        assert detail.row == row
        assert detail.sent is not None
        assert (detail.sent.width, detail.sent.height) == (120, 80)
        assert detail.sent.bytes
        assert [(cost.name, cost.why) for cost in detail.costs] == [("teacher", ""), ("untuned", "")]
        for cost in detail.costs:
            assert cost.input_tokens is not None
            assert cost.input_tokens > 0
            assert cost.usd is not None
            assert cost.usd > 0
        assert [one.name for one in detail.said][:2] == ["teacher", "untuned"]
        assert len(detail.said) == 4
        assert all(one.state == "done" and one.keywords and one.usd is not None for one in detail.said)
        assert detail.said[0].jaccard is None
        assert all(0 <= (one.jaccard or 0) <= 1 for one in detail.said[1:])
        assert "\n".join(detail.said[0].keywords) == row.keywords


def test_imported_labels_say_nothing_of_a_picture_that_has_none(project: Path, tmp_path: Path):
    stillroom("scan", "-q", "--project", project).ok()
    file = tmp_path / "labels.jsonl"
    file.write_text('{"image": "p05.jpg", "label": "sea, sky"}\n', "utf-8")
    stillroom("import", "labels", file, "--project", project).ok()
    with open_workspace(project) as workspace:
        browser = Browser(workspace)
        said = {}
        for name in ("p05.jpg", "p06.jpg"):
            id = browser.id_of(name)
            assert id is not None
            detail = browser.detail_of(id)
            assert detail is not None
            said[name] = [(one.name, one.state) for one in detail.said]
    assert said == {"p05.jpg": [("imported", "done")], "p06.jpg": []}


def test_a_picture_that_was_answered_tells_what_it_took_and_others_what_is_measured(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("stillroom.steps.browsing.ENOUGH_MEASURED", 1)
    with open_workspace(distilled) as workspace:
        browser = Browser(workspace)
        answered = browser.detail_of(browser.select("split:train")[0])
        assert answered is not None
        teacher, untuned = answered.costs
        (said,) = answered.said
        assert (teacher.paid, teacher.input_tokens, teacher.usd) == (True, said.input_tokens, said.usd)
        assert not untuned.paid
        spec = target(workspace, "untuned").spec
        measured = workspace.store.spending.measured(spec.model, spec.prepare_key)
        assert measured is not None
        assert untuned.input_tokens == pytest.approx(measured.input_tokens, rel=0.02)


def test_a_training_picture_was_never_shown_to_a_student(distilled: Path):
    with open_workspace(distilled) as workspace:
        browser = Browser(workspace)
        detail = browser.detail_of(browser.select("split:train")[0])
        assert detail is not None
        assert [one.name for one in detail.said] == ["teacher"]


def test_copies_are_named(distilled: Path):
    with open_workspace(distilled) as workspace:
        browser = Browser(workspace)
        row = browser.rows(browser.select("name:copy0.jpg"))[0]
        assert row.content is not None
        detail = browser.detail(row.content)
        assert detail is not None
        assert {detail.row.path, *detail.copies} == {"copy0.jpg", "p00.jpg"}


def test_what_is_not_known_yet_has_its_reason(project: Path):
    put(project, "teacher", "model", "somebody.unheard-of-v1:0")
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        browser = Browser(workspace)
        detail = browser.detail_of(browser.select()[0])
        assert detail is not None
        assert detail.sent is not None
        assert detail.sent.bytes is None
        assert "not prepared" in detail.sent.why
        teacher, untuned = detail.costs
        assert (teacher.input_tokens, teacher.usd) == (None, None)
        assert "not known" in teacher.why
        assert untuned.input_tokens
        assert [one.state for one in detail.said] == []


def test_what_is_never_sent_has_its_reason(project: Path, tmp_path: Path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "empty.jpg").touch()
    put(project, "pictures", "folder", str(pictures))
    stillroom("scan", "--project", project)
    with open_workspace(project) as workspace:
        browser = Browser(workspace)
        detail = browser.detail_of(browser.select("flag:empty")[0])
        assert detail is not None
        assert detail.sent is None
        assert detail.never_sent == detail.row.reason != ""
        assert (detail.costs, detail.said) == ((), ())


def test_what_is_gone_is_nothing(project: Path):
    with open_workspace(project) as workspace:
        browser = Browser(workspace)
        assert browser.rows([17]) == []
        assert browser.detail_of(17) is None
        assert browser.detail("0" * 64) is None


def test_few_answers_change_neither_this_estimate_nor_that_of_a_plan(distilled: Path):
    with open_workspace(distilled) as workspace:
        spec = target(workspace, "untuned").spec
        measured = workspace.store.spending.measured(spec.model, spec.prepare_key, spec.prompt_version)
        assert measured is not None
        assert 0 < measured.calls < ENOUGH_MEASURED
        browser = Browser(workspace)
        detail = browser.detail_of(browser.select("split:train")[0])
        assert detail is not None
        (untuned,) = [cost for cost in detail.costs if cost.name == "untuned"]
        assert untuned.output_tokens == USUAL_OUTPUT


def test_a_place_is_found_in_long_lists():
    ids = array("q", range(120_000, 0, -1))
    for place in (0, 49_999, 50_000, 119_999):
        assert Browser.place_of(ids[place], ids) == place
    assert Browser.place_of(0, ids) is None
    assert Browser.place_of(1, array("q")) is None


def test_names_mean_the_same_pictures_in_a_command(project: Path, tmp_path: Path):
    pictures = tmp_path / "pictures"
    for number, name in enumerate(["@list.jpg", "a b.jpg", "split:test.jpg", '@"x\\y.jpg']):
        draw(pictures / name, number)
    (pictures / "empty.jpg").touch()
    put(project, "pictures", "folder", str(pictures))
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        browser = Browser(workspace)
        for row in browser.rows(browser.select("-flag:any")):
            names, left_out = browser.names([row.id])
            assert left_out == 0
            assert select(workspace, names).contents == (row.content,)
        names, left_out = browser.names([*browser.select(), 999])
        assert (len(names), left_out) == (4, 2)
        assert browser.id_of("a b.jpg") == browser.select('name:"a b.jpg"')[0]
        assert browser.id_of("nothing.jpg") is None
