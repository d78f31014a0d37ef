"""What a check of the records has found is told in short, and can be read in full."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.test_app import opened, said, until

from stillroom.steps.workspace import open_workspace


async def test_what_the_check_of_the_records_found_is_told_and_can_be_read(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (distilled / "records" / "10.jsonl").open("ab") as file:
        file.write(b"damaged\n")
    with open_workspace(distilled) as workspace:
        async with opened(workspace) as (app, pilot):
            paged: list[str] = []
            monkeypatch.setattr(app, "page_text", paged.append)
            await pilot.press("v")
            await until(pilot, lambda: "V checks the records first." in said(app))
            await pilot.press("V")
            await until(pilot, lambda: "v shows them" in said(app))
            told = app.notices[-1]
            assert told.severity == "error"
            assert told.text.startswith("Checked 2 files: 1 error, ")
            assert "\\" not in told.text, "a line break would be spelt out"
            await pilot.press("v")
            await until(pilot, lambda: bool(paged))
    assert "10.jsonl: 11 records, 1 error" in paged[0]
    assert "error   line 11: " in paged[0]


async def test_a_check_that_finds_only_advice_is_no_bad_news(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        async with opened(workspace) as (app, pilot):
            await pilot.press("V")
            await until(pilot, lambda: "Checked 2 files: " in said(app))
            assert app.notices[-1].severity == "information"
