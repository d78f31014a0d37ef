"""Where one was in each project: kept in the file that tells of it in the list of projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from stillroom.steps.known_projects import KnownProjects, said_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was on a screen."""

    filter: str = ""
    sort: str = ""
    picture: str = ""
    """Name of the picture under the cursor, or key of the thing."""
    layout: str = ""
    system: str = ""
    """System text of a prompt that was edited and not kept."""
    user: str = ""
    """Its user text; both are empty where there is none."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where one was in a project."""

    screen: str = ""
    """The screen that was shown; empty: the first."""
    pictures: bool = True
    """Whether pictures were drawn."""
    theme: str = ""
    """Empty: the usual one."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """By the screen's name."""


class Remembered(KnownProjects):
    """The list of projects, with where one was in each."""

    def visit(self, root: Path) -> Visit:
        """Where one was in a project; the beginning when nothing is known."""
        return _visit(self._read(self._file(root)).get("visit"))

    def keep(self, root: Path, visit: Visit, at: float) -> None:
        """Remember where one is in a project that was :meth:`opened`, and that it is open still.

        Args:
            root: Its folder.
            visit: Where one is.
            at: Unix time.
        """
        said = self._read(self._file(root))
        if said:
            self._write(self._file(root), {**said, "visit": asdict(visit), "opened": at})


def _visit(said: object) -> Visit:
    if not isinstance(said, dict):
        return Visit()
    usual = Visit()
    places = said.get("places")
    return Visit(
        screen=said_of(said, "screen", usual.screen),
        pictures=said_of(said, "pictures", usual.pictures),
        theme=said_of(said, "theme", usual.theme),
        places={
            name: Place(**{each.name: said_of(place, each.name, "") for each in fields(Place)})
            for name, place in (places.items() if isinstance(places, dict) else ())
            if isinstance(place, dict)
        },
    )
