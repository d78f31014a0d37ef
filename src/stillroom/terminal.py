"""What a terminal can do, as far as its environment tells: it is not asked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Final

from stillroom.places import state_folder

_WITHOUT_CLIPBOARD: Final = frozenset({"linux", "dumb", "vt100", "vt220", ""})
_WITHOUT_COLOUR: Final = frozenset({"dumb", "unknown", "vt100", "vt220", ""})


def is_ascii(environ: Mapping[str, str]) -> bool:
    """Whether the locale promises no more than ASCII.

    Python itself sets ``LC_CTYPE=C.UTF-8`` when it is started in the C locale (PEP 538), so that value is
    believed only when LANG says the same; the terminal was not asked.
    """
    everything, letters, usual = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if everything:
        wanted = everything
    elif letters and letters not in {"C.UTF-8", "C.utf8"}:
        wanted = letters
    else:
        wanted = usual
    return "utf8" not in wanted.lower().replace("-", "")


def colours(environ: Mapping[str, str]) -> str:
    """How many colours a terminal promises, in words; as Rich reads the same variables."""
    if environ.get("NO_COLOR"):
        return "none: NO_COLOR is set"
    kind = environ.get("TERM", "").lower()
    if kind in _WITHOUT_COLOUR:
        return "none"
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return "16 million"
    return "256" if kind.rpartition("-")[2] in {"256color", "kitty"} else "16"


def takes_osc52(environ: Mapping[str, str]) -> bool:
    """Whether nothing is known against OSC 52 here; VTE (GNOME Terminal) and GNU screen do not take it."""
    kind = environ.get("TERM", "")
    screen = kind.startswith("screen") and not environ.get("TMUX")
    bare = kind in _WITHOUT_CLIPBOARD
    return not bare and not screen and "VTE_VERSION" not in environ and "STY" not in environ


def clipboard_route(environ: Mapping[str, str]) -> str:
    """Which way a copy would go, in words."""
    if environ.get("TMUX") and shutil.which("tmux", path=environ.get("PATH")):
        return "through tmux (tmux load-buffer -w)"
    if takes_osc52(environ):
        return "to the terminal (OSC 52)"
    return f"to a file in {state_folder(environ)}: this terminal takes no clipboard"
