"""Which contents train, test and validate, and in which order they train.

Pictures that resemble each other (copies cropped, scaled, saved again) form a group, and a group goes to one
side whole: a test picture must not be a training picture in disguise.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillroom.pictures.choosing import choose
from stillroom.pictures.settings import PictureSettings
from stillroom.pictures.values import KeptOut, Member, Side, SplitPlan
from stillroom.plural import plural

if TYPE_CHECKING:
    from stillroom.pictures.resemblance import Resemblance

LEAST_TEST_SHARE = 0.05
"""The test side never shrinks below this share for the sake of a training size."""

_SIDES = (Side.TRAIN, Side.TEST, Side.VALIDATION)


def split(
    members: Sequence[Member],
    settings: PictureSettings,
    wanted_sizes: tuple[int, ...],
    gone: Sequence[Member] = (),
) -> SplitPlan:
    """Give every newcomer a side; nobody else moves.

    When nobody has a side yet, the test side (then validation) takes exactly its share, whole groups in
    seeded-hash order; a group that would overshoot is passed over. Later, a newcomer joins the side of what
    it resembles; one that resembles two sides is kept out of both; one that resembles nothing is thrown by
    its own seeded hash, so that its side depends on neither the order nor the company it arrives in.

    Args:
        members: Each unique content once, in any order.
        settings: Shares, seed and the distance of resemblance are used.
        wanted_sizes: Training sizes. In the first split the test side shrinks for the largest possible one.
        gone: Contents with a side whose files are removed or replaced. They count nowhere, but students may
            have been trained on them: what resembles them (the same photograph, saved again) follows them.

    Returns:
        The newcomers' sides and what could not be had.
    """
    from stillroom.pictures.resemblance import Resemblance

    ever = [*members, *gone]
    resemblance = Resemblance([member.dhash for member in ever], settings.near_duplicate_distance)
    is_first = all(member.side in (None, Side.OUT) for member in ever)
    placed = (_first if is_first else _later)(ever, resemblance, settings, wanted_sizes)
    present = (
        Resemblance([member.dhash for member in members], settings.near_duplicate_distance)
        if gone
        else resemblance
    )
    training = sum(member.side is Side.TRAIN for member in members)
    training += sum(side is Side.TRAIN for side in placed.sides.values())
    shortfalls = placed.remarks + [
        f"A training size of {size:,} cannot be met: {training:,} of "
        f"{plural(len(members), 'unique picture')} train."
        for size in sorted(set(wanted_sizes))
        if size > training
    ]
    return SplitPlan(
        sides=placed.sides,
        kept_out=placed.kept_out,
        shortfalls=shortfalls,
        near_duplicates=len(members) - present.group_count(),
    )


def training_order(contents: Iterable[str], seed: int) -> list[str]:
    """The seeded order whose prefixes are the training sizes; the same for any order of arrival."""
    return sorted(set(contents), key=lambda content: (_draw("train", seed, content), content))


def extend_order(existing: Sequence[str], newcomers: Iterable[str], seed: int) -> list[str]:
    """Append newcomers, in seeded order, to a stored order, so that its prefixes stay what they were.

    Ordering all of them afresh would put newcomers between the old, and records of a size that was already
    trained on would no longer be nested in the next.

    Args:
        existing: The stored order; kept as it is.
        newcomers: Contents to add; those that are in `existing` are ignored.
        seed: The project's seed.
    """
    return [*existing, *training_order(set(newcomers).difference(existing), seed)]


def leaking(members: Sequence[Member], distance: int) -> frozenset[str]:
    """Contents of the test side that resemble a training picture; they must not count in a comparison.

    The split lets none arise, but the distance may be raised afterwards, and nobody moves.

    Args:
        members: All contents that have or had a side, those whose files are gone included.
        distance: Bits in which resembling hashes differ at most.
    """
    from stillroom.pictures.resemblance import Resemblance

    resemblance = Resemblance([member.dhash for member in members], distance)
    touched = resemblance.touched([member.side is Side.TRAIN for member in members])
    return frozenset(
        member.content
        for member, near in zip(members, touched, strict=True)
        if near and member.side is Side.TEST
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """How many contents the first split takes at most."""

    test: int
    validation: int
    remark: str
    """Why the test side is smaller than its share; empty when it is not."""


def targets(count: int, settings: PictureSettings, wanted_sizes: tuple[int, ...]) -> Targets:
    """Work out the sizes of a first split.

    Args:
        count: Unique contents.
        settings: The shares.
        wanted_sizes: Training sizes.
    """
    test = _share_of(count, settings.test)
    validation = min(_share_of(count, settings.validation), max(0, count - test - 1))
    least = min(test, math.ceil(LEAST_TEST_SHARE * count))
    possible = [size for size in wanted_sizes if size <= count - validation - least]
    room = count - validation - max(possible, default=0)
    if room >= test:
        return Targets(test, validation, "")
    return Targets(
        room,
        validation,
        f"The test side has {plural(room, 'picture')} instead of {test:,}, "
        f"so that {max(possible):,} can train.",
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    sides: dict[str, Side]
    kept_out: list[KeptOut]
    remarks: list[str]


def _first(
    members: Sequence[Member], resemblance: Resemblance, settings: PictureSettings, wanted: tuple[int, ...]
) -> _Placed:
    """The first split: exact counts over groups in seeded-hash order."""
    newcomers = [index for index, member in enumerate(members) if member.side is None]
    groups = _ordered_groups(members, resemblance.groups(newcomers), settings.seed)
    goal = targets(len(newcomers), settings, wanted)
    remarks = [goal.remark] if goal.remark else []
    sides = {members[index].content: Side.TRAIN for index in newcomers}
    for side, count in ((Side.TEST, goal.test), (Side.VALIDATION, goal.validation)):
        chosen = set(choose([len(group) for group in groups], count))
        taken = [index for at in chosen for index in groups[at]]
        groups = [group for at, group in enumerate(groups) if at not in chosen]
        sides.update((members[index].content, side) for index in taken)
        if len(taken) < count:
            remarks.append(
                f"The {side} side has {plural(len(taken), 'picture')} instead of {count:,}:"
                " pictures that resemble each other stay together."
            )
    return _Placed(sides, [], remarks)


def _later(
    members: Sequence[Member], resemblance: Resemblance, settings: PictureSettings, wanted: tuple[int, ...]
) -> _Placed:
    """A later scan: newcomers follow what they resemble, or their own hash."""
    near = {side: resemblance.touched([member.side is side for member in members]) for side in _SIDES}
    newcomers = [index for index, member in enumerate(members) if member.side is None]
    sides: dict[str, Side] = {}
    kept_out: list[KeptOut] = []

    def place(group: Sequence[int]) -> None:
        touched = [side for side in _SIDES if any(near[side][index] for index in group)]
        if len(touched) > 1:
            reason = f"resembles pictures of two sides: {' and '.join(touched)}"
            kept_out.extend(KeptOut(members[index].content, reason) for index in group)
            side = Side.OUT
        else:
            side = (
                touched[0] if touched else _thrown(min(members[index].content for index in group), settings)
            )
        sides.update((members[index].content, side) for index in group)

    # Those that touch two sides themselves go first: what resembles only them is free to join.
    between = [index for index in newcomers if sum(near[side][index] for side in _SIDES) > 1]
    for index in between:
        place([index])
    for group in resemblance.groups(sorted(set(newcomers).difference(between))):
        place(group)
    return _Placed(sides, sorted(kept_out, key=lambda kept: kept.content), [])


def _ordered_groups(members: Sequence[Member], groups: list[list[int]], seed: int) -> list[list[int]]:
    def key(group: list[int]) -> tuple[int, str]:
        smallest = min(members[index].content for index in group)
        return _draw("split", seed, smallest), smallest

    return sorted(groups, key=key)


def _thrown(content: str, settings: PictureSettings) -> Side:
    at = _draw("split", settings.seed, content) / 2**64
    if at < settings.test:
        return Side.TEST
    return Side.VALIDATION if at < settings.test + settings.validation else Side.TRAIN


def _share_of(count: int, share: float) -> int:
    """The share, rounded half up, but at least one of two or more: an empty test side measures nothing."""
    if share <= 0 or count < 2:
        return 0
    return max(1, math.floor(share * count + 0.5 + 1e-9))


def _draw(purpose: str, seed: int, content: str) -> int:
    """64 bits that look random and depend on nothing but the arguments."""
    return int.from_bytes(hashlib.sha256(f"{purpose}:{seed}:{content}".encode()).digest()[:8], "big")
