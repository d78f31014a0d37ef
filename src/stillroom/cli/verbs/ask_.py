"""``stillroom ask``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.errors import UsageError, reason
from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.ask import AskResult, Said


@verb(
    "ask",
    examples="""
    stillroom ask beach.jpg --model teacher --model untuned
    stillroom ask beach.jpg dunes.jpg --model us.amazon.nova-2-lite-v1:0 --prompt try.txt
    """,
)
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE…", shell_complete=completing.selection)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="M",
    shell_complete=completing.models,
    help="teacher, untuned, a student, or a model id.",
)
@click.option(
    "--prompt", type=click.Path(path_type=Path, dir_okay=False), help="File with the user text to try."
)
@click.option("--dry-run", is_flag=True, help="Show the price and ask nobody.")
@click.pass_context
def command(
    ctx: click.Context,
    common: Common,
    pictures: tuple[str, ...],
    models: tuple[str, ...],
    prompt: Path | None,
    dry_run: bool,
) -> None:
    """Try a prompt on a few pictures and models, side by side, priced first.

    PICTURE is a name below the pictures' folder, @FILE (a list of names), or a filter. Exit code 6
    when an answer is of no use.
    """
    from stillroom.steps.ask import AskModels

    with opened(common) as workspace:
        text = None
        if prompt is not None:
            system = workspace.settings.prompt.prompt.system
            text = type(workspace.settings.prompt.prompt)(system, _read(prompt))
        step = AskModels(pictures, models or ("teacher",), text, str(prompt or ""))
        result = drive(common, workspace, step, dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            _show(result)
        if result.failed:
            ctx.exit(6)


def _show(result: AskResult) -> None:
    """Write the answers side by side for a person."""
    from stillroom.money import usd

    for said in result.answers:
        output.write_words(
            f"{shown(said.picture)}  {shown(said.model)}  {_count(said)}, "
            f"{said.input_tokens:,} + {said.output_tokens:,} tokens, {said.latency_ms:,} ms, "
            f"{usd(said.usd)}{' when it was asked; stored, nothing was paid now' if said.stored else ''}"
        )
        if said.failure:
            output.write_folded([[f"{said.failure}: {shown(said.remark)}"]], indent="  ")
        output.write_folded([[shown(", ".join(said.keywords) or said.text)]], indent="  ")
    for remark in result.remarks:
        output.write_folded([[f"note: {shown(remark)}"]], indent="  ")
    for pair in result.pairs:
        output.write(f"Jaccard {shown(pair.one)} / {shown(pair.other)}: {pair.jaccard:.3f}")


def _count(said: Said) -> str:
    """How many keywords an answer has, and whether these are too few or too many."""
    return shown(said.remark) if said.remark and not said.failure else plural(len(said.keywords), "keyword")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {reason(error)}.", "The prompt is a UTF-8 text file."
        ) from error
