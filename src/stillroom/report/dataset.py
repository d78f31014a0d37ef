"""Where the pictures came from and with which settings everything was done."""

from __future__ import annotations

from stillroom.plural import plural
from stillroom.report.drawing import chart
from stillroom.report.escaping import outside, text
from stillroom.report.figures import share, whole
from stillroom.report.pieces import empty, figure, section
from stillroom.report.values import Dataset, ReportData, Setting

_LONG = 48
"""A longer value takes a line of its own."""


def dataset_section(data: ReportData) -> str:
    """Counts and the split."""
    if data.dataset is None:
        return section(
            "dataset", "Dataset", empty("The pictures have not been scanned yet.", "stillroom scan")
        )
    found = data.dataset
    facts = [
        ("Files found", whole(found.files)),
        ("Exact copies", f"{whole(found.copies)} <small>each content counts once</small>"),
        ("Unique pictures", whole(found.unique)),
        ("Near-duplicates", f"{whole(found.near_duplicates)} <small>a group stays on one side</small>"),
    ]
    if found.sizes:
        facts.append(("Training sizes", ", ".join(whole(size) for size in found.sizes)))
    for words, group in (("left out", found.left_out), ("never sent", found.never_sent)):
        facts += [(outside(one.reason), f"{whole(one.count)} <small>{words}</small>") for one in group]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return section("dataset", "Dataset", _split(found), f'<dl class="facts">{listed}</dl>')


def _split(found: Dataset) -> str:
    sides = [
        ("train", found.train),
        ("validation", found.validation),
        ("test", found.test),
        ("left out", sum(left.count for left in found.left_out)),
    ]
    total = sum(count for _, count in sides)
    if not total:
        return ""
    bars, listed, words, reached = [], [], [], 0
    for name, count in sides:
        if not count:
            continue
        kind = f"side-{name.replace(' ', '-')}"
        start, width = 100 * reached / total, 100 * count / total
        reached += count
        bars.append(f'<rect class="{kind}" x="{start:.3f}%" y="0" width="{width:.3f}%" height="16"/>')
        box = f'<rect class="{kind}" width="12" height="12"/>'
        swatch = f'<svg width="12" height="12" aria-hidden="true">{box}</svg>'
        listed.append(f"<li>{swatch}{name} <b>{whole(count)}</b> <small>{share(count, total)}</small></li>")
        words.append(f"{name} {whole(count)}")
    return figure(
        chart(16, "How the pictures were divided", ", ".join(words), bars)
        + f'<ul class="split">{"".join(listed)}</ul>',
        f"The division of {plural(total, 'unique picture')}. Training pictures and what resembles them never "
        "count in the scores.",
    )


def settings_section(data: ReportData) -> str:
    """Every setting, group by group."""
    if not data.settings:
        return section("settings", "Settings", empty("No settings were given."))
    groups = "".join(
        f"<section><h3>{outside(group.title)}</h3><dl>{''.join(map(_setting, group.settings))}</dl></section>"
        for group in data.settings
    )
    return section("settings", "Settings", f'<div class="groups">{groups}</div>')


def _setting(setting: Setting) -> str:
    long = len(setting.value) > _LONG or "\n" in setting.value
    value = text(setting.value, lines=True) or '<span class="quiet">empty</span>'
    kind = ' class="long"' if long else ""
    return f'<div{kind}><dt>{outside(setting.name)}</dt><dd dir="auto">{value}</dd></div>'
