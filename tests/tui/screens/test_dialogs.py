"""What lies over a screen: its keys, its last line, and no line that does not fit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from tests.tui.agreeing import asked
from tests.tui.test_app import until
from textual.app import App
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from stillroom.money import Amount
from stillroom.steps.contrasting import Said
from stillroom.steps.plan import Line, Plan
from stillroom.tui.actions import bindings, every_action
from stillroom.tui.clicking import Hit
from stillroom.tui.notes import Notice
from stillroom.tui.screens import dialog as dialogs
from stillroom.tui.screens.answers import Answers
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.screens.help import Help, LiveKey, help_text, title_of
from stillroom.tui.screens.notices import Notices, notices_text
from stillroom.tui.screens.question import Question
from stillroom.tui.screens.values import Values

STYLES = Path(dialogs.__file__).parents[1] / "styles" / "frame.tcss"
EVERY = [LiveKey("shift+down", action.title, action.command, "here") for action in every_action()]
LONG = Plan(
    verb="setup",
    title="Make bucket stillroom-111122223333-us-east-1-cb5ecfec and role stillroom-scenes-keywords-cb5ecfec",
    count=2,
    command="stillroom setup",
    notes=("A bucket and a role cost nothing; what is stored does.",) * 30,
)
DELETE = Plan(
    verb="delete",
    title="Delete the custom model of lite-9",
    count=1,
    lines=tuple(Line(f"fact {number}", "value") for number in range(30)),
    price=Amount(Decimal(0), Decimal(0), Decimal(0)),
    command="stillroom delete lite-9",
    needs_consent=True,
    typed="lite-9",
)
SAID = Said(
    "teacher",
    "teacher",
    "nova",
    "done",
    None,
    "",
    ("a",),
    "word " * 2000,
    10,
    20,
    300,
    Decimal("0.01"),
    0.0,
    None,
)


class Under(App[None]):
    """Nothing but the styles, and what a click needs."""

    CSS_PATH = STYLES
    latest_hit: Hit | None = None


def said(app: App[None], name: str) -> str:
    return str(app.screen.query_one(name, Static).render())


def test_help_says_every_title_whole_and_wraps_no_line_at_80_columns() -> None:
    lines = help_text(EVERY, 64).plain.splitlines()
    assert max(cell_len(line) for line in lines) <= 64
    left = iter(lines[1:])
    for action in every_action():
        line = next(left)
        assert line[13:].startswith(action.title)
        if action.command and not line.endswith(f"  {action.command}"):
            assert next(left).strip() == action.command, "a line of its own where there is no room"
    assert next(left, None) is None
    assert any(line.endswith("  stillroom train") for line in lines)


def told(app: App[None]) -> str:
    """What stands in the lower edge of a dialog."""
    return Content.from_markup(app.screen.query_one("#dialog").border_subtitle or "").plain


async def test_what_is_said_meanwhile_stands_in_the_lower_edge_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialogs, "_TOLD_SECONDS", 0.05)
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        plan = Consent(LONG, sandbox=True)
        await app.push_screen(plan)
        plan.told("Copied 15 characters [b].")
        assert told(app) == "Copied 15 characters [b]."
        await until(pilot, lambda: not told(app))


@pytest.mark.parametrize("dialog", [Consent(LONG, sandbox=True), Question("Quit?", ["It runs."], "quit")])
async def test_what_is_said_meanwhile_hides_no_key(dialog: Dialog[Any]) -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(dialog)
        dialog.told("The project file was read again.")
        await asked(pilot)
        keys = said(app, "#hint")
        dialog.told("Done: " + "Deploy lite-233 " * 10)
        assert said(app, "#hint") == keys
        assert cell_len(told(app)) < dialog.query_one("#dialog").size.width
        await pilot.click("#hint", offset=(1, 0))
        assert dialog not in app.screen_stack, "a click on a key does what it says"


async def test_of_what_is_said_meanwhile_the_lower_edge_has_what_happened() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)):
        plan = Consent(LONG, sandbox=True)
        await app.push_screen(plan)
        plan.told("The job has failed.\nRead its log.")
        assert told(app) == "The job has failed."


async def test_what_is_said_while_values_are_chosen_from_is_seen_there() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)):
        values = Values({"split": {"test": 3}})
        await app.push_screen(values)
        values.told("Done: scan")
        assert told(app) == "Done: scan"


async def test_a_long_text_is_gone_through_by_all_the_usual_keys() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Help("Keys", EVERY))
        await pilot.pause()
        part = app.screen.query_one(VerticalScroll)
        at = []
        for key in ("j", "down", "k", "space", "pagedown", "pageup", "G", "home", "end", "g"):
            await pilot.press(key)
            at.append(part.scroll_offset.y)
        page, last = part.size.height - 1, part.max_scroll_y
        assert last > 2 * page
        assert at == [1, 2, 1, 1 + page, 1 + 2 * page, 1 + page, last, 0, last, 0]


@pytest.mark.parametrize(
    ("dialog", "words"),
    [
        (Help("Keys", EVERY), "esc back   j k scroll   space page"),
        (Notices([Notice(0.0, "said", "error")] * 40), "esc back   j k scroll   space page"),
        (Question("Quit?", ["It runs."], "quit"), "⏎ quit   n not now"),
        (Values({"split": {"test": 2}}), "⏎ add to the filter   esc back"),
        (
            Answers("a.jpg", [SAID]),
            "⏎ back   v in $PAGER   y copy   j k scroll",
        ),
        (Consent(LONG, sandbox=True), "⏎ go ahead   n not now   c copy the command   j k scroll"),
        (Consent(DELETE, sandbox=True), "esc not now   ↓ ↑ scroll"),
        (
            Consent(DELETE, sandbox=True, read_only=True),
            "Read-only: nothing is done.   esc back   c copy the command",
        ),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Dialog) else "",
)
async def test_the_last_line_names_the_keys_and_is_seen(dialog: Dialog[Any], words: str) -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(dialog)
        hint = dialog.query_one("#hint", Static)
        await pilot.pause()
        await until(pilot, lambda: str(hint.render()) == words)
        assert hint.region.height == 1
        assert app.screen.query_one("#dialog").region.contains_region(hint.region)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (DELETE.title, DELETE.typed),
        (LONG.title, DELETE.typed),
        (DELETE.title, "held-for-the-pictures-of-the-harbour"),
    ],
)
async def test_beside_a_name_to_type_the_last_line_is_seen_in_the_smallest_terminal(
    title: str, name: str
) -> None:
    app = Under()
    async with app.run_test(size=(60, 16)) as pilot:
        await app.push_screen(Consent(replace(DELETE, title=title, typed=name), sandbox=True))
        await pilot.press("x", "enter")
        assert said(app, "#wanted").startswith("That is not it.")
        await pilot.pause()
        field, hint = app.screen.query_one(Input), app.screen.query_one("#hint")
        inside = app.screen.query_one("#dialog").content_region
        assert field.region.height == hint.region.height == 1
        assert all(inside.contains_region(part.region) for part in (field, hint))
        assert app.screen.query_one(VerticalScroll).size.height > 0
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert field.size.height == 1
        assert field.region.height == 3


async def test_words_of_the_last_line_give_way_before_its_keys() -> None:
    app = Under()
    async with app.run_test(size=(60, 16)) as pilot:
        await app.push_screen(Consent(LONG, sandbox=True))
        await asked(pilot)
        assert said(app, "#hint") == "⏎ go ahead   n not now   c copy   j k scroll"
    keys = [("⏎", "go ahead"), ("n", "not now"), ("c", "copy the command"), ("j k", "scroll")]
    assert dialogs.keys_line(keys, 40) == "⏎ go ahead   n not now   c copy   j k"
    assert dialogs.keys_line(keys, 35) == "⏎ go ahead   n not now   c   j k"


async def test_a_wrong_name_is_told_until_it_is_mended() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Consent(DELETE, sandbox=True))
        await pilot.press("l", "enter")
        assert said(app, "#wanted") == "That is not it. Type lite-9 and press enter."
        await pilot.press("i")
        assert said(app, "#wanted") == "Type lite-9 and press enter."


async def test_the_field_for_a_name_is_seen_to_be_empty() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Consent(DELETE, sandbox=True))
        await pilot.pause()
        field = app.screen.query_one(Input)
        shown = [field.render_line(row).text for row in range(field.size.height)]
    assert shown
    assert not "".join(shown).strip()


async def test_the_values_to_filter_by_are_gone_through_by_the_same_keys() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Values({"split": {f"value-{number}": number for number in range(30)}}))
        at = []
        for key in ("j", "k", "G", "g", "space"):
            await pilot.press(key)
            at.append(app.screen.query_one(OptionList).highlighted)
        assert at[:4] == [1, 0, 29, 0]
        assert at[4]


@pytest.mark.parametrize("count", [3, 30], ids=["few", "scrolled"])
async def test_the_value_under_the_cursor_has_its_sign(count: int) -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        facets = {"camera": {f"{'long ' * number}value-{number}": 1_000_000 for number in range(count)}}
        await app.push_screen(Values(facets))
        values = app.screen.query_one(OptionList)
        for key in ("g", "j", "G"):
            await pilot.press(key)
            await pilot.pause()
            assert values.highlighted is not None
            lines = [values.render_line(y).text for y in range(values.size.height)]
            at = values.highlighted - values.scroll_offset.y
            assert [number for number, line in enumerate(lines) if "›" in line] == [at]
            assert all(line.rstrip().endswith("1,000,000") for line in lines)


@pytest.mark.parametrize("width", [60, 80, 140])
async def test_read_only_a_plan_keeps_its_keys_in_a_small_terminal(width: int) -> None:
    app = Under()
    async with app.run_test(size=(width, 16)) as pilot:
        await app.push_screen(Consent(LONG, sandbox=True, read_only=True))
        await pilot.pause()
        line = said(app, "#hint").strip()
    assert line.startswith("Read-only")
    assert line.endswith("esc back   c copy the command")


def test_notices_are_shown_whole() -> None:
    reason = "Theme /tmp/somewhere/quite/deep/in/the/tree/themes/broken.toml: primary is no colour: 'ble'."
    text = notices_text([Notice(0.0, f"{reason}\nWrite it as #rrggbb.", "warning")], 60).plain
    assert all(cell_len(line) <= 60 for line in text.split("\n"))
    assert "".join(text.split())[9:] == "".join(f"{reason}Write it as #rrggbb.".split())


def test_a_key_of_the_toolkit_is_told_as_ours_are() -> None:
    assert title_of(Binding("tab", "app.focus_next", "Focus Next")) == "Focus next"
    assert title_of(bindings("jobs")[0]) == bindings("jobs")[0].description
