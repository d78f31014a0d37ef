"""``stillroom doctor``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import opened
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown


@verb(
    "doctor",
    examples="""
    stillroom doctor                 inside a project: everything
    stillroom doctor --json          exit code 3 when something is wrong
    """,
)
@click.pass_context
def command(ctx: click.Context, common: Common) -> None:
    """Check credentials, region, models, bucket, role and quotas; say what to do.

    Outside a project only this machine is checked. Spends nothing and changes nothing.
    """
    from stillroom.steps.doctor import doctor
    from stillroom.steps.nearest import nearest_project

    start = common.project or Path.cwd()
    if common.project is not None or nearest_project(start) is not None:
        with opened(common) as workspace:
            result = doctor(workspace)
    else:
        result = doctor(None)
    if common.json:
        output.write_json(common, {"faults": result.faults, "checks": result.checks})
    else:
        rows = []
        for check in result.checks:
            mark = {True: "✓", False: "✗", None: "·"}[check.passed]
            rows.append([mark, check.area, shown(check.name), shown(check.what)])
            if check.todo and check.passed is not True:
                rows.append(["", "", "", f"→ {shown(check.todo)}"])
        output.write_folded(rows)
        output.write(f"{plural(result.faults, 'thing')} to mend" if result.faults else "All is well.")
    if result.faults:
        ctx.exit(3)
