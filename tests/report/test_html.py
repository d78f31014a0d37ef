"""The page is whole, safe and says what it was given."""

import re
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.comparison import State
from stillroom.report import (
    CostLine,
    Dataset,
    LeftOut,
    LossCurve,
    LossPoint,
    PictureCase,
    PriceNote,
    RunResult,
    Setting,
    SettingGroup,
    StudentAnswer,
)
from stillroom.report.html import render

from .reading import read
from .samples import JPEG, bare, case, empty_summary, full, points, result

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=http://evil.example onerror=alert(1)>',
    "' onload='x",
    "</title></style></svg>",
    "tab\tnew\nline\x00\x1b[31m\x7f\x9b",
    "photo\u202egpj.exe\u200f",
    "half \udcff pair",
    "&amp; &lt;",
    "아주 긴 한글 파일 이름 " * 20,
]


def test_it_needs_nothing_else() -> None:
    page = read(render(full(sandbox=True)))
    outside = [there for there in page.references if not there.startswith(("#", "data:image/jpeg;base64,"))]
    assert outside == []
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "url(" not in render(full())
    assert "@import" not in render(full())


def test_every_link_leads_somewhere() -> None:
    page = read(render(full()))
    inside = {there[1:] for there in page.references if there.startswith("#")}
    assert inside <= set(page.ids)
    assert {"results", "cost", "note-jaccard", "mark-0"} <= inside


def test_a_mean_without_an_interval_stands_alone() -> None:
    alone = result("lite-900", 0.46, 900, half=None)
    page = read(render(full(runs=(result("untuned", 0.21, None), alone))))
    assert "they do not tell the two apart" in page.text
    assert "None" not in page.text


def test_students_that_were_not_compared_yet_are_counted() -> None:
    page = read(render(full(runs=(result("untuned", 0.21, None),), trained=1)))
    assert re.search(r"students trained\s*1", page.text)


def test_it_can_be_read_without_seeing_it() -> None:
    page = read(render(full()))
    assert [tag for tag in page.tags if re.fullmatch("h[1-3]", tag)][:3] == ["h1", "h2", "h2"]
    assert page.tags.count("figcaption") == page.tags.count("figure") > 0
    assert page.tags.count("caption") == page.tags.count("table") > 0
    alts = [value for tag, name, value in page.attributes if (tag, name) == ("img", "alt")]
    assert alts == [
        "Picture that the teacher describes as: sunset, ocean",
        "Picture that the teacher describes as: mist, rain",
    ]
    assert page.tags.count("th") > 20
    roles = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "role")]
    assert len(roles) == page.tags.count("desc") >= 4


def test_the_numbers_are_shown() -> None:
    text = read(render(full())).text
    for shown in (
        "0.213", "0.482", "0.507", "0.193 – 0.233", "0.412", "0.387", "0.399", "1.07", "$2.12", "$0.0213",
        "997", "1,003", "880", "300 pictures", "1 failed", "2 not asked", "$0.98 – $1.31", "−$0.03",
        "4 min 12 s", "2 h 03 min", "$0.0008", "May 2025", "7 answers had fewer than 15 keywords.",
        "Nothing else.", "model-of-lite-900", "4 August 2026, 14:07 UTC", "us.amazon.nova-pro-v1:0",
    ):  # fmt: skip
        assert shown in text, shown


def test_words_are_marked_by_sign_and_by_class() -> None:
    html = render(full())
    page = read(html)
    assert re.search(r'<div class="shared"><dt><span class="sign">=</span> 1<.*?<bdi>ocean</bdi>', html)
    assert re.search(r'<div class="missing"><dt><span class="sign">−</span> 1<.*?<bdi>sunset</bdi>', html)
    assert re.search(r'<div class="extra"><dt><span class="sign">\+</span> 1<.*?<bdi>car</bdi>', html)
    assert f"data:image/jpeg;base64,{b64encode(JPEG).decode()}" in page.references


@pytest.mark.parametrize("sandbox", [True, False])
def test_the_sandbox_says_so(sandbox: bool) -> None:
    text = read(render(full(sandbox=sandbox))).text
    assert ("SANDBOX" in text) is sandbox
    assert ("Sandbox money" in text) is sandbox
    assert ("sandbox" in text.lower()) is sandbox


@pytest.mark.parametrize("name", HOSTILE)
def test_text_from_outside_stays_text(name: str) -> None:
    run = RunResult(name, name, None, result("x", 0.5, None).summary, None)
    answer = StudentAnswer(name, State.SCORED, case(teacher=name, student=name).answers[0].detail)
    data = full(
        project=name,
        version=name,
        teacher=name,
        runs=(run,),
        curves=(LossCurve(name, points(3)),),
        best=(PictureCase(name, JPEG, (name, name), (answer,)),),
        worst=(PictureCase(name, JPEG, (), ()),),
        chosen_by=name,
        dataset=Dataset(3, 2, 0, 1, 0, 0, (LeftOut(name, 1),), (LeftOut(name, 1),)),
        settings=(SettingGroup(name, (Setting(name, name),)),),
        costs=(CostLine(name, name, None, None, None, None, note=name),),
        prices=(PriceNote(name, None, name, name, name, False),),
        remarks=(name,),
        cautions=(name,),
    )
    html = render(data)
    html.encode("utf-8")
    page = read(html)
    assert "script" not in page.tags
    assert set(page.tags) <= set(read(render(full(sandbox=True, worst=data.worst, remarks=()))).tags) | {"p"}
    assert all(there.startswith(("#", "data:image/jpeg;base64,")) for there in page.references)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)


@settings(max_examples=50)
@given(st.text(st.characters()))
def test_any_name_gives_a_whole_page(name: str) -> None:
    html = render(replace(bare(), project=name, settings=(SettingGroup(name, (Setting(name, name),)),)))
    html.encode("utf-8")
    assert read(html).tags.count("h1") == 1


def test_a_page_of_nothing_says_what_is_missing() -> None:
    page = read(render(bare()))
    for missing in (
        "No run has been compared yet.",
        "No picture has a score yet.",
        "No picture has been compared yet.",
        "No training job has reported losses yet.",
        "Nothing has been estimated or spent yet.",
        "The pictures have not been scanned yet.",
        "Nothing has been compared yet.",
    ):
        assert missing in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"runs": ()},
        {"runs": (RunResult("late", "m", 300, empty_summary(), None),)},
        {"curves": ()},
        {"best": ()},
        {"worst": ()},
        {"costs": ()},
        {"prices": ()},
        {"dataset": Dataset(0, 0, 0, 0, 0, 0)},
        {"settings": (SettingGroup("empty", ()),)},
        {"best": (PictureCase("no.jpg", b"", (), ()),)},
        {"runs": tuple(result(f"student-{number}", 0.1 * number, 100) for number in range(1, 9))},
    ],
)
def test_every_part_may_be_missing(changes: dict[str, object]) -> None:
    read(render(full(**changes)))


def test_states_of_answers_are_told() -> None:
    answers = (
        StudentAnswer("untuned", State.MISSING, None),
        StudentAnswer("lite-300", State.FAILED, case(student="x").answers[0].detail),
        StudentAnswer("lite-900", State.UNLABELED, None),
        StudentAnswer("no such run", State.SCORED, None),
    )
    text = read(render(full(best=(PictureCase("a.jpg", JPEG, ("sea",), answers),)))).text
    assert "never asked" in text
    assert "asked, but no usable answer: scored 0" in text
    assert "the teacher has no answer to compare with" in text
    assert "nothing to compare" in text


def text_of_runs(*runs: RunResult) -> str:
    return " ".join(read(render(full(runs=runs))).text.split())


def test_the_finding_says_no_more_than_the_intervals() -> None:
    untuned = result("untuned", 0.21, None)
    rose = "rose from 0.21 (untuned) to 0.61 (lite-900). The 95 % intervals do not overlap."
    assert rose in text_of_runs(untuned, result("lite-900", 0.61, 900))
    assert "do not tell the two apart" in text_of_runs(untuned, result("lite-900", 0.22, 900))
    assert "tuning did harm here" in text_of_runs(untuned, result("lite-900", 0.1, 900))
    assert "untuned reaches a mean Jaccard of 0.21" in text_of_runs(untuned)
    assert "lite-900 reaches a mean Jaccard of 0.61" in text_of_runs(result("lite-900", 0.61, 900))
    long = result("a-student-with-a-very-long-name", 0.61, 900)
    assert "a-student-with-a-very-long-name" in text_of_runs(untuned, long)


def test_small_samples_are_warned_about_once() -> None:
    runs = [result("untuned", 0.2, None), result("lite-300", 0.5, 300)]
    few = [replace(run, summary=replace(run.summary, warning="Only 4 pictures compared.")) for run in runs]
    assert text_of_runs(*few).count("Only 4 pictures compared.") == 1


def rows_of(html: str) -> list[str]:
    """The text of every table row."""
    return [" ".join(read(row).text.split()) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)]


def test_what_is_unknown_is_never_nothing() -> None:
    unknown = CostLine("Store", "2 models", None, None, None, None, unverified=True)
    price = PriceNote("Storage", None, "month", "nobody", "", True)
    html = render(full(costs=(unknown,), prices=(price,), runs=(result("untuned", 0.2, None),)))
    assert "$0" not in read(html).text
    rows = rows_of(html)
    assert [row for row in rows if row.startswith("Store")] == [
        "Store unverified price2 models unknown unknown unknown unknown".replace(" unknown", "unknown")
    ]
    assert any(row.startswith("Totalunknownunknown") for row in rows)
    assert any("Storageunknownmonthnobodyunverified" in row for row in rows)


def test_totals_say_when_they_are_lower_bounds() -> None:
    rows = rows_of(render(full()))
    assert any(row.startswith("Total$8.12at least $1.09unknown") for row in rows)


def test_a_step_that_has_not_run_costs_nothing_yet() -> None:
    later = CostLine("Deploy", "", Decimal("0"), Decimal("0.5"), Decimal("1"), None, done=False)
    done = CostLine("Label", "", None, Decimal("2"), None, Decimal("2.5"), seconds=3)
    rows = rows_of(render(full(costs=(done, later), prices=())))
    assert "Deploy$0.50$0.00 – $1.00not yet––" in rows
    assert "Label$2.00$2.50+$0.503.0 s" in rows
    assert "Totalactual: finished steps only$2.50$2.50–3.0 s" in rows


def test_what_is_reckoned_has_no_difference_and_says_that_it_is_about() -> None:
    trained = CostLine("Train", "", None, Decimal(6), None, Decimal("7.42"), seconds=3, reckoned=True)
    unknown = CostLine("Store", "", None, Decimal(1), None, None, seconds=3, reckoned=True)
    rows = rows_of(render(full(costs=(trained, unknown), prices=())))
    assert "Train$6.00≈ $7.42–3.0 s" in rows
    assert "Store$1.00unknown–3.0 s" in rows
    assert "Total$7.00at least $7.42–6.0 s" in rows


def test_a_loss_of_zero_has_no_change_in_per_cent() -> None:
    flat = LossCurve("lite-900", (LossPoint(0, 0, 0.0), LossPoint(1, 1, 0.0)))
    assert any(row.startswith("lite-90022") and "–" in row for row in rows_of(render(full(curves=(flat,)))))


def test_a_student_without_losses_has_a_row_of_dashes() -> None:
    curves = (LossCurve("lite-300", points(4)), LossCurve("lite-900", ()))
    assert "lite-900––––––" in rows_of(render(full(curves=curves)))


def test_a_run_that_was_never_asked_keeps_its_row_beside_the_others() -> None:
    never = RunResult("late", "m", 300, empty_summary(), None)
    page = read(render(full(runs=(result("untuned", 0.2, None), never))))
    assert page.text.count("nothing to compare") >= 2
    assert "5 not asked" in page.text


def test_a_certain_estimate_has_no_range() -> None:
    fixed = CostLine("Fee", "", Decimal(2), Decimal(2), Decimal(2), Decimal(2), seconds=0)
    assert "Fee$2.00$2.00$0.000.0 s" in rows_of(render(full(costs=(fixed,), prices=())))


def test_flagged_files_are_neither_copies_nor_unique_pictures() -> None:
    said = " ".join(read(render(full())).text.split())
    assert "The division of 997 unique pictures" in said
    for fact in ("Exact copies3 each", "unreadable3 never sent", "excluded by hand17 left out"):
        assert fact in said
