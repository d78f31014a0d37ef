"""A records file is read once, and everything that is wrong with it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stillroom.records.rules import Finding, Weight
from stillroom.records.values import PictureFacts, TargetModel

SUCCESS_LINE = "Validation successful, all samples passed"
"""What AWS's validator prints; scripts look for it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one pass over a file came to."""

    path: Path
    model: TargetModel
    records: int
    """Lines that are not blank, good or bad."""
    bytes: int
    by_rule: Mapping[str, int] = field(default_factory=dict)
    """Findings by rule id, in the order of the catalogue; rules without findings are left out."""
    not_checked: Mapping[str, int] = field(default_factory=dict)
    """What could not be looked at, in words, and how often. Never silently passed."""

    def count(self, weight: Weight) -> int:
        """Findings of a weight."""
        raise NotImplementedError

    @property
    def passed(self) -> bool:
        """No error was found; warnings and advice may have been."""
        raise NotImplementedError

    @property
    def success_line(self) -> str | None:
        """The line to print when the file passed, as AWS's validator words it; else None."""
        return SUCCESS_LINE if self.passed else None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        raise NotImplementedError


class Validation:
    """Iterate to get the findings as they are found; `summary` is ready when the pass is over."""

    def __iter__(self) -> Iterator[Finding]:
        raise NotImplementedError

    @property
    def summary(self) -> Summary:
        """The summary; asking for it finishes the pass first."""
        raise NotImplementedError


def validate(
    path: Path,
    *,
    model: TargetModel = TargetModel.LITE,
    facts: PictureFacts | None = None,
    other: Path | None = None,
    bucket: str | None = None,
    validation: bool = False,
    together: int = 0,
) -> Validation:
    """Check a records file against every rule of the catalogue, in one pass and in flat memory.

    Args:
        path: The file.
        model: What is to be trained on it.
        facts: Knows the pictures; None: rules about bytes, pixels and sides are counted as not checked.
        other: A second records file that may share no picture with this one (train against test).
        bucket: The bucket that the records file is in; None: media must only agree among themselves.
        validation: The file is the validation file of a job (no lower bound; not taken by Nova 2 Lite).
        together: Records of the companion file (validation for training, and the other way round).

    Raises:
        UsageError: A file is missing or cannot be read.
    """
    raise NotImplementedError
