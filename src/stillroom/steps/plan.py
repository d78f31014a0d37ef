"""The one shape of every step that costs or changes something: ``plan()``, then ``execute(plan)``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Generic, Protocol, Self, TypeVar

from stillroom.background import Signals, Slot
from stillroom.errors import Interrupted
from stillroom.money import Amount, Band
from stillroom.money.amounts import NOTHING

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace

R_co = TypeVar("R_co", covariant=True)
P = TypeVar("P", bound="Plan")

_SLACK: Final = Decimal("1.1")
"""What a highest price, or a number of a line, may have become since it was agreed to, in parts of it."""


class Counted(str):
    """A line of a plan with numbers that move while other work goes on."""

    __slots__ = ("kind", "number")
    kind: str
    """What is counted; lines of one kind say the same, of however many."""
    number: int
    """How many; the more the worse."""

    def __new__(cls, text: str, kind: str, number: int = 1) -> Self:
        """Write the line; without ``number`` all that it tells may move, and it is agreed to as such."""
        line = super().__new__(cls, text)
        line.kind, line.number = kind, number
        return line


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of a plan, such as ``pictures: 897``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is shown whole before it is agreed to, such as a policy."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a step would do; agreed to before anything is spent or changed."""

    verb: str
    title: str
    """One line: what will be done, to how many."""
    count: int
    """How many things will be done; 0: nothing is left to do."""
    lines: tuple[Line, ...] = ()
    price: Amount = NOTHING
    """USD, low–likely–high; unknown where a price is unknown."""
    time: Band | None = None
    """Seconds; None: not known."""
    stops: tuple[str, ...] = ()
    """What keeps it, as things are, from being done or from being done whole, one line each; said first."""
    loses: tuple[str, ...] = ()
    """What cannot be undone, one line each."""
    notes: tuple[str, ...] = ()
    """Unverified prices, limits, advice; one line each."""
    documents: tuple[Document, ...] = ()
    command: str
    """The headless command that does the same."""
    steps: Mapping[str, Amount] = field(default_factory=dict)
    """Price of each paid part by its name; estimates are set beside actual costs by it."""
    about: Mapping[str, int] = field(default_factory=dict, metadata={"private": True})
    """Pictures that each of these parts asks about, where that is not ``count``."""
    needs_consent: bool = False
    """True when it costs money, changes something in AWS, or loses something."""
    seen_first: bool = field(default=False, metadata={"private": True})
    """True: a key asks although it needs no consent; who typed a command has said what is meant."""
    price_word: str = field(default="price", metadata={"private": True})
    """What the price is called; another word where it is not that of what will be done."""
    typed: str = field(default="", metadata={"private": True})
    """A name that a screen wants typed first: it ends what bills by the hour, or cannot be undone."""

    def holds_for(self, now: Plan) -> bool:
        """Whether who has agreed to this plan has agreed to the same step's plan as it is made now.

        Estimates become more exact while other work goes on: the highest price, and what a line counts, may
        rise by a tenth, and there may be less of it than was said. Any other new line may be the very warning
        that would have kept one from agreeing.
        """
        return (
            (self.title, self.count, self.documents) == (now.title, now.count, now.documents)
            and _is_said(now.stops, self.stops)
            and _is_said(now.loses, self.loses)
            and _is_said(now.notes, self.notes)
            and _is_within(self.price.high, now.price.high)
        )


def _is_said(now: Sequence[str], agreed: Sequence[str]) -> bool:
    """Whether lines tell of nothing that those agreed to did not tell of, and of no more of it."""
    said = _counts(agreed)
    return all(number <= said[kind] * _SLACK for kind, number in _counts(now).items())


def _counts(lines: Sequence[str]) -> Counter[str]:
    """How many of what lines tell; one that counts nothing is a kind of its own."""
    found = Counter[str]()
    for line in lines:
        kind, number = (line.kind, line.number) if isinstance(line, Counted) else (line, 1)
        found[kind] += number
    return found


def _is_within(agreed: Decimal | None, now: Decimal | None) -> bool:
    """Whether a highest price is what was agreed to; an unknown one is only within another such."""
    if now is None or agreed is None:
        return now is agreed
    return now <= agreed * _SLACK


@dataclass(frozen=True, slots=True)
class Watch:
    """The two ends of running work: it reports into ``slot`` and listens to ``signals``."""

    slot: Slot = field(default_factory=Slot)
    signals: Signals = field(default_factory=Signals)

    def wait(self, seconds: float, stopped: str, todo: str) -> None:
        """Let time pass; ``stopped`` and ``todo`` are said when that is broken off.

        Raises:
            Interrupted: The work was told to stop.
        """
        if self.signals.cancelled.wait(seconds):
            raise Interrupted(stopped, todo)


class LoneStep(Protocol, Generic[P, R_co]):
    """A use case that costs nothing, changes nothing and can do without a project."""

    def plan(self, workspace: Workspace | None) -> P:
        """Look."""
        ...

    def execute(self, workspace: Workspace | None, plan: P, watch: Watch) -> R_co:
        """Do it. Blocks; can be interrupted and run again."""
        ...


class Step(Protocol, Generic[P, R_co]):
    """A use case with its arguments filled in."""

    def plan(self, workspace: Workspace) -> P:
        """Look, without spending or changing anything outside."""
        ...

    def execute(self, workspace: Workspace, plan: P, watch: Watch) -> R_co:
        """Do what the plan says. Blocks; can be interrupted and run again."""
        ...
