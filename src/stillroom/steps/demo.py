"""Demo: the whole run on a sandbox of its own, with pictures of one's own or drawn ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from stillroom.comparison import Spread
from stillroom.errors import UsageError, reason
from stillroom.money import Amount, Band
from stillroom.money.amounts import UNKNOWN
from stillroom.places import at_home
from stillroom.plural import plural
from stillroom.project import Project
from stillroom.project.reading import load, stands_in
from stillroom.steps.comparing import CompareResult
from stillroom.steps.costs import Spent, cost
from stillroom.steps.finished import kept_words
from stillroom.steps.new import DEMO, New, met_sizes
from stillroom.steps.plan import Line, Plan
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace
from stillroom.store.opening import Store

DRAWN = 1000
"""Scenes that are drawn when no pictures are given: 900 to train on, 100 to test with."""
EPOCHS = 5
_DRAWN_IN = "pictures"
"""Folder of the scenes in that of the demo."""
_SCENE = re.compile(r"scene-\d+\.jpg")
"""Names of drawn scenes."""
_SEED = 7
_SECONDS_A_SCENE = Band(0.007, 0.015, 0.06)
"""Of drawing: on two cores, on one as measured, on a slow one."""


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
    """What it was likely to cost, reckoned before anything was done.

    None: a price is unknown, or nobody reckoned.
    """
    actual: Decimal | None
    """Without keeping the students, which goes on by the sandbox's own clock; None: a price is unknown."""
    lines: tuple[Spent, ...]
    band: Amount = field(metadata={"private": True})
    """The estimate with its bounds, for people."""
    keeping: str = field(metadata={"private": True})
    """What the students go on costing a month, in words; empty: there are none."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The end of a demo."""

    pictures: int
    """Files."""
    runs: tuple[DemoRun, ...]
    cost: DemoCost
    report: str


def plan_of(root: Path) -> Plan:
    """What making, or going on with, the demo of drawn scenes would do. Reads the disk and changes nothing.

    Raises:
        UsageError: The folder holds something else, or cannot be read.
    """
    with _usable(root):
        going_on = stands_in(root)
        if going_on:
            _check_demo(root, None)
        else:
            _check_empty(root)
        there = 0 if going_on else drawn_in(root)
    left = 0 if going_on else DRAWN - there
    each = _SECONDS_A_SCENE
    lines = [Line("folder", at_home(str(root.absolute())))]
    if left:
        so_far = f", {there:,} are there" if there else ""
        lines.append(Line("draws", f"{plural(left, 'scene')}, a JPEG file each{so_far}"))
    lines += [
        Line("then", "labels, trains, deploys and compares"),
        Line("price", "nothing is paid: a sandbox"),
    ]
    return Plan(
        verb="demo",
        title="Go on with the demo." if going_on or there else "Show a whole run with drawn pictures.",
        count=max(1, left),
        lines=tuple(lines),
        time=Band(each.low * left, each.likely * left, each.high * left) if left else None,
        notes=("The time is that of drawing; the run after it takes a minute or two.",) if left else (),
        command=plan_command("demo", dir=str(root)),
    )


def drawn_in(root: Path) -> int:
    """How many of a demo's scenes are drawn in its folder."""
    folder = root / _DRAWN_IN
    return sum(1 for one in folder.iterdir() if _SCENE.fullmatch(one.name)) if folder.is_dir() else 0


@contextmanager
def _usable(root: Path) -> Iterator[None]:
    """Say it in our words where the folder of a demo cannot be read or made: it may be somebody else's."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"The demo's folder {root} cannot be used: {reason(error)}.",
            "Give yourself access to it, or name another folder: --dir DIR",
        ) from error


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
        images: Pictures; None draws scenes, or goes on with those of the demo that is there.
        sizes: Training sizes.
        draw: False: the scenes are drawn already (tests).
        told: Is told how many of the ``DRAWN`` scenes there are so far, from 0 on.

    Returns:
        True when it was made now, False when an earlier demo is continued.

    Raises:
        UsageError: The folder holds something else, or a demo of other pictures, or cannot be used.
    """
    with _usable(root):
        if stands_in(root):
            _check_demo(root, images)
            return False
        _check_empty(root)
        if images is None:
            from stillroom.pictures.scenes import draw_scenes

            images = root / _DRAWN_IN
            if draw:
                told(0)
                draw_scenes(images, DRAWN, _SEED, told=told)
        New(root, str(images), sandbox=True, sizes=sizes, epochs=EPOCHS, demo=True).make()
    return True


def _check_demo(root: Path, images: Path | None) -> None:
    """Whether a demo stands in ``root``, on its sandbox, and of these pictures, if any are named.

    Raises:
        UsageError: It does not.
    """
    project = load(root)
    with closing(Store.open(project.root, read_only=True)) as store:
        made = store.facts.get(DEMO) is not None
    if not made:
        going_on = plan_command("run", project=str(root))
        raise UsageError(
            f"The project in {root} is not a demo.",
            f"Name another folder for one: --dir DIR. That project goes on with: {going_on}",
        )
    refuse_elsewhere(project)
    if images is not None and images.resolve() != project.pictures_folder.resolve():
        raise UsageError(
            f"The demo in {root} is of other pictures, {project.pictures_folder}.",
            "For these, name another folder: --dir DIR. To go on with that demo, leave --images out.",
        )


def refuse_elsewhere(project: Project | Workspace) -> None:
    """Let no demo go on where it could be paid: nobody is asked on its way.

    Raises:
        UsageError: Its project file has been turned away from the sandbox of its own.
    """
    if not project.settings.aws.sandbox:
        going_on = plan_command("run", project=str(project.root))
        raise UsageError(
            f"The demo in {project.root} is no longer on a sandbox of its own.",
            f"Set aws.sandbox to true in its stillroom.toml, or see what it would cost: {going_on}",
        )


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


def _check_empty(root: Path) -> None:
    """Whether a demo can be made in ``root``: half-drawn scenes of one that was stopped do not count.

    Raises:
        UsageError: It is a file, or holds something.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file, not a folder.", "Name a folder for the demo: --dir DIR")
    if root.exists() and any(_is_seen(path) and not _is_drawn(path) for path in root.iterdir()):
        raise UsageError(f"{root} is not empty and holds no demo.", "Name another folder: --dir DIR")


def _is_seen(path: Path) -> bool:
    return not path.name.startswith(".")


def _is_drawn(path: Path) -> bool:
    """Whether it is the folder of drawn scenes; one with anybody's own pictures is not."""
    if path.name != _DRAWN_IN or not path.is_dir():
        return False
    return all(_SCENE.fullmatch(one.name) for one in path.iterdir() if _is_seen(one))


def first_estimate(workspace: Workspace) -> Amount:
    """What the whole demo had been reckoned at before anything was done: the price of its first plan.

    Returns:
        The unknown amount when no plan of the whole was ever agreed to.
    """
    plans = workspace.store.diary.plans(verb="run")
    if not plans:
        return UNKNOWN
    facts: Mapping[str, Any] = plans[0].facts
    price = facts["price"]
    return Amount(*(None if price[end] is None else Decimal(price[end]) for end in ("low", "likely", "high")))


def result(workspace: Workspace, compared: CompareResult, report: str) -> DemoResult:
    """Gather what a demo ends with."""
    reckoned, estimate = cost(workspace), first_estimate(workspace)
    spent, kept = reckoned.spent_usd, reckoned.spent_kept_usd
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
            None if spent is None or kept is None else spent - kept,
            reckoned.spent,
            estimate,
            kept_words(workspace),
        ),
        report=report,
    )
