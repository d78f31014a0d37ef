"""Facts that travel in and out of this room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stillroom.pictures.tokens import Family

LEAST_RECORDS, MOST_RECORDS = 8, 20_000
"""Records that the service takes in a training file (Nova guide; both AWS validators)."""


class TargetModel(StrEnum):
    """The model that is to be trained; the words are typed by users (``--model``)."""

    LITE = "lite"
    PRO = "pro"
    MICRO = "micro"
    LITE_2 = "2-lite"

    @property
    def family(self) -> Family:
        """The family whose picture tokens count."""
        if self is TargetModel.MICRO:
            return Family.TEXT_ONLY
        return Family.NOVA_2_LITE if self is TargetModel.LITE_2 else Family.NOVA_V1


def target_of(base_model: str) -> TargetModel | None:
    """The target behind a base model id, a custom model's ARN, or a customization variant.

    Args:
        base_model: Such as ``amazon.nova-lite-v1:0:300k`` or an ARN that contains such an id.

    Returns:
        None when the id names no Nova understanding model.
    """
    for mark, target in (
        ("nova-2-lite", TargetModel.LITE_2),
        ("nova-lite", TargetModel.LITE),
        ("nova-pro", TargetModel.PRO),
        ("nova-micro", TargetModel.MICRO),
    ):
        if mark in base_model:
            return target
    return None


@dataclass(frozen=True, slots=True)
class PictureFact:
    """What is known about the object behind a URI. Also used for videos and documents (size only)."""

    size: int
    """Bytes."""
    format: str
    """What the bytes are: ``jpeg``, ``png``, ``gif``, ``webp``, another name, or empty when unrecognised."""
    width: int | None = None
    """Pixels; None where it is not known."""
    height: int | None = None
    content: str | None = None
    """Any text that is equal for equal pictures, such as a hash of the original's bytes; None: not known."""
    side: str | None = None
    """``train``, ``validation``, ``test`` or ``out``; None where there is no split."""
    exists: bool = True
    """False: it was looked for and is not there."""


class PictureFacts(Protocol):
    """Knows about the pictures that records point to."""

    def lookup(self, uri: str) -> PictureFact | None:
        """The facts behind ``s3://bucket/key``; None when nothing is known about it."""
        ...


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A records file that was written."""

    records: int
    bytes: int
    sha256: str
    """Hex digest of the whole file."""
