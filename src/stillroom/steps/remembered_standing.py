"""Where each step stood when it was last counted: there at once, while it is being counted again."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from decimal import Decimal

from stillroom.errors import StoreError
from stillroom.steps.hourly import hourly
from stillroom.steps.standing_values import Standing, StatusResult
from stillroom.steps.workspace import Workspace

_FACT = "standing"
_STALE_SECONDS = 60.0
"""What says the same again is written down again after so long, for its age."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A standing with its age."""

    status: StatusResult
    at: float
    """Unix time when it was counted."""


def remember_standing(workspace: Workspace, status: StatusResult) -> None:
    """Write it down where anything can be written, unless the very same was written a moment ago."""
    known = recall_standing(workspace)
    if known is not None and known.status.steps == status.steps and _is_fresh(workspace, known.at):
        return
    said = dataclasses.asdict(status) | {"at": workspace.now()}
    del said["hourly"]  # that is remembered by itself
    keep(workspace, _FACT, json.dumps(said, default=str))


def recall_standing(workspace: Workspace) -> Remembered | None:
    """The standing that was written down last; None: there is none that this version can read."""
    text = workspace.store.facts.get(_FACT)
    if text is None:
        return None
    try:
        said = json.loads(text)
        at = float(said["at"])
        steps = tuple(Standing(**one) for one in said["steps"])
        status = StatusResult(
            project=said["project"],
            where=said["where"],
            region=said["region"],
            account=said["account"],
            steps=steps,
            spent_usd=_decimal(said["spent_usd"]),
            spent_kept_usd=_decimal(said["spent_kept_usd"]),
            spent_as_of=float(said["spent_as_of"]),
            spent_unknown_usd=_decimal(said["spent_unknown_usd"]),
            spent_high_usd=Decimal(said["spent_high_usd"]),
            budget_usd=_decimal(said["budget_usd"]),
            hourly=tuple(hourly(workspace)),
            looked=said["looked"],
            next=said["next"],
            command=said["command"],
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        # Another version wrote it; it is counted again in a moment.
        return None
    return Remembered(status, at)


def keep(workspace: Workspace, fact: str, text: str) -> None:
    """Put a fact that only saves time: where nothing can be written now, nothing is lost."""
    if workspace.store.read_only:
        return
    try:
        workspace.store.facts.put(fact, text)
    except StoreError:
        return


def _is_fresh(workspace: Workspace, at: float) -> bool:
    return 0 <= workspace.now() - at < _STALE_SECONDS


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
