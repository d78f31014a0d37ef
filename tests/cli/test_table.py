"""Tables fit the terminal: nothing is broken within a word, the least important goes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stillroom.cli.table import folded, table

ROWS = [
    [
        "label teacher",
        "$0.26",
        "36 s",
        "260 pictures × (981 tokens in at $0.0008 + 66 out at $0.0032 per 1K)",
    ],
    ["train lite-233", "$0.72 ($0.65–$1.36)", "26 m 00 s", "233 records × 2 epochs at $0.00155"],
]


def test_what_fits_stays_as_it_is() -> None:
    assert table(("a", ""), [["x", "one two"]], fold=True, width=80) == ["a", "x  one two"]
    wide = table(("", "", "", ""), ROWS, fold=True)
    assert wide[0].endswith("per 1K)")
    assert len(wide) == 2


def test_a_column_is_folded_between_words_below_itself() -> None:
    lines = table(("", "", "", ""), ROWS, fold=True, indent="  ", width=80)
    assert max(map(cell_len, lines)) <= 80
    assert lines[0].startswith("  label teacher ")
    at = lines[0].index("260")
    assert lines[1][:at].strip() == ""
    assert (
        " ".join(line[at:] for line in lines[: lines.index(next(x for x in lines if "train" in x))])
        == ROWS[0][3]
    )


def test_columns_are_left_out_when_folding_leaves_too_little() -> None:
    lines = table(("step", "price", "time", "how"), ROWS, fold=True, drop=(2, 1), width=50)
    assert max(map(cell_len, lines)) <= 50
    assert lines[0].split() == ["step", "how"]


def test_what_has_no_room_beside_its_row_goes_below() -> None:
    lines = table(("", "", "", ""), ROWS, fold=True, indent="  ", width=60)
    assert max(map(cell_len, lines)) <= 60
    assert lines[0] == "  label teacher   $0.26                36 s"
    assert lines[1].startswith("      260 pictures ×")


def test_only_as_many_columns_go_as_must() -> None:
    rows = [["lite-300", "0.512", "0.486–0.540", "▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▁▂▃▄"]]
    headers = ("run", "Jaccard", "95 % interval", "0 ── Jaccard ── 1")
    assert table(headers, rows, drop=(3, 2), width=40)[0].split() == ["run", "Jaccard", "95", "%", "interval"]
    assert table(headers, rows, drop=(3, 2), width=20)[0].split() == ["run", "Jaccard"]
    assert table(headers, rows, drop=(3, 2), width=80)[0].endswith("0 ── Jaccard ── 1")


def test_a_command_is_never_folded() -> None:
    command = "stillroom export labels --output labels.jsonl --split train"
    rows = [["note", "some words that are longer than the line is wide"], ["command", command]]
    lines = table(("", ""), rows, fold=True, whole=(1,), width=36)
    assert lines[-1] == f"command  {command}"
    assert lines[0] == "note     some words that are longer"


def test_wide_characters_take_two_places() -> None:
    lines = table(("", ""), [["라벨", "해변 모래 파도 하늘 구름 바위 갈매기 등대"]], fold=True, width=36)
    assert max(map(cell_len, lines)) <= 36
    assert len(lines) == 2


@given(st.text("ab ", max_size=60), st.integers(1, 20))
def test_folding_loses_nothing_and_breaks_no_word(text: str, width: int) -> None:
    lines = folded(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= width or " " not in line.strip() for line in lines)


@pytest.mark.parametrize("width", [None, 80])
def test_no_rows_are_no_lines(width: int | None) -> None:
    assert table(("", ""), [], width=width) == []
