"""A labeling run as it tells of itself in the midst of its work."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from stillroom.labeling import Progress, RunState
from stillroom.labeling.values import Inference, Prompt
from stillroom.store import RunSpec

GOING = Progress(
    state=RunState.RUNNING, total=597, done=3, failed=MappingProxyType({}), in_flight=8, waiting=1,
    attempts=9, retries=2, throttles=1, unknown=0, concurrency=8, elapsed=3.0, rate=12.5,
    eta=47.0, input_tokens=1, output_tokens=1, spent=Decimal("0.1"), uncertain=Decimal(0),
    projected=Decimal("0.66"), p50_ms=700,
    p95_ms=1500, newest=(),
)  # fmt: skip
OF_TEACHER = RunSpec("teacher", "teacher", "model", Prompt("", "Name it."), "v", Inference(), "p")
