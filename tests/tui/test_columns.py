"""Columns of the list of pictures: every line exactly as wide as the list, whatever the names."""

from __future__ import annotations

import dataclasses
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stillroom.pictures import Side
from stillroom.store import PictureRow
from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS
from stillroom.tui.columns import MARKS, bytes_words, column_at, heading, layout, pieces
from stillroom.tui.dataset_lines import counts_line

ROW = PictureRow(
    id=7, path="beach/beach_0412.jpg", content="c", size=2_412_312, format="jpeg", width=4032, height=3024,
    flag=None, reason="", side=Side.TRAIN, order=3, excluded=False, copies=1, status="done", failure=None,
    keywords="sunset\nocean\ngolden hour", student_status="waiting", student_keywords="", jaccard=0.5234,
)  # fmt: skip


def text(row: PictureRow, width: int) -> str:
    return "".join(piece for piece, _ in pieces(row, layout(width)))


def names(width: int) -> list[str]:
    return [column.name for column in layout(width)]


def test_columns_go_one_by_one_when_it_gets_narrower():
    everything = ["name", "size", "pixels", "split", "teacher", "student", "keywords", "jaccard", "flags"]
    assert names(139) == everything
    assert names(79) == ["name", "size", "split", "teacher", "jaccard", "flags"]
    assert names(60) == ["name", "split", "teacher", "jaccard"]
    assert names(59) == ["name", "teacher"]
    fewer = set(everything)
    for width in range(200, 60, -1):
        assert set(names(width)) <= fewer
        fewer = set(names(width))


def test_a_row_says_what_there_is_to_say():
    assert text(ROW, 79).split() == ["beach_0412.jpg", "2.4", "MB", "train", "✓", "done", "0.52"]
    failed = dataclasses.replace(ROW, status="failed", failure="unparsable", excluded=True, jaccard=None)
    assert text(failed, 79).split()[-3:] == ["✗", "unparsable", "excluded"]
    flagged = dataclasses.replace(ROW, flag="wrong_extension", side=None, status="", jaccard=None, copies=0)
    assert text(flagged, 79).split()[-4:] == ["⚠", "never", "sent", "extension"]
    assert text(dataclasses.replace(ROW, copies=3), 79).endswith("3 copies   ")


def test_a_student_waits_only_for_the_pictures_that_it_is_asked_about() -> None:
    wide = dataclasses.replace(ROW, keywords="")
    assert "—" in text(wide, 139)
    assert "waiting" not in text(wide, 139)
    assert "waiting" in text(dataclasses.replace(wide, side=Side.TEST), 139)
    assert text(dataclasses.replace(wide, student_status="done"), 139).count("done") == 2
    plain = "".join(piece for piece, _ in pieces(wide, layout(139), ASCII_SYMBOLS))
    assert plain.isascii()


@given(
    name=st.text(min_size=1),
    keywords=st.text(),
    width=st.integers(30, 220),
    status=st.sampled_from(["done", "failed", "asking", "unknown", "waiting"]),
    flag=st.sampled_from([None, "bomb", "wrong_extension"]),
    ascii=st.booleans(),
)
def test_every_line_has_its_width(name, keywords, width, status, flag, ascii):
    row = dataclasses.replace(ROW, path=name, keywords=keywords, status=status, flag=flag, failure="refused")
    symbols = ASCII_SYMBOLS if ascii else SYMBOLS
    drawn = "".join(piece for piece, _ in pieces(row, layout(width), symbols))
    assert cell_len(drawn) == width - MARKS
    assert not {category(char) for char in drawn} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert cell_len(heading(layout(width), "-size", symbols)) == width


@pytest.mark.parametrize("width", [40, 60, 79, 118, 139])
def test_headings_stand_above_their_columns(width):
    line = heading(layout(width), "", SYMBOLS)
    for column in layout(width):
        start = line.index(column.title)
        assert column_at(layout(width), start) == column
    assert column_at(layout(width), 0) is None


def test_what_sorts_is_shown_in_the_heading():
    assert "size ↓" in heading(layout(79), "-size")
    assert "name ↑" in heading(layout(79), "name")
    assert "split↑ teacher" in heading(layout(79), "split")
    assert "size v" in heading(layout(79), "-size", ASCII_SYMBOLS)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (99_949, "99.9 kB"), (99_960, "100 kB"),
     (999_499, "999 kB"), (999_600, "1.0 MB"), (2_412_312, "2.4 MB"), (123_456_789_012, "123 GB"),
     (2_000_000_000_000, "2 TB")],
)  # fmt: skip
def test_bytes_fit_their_column(size, words):
    assert bytes_words(size) == words
    assert len(words) <= 7


def test_a_sort_is_called_after_its_column() -> None:
    assert "by teacher" in counts_line(3, 3, "-status", 0).plain
    assert "by size" in counts_line(3, 3, "size", 0).plain
    assert "by folder" in counts_line(3, 3, "folder", 0).plain


def test_an_excluded_picture_says_so_however_narrow_the_list_is() -> None:
    out = dataclasses.replace(ROW, excluded=True)
    for width in range(25, 180):
        assert text(out, width).count("excluded") == 1
        assert "excluded" not in text(ROW, width)
    assert "✓ done" in text(out, 79)
    assert text(dataclasses.replace(out, flag="unreadable"), 59).split()[-2:] == ["never", "sent"]
