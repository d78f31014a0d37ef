"""Scores of whole runs against sets in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.comparison import State, detail, gather
from stillroom.comparison.scoring import PictureScores, extremes, score_pairs, score_runs

WORDS = st.lists(
    st.sampled_from(["sunset", "ocean", "바다", "노을", "mist", "pine", "a", "b", "c"]), max_size=9
)
STORED = WORDS.map("\n".join)
PAIRS = st.lists(st.tuples(STORED, STORED), min_size=1, max_size=40)


def scored(pairs: list[tuple[str, str]]) -> PictureScores:
    return score_pairs([teacher for teacher, _ in pairs], [student for _, student in pairs])


def plain_jaccard(teacher: str, student: str) -> float:
    taught, found = (set(text.split("\n")) if text else set() for text in (teacher, student))
    return len(taught & found) / len(taught | found) if taught | found else 1.0


@given(PAIRS)
def test_jaccard_is_that_of_python_sets(pairs: list[tuple[str, str]]) -> None:
    assert scored(pairs).jaccard.tolist() == [plain_jaccard(*pair) for pair in pairs]


@given(PAIRS)
def test_all_scores_are_bounded_and_f1_follows_from_jaccard(pairs: list[tuple[str, str]]) -> None:
    run = scored(pairs)
    for values in (run.jaccard, run.precision, run.recall, run.f1):
        assert ((values >= 0) & (values <= 1)).all()
    assert np.allclose(run.f1, 2 * run.jaccard / (1 + run.jaccard), atol=1e-12)
    assert (run.jaccard <= np.minimum(run.precision, run.recall) + 1e-12).all()


@given(PAIRS)
def test_jaccard_is_symmetric_and_precision_is_the_others_recall(pairs: list[tuple[str, str]]) -> None:
    run, turned = scored(pairs), scored([(student, teacher) for teacher, student in pairs])
    assert run.jaccard.tolist() == turned.jaccard.tolist()
    assert run.precision.tolist() == turned.recall.tolist()


@given(st.lists(STORED, min_size=1, max_size=20))
def test_a_list_agrees_with_itself(lists: list[str]) -> None:
    run = score_pairs(lists, lists)
    assert run.jaccard.tolist() == run.f1.tolist() == [1.0] * len(lists)


@given(PAIRS)
def test_one_picture_in_detail_has_the_same_scores(pairs: list[tuple[str, str]]) -> None:
    run = scored(pairs)
    for place, (teacher, student) in enumerate(pairs):
        one = detail(teacher, student)
        assert (one.jaccard, one.precision, one.recall) == (
            run.jaccard[place],
            run.precision[place],
            run.recall[place],
        )
        assert one.f1 == pytest.approx(run.f1[place])


@pytest.mark.parametrize(
    ("teacher", "student", "state", "jaccard"),
    [
        ("a\nb", "a\nb", State.SCORED, 1.0),
        ("a\nb\nc", "b\nc\nd", State.SCORED, 0.5),
        ("a\na\nb", "b\nb", State.SCORED, 0.5),
        ("", "", State.SCORED, 1.0),
        ("", "a", State.SCORED, 0.0),
        ("a", "", State.FAILED, 0.0),
        ("a", None, State.MISSING, math.nan),
        (None, "a", State.UNLABELED, math.nan),
        (None, None, State.UNLABELED, math.nan),
        (None, "", State.UNLABELED, math.nan),
        ("", None, State.MISSING, math.nan),
    ],
)
def test_what_counts(teacher: str | None, student: str | None, state: State, jaccard: float) -> None:
    run = score_pairs([teacher], [student])
    assert run.state(0) is state
    assert run.count(state) == 1
    assert run.counted.tolist() == [state in {State.SCORED, State.FAILED}]
    assert run.jaccard[0] == pytest.approx(jaccard, nan_ok=True)


def test_runs_are_scored_together_as_alone_across_blocks() -> None:
    teacher = [f"a{number % 7}\nb{number % 3}" for number in range(1000)]
    students = {
        "one": [f"a{number % 5}\nb{number % 3}" for number in range(1000)],
        "two": [None if number % 4 else f"a{number % 7}" for number in range(1000)],
    }
    together = score_runs(teacher, students)
    assert list(together) == ["one", "two"]
    assert len(together["two"]) == 1000
    for name, answers in students.items():
        alone = score_pairs(teacher, answers)
        assert np.array_equal(together[name].jaccard, alone.jaccard, equal_nan=True)
    assert together["two"].count(State.MISSING) == 750


def test_runs_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="'short' has 1 pictures, the teacher 2"):
        score_runs(["a", "b"], {"short": ["a"]})


def test_no_pictures_and_no_runs() -> None:
    assert len(score_pairs([], [])) == 0
    assert score_runs(["a"], {}) == {}


def test_answers_are_gathered_in_the_order_of_the_pictures() -> None:
    found = gather(["p", "q", "r"], {"r": "sea", "other": "x"}, asked=["q", "r"])
    assert found == [None, "", "sea"]


def test_words_of_a_picture_keep_their_orders() -> None:
    one = detail("sunset\nocean\nmist\npine", "pine\ncar\nsunset\nboat\ncar")
    assert one.shared == ("sunset", "pine")
    assert one.missing == ("ocean", "mist")
    assert one.extra == ("car", "boat")


def test_extremes_are_stable_and_never_overlap() -> None:
    teacher = ["a\nb"] * 6
    run = score_pairs(teacher, ["a", "a\nb", None, "c", "a", "a\nb"])
    found = extremes(run, 2)
    assert found.best == (1, 5)
    assert found.worst == (3, 0)
    few = extremes(run, 4)
    assert few.best == (1, 5, 0)
    assert few.worst == (3, 4)
    assert extremes(score_pairs([], []), 3).best == ()


@given(PAIRS, st.integers(0, 30))
def test_extremes_are_the_ends(pairs: list[tuple[str, str]], count: int) -> None:
    run = scored(pairs)
    found = extremes(run, count)
    assert not set(found.best) & set(found.worst)
    assert len(found.best) + len(found.worst) == min(len(pairs), 2 * count)
    values = run.jaccard
    rest = [values[place] for place in range(len(pairs)) if place not in {*found.best, *found.worst}]
    assert all(values[place] >= other for place in found.best for other in rest)
    assert all(values[place] <= other for place in found.worst for other in rest)
