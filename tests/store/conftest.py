"""A store in a fresh folder with a clock that is set by hand, and makers of what goes into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from stillroom.labeling.values import Answer, FailureClass, Inference, Item, Outcome, Prompt, Verdict
from stillroom.pictures import Flag, Inspection
from stillroom.store import Run, RunSpec
from stillroom.store.opening import Store


@dataclass
class Clock:
    time: float = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Maker:
    """Makes facts with as few words as a test needs."""

    store: Store
    clock: Clock
    attempts: list[int] = field(default_factory=list)

    def content(self, name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()

    def inspection(self, path: str, content: str | None = None, **changes: object) -> Inspection:
        values: dict[str, object] = {
            "path": path,
            "size": 1000,
            "mtime_ns": 5,
            "content": self.content(content or path),
            "format": "jpeg",
            "width": 640,
            "height": 480,
            "dhash": 0,
            "flag": None,
            "reason": "",
        }
        return Inspection(**(values | changes))  # type: ignore[arg-type]

    def flagged(self, path: str, flag: Flag = Flag.EMPTY) -> Inspection:
        return Inspection(path, 1000, 5, None, "", 0, 0, None, flag, f"It is {flag}.")

    def pictures(self, *paths: str) -> list[str]:
        self.store.pictures.save_inspections([self.inspection(path) for path in paths])
        return [self.content(path) for path in paths]

    def spec(self, role: str = "teacher", **changes: object) -> RunSpec:
        values: dict[str, object] = {
            "role": role,
            "name": role,
            "model": f"model-of-{role}",
            "prompt": Prompt("be an expert", "name keywords"),
            "prompt_version": "v1",
            "inference": Inference(),
            "prepare_key": "p1",
            "base_model": "amazon.nova-pro-v1:0",
        }
        return RunSpec(**(values | changes))  # type: ignore[arg-type]

    def run(self, role: str = "teacher", **changes: object) -> Run:
        return self.store.runs.start_or_find(self.spec(role, **changes))

    def item(self, content: str) -> Item:
        return Item(content, f"prepared/{content}.jpg", "jpeg", 900)

    def answered(
        self, attempt: int, content: str, *keywords: str, failure: FailureClass | None = None
    ) -> Outcome:
        self.clock.time += 1
        return Outcome(
            attempt=attempt,
            item=self.item(content),
            answer=Answer(", ".join(keywords), "end_turn", 1000, 80, 700, f"request-{attempt}"),
            verdict=Verdict(keywords, failure, "odd" if failure else ""),
            failure=failure,
            message="",
            code="",
            started=self.clock.time - 0.7,
            ended=self.clock.time,
        )

    def failed(
        self, attempt: int, content: str, failure: FailureClass, *, unknown: bool = False, called: bool = True
    ) -> Outcome:
        return Outcome(
            attempt,
            self.item(content),
            None,
            None,
            failure,
            f"the service said {failure}",
            "SomeException",
            self.clock.time - 1,
            self.clock.time,
            outcome_unknown=unknown,
            called=called,
        )

    def label(self, run: Run, answers: dict[str, tuple[str, ...]]) -> None:
        """Let a run answer about some contents."""
        with self.store.runs.claim(run.id):
            journal = self.store.runs.journal(run.id, price)
            begun = journal.advance([], [self.item(content) for content in answers])
            journal.advance(
                [self.answered(a, c, *answers[c]) for a, c in zip(begun, answers, strict=True)],
                [],
            )


def price(outcome: Outcome) -> Decimal | None:
    """One tenth of a cent for an answer, two for an unknown outcome."""
    return Decimal("0.002") if outcome.outcome_unknown else Decimal("0.001")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Store]]:
    """Opens the store of the test's folder, as often as wanted."""
    stores: list[Store] = []

    def open_store(folder: Path = tmp_path, kind: str = "ext4", **options: bool) -> Store:
        stores.append(Store.open(folder, now=clock, fs_type=lambda _: kind, **options))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()


@pytest.fixture
def make(store: Store, clock: Clock) -> Maker:
    return Maker(store, clock)


@pytest.fixture
def pricing() -> Callable[[Outcome], Decimal | None]:
    return price
