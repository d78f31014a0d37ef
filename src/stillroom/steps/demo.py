"""Demo: the whole run on a sandbox of its own, with pictures of one's own or drawn ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from stillroom.comparison import Spread
from stillroom.errors import UsageError
from stillroom.money import Amount
from stillroom.money.amounts import total
from stillroom.plural import plural
from stillroom.project import FILE_NAME
from stillroom.project.reading import load
from stillroom.steps.comparing import CompareResult
from stillroom.steps.costs import Spent, cost, estimate_lines
from stillroom.steps.new import New, met_sizes
from stillroom.steps.plan import Watch
from stillroom.steps.scan import Scan
from stillroom.steps.workspace import Workspace

DRAWN = 1000
"""Scenes that are drawn when no pictures are given: 900 to train on, 100 to test with."""
EPOCHS = 5
_SEED = 7


@dataclass(frozen=True, slots=True)
class DemoRun:
    """One run of the table of results."""

    name: str
    model: str
    training_size: int | None
    pictures: int
    jaccard: Spread | None
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class DemoCost:
    """Money that would have been spent on AWS."""

    estimate: Decimal | None
    """What it was likely to cost, reckoned before anything was done; None: a price is unknown."""
    actual: Decimal | None
    """None: a price is unknown."""
    lines: tuple[Spent, ...]
    band: Amount = field(metadata={"private": True})
    """The estimate with its bounds, for people."""
    kept: Decimal | None = field(metadata={"private": True})
    """Of ``actual``, for keeping the students so far; None: a price is unknown."""
    as_of: float = field(metadata={"private": True})
    """Unix time up to which the keeping is counted."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The end of a demo."""

    pictures: int
    """Files."""
    runs: tuple[DemoRun, ...]
    cost: DemoCost
    report: str


def ready(
    root: Path,
    images: Path | None,
    sizes: tuple[int, ...],
    *,
    draw: bool = True,
    told: Callable[[int], None] = lambda drawn: None,
) -> bool:
    """Make the demo project, or find the one that is there.

    Args:
        root: Its folder.
        images: Pictures; None draws scenes.
        sizes: Training sizes.
        draw: False: the scenes are drawn already (tests).
        told: Is told how many of the ``DRAWN`` scenes there are so far.

    Returns:
        True when it was made now, False when an earlier demo is continued.

    Raises:
        UsageError: The folder holds something else.
    """
    if (root / FILE_NAME).exists():
        if not load(root).settings.aws.sandbox:
            raise UsageError(f"The project in {root} is not a demo.", "Name another folder: --dir DIR")
        return False
    if root.exists() and _visible(root.iterdir()):
        raise UsageError(f"{root} is not empty and holds no demo.", "Name another folder: --dir DIR")
    if images is None:
        from stillroom.pictures.scenes import draw_scenes

        images = root / "pictures"
        if draw:
            images.mkdir(parents=True, exist_ok=True)
            draw_scenes(images, DRAWN, _SEED, told=told)
    New(root, str(images), name=root.name, sandbox=True, sizes=sizes, epochs=EPOCHS).make()
    return True


def unmet(workspace: Workspace, wanted: Sequence[int]) -> str:
    """What to say of training sizes that were asked for and that this demo does not train; mostly nothing."""
    sizes = workspace.settings.training.sizes
    missing = [size for size in wanted if size not in sizes]
    if not missing:
        return ""
    named = " and ".join(f"{size:,}" for size in missing)
    trained = " and ".join(f"{size:,}" for size in sizes) or "one, of all training pictures"
    unique = workspace.store.pictures.summary().unique
    if met_sizes(tuple(missing), unique):
        return f"This demo trains {trained}; for {named} make another one, in another folder: --dir DIR"
    size, pictures = "size" if len(missing) == 1 else "sizes", plural(unique, "different picture")
    return (
        f"Training {size} {named} left out: there are only {pictures}, and some are kept for testing. "
        f"Trained: {trained}."
    )


def _visible(paths: Iterable[Path]) -> bool:
    """Whether there is anything; half-drawn pictures of a demo that was stopped do not count."""
    return any(not path.name.startswith(".") and path.name != "pictures" for path in paths)


def first_estimate(workspace: Workspace) -> Amount:
    """What the whole demo had been reckoned at before anything was done; remembered for later runs."""
    stored = workspace.store.facts.get("demo_estimate")
    if stored is None:
        Scan().execute(workspace, Scan().plan(workspace), Watch())
        # The very sum that the plan of the run is about to show.
        amount = total(line.amount for line in estimate_lines(workspace))
        band = [None if value is None else str(value) for value in (amount.low, amount.likely, amount.high)]
        stored = json.dumps(band)
        workspace.store.facts.put("demo_estimate", stored)
    low, likely, high = (None if value is None else Decimal(value) for value in json.loads(stored))
    return Amount(low, likely, high)


def result(workspace: Workspace, compared: CompareResult, report: str, estimate: Amount) -> DemoResult:
    """Gather what a demo ends with."""
    reckoned = cost(workspace)
    return DemoResult(
        pictures=workspace.store.pictures.summary().pictures,
        runs=tuple(
            DemoRun(
                row.name,
                row.model,
                row.training_size,
                row.pictures,
                row.jaccard,
                row.precision,
                row.recall,
                row.f1,
            )
            for row in compared.runs
        ),
        cost=DemoCost(
            estimate.likely,
            reckoned.spent_usd,
            reckoned.spent,
            estimate,
            reckoned.spent_kept_usd,
            reckoned.spent_as_of,
        ),
        report=report,
    )
