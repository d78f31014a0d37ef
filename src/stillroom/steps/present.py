"""The runs that count now: those with the project's present prompt, parameters and preparation.

What was said under other settings stays in the store, and counts again when they come back.
"""

from __future__ import annotations

from stillroom.steps.remembered_comparison import compared_specs
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, RunSpec
from stillroom.store.selecting import Scope
from stillroom.store.views import Views


def present_specs(workspace: Workspace) -> list[RunSpec]:
    """The teacher, imported labels, those who are compared with it, and models asked by their own names."""
    models = [target(workspace, name).spec for name in workspace.store.runs.models()]
    return [target(workspace, TEACHER).spec, IMPORTED, *compared_specs(workspace), *models]


def present_views(workspace: Workspace) -> Views:
    """Lists of pictures with what the present runs say: of the students the one that was scored last."""
    runs = workspace.store.runs
    scope = Scope(
        teacher=runs.id_of(target(workspace, TEACHER).spec),
        student=runs.foremost(compared_specs(workspace)),
        imported=runs.id_of(IMPORTED),
    )
    return workspace.store.views.of(scope)
