"""The whole page: one file that needs nothing else, not even a network."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from stillroom.report.cases import cases_section
from stillroom.report.costs import cost_section
from stillroom.report.dataset import dataset_section, settings_section
from stillroom.report.drawing import marks
from stillroom.report.escaping import outside, text
from stillroom.report.notes import notes_section
from stillroom.report.results import (
    distribution_section,
    finding,
    headline_figures,
    loss_section,
    results_section,
)
from stillroom.report.values import ReportData

# Nothing may be loaded and nothing may run, whatever a keyword tries to be.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_CONTENTS = (
    ("results", "Results"),
    ("distribution", "Distribution"),
    ("pictures", "Pictures"),
    ("losses", "Training"),
    ("cost", "Cost"),
    ("dataset", "Dataset"),
    ("settings", "Settings"),
    ("notes", "Notes"),
)


def render(data: ReportData) -> str:
    """Make the report's page.

    Args:
        data: All that it shows. Texts may be anything: they are escaped here.

    Returns:
        One HTML document with its styles, charts and pictures inside, to be written as UTF-8.
    """
    numbers = {run.name: number for number, run in enumerate(data.runs)}
    title = f"{'SANDBOX · ' if data.sandbox else ''}{data.project} · Stillroom report"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="generator" content="Stillroom {text(data.version)}">\n'
        f"<title>{text(title)}</title>\n<style>\n{_stylesheet()}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#results">Skip to the results</a>\n{_banner(data)}{marks()}\n'
        f"{_masthead(data)}<main>\n{results_section(data)}{distribution_section(data)}"
        f"{cases_section(data, numbers)}{loss_section(data, numbers)}{cost_section(data)}"
        f"{dataset_section(data)}{settings_section(data)}{notes_section(data)}</main>\n{_footer(data)}</body>\n</html>\n"
    )


def _banner(data: ReportData) -> str:
    if not data.sandbox:
        return ""
    return (
        '<aside class="sandbox" aria-label="Sandbox"><p><strong>SANDBOX</strong> Every number on this page '
        "comes from the embedded sandbox: its models are small stand-ins, and no money was spent."
        "</p></aside>\n"
    )


def _masthead(data: ReportData) -> str:
    figures = "".join(
        f"<div><dt>{text(what)}</dt><dd>{_large(value)}</dd></div>" for what, value in headline_figures(data)
    )
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in _CONTENTS)
    return (
        f'<header>\n<p class="eyebrow">Stillroom <span>distillation report</span></p>\n'
        f"<h1>{outside(data.project)}</h1>\n"
        f'<p class="byline">Teacher {outside(data.teacher)} · made {_when(data)}</p>\n'
        f'<p class="finding">{finding(data.runs)}</p>\n<dl class="figures">{figures}</dl>\n'
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n</header>\n'
    )


def _large(value: str) -> str:
    number = value.removeprefix("at least ")
    return text(number) if number == value else f"<small>at least</small> {text(number)}"


def _when(data: ReportData) -> str:
    zone = data.made.strftime("%Z")
    shown = data.made.strftime("%d %B %Y, %H:%M").lstrip("0") + (f" {zone}" if zone else "")
    return f'<time datetime="{data.made.isoformat(timespec="seconds")}">{text(shown)}</time>'


def _footer(data: ReportData) -> str:
    where = "SANDBOX · " if data.sandbox else ""
    return (
        f"<footer><p>{where}{outside(data.project)} · {_when(data)} · Stillroom {text(data.version)}. "
        "This page loads nothing from elsewhere.</p></footer>\n"
    )


@cache
def _stylesheet() -> str:
    return files("stillroom.report").joinpath("style.css").read_text(encoding="utf-8")
