"""A report with scores is not replaced by one that has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.report.json_file import has_scores


def test_a_report_with_scores_outlives_a_change_of_the_settings(distilled: Path, tmp_path: Path) -> None:
    at = ("--project", distilled)
    page, numbers = distilled / "report.html", distilled / "report.json"
    before = page.read_bytes(), numbers.read_bytes()
    put(distilled, "prepare", "quality", 70)
    stillroom("compare", *at).refused(2, "with the present settings yet")
    stillroom("report", *at).refused(
        2, "with the present settings yet", "report.html has scores and is kept", "stillroom label untuned"
    )
    assert (page.read_bytes(), numbers.read_bytes()) == before
    other = stillroom("report", "-o", tmp_path / "other.html", "--json", *at).ok().json
    (remark,) = other["remarks"]
    assert remark.startswith("The page has no scores. ")
    stillroom("report", "-o", tmp_path / "other.html", *at).ok()


def test_a_report_before_any_comparison_says_that_it_has_no_scores(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    for _ in range(2):
        said = stillroom("report", "--project", project).ok().out
        assert "note: The page has no scores. No student has been asked yet." in said


def test_a_report_with_scores_has_nothing_to_remark(distilled: Path) -> None:
    assert stillroom("report", "--json", "--project", distilled).ok().json["remarks"] == []


def test_a_cost_that_rests_on_an_unverified_price_says_so_on_the_page(
    distilled: Path, tmp_path: Path
) -> None:
    stillroom("report", "-o", tmp_path / "page.html", "--project", distilled).ok()
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    costs = json.loads((tmp_path / "page.json").read_text(encoding="utf-8"))["costs"]
    named = '<bdi>{}</bdi> <span class="unverified">'
    marked = [one["step"] for one in costs if named.format(one["step"]) in page]
    assert marked == [one["step"] for one in costs if one["unverified"]]
    assert marked


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"runs": []}', "[" * 100_000])
def test_numbers_without_a_run_have_no_scores(text: str) -> None:
    assert not has_scores(text)


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_a_file_of_somebody_else_beside_the_page_is_not_replaced(
    distilled: Path, tmp_path: Path, ending: str
) -> None:
    mine = tmp_path / f"results{ending}"
    mine.write_text("my own results\n", encoding="utf-8")
    said = stillroom("report", "-o", tmp_path / "results.html", "--project", distilled)
    said.refused(2, f"results{ending} is none of a report's and would be replaced.", "--output FILE.html")
    assert mine.read_text(encoding="utf-8") == "my own results\n"
    assert not (tmp_path / "results.html").exists()
    mine.write_text("", encoding="utf-8")
    for _ in range(2):
        stillroom("report", "-o", tmp_path / "results.html", "--project", distilled).ok()


def test_a_run_that_would_end_so_is_refused_before_it_pays(project: Path, box: Box) -> None:
    (project / "report.csv").write_text("my own results\n", encoding="utf-8")
    before = box.served()
    said = stillroom("run", "-yq", "--project", project)
    said.refused(2, "report.csv is none of a report's", "or end before it: stillroom run --until compare")
    assert "--output" not in said.err, "run takes no such option"
    assert box.served() == before
    stillroom("run", "--until", "compare", "--dry-run", "--project", project).ok()
