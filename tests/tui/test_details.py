"""A picture in words, the hint below a filter, and the lines about a list fit where they stand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rich.cells import cell_len
from tests.tui.test_columns import ROW

from stillroom.errors import FilterError
from stillroom.steps.browsing import Cost, PictureDetail, Said, Sent
from stillroom.store.filters import parse
from stillroom.tui.cells import safe
from stillroom.tui.dataset_lines import counts_line, nothing_lines
from stillroom.tui.details import detail_sheet
from stillroom.tui.widgets.filter_line import facets_line, offers_line, trouble_lines

SAID = Said("teacher", "teacher", "m", "done", None, "", ("해변", "golden hour") * 12, "", 1000, 80, 700,
            Decimal("0.0011"), 1.0, None)  # fmt: skip
FAILED = Said("student", "lite-300", "m", "failed", "refused", "I cannot \x1b[2J help", (), "", None, None,
              None, None, None, 0.0)  # fmt: skip
DETAIL = PictureDetail(
    ROW,
    ("a/복사본.jpg",),
    Sent(1024, 768, 182_100, "jpeg", ""),
    "",
    (Cost("teacher", "m", 1312, 90.0, Decimal("0.0019"), True, ""),
     Cost("untuned", "n", None, 90.0, None, False, "how this model counts pictures is not known")),
    (SAID, FAILED),
)  # fmt: skip


@pytest.mark.parametrize("width", [20, 41, 50])
def test_every_line_of_a_picture_fits(width):
    text = detail_sheet(DETAIL, width).plain
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert all(char == "\n" or char.isprintable() for char in text)


def test_a_picture_says_all_that_is_known_of_it():
    text = detail_sheet(DETAIL, 60).plain
    said = " ".join(text.split())
    for words in (
        "4,032×3,024 px · 2.4 MB",
        "number 4 in training",
        "1,024×768 px · 182 kB",
        "≈ 1,312 tokens",
        "price unverified",
        "not known",
        "복사본.jpg",
        "24 keywords",
        "✗ refused",
        "\\x1b[2J",
    ):
        assert words in said


def test_an_answer_of_too_few_keywords_says_so():
    few = replace(SAID, keywords=("sea", "sky"), message="2 keywords, fewer than 15")
    text = detail_sheet(replace(DETAIL, said=(few,)), 60).plain
    assert "✓ 2 keywords, fewer than 15 · " in text
    assert text.count("2 keywords") == 1


def test_what_is_never_sent_says_why():
    detail = PictureDetail(ROW, (), None, "zero bytes", (), ())
    text = detail_sheet(detail, 60).plain
    assert "sent: zero bytes" in text
    assert "tokens" not in text


@pytest.mark.parametrize(
    "text",
    ["colour:red", "split:nowhere", "split:test jaccard<x", 'kw:"open', "바다:1", "a" * 60 + " size~1"],
)
@pytest.mark.parametrize("width", [36, 80])
def test_the_caret_stands_below_the_wrong_character(text, width):
    with pytest.raises(FilterError) as wrong:
        parse(text)
    line, *more = trouble_lines(text, wrong.value, 3, width).plain.split("\n")
    assert max(cell_len(each) for each in (line, *more)) <= width
    said = " ".join([line.replace("^", " "), *more]).split()
    assert said == f"{safe(wrong.value.what)} {safe(wrong.value.todo)}".split()
    expected = min(3 + cell_len(text[: wrong.value.position]), width - 1)
    assert cell_len(line[: line.index("^")]) == expected


def test_hints_fit():
    facets = {
        "split": {"train": 900_000, "test": 100_000, "none": 3},
        "flag": {"none": 9},
        "format": {"jpeg": 9},
    }
    assert facets_line(facets, 80).plain == " split train 900,000  test 100,000   format jpeg 9"
    for width in (20, 40, 60):
        assert cell_len(facets_line(facets, width).plain) <= width
        assert cell_len(offers_line(["split:train", "split:test", "split:out"], 2, width).plain) <= width
    assert "enter applies" in offers_line([], -1, 80).plain


def test_what_is_left_out_stands_early_and_what_does_not_fit_is_told_of():
    facets = {
        "split": {"train": 25, "test": 3},
        "status": {"waiting": 28},
        "flag": {"bad_name": 1, "empty": 1},
        "format": {"jpeg": 28, "png": 5},
        "excluded": {"yes": 5},
    }
    whole = "split train 25  test 3   excluded yes 5   status waiting 28   flag bad_name 1  empty 1"
    cameras = {
        "camera": {"canon eos 5d mark iv": 1200, "nikon d850 full frame": 900, "sony alpha 7 iii": 400}
    }
    for width in range(20, 120):
        assert cell_len(facets_line(cameras, width).plain) <= width
    assert facets_line(facets, 140).plain == f" {whole}   format jpeg 28  png 5"
    assert facets_line(facets, 80).plain == " split train 25  test 3   excluded yes 5   status waiting 28   …"
    assert facets_line(facets, len(whole) + 5).plain == f" {whole}   …"
    assert facets_line(facets, 20).plain == " split train 25   …"
    assert facets_line({"flag": dict.fromkeys("abcdefgh", 1)}, 80).plain == (
        " flag a 1  b 1  c 1  d 1  e 1  f 1  g 1   …"
    )


def test_counts_and_nothing():
    assert counts_line(12, 12, "", 0).plain == "12"
    assert counts_line(1204, 997_120, "-size", 3).plain == "1,204 of 997,120 · by size ↓ · 3 marked"
    assert "backspace" in nothing_lines(5, "/p").plain
    assert "S scans the folder /p\\x1b" in nothing_lines(0, "/p\x1b").plain


def test_what_was_paid_for_is_told_without_the_sign_of_what_is_reckoned():
    paid = Cost("teacher", "m", 1032, 68.0, Decimal("0.00104"), False, "", paid=True)
    assert (
        "teacher  1,032 tokens in, 68 out, $0.001" in detail_sheet(replace(DETAIL, costs=(paid,)), 70).plain
    )
