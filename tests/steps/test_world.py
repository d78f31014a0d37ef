"""What tests of steps share holds for itself, too."""

from __future__ import annotations

import pytest
from tests.steps.world import until


def test_what_does_not_come_to_be_is_told_in_a_sentence() -> None:
    with pytest.raises(AssertionError, match=r"^The end has not come to be in 0\.01 s\."):
        until(lambda: False, "The end", seconds=0.01)


def test_what_has_come_to_be_is_waited_for_no_longer() -> None:
    looks = iter((False, False, True))
    until(lambda: next(looks), "The third look")
    assert next(looks, None) is None
