"""The best and the worst pictures, side by side with everybody's keywords."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

from stillroom.comparison import State
from stillroom.plural import plural
from stillroom.report.drawing import key
from stillroom.report.escaping import outside, text
from stillroom.report.figures import score
from stillroom.report.pieces import empty, section
from stillroom.report.values import PictureCase, ReportData, StudentAnswer

_ALT_WORDS = 6
_NONE = '<span class="quiet">none</span>'
_KINDS = (
    ("shared", "=", "shared with the teacher"),
    ("missing", "−", "missing: the teacher’s alone"),
    ("extra", "+", "extra: the student’s alone"),
)
_STATES = {
    State.FAILED: "asked, but no usable answer: scored 0",
    State.MISSING: "never asked",
    State.UNLABELED: "the teacher has no answer to compare with",
}


def cases_section(data: ReportData, numbers: Mapping[str, int]) -> str:
    """Both ends of the scores."""
    if not data.best and not data.worst:
        return section("pictures", "Pictures", empty("No picture has been compared yet."))
    legend = "".join(
        f'<li class="{kind}"><span class="sign">{sign}</span>{words}</li>' for kind, sign, words in _KINDS
    )
    chosen = f" by the scores of {outside(data.chosen_by)}" if data.chosen_by else ""
    parts = [f'<p class="lead">The pictures at both ends{chosen}.</p><ul class="legend">{legend}</ul>']
    for title, cases in (("Closest to the teacher", data.best), ("Furthest from the teacher", data.worst)):
        if cases:
            parts.append(f"<h3>{title}</h3>")
            parts += [_case(case, numbers) for case in cases]
    return section("pictures", "Pictures", *parts)


def _case(case: PictureCase, numbers: Mapping[str, int]) -> str:
    answers = "".join(_answer(answer, numbers.get(answer.run, len(numbers))) for answer in case.answers)
    words = _words(case.teacher) if case.teacher else _NONE
    return (
        f'<article class="case"><div class="picture">{_picture(case)}</div><div class="words">'
        f"<h4>{outside(case.name)}</h4>"
        f'<div class="teacher"><h5>Teacher <small>{plural(len(case.teacher), "keyword")}</small></h5>'
        f"<p>{words}</p></div>{answers}</div></article>"
    )


def _picture(case: PictureCase) -> str:
    if not case.thumbnail:
        return '<p class="no-picture">no picture</p>'
    described = ", ".join(case.teacher[:_ALT_WORDS]) or case.name
    data = b64encode(case.thumbnail).decode("ascii")
    alt = f"Picture that the teacher describes as: {text(described)}"
    return f'<img src="data:image/jpeg;base64,{data}" alt="{alt}">'


def _answer(answer: StudentAnswer, number: int) -> str:
    detail = answer.detail
    shown = "–" if detail is None else score(detail.jaccard, 2)
    head = f'<h5>{key(number)} {outside(answer.run)} <b class="score"><small>Jaccard</small> {shown}</b></h5>'
    told = _STATES.get(answer.state)
    if detail is None or answer.state is State.FAILED:
        return f'<div class="answer">{head}<p class="state">{told or "nothing to compare"}</p></div>'
    told_kinds = [
        (kind, sign, spoken, words)
        for (kind, sign, spoken), words in zip(
            _KINDS, (detail.shared, detail.missing, detail.extra), strict=True
        )
        if words or kind == "shared"
    ]
    rows = "".join(
        f'<div class="{kind}"><dt><span class="sign">{sign}</span> {len(words)}'
        f'<span class="spoken"> {spoken}</span></dt>'
        f"<dd>{_words(words) if words else _NONE}</dd></div>"
        for kind, sign, spoken, words in told_kinds
    )
    return f'<div class="answer">{head}<dl class="marked">{rows}</dl></div>'


def _words(words: Sequence[str]) -> str:
    # A word and the dot behind it stay together, so that no line begins with a dot.
    separated = [f'<bdi>{text(word)}</bdi><span class="dot"> ·</span>' for word in words[:-1]]
    separated += [f"<bdi>{text(word)}</bdi>" for word in words[-1:]]
    return " ".join(f'<span class="word">{word}</span>' for word in separated)
