"""What is said of prices that nobody has confirmed, that nobody knows, or that count for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stillroom.money.estimate import Line
from stillroom.money.models import named
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


def idle_prices(workspace: Workspace, paid: Iterable[str]) -> Iterator[str]:
    """A line for each table in ``[prices]`` that no figure rests on: its model may be misspelt.

    Args:
        workspace: The project.
        paid: Models and other things that have been paid for, or will be, beside those of the settings.
    """
    settings = workspace.settings
    models = {settings.teacher.model, settings.student.model, settings.training.base_model, *paid}
    models |= {row.base_model for row in workspace.store.students.all()}
    used = set().union(*map(_spellings, models))
    for written in settings.prices:
        name = named(written)
        if used.isdisjoint({written, *([name.profile] if name else [])}):
            near = get_close_matches(written, sorted(used), n=1)
            nearest = f" The nearest that it uses is {near[0]}." if near else ""
            yield f'[prices."{written}"] counts for nothing so far: the project uses no such model.{nearest}'


def _spellings(model: str) -> set[str]:
    """The ids by which the price book looks a model's own price up."""
    name = named(model)
    return {model, name.profile, name.model} if name else {model}
