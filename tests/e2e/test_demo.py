"""The headless demo, from pictures to the report, and once more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import pytest
from tests.e2e.conftest import Finished


def test_a_demo_measures_every_student(finished: Finished) -> None:
    said = finished.said
    assert said["sandbox"] is True
    assert said["pictures"] == 60
    assert [(run["name"], run["training_size"]) for run in said["runs"]] == [
        ("untuned", None),
        ("lite-24", 24),
        ("lite-48", 48),
    ]
    tests = {run["pictures"] for run in said["runs"]}
    assert len(tests) == 1
    assert 3 <= tests.pop() <= 12
    for run in said["runs"]:
        spread = run["jaccard"]
        assert 0 <= spread["low"] <= spread["mean"] <= spread["high"] <= 1
        assert 0 <= spread["p10"] <= spread["p50"] <= spread["p90"] <= 1
        for score in ("precision", "recall", "f1"):
            assert 0 < run[score] <= 1


def test_training_teaches(finished: Finished) -> None:
    said = finished.said
    untuned, small, large = (run["jaccard"]["mean"] for run in said["runs"])
    assert min(small, large) > untuned


def test_the_cost_is_that_of_the_sandboxs_own_bill(finished: Finished) -> None:
    demo, said = finished.demo, finished.said
    bill = demo.bill()
    ours = {line["model"]: line for line in said["cost"]["lines"] if line["calls"]}
    assert sum(call["served"] for call in bill["calls"]) == sum(line["calls"] for line in ours.values())
    for name in ("input_tokens", "output_tokens"):
        assert sum(call[name] for call in bill["calls"]) == sum(line[name] for line in ours.values())
    assert abs(sum(call["usd"] for call in bill["calls"]) - sum(line["usd"] for line in ours.values())) < 1e-6
    assert abs(said["cost"]["actual"] - sum(line["usd"] for line in _paid(said))) < 1e-9
    assert said["cost"]["estimate"] / 2 < said["cost"]["actual"] < said["cost"]["estimate"] * 2


def test_the_report_is_one_page_that_says_sandbox(finished: Finished) -> None:
    said = finished.said
    page = Path(said["report"]).read_text(encoding="utf-8")
    assert "sandbox" in page.lower()
    assert "lite-48" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")


def _paid(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in said["cost"]["lines"] if line["step"] != "models kept"]


def test_a_second_run_pays_for_nothing_and_starts_no_job(finished: Finished) -> None:
    demo, said = finished.demo, finished.said
    before = demo.bill()
    again = demo.run()
    after = demo.bill()
    assert after["calls"] == before["calls"]
    assert after["training"] == before["training"]
    assert again["runs"] == said["runs"]
    assert _paid(again) == _paid(said), "nothing but the keeping of models grows after the end"
    code, status = demo.ask("status")
    assert code == 0
    assert again["cost"]["actual"] == pytest.approx(said["cost"]["actual"]), "time alone costs nothing"
    assert status["spent_usd"] >= again["cost"]["actual"]
    code, whole = demo.ask("run", "--yes")
    assert (code, whole["answered"], whole["jobs"], whole["failed"]) == (0, 0, 0, 0)


def test_nothing_is_left_that_serves(finished: Finished) -> None:
    demo = finished.demo
    code, jobs = demo.ask("jobs")
    assert code == 0
    assert [job["status"] for job in jobs["jobs"]] == ["Completed", "Completed"]
    assert [student["deployment"] for student in jobs["students"]] == ["", ""]
    assert (jobs["hourly"], jobs["elsewhere"]) == ([], [])


def test_the_records_obey_every_rule(finished: Finished) -> None:
    demo = finished.demo
    code, checked = demo.ask("validate")
    assert code == 0, json.dumps(checked)
    assert [(file["records"], file["errors"], file["warnings"]) for file in checked["files"]] == [
        (24, 0, 0),
        (48, 0, 0),
    ]
