"""``stillroom status``."""

from __future__ import annotations

import time

from stillroom.cli import output
from stillroom.cli.addressing import addressed
from stillroom.cli.console import kept_part, unsure_part
from stillroom.cli.drive import opened
from stillroom.cli.options import Common, verb
from stillroom.cli.table import terminal_width
from stillroom.shown import shown

_MARKS = {"done": "✓", "running": "●", "paused": "‖", "waiting": "◌", "failed": "✗"}


@verb(
    "status",
    examples="""
    stillroom status
    stillroom status --json
    """,
)
def command(common: Common) -> None:
    """Show where each step stands and what to do next. Reads only what is stored."""
    from stillroom.money import Budget, usd
    from stillroom.steps.remembered_standing import remember_standing
    from stillroom.steps.standing import status

    with opened(common) as workspace:
        result = status(workspace)
        remember_standing(workspace, result)
        if common.json:
            output.write_json(common, result)
            return
        budget = f" of {usd(result.budget_usd)}" if result.budget_usd is not None else ""
        # A sandbox has no account that could be asked.
        account = result.account or ("" if result.where == "SANDBOX" else "account not asked yet")
        place = (shown(result.project), shown(result.where), shown(result.region), account)
        output.write("   ".join(filter(None, (*place, f"{usd(result.spent_usd)}{budget}"))))
        if result.spent_kept_usd:
            output.write_words(kept_part(result.spent_kept_usd, result.spent_as_of, workspace.store_speed()))
        if result.spent_unknown_usd != 0:
            output.write(unsure_part(result.spent_unknown_usd))
        if words := Budget(result.budget_usd, result.spent_high_usd).words:
            output.write(words)
        rows = [[_MARKS[one.state], shown(one.step), shown(one.facts)] for one in result.steps]
        output.write_folded(rows)
        for held in result.hourly:
            age = time.strftime("%H:%M %Z", time.localtime(result.looked or 0))
            output.write(
                f"⚠ {shown(held.name)} bills {held.rate}, {usd(held.usd_per_month)} a month (seen {age})"
            )
        # The command is copied: where it does not fit beside the words, it has a line of its own.
        words, line = addressed(f"Next: {shown(result.next)}"), addressed(shown(result.command))
        width = terminal_width()
        if width is None or len(words) + 3 + len(line) <= width:
            output.write(f"{words}   {line}")
        else:
            output.write_words(words)
            output.write(f"      {line}")
