"""CSV and JSON to take away."""

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.comparison import State, detail
from stillroom.report import LossCurve, LossPoint, ScoreRow
from stillroom.report.csv_file import HEADER, cell, write_csv
from stillroom.report.json_file import to_json
from stillroom.report.writing import save_csv, save_html, save_json

from .samples import bare, full


def row(picture: str = "a.jpg", teacher: str = "sea\nsky", student: str = "sky\ncar") -> ScoreRow:
    return ScoreRow(
        picture,
        "lite-900",
        State.SCORED,
        tuple(teacher.split("\n")),
        tuple(student.split("\n")),
        detail(teacher, student),
    )


def written(*rows: ScoreRow) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    assert write_csv(stream, rows) == len(rows)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


def test_a_row_has_scores_and_keywords() -> None:
    (found,) = written(row())
    assert tuple(found) == HEADER
    assert found["jaccard"] == "0.333333"
    assert (found["precision"], found["recall"], found["f1"]) == ("0.500000",) * 3
    assert (found["shared"], found["missing"], found["extra"]) == ("1", "1", "1")
    assert found["teacher_keywords"] == "sea, sky"
    assert (found["shared_keywords"], found["missing_keywords"], found["extra_keywords"]) == (
        "sky",
        "sea",
        "car",
    )


def test_what_does_not_exist_is_empty() -> None:
    (found,) = written(ScoreRow("a.jpg", "untuned", State.MISSING, ("sea",), (), None))
    assert (found["state"], found["jaccard"], found["shared"], found["student_keywords"]) == (
        "missing",
        "",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("  =x", "'  =x"),
        ("\t=x", "'\\t=x"),
        ("\r=x", "'\\r=x"),
        ("＝x", "'＝x"),
        ("a=b", "a=b"),
        ("", ""),
        ("two\nlines", "two\\nlines"),
        ('a "quoted", name', 'a "quoted", name'),
        ("노을", "노을"),
    ],
)
def test_no_cell_is_a_formula(value: str, shown: str) -> None:
    assert cell(value) == shown
    (found,) = written(row(picture=value))
    assert found["picture"] == shown


@given(st.text(st.characters()), st.lists(st.text(st.characters()), min_size=1, max_size=4))
def test_any_text_makes_one_safe_row(name: str, words: list[str]) -> None:
    (found,) = written(row(picture=name, teacher="\n".join(words)))
    for value in found.values():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
        value.encode("utf-8")


def test_json_has_every_number_and_no_picture() -> None:
    data = full()
    read = json.loads(to_json(data))
    assert read["project"] == "harbour-keywords"
    assert read["runs"][1]["summary"]["jaccard"]["mean"] == 0.482
    assert read["runs"][1]["cost"] == 2.1244
    assert read["runs"][2]["cost"] is None
    assert read["costs"][1]["actual"] is None
    assert read["dataset"]["copies"] == 3
    assert read["best"][0]["answers"][0]["detail"]["jaccard"] == pytest.approx(1 / 3)
    assert read["best"][0]["answers"][0]["state"] == "scored"
    assert read["made"] == "2026-08-04T14:07:00+00:00"
    assert "thumbnail" not in to_json(data)


def test_json_knows_no_nan_and_any_name() -> None:
    curve = LossCurve("x", (LossPoint(0, 0, math.nan), LossPoint(1, 0, 0.5)))
    text = to_json(replace(bare(), project="half \udcff 노을", curves=(curve,)))
    read = json.loads(text.encode("utf-8"))
    assert read["project"] == "half \udcff 노을"
    assert [point["loss"] for point in read["curves"][0]["training"]] == [None, 0.5]


def test_what_a_report_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="no set"):
        to_json(replace(bare(), project={"a"}))  # type: ignore[arg-type]


def test_files_are_written_whole(tmp_path: Path) -> None:
    save_html(tmp_path / "r.html", full())
    save_json(tmp_path / "r.json", full())
    assert save_csv(tmp_path / "r.csv", [row("바다.jpg")]) == 1
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["version"] == "0.1.0"
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfpicture,run,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.html", "r.json"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    def broken() -> Iterator[ScoreRow]:
        yield row()
        raise OSError("no space left")

    (tmp_path / "r.csv").write_text("old")
    with pytest.raises(OSError, match="no space left"):
        save_csv(tmp_path / "r.csv", broken())
    assert (tmp_path / "r.csv").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
