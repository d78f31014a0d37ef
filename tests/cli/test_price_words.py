"""What plans and costs say of prices: unverified, unknown, and of what is in no sum."""

from __future__ import annotations

import re
from pathlib import Path

from tests.steps.world import put, stillroom

from stillroom.steps.workspace import open_workspace

UNVERIFIED = "price is unverified"


def test_an_upload_rests_on_unverified_prices_everywhere(project: Path) -> None:
    for words in (("scan",), ("setup", "-y"), ("label", "teacher", "-y"), ("build",)):
        stillroom(*words, "-q", "--project", project).ok()
    notes = stillroom("upload", "--dry-run", "--json", "--project", project).ok().json["plan"]["notes"]
    assert any(UNVERIFIED in note for note in notes)
    assert not any("list price" in note for note in notes)
    costs = stillroom("cost", "--json", "--project", project).ok().json
    (upload,) = [one for one in costs["left"] if one["step"] == "upload"]
    assert upload["unverified"]
    assert "(unverified)" in upload["how"]
    s3 = {one["what"]: one for one in costs["prices"] if one["what"].startswith("S3")}
    assert set(s3) == {"S3, sending", "S3, keeping"}
    assert (s3["S3, sending"]["unit"], s3["S3, keeping"]["unit"]) == ("1K requests", "GB-month")


def test_what_was_uploaded_is_told_of(distilled: Path, project: Path) -> None:
    assert "Not counted: S3, about $0.0" in stillroom("cost", "--project", distilled).ok().out
    costs = stillroom("cost", "--json", "--project", distilled).ok().json
    assert costs["s3_files"] > 20
    assert costs["s3_usd"] > 0
    stillroom("scan", "-q", "--project", project).ok()
    assert "Not counted" not in stillroom("cost", "--project", project).ok().out


def test_measured_tokens_are_held_against_the_formula_and_said_to_be(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    said = stillroom("label", "teacher", "--limit", "3", "-y", "--project", project).ok().out
    assert re.search(r"tokens: [\d,]+ in, \d\.\d\d of the formula's estimate, ", said)
    costs = stillroom("cost", "--project", project).ok().out
    assert re.search(r"  \d\.\d\d of the formula's estimate$", costs, re.MULTILINE)


def test_an_unknown_price_is_not_called_unverified(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    put(project, "teacher", "model", "vendor.unknown-v1:0")
    for words in (("label", "teacher"), ("ask", "p00.jpg")):
        said = stillroom(*words, "--dry-run", "--project", project).ok().out
        assert UNVERIFIED not in said
        assert "No price is known for vendor.unknown-v1:0" in said


def test_a_misspelt_base_model_has_a_hint_and_no_token_count(project: Path) -> None:
    for words in (("scan",), ("setup", "-y"), ("label", "teacher", "-y"), ("build",), ("upload", "-y")):
        stillroom(*words, "-q", "--project", project).ok()
    put(project, "training", "base_model", "amazon.nova-lit-v1:0:300k")
    costs = stillroom("cost", "--json", "--project", project).ok().json["left"]
    assert all(
        "an unknown number of tokens" in one["how"] for one in costs if one["step"].startswith("train")
    )
    said = stillroom("train", "--dry-run", "--project", project).ok().out
    assert " 0 tokens" not in said
    assert "Did you mean amazon.nova-lite-v1:0" in said
    assert UNVERIFIED not in said


def test_a_sum_that_is_unknown_is_not_about_unknown(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    put(project, "teacher", "model", "vendor.unknown-v1:0")
    said = stillroom("cost", "--project", project).ok().out
    assert "Still to be spent, an unknown amount" in said
    assert "about unknown" not in said


def test_a_price_that_counts_for_nothing_is_told_of(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    file = project / "stillroom.toml"
    before = file.read_text(encoding="utf-8")
    used = ("amazon.nova-pro-v1:0", "us.amazon.nova-lite-v1:0", "aws.s3")
    tables = [f'[prices."{model}"]\n{"write" if model == "aws.s3" else "input"} = 0.5\n' for model in used]
    typo = '[prices."amazon.nova-prox-v1:0"]\ninput = 0.5\n'
    file.write_text("\n".join([before, *tables, typo]), encoding="utf-8")
    (remark,) = stillroom("cost", "--json", "--project", project).ok().json["remarks"]
    assert "amazon.nova-prox-v1:0" in remark
    assert "nearest that it uses is amazon.nova-pro-v1:0." in remark
    assert remark in stillroom("cost", "--project", project).ok().out


def test_every_row_on_an_unverified_price_has_the_mark(distilled: Path) -> None:
    cost = stillroom("cost", "--project", distilled).ok().out
    rows = [line for line in cost.splitlines() if line.lstrip().startswith("train lite-")]
    assert rows
    assert all(re.search(r"\$[0-9.]+\*", row) for row in rows)
    assert not any("*" in line for line in cost.splitlines() if "label teacher" in line)
    assert "* unverified price" in cost
    jobs = stillroom("jobs", "--project", distilled).ok().out
    assert re.search(r"lite-20 .*\$[0-9.]+\*", jobs)
    assert "* unverified price" in jobs


def test_an_own_price_has_no_mark(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        base = workspace.settings.training.base_model
    with (distilled / "stillroom.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[prices."{base}"]\ntraining = 0.001\n')
    assert "lite-20" in (jobs := stillroom("jobs", "--project", distilled).ok().out)
    assert "*" not in jobs
