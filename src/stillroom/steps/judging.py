"""What stored answers are worth, judged anew for free when the parser or its bounds have changed."""

from __future__ import annotations

from stillroom.errors import StoreBusy
from stillroom.keywords import JUDGING_VERSION, judge
from stillroom.labeling.values import Accept, Verdict
from stillroom.steps.workspace import Workspace
from stillroom.store import Run


def accept(workspace: Workspace) -> Accept:
    """Judges answers by the bounds of the project file."""
    bounds = workspace.settings.prompt

    def verdict(text: str, stop_reason: str) -> Verdict:
        return judge(text, stop_reason, low=bounds.keywords_min, high=bounds.keywords_max)

    return verdict


def judge_anew(workspace: Workspace, run: Run | None, *, claimed: bool = False) -> int:
    """Judge a run's stored answers again where they were judged by another parser or other bounds.

    The models' own words stay as they are, and nobody is asked. A run that is being labeled is left to the
    next time.

    Args:
        workspace: The project.
        run: The run; None: there is none.
        claimed: Whether the caller holds it.

    Returns:
        How many verdicts changed.
    """
    store = workspace.store
    if run is None or store.read_only or is_judged(workspace, run.id):
        return 0
    judged = _judge(workspace)  # the project file may be read again meanwhile
    try:
        changed = store.answers.reparse(run.id, accept(workspace), claimed=claimed)
    except StoreBusy:
        return 0
    store.facts.put(_fact(run.id), judged)
    if changed:
        store.diary.add_event("judged", f"{run.spec.name}: {changed} answers are judged otherwise now")
    return changed


def is_judged(workspace: Workspace, run_id: int) -> bool:
    """Whether a run's answers are worth what is stored, by the present parser and bounds."""
    return workspace.store.facts.get(_fact(run_id)) == _judge(workspace)


def _judge(workspace: Workspace) -> str:
    """By what answers are judged at present."""
    bounds = workspace.settings.prompt
    return f"{JUDGING_VERSION} {bounds.keywords_min} {bounds.keywords_max}"


def _fact(run_id: int) -> str:
    """Name of the fact that tells by what the run's answers were judged."""
    return f"judged:{run_id}"
