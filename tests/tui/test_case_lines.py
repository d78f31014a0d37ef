import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stillroom.comparison import State
from stillroom.steps.comparing import RunScore
from stillroom.steps.contrasting import Case, Column, Found, Sort
from stillroom.tui.case_lines import (
    Piece,
    Standing,
    caution_lines,
    head_lines,
    keyword_lines,
    raised,
    signs,
    summary_lines,
    word_lines,
    wrap_pieces,
)
from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS, Symbols, cell_len, safe

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    [
        "[red]x[/]",
        "\x1b[2J",
        "한국어 키워드",
        "\u202eltr",
        "e\u0301\u0301\u0301",
        "👩‍👩‍👧",
        "日本" * 20,
        "a\nb",
    ]
)
keywords = st.lists(words, max_size=25)
marks = st.sampled_from([SYMBOLS, ASCII_SYMBOLS])
widths = st.integers(24, 100)


@st.composite
def cases(give: st.DrawFn) -> Case:
    count = give(st.integers(1, 5))
    runs = tuple(
        Column(
            give(words),
            give(st.sampled_from([State.SCORED, State.FAILED, State.MISSING])),
            give(st.none() | st.floats(0, 1)),
            tuple(give(keywords)),
        )
        for _ in range(count)
    )
    finders = st.lists(st.integers(0, count - 1), min_size=1, unique=True).map(sorted)
    both = tuple(Found(word, tuple(give(finders))) for word in give(keywords))
    return Case(give(words), "0" * 64, both, tuple(give(keywords)), runs)


def tame(text: str) -> bool:
    return not any(
        unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") for char in text.replace("\u200d", "")
    )


@given(words=keywords, width=st.integers(3, 60), symbols=marks)
def test_lines_of_keywords_fit_and_only_those_that_go_on_end_with_the_dot(words, width, symbols):
    lines = keyword_lines(words, width, symbols)
    assert all(cell_len(line) <= width and tame(line) for line in lines)
    assert all(line.endswith(f" {symbols.dot}") for line in lines[:-1])
    assert not any(
        line.startswith(symbols.dot) for line in keyword_lines(["golden hour", "sea"], width, symbols)
    )


def test_a_keyword_of_two_words_stays_on_one_line():
    assert keyword_lines(["warm", "golden hour", "sea"], 14) == ["warm ·", "golden hour ·", "sea"]


@given(pieces=st.lists(st.builds(Piece, words.map(safe)), max_size=30), width=st.integers(3, 60))
def test_wrapping_keeps_every_keyword_in_order_and_in_its_line(pieces: list[Piece], width: int) -> None:
    lines = wrap_pieces(pieces, width)
    assert all(lines)
    for line in lines:
        assert sum(piece.width for piece in line) + 3 * (len(line) - 1) <= width - 2
    flat = [piece.text for line in lines for piece in line]
    assert len(flat) == len(pieces)
    for shown, piece in zip(flat, pieces, strict=True):
        assert shown == piece.text or piece.width > width - 2


@given(case=cases(), width=widths, most=st.integers(1, 30), symbols=marks)
def test_keywords_stay_in_their_place_whatever_they_are(
    case: Case, width: int, most: int, symbols: Symbols
) -> None:
    lines, whole = word_lines(case, width, most, symbols)
    assert len(lines) <= most
    every, all_of_it = word_lines(case, width, None, symbols)
    assert all_of_it
    assert whole == (len(every) <= most)
    for line in (*lines, *every):
        assert line.cell_len <= width
        assert tame(line.plain)


@given(case=cases(), width=widths)
def test_what_is_left_out_is_counted(case: Case, width: int) -> None:
    lines, _ = word_lines(case, width, 2 + len(case.runs), SYMBOLS)
    asked = [list(case.both), list(case.missing), *(list(run.extra) for run in case.runs)]
    for line, kind in zip(lines, asked, strict=True):
        pieces = [text for text, style in line.pieces if not style]
        left_out = line.plain.rpartition("… +")[2] if "… +" in line.plain else "0"
        if kind and left_out.isdigit():
            assert sum(bool(piece) for piece in pieces) + int(left_out) == len(kind)


@given(case=cases(), width=widths, one=st.booleans(), sort=st.sampled_from(Sort), symbols=marks)
def test_the_head_is_tame_and_holds_together(
    case: Case, width: int, one: bool, sort: Sort, symbols: Symbols
) -> None:
    lines = head_lines(case, Standing(3, 100, sort, 0, 0), width, one=one, symbols=symbols)
    assert len(lines) == (1 if one else 2)
    assert all(tame(line.plain) for line in lines)
    assert "\n" not in "".join(line.plain for line in lines)


def test_a_case_reads_as_it_was_drawn() -> None:
    case = Case(
        "beach.jpg",
        "",
        (Found("sunset", (0, 1)), Found("바다", (1,))),
        ("golden hour", "couple"),
        (
            Column("untuned", State.SCORED, 0.18, ("beach photo", "image")),
            Column("lite-897", State.SCORED, 0.61, ()),
        ),
    )
    lines, whole = word_lines(case, 40, 4)
    assert whole
    assert [line.plain for line in lines] == [
        "= shared    sunset · 바다²",
        "− teacher   golden hour · couple",
        "+ untuned   beach photo · image",
        "+ lite-897  none",
    ]
    alone, _ = word_lines(replace(case, both=(Found("sunset", (0,)),), runs=case.runs[:1]), 40)
    assert alone[0].plain == "= both     sunset"
    roomy, _ = word_lines(case, 40, 7)
    assert [line.plain == "" for line in roomy] == [False, True] * 3 + [False]
    name, scores = head_lines(case, Standing(2, 100, Sort.GAIN, 1, 0), 80, one=False)
    assert name.plain == " beach.jpg   3/100 largest gain (lite-897 − untuned)"
    assert scores.plain == " J 0.18 untuned¹ → 0.61 lite-897²"
    assert raised((0, 11)) == "¹¹²"
    assert raised((0, 11), ASCII_SYMBOLS) == "(1,12)"


def test_runs_in_the_middle_stay_while_a_short_name_leaves_room_for_them() -> None:
    names = ["untuned", "lite-20", "lite-20-2", "lite-45", "lite-45-2"]
    runs = tuple(Column(name, State.SCORED, 0.33, ()) for name in names)
    (line,) = head_lines(
        Case("0007.jpg", "0" * 64, (), (), runs), Standing(0, 6, Sort.WORST, 4, 0), 140, one=True
    )
    assert all(name in line.plain.partition(" J ")[2] for name in names)
    (line,) = head_lines(
        Case("a" * 80, "0" * 64, (), (), runs), Standing(0, 6, Sort.WORST, 4, 0), 140, one=True
    )
    assert "lite-20-2³ → … → 0.33 lite-45-2⁵" in line.plain
    assert line.cell_len < 140


def run(name: str) -> RunScore:
    from stillroom.comparison import Spread

    return RunScore(
        name, "m", None, 100, 2, 1, Spread(0.482, 0.45, 0.51, 0.1, 0.5, 0.8),
        0.5, 0.5, 0.5, 0.5, 1.0, (0, 1, 2, 5, *[0] * 16), "",
    )  # fmt: skip


def test_runs_stand_side_by_side_where_they_fit_and_below_each_other_where_not() -> None:
    runs = [run("untuned"), run("lite-300"), run("라이트-897")]
    wide = summary_lines(runs, 140, 8)
    assert len(wide) == 2
    assert wide[0].plain.startswith(" mean Jaccard   untuned 0.482 [0.45, 0.51]")
    low = summary_lines(runs, 80, 8)
    assert len(low) == 4
    starts = [cell_len(line.plain.partition("▂")[0]) for line in low[1:]]
    assert len(set(starts)) == 1
    assert "2 failed, 1 not asked" in low[1].plain
    many = summary_lines([run(f"lite-{size}") for size in range(9)], 80, 5)
    assert len(many) == 5
    assert "6 more" in many[-2].plain
    assert many[-1].plain.startswith(" lite-8")
    for most in range(3, 12):
        few = [line.plain for line in summary_lines(runs, 80, most)]
        assert len(few) <= most
        assert few[-1].startswith(" 라이트-897")
    assert summary_lines([], 80, 5) == []


def test_scores_of_hardly_any_pictures_are_told_as_what_they_are() -> None:
    from stillroom.comparison import Spread

    one = replace(run("untuned"), pictures=1, jaccard=Spread(0.4, None, None, 0.4, 0.4, 0.4))
    none = replace(run("lite-300"), pictures=0, jaccard=None, histogram=(0,) * 20)
    for width in (140, 60):
        said = "\n".join(line.plain for line in summary_lines([one, none], width, 5))
        assert "0.400 no interval" in said
        assert "nothing compared" in said


def test_what_makes_scores_less_certain_is_said_once() -> None:
    few = replace(run("untuned"), warning="Only 6 pictures compared.")
    none = replace(run("lite-20"), jaccard=None, warning="No picture has been compared.")
    (line,) = caution_lines([few, replace(few, name="lite-300"), none], (), 80)
    assert line.plain == " Only 6 pictures compared."
    _, older = caution_lines([few], ("lite-300",), 80)
    assert older.plain == " learnt from other records than the present ones: lite-300"
    assert caution_lines([run("untuned")], (), 80) == []


def test_the_signs_are_explained_by_the_runs_that_there_are() -> None:
    assert signs(["untuned"]) == (
        ("=", "words of the teacher that untuned has too"),
        ("−", "words of the teacher alone"),
        ("+", "words of that run alone"),
    )
    shared, one, *_ = signs(["untuned", "lite-20"], ASCII_SYMBOLS)
    assert shared == ("=", "words of the teacher that every run has too")
    assert one == ("= word(2)", "of the runs only lite-20 has it; (1) is untuned, and so on")
