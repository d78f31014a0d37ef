"""What the store keeps and hands out about labeling runs, answers and money."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.labeling.values import FailureClass, Inference, Prompt


class State(StrEnum):
    """Where one picture of one run stands. The words are typed in filters: never rename."""

    WAITING = "waiting"
    """Never asked."""
    ASKING = "asking"
    """A call was begun and has not ended; interrupted when no process holds the run."""
    DONE = "done"
    """There is a usable answer."""
    FAILED = "failed"
    """Asked, and given up with a failure class; asked again only by ``retry``."""
    UNKNOWN = "unknown"
    """Interrupted: the process died during the call. The next run asks again."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What makes a labeling run the run it is."""

    role: str
    """``teacher``, ``untuned``, ``student``, ``model`` or ``ask``."""
    name: str
    """The name that is shown and typed: ``teacher``, ``untuned``, a student's name, a model id."""
    model: str
    """Model id or ARN that is sent. A student that is deployed again has a new one and is the same run."""
    prompt: Prompt
    prompt_version: str
    """Hash of the prompt's texts."""
    inference: Inference
    prepare_key: str
    """Hash of what decides the bytes that are sent."""
    base_model: str = ""
    """Foundation model that answers, for prices and tokens."""
    student: str | None = None
    """Name of the custom model, for a student."""

    @property
    def step(self) -> str:
        """The name under which the run's money is counted."""
        return step_of(self.role, self.name)

    def key(self) -> str:
        """Hash of all that makes a new run when it changes: model, prompt, parameters, preparation."""
        parts = [
            f"student:{self.student}" if self.student else self.model,
            self.prompt_version,
            self.prompt.system,
            self.prompt.user,
            self.inference.max_tokens,
            self.inference.temperature,
            self.inference.top_p,
            self.prepare_key,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def step_of(role: str, name: str) -> str:
    """The name under which money of a run is counted: ``ask teacher`` for a prompt that is only tried."""
    return f"{'ask' if role == 'ask' else 'label'} {name}"


IMPORTED = RunSpec(
    role="teacher",
    name="imported",
    model="imported",
    prompt=Prompt("", ""),
    prompt_version="",
    inference=Inference(512, 0.5, 0.9),
    prepare_key="",
)
"""The run that holds labels from elsewhere."""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many pictures of a run stand where."""

    done: int = 0
    failed: int = 0
    asking: int = 0
    """In flight in a process that holds the run."""
    unknown: int = 0
    """Interrupted; these are asked again when the run goes on."""
    classes: tuple[tuple[FailureClass, int], ...] = ()
    """Failed pictures by failure class, most frequent first."""


@dataclass(frozen=True, slots=True)
class Run:
    """A labeling run."""

    id: int
    spec: RunSpec
    started: float
    """Unix time of the first claim or of its making."""
    advanced: float
    """Unix time of the last stored outcome; equals ``started`` before the first."""
    counts: RunCounts
    holder: int | None = None
    """Process id of the process that is labeling right now; None: nobody."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answer of one run about one picture: the usable one, else the latest."""

    content: str
    path: str
    """First by name of the files that have (or last had) this content."""
    text: str
    """The model's own words; empty when no answer ever came."""
    keywords: str
    """Keywords joined by newlines."""
    failure: FailureClass | None
    """None: usable."""
    remark: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    attempts: int
    """Attempts at this picture in this run, this answer's included."""
    request_id: str
    usd: Decimal | None
    """What this answer cost; None: the price is not known."""
    at: float
    """Unix time."""


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One picture that a run gave up."""

    content: str
    path: str
    failure: FailureClass
    message: str
    """The service's words, or the remark about the answer."""
    code: str
    attempts: int
    at: float
    """Unix time of the last attempt's end."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean tokens of answered calls, for projections."""

    calls: int
    input_tokens: float
    output_tokens: float
    estimated_input_tokens: float
    """Mean of what had been estimated for the same calls; ``input / estimated`` is the ratio."""
    seconds_per_call: float
    """Mean latency."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast a run goes."""

    answers: int
    active_seconds: float
    """Time during which a process was labeling."""
    p50_ms: int
    """Median latency of the latest 2,000 answers; 0 when there is none."""
    p95_ms: int

    @property
    def per_second(self) -> float:
        """Answers a second while active; 0 when nothing is known."""
        return self.answers / self.active_seconds if self.active_seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """What one step has spent with one model."""

    step: str
    """``label teacher``, ``label untuned``, ``label <student>``, ``ask <model>``, ``train`` …"""
    model: str
    calls: int
    """Answers that arrived."""
    attempts: int
    """Calls that were begun, retries and unknown outcomes included."""
    input_tokens: int
    output_tokens: int
    usd: Decimal
    """Sum of what is known; for a customization job its likely price."""
    unknown: int
    """Attempts whose outcome is not known: a lost connection, a killed process."""
    usd_unknown: Decimal
    """Highest price of these, as far as prices are known."""
    unpriced: int
    """Paid attempts without a known price: ``usd`` is then too low."""
    run: int | None = None
    """Id of the labeling run; None for anything else."""
    job: str | None = None
    """Name of the customization job; None for anything else."""
    cut_short: str = ""
    """Status of a customization job that never trains to its end; empty for anything else."""
    usd_high: Decimal | None = None
    """What ``usd`` may turn out to be at most; None: it is no estimate."""

    @property
    def most(self) -> Decimal:
        """USD that it may have cost at most: what a budget counts."""
        return (self.usd if self.usd_high is None else self.usd_high) + self.usd_unknown

    @property
    def bound_unknown(self) -> Decimal | None:
        """USD that everything with unknown outcome cost at most; None: a price is unknown."""
        return None if self.unknown and self.unpriced else self.usd_unknown
