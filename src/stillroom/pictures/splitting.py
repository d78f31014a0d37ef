"""Which contents train, test and validate, and in which order they train."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stillroom.pictures.settings import PictureSettings
from stillroom.pictures.values import Member, SplitPlan


def split(members: Sequence[Member], settings: PictureSettings, wanted_sizes: tuple[int, ...]) -> SplitPlan:
    """Give every newcomer a side; nobody else moves."""
    raise NotImplementedError


def training_order(contents: Iterable[str], seed: int) -> list[str]:
    """The seeded order whose prefixes are the training sizes."""
    raise NotImplementedError


def extend_order(existing: Sequence[str], newcomers: Iterable[str], seed: int) -> list[str]:
    """Append newcomers, in seeded order, to a stored order, so that its prefixes stay what they were."""
    raise NotImplementedError
