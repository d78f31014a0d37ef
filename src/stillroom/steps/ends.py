"""A run from its beginning to its end: one at a time, and however it ends it says what it leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from stillroom.errors import ItemsFailed, StillroomError, StoreError
from stillroom.plural import plural
from stillroom.steps.deployed import has_failed, left_by_run
from stillroom.steps.quoting import sentences
from stillroom.steps.tallying import tally
from stillroom.steps.targets import TEACHER
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow


@contextmanager
def alone_to_its_end(workspace: Workspace, done: Sequence[str]) -> Iterator[None]:
    """Keep other runs of the project out while the block goes through the steps.

    Two would do the same work side by side until one finds the other in its way, after hours maybe.

    Args:
        workspace: The project.
        done: The steps that were gone through so far; it grows.

    Raises:
        StoreBusy: Another run goes through the steps; nothing was done.
        StillroomError: From the block; it also tells what was done and who is still deployed, which is true
            of every end, whichever step came to it.
    """
    with workspace.store.alone("run", "is running the steps of this project"):
        try:
            yield
        except StillroomError as error:
            error.what += f" Done before: {', '.join(done)}." if done else ""
            failed = () if isinstance(error, ItemsFailed) else _failed(workspace)  # that tells it by itself
            error.todo = sentences((error.todo, *failed, *still_deployed(workspace)))
            raise


def _failed(workspace: Workspace) -> tuple[str, ...]:
    """How many pictures the teacher gave up, a sentence; empty where it gave up none."""
    try:
        told = tally(workspace, TEACHER)
        failed = told.failed - told.failed_unsent
    except StoreError:  # which is likely what ended the run
        return ()
    return (f"{plural(failed, 'picture')} failed: stillroom retry {TEACHER}",) if failed else ()


def still_deployed(workspace: Workspace) -> tuple[str, ...]:
    """Who is, or may be, still deployed and how that ends: one sentence for each way in which it does.

    Whom another process is asking is to be removed by nobody.
    """
    rows = [row for row in workspace.store.students.deployments() if not has_failed(row)]
    here = os.getpid()
    asking = {name: pid for name, pid in _asked(workspace).items() if pid != here} if rows else {}
    ours = {row.name for row in left_by_run(workspace)}
    by_hand = {row.student for row in rows if row.name not in ours}
    there = {row.student for row in rows if row.arn}
    every = dict.fromkeys(row.student for row in rows)
    said = [
        f"{name} is still deployed: process {asking[name]} is asking it." for name in every if name in asking
    ]
    for first, by_ours in (("stillroom run, or ", True), ("", False)):
        names = [name for name in every if (name in by_hand) is not by_ours and name not in asking]
        said += _ending([name for name in names if name in there], first, sure=True)
        said += _ending([name for name in names if name not in there], first, sure=False)
    return tuple(said)


def to_remove(workspace: Workspace) -> list[DeploymentRow]:
    """What ``run`` has deployed and is to remove; whom anybody is asking by hand stays until another run."""
    left = left_by_run(workspace)
    asking = _asked(workspace) if left else {}
    return [row for row in left if row.student not in asking]


def _asked(workspace: Workspace) -> dict[str, int]:
    """Students whom a process is asking right now, with its id."""
    return {
        run.spec.student: run.holder
        for run in workspace.store.runs.all()
        if run.spec.student and run.holder is not None
    }


def _ending(names: Sequence[str], first: str, *, sure: bool) -> list[str]:
    if not names:
        return []
    are, who, them = ("is", names[0], "it") if len(names) == 1 else ("are", "NAME", "them")
    how = f"{are} still deployed." if sure else "may be deployed: AWS did not answer."
    return [f"{' and '.join(names)} {how} To remove {them}: {first}stillroom undeploy {who}"]
