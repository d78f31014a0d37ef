"""Themes: the shipped ones can be read by everybody; a wrong file is named and harms nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import Theme
from textual.widgets import Static

from stillroom.tui.cells import safe
from stillroom.tui.themes import (
    BrokenTheme,
    Themes,
    load_themes,
    read_theme,
    readable_theme,
    shipped_folder,
    use_theme,
)

CHECKOUT = Path(__file__).parents[2]
SHIPPED = ("copper", "high-contrast", "linen", "terminal")
GROUNDS = ("background", "surface", "panel")
TEXTS = (
    "foreground", "text-muted", "foreground-muted", "primary", "secondary", "accent", "success", "warning",
    "error", "text-primary", "text-secondary", "text-accent", "text-success", "text-warning", "text-error",
)  # fmt: skip
PAIRS = (
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("foreground", "block-hover-background"),
    ("input-selection-foreground", "input-selection-background"),
    ("screen-selection-foreground", "screen-selection-background"),
    ("button-color-foreground", "primary"),
    *((text, ground) for text in TEXTS for ground in GROUNDS),
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "stillroom" / "themes"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def _contrast(one: Color, other: Color) -> float:
    """Contrast ratio of two colours (WCAG 2.2, "contrast ratio" and "relative luminance")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _in_256(color: Color) -> Color:
    number = RichColor.from_rgb(*color.rgb).downgrade(ColorSystem.EIGHT_BIT)
    return Color(*number.get_truecolor())


def _color(theme: Theme, name: str) -> Color:
    variables = {**theme.to_color_system().generate(), **theme.variables}
    return Color.parse(variables[name])


def test_the_themes_of_the_checkout_are_read(environ: dict[str, str]) -> None:
    # Installed, the package brings them itself; in a checkout they stand at its top, and are the same.
    assert sorted(one.name for one in shipped_folder().iterdir()) == sorted(
        one.name for one in (CHECKOUT / "themes").iterdir()
    )
    themes = load_themes(environ)
    assert tuple(sorted(themes.by_name)) == SHIPPED
    assert themes.notices == ()


def _low(
    theme: Theme, pairs: Iterable[tuple[str, str]], least: float, *, quantised: bool
) -> dict[str, float]:
    low = {}
    for text, ground in pairs:
        colors = (_color(theme, text), _color(theme, ground))
        if quantised:
            colors = (_in_256(colors[0]), _in_256(colors[1]))
        ratio = _contrast(*colors)
        if ratio < least:
            low[f"{text} on {ground}"] = round(ratio, 2)
    return low


@pytest.mark.parametrize(("name", "least"), [("copper", 4.5), ("linen", 4.5), ("high-contrast", 7.0)])
def test_every_text_stands_out_from_what_it_stands_on(
    name: str, least: float, environ: dict[str, str]
) -> None:
    assert _low(load_themes(environ).by_name[name], PAIRS, least, quantised=False) == {}


@pytest.mark.parametrize(
    ("name", "least", "least_state"), [("copper", 4.5, 4.5), ("linen", 4.5, 3.5), ("high-contrast", 7.0, 7.0)]
)
def test_in_256_colours_it_can_still_be_read(
    name: str, least: float, least_state: float, environ: dict[str, str]
) -> None:
    theme = load_themes(environ).by_name[name]
    plain = [pair for pair in PAIRS if pair[0].endswith(("foreground", "muted"))]
    assert _low(theme, plain, least, quantised=True) == {}
    assert _low(theme, PAIRS, least_state, quantised=True) == {}


@pytest.mark.parametrize("name", ["copper", "linen", "high-contrast"])
def test_what_is_marked_by_its_ground_stays_apart_in_256_colours(name: str, environ: dict[str, str]) -> None:
    theme = load_themes(environ).by_name[name]
    grounds = [_in_256(_color(theme, ground)).hex for ground in (*GROUNDS, "block-cursor-blurred-background")]
    assert len(set(grounds)) == len(grounds)


def test_contrast_is_what_the_standard_says() -> None:
    assert _contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert _contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_a_theme_of_ones_own_needs_no_more_than_what_differs(own: Path, environ: dict[str, str]) -> None:
    (own / "mine.toml").write_text('[colors]\naccent = "#00ff00"\n', encoding="utf-8")
    themes = load_themes(environ)
    mine, copper = themes.by_name["mine"], themes.by_name["copper"]
    assert themes.notices == ()
    assert (mine.accent, mine.primary) == ("#00ff00", copper.primary)
    assert mine.variables["text-muted"] == copper.variables["text-muted"]
    assert "text-accent" not in mine.variables


def test_a_light_theme_begins_with_linen(own: Path, environ: dict[str, str]) -> None:
    (own / "mine.toml").write_text("dark = false\n", encoding="utf-8")
    themes = load_themes(environ)
    assert themes.by_name["mine"].background == themes.by_name["linen"].background


def test_a_theme_of_ones_own_takes_the_place_of_a_shipped_one(own: Path, environ: dict[str, str]) -> None:
    (own / "copper.toml").write_text('[colors]\nprimary = "#ff0000"\n', encoding="utf-8")
    assert load_themes(environ).by_name["copper"].primary == "#ff0000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[colors]\nprimry = "#ff0000"', "colors.primry is not known; did you mean colors.primary?"),
        ('[colours]\nprimary = "#ff0000"', "colours is not known; did you mean colors?"),
        ('[colors]\nprimary = "redish"', "colors.primary is not a colour such as #d7915f: redish"),
        ("[colors]\nprimary = 12", "colors.primary is not a colour such as #d7915f: 12"),
        ('[colors]\nprimary = "\\u001b[31m"', "colors.primary is not a colour such as #d7915f: \\x1b[31m"),
        ('[colors]\nprimary = "red 40%"', "colors.primary is not a colour such as #d7915f: red 40%"),
        ('dark = "yes"', "dark is true or false, not yes"),
        ("colors = 3", "colors is a table: write [colors]"),
        ('[variables]\nbordr = "red"', "variables.bordr is not known; did you mean variables.border?"),
        ('[variables]\nborder = "red 400%"', "variables.border is not a colour such as #d7915f: red 400%"),
        (
            '[variables]\nblock-cursor-text-style = "loud"',
            "variables.block-cursor-text-style is not a text style such as bold: loud",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_key(
    text: str, expected: str, own: Path, environ: dict[str, str]
) -> None:
    (own / "mine.toml").write_text(text, encoding="utf-8")
    themes = load_themes(environ)
    assert themes.notices == (f"Theme {own / 'mine.toml'}: {expected}",)
    assert themes.by_name["mine"].primary == themes.by_name["copper"].primary


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("mine", b"[colors\n", "Expected ']' at the end of a table declaration (at line 1, column 8)"),
        ("mine", b"\xff\xfe", "it is not UTF-8 text"),
        ("My Own", b"", "a theme's file name has small letters, digits, - and _ only"),
    ],
)
def test_a_broken_theme_is_named_and_left_out(
    name: str, content: bytes, why: str, own: Path, environ: dict[str, str]
) -> None:
    (own / f"{name}.toml").write_bytes(content)
    themes = load_themes(environ)
    assert tuple(sorted(themes.by_name)) == SHIPPED
    assert themes.notices == (f"Theme {own / name}.toml is left out: {why}",)


def test_a_theme_without_anything_to_begin_from_needs_its_first_colour() -> None:
    with pytest.raises(BrokenTheme, match=r"colors\.primary is missing"):
        read_theme("mine", "", {})


def test_a_changed_file_is_read_again(own: Path) -> None:
    file = own / "mine.toml"
    file.write_text('[colors]\nprimary = "#ff0000"\n', encoding="utf-8")
    themes = Themes(own)
    assert themes.changed()
    assert not themes.changed()
    file.write_text('[colors]\nprimary = "#00ff0000"\n', encoding="utf-8")
    assert themes.changed()
    assert themes.by_name["mine"].primary == "#00ff0000"
    file.write_text("[colors\n", encoding="utf-8")
    assert themes.changed()
    assert themes.by_name["mine"].primary == "#00ff0000", "an editor half way through does no harm"
    assert len(themes.notices) == 1
    file.unlink()
    assert themes.changed()
    assert "mine" not in themes.by_name
    assert themes.notices == ()


def test_without_colour_the_terminals_own_colours_are_not_used(environ: dict[str, str]) -> None:
    themes = load_themes(environ).by_name
    assert readable_theme({}, "terminal", themes) == "terminal"
    assert readable_theme({"NO_COLOR": "1"}, "terminal", themes) == "copper"
    assert readable_theme({"NO_COLOR": "1"}, "linen", themes) == "linen"
    assert readable_theme({}, "gone", themes) == "copper"


class _Painted(App[None]):
    CSS = """
    #one { color: $text-muted; background: $background; }
    #two { color: $block-cursor-foreground; background: $block-cursor-background; }
    #three { color: $warning; background: $panel; border: round $border-blurred; }
    """

    def compose(self) -> ComposeResult:
        for name in ("one", "two", "three"):
            yield Static("text", id=name)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("no_color", [False, True], ids=["colour", "NO_COLOR"])
async def test_an_application_can_be_painted_with_it(
    name: str, no_color: bool, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    themes = load_themes(environ).by_name
    app = _Painted()
    async with app.run_test() as pilot:
        use_theme(app, readable_theme(os.environ, name, themes), themes)
        await pilot.pause()
        for widget in ("one", "two", "three"):
            line = app.query_one(f"#{widget}").render_line(1 if widget == "three" else 0)
            for segment in line.apply_filter(app._filters[-1], Color.parse("#000000")):
                style = segment.style
                if segment.text.strip() and style is not None:
                    assert style.color is not None
                    assert style.color != style.bgcolor
        if no_color:
            assert "NO_COLOR" in os.environ, "children are told too"


async def test_a_changed_theme_is_painted_at_once(own: Path, environ: dict[str, str]) -> None:
    file = own / "mine.toml"
    file.write_text('[colors]\nbackground = "#ff0000"\n', encoding="utf-8")
    themes = load_themes(environ)
    app = _Painted()
    async with app.run_test() as pilot:
        use_theme(app, "mine", themes.by_name)
        await pilot.pause()
        assert app.query_one("#one").styles.background.r > 200
        file.write_text('[colors]\nbackground = "#0000ff"  # blue\n', encoding="utf-8")
        assert themes.changed()
        use_theme(app, "mine", themes.by_name)
        await pilot.pause()
        assert app.query_one("#one").styles.background.b > 200


def test_a_wanted_theme_that_there_is_none_of_is_named_with_the_nearest(
    own: Path, environ: dict[str, str]
) -> None:
    (own / "harbour.toml").write_text("dark = true\n", encoding="utf-8")
    (own / "torn.toml").write_text("[colors\n", encoding="utf-8")
    themes = load_themes(environ)
    assert themes.lack_of("harbor") == ("there is no theme harbor; did you mean harbour?",)
    known = "copper, harbour, high-contrast, linen, terminal"
    assert themes.lack_of("no\x1bpe") == (
        f"there is no theme {safe('no' + chr(27) + 'pe')}; there are {known}",
    )
    assert themes.lack_of("terminal") == themes.lack_of("") == ()
    assert themes.lack_of("torn") == (), "that its file is left out has been said"
