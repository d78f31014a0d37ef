"""What Compare says while there is nothing to compare. Pure."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.steps.obstacle import Blocked
from stillroom.tui.cells import wrap
from stillroom.tui.keymap import key_of
from stillroom.tui.sheet import ACCENT, QUIET, Sheet

OF_A_PICTURE = {"turn", "edge", "sort", "run", "other", "find", "raw", "page", "scroll_words", "whole"}
"""Actions of the screen that do nothing while there is nothing to compare."""


def empty_lines(missing: UsageError | None, width: int) -> Sheet:
    """What there has to be before anything can be compared, and the keys that lead there.

    Args:
        missing: Why nothing can be compared.
        width: Cells of a line.
    """
    sheet = Sheet("\n  Nothing to compare yet.\n\n")
    rows = [
        (
            "compare.label",
            "let the teacher label the test pictures",
            "stillroom label teacher --split test",
        ),
        ("compare.ask", "let the untuned student label them", "stillroom label untuned"),
        ("app.overview", "everything else that comes before", "stillroom run"),
    ]
    if missing is not None:
        said = wrap(missing.what, width - 4)
        helps = missing.command if isinstance(missing, Blocked) else ""
        if helps not in {command for _, _, command in rows}:
            # No label and no answer brings anything to compare.
            said += wrap(missing.todo, width - 4)
            rows = [("app.overview", "what comes next", "stillroom status")]
        sheet.append("".join(f"  {line}\n" for line in said) + "\n")
    for action, what, command in rows:
        sheet.append(f"  {key_of(action)}  ", ACCENT).append(f"{what:<42}").append(f"{command}\n", QUIET)
    return sheet
