"""Which test pictures can be compared, and what stands in the way where none can. Asks nobody."""

from __future__ import annotations

from collections.abc import Sequence, Set

from stillroom.errors import ItemsFailed, UsageError
from stillroom.pictures import Member, Side
from stillroom.plural import plural
from stillroom.steps.obstacle import Obstacle
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.teaching import answered_of, given_up, given_up_words
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

UNLABELED = Obstacle(
    "No test picture has a label of the present teacher and prompt.",
    "Run",
    "stillroom label teacher --split test",
)


def comparable(workspace: Workspace, *, left_out: bool = False) -> list[ContentRow]:
    """Pictures of the test side that count, labeled or not; ``left_out``: also those left out by hand."""
    from stillroom.pictures.splitting import leaking

    every = workspace.store.pictures.contents((Side.TEST, Side.TRAIN))
    # The distance may have been raised since the split: what resembles a training picture now is out.
    # So is what resembles one whose file has gone since: students have learnt from it all the same.
    leaks = leaking(
        [Member(row.content, row.dhash, row.side) for row in every] + workspace.store.pictures.absent(),
        workspace.settings.pictures.near_duplicate_distance,
    )
    return [
        row
        for row in every
        if row.side is Side.TEST and (left_out or not row.excluded) and row.content not in leaks
    ]


def obstacle(workspace: Workspace, asked: Set[str] | None = None) -> Obstacle | None:
    """What keeps every test picture from being compared; None: nothing does, or nothing was scanned yet.

    Args:
        workspace: The project.
        asked: Contents that the teacher is still going to label; None: all that it has not given up.
    """
    if not workspace.store.pictures.summary().scanned:
        return None
    if found := nobody_to_test(workspace):
        return found
    contents = {row.content for row in comparable(workspace)}
    if not contents:
        bits = workspace.settings.pictures.near_duplicate_distance
        return Obstacle(
            "Nothing can be compared: every test picture resembles a training picture.",
            f"Lower near_duplicate_distance ({bits}) in stillroom.toml, or add pictures",
            "stillroom scan",
        )
    return untaught(workspace, contents, asked)


def nobody_to_test(workspace: Workspace) -> Obstacle | None:
    """What to say where no test picture is left; None: there are some."""
    if workspace.store.pictures.summary().sides.get(Side.TEST):
        return None
    excluded = any(row.excluded for row in workspace.store.pictures.contents((Side.TEST,)))
    if not workspace.settings.pictures.test and not excluded:
        return Obstacle(
            "Nothing can be compared: pictures.test is 0 in stillroom.toml, so there is no test picture.",
            "Set it, which counts for new pictures only, or make another project",
            "stillroom new",
        )
    why, command = without_pictures(workspace, (Side.TEST,))
    return Obstacle(f"Nothing can be compared: {why}.", "Run", command)


def untaught(workspace: Workspace, contents: Set[str], asked: Set[str] | None) -> Obstacle | None:
    """What to say where none of ``contents``, test pictures, has a label or is still going to have one."""
    if answered_of(workspace, contents):
        return None
    spec = target(workspace, TEACHER).spec
    unfit = contents & workspace.store.pictures.unfit(spec.prepare_key)
    failed = given_up(workspace, contents)
    left = contents - unfit - failed.keys()
    if left if asked is None else contents & asked:
        return None
    what = "No test picture has a label to compare with"
    if failed:
        # Whoever labels does not ask again about what has failed.
        how = "Ask again about those that failed"
        return Obstacle(f"{what}: {given_up_words(failed)}.", how, "stillroom retry teacher", failed=True)
    if not left:
        fit = f"{plural(len(unfit), 'picture is', 'pictures are')} fit for no model"
        return Obstacle(
            f"{what}: {fit}.", "Change [prepare] in stillroom.toml, or add other pictures", "stillroom scan"
        )
    return UNLABELED


def refuse_incomparable(workspace: Workspace, asked: Set[str]) -> None:
    """Let nothing be paid on the way to a comparison that cannot be made.

    Args:
        workspace: The project.
        asked: Contents that the teacher is still going to label.

    Raises:
        UsageError: No test picture can be compared.
        ItemsFailed: None can, because the teacher gave up some.
    """
    if found := obstacle(workspace, asked):
        kind = ItemsFailed if found.failed else UsageError
        raise kind(found.what, f"{found.todo}. To train all the same: stillroom run --until train")


def untested(workspace: Workspace, asked: Set[str]) -> tuple[str, ...]:
    """A warning for a plan after which nothing can be compared; empty otherwise.

    Args:
        workspace: The project.
        asked: Contents that the teacher is still going to label.
    """
    return _warning(obstacle(workspace, asked))


def no_test_picture(workspace: Workspace) -> tuple[str, ...]:
    """A warning where no test picture is left; empty otherwise."""
    return _warning(nobody_to_test(workspace))


def _warning(found: Obstacle | None) -> tuple[str, ...]:
    return (f"{found.what} {found.todo}",) if found else ()


def without_pictures(workspace: Workspace, sides: Sequence[Side]) -> tuple[str, str]:
    """Why some sides have no picture to ask about.

    Returns:
        The reason, and the command that goes on from there.
    """
    excluded = [row.side for row in workspace.store.pictures.contents(sides) if row.excluded]
    if excluded and len(sides) == 1:
        return f"every {sides[0]} picture is left out", f"stillroom include 'split:{sides[0]}'"
    if excluded:
        return "every picture is left out", "stillroom include 'excluded:yes'"
    which = f"{sides[0]} picture" if len(sides) == 1 else "picture that can be used"
    return f"there is no {which}; add some", "stillroom scan"


def nobody_on(workspace: Workspace, sides: Sequence[Side]) -> str:
    """That some sides have no picture, and how to take those back in that were left out."""
    if any(row.excluded for row in workspace.store.pictures.contents(sides)):
        why, command = without_pictures(workspace, sides)
        return f"{why[:1].upper()}{why[1:]}: {command}"
    return f"There is no {' or '.join(side.value for side in sides)} picture."
