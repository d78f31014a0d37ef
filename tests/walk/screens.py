"""Screens kept as text: what is alike in two walks, and comparing with what was reviewed by eye.

    STILLROOM_KEEP_SCREENS=1 python -m pytest tests/walk/workbench.py     keeps what is seen now

A kept file is a screen as it was seen. Numbers, names that are made up, keywords and what was drawn differ
from walk to walk; words, their order, lines, symbols and keys do not.
"""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path

FOLDER = Path(__file__).with_name("screens")

_ALIKE = (
    (r"records/[0-9a-f]{2}/", "records/ID/"),
    (r"[0-9a-f]{8,}", "ID"),
    (r"-[0-9a-f]{6}\b", "-ID"),
    (r"/tmp/\S*", "/FOLDER"),
    (r"[⠀-⣿▀-▟]+( *[⠀-⣿▀-▟]+)*", ""),
    (r"[^·│\n]* ?· [^·\n]*· [^\n]*", "WORDS"),
    (r"\d+ [hm] \d\d [ms]\b", "0 s"),
    (r"< (?=0\.1 s\b)", ""),  # a moment that is too short to be told
    (r"just now|\d[\d.]* s ago|\bnow\b", "0 s ago"),
    (r"[+-]?\d[\d,.]*%?", "0"),
    (r"( 0 m?s)+\b", " 0 s"),
    (r"[─┴┬┼└┤│━╌ ]{2,}", "  "),
)


_BEGUN = re.compile(r"\d+ keywords")
_STATE = re.compile(r"^ [✓●◌‖✗]")


def _without_keywords(screen: str) -> str:
    """A screen without the lines of a model's keywords: how many there are differs from walk to walk.

    They follow the line that counts them: beside a list down to its end, elsewhere up to the next model.
    """
    kept = []
    inside = ""
    for line in screen.split("\n"):
        left, border, right = line.rpartition("│")
        if inside == (border or "none") and not _STATE.search(line):
            right = ""
        elif inside != "│" or not border:
            inside = (border or "none") if _BEGUN.search(right) else ""
        kept.append(left + border + right)
    return "\n".join(kept)


def alike(screen: str) -> str:
    """A screen with everything made equal that differs between walks: numbers, keywords, what is drawn."""
    screen = _without_keywords(screen)
    for pattern, replacement in _ALIKE:
        screen = re.sub(pattern, replacement, screen)
    lines = (line.strip(" │▏") for line in screen.split("\n"))
    return "\n".join(line for line in lines if line and line != "0")


def compare(name: str, size: tuple[int, int], screen: str, *, drawn: bool = False) -> None:
    """Compare a screen with the one that was kept, or keep it.

    Raises:
        AssertionError: They differ in more than a walk changes.
    """
    file = FOLDER / f"{size[0]}x{size[1]}" / f"{name}.txt"
    if os.environ.get("STILLROOM_KEEP_SCREENS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(screen + "\n", encoding="utf-8")
        return
    assert file.exists(), f"no screen {name} was kept at {size[0]}x{size[1]}: see {Path(__file__).name}"
    if drawn:
        return
    kept = file.read_text(encoding="utf-8").rstrip("\n")
    difference = "\n".join(unified_diff(alike(kept).split("\n"), alike(screen).split("\n"), "kept", "seen"))
    assert not difference, f"{name} at {size[0]}x{size[1]}\n{difference}"


def check_frame(screen: str, size: tuple[int, int]) -> None:
    """What is true of every screen: nothing is wider than the terminal, the footer is one line of keys."""
    from rich.cells import cell_len

    lines = screen.split("\n")
    assert all(cell_len(line) <= size[0] for line in lines), screen
    assert len(lines) <= size[1], screen
    assert "SANDBOX" in lines[0], screen
    assert "? help" in lines[-1], screen
    assert ": command" in lines[-1], screen
