"""Text from outside becomes text on a page: never markup, never a control code."""

from __future__ import annotations

from html import escape

from stillroom.shown import shown


def clean(value: str, *, lines: bool = False) -> str:
    """Spell out every character that would act instead of being read.

    Args:
        value: Any text.
        lines: Keep line breaks and tabs.
    """
    if not lines:
        return shown(value)
    return "\n".join("\t".join(map(shown, line.split("\t"))) for line in value.splitlines())


def text(value: str, *, lines: bool = False) -> str:
    """Make a text safe between tags and inside quoted attributes; see ``clean``."""
    return escape(clean(value, lines=lines))


def outside(value: str) -> str:
    """A text from outside as an element of its own, whose writing direction stays inside."""
    return f"<bdi>{text(value)}</bdi>"
