"""Trying a prompt on one picture: what there is to try it on, and keeping the prompt that wins."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from stillroom.errors import FilterError, StillroomError
from stillroom.labeling.values import Prompt
from stillroom.money import usd
from stillroom.money.amounts import total
from stillroom.project.writing import edit_keys
from stillroom.steps.ask import AskModels, Pair, Said
from stillroom.steps.costs import estimate_lines
from stillroom.steps.deployed import living
from stillroom.steps.plan import Document, Line, Plan, Watch
from stillroom.steps.targets import TEACHER, UNTUNED, prompt_version
from stillroom.steps.training_prices import keeping_notes
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

_BEHIND_ALL = "\U0010ffff"
"""No path of a picture comes after it."""


@dataclass(frozen=True, slots=True)
class TryView:
    """One picture, one prompt, several models."""

    pictures: int
    place: int
    """Of the picture among all, from 0."""
    row: ContentRow | None
    """None: there are no pictures yet."""
    models: tuple[str, ...]
    """Names that can be asked, whether or not they are chosen."""
    chosen: tuple[str, ...]
    answers: tuple[Said, ...]
    """One for each chosen model; its text is empty where nothing has been asked."""
    pairs: tuple[Pair, ...]
    prompt: Prompt
    edited: bool
    """Whether it differs from the project's."""
    version: str
    trouble: str


def models_to_try(workspace: Workspace) -> tuple[str, ...]:
    """The teacher, the untuned student, and every student that is deployed."""
    deployed = [row.name for row in workspace.store.students.all() if living(workspace, row.name) is not None]
    return (TEACHER, UNTUNED, *deployed)


def try_view(
    workspace: Workspace,
    place: int,
    left_out: Collection[str] = (),
    prompt: Prompt | None = None,
    known: Iterable[tuple[int, str]] = (),
) -> TryView:
    """Gather what is stored about one picture; asks nobody.

    Args:
        workspace: The project.
        place: Which picture, counted from 0 in order of path; beyond the end it begins again.
        left_out: Models that are not shown.
        prompt: None: the project's.
        known: Places and paths of pictures: one near them is found at once, however many there are, and so
            are the first and the last ones.
    """
    models = models_to_try(workspace)
    wanted = tuple(name for name in models if name not in left_out)
    own = workspace.settings.prompt.prompt
    prompt = prompt or own
    pictures = workspace.store.pictures
    count = pictures.turns()
    place = place % count if count else 0
    near = min(((0, ""), (count, _BEHIND_ALL), *known), key=lambda one: abs(place - one[0]))
    row = pictures.in_turn(place, near)
    answers: tuple[Said, ...] = ()
    pairs: tuple[Pair, ...] = ()
    trouble = ""
    if row is not None:
        step = AskModels((row.path,), wanted, prompt)
        try:
            result = step.stored(workspace, step.plan(workspace))
        except FilterError as error:
            trouble = error.what
        except StillroomError as error:
            trouble = str(error)
        else:
            answers, pairs = result.answers, result.pairs
    return TryView(
        count, place, row, models, wanted, answers, pairs,
        prompt, prompt != own, prompt_version(prompt), trouble,
    )  # fmt: skip


def place_of(workspace: Workspace, path: str, otherwise: int = 0) -> int:
    """Which picture a path is, as :func:`try_view` counts; ``otherwise``: it is none, or another's copy."""
    place = workspace.store.pictures.turn_of(path)
    return otherwise if place is None else place


@dataclass(frozen=True, kw_only=True)
class KeepPlan(Plan):
    """Which prompt becomes the project's."""

    prompt: Prompt = field(metadata={"private": True})


@dataclass(frozen=True)
class KeepPrompt:
    """Writes a prompt into the project file; from then on labeling is another run."""

    prompt: Prompt
    edited_from: Prompt | None = None
    """The project's prompt when this one was begun; None: not known."""

    def plan(self, workspace: Workspace) -> KeepPlan:
        """Reckon what is to be paid for with this prompt: no label that was made with another counts."""
        before = workspace.settings.prompt.prompt
        changed = self.prompt != before
        lines = estimate_lines(self._kept(workspace)) if changed else []
        return KeepPlan(
            verb="keep prompt",
            title="Make this the project's prompt" if changed else "This is the project's prompt already.",
            count=int(changed),
            lines=(
                Line("file", str(workspace.project.file)),
                *(Line(line.what, f"then {usd(line.amount)}: {line.how}") for line in lines),
            ),
            price=total(line.amount for line in lines),
            price_word="to pay then",
            notes=(
                "Labels made with the prompt of before stay stored, and count for that prompt only.",
                *keeping_notes(workspace, lines),
                "The command opens the file: the prompt stands in its table [prompt].",
            ),
            loses=self._loses(before) if changed else (),
            documents=(Document("system", self.prompt.system), Document("user", self.prompt.user)),
            # No verb writes a prompt: whoever has no workbench writes these two texts into the file.
            command=f"$EDITOR {shlex.quote(str(workspace.project.file))}",
            needs_consent=changed,
            prompt=self.prompt,
        )

    def _kept(self, workspace: Workspace) -> Workspace:
        """The project as it will be."""
        settings = workspace.settings
        settings = replace(settings, prompt=replace(settings.prompt, prompt=self.prompt))
        return Workspace(replace(workspace.project, settings=settings), workspace.store, now=workspace.now)

    def _loses(self, before: Prompt) -> tuple[str, ...]:
        new_run = (
            "The next labeling is another run: it asks about all pictures without an answer to this prompt."
        )
        if self.edited_from in (None, before):
            return (new_run,)
        return (new_run, "The file's prompt was changed since this one was begun: this one takes its place.")

    def execute(self, workspace: Workspace, plan: KeepPlan, watch: Watch) -> None:
        """Write it.

        Raises:
            ProjectError: It cannot stand in a project file.
            StorageFull: The file cannot be written.
        """
        prompt = {"system": plan.prompt.system, "user": plan.prompt.user}
        edit_keys(workspace.project.file, "prompt", prompt)
        workspace.reload()
