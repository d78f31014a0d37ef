"""``stillroom label``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from stillroom.cli import completing, output
from stillroom.cli.addressing import addressed
from stillroom.cli.console import say_lines
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.cli.table import folded, terminal_width
from stillroom.plural import plural
from stillroom.shown import shown
from stillroom.spans import span

if TYPE_CHECKING:
    from stillroom.steps.labeled import LabelResult

_MOST_NAMED = 5
"""Pictures of one class and reason that are named."""
_MOST_REASONS = 5
"""Reasons of one class that are told; no fewer than names, so that of few pictures all is said."""


@verb(
    "label",
    examples="""
    stillroom label teacher --dry-run
    stillroom label teacher --limit 5
    stillroom label lite-300
    stillroom label us.amazon.nova-2-lite-v1:0 --split test
    stillroom label teacher --only 'name~beach' --yes
    """,
)
@click.argument("who", metavar="WHO", shell_complete=completing.models)
@click.option(
    "--split",
    type=click.Choice(["train", "validation", "test", "all"]),
    help="Default: all for the teacher, test for others.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="FILE|FILTER",
    shell_complete=completing.selection,
    help="A picture, @LIST, or a filter.",
)
@click.option("--limit", type=WholeNumber(min=1), help="At most so many pictures now.")
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; ask nobody.")
@click.pass_context
def command(
    ctx: click.Context,
    common: Common,
    who: str,
    split: str | None,
    only: tuple[str, ...],
    limit: int | None,
    dry_run: bool,
) -> None:
    """Label pictures with WHO: teacher, untuned, a student, or any model id or ARN.

    Asks only about pictures without an answer. Each answer is stored before it counts, so the
    command can be stopped at any moment and run again.
    """
    from stillroom.pictures import Side
    from stillroom.steps.labeling import Label

    labeled = (Side.TRAIN, Side.VALIDATION, Side.TEST)
    sides = None if split is None else tuple(labeled) if split == "all" else (Side(split),)
    with opened(common) as workspace:
        result = drive(common, workspace, Label(who, sides, only, limit), dry_run=dry_run)
        if result is not None:
            finish(ctx, common, result)


def finish(ctx: click.Context, common: Common, result: LabelResult) -> None:
    """Write a labeling run's result; exit code 6 when pictures failed, now or before."""
    from stillroom.money import usd

    say_lines(common, failure_lines(result))
    if common.json:
        output.write_json(common, result)
    else:
        output.write(
            f"{shown(result.run)}: {result.done:,} answered now, "
            f"{result.answered:,} of {result.pictures:,} in all · "
            f"{usd(result.usd)} · {time_words(result.seconds, result.elapsed)}"
            if result.pictures
            else f"{shown(result.run)}: no picture is selected, so nobody was asked"
        )
        if result.done:
            measured, estimated = result.input_tokens, result.estimated_input_tokens
            ratio = f", {measured / estimated:.2f} of the formula's estimate" if estimated else ""
            output.write(f"tokens: {measured:,} in{ratio}, {result.output_tokens:,} out")
        for remark in result.remarks:
            output.write(f"  note: {shown(remark)}")
        for kind, count in result.failing.items():
            if kind != "gone":
                said = f"{count:,} {kind}{_of_before(count, count - result.failed.get(kind, 0))}"
                output.write(f"  {said}: stillroom retry {shown(result.run)} --class {kind}")
        if result.gone:
            output.write(f"  {shown(result.gone)}")
        if unread := result.flagged - result.unfit:
            were = "was" if unread == 1 else "were"
            output.write(f"  {unread:,} could not be prepared and {were} not sent: stillroom scan")
        if result.unfit:
            it, they = ("it", "it is") if result.unfit == 1 else ("them", "they are")
            output.write(
                f"  {plural(result.unfit, 'picture')} can be sent to no model as {they} prepared: "
                f"leave {it} out, or change [prepare]"
            )
        if result.unknown:
            output.write(
                f"  {plural(result.unknown, 'call')} of unknown outcome, at most {usd(result.usd_unknown)}"
            )
    if sum(result.failed.values()) + result.failed_before:
        ctx.exit(6)


def time_words(seconds: float, elapsed: float) -> str:
    """How long labeling took; in all, too, where a good part of that was waiting to ask again.

    Args:
        seconds: Those of labeling.
        elapsed: Those from the first call to the last.
    """
    waited = elapsed - seconds
    if waited < 1 or waited < elapsed / 5:
        return span(seconds)
    return f"{span(seconds)} of answering, {span(elapsed)} in all"


def _of_before(count: int, before: int) -> str:
    """How many of so many failures are none of this command's, which left them alone; empty: none."""
    if not before:
        return ""
    return " before" if before == count else f", {before:,} of them before"


def failure_lines(result: LabelResult) -> list[str]:
    """What failed or was not sent, and why, class by class; lines are addressed and safe to show."""
    from stillroom.steps.quoting import plan_command

    width = terminal_width(sys.stderr)
    lines = _first_ones(result.failing, [(one.kind, one.message, one.image) for one in result.failures])
    if any(count > _MOST_NAMED and kind != "gone" for kind, count in result.failing.items()):
        every = f"{plan_command('retry', result.run)} --dry-run --json"
        lines.append(f"every name and reason, without asking: {shown(every)}")
    lines += _first_ones(result.flags, [(one.flag, one.reason, one.path) for one in result.flagged_files])
    return [part for line in lines for part in folded(addressed(line), width)]


def _first_ones(counts: Mapping[str, int], listed: Sequence[tuple[str, str, str]]) -> list[str]:
    """Two lines for each class of pictures and reason: these, and the first names.

    Args:
        counts: Pictures of each class.
        listed: Class, reason and path of the first ones of each.
    """
    lines = []
    for kind, count in counts.items():
        by_reason = dict[str, list[str]]()
        for its, why, path in listed:
            if its == kind:
                by_reason.setdefault(why or "no reason was given", []).append(path)
        reasons = sorted(by_reason, key=lambda why: -len(by_reason[why]))  # where many are alike, those first
        for why in reasons[:_MOST_REASONS]:
            paths = by_reason[why]
            # Where there is one reason alone, those beyond the first ones are counted under it, too.
            lines += _named(f"{kind}: {shown(why)}", paths, count if len(reasons) == 1 else len(paths))
            count -= len(paths)
        others = [path for why in reasons[_MOST_REASONS:] for path in by_reason[why]]
        if others:
            lines += _named(f"{kind}: other reasons", others, count)
        elif count > 0 and len(reasons) > 1:
            lines.append(f"{kind}: {count:,} more")
    return lines


def _named(heading: str, paths: Sequence[str], count: int) -> list[str]:
    """A heading and, below it, the first names of so many."""
    first = paths[:_MOST_NAMED]
    more = f" and {count - len(first):,} more" if count > len(first) else ""
    return [heading, f"  {', '.join(map(shown, first))}{more}"]
