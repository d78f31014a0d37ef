"""Themes from TOML files: those that are shipped and a person's own, read again when they change.

A file is named for its theme. ``[colors]`` holds the colours that Textual derives all others from,
``[variables]`` overrides single ones. What a file leaves out is as in copper, in linen for a
light theme, or in terminal for one of the terminal's own colours.
"""

from __future__ import annotations

import difflib
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from textual.app import App
from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import Theme

from stillroom.places import config_folder
from stillroom.tui.cells import safe

DEFAULT: Final = "copper"
_LIGHT: Final = "linen"
_ANSI: Final = "terminal"
_COLORS: Final = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "boost",
    "success", "warning", "error",
)  # fmt: skip
_TABLES: Final = ("colors", "variables")
_SWITCHES: Final = ("dark", "ansi")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHARE = re.compile(r"(.+?)(?: (\d{1,3})%)?")


class BrokenTheme(Exception):
    """A theme file that cannot be used at all; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class _File:
    """One theme file as it was last seen."""

    path: Traversable
    stamp: tuple[int, int]
    """Time of the last change in nanoseconds and size in bytes; zeros where there is no file system."""


@dataclass
class Themes:
    """All themes that there are.

    Attributes:
        own: Folder of a person's own themes; it need not exist.
        by_name: The themes; one of a person's own takes the place of a shipped one.
        notices: What is wrong with files, one line each, naming file and key.
    """

    own: Path
    by_name: dict[str, Theme] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    _seen: dict[str, _File] = field(default_factory=dict)

    def changed(self) -> bool:
        """Read again when a file was added, changed or removed; True when that was so.

        Costs a look at a few files: meant to be called about once a second. A file that was good before and
        is broken now (an editor may be half way through) keeps its theme as it was.
        """
        files = _files(self.own)
        if files == self._seen:
            return False
        before, self._seen = self.by_name, files
        shipped = {theme.name: theme for theme in _shipped()}
        self.by_name, notices = {}, []
        for name, file in files.items():
            try:
                text = file.path.read_bytes().decode("utf-8-sig")
                theme, found = read_theme(name, text, shipped)
            except (BrokenTheme, OSError, UnicodeDecodeError) as error:
                why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
                notices.append(f"Theme {safe(str(file.path))} is left out: {safe(why)}")
                if name in before or name in shipped:
                    self.by_name[name] = before.get(name) or shipped[name]
                continue
            self.by_name[name] = theme
            notices.extend(f"Theme {safe(str(file.path))}: {line}" for line in found)
        self.notices = tuple(notices)
        return True

    def lack_of(self, wanted: str) -> tuple[str, ...]:
        """That there is no theme of a name, with the nearest; nothing where its file is named as broken."""
        if not wanted or wanted in self.by_name or wanted in self._seen:
            return ()
        near = difflib.get_close_matches(wanted, self.by_name, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(self.by_name))}"
        return (f"there is no theme {safe(wanted)}; {hint}",)


def load_themes(environ: Mapping[str, str]) -> Themes:
    """The shipped themes and those in the ``themes`` folder of a person's configuration."""
    themes = Themes(config_folder(environ) / "themes")
    themes.changed()
    return themes


def readable_theme(environ: Mapping[str, str], wanted: str, themes: Mapping[str, Theme]) -> str:
    """The name of a theme that can be read here: ``wanted`` where there is one and it can be.

    Without colour (``NO_COLOR``) Textual turns every colour to grey. A theme of the terminal's own colours
    would come out black on black, since nobody knows what those are.
    """
    theme = themes.get(wanted)
    if theme is None or (theme.ansi and "NO_COLOR" in environ):
        return DEFAULT
    return wanted


def begin_with_theme(app: App[Any], wanted: str, themes: Mapping[str, Theme]) -> None:
    """Give an app that does not run yet all themes, and one to begin with: a change later styles all anew.

    A light theme, or one of the terminal's own colours, must be set when the app runs: more hangs on it.
    """
    for theme in themes.values():
        app.register_theme(theme)
    if themes[wanted].dark and not themes[wanted].ansi:
        app.set_reactive(App.theme, wanted)
        app.set_class(True, f"-theme-{wanted}", update=False)
        app.stylesheet.set_variables(app.get_css_variables())


def use_theme(app: App[Any], wanted: str, themes: Mapping[str, Theme]) -> None:
    """Give ``app`` all themes and paint it with one, also when only what that one says has changed."""
    before = app.current_theme
    for theme in themes.values():
        app.register_theme(theme)
    if app.theme != wanted:
        app.theme = wanted
    elif app.current_theme != before:
        app.mutate_reactive(App.theme)


def read_theme(name: str, text: str, bases: Mapping[str, Theme]) -> tuple[Theme, list[str]]:
    """Make a theme of a file's text.

    Args:
        name: The theme's name, from the file's name.
        text: TOML.
        bases: The shipped themes, for what is left out. Empty: nothing may be left out.

    Returns:
        The theme, and what is wrong with the file, one line each with the key; that counts as left out.

    Raises:
        BrokenTheme: The name or the TOML is wrong, or a colour that must be there is missing.
    """
    if not _NAME.fullmatch(name):
        raise BrokenTheme("a theme's file name has small letters, digits, - and _ only")
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenTheme(str(error)) from None
    notices = _unknown(said, (*_SWITCHES, *_TABLES), "")
    dark, ansi = (_switch(said, key, usual, notices) for key, usual in (("dark", True), ("ansi", False)))
    tables = {key: _table(said, key, notices) for key in _TABLES}
    notices += _unknown(tables["colors"], _COLORS, "colors.")
    notices += _unknown(tables["variables"], known_variables(), "variables.")
    colors = _good(tables["colors"], _COLORS, "colors.", notices)
    variables = _good(tables["variables"], known_variables(), "variables.", notices)
    base = bases.get(_ANSI if ansi else DEFAULT if dark else _LIGHT)
    if base is not None:
        # A colour of the file's own must not be hidden by a variable that the base derives from its own.
        inherited = {key: value for key, value in base.variables.items() if not _follows(key, colors)}
        variables = {**inherited, **variables}
        colors = {**{key: getattr(base, key) for key in _COLORS if getattr(base, key)}, **colors}
    if "primary" not in colors:
        raise BrokenTheme("colors.primary is missing")
    named: dict[str, Any] = {key: colors[key] for key in _COLORS if key in colors}
    return Theme(name=name, dark=dark, ansi=ansi, variables=variables, **named), notices


def _follows(variable: str, colors: Mapping[str, str]) -> bool:
    """Whether a variable belongs to one of the colours that a file sets itself."""
    if variable.startswith(("ansi-", "surface-active", "foreground-disabled")):
        return False  # Textual derives none of these for a theme of the terminal's own colours
    if {"background", "foreground", "primary"} & colors.keys():
        return True
    return any(variable == f"text-{color}" for color in colors)


def _unknown(table: Mapping[str, object], known: tuple[str, ...], prefix: str) -> list[str]:
    lines = []
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {prefix}{near[0]}?" if near else ""
            lines.append(f"{prefix}{safe(key)} is not known{hint}")
    return lines


def _switch(said: Mapping[str, Any], key: str, usual: bool, notices: list[str]) -> bool:
    value = said.get(key, usual)
    if isinstance(value, bool):
        return value
    notices.append(f"{key} is true or false, not {safe(str(value))}")
    return usual


def _table(said: Mapping[str, Any], key: str, notices: list[str]) -> Mapping[str, object]:
    value = said.get(key, {})
    if isinstance(value, dict):
        return value
    notices.append(f"{key} is a table: write [{key}]")
    return {}


def _good(
    table: Mapping[str, object], known: tuple[str, ...], prefix: str, notices: list[str]
) -> dict[str, str]:
    good = {}
    for key, value in table.items():
        if key not in known:
            continue
        is_style = key.endswith("-style") or "-style-" in key
        if isinstance(value, str) and (_is_style(value) if is_style else _is_color(value, prefix)):
            good[key] = value
        else:
            kind = "a text style such as bold" if is_style else "a colour such as #d7915f"
            notices.append(f"{prefix}{key} is not {kind}: {safe(str(value))}")
    return good


def _is_style(value: str) -> bool:
    words = value.split()
    return bool(words) and all(word in VALID_STYLE_FLAGS for word in words)


def _is_color(value: str, prefix: str) -> bool:
    match = _SHARE.fullmatch(value)
    if match is None or (match[2] is not None and (prefix == "colors." or int(match[2]) > 100)):
        return False
    if match[1] == "auto":
        return prefix != "colors."
    try:
        Color.parse(match[1])
    except ColorParseError:
        return False
    return True


@cache
def known_variables() -> tuple[str, ...]:
    """Everything that ``[variables]`` may set: what Textual derives from a theme's colours."""
    return tuple(Theme("any", primary="#000000").to_color_system().generate())


@cache
def _shipped() -> tuple[Theme, ...]:
    """The shipped themes, read once; their own files are right, a test sees to that."""
    themes: dict[str, Theme] = {}
    for path in _in(shipped_folder()).values():
        name = path.name.removesuffix(".toml")
        themes[name] = read_theme(name, path.read_bytes().decode("utf-8"), {})[0]
    return tuple(themes.values())


def shipped_folder() -> Traversable:
    """Where the shipped themes are: in the installed package, or at the top of a checkout."""
    package = importlib.resources.files("stillroom")
    inside = package / "themes"
    return inside if inside.is_dir() else Path(str(package)).parents[1] / "themes"


def _in(folder: Traversable) -> dict[str, Traversable]:
    try:
        found = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    except OSError:
        return {}
    return {path.name.removesuffix(".toml"): path for path in sorted(found, key=lambda path: path.name)}


def _files(own: Path) -> dict[str, _File]:
    """Every theme's file, with a mark that changes when the file does."""
    found = {**_in(shipped_folder()), **_in(own)}
    files = {}
    for name, path in found.items():
        stamp = (0, 0)
        if isinstance(path, Path):
            try:
                about = path.stat()
            except OSError:
                continue
            stamp = (about.st_mtime_ns, about.st_size)
        files[name] = _File(path, stamp)
    return files
