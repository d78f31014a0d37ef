"""A budget is never passed: the run stops before the call that could."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.steps.world import Box, answers, gallery, make, put, stillroom

from stillroom.steps.workspace import open_workspace


def spent(box: Box, before: dict[str, Any]) -> Decimal:
    """USD for calls on the sandbox's own bill since then; what other tests trained there goes on to cost."""
    return _calls(box.bill()) - _calls(before)


def _calls(bill: dict[str, Any]) -> Decimal:
    return sum((Decimal(str(call["usd"])) for call in bill["calls"]), Decimal(0))


def test_labeling_stops_before_the_budget(project: Path, box: Box) -> None:
    put(project, "limits", "budget", 0.02)
    before = box.bill()
    stillroom("scan", "--project", project).ok()
    said = stillroom("label", "teacher", "--yes", "--project", project)
    said.refused(5, "budget", "limits.budget")
    assert "asking stops before a call" in said.err
    kept = answers(project)["answers"]
    assert 0 < kept < 30
    assert spent(box, before) <= Decimal("0.02")


def test_what_could_not_be_sent_is_told_where_the_budget_ends_the_run(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 30, 0)
    root = make(tmp_path / "p", folder, box)
    put(root, "limits", "budget", 0.02)
    stillroom("scan", "-q", "--project", root).ok()
    for name in ("p00.jpg", "p01.jpg"):
        (folder / name).unlink()
    (folder / "p02.jpg").write_bytes(b"no picture")
    said = stillroom("label", "teacher", "-yq", "--project", root).refused(5, "stillroom scan")
    left = 30 - answers(root)["answers"]
    lost = "of which 3 could not be sent: their files are missing, changed or unreadable; $0.0"
    assert f" answered and kept, {left} left, {lost}" in said.err
    status = stillroom("status", "--json", "--project", root).ok().json
    (facts,) = [one["facts"] for one in status["steps"] if one["step"] == "label teacher"]
    assert f" · {left} left, " in facts


def test_with_a_higher_budget_it_goes_on_and_pays_nothing_twice(project: Path, box: Box) -> None:
    put(project, "limits", "budget", 0.02)
    stillroom("scan", "--project", project).ok()
    before = box.served()
    stillroom("label", "teacher", "-yq", "--project", project).refused(5)
    put(project, "limits", "budget", 50)
    stillroom("label", "teacher", "-yq", "--project", project).ok()
    assert answers(project)["answers"] == 30
    assert box.served() == before + 30


def test_training_that_does_not_fit_starts_no_job(distilled: Path, box: Box) -> None:
    put(distilled, "training", "epochs", 5)
    put(distilled, "limits", "budget", 0.2)
    before = answers(distilled)
    stillroom("train", "-yq", "--project", distilled).refused(5, "Training", "budget")
    assert answers(distilled) == before


def test_an_unknown_price_and_a_budget_do_not_go_together(project: Path, box: Box) -> None:
    put(project, "limits", "budget", 5)
    stillroom("scan", "--project", project).ok()
    before = box.served()
    said = stillroom("label", "us.example.unheard-of-v1:0", "-yq", "--project", project)
    assert said.code in (4, 5), said.err
    assert box.served() == before


def test_a_plan_under_a_budget_says_that_a_price_is_unknown(project: Path) -> None:
    model = "anthropic.claude-3-haiku-20240307-v1:0"
    put(project, "limits", "budget", 5)
    stillroom("scan", "-q", "--project", project).ok()
    words = ("label", model, "--yes", "--project", project)
    (stop,) = stillroom(*words, "--dry-run", "--json").ok().json["plan"]["stops"]
    reason = f"No price is known for {model}, so the budget cannot be kept."
    assert stop.startswith(f"{reason} Add the price to [prices]")
    stillroom(*words).refused(5, reason)
    put(project, "teacher", "model", model)
    (stop,) = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]["stops"]
    assert stop.startswith("No price is known for label teacher, so the budget cannot be kept.")


def test_the_plan_of_training_says_that_it_does_not_fit(distilled: Path, box: Box) -> None:
    put(distilled, "training", "epochs", 5)
    assert "count as gone" not in stillroom("train", "--dry-run", "--project", distilled).ok().out
    put(distilled, "limits", "budget", 0.2)
    said = stillroom("train", "--dry-run", "--project", distilled).ok().out
    _, first, *_ = said.splitlines()
    assert first.split()[0] == "stops"
    assert "nothing more is paid for." in said
    box.turn(speed=1.0)  # else keeping the students uses up what is left
    with open_workspace(distilled) as workspace:
        workspace.speed()
        spent = workspace.budget().spent
    put(distilled, "limits", "budget", float(round(spent, 4)) + 0.05)
    said = stillroom("train", "--dry-run", "--project", distilled).ok().out
    assert "no job is started when it may cost more." in said
    stillroom("train", "-yq", "--project", distilled).refused(
        5, "stillroom: Training may cost $", "is left.\n"
    )
    text = next_of(distilled)
    assert text.startswith("Train the students. The budget ")
    assert "raise limits.budget" in text


def test_status_says_that_the_budget_is_used_up(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    put(project, "limits", "budget", 0.02)
    assert "The budget leaves $0.02; this may cost $" in next_of(project)
    put(project, "limits", "budget", 0)
    used_up = "The budget is used up: raise limits.budget in stillroom.toml first."
    assert next_of(project) == f"Label the pictures with teacher. {used_up}"
    put(project, "limits", "budget", 50)
    assert next_of(project) == "Label the pictures with teacher."


def next_of(root: Path) -> str:
    return str(stillroom("status", "--json", "--project", root).ok().json["next"])
