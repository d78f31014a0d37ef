"""The command ``stillroom``: finds the verb, turns errors into two lines and an exit code."""

from __future__ import annotations

import errno
import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from stillroom import __version__
from stillroom.cli import STOPPED, json_wanted, leave_at_once, says_all
from stillroom.cli.addressing import address
from stillroom.cli.options import Common, common_options
from stillroom.cli.table import terminal_width
from stillroom.errors import Interrupted, StillroomError, StorageFull, UsageError, reason

VERBS: dict[str, tuple[tuple[str, str], ...]] = {
    "Start": (
        ("demo", "The whole run on the sandbox: no AWS account, no cost."),
        ("new", "Make a project for a folder of pictures."),
        ("setup", "Make the bucket and the service role, showing both policies first."),
        ("doctor", "Check credentials, models, bucket, role, quotas; say what to do."),
    ),
    "Pictures": (
        ("scan", "Find, inspect, hash and split the pictures."),
        ("sizes", "What each picture size costs in tokens, bytes, money and time."),
        ("exclude", "Leave pictures out of everything that follows."),
        ("include", "Take excluded pictures back in."),
    ),
    "Labels": (
        ("ask", "Try a prompt on a few pictures and models, side by side."),
        ("label", "Label pictures with the teacher, a student or any model."),
        ("retry", "Ask again where a run failed."),
        ("export", "Write labels, one JSON object a line."),
        ("import", "Read labels made elsewhere."),
    ),
    "Training": (
        ("build", "Turn the teacher's answers into training records."),
        ("validate", "Check training records against every known rule."),
        ("upload", "Copy pictures and records to the bucket."),
        ("train", "Start a customization job for each training size."),
        ("jobs", "Show jobs, deployments and whatever bills by the hour or month."),
        ("stop", "Stop a customization job."),
    ),
    "Students": (
        ("deploy", "Deploy a student: on demand, no hourly charge."),
        ("undeploy", "Remove a student's deployment."),
        ("delete", "Delete a student's custom model, which bills by the month."),
        ("compare", "Score every student against the teacher."),
    ),
    "The whole": (
        ("run", "All of the above in order; does only what is missing."),
        ("status", "Where each step stands."),
        ("cost", "What is still to be spent, and what has been."),
        ("report", "Write one self-contained HTML page."),
        ("sandbox", "Run the embedded AWS by itself."),
        ("completion", "Print the completion script for bash, zsh or fish."),
    ),
}


class Verbs(click.Group):
    """Imports a verb's file only when the verb is used, so that ``--help`` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for verbs in VERBS.values() for name, _ in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"stillroom.cli.verbs.{cmd_name}_")
        command: click.Command = module.command
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        extra.setdefault("terminal_width", _help_width())
        with _unread():  # help and version are written here
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        gc.enable()  # from here on a verb works
        with _unread():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, verbs in VERBS.items():
            with formatter.section(title):
                formatter.write_dl(list(verbs), col_max=12)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_WIDEST = 100
"""Characters in a line of help at most."""


def _help_width() -> int:
    """Characters in a line of help. Left to find it out, click imports a tenth of what help takes."""
    told = os.environ.get("COLUMNS", "")
    columns = int(told) if told.isdecimal() else 0
    return max(min(columns or terminal_width() or 80, _WIDEST) - 2, 50)


def _version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Say the version; ``--json`` may stand behind and has not been read yet."""
    if wanted and not ctx.resilient_parsing:
        click.echo(f'{{"version": "{__version__}"}}' if json_wanted() else f"stillroom {__version__}")
        ctx.exit()


EXAMPLES = """\b
Examples:
  stillroom demo --headless                 the whole run on the sandbox
  stillroom new shop --images ~/photos      a project for your pictures
  stillroom run --project shop              every step, asking once for all
"""


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@common_options
@click.option("--read-only", is_flag=True, help="For the workbench: show everything, do nothing.")
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
@click.pass_context
def stillroom(ctx: click.Context, /, read_only: bool, **_: Any) -> None:
    """Distil a vision model on Amazon Bedrock: label pictures with a large Nova model, train a
    small one on the answers, deploy it, and measure how close it comes.

    Without a command, on a terminal, it opens the workbench.
    """
    _stand_somewhere()
    if ctx.invoked_subcommand is not None:
        if read_only:
            raise UsageError(
                f"--read-only is for the workbench; {ctx.invoked_subcommand} would work all the same.",
                "Leave it out. Where a command takes --dry-run, that shows its plan and does nothing.",
            )
        return
    common = ctx.ensure_object(Common)
    if common.json:
        raise UsageError(
            "No command was named, and --json asks for the result of one.", "See: stillroom --help"
        )
    if not common.on_terminal:
        click.echo(ctx.get_help())
        return
    from pathlib import Path

    from stillroom.tui.opening import open_workbench

    start = common.project or Path.cwd()
    ctx.exit(open_workbench(start, exact=common.project is not None, read_only=read_only))


def _stand_somewhere() -> None:
    """Refuse to work in a folder that was deleted under the shell: no relative path means anything there.

    Raises:
        UsageError: The current folder is gone.
    """
    try:
        os.getcwd()  # noqa: PTH109 - help needs no pathlib
    except OSError as error:
        raise UsageError(
            "The current folder is not there any more.", "Change to another one with cd, and try again."
        ) from error


def run() -> None:
    """Run the command line; never returns."""
    from stillroom.cli.crash import catch_crashes

    catch_crashes()
    _spell_what_cannot_be_written()
    common = Common()
    address(common)
    try:
        code = _obey(common)
    except click.exceptions.NoArgsIsHelpError as error:
        # Click would put the whole help into the error.
        code = _refuse(common, StillroomError("No command is named.", _hint(error)), error.exit_code)
    except click.NoSuchOption as error:
        code = _refuse(common, _unknown_option(error), error.exit_code)
    except click.ClickException as error:
        # What click lays out on several lines is one line here.
        said = " ".join(error.format_message().split())
        code = _refuse(common, StillroomError(said, _hint(error)), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = _refuse(common, Interrupted(*STOPPED), 130)
    except StillroomError as error:
        code = _refuse(common, error, error.exit_code)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        code = _refuse(common, _no_room(error), StorageFull.exit_code)
    _finish_writing()
    if signal.getsignal(signal.SIGINT) is leave_at_once:
        # All is said and done: what a Ctrl-C would add, a second JSON object say, would not be true.
        signal.signal(signal.SIGINT, lambda *_: os._exit(code))
    sys.exit(code)


def _spell_what_cannot_be_written() -> None:
    """Where the output is no UTF-8, what its encoding lacks is spelt out instead of ending the program."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not says_all():
        sys.stdout.reconfigure(errors="backslashreplace")


def _obey(common: Common) -> int:
    """Do what the command line says and give the exit code; meanwhile Ctrl-C is a ``KeyboardInterrupt``."""
    outside = signal.getsignal(signal.SIGINT)
    try:
        if outside is leave_at_once:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        ended = stillroom.main(standalone_mode=False, obj=common)
        # Outside its standalone mode click returns the code that a verb has left with.
        return ended if isinstance(ended, int) else 0
    finally:
        if outside is leave_at_once:
            signal.signal(signal.SIGINT, outside)


def _no_room(error: OSError) -> StorageFull:
    """What to say where nobody has said which file it was: mostly the one that the output goes to."""
    where = error.filename or "what the output goes to"
    return StorageFull(f"{where} cannot be written: {reason(error)}.", "Free some room, then run it again.")


def _unknown_option(error: click.NoSuchOption) -> StillroomError:
    """What to say of a mistyped option; click's own hint is a list of whatever is a little like it."""
    likely = [one for one in error.possibilities or () if one.startswith(error.option_name)]
    near = likely or sorted(error.possibilities or ())
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return StillroomError(f"No such option: {error.option_name}", hint + _hint(error))


def _hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"See: {context.command_path} --help" if context is not None else ""


def _refuse(common: Common, error: StillroomError, code: int) -> int:
    from stillroom.cli.output import write_error

    common.json = common.json or json_wanted()  # an option behind the wrong word has not been read
    with suppress(OSError):
        write_error(common, error, code)
    return code


@contextmanager
def _unread() -> Iterator[None]:
    """End a command well whose reader has gone (``| head``); left to click, it would end as an error."""
    try:
        yield
    except OSError as error:
        if not isinstance(error, BrokenPipeError) and not _terminal_gone(error):
            raise
        _finish_writing()
        raise click.exceptions.Exit(0) from error


def _terminal_gone(error: OSError) -> bool:
    """Whether an error may be that stdout is a terminal that has gone away."""
    if error.errno != errno.EIO:
        return False
    import termios

    try:
        termios.tcgetattr(sys.stdout.fileno())
    except termios.error as silent:
        return bool(silent.args[0] == errno.EIO)  # a file says that it is no terminal
    return False


def _finish_writing() -> None:
    """Write what is left; what nobody can read is dropped, because Python complains of it at its exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
