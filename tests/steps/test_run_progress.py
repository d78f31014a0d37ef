"""How a labeling run's progress reads in one line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.tui.under_way import GOING, OF_TEACHER

from stillroom.steps.run_progress import AWAY, run_progress


def test_the_estimate_of_the_run_is_no_price_of_throttled_calls() -> None:
    going = replace(GOING, total=13, waiting=2, throttles=5, projected=Decimal("0.06"))
    said = run_progress(OF_TEACHER, going, None).detail
    assert said == "about $0.06 for this part, retrying 2, 5 throttled"


def test_a_service_that_fails_every_call_is_told() -> None:
    assert run_progress(OF_TEACHER, replace(GOING, away=True, throttles=0), None).detail.endswith(f", {AWAY}")
