"""Copying: which way a text goes, and that it arrives."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual.app import App

from stillroom.terminal import clipboard_route
from stillroom.tui.clipboard import copy


class _Terminal:
    """Takes what would go to the terminal."""

    def __init__(self) -> None:
        self.got: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.got.append(text)


@pytest.fixture
def tmux(tmp_path: Path) -> Path:
    """A folder with a ``tmux`` that keeps what it is given; beside a file ``old`` it knows no -w."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "tmux"
    program.write_text(
        f'#!/bin/sh\n[ "$2" = -w ] && [ -e {tmp_path}/old ] && exit 1\n'
        f'echo "$@" > {tmp_path}/words\ncat > {tmp_path}/buffer\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return folder


def _environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "xterm-256color",
        "PATH": "/usr/bin:/bin",
        **more,
    }


async def test_the_terminal_is_told(tmp_path: Path) -> None:
    terminal = _Terminal()
    copied = await copy(terminal, "바다", _environ(tmp_path))
    assert terminal.got == ["바다"]
    assert (copied.way, copied.words) == (
        "terminal",
        "Copied 2 characters to the terminal's clipboard (OSC 52).",
    )
    assert not (tmp_path / "state").exists()


async def test_what_is_not_utf8_is_replaced(tmp_path: Path) -> None:
    terminal = _Terminal()
    await copy(terminal, "a\udcff", _environ(tmp_path))
    assert terminal.got == ["a?"]


@pytest.mark.parametrize("old", [False, True])
async def test_inside_tmux_it_is_told_too(tmp_path: Path, tmux: Path, old: bool) -> None:
    if old:
        (tmp_path / "old").touch()
    terminal = _Terminal()
    environ = _environ(tmp_path, TMUX="/tmp/tmux-0/default,1,0", PATH=f"{tmux}:/usr/bin:/bin")
    copied = await copy(terminal, "바다", environ)
    assert copied.way == "tmux"
    assert ("older than 3.2" in copied.words) is old
    assert terminal.got == ["바다"]
    assert (tmp_path / "buffer").read_text(encoding="utf-8") == "바다"
    assert (tmp_path / "words").read_text(encoding="utf-8").split() == [
        "load-buffer",
        *([] if old else ["-w"]),
        "-",
    ]
    assert clipboard_route(environ) == "through tmux (tmux load-buffer -w)"


async def test_without_a_working_tmux_the_terminal_has_to_do(tmp_path: Path) -> None:
    environ = _environ(tmp_path, TMUX="/gone", PATH=str(tmp_path))
    assert (await copy(_Terminal(), "x", environ)).way == "terminal"


@pytest.mark.parametrize(
    "kind", [{"TERM": "linux"}, {"TERM": "dumb"}, {"TERM": "screen"}, {"VTE_VERSION": "7600"}, {"STY": "1.x"}]
)
async def test_where_there_is_no_clipboard_it_goes_into_a_file(tmp_path: Path, kind: dict[str, str]) -> None:
    environ = _environ(tmp_path, **kind)
    for text in ("바다 and more", "바다"):
        copied = await copy(_Terminal(), text, environ)
    path = tmp_path / "state" / "stillroom" / "copied.txt"
    assert (copied.way, copied.words) == (
        "file",
        f"Copied 2 characters to {path}: this terminal takes no clipboard.",
    )
    assert path.read_text(encoding="utf-8") == "바다"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path.parent) in clipboard_route(environ)


async def test_what_is_too_long_for_a_terminal_goes_into_a_file(tmp_path: Path) -> None:
    terminal = _Terminal()
    copied = await copy(terminal, "x" * 60_000, _environ(tmp_path))
    assert copied.way == "file"
    assert terminal.got == []


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    copied = await copy(_Terminal(), "x", _environ(tmp_path, TERM="linux"))
    assert copied.way == "nowhere"
    assert copied.words == "Not copied: this terminal takes no clipboard, and Not a directory."


async def test_an_application_is_such_a_terminal(tmp_path: Path) -> None:
    app: App[None] = App()
    async with app.run_test():
        await copy(app, "x", _environ(tmp_path))
        assert app.clipboard == "x"
