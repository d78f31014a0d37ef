"""What a rule is, and what it says when a record breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """What happens when the rule is broken. The words appear in JSON: never rename."""

    ERROR = "error"
    """The service, or AWS's validator, refuses."""
    WARNING = "warning"
    """It is accepted, but it costs or misleads."""
    ADVICE = "advice"


class Authority(StrEnum):
    """Whose rule it is."""

    SERVICE = "service"
    """Documented for the service, or known from its own failure messages: a job with such a file fails."""
    AWS_V1 = "aws-v1"
    """AWS's dataset validator in amazon-bedrock-samples; the documentation is silent."""
    AWS_V2 = "aws-v2"
    """AWS's newer dataset validator in amazon-nova-samples; the documentation is silent."""
    FORGE = "forge"
    """Only AWS's nova-forge-sdk checks it."""
    STILLROOM = "stillroom"
    """Our own."""


class Scope(StrEnum):
    """What is looked at."""

    FILE = "file"
    """The file as a whole, or the bytes of a line."""
    RECORD = "record"
    PICTURE = "picture"
    """The object behind a URI; needs picture facts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with a records file."""

    id: str
    weight: Weight
    applies_to: Scope
    by: Authority
    what: str
    """The rule, as a sentence about good files."""
    todo: str
    """What to do when it is broken."""
    source: str
    """Where the rule stands: a document, a validator, or our reason."""

    @property
    def by_service(self) -> bool:
        """Whether a job with such a file fails (the sandbox's jobs do, too)."""
        return self.by is Authority.SERVICE


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a file breaks a rule."""

    line: int | None
    """1-based; None for the file as a whole."""
    field: str
    """Path inside the record, such as ``messages[0].content[1].image.format``; empty for line and file."""
    rule: str
    """Id of the rule."""
    weight: Weight
    message: str
    """What is wrong, with the offending value made fit to be shown."""
    todo: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding for JSON, in the order of the fields."""
        return {
            "line": self.line,
            "field": self.field,
            "rule": self.rule,
            "weight": self.weight.value,
            "message": self.message,
            "todo": self.todo,
        }
