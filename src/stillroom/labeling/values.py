"""The facts of a labeling run, and what it needs of a model, of a memory and of a meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """The table ``[prompt]``: what is asked of every picture."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Inference:
    """Inference parameters, sent as Converse's ``inferenceConfig``."""

    max_tokens: int = 512
    temperature: float = 0.5
    top_p: float = 0.9


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds a run keeps (table ``[limits]`` without the budget)."""

    concurrency: int = 8
    """Calls in flight at the same time."""
    requests_per_minute: float | None = None
    """None: no bound of ours."""
    tokens_per_minute: float | None = None
    """Input + maxTokens, as the service counts while a call runs. None: no bound of ours."""


class FailureClass(StrEnum):
    """Why a picture has no usable answer. The words are stored and typed by users: never rename."""

    THROTTLED = "throttled"
    REFUSED = "refused"
    """Refusal text, ``content_filtered`` or ``guardrail_intervened``."""
    TRUNCATED = "truncated"
    """``max_tokens``: the list is cut."""
    UNPARSABLE = "unparsable"
    INVALID = "invalid"
    """The service found the input invalid; asking again gives the same."""
    ACCESS = "access"
    """Credentials, permission, model access, configuration: stops the run."""
    SERVICE = "service"
    """5xx, time-outs, lost connections after all attempts."""
    UNKNOWN = "unknown"
    """A call was begun and its outcome was never learnt (connection lost, process killed)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of a run."""

    content: str
    """Content hash of the original picture: the key of everything stored about it."""
    prepared: str
    """Path of the prepared file."""
    format: str
    """``jpeg``, ``png``, ``webp`` or ``gif``, as Converse names it."""
    estimated_input_tokens: int
    prepared_sha256: str = ""
    """SHA-256 (hex) that the prepared file must have; "" is not checked. Costs some 0.2 ms a picture."""
    prepared_size: int = 0
    """Bytes that the prepared file must have; 0 is not checked. Costs nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said about one picture."""

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    """Latency that the service reports; wall time where it reports none."""
    request_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is worth."""

    keywords: tuple[str, ...]
    failure: FailureClass | None
    """None: the answer counts."""
    remark: str = ""
    """Why it failed, or what is odd about it (too few, too many keywords); one line."""


class AskFailed(Exception):
    """One attempt brought no answer.

    Attributes:
        failure: Its class.
        message: The service's own words.
        code: The service's error code, or the client's exception name.
        retryable: Whether asking again can help.
        stops_run: True for credentials, configuration and "per day" quotas: no further call is made.
        outcome_unknown: True when the request may have been served and billed although no answer arrived.
        unsent: True when no connection was made: nothing was sent, and nothing is known of the picture.
        todo: What the user can do, one line; may be empty.
    """

    def __init__(
        self,
        failure: FailureClass,
        message: str,
        *,
        code: str = "",
        retryable: bool = False,
        stops_run: bool = False,
        outcome_unknown: bool = False,
        unsent: bool = False,
        todo: str = "",
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message
        self.code = code
        self.retryable = retryable
        self.stops_run = stops_run
        self.outcome_unknown = outcome_unknown
        self.unsent = unsent
        self.todo = todo


class Ask(Protocol):
    """A model that answers. Called from many threads at the same time; makes exactly one attempt."""

    def __call__(self, picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        """Ask once.

        Raises:
            AskFailed: No answer came.
        """
        ...


class Accept(Protocol):
    """Judges an answer."""

    def __call__(self, text: str, stop_reason: str) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended.

    ``answer`` is set when the model answered (``failure`` is then the verdict's), else None. With neither
    answer nor failure nothing was sent: the run stopped before that, or the endpoint could not be reached.
    """

    attempt: int
    """Id that the journal gave when the attempt was begun."""
    item: Item
    answer: Answer | None
    verdict: Verdict | None
    failure: FailureClass | None
    message: str
    code: str
    started: float
    ended: float
    """Unix times."""
    outcome_unknown: bool = False
    called: bool = True
    """False: nothing was sent (prepared file gone or changed, withdrawn, nobody reached) and nothing paid."""


class Journal(Protocol):
    """The run's memory. Called from one thread, in groups, so that one commit serves many calls."""

    def advance(self, finished: Sequence[Outcome], beginning: Sequence[Item]) -> list[int]:
        """Store the outcomes and the intents in one transaction.

        When it returns, both survive the death of the process.

        Returns:
            One attempt id for each item of ``beginning``, in order.
        """
        ...

    def rested(self, seconds: float) -> None:
        """Hear that since it last advanced there were so many seconds in which nobody was asked anything.

        The run was paused, or all that was left waited to be asked again: such time is no labeling.
        """
        ...

    def pause(self, paused: bool) -> None:
        """Hear that the run was paused, or goes on: other processes are to know whom nobody need wait for."""
        ...


class MoneyReading(Protocol):
    """What a meter shows. None is unknown, never zero."""

    @property
    def spent(self) -> Decimal | None:
        """USD that this run's answers cost so far."""
        ...

    @property
    def uncertain(self) -> Decimal | None:
        """Highest USD that attempts with an unknown outcome may have cost on top."""
        ...

    @property
    def projected(self) -> Decimal | None:
        """USD that the whole run is going to cost, at the mean price measured so far."""
        ...


class Meter(Protocol):
    """Keeps the money. Called from the run's own thread only."""

    def admit(self, item: Item) -> bool:
        """Reserve the highest price of one call; False when the budget could be passed."""
        ...

    @property
    def may_wait(self) -> bool:
        """Whether money that other runs hold may be given back, so that a refused call may be admitted."""
        ...

    def settle(self, outcome: Outcome) -> None:
        """Give the reservation back and count what the attempt cost."""
        ...

    def reading(self, left: int) -> MoneyReading:
        """What has been spent, and what will be when ``left`` more pictures are answered."""
        ...


class Clock(Protocol):
    """Time, passed in so that tests need no waiting."""

    def now(self) -> float:
        """Unix time in seconds."""
        ...

    def monotonic(self) -> float: ...
