"""``stillroom setup``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.console import say
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "setup",
    examples="""
    stillroom setup                  shows both policies, then asks
    stillroom setup --print          for somebody else to run
    stillroom setup --dry-run
    """,
)
@click.option(
    "--print", "only_print", is_flag=True, help="Print policies and commands for someone else to run."
)
@click.option("--account", default="", metavar="ID", help="With --print: the 12-digit account.")
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
def command(common: Common, only_print: bool, account: str, dry_run: bool) -> None:
    """Make the bucket and the service role, showing both policies first.

    The bucket is private and encrypted; the role lets Bedrock read the project's records and
    pictures and write its metrics. Both names are written into stillroom.toml.
    """
    from stillroom.steps.setup import PLACEHOLDER, Setup, printed

    if account and (len(account) != 12 or not (account.isascii() and account.isdecimal())):
        raise click.UsageError("--account takes the 12 digits of an account.")
    with opened(common) as workspace:
        if only_print:
            account = account or workspace.known_account() or ""
            documents = printed(workspace, account)
            if not account:
                say(common, f"The account is not known: replace {PLACEHOLDER}, or add --account ID.")
            if common.json:
                output.write_json(common, {"documents": documents})
                return
            for document in documents:
                output.write(f"# {shown(document.title)}")
                for line in document.text.splitlines():
                    output.write(shown(line))
                output.write()
            return
        result = drive(common, workspace, Setup(), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
            return
        output.write(f"bucket  {shown(result.bucket)}  {'made' if result.bucket_made else 'was there'}")
        changed = (
            "made" if result.role_made else ", ".join(result.changed) + " updated" if result.changed else ""
        )
        output.write(f"role    {shown(result.role_arn)}  {changed or 'was there'}")
        for remark in result.remarks:
            output.write(f"  note: {shown(remark)}")
