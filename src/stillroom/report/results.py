"""The sections about scores: the finding, the table of results, the distributions, the losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stillroom.comparison import Spread
from stillroom.plural import plural
from stillroom.report.drawing import key
from stillroom.report.escaping import outside, text
from stillroom.report.figures import duration_sum, money, money_sum, score, whole
from stillroom.report.loss_chart import loss_chart, losses
from stillroom.report.pieces import empty, figure, note, section, table
from stillroom.report.score_charts import histograms, intervals
from stillroom.report.values import LossCurve, ReportData, RunResult

_SHORT = 20
"""A run's name of so many characters is not broken at its hyphen."""


def finding(runs: Sequence[RunResult]) -> str:
    """The result in one or two sentences, as HTML; careful not to say more than the intervals do."""
    compared = [(run, run.summary.jaccard) for run in runs if run.summary.jaccard]
    if not compared:
        return "Nothing has been compared yet."
    tuned = [(run, spread) for run, spread in compared if run.training_size is not None]
    untuned = [(run, spread) for run, spread in compared if run.training_size is None]
    best, reached = max(tuned or untuned, key=lambda pair: pair[1].mean)
    name, mean = _named(best), f"<strong>{score(reached.mean, 2)}</strong>"
    if not tuned or not untuned:
        return f"{name} reaches a mean Jaccard of {mean} against the teacher."
    base, start = untuned[0]
    before = f"{score(start.mean, 2)} ({_named(base)})"
    if reached.low is None or reached.high is None or start.low is None or start.high is None:
        return (
            f"Mean Jaccard with the teacher went from {before} to {mean} ({name}). "
            "So few pictures have no interval: they do not tell the two apart."
        )
    if reached.low > start.high:
        return (
            f"Mean Jaccard with the teacher rose from {before} to {mean} ({name}). "
            "The 95&nbsp;% intervals do not overlap."
        )
    if reached.high < start.low:
        return f"Mean Jaccard with the teacher fell from {before} to {mean} ({name}): tuning did harm here."
    return (
        f"Mean Jaccard with the teacher went from {before} to {mean} ({name}). "
        "The 95&nbsp;% intervals overlap: these pictures alone do not tell the two apart."
    )


def _named(run: RunResult) -> str:
    return f'<span class="short">{outside(run.name)}</span>' if len(run.name) <= _SHORT else outside(run.name)


def results_section(data: ReportData) -> str:
    """Means with intervals, and the table of results."""
    if not data.runs:
        return section("results", "Results", empty("No run has been compared yet.", "stillroom compare"))
    # Runs are compared on the same pictures, so they mostly share their warning: each is said once.
    said = dict.fromkeys(run.summary.warning for run in data.runs if run.summary.warning)
    warnings = [f'<p class="warning">{text(warning)}</p>' for warning in said]
    # Students' names come from outside.
    warnings += [f'<p class="warning">{outside(caution)}</p>' for caution in data.cautions]
    drawn = figure(
        intervals(data.runs),
        f"How close each run comes to the teacher: mean Jaccard{note('jaccard')} with its 95&nbsp;% "
        f"interval{note('interval')}. 1 would be the teacher’s very words.",
    )
    return section("results", "Results", *warnings, drawn, _results_table(data.runs))


def _results_table(runs: Sequence[RunResult]) -> str:
    columns = (
        ("Run", "row"),
        (f"Mean Jaccard{note('jaccard')}<small>95&nbsp;% interval{note('interval')}</small>", "number"),
        ("p10", "number"),
        ("p50", "number"),
        ("p90", "number"),
        (f"Micro{note('micro')}", "number"),
        (f"Precision{note('precision')}", "number"),
        (f"Recall{note('precision')}", "number"),
        (f"F1{note('precision')}", "number"),
        (f"Words ÷ teacher’s{note('ratio')}", "number"),
        (f"Pictures{note('counted')}", "number"),
        (f"Cost{note('cost')}", "number"),
    )
    rows = [_result_row(number, run) for number, run in enumerate(runs)]
    models = "".join(f"<dt>{outside(run.name)}</dt><dd>{outside(run.model)}</dd>" for run in runs)
    shown = table("Each run against the teacher, on the test pictures", columns, rows)
    return f'{shown}<dl class="models">{models}</dl>'


def _result_row(number: int, run: RunResult) -> tuple[str, ...]:
    summary, spread = run.summary, run.summary.jaccard
    size = "not tuned" if run.training_size is None else plural(run.training_size, "picture")
    trained = f", {outside(run.trained)}" if run.trained else ""
    values = (spread.p10, spread.p50, spread.p90) if spread else (None, None, None)
    return (
        f"{key(number)} {outside(run.name)}<small>{size}{trained}</small>",
        _mean(spread),
        *(score(value) for value in values),
        score(summary.micro_jaccard),
        score(summary.precision),
        score(summary.recall),
        score(summary.f1),
        score(summary.size_ratio, 2),
        _pictures(run),
        money(run.cost),
    )


def _mean(spread: Spread | None) -> str:
    if spread is None:
        return "–"
    interval = "" if spread.low is None else f"<small>{score(spread.low)} – {score(spread.high)}</small>"
    return f"<strong>{score(spread.mean)}</strong>{interval}"


def _pictures(run: RunResult) -> str:
    summary = run.summary
    asides = [
        f"{whole(count)} {word}"
        for count, word in (
            (summary.failed, "failed"),
            (summary.missing, "not asked"),
            (summary.unlabeled, "without a label"),
            (summary.both_empty, "both empty"),
        )
        if count
    ]
    return whole(summary.pictures) + (f"<small>{'<br>'.join(asides)}</small>" if asides else "")


def distribution_section(data: ReportData) -> str:
    """Histograms of all runs on one axis."""
    if not any(run.summary.pictures for run in data.runs):
        return section("distribution", "Distribution", empty("No picture has a score yet."))
    caption = (
        "How many pictures reach which Jaccard. All runs share the axis and the scale; a bar’s height is its "
        "share of the run’s pictures, the mark on the axis is the median."
    )
    return section("distribution", "Distribution", figure(histograms(data.runs), caption))


def loss_section(data: ReportData, numbers: Mapping[str, int]) -> str:
    """Loss curves with the numbers below."""
    drawn = loss_chart(data.curves, numbers)
    if not drawn:
        return section("losses", "Training", empty("No training job has reported losses yet."))
    caption = (
        "Loss by step. Full mark: end of an epoch; dotted line with hollow marks: validation. Of long curves "
        "the line is the mean of neighbouring steps, and the band reaches from their lowest to their highest "
        "loss."
    )
    return section(
        "losses", "Training", figure(drawn, caption, kind="scaled"), _loss_table(data.curves, numbers)
    )


def _loss_table(curves: Sequence[LossCurve], numbers: Mapping[str, int]) -> str:
    columns = (
        ("Student", "row"),
        ("Steps", "number"),
        ("Epochs", "number"),
        ("Loss, first epoch", "number"),
        ("Loss, last epoch", "number"),
        ("Change", "number"),
        ("Validation loss, last", "number"),
    )
    rows = []
    for given in curves:
        found = losses(given)
        name = f"{key(numbers.get(given.run, len(numbers)))} {outside(given.run)}"
        if found is None:
            rows.append((name, *("–" for _ in columns[1:])))
            continue
        rows.append(
            (
                name,
                whole(found.steps),
                whole(found.epochs),
                score(found.first),
                score(found.last),
                f"{100 * (found.last / found.first - 1):+.0f} %".replace("-", "−") if found.first else "–",
                score(found.validation),
            )
        )
    return table("Mean losses of the first and the last epoch", columns, rows)


def headline_figures(data: ReportData) -> list[tuple[str, str]]:
    """A few numbers for the top of the page: (what, value)."""
    pictures = max((run.summary.pictures for run in data.runs), default=0)
    figures = [("test pictures compared", whole(pictures)), ("students trained", whole(data.trained))]
    if data.dataset:
        figures.insert(0, ("unique pictures", whole(data.dataset.unique)))
    done = [cost for cost in data.costs if cost.done]
    if done:
        unit = "spent, in sandbox money" if data.sandbox else "spent"
        figures.append((unit, money_sum(cost.actual for cost in done)))
        figures.append(("time of all steps", duration_sum(cost.seconds for cost in done)))
    return figures
