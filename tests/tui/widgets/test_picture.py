"""The picture on a screen, and everything that can be in its place."""

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen

from stillroom.tui.viewing import Viewing, terminal_cell
from stillroom.tui.widgets import graphics
from stillroom.tui.widgets.picture import Picture

SIZE = (20, 10)


class Wall(App[None]):
    """One picture."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__()
        self.viewing = Viewing(lambda key: folder / key, **options)

    def compose(self) -> ComposeResult:
        yield Picture(self.viewing)

    @property
    def picture(self) -> Picture:
        return self.query_one(Picture)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self.viewing.close)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in (("red.png", "red"), ("blue.png", "blue"), ("green.png", "green")):
        Image.new("RGB", (40, 20), colour).save(tmp_path / name)
    return tmp_path


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await pilot.pause(0.01)
    raise AssertionError("never happened")


def drawn(wall: Wall) -> bool:
    return any("▀" in line for line in wall.picture.lines)


async def test_it_fills_its_place_and_follows_its_size(folder: Path) -> None:
    wall = Wall(folder)
    async with wall.run_test(size=SIZE) as pilot:
        wall.picture.show("red.png", ["blue.png"], about="a red one")
        await until(pilot, lambda: drawn(wall))
        assert wall.picture.lines == ["▀" * 20] * 5
        await pilot.resize_terminal(10, 10)
        await until(pilot, lambda: len(wall.picture.lines) == 3)
        assert {len(line) for line in wall.picture.lines} == {10}


async def test_a_neighbour_is_there_before_it_is_asked_for(folder: Path) -> None:
    wall = Wall(folder)
    async with wall.run_test(size=SIZE) as pilot:
        wall.picture.show("red.png", ["blue.png", "green.png"])
        await until(pilot, lambda: drawn(wall) and {"blue.png", "green.png"} <= wall.picture._ready.keys())
        wall.picture.show("blue.png", ["red.png"])
        assert drawn(wall)  # at once: nothing was waited for


async def test_a_neighbour_that_was_seen_long_ago_is_drawn_before_it_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pixels are kept for longer than lines: making those at the key press took longer than all else."""
    monkeypatch.setattr("stillroom.tui.widgets.picture._MOST_READY", 1)
    wall = Wall(folder)
    async with wall.run_test(size=SIZE) as pilot:
        for name in ("red.png", "blue.png", "green.png"):
            wall.picture.show(name)
            await until(pilot, lambda name=name: drawn(wall) and name in wall.picture._ready)  # type: ignore[misc]
        monkeypatch.setattr("stillroom.tui.widgets.picture._MOST_READY", 3)
        assert "red.png" not in wall.picture._ready
        wall.picture.show("green.png", ["red.png"])
        await until(pilot, lambda: "red.png" in wall.picture._ready)


async def test_switched_off_it_says_what_it_would_be(folder: Path) -> None:
    wall = Wall(folder)
    async with wall.run_test(size=SIZE) as pilot:
        wall.picture.show("red.png", about="a \x1b[31mred[/] one")
        await until(pilot, lambda: drawn(wall))
        assert wall.viewing.toggle() == "Pictures are off."
        await pilot.pause()
        (line,) = wall.picture.lines
        assert "[/] one" in line
        assert "\x1b" not in line
        assert len(line) == 20
        wall.viewing.toggle()
        await until(pilot, lambda: drawn(wall))


@pytest.mark.parametrize("name", ["gone.png", "broken.png"])
async def test_what_cannot_be_drawn_says_why(folder: Path, name: str) -> None:
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    wall = Wall(folder)
    async with wall.run_test(size=(60, 10)) as pilot:
        wall.picture.show(name)
        await until(pilot, lambda: any("✗" in line for line in wall.picture.lines))


class Gallery(App[None]):
    """A picture on one of two screens."""

    MODES: ClassVar = {"wall": Screen, "other": Screen}
    DEFAULT_MODE = "other"

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__()
        self.viewing = Viewing(lambda key: folder / key, **options)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self.viewing.close)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_a_theme_that_was_changed_on_another_screen_counts(folder: Path, ascii_only: bool) -> None:
    app = Gallery(folder, ascii_only=ascii_only)
    app.theme = "textual-dark"
    async with app.run_test(size=SIZE) as pilot:
        await app.switch_mode("wall")
        picture = Picture(app.viewing)
        await app.screen.mount(picture)
        picture.show("red.png")
        await until(pilot, lambda: "red.png" in picture._ready and len(picture.lines) == 5)

        def ground() -> str:
            """Of the line above the picture."""
            (line,) = picture.render_lines(Region(0, 0, SIZE[0], 1))
            (found,) = {style.bgcolor.name for _, style, _ in line if style and style.bgcolor}
            return found

        dark = ground()
        await app.switch_mode("other")
        app.theme = "textual-light"
        await pilot.pause()
        await app.switch_mode("wall")
        await until(pilot, lambda: ground() == picture.background_colors[1].hex.lower())
        assert ground() != dark


async def test_no_colour_is_drawn_in_greys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    Image.linear_gradient("L").save(folder / "grey.png")
    wall = Wall(folder)
    async with wall.run_test(size=SIZE) as pilot:
        wall.picture.show("grey.png")
        await until(pilot, lambda: len(wall.picture.lines) == 10)
        assert wall.picture.lines[0].strip() == ""
        assert wall.picture.lines[-1].strip() == "@" * 20


async def test_without_the_package_half_blocks_are_used_and_it_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "textual_image"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual_image", None)  # as when it is not installed
    wall = Wall(folder, way="kitty")
    async with wall.run_test(size=SIZE, notifications=True) as pilot:
        wall.picture.show("red.png")
        await until(pilot, lambda: drawn(wall) and bool(wall._notifications))
        (said,) = [notification.message for notification in wall._notifications]
        assert said == "kitty needs: pip install 'stillroom[images]' Half-blocks are used."


@pytest.mark.parametrize("way", ["kitty", "sixel"])
async def test_the_package_draws_when_it_is_asked_for(folder: Path, way: str) -> None:
    wall = Wall(folder, way=way, cell=lambda: (8, 16))
    async with wall.run_test(size=SIZE) as pilot:
        wall.picture.show("red.png")
        await until(pilot, lambda: getattr(wall.picture._pixels, "image", None) is not None)
        assert wall.picture._pixels is not None
        assert wall.picture._pixels.display
        assert not wall.picture.lines


_LOAD = """
import sys
from stillroom.tui.widgets import graphics
assert "textual_image" not in sys.modules and "PIL" not in sys.modules
assert sys.__stdout__.isatty()
terminal = sys.__stdout__
kind = graphics.load(sys.argv[1], (9, 21))
assert sys.__stdout__ is terminal
from textual_image._terminal import get_cell_size
assert tuple(get_cell_size()) == (9, 21), get_cell_size()
"""


@pytest.mark.parametrize("way", ["kitty", "sixel"])
def test_importing_the_package_asks_the_terminal_nothing(way: str) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, way],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.returncode == 0, done.stderr.decode()
        os.set_blocking(ours, False)
        with pytest.raises(BlockingIOError):
            os.read(ours, 1)
    finally:
        os.close(theirs)
        os.close(ours)


def test_a_way_that_does_not_exist_is_a_fault_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(graphics._WIDGETS, "kitty", "NoSuchWidget")
    with pytest.raises(graphics.NoGraphics, match="does not work here"):
        graphics.load("kitty", (8, 16))


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ((24, 80, 800, 480), (10, 20)),
        ((24, 80, 0, 0), None),  # most terminals inside others
        ((24, 80, 80, 4800), None),  # cannot be true
        ((0, 0, 800, 480), None),
    ],
)
def test_the_kernel_tells_the_size_of_a_cell(
    told: tuple[int, int, int, int], cell: tuple[int, int] | None
) -> None:
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *told))
        assert terminal_cell((theirs,)) == cell
    finally:
        os.close(ours)
        os.close(theirs)
