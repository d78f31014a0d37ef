"""What a person has set once for all projects: ``config.toml`` in the configuration folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from stillroom.places import config_folder
from stillroom.tui.cells import safe
from stillroom.tui.viewing import WAYS

FILE_NAME: Final = "config.toml"
_TABLE = "workbench"
_KEYS = ("images", "theme", "mouse")


@dataclass(frozen=True, slots=True)
class Preferences:
    """The table ``[workbench]``."""

    images: str = WAYS[0]
    """One of :data:`stillroom.tui.viewing.WAYS`."""
    theme: str = ""
    """Empty: the one used last, else the usual one."""
    mouse: bool = True
    """Whether the mouse is asked for; without it the terminal's own selecting works as usual."""
    notices: tuple[str, ...] = ()
    """What is wrong with the file, one line each."""


def load_preferences(environ: Mapping[str, str]) -> Preferences:
    """Read the file; the usual ones where there is none, or where it cannot be read."""
    path = config_folder(environ) / FILE_NAME
    try:
        return read_preferences(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, UnicodeDecodeError) as error:
        return Preferences(notices=(f"{safe(str(path))} is left out: {safe(str(error))}",))


def read_preferences(text: str) -> Preferences:
    """Read the text of the file; what is wrong is left out and named."""
    try:
        said = tomllib.loads(text).get(_TABLE, {})
    except tomllib.TOMLDecodeError as error:
        return Preferences(notices=(f"{FILE_NAME} is left out: {safe(str(error))}",))
    if not isinstance(said, dict):
        return Preferences(notices=(f"{FILE_NAME}: {_TABLE} is a table: [{_TABLE}]",))
    notices = []
    for key in said:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            notices.append(f"{FILE_NAME}: unknown key {safe(key)}{hint}")
    images, theme = said.get("images", WAYS[0]), said.get("theme", "")
    if images not in WAYS:
        notices.append(f"{FILE_NAME}: images is one of {', '.join(WAYS)}")
        images = WAYS[0]
    if not isinstance(theme, str):
        notices.append(f"{FILE_NAME}: theme is the name of a theme")
        theme = ""
    mouse = said.get("mouse", True)
    if not isinstance(mouse, bool):
        notices.append(f"{FILE_NAME}: mouse is true or false")
        mouse = True
    return Preferences(images, theme, mouse, tuple(notices))
