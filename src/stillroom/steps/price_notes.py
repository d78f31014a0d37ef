"""What a plan says of prices that nobody has confirmed, and of those that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stillroom.money.estimate import Line
from stillroom.steps.misspelt import model_hint

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace

UNVERIFIED = "The price is unverified: see stillroom cost; override it in [prices]."


def price_notes(workspace: Workspace, model: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """One line for prices that are unverified, one for those that are unknown; each only where it is so.

    Args:
        workspace: The project.
        model: Whose prices they are.
        lines: What is reckoned with them.
    """
    notes = []
    if any(line.unverified and line.amount.known for line in lines):
        notes.append(UNVERIFIED)
    if not all(line.amount.known for line in lines):
        hint = model_hint(workspace, model)
        notes.append(hint or f"No price is known for {model}: add one in [prices] of stillroom.toml.")
    return tuple(notes)
