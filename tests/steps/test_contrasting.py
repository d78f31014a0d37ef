"""The test pictures one by one: everybody's keywords, and orders to go through them in."""

from array import array
from math import nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.comparison import State, detail
from stillroom.errors import UsageError
from stillroom.steps.comparing import RunScore
from stillroom.steps.contrasting import Contrast, Sort, contrast, said_about
from stillroom.steps.workspace import open_workspace

words = st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True).map("\n".join)


def score(name: str) -> RunScore:
    return RunScore(name, "m", None, 0, 0, 0, None, None, None, None, None, None, (), "")


@st.composite
def contrasts(give: st.DrawFn) -> Contrast:
    count, runs = give(st.integers(1, 8)), give(st.integers(1, 4))
    teacher = tuple(give(words) for _ in range(count))
    answers = tuple(tuple(give(st.none() | words) for _ in range(count)) for _ in range(runs))
    scores = tuple(
        array("d", [nan if one is None else detail(label, one).jaccard
                    for label, one in zip(teacher, row, strict=True)])
        for row in answers
    )  # fmt: skip
    names = tuple(give(st.sampled_from(["b.jpg", "A.jpg", "c.jpg", "바다.jpg"])) for _ in range(count))
    return Contrast(
        tuple(score(f"run {number}") for number in range(runs)),
        names,
        tuple(map(str, range(count))),
        teacher,
        answers,
        scores,
    )


@given(found=contrasts())
def test_every_word_stands_in_its_place(found: Contrast) -> None:
    for position in range(len(found)):
        case = found.case(position)
        taught = [word for word in found.teacher[position].split("\n") if word]
        assert sorted([one.word for one in case.both] + list(case.missing)) == sorted(taught)
        for number, column in enumerate(case.runs):
            answer = found.answers[number][position]
            given_ = [word for word in (answer or "").split("\n") if word]
            shared = [one.word for one in case.both if number in one.by]
            assert sorted(shared + list(column.extra)) == sorted(given_)
            assert (column.state is State.MISSING) == (answer is None) == (column.jaccard is None)


@given(found=contrasts(), sort=st.sampled_from(Sort), run=st.integers(0, 3), other=st.integers(0, 3))
def test_an_order_holds_every_picture_once_and_goes_one_way(
    found: Contrast, sort: Sort, run: int, other: int
) -> None:
    run, other = run % len(found.runs), other % len(found.runs)
    order = found.order(sort, run, other)
    assert sorted(order) == list(range(len(found)))
    if sort is Sort.NAME:
        names = [found.paths[place].casefold() for place in order]
        assert names == sorted(names)
        return
    values = [found.scores[run][place] for place in order]
    if sort in (Sort.GAIN, Sort.LOSS):
        values = [found.scores[run][place] - found.scores[other][place] for place in order]
    counted = [value for value in values if value == value]
    assert counted == values[: len(counted)]  # pictures that do not count come last
    assert counted == sorted(counted, reverse=sort in (Sort.BEST, Sort.GAIN))


def test_a_project_is_contrasted_as_it_is_compared(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        found = contrast(workspace)
        assert [run.name for run in found.runs] == ["untuned", "lite-10", "lite-20"]
        for run, scores in zip(found.runs, found.scores, strict=True):
            assert run.jaccard is not None
            assert run.jaccard.mean == pytest.approx(sum(scores) / len(scores))
        case = found.case(found.order(Sort.WORST)[0])
        assert case.runs[-1].jaccard == min(found.scores[-1])
        said = said_about(workspace, case.content)
        assert [one.name for one in said] == ["teacher", "untuned", "lite-10", "lite-20"]
        assert all(one.text for one in said)


def test_what_has_to_come_first_is_said(project: Path) -> None:
    with open_workspace(project) as workspace, pytest.raises(UsageError) as nothing:
        contrast(workspace)
    assert "stillroom label" in nothing.value.todo
