"""Where a person's own files live: configuration and memory that belong to no project.

The XDG variables count on every system, also where its own habit is another folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path


def config_folder(environ: Mapping[str, str]) -> Path:
    """Themes and keys that a person made."""
    return _from_xdg(environ, "XDG_CONFIG_HOME") or _usual("config")


def state_folder(environ: Mapping[str, str]) -> Path:
    """What the program remembers between two sessions, and crash files."""
    return _from_xdg(environ, "XDG_STATE_HOME") or _usual("state")


def at_home(text: str) -> str:
    """A path, or words with paths in them, with ``~`` for the folder of one's home."""
    home = str(Path.home())
    return text if home == "/" else re.sub(rf"(?<![\w./~-]){re.escape(home)}(?=/)", "~", text)


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False also where nobody may look."""
    try:
        return path.is_dir()
    except OSError:  # Python 3.11 raises where a folder above may not be entered
        return False


def _from_xdg(environ: Mapping[str, str], name: str) -> Path | None:
    """The specification tells to ignore a path that is not absolute."""
    folder = environ.get(name, "")
    return Path(folder) / "stillroom" if folder and Path(folder).is_absolute() else None


def _usual(kind: str) -> Path:
    import platformdirs

    return (
        platformdirs.user_config_path("stillroom")
        if kind == "config"
        else platformdirs.user_state_path("stillroom")
    )
