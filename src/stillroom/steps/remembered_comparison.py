"""The latest comparison, remembered for as long as nothing that it rests on has changed.

Scoring a hundred thousand pictures takes long; where a project stands should not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillroom import __version__
from stillroom.keywords import JUDGING_VERSION
from stillroom.steps.remembered_standing import keep
from stillroom.steps.targets import TEACHER, UNTUNED, student_spec, target
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, RunSpec
from stillroom.store.tallies import Groups

if TYPE_CHECKING:
    from stillroom.steps.comparing import CompareResult

_FACT = "comparison"


@dataclass(frozen=True, slots=True)
class Compared:
    """What is told of a comparison at a glance."""

    runs: tuple[tuple[str, float, float | None, float | None], ...]
    """Name, mean Jaccard and the ends of its 95 % interval; None: too few pictures for one."""
    tuned: bool
    """Whether a trained student has a score."""

    @property
    def facts(self) -> str:
        """In one line: untuned, which is what students are held against, then students by size."""
        said = []
        for name, mean, low, high in self.runs:
            interval = f" [{low:.2f}–{high:.2f}]" if low is not None and high is not None else ""
            said.append(f"{name} {mean:.2f}{interval}")
        return " · ".join(said) or "nothing to compare"


def compared_specs(workspace: Workspace) -> list[RunSpec]:
    """The runs that are compared unless others are named: untuned first, then every student there ever was.

    Of each student the run with the present prompt, parameters and preparation: only those are alike.
    """
    students = workspace.store.students.all(deleted=True)
    return [
        target(workspace, UNTUNED).spec,
        *(student_spec(workspace, row.name, row.arn, row.base_model) for row in students),
    ]


def grounds(workspace: Workspace, groups: Groups) -> str:
    """What a comparison rests on, as text: equal texts, equal scores."""
    store, settings = workspace.store, workspace.settings
    specs = [target(workspace, TEACHER).spec, IMPORTED, *compared_specs(workspace)]
    found = [(spec.name, store.runs.id_of(spec)) for spec in specs]
    runs = [(name, *store.tallies.pulse(run)) for name, run in found if run is not None]
    bounds = [JUDGING_VERSION, settings.prompt.keywords_min, settings.prompt.keywords_max]
    distance = settings.pictures.near_duplicate_distance
    return json.dumps([__version__, bounds, distance, runs, groups.rows])


def recall_comparison(workspace: Workspace, resting_on: str) -> Compared | None:
    """The comparison that was remembered, when it rests on this."""
    text = workspace.store.facts.get(_FACT)
    said = json.loads(text) if text is not None else {}
    if said.get("grounds") != resting_on:
        return None
    runs = tuple((name, mean, low, high) for name, mean, low, high in said["runs"])
    return Compared(runs, bool(said["tuned"]))


def remember_comparison(workspace: Workspace, resting_on: str, result: CompareResult) -> Compared:
    """Keep a comparison of all runs, where anything can be kept."""
    scores = [(row, row.jaccard) for row in result.runs if row.jaccard is not None]
    found = Compared(
        tuple((row.name, score.mean, score.low, score.high) for row, score in scores),
        any(row.training_size is not None for row, _ in scores),
    )
    said = {"grounds": resting_on, "runs": found.runs, "tuned": found.tuned}
    keep(workspace, _FACT, json.dumps(said))
    return found
