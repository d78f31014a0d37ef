"""Which pictures a person means: names, ``@FILE`` lists, filters; and leaving pictures out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stillroom.errors import UsageError
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace


def select(workspace: Workspace, words: Sequence[str]) -> list[str]:
    """Contents that ``words`` mean.

    Raises:
        FilterError: A filter is wrong at a known character.
        UsageError: A list cannot be read, or names a picture that is not there.
    """
    return workspace.store.views.resolve(words)


@dataclass(frozen=True, kw_only=True)
class SelectPlan(Plan):
    """Which contents change."""

    contents: tuple[str, ...] = field(metadata={"private": True})


@dataclass(frozen=True, slots=True)
class SelectResult:
    """What changed."""

    selected: int
    changed: int
    excluded: int
    """Unique pictures that are left out now."""


@dataclass(frozen=True)
class Exclude:
    """Leaves pictures out of everything that follows, or takes them back in. Answers are kept."""

    words: tuple[str, ...]
    excluded: bool = True

    def plan(self, workspace: Workspace) -> SelectPlan:
        """Find the pictures.

        Raises:
            UsageError: The words select nothing.
        """
        contents = select(workspace, self.words)
        if not contents:
            raise UsageError(
                "No picture is selected.", "Look with: stillroom status, or write another filter."
            )
        verb = "exclude" if self.excluded else "include"
        doing = "Leave out" if self.excluded else "Take back in"
        return SelectPlan(
            verb=verb,
            title=f"{doing} {len(contents):,} pictures",
            count=len(contents),
            lines=(Line("selected", " ".join(self.words)),),
            command=plan_command(verb, *self.words),
            contents=tuple(contents),
        )

    def execute(self, workspace: Workspace, plan: SelectPlan, watch: Watch) -> SelectResult:
        """Change the marks; records and comparisons follow when they are made anew."""
        pictures = workspace.store.pictures
        changed = pictures.set_excluded(plan.contents, self.excluded)
        workspace.store.diary.add_event(plan.verb, f"{changed} pictures")
        return SelectResult(len(plan.contents), changed, pictures.summary().excluded)
