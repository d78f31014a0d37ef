import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import StillroomError
from stillroom.training.metrics import LossPoint, last_epoch_loss, read_metrics


def test_the_documented_file() -> None:
    data = b"step_number,epoch_number,training_loss,perplexity\n0,0,2.31,10.07\n1,0,2.18,8.85\n"
    assert read_metrics(data).points == (LossPoint(0, 0, 2.31, 10.07), LossPoint(1, 0, 2.18, 8.85))


def test_one_figure_stands_for_a_curve_the_mean_of_its_last_epoch() -> None:
    rows = [(0, 0, 9.0), (1, 0, 7.0), (2, 1, 2.0), (3, 1, 1.0), (4, 1, math.nan)]
    points = [LossPoint(step, epoch, loss, 1.0) for step, epoch, loss in rows]
    assert last_epoch_loss(points) == 1.5
    assert last_epoch_loss(points[:1]) == 9.0
    assert last_epoch_loss(points[4:]) is None
    assert last_epoch_loss([]) is None


def test_the_early_file_counts_from_one_has_blanks_and_no_perplexity() -> None:
    data = b"step_number,epoch_number,validation_loss\n1, 1, 0.41\n2, 1, 0.37\n"
    first, second = read_metrics(data).points
    assert (first.step, first.epoch, first.loss) == (1, 1, 0.41)
    assert second.perplexity == pytest.approx(math.exp(0.37))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfstep_number,epoch_number,training_loss\n3,1,0.5\n",
        b"\r\n Step Number , Epoch-Number , Training Loss \r\n\r\n 3 , 1 , 0.5 \r\n\r\n",
        b'"step_number","epoch_number","training_loss"\n"3","1","0.5"\n',
        b"epoch,loss,step\n1,0.5,3\n",
        b"step_number,epoch_number,training_loss\n3.0,1.0,5e-1\n",
        b"step_number,epoch_number,training_loss\r3,1,0.5\r",
        b"step_number,epoch_number,training_loss,perplexity,more\n3,1,0.5,,x\n",
        b"step_number,epoch_number,training_loss,perplexity\n3,1,0.5,nan\n",
    ],
)
def test_every_layout_gives_the_same_point(data: bytes) -> None:
    assert read_metrics(data).points == (LossPoint(3, 1, 0.5, math.exp(0.5)),)


def test_missing_step_and_epoch_columns() -> None:
    assert read_metrics(b"training_loss\n2\n1\n").points == (
        LossPoint(0, 0, 2.0, math.exp(2)),
        LossPoint(1, 0, 1.0, math.exp(1)),
    )


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_an_empty_file_has_no_points(data: bytes) -> None:
    assert read_metrics(data).points == ()


def test_bad_rows_are_counted_not_guessed() -> None:
    found = read_metrics(
        b"step_number,epoch_number,training_loss\n0,0,1.5\n1,0\nx,0,2\n2,0,nan\n3,0,inf\n4,0,1\n"
    )
    assert [point.step for point in found.points] == [0, 4]
    assert (found.unreadable, found.not_finite) == (2, 2)


@pytest.mark.parametrize("number", ["1e19", "-1e19", "9223372036854775808", "nan", "inf"])
def test_a_step_or_epoch_that_cannot_be_stored_is_unreadable(number: str) -> None:
    rows = f"step_number,epoch_number,training_loss\n0,0,1.5\n{number},0,1.4\n2,{number},1.3\n"
    found = read_metrics(rows.encode())
    assert [point.step for point in found.points] == [0]
    assert (found.unreadable, found.not_finite) == (2, 0)


def test_a_loss_too_large_for_exp_stays_finite() -> None:
    (point,) = read_metrics(b"training_loss\n5000\n").points
    assert math.isfinite(point.perplexity)


def test_a_file_without_losses_is_an_error_that_says_what_it_holds() -> None:
    with pytest.raises(StillroomError) as caught:
        read_metrics(b"a,b\n1,2\n")
    assert "a, b" in caught.value.what
    assert caught.value.todo


def test_a_file_that_is_no_csv_is_an_error() -> None:
    with pytest.raises(StillroomError, match="cannot be read"):
        read_metrics(b"training_loss\n" + b"1" * 200_000)


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 100), st.floats(0, 600)), max_size=30),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.sampled_from(["", " ", "\t"]),
)
def test_what_was_written_is_read(
    rows: list[tuple[int, int, float]], mark: bytes, end: str, blank: str
) -> None:
    lines = ["step_number,epoch_number,training_loss"]
    lines += [f"{step},{blank}{epoch}{blank},{blank}{loss!r}" for step, epoch, loss in rows]
    found = read_metrics(mark + end.join(lines).encode())
    assert [(point.step, point.epoch, point.loss) for point in found.points] == rows
    assert all(point.perplexity == math.exp(point.loss) for point in found.points)


@given(st.binary(max_size=300))
def test_any_bytes_give_points_or_a_clear_error(data: bytes) -> None:
    for header in (b"", b"training_loss\n"):
        try:
            found = read_metrics(header + data)
        except StillroomError as error:
            assert error.todo
        else:
            assert all(math.isfinite(point.loss) for point in found.points)
