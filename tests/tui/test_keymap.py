"""A person's own keys: what can be followed is, what cannot is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Key

from stillroom.tui.actions import CATALOGUE, DIALOGS, LOBBY, every_action
from stillroom.tui.dataset_lines import nothing_lines
from stillroom.tui.keymap import Keymap, key_of, load_keymap, lost, normal, read_keymap, remember_keys


@dataclass(frozen=True)
class _Action:
    id: str
    keys: str

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]


ACTIONS = (
    _Action("app.help", "question_mark,f1"),
    _Action("app.quit", "q"),
    _Action("dataset.mark", "space"),
    _Action("dataset.sort", "s"),
    _Action("jobs.stop", "x"),
)


@pytest.mark.parametrize(
    "text",
    ['dataset.mark = "m"', '"dataset.mark" = "m"', '[dataset]\nmark = "m"', 'dataset.mark = ["m"]'],
)
def test_an_action_gets_the_key_that_the_file_gives_it(text: str) -> None:
    assert read_keymap(text, ACTIONS) == Keymap({"dataset.mark": "m"})


def test_an_action_can_have_several_keys() -> None:
    assert read_keymap('dataset.mark = ["m", "?", "m"]', ACTIONS).keys == {"dataset.mark": "m,question_mark"}
    assert read_keymap('dataset.mark = "m, f6"', ACTIONS).keys == {"dataset.mark": "m,f6"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('dataset.mrk = "m"', "dataset.mrk is no action; did you mean dataset.mark?"),
        ('zzz = "m"', "zzz is no action; ? lists them"),
        ('"\\u001b[31m" = "m"', "\\x1b[31m is no action; ? lists them"),
        ('dataset.mark = "pagdown"', "dataset.mark: pagdown is no key; did you mean pagedown?"),
        ('dataset.mark = ""', "dataset.mark: nothing is no key"),
        ("dataset.mark = []", "dataset.mark has no key; it keeps its own"),
        ("dataset.mark = 3", 'dataset.mark is a key such as "m", or a list of keys'),
        ("dataset.mark = [3]", 'dataset.mark is a key such as "m", or a list of keys'),
        ("dataset.mark", "left out: Expected '=' after a key in a key/value pair (at end of document)"),
    ],
)
def test_what_cannot_be_followed_is_told(text: str, expected: str) -> None:
    assert read_keymap(text, ACTIONS) == Keymap({}, (expected,))


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        (
            'dataset.mark = "m"\ndataset.sort = "m"',
            {"dataset.mark": "m"},
            "m is given to dataset.mark and to dataset.sort; dataset.mark keeps it",
        ),
        (
            'app.quit = "m"\ndataset.sort = ["m", "o"]',
            {"app.quit": "m", "dataset.sort": "o"},
            "m is given to app.quit and to dataset.sort; app.quit keeps it",
        ),
        ('dataset.mark = "s"', {"dataset.mark": "s"}, "s for dataset.mark leaves dataset.sort without a key"),
        ('dataset.mark = "f1"', {"dataset.mark": "f1"}, "f1 for dataset.mark takes it from app.help"),
        ('app.quit = "f1"', {"app.quit": "f1"}, "f1 for app.quit takes it from app.help"),
        (
            'app.quit = "x"',
            {"app.quit": "x"},
            "x for app.quit does not count in jobs: there it is jobs.stop",
        ),
    ],
)
def test_clashes_are_told(text: str, keys: dict[str, str], expected: str) -> None:
    assert read_keymap(text, ACTIONS) == Keymap(keys, (expected,))


def test_keys_may_be_exchanged_and_two_screens_may_share_one() -> None:
    exchanged = 'dataset.mark = "s"\ndataset.sort = "space"\njobs.stop = "s"'
    read = read_keymap(exchanged, ACTIONS)
    assert read.notices == ()
    assert read.keys == {"dataset.mark": "s", "dataset.sort": "space", "jobs.stop": "s"}


@pytest.mark.parametrize("key", ["ctrl+i", "ctrl+m", "ctrl+h", "ctrl+["])
def test_keys_that_are_sent_as_others_are_told_and_left_out(key: str) -> None:
    read = read_keymap(f'dataset.mark = "{key}"\ndataset.sort = ["m", "{key}"]', ACTIONS)
    assert read.keys == {"dataset.sort": "m"}
    assert len(read.notices) == 2
    assert f"dataset.mark: {normal(key)} is left out: it never arrives" in read.notices[0]


@pytest.mark.parametrize("key", "abcdefghijklmnopqrstuvwxyz")
def test_only_keys_that_arrive_as_others_are_left_out(key: str) -> None:
    (arrived,) = XTermParser().feed(chr(ord(key) & 0x1F))
    assert isinstance(arrived, Key)
    found = read_keymap(f'dataset.mark = "ctrl+{key}"', ACTIONS)
    assert ("dataset.mark" in found.keys) is (arrived.key == normal(f"ctrl+{key}"))


@pytest.mark.parametrize(
    "key",
    ["shift+enter", "ctrl+enter", "alt+enter", "ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "super+x"],
)
def test_keys_that_may_not_arrive_are_told_and_set_all_the_same(key: str) -> None:
    read = read_keymap(f'dataset.mark = "{key}"', ACTIONS)
    assert read.keys == {"dataset.mark": normal(key)}
    assert len(read.notices) == 1
    assert "may never arrive: " in read.notices[0]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("?", "question_mark"),
        ("G", "G"),
        ("Ctrl+X", "ctrl+x"),
        ("shift+ctrl+up", "ctrl+shift+up"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        (" ", "space"),
        ("F5", "f5"),
        ("ㅎ", "ㅎ"),
        ("question_mark", "question_mark"),
        ("ctrl+ctrl+x", None),
        ("cmd+x", None),
        ("", None),
        ("\x1b", None),
    ],
)
def test_names_of_keys(key: str, expected: str | None) -> None:
    assert normal(key) == expected


@given(st.text(st.characters(codec="ascii")))
def test_any_name_of_a_key_is_taken_or_refused(key: str) -> None:
    made = normal(key)
    assert made is None or normal(made) == made


@given(st.text())
def test_any_other_text_is_taken_or_refused_too(key: str) -> None:
    assert normal(key) != ""


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read_keymap(text, ACTIONS)


def test_the_file_is_found_and_named(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert load_keymap(environ, ACTIONS) == Keymap()
    file = tmp_path / "stillroom" / "keys.toml"
    file.parent.mkdir()
    file.write_text('dataset.mrk = "m"', encoding="utf-8")
    (line,) = load_keymap(environ, ACTIONS).notices
    assert line == f"{file}: dataset.mrk is no action; did you mean dataset.mark?"
    file.write_bytes(b"\xff")
    assert load_keymap(environ, ACTIONS) == Keymap(notices=(f"{file} is left out: it is not UTF-8 text",))
    file.unlink()
    file.mkdir()
    assert load_keymap(environ, ACTIONS) == Keymap(notices=(f"{file} is left out: Is a directory",))


def test_no_key_of_the_catalogue_is_one_that_never_arrives_or_clashes() -> None:
    for scope, actions in CATALOGUE.items():
        taken = {}
        everywhere = () if scope in (*LOBBY, *DIALOGS, "app") else CATALOGUE["app"]
        if scope in DIALOGS[1:]:
            everywhere = CATALOGUE[DIALOGS[0]]
        for action in (*everywhere, *actions):
            for key in action.keys.split(","):
                name = normal(key)
                assert name is not None, (action.id, key)
                assert not lost(name), (action.id, key)
                assert read_keymap(f'{action.id} = ["{name}"]', [action]).keys, (action.id, key)
                assert name not in taken, (action.id, taken[name])
                taken[name] = action.id


class _Keyed(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "go('help')", id="app.help"),
        Binding("q", "go('quit')", id="app.quit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.went: list[str] = []

    def action_go(self, where: str) -> None:
        self.went.append(where)


async def test_textual_follows_it() -> None:
    app = _Keyed()
    async with app.run_test() as pilot:
        app.set_keymap(read_keymap('app.help = "+"\napp.quit = "f1"', ACTIONS).keys)
        await pilot.press("plus", "f1", "q", "question_mark")
        assert app.went == ["help", "quit"]


def test_words_name_the_keys_that_count() -> None:
    assert [key_of(name) for name in ("overview.setup", "dataset.filter", "dataset.clear")] == [
        "M",
        "/",
        "backspace",
    ]
    try:
        remember_keys(read_keymap('dataset.scan = ["f9", "S"]\noverview.setup = "ctrl+x"', every_action()))
        assert (key_of("overview.setup"), key_of("dataset.filter")) == ("ctrl+x", "/")
        assert "f9 scans the folder" in nothing_lines(0, "/p").plain
        remember_keys(read_keymap('labeling.stop = "r"\nlabeling.try = "n"\njobs.look = "T"', every_action()))
        assert key_of("labeling.resume") == "labeling.resume", "r stops the run now"
        assert key_of("labeling.next") == "]"
        assert key_of("overview.train") == "T", "that key was taken on another screen"
    finally:
        remember_keys(Keymap())
    with pytest.raises(KeyError):
        key_of("overview.nothing")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('app.help = "f2"', "f2"),
        ('app.help = ["f2", "f3"]', "f2"),
        ('app.notices = "?"', "f1"),
        ('app.notices = "f2"', "?"),
    ],
)
def test_the_key_that_lists_all_actions_is_the_one_that_counts(text: str, key: str) -> None:
    read = read_keymap(f'{text}\nbogus.id = "m"', every_action())
    assert f"bogus.id is no action; {key} lists them" in read.notices
