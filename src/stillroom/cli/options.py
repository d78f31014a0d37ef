"""The options that every command takes, before or after the verb."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stillroom.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

F = TypeVar("F", bound=Callable[..., Any])


class WholeNumber(click.IntRange):
    """An integer within bounds, called so when it is none."""

    name = "whole number"


class Number(click.FloatRange):
    """A number within bounds, called so when it is none."""

    name = "number"


def labels_word(right: str, unnamed: str) -> Callable[[F], F]:
    """Add the word ``labels``, which is all that can stand there; who is refused is told what to run.

    Args:
        right: That, up to the file's name.
        unnamed: What stands for the name where none was given.

    A file that is an argument itself is declared eager and not required. It is read first then, and missed
    here: where it stands in the place of the word it is not the file that is missing.
    """

    def check(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
        file = next(one for one in ctx.command.params if one.name == "path")
        given, behind = ctx.params.get("path"), isinstance(file, click.Argument)
        if ctx.resilient_parsing or (value == "labels" and (given or not behind)):
            return
        if value == "labels":
            raise click.MissingParameter(ctx=ctx, param=file)
        import shlex

        said = "needs the word labels" if value is None else f"takes labels, not {value!r}"
        words = (str(one) for one in (given, value if behind else None) if one is not None)
        name = next((one for one in words if one != "labels"), "")
        raise UsageError(f"{ctx.info_name} {said}.", f"Run: {right} {shlex.quote(name) if name else unnamed}")

    return click.argument(
        "what",
        metavar="labels",
        required=False,
        expose_value=False,
        callback=check,
        shell_complete=lambda ctx, parameter, begun: [w for w in ("labels",) if w.startswith(begun)],
    )


class Common:
    """What the common options said; the later place on the command line wins.

    Not a dataclass: help is to be instant, and making one takes longer than all else in this file.
    """

    def __init__(self) -> None:
        self.project: Path | None = None
        self.json = False
        self.quiet = False
        self.yes = False
        self.sandbox: bool | None = None
        """Whether the numbers shown come from the sandbox; None until a project is open."""

    @property
    def can_ask(self) -> bool:
        """Whether a person is there to answer: both ends of the conversation are a terminal."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def on_terminal(self) -> bool:
        """Whether screens can be opened: keys come from a terminal and what is drawn goes to one."""
        return not self.json and sys.stdin.isatty() and sys.stdout.isatty()


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    common = ctx.ensure_object(Common)
    if isinstance(value, str):
        # Not click's path_type: help needs no pathlib, which is a tenth of what help imports.
        from pathlib import Path

        value = Path(value)
    if parameter.name is not None and value not in (None, False):
        setattr(common, parameter.name.removeprefix("common_"), value)


def common_options(function: F) -> F:
    """Add ``--project``, ``--json``, ``--quiet`` and ``--yes``; they end in the context's ``Common``."""
    options = [
        click.option(
            "--project",
            "common_project",
            type=click.Path(),
            metavar="DIR",
            expose_value=False,
            callback=_remember,
            help="The project's folder. Default: the nearest stillroom.toml upwards.",
        ),
        click.option(
            "--json",
            "common_json",
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Print a machine-readable result on stdout and nothing else there.",
        ),
        click.option(
            "--quiet",
            "-q",
            "common_quiet",
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="No progress and no notices.",
        ),
        click.option(
            "--yes",
            "-y",
            "common_yes",
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Agree to the plan without being asked.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def verb(name: str, *, examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a click command of a function: common options, examples under the help."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        epilog = "\b\nExamples:\n" + "\n".join(f"  {line.strip()}" for line in examples.strip().splitlines())
        command = click.command(
            name,
            epilog=epilog,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )
        return command(common_options(click.pass_obj(function)))

    return decorate
