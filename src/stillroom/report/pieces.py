"""The pieces that every section is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stillroom.report.escaping import text

NOTES = ("jaccard", "interval", "precision", "micro", "ratio", "counted", "cost")
"""Keys of the footnotes, in their order; ``note`` refers to them."""


def section(name: str, title: str, *parts: str) -> str:
    """One section of the page; its heading can be linked to."""
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">'
        f'<h2 id="{name}-title">{text(title)}</h2>{"".join(parts)}</section>\n'
    )


def figure(chart: str, caption: str, *, kind: str = "") -> str:
    """A chart with its caption (HTML)."""
    return f'<figure class="{kind}">{chart}<figcaption>{caption}</figcaption></figure>'


def note(name: str) -> str:
    """A raised number that leads to a footnote."""
    number = NOTES.index(name) + 1
    return f'<sup><a href="#note-{name}" aria-label="note {number}">{number}</a></sup>'


def empty(what: str, command: str = "") -> str:
    """What is shown where there is nothing to show."""
    how = f" <code>{text(command)}</code> makes it." if command else ""
    return f'<p class="empty">{text(what)}{how}</p>'


def table(
    caption: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    *,
    foot: Sequence[str] = (),
) -> str:
    """A table that a narrow screen can scroll.

    Args:
        caption: What it tells, plain text.
        columns: Heading (HTML) and class of each column; ``row`` makes its cells headings of their rows.
        rows: Cells as HTML, as many as columns.
        foot: Cells of a last row of totals.

    Returns:
        HTML.
    """
    head = "".join(f'<th scope="col" class="{kind}">{title}</th>' for title, kind in columns)
    body = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in rows)
    total = f"<tfoot><tr>{_cells(foot, columns)}</tr></tfoot>" if foot else ""
    return (
        f'<div class="scroll" role="region" aria-label="{text(caption)}" tabindex="0"><table>'
        f"<caption><span>{text(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{total}"
        "</table></div>"
    )


def _cells(row: Sequence[str], columns: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'<th scope="row">{cell}</th>' if kind == "row" else f'<td class="{kind}">{cell}</td>'
        for cell, (_, kind) in zip(row, columns, strict=True)
    )
