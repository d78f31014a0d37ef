"""A person's own keys: ``keys.toml`` in the configuration folder, action id to key or keys.

    app.help = "f1"
    dataset.mark = ["space", "m"]

What is wrong is told and left out; the rest counts.
"""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, Keys, _character_to_key, format_key

from stillroom.places import config_folder
from stillroom.tui.actions import DIALOGS, LOBBY, by_id
from stillroom.tui.cells import safe
from stillroom.tui.plain import plain_key

FILE_NAME: Final = "keys.toml"

_MODIFIERS: Final = ("ctrl", "shift", "alt", "super", "hyper", "meta")
_NAMED: Final = frozenset(key.value for key in Keys if "+" not in key.value and "<" not in key.value)
_SENT_AS: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}
"""Keys that a terminal sends as others: they cannot be given to an action."""
_LOST: Final = {
    "ctrl+a": "screen, and often tmux, keeps it for itself",
    "ctrl+b": "tmux keeps it for itself",
    "ctrl+s": "a terminal may stop its output at it",
    "ctrl+q": "a terminal may take it to go on with its output",
}
"""Keys that often do not arrive, and why."""

_followed: dict[str, str] = {}
"""The keymap of the application that runs; there is one in a process."""


class Named(Protocol):
    """What is needed of an action of the catalogue."""

    @property
    def id(self) -> str: ...

    @property
    def keys(self) -> str: ...

    @property
    def scope(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Keymap:
    """What a person's file says, as far as it can be followed."""

    keys: dict[str, str] = field(default_factory=dict)
    """Action id to keys joined by commas, in Textual's names; for ``App.set_keymap``."""
    notices: tuple[str, ...] = ()
    """What is wrong with the file, one line each."""


def load_keymap(environ: Mapping[str, str], actions: Iterable[Named]) -> Keymap:
    """Read a person's keys; none when there is no file."""
    path = keymap_file(environ)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Keymap()
    except UnicodeDecodeError:
        return Keymap(notices=(f"{safe(str(path))} is left out: it is not UTF-8 text",))
    except OSError as error:
        return Keymap(notices=(f"{safe(str(path))} is left out: {safe(error.strerror or str(error))}",))
    read = read_keymap(text, actions)
    return Keymap(read.keys, tuple(f"{safe(str(path))}: {line}" for line in read.notices))


def remember_keys(keymap: Keymap) -> None:
    """Let :func:`key_of` tell these keys from now on."""
    _followed.clear()
    _followed.update(keymap.keys)


def key_of(action: str) -> str:
    """The first key of an action of the catalogue as it is shown: a person's own where there is one.

    For words that name a key of another screen, or that are put together without any screen. Of an action
    whose keys a person has all given to others of its screen it is the id: that is to be given another.

    Raises:
        KeyError: The catalogue has no such action.
    """
    return _key_in(_followed, action)


def _key_in(keys: Mapping[str, str], action: str) -> str:
    """The same with a person's ``keys``, action id to keys joined by commas."""
    known = by_id(action)
    if known is None:
        raise KeyError(action)
    own = (keys.get(action) or known.keys).split(",")
    others = [by_id(name) for name in keys if name != action] if action not in keys else []
    given = {
        key
        for other in others
        if other is not None and other.scope == known.scope
        for key in keys[other.id].split(",")
    }
    left = next((key for key in own if key not in given), None)
    return action if left is None else plain_key(format_key(left))


def keymap_file(environ: Mapping[str, str]) -> Path:
    """Where a person's keys are looked for."""
    return config_folder(environ) / FILE_NAME


def read_keymap(text: str, actions: Iterable[Named]) -> Keymap:
    """Read the text of a keymap.

    Args:
        text: TOML. ``dataset.mark = "m"``, ``"dataset.mark" = "m"`` and a table ``[dataset]`` mean the same.
        actions: The catalogue.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Keymap(notices=(f"left out: {safe(str(error))}",))
    known = {action.id: action for action in actions}
    notices: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    for name, value in _flat(said):
        if name not in known:
            unknown.append(name)
            continue
        keys = _keys(name, value, notices)
        if keys:
            wanted[name] = keys
    notices += _twice(wanted, known)
    notices += _displaced(wanted, known)
    followed = {name: ",".join(keys) for name, keys in wanted.items() if keys}
    return Keymap(followed, (*_no_actions(unknown, known, followed), *notices))


def _no_actions(names: Iterable[str], known: Mapping[str, Named], followed: Mapping[str, str]) -> list[str]:
    """Ids that the catalogue has not, with the nearest, else with the key that lists them all."""
    lines = []
    for name in names:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"{_key_in(followed, 'app.help')} lists them"
        lines.append(f"{safe(name)} is no action; {hint}")
    return lines


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _keys(name: str, value: object, notices: list[str]) -> tuple[str, ...]:
    """The keys of one line, in Textual's names."""
    if isinstance(value, str):
        value = [value] if value == "," else value.split(",")
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        notices.append(f'{name} is a key such as "m", or a list of keys')
        return ()
    keys: list[str] = []
    for said in value:
        # A space alone is the space bar.
        key = normal(said if said == " " else said.strip())
        if key is None:
            notices.append(f"{name}: {safe(said) or 'nothing'} is no key{_nearest(said)}")
        elif key in _SENT_AS:
            notices.append(
                f"{name}: {key} is left out: it never arrives, terminals send it as {_SENT_AS[key]}"
            )
        elif key not in keys:
            keys.append(key)
            why = lost(key)
            if why:
                notices.append(f"{name}: {key} may never arrive: {why}")
    if not value:
        notices.append(f"{name} has no key; it keeps its own")
    return tuple(keys)


def normal(key: str) -> str | None:
    """Textual's name for a key such as ``?``, ``ctrl+x`` or ``f5``; None when there is no such key."""
    *modifiers, last = (
        key.split("+") if key != "+" and not key.endswith("++") else [*key[:-1].split("+")[:-1], "+"]
    )
    modifiers = [modifier.lower() for modifier in modifiers]
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        return None
    if len(last) == 1:
        if not last.isprintable():
            return None
        last = _character_to_key(last.lower() if "ctrl" in modifiers else last)
    else:
        last = last.lower()
        if not _is_name(last):
            return None
    # Textual writes modifiers in this order, whatever the order a person thinks of them.
    return "+".join([*sorted(modifiers, key=("alt", "ctrl", "hyper", "meta", "shift", "super").index), last])


def _is_name(name: str) -> bool:
    if name in _NAMED or name in KEY_NAME_REPLACEMENTS.values() or name in KEY_TO_UNICODE_NAME:
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _nearest(said: str) -> str:
    near = difflib.get_close_matches(said.strip().lower(), _NAMED, 1)
    return f"; did you mean {near[0]}?" if near else ""


def lost(key: str) -> str:
    """Why a key may never arrive in a terminal; empty when nothing is known against it."""
    modifiers, _, last = key.rpartition("+")
    if modifiers and last == "enter":
        return "most terminals send it as enter alone"
    if set(modifiers.split("+")) & {"super", "hyper", "meta"}:
        return "most terminals and desktops keep it for themselves"
    return _LOST.get(key, "")


def _meet(one: Named, other: Named) -> bool:
    """Whether two actions can be reached at the same time."""
    scopes = {one.scope, other.scope}
    if "app" in scopes:
        return len(scopes) == 1 or not scopes & {*LOBBY, *DIALOGS}
    return len(scopes) == 1 or (DIALOGS[0] in scopes and scopes <= set(DIALOGS))


def _twice(wanted: dict[str, tuple[str, ...]], known: Mapping[str, Named]) -> list[str]:
    """Keys that the file gives to two actions; the first keeps it."""
    lines = []
    names = list(wanted)
    for index, later in enumerate(names):
        for first in names[:index]:
            if not _meet(known[first], known[later]):
                continue
            for key in sorted(set(wanted[first]) & set(wanted[later])):
                lines.append(f"{key} is given to {first} and to {later}; {first} keeps it")
                wanted[later] = tuple(each for each in wanted[later] if each != key)
    return lines


def _displaced(wanted: Mapping[str, tuple[str, ...]], known: Mapping[str, Named]) -> list[str]:
    """Keys that the file takes from actions that it does not name."""
    lines = []
    for name, keys in wanted.items():
        for other in known.values():
            if other.id == name or wanted.get(other.id) or not _meet(known[name], other):
                continue
            own = [normal(key.strip()) or key for key in other.keys.split(",")]
            for key in keys:
                if key not in own:
                    continue
                if other.scope != "app" and known[name].scope == "app":
                    lines.append(f"{key} for {name} does not count in {other.scope}: there it is {other.id}")
                elif other.scope == known[name].scope and set(own) <= set(keys):
                    lines.append(f"{key} for {name} leaves {other.id} without a key")
                else:
                    lines.append(f"{key} for {name} takes it from {other.id}")
    return lines
