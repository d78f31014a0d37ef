"""What goes with a student whose model is deleted. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.plural import plural
from stillroom.steps.tallying import tally
from stillroom.steps.workspace import Workspace


def lost_with(workspace: Workspace, name: str) -> Iterator[str]:
    """A student's deployment, and answers that nobody can ask it for any more; one line each."""
    if workspace.store.students.deployments(name):
        yield "Its deployment is removed with it."
    counted = tally(workspace, name)
    earlier = workspace.store.tallies.answered_otherwise([counted.target.spec]).get(name)
    if counted.left and counted.left == counted.pictures - counted.unfit:
        asked = "It was never asked about the test pictures"
        asked += " with the present settings" if earlier else ""
        yield f"{asked} and cannot be any more: compare will be without it."
    elif counted.left:
        some = plural(counted.left, "test picture")
        asked = f"It was not asked about {some}"
        asked += " with the present settings" if earlier else ""
        yield f"{asked} and cannot be any more: its score will be without them."
    if counted.left and earlier:
        kept = plural(earlier, "answer is", "answers are")
        yield f"Under an earlier prompt, parameters or preparation {kept} kept."
