"""Text from outside that would steer the terminal, break columns or run an action: shown, and no more."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import unicodedata
from collections.abc import Callable
from contextlib import closing
from fcntl import ioctl
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.steps.world import CALM, Box, draw, put, stillroom
from textual.app import App
from textual.pilot import Pilot

from stillroom.errors import StillroomError
from stillroom.steps.selecting import Exclude
from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.lobby import Lobby
from stillroom.tui.remembered import Remembered
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.notices import Notices
from stillroom.tui.screens.projects import ProjectsScreen

pytestmark = pytest.mark.slow

HOSTILE = (
    "\x1b]52;c;aGFja2Vk\x07 clipboard",
    "\x1b[2J\x1b[31;5mred",
    "\x1bPq#0;2;0;0;0\x1b\\ sixel",
    "\x9b31;5m one byte",
    "[bold red]bold[/bold red]",
    "[@click=app.quit]quit[/]",
    "[/] [/nothing]",
    "\\[escaped] $primary {braces} %s",
    "\u202egpj.exe",
    "\u2066isolate\u2069 \u200fmark",
    "zero\u200bwidth\u2060joined\ufeff",
    "pile e" + "\u0301" * 20,
    "한글 이름 " + unicodedata.normalize("NFD", "한글 이름"),
    "👩\u200d👩\u200d👧 ❤\ufe0f 🏳\ufe0f\u200d🌈 🇰🇷 👍🏽",
    "undecodable \udcff\udcfe",
    "two\nlines\r\rover\ttab",
    "long " + "x" * 200,
    "wide " + "漢" * 60,
)
"""One of each kind; short enough for a file's name."""
ENDLESS = "endless " + "y漢" * 150
SCREENS = ("overview", "dataset", "labeling", "compare", "jobs", "costs", "playground")
SIZES = [(80, 23), (140, 40)]


@pytest.fixture(scope="session")
def _hostile(_box: Box, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was gone through, whose every text was replaced by a hostile one."""
    _box.turn(**CALM)
    parent = tmp_path_factory.mktemp("hostile")
    pictures = parent / "[red]pictures[/] 漢字"
    for number, name in enumerate(HOSTILE):
        draw(pictures / f"{number:02d}{name}.jpg", 100 + number, form="JPEG")
        draw(pictures / f"in {name}" / f"{number:02d}.jpg", 200 + number, form="JPEG")
    root = parent / "[@click=app.quit]p\x1b]52;c;aGFja2Vk\x07"
    name = "[bold red]shop[/] [@click=app.quit]漢" + "한" * 40  # control characters are refused
    stillroom("new", root, "--images", pictures, "--endpoint-url", _box.url, "--name", name).ok()
    put(root, "training", "sizes", [10])
    stillroom("run", "--yes", "--quiet", "--project", root).ok()
    poison(root)
    return root


def poison(root: Path) -> None:
    """Replace what models and services have said."""
    texts = [*(text.encode("utf-8", "replace").decode() for text in HOSTILE), ENDLESS]

    def any_text(number: int) -> str:
        return texts[number % len(texts)]

    def words(number: int) -> str:
        return "\n".join(any_text(number + each).replace("\n", " ") for each in range(20))

    with closing(sqlite3.connect(root / ".stillroom" / "store.db")) as store, store:
        store.create_function("any_text", 1, any_text)
        store.create_function("words", 1, words)
        store.execute("UPDATE answers SET text = words(id), keywords = words(id), remark = any_text(id)")
        store.execute("UPDATE jobs SET failure = any_text(rowid)")
        store.execute("UPDATE events SET text = any_text(id)")
        store.execute(
            "UPDATE answers SET failure = 'refused', words = 0 WHERE id IN (SELECT id FROM answers LIMIT 5)"
        )
        store.execute("UPDATE attempts SET failure = 'refused', message = any_text(id), code = any_text(id)")
        store.execute("UPDATE files SET flag = 'unreadable', reason = any_text(id) WHERE id % 7 = 0")
        store.execute(
            "UPDATE states SET state = 'failed', failure = 'refused' WHERE content_id IN"
            " (SELECT id FROM contents LIMIT 5)"
        )


@pytest.fixture
def hostile(_hostile: Path, box: Box) -> Path:
    return _hostile


def check(app: App[object], size: tuple[int, int]) -> str:
    """See that what is on the screen is tame, in its place, and runs nothing; give it as text."""
    lines = []
    for strip in app.screen._compositor.render_strips(app.size):
        text = "".join(segment.text for segment in strip if not segment.control)
        lines.append(text)
        assert not any(segment.control for segment in strip)
        wild = {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}}
        assert not wild, f"{wild!a} in {text!a}"
        assert not re.search("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]", text), ascii(text)
        assert not re.search("[\u0300-\u036f]{3}", text), ascii(text)
        # What a terminal counts: each character by itself.
        assert sum(cell_len(char) for char in text) == size[0], ascii(text)
        for segment in strip:
            meta = segment.style.meta if segment.style is not None else {}
            assert "app.quit" not in str(meta), segment
    assert len(lines) == size[1]
    return "\n".join(line.rstrip() for line in lines)


def gathered(app: Workbench, name: str) -> bool:
    return app.current_mode == name and isinstance(app.screen, Room) and app.screen.view is not None


async def until(pilot: Pilot[object], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await pilot.pause(0.02)
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_is_tame(hostile: Path, size: tuple[int, int]) -> None:
    with open_workspace(hostile) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=size) as pilot:
            for number, name in enumerate(SCREENS, 1):
                await pilot.press(str(number))
                await until(pilot, partial(gathered, app, name))
                check(app, size)
                for key in ("j", "down", "end", "n", "k", "question_mark", "escape", "ctrl+p"):
                    await pilot.press(key)
                    check(app, size)
                await pilot.press("escape")
                await until(pilot, lambda: isinstance(app.screen, Room))
                if size == SIZES[0]:
                    await click_everywhere(app, pilot, size)
                check(app, size)
            assert app.failure is None
            assert app.return_value is None


async def click_everywhere(app: Workbench, pilot: Pilot[object], size: tuple[int, int]) -> None:
    """Click on what stands there: nothing that the text says may happen."""
    mode = app.current_mode
    for line in range(3, size[1] - 2, 6):
        for column in (6, 30):
            await pilot.click(offset=(column, line))
    await pilot.pause()
    while not isinstance(app.screen, Room):
        await pilot.press("escape")
        await pilot.pause(0.05)
    assert app.current_mode == mode
    assert app.is_running


async def test_columns_stand_where_their_heads_are(hostile: Path) -> None:
    with open_workspace(hostile) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=(140, 40)) as pilot:
            await pilot.press("2")
            await until(pilot, lambda: app.current_mode == "dataset" and app.screen.view is not None)
            lines = check(app, (140, 40)).split("\n")
            head = next(line for line in lines if "name" in line and "size" in line)
            at = cell_len(head[: head.index("split")])
            rows = [line for line in lines[lines.index(head) + 1 :] if re.search(r"\.jpg|…", line)]
            assert len(rows) > 20
            assert {at_cell(row, at).split("  ")[0].strip() for row in rows} <= {"train", "test", "", "—"}
            assert all(at_cell(row, at - 2).startswith("  ") for row in rows)


def at_cell(line: str, cell: int) -> str:
    """What stands in a line from a cell on; a character that lies across it fails."""
    used = 0
    for index, char in enumerate(line):
        if used >= cell:
            assert used == cell, ascii(line)
            return line[index:]
        used += cell_len(char)
    return ""


async def test_plans_and_notices_are_tame(hostile: Path) -> None:
    size = (80, 24)
    with open_workspace(hostile) as workspace:
        app = Workbench(workspace, read_only=True)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: isinstance(app.screen, Room) and app.screen.view is not None)
            seen = 0
            for text in (*HOSTILE, ENDLESS):
                app.say(text)
                app.say(text, severity="warning")
                app.say_error(StillroomError(text, text))
                await pilot.pause(0.02)
                check(app, size)
            app.clear_notifications()
            app.action_notices()
            await until(pilot, lambda: isinstance(app.screen, Notices))
            check(app, size)
            await pilot.press("end")
            check(app, size)
            await pilot.press("escape")
            for path in workspace_paths(workspace.project.pictures_folder):
                app.notices.clear()
                app.act(Exclude((path,)))
                await until(pilot, lambda: isinstance(app.screen, Consent) or bool(app.notices))
                check(app, size)
                seen += isinstance(app.screen, Consent)
                while not isinstance(app.screen, Room):
                    await pilot.press("escape")
                    await pilot.pause(0.02)
            assert seen > 10
            assert app.failure is None


def workspace_paths(folder: Path) -> list[str]:
    """Every picture that lies in the folder itself, as the project names it."""
    files = (path.relative_to(folder) for path in folder.iterdir() if path.is_file())
    return sorted(os.fsencode(path).decode("utf-8", "backslashreplace") for path in files)


async def test_the_list_of_projects_is_tame(
    hostile: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    remembered = Remembered(os.environ)
    for number, text in enumerate((*HOSTILE, ENDLESS)):
        root = tmp_path / f"{number}{text[:60]}".replace("/", "_")
        root.mkdir()
        (root / "stillroom.toml").touch()
        remembered.opened(root, name=text, where=text, at=float(number))
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot, lambda: isinstance(app.screen, ProjectsScreen) and bool(app.screen.query("#projects, *"))
        )
        await pilot.pause(0.3)
        check(app, (80, 24))
        await pilot.press("end")
        check(app, (80, 24))
        await pilot.press("n")
        await pilot.pause(0.3)
        await pilot.press(*"[bold]")
        check(app, (80, 24))


OURS = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[[0-9]+;[0-9]+H|\x1b\[H|\x1b\[\?[0-9;]+[hl]|\x1b\[\?2026\$p|\x1b\[\?2048\$p|\x1b\[>[0-9]+u|\x1b\[<u|\x1b\]22;[a-z]+\x07"
)
"""Sequences that the application and Textual write by themselves."""


def written(root: Path, keys: bytes, folder: Path) -> bytes:
    """Everything that the command writes into a real terminal while these keys are pressed."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "stillroom", "--project", str(root)],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8",
             "HOME": str(folder)},
    )  # fmt: skip
    os.close(slave)
    said = bytearray()

    def read(quiet: float) -> None:
        while select.select([master], [], [], quiet)[0]:
            try:
                said.extend(os.read(master, 65536))
            except OSError:
                return

    try:
        while b"Overview" not in said:
            said.extend(os.read(master, 65536))
        read(0.3)
        for key in keys:
            os.write(master, bytes([key]))
            read(0.3)
        process.send_signal(signal.SIGTERM)
        read(1.0)
        assert process.wait(20) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return bytes(said)


def test_nothing_but_our_own_sequences_is_written(hostile: Path, tmp_path: Path) -> None:
    said = written(hostile, b"12345672jj5j3n4n?", tmp_path)
    assert b"\x1b[31;5m" not in said
    strange = re.findall(rb"\x1b.{,12}|.{,12}\x07", OURS.sub(b"", said))
    assert not strange
    rest = OURS.sub(b"", said).decode("utf-8")
    wild = {char for char in rest if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in "\r\n"}
    assert not wild, f"{wild!a}"
    assert "Dataset" in rest
    assert rest.endswith("Stopped by SIGTERM; nothing was under way.\r\n")
