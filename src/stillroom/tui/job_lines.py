"""What the Jobs screen says, as lines: the list of what runs or bills, and the details of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from textual.content import Content

from stillroom.money import usd
from stillroom.money.amounts import MARK, marked
from stillroom.serving import DeploymentStatus
from stillroom.spans import left_words
from stillroom.steps.following import ACCOUNT, Followed
from stillroom.steps.following import DEPLOYMENT as FOLLOWED_DEPLOYMENT
from stillroom.steps.following import JOB as FOLLOWED_JOB
from stillroom.steps.job_details import DEPLOYMENT, JOB, MODEL, THROUGHPUT, JobDetails, Thing
from stillroom.steps.job_views import JobView
from stillroom.tui.cells import ago, cell_len, fit, safe, span, symbols, wrap
from stillroom.tui.curves import Series, curves
from stillroom.tui.keymap import key_of
from stillroom.tui.plots import TimedStage, timeline
from stillroom.tui.sheet import ACCENT, BAD, GOOD, QUIET, STRONG, WARN, Sheet

_WORDS: Mapping[str, str] = {
    JOB: "job", DEPLOYMENT: "deployment", MODEL: "model", THROUGHPUT: "throughput",
    "customization job": "job", "custom model": "model",
}  # fmt: skip
_STATE_STYLES = {"done": GOOD, "running": ACCENT, "failed": BAD, "stopped": WARN}
_STAGE_STATES = {"Completed": "done", "InProgress": "running", "Stopping": "running", "Failed": "failed",
                 "Stopped": "stopped", "NotStarted": "waiting"}  # fmt: skip
_ENDED = ("Completed", "Failed", "Stopped")
_KIND, _STATUS, _MONEY, _AGE = 10, 18, 15, 10
_LABEL = 11
_APART = "   "
"""Between facts of one line."""
_SHORTEST_NAME = 9
_LEAST_STATUS = 15
"""Cells that any stage takes: a job that goes on moves no column."""
_LEAST_CURVE, _MOST_CURVE = 7, 18
"""Lines of a loss curve with its legend and its axis."""


def follow_key(thing: Thing) -> tuple[str, str] | None:
    """Under which kind and name the follower looks at it."""
    if thing.kind == THROUGHPUT or not thing.ours:
        return ACCOUNT, ""
    kinds = {JOB: FOLLOWED_JOB, DEPLOYMENT: FOLLOWED_DEPLOYMENT}
    kind = kinds.get(thing.kind)
    return None if kind is None else (kind, thing.own_name)


def seen_of(thing: Thing, followed: Followed | None) -> float | None:
    """Unix time of the latest look: the stored one, or the follower's where it is newer."""
    times = [at for at in (thing.seen, followed.seen if followed else None) if at is not None]
    return max(times, default=None)


def money_words(thing: Thing) -> str:
    """What it costs, in a few words."""
    if thing.per == "by tokens":
        return "by tokens"
    if not thing.per:
        return ""
    said = marked(thing.usd, unverified=thing.unverified)
    words = {
        "about": f"about {said}",
        "at most": f"≤ {said}",
        "so far": f"{said} so far",
        "an hour": f"{said}/h",
    }
    return words.get(thing.per, f"{said}/month")


def _plain_money(thing: Thing) -> str:
    """The same where there is room to say in words that a price is unverified."""
    return money_words(replace(thing, unverified=False))


def status_words(thing: Thing) -> str:
    """The stage of a job that is under way, else how it stands; foreign things are named as such."""
    said = _own_words(thing)
    if thing.job is not None and thing.job.stage and thing.state == "running":
        said = thing.job.stage if thing.status == "InProgress" else f"{said}: {thing.job.stage}"
    return said if thing.ours else f"not ours: {said}"


def _own_words(thing: Thing) -> str:
    """The service's own word, and whether the student of a job was deleted since."""
    deleted = thing.job is not None and thing.job.deleted
    return safe(thing.status) + (", deleted" if deleted else "")


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide a row and its columns are, in cells."""

    width: int
    """Of the whole row."""
    name: int
    status: int
    age: int
    """0: there is no room for it."""


def columns_of(things: Iterable[Thing], width: int) -> Columns:
    """The columns of a list that is so wide; without room the age goes first.

    Where a name would be cut it gets the blanks that no status needs.
    """
    listed = list(things)
    rest = width - (6 + _KIND + 2 + 2 + _STATUS + 1 + _MONEY)
    if rest - 2 - _AGE >= _SHORTEST_NAME:
        return Columns(width, rest - 2 - _AGE, _STATUS, _AGE)
    longest = max((cell_len(safe(thing.name)) for thing in listed), default=0)
    needed = max((cell_len(status_words(thing)) for thing in listed), default=0)
    under_way = any(thing.kind == JOB and thing.state == "running" for thing in listed)
    blanks = max(0, _STATUS - max(needed, _LEAST_STATUS if under_way else len("status")))
    given = max(0, min(blanks, longest - rest))
    return Columns(width, max(1, rest + given), _STATUS - given, 0)


def head_line(columns: Columns, *, unverified: bool = False) -> Content:
    """The names of the columns; with what their mark means where a price is ``unverified``."""
    status = "status "
    room = columns.status + 1 + _MONEY - len(status)
    money = f"money ({MARK} unverified)" if unverified else "money"
    line = "     " + fit("what", _KIND) + "  " + fit("name", columns.name) + "  " + status
    line += fit(money if len(money) <= room else "money", room, align="right")
    if columns.age:
        line += "  " + fit("seen", columns.age, align="right")
    return Content.assemble((fit(line, columns.width), QUIET))


def thing_line(
    thing: Thing,
    followed: Followed | None,
    now: float,
    columns: Columns,
    *,
    mark: str = "",
    ascii_only: bool = False,
) -> Content:
    """One row of the list, exactly as wide as asked: the columns stand still when numbers change."""
    marks = symbols(ascii_only)
    billing = thing.kind == THROUGHPUT
    symbol = marks.warning if billing else getattr(marks, thing.state, marks.waiting)
    sheet = Sheet(f" {mark or ' '} ", ACCENT)
    sheet.append(symbol + " ", WARN if billing else _STATE_STYLES.get(thing.state, QUIET))
    sheet.append(fit(_WORDS.get(thing.kind, thing.kind), _KIND, more=marks.more) + "  ", QUIET)
    sheet.append(
        fit(thing.name, columns.name, cut="middle", more=marks.more) + "  ", STRONG if thing.ours else ""
    )
    sheet.append(fit(status_words(thing), columns.status, more=marks.more) + " ")
    sheet.append(fit(money_words(thing), _MONEY, align="right", more=marks.more), WARN if billing else "")
    if columns.age:
        failing = followed is not None and followed.failures > 0
        at = seen_of(thing, followed)
        said = "not looked" if failing else "" if at is None else ago(now - at)
        sheet.append("  " + fit(said, columns.age, align="right"), BAD if failing else QUIET)
    return sheet.append(" ").content


def look_words(thing: Thing, followed: Followed | None, now: float) -> str:
    """How old what is shown is, and when it is looked at again."""
    at = seen_of(thing, followed)
    said = "never looked at" if at is None else f"seen {ago(now - at)}"
    if followed is None:
        return said
    if followed.next_in is None:
        return f"{said}, looked at again when asked ({key_of('jobs.look')})"
    return (
        f"{said}, next look in {span(round(followed.next_in))}"
        if followed.next_in >= 1
        else f"{said}, looking"
    )


def trouble_lines(followed: Followed | None, width: int, *, ascii_only: bool = False) -> Sheet:
    """Why looks fail, and what to do about it; empty when they do not."""
    sheet = Sheet()
    if followed is None or not followed.failures:
        return sheet
    times = "once" if followed.failures == 1 else f"{followed.failures:,} times"
    for number, line in enumerate(wrap(f"looking failed {times}: {followed.reason}", max(1, width - 3))):
        sheet.append(f" {symbols(ascii_only).failed if not number else ' '} {line}\n", BAD)
    for line in wrap(followed.todo, max(1, width - 3)) if followed.todo else ():
        sheet.append(f"   {line}\n")
    return sheet


def aged(view: JobView, seconds: float) -> JobView:
    """A job that is under way, so many seconds after it was read: its clock goes on between two looks."""
    if view.status in _ENDED or seconds <= 0:
        return view
    stages = tuple(
        replace(stage, seconds=stage.seconds + seconds) if stage.state == "InProgress" else stage
        for stage in view.stages
    )
    left = None if view.left is None or view.left <= seconds else view.left - seconds
    return replace(view, elapsed=view.elapsed + seconds, left=left, stages=stages)


def stage_lines(view: JobView, width: int, *, ascii_only: bool = False) -> list[Content]:
    """The time line of a job; what is left is what its running stage is likely to need."""
    stages = []
    for stage in view.stages:
        state = _STAGE_STATES.get(stage.state, "waiting")
        running = state == "running"
        begun = state != "waiting"
        word = stage.stage if stage.state in _STAGE_STATES else f"{stage.stage} ({safe(stage.state)})"
        stages.append(
            TimedStage(word, state, stage.seconds if begun else None, view.left if running else None)
        )
    return timeline(stages, width, ascii_only=ascii_only)


def time_words(view: JobView, details: JobDetails) -> str:
    """How long a job took, or has taken and may take still."""
    if view.status in _ENDED:
        return f"took {span(view.elapsed)}"
    if view.status == "Stopping":
        return f"{span(view.elapsed)} so far"
    if view.left is None:
        return (
            f"{span(view.elapsed)} so far, longer than the {span(details.expected.likely)} that were likely"
        )
    return f"{span(view.elapsed)} so far, {left_words(view.left)}"


def title_lines(thing: Thing, details: JobDetails | None, width: int, *, seconds: float) -> Sheet:
    """What it is, how it stands and what it costs, in one line; the status (the list has it) goes first.

    What still does not fit goes on below: how long it takes is nowhere else.
    """
    parts = [_own_words(thing)]
    if said := _plain_money(thing):
        parts.append(said + (" (unverified)" if thing.unverified else ""))
    if details is not None:
        parts.append(time_words(aged(details.view, seconds), details))
    name = fit(thing.name, min(cell_len(safe(thing.name)), max(8, width // 3)), cut="middle")
    indent = cell_len(name) + 3
    room = max(1, width - indent - 1)
    if len(parts) > 1 and cell_len(_APART.join(parts)) > room:
        del parts[0]
    lines = parts[:1]
    for part in parts[1:]:
        longer = f"{lines[-1]}{_APART}{part}"
        lines = [*lines[:-1], longer] if cell_len(longer) <= room else [*lines, part]
    wrapped = [piece for line in lines for piece in (wrap(line, room) if cell_len(line) > room else [line])]
    return Sheet(f" {name}  ", ACCENT).append(("\n" + " " * indent).join(wrapped) + "\n")


def _counted_words(view: JobView) -> str:
    """What the header, Costs and the budget count for a job, where its own figure does not tell."""
    if view.usd_at_most is not None:
        return f"counted as at most {usd(view.usd_at_most)}: AWS does not tell what it bills for this job"
    if view.status in _ENDED or view.usd is None:
        return ""
    return f"counted as spent from its start: about {usd(view.usd)}, its likely cost in all"


def job_lines(
    details: JobDetails,
    overlaid: Sequence[Series],
    width: int,
    height: int,
    *,
    seconds: float = 0.0,
    ascii_only: bool = False,
) -> Sheet:
    """The details of a job, below its first lines.

    Args:
        details: What is known of it.
        overlaid: Loss curves to draw, this job's among them when it has any.
        width: Terminal cells.
        height: Lines that are left of the pane; a curve takes what the stages leave of them.
        seconds: How long ago ``details`` were read.
        ascii_only: For terminals without such characters.
    """
    view = aged(details.view, seconds)
    stages = stage_lines(view, width - 2, ascii_only=ascii_only)
    sheet = Sheet()
    if said := _counted_words(view):
        counted = wrap(said, max(1, width - 2))
        sheet.append("".join(f" {words}\n" for words in counted), QUIET)
        height -= len(counted)
    if view.failure or not overlaid:
        sheet.append("\n")
    if view.failure:
        _failure(sheet, view, details, width, ascii_only=ascii_only)
    if overlaid:
        tall = max(_LEAST_CURVE, min(_MOST_CURVE, height - 1 - len(stages)))
        for line in curves(overlaid, width - 2, tall, ascii_only=ascii_only):
            sheet.append(" ").extend(line).append("\n")
        sheet.append("\n")
    for line in stages:
        sheet.append(" ").extend(line).append("\n")
    if not overlaid and view.status not in ("Failed", "Stopped"):
        note = (
            "no losses were found in its output"
            if view.status == "Completed"
            else "losses can be read when it has completed"
        )
        sheet.append(f"\n {note}\n", QUIET)
    sheet.append("\n")
    _facts(sheet, details, width)
    return sheet


def _failure(sheet: Sheet, view: JobView, details: JobDetails, width: int, *, ascii_only: bool) -> None:
    for number, line in enumerate(wrap(view.failure, width - 4)):
        sheet.append(f" {symbols(ascii_only).failed if not number else ' '} {line}\n", BAD)
    for line in wrap(view.todo, width - 4) if view.todo else ():
        sheet.append(f"   {line}\n")
    if " ".join(details.said.split()) != view.failure:
        for number, line in enumerate(wrap(details.said, width - _LABEL - 4)):
            sheet.append(f"   {'AWS said' if not number else '':<{_LABEL}}{line}\n", QUIET)
    sheet.append("\n")


def _facts(sheet: Sheet, details: JobDetails, width: int) -> None:
    """Hyperparameters, inputs and outputs; long addresses are broken and never cut, to be copied."""
    hyper = ", ".join(f"{safe(name)} {safe(value)}" for name, value in details.hyperparameters.items())
    tokens = "" if details.tokens is None else f", about {details.tokens:,} tokens in all epochs"
    rows = [
        ("settings", hyper),
        ("records", f"{details.records:,}{tokens}"),
        ("base model", details.base_model),
        ("trained on", details.training_uri),
        ("validated", details.validation_uri or "without validation records"),
        ("output", details.output_uri),
        ("model", details.model_arn),
        ("role", details.role_arn),
        ("job", details.view.job),
        ("ARN", details.view.arn),
        (
            "expected",
            f"{span(details.expected.low)} to {span(details.expected.high)} ({details.expected.basis})",
        ),
    ]
    for label, value in rows:
        for number, line in enumerate(wrap(value, max(10, width - _LABEL - 2)) if value else ()):
            sheet.append(f" {label if not number else '':<{_LABEL}}", QUIET).append(line + "\n")


def _asking_words(thing: Thing) -> str:
    """How a custom model is asked, as it is deployed."""
    if thing.deployment == DeploymentStatus.FAILED:
        return f"its deployment failed: stillroom undeploy {thing.name}, then deploy it again"
    if thing.deployment:
        return f"its deployment is {thing.deployment}: stillroom label {thing.name}"
    return f"{key_of('jobs.deploy')} deploys it: stillroom deploy {thing.name}"


def other_lines(thing: Thing, width: int) -> Sheet:
    """The details of what is no job of this project."""
    if thing.kind == DEPLOYMENT and thing.ours:
        rows = [
            ("costs", "tokens only, nothing while idle"),
            ("deployment", thing.own_name),
            ("remove", f"{key_of('jobs.undeploy')}, or stillroom undeploy {thing.name}"),
            *[("keep", f"{key_of('jobs.deploy')}, or stillroom deploy {thing.name}; else run removes it")]
            * thing.of_run,
        ]
    elif thing.kind == MODEL and thing.ours:
        delete = key_of("jobs.delete")
        rows = [
            ("costs", f"{_plain_money(thing)}, used or not, until it is deleted"
                      + (" (unverified price)" if thing.unverified else "")),
            ("model", thing.own_name),
            ("ask it", _asking_words(thing)),
            ("delete", f"{delete}, or stillroom delete {thing.name}; it cannot be brought back"),
        ]  # fmt: skip
    elif thing.kind == THROUGHPUT:
        rows = [
            ("bills", f"{_plain_money(thing)} for {thing.units} model units, used or not"
                      + (" (unverified price)" if thing.unverified else "")),
            ("so far", usd(thing.so_far)),
            ("made by", "others: this project buys no provisioned throughput"),
            ("ARN", thing.own_name),
            ("remove", f"{key_of('jobs.undeploy')}, or stillroom undeploy {thing.name}"),
        ]  # fmt: skip
    else:
        rows = [
            ("made by", "others: it is listed and left alone"),
            ("kind", thing.kind),
        ]
    sheet = Sheet()
    for label, value in rows:
        for number, line in enumerate(wrap(value, max(10, width - _LABEL - 2))):
            sheet.append(f" {label if not number else '':<{_LABEL}}", QUIET).append(line + "\n")
    return sheet
