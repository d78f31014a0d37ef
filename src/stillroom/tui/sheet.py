"""Text in styles of the theme, put together piece by piece."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

QUIET = "$text-muted"
"""What is there to be found, not to be seen first."""
STRONG = "bold"
ACCENT = "$primary bold"
GOOD = "$success"
BAD = "$error bold"
WARN = "$warning bold"


class Sheet:
    """Pieces of text with theme styles. Never markup: what is added is shown as it is."""

    def __init__(self, text: str = "", style: str = "") -> None:
        self._parts: list[tuple[str, str]] = []
        if text:
            self.append(text, style)

    def append(self, text: str, style: str = "") -> Sheet:
        """Add a piece."""
        self._parts.append((text, style))
        return self

    def extend(self, other: Sheet | Content) -> Sheet:
        """Add another sheet's pieces, or a drawn line."""
        if isinstance(other, Sheet):
            self._parts += other._parts
        else:
            at = 0
            for span in sorted(other.spans, key=lambda span: span.start):
                start = max(at, span.start)
                self._parts.append((other.plain[at:start], ""))
                self._parts.append((other.plain[start : span.end], str(span.style)))
                at = max(at, span.end)
            self._parts.append((other.plain[at:], ""))
        return self

    @property
    def pieces(self) -> tuple[tuple[str, str], ...]:
        """Every piece with its style."""
        return tuple(self._parts)

    @property
    def lines(self) -> list[Sheet]:
        """The lines that it has, without their ends; what a last one without text would be is left out."""
        lines = [Sheet()]
        for text, style in self._parts:
            first, *others = text.split("\n")
            lines[-1].append(first, style)
            lines += [Sheet().append(other, style) for other in others]
        return lines if lines[-1].plain else lines[:-1]

    @property
    def plain(self) -> str:
        return "".join(text for text, _ in self._parts)

    @property
    def cell_len(self) -> int:
        """Cells of the last line."""
        return cell_len(self.plain.rpartition("\n")[2])

    @property
    def content(self) -> Content:
        """What a Static or a render method is given."""
        return Content.assemble(*(part for part in self._parts if part[0]))
