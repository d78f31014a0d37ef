"""The whole way through the workbench by keys alone, in a real tmux, with the installed command.

Not one of the suite's files, since it needs tmux: ``.ci/run`` runs it.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.walk.screens import check_frame, compare
from tests.walk.terminal import Terminal

from stillroom.pictures.scenes import draw_scenes

PICTURES = 60
SIZES = [(80, 24), (140, 40)]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 drawn pictures, each of them unique."""
    folder = tmp_path_factory.mktemp("scenes") / "scenes"
    folder.mkdir()
    draw_scenes(folder, PICTURES, seed=3)
    return folder


class Walk:
    """One person at one terminal."""

    def __init__(self, terminal: Terminal, size: tuple[int, int]) -> None:
        self.terminal = terminal
        self.size = (size[0], size[1] - 1)
        """What is left for the program: tmux has a status line."""

    def see(self, name: str, *fragments: str, drawn: bool = False) -> str:
        """Wait for what must be there, look at it, and compare it with what was kept.

        Args:
            name: The screen's name among those that were kept.
            fragments: What must be seen, as regular expressions.
            drawn: Whether nearly all of it is what the models said: then it is kept, and not compared.
        """
        try:
            self.terminal.wait_for(*fragments)
        except AssertionError as missing:
            # What was said meanwhile has gone from the screen, and tells why.
            self.terminal.press("N")
            said = self.terminal.wait_until_still(lambda now: "Notices" in now, "the notices", 20)
            raise AssertionError(f"{missing}\n{said}") from None

        def settled(now: str) -> bool:
            said = re.search(r"(Done|Started):", now)
            return said is None and re.search(r"\? help +: command", now) is not None

        screen = self.terminal.wait_until_still(settled, "the footer, and no news", 20)
        check_frame(screen, self.size)
        compare(name, self.terminal.size, screen, drawn=drawn)
        return screen

    def agree(self, fragment: str) -> str:
        """Wait for a plan, see that it tells its price and its command, and agree."""
        plan = self.terminal.wait_for(fragment, "price", "command", "go ahead")
        assert "SANDBOX: nobody is billed" in plan
        self.terminal.press("Enter")
        return plan


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    size = request.param
    terminal = Terminal(tmp_path, size)
    try:
        terminal.wait_for(r"\$$")
        yield Walk(terminal, size)
    finally:
        for pid in terminal.pids("stillroom.sandbox"):
            os.kill(pid, signal.SIGTERM)
        terminal.close()


def test_the_whole_way_by_keys_alone(walk: Walk, scenes: Path, tmp_path: Path) -> None:
    terminal = walk.terminal
    make_a_project(walk, scenes, tmp_path)
    walk.see("1-overview-new", "no picture has been looked at", "Next: Scan")
    terminal.press("S")
    walk.see("1-overview-scanned", "60 unique", "Next: Label")
    label(walk)
    build_and_train(walk)
    terminal.press("D")
    walk.agree("Deploy lite-54")
    walk.see("5-jobs-deployed", "deployment +lite-54 +Active")
    terminal.press("1", "A")
    walk.agree("with untuned")
    walk.agree("with lite-54")
    walk.see("1-overview-compared", r"Compare .*untuned.*lite-54 0\.", "Next: All is done")
    look_around(walk)
    terminal.press("5")
    terminal.wait_for("deployment")
    terminal.press("j", "U")
    walk.agree("Remove the deployment of lite-54")
    terminal.wait_for("kept", gone="deployment ")
    terminal.press("q")
    terminal.wait_for(r"\$$", gone="Overview")


def make_a_project(walk: Walk, scenes: Path, tmp_path: Path) -> None:
    terminal = walk.terminal
    terminal.run("cd", tmp_path)
    terminal.run("stillroom")
    terminal.wait_for("No project yet")
    terminal.press("n")
    terminal.wait_for("a new project")
    terminal.press("Enter")
    terminal.type(str(scenes))
    terminal.press("Enter")
    terminal.wait_for("60 pictures(?! so far)", "next row")
    terminal.press("Escape", "m")


def label(walk: Walk) -> None:
    terminal = walk.terminal
    terminal.press("3")
    walk.see("3-labeling-new", "not begun")
    terminal.press("t")
    walk.agree("Label 5 pictures")
    walk.see("3-labeling-tried", "5/60", "55 left")
    terminal.press("r")
    walk.agree("Label 55 pictures")
    walk.see("3-labeling-done", "60/60", "teacher +done")


def build_and_train(walk: Walk) -> None:
    terminal = walk.terminal
    terminal.press("1", "B")
    terminal.wait_for(r"Build +records/54\.jsonl")
    terminal.press("M")
    walk.agree("Make bucket")
    terminal.wait_for("Done: Make bucket")
    terminal.press("U")
    walk.agree("Upload 55 files")
    terminal.wait_for("Upload +55 files, ", "Next: Train")
    terminal.press("5", "T")
    walk.agree("Train .*lite-54")
    terminal.wait_for("job +lite-54", "validation", "training")
    walk.see("5-jobs-completed", "lite-54 +Completed", "last epoch [012][.]")


def look_around(walk: Walk) -> None:
    terminal = walk.terminal
    terminal.press("4")
    walk.see("4-compare", "1/6 worst first", "= shared", "mean Jaccard", "▀▀▀▀", drawn=True)
    terminal.press("n")
    terminal.wait_for("2/6")
    terminal.press("2")
    walk.see("2-dataset", "all pictures", "scene-0000")
    terminal.press("/")
    terminal.type("split:test")
    terminal.press("Enter")
    walk.see("2-dataset-filtered", "split:test +6 of 60", "scene-0005")
    terminal.press("6")
    walk.see("6-costs", "label teacher", "Budget")
    terminal.press("7")
    walk.see("7-playground", "1/60", "keywords")
    terminal.press("?")
    terminal.wait_for("On this screen", "Next picture")
    terminal.press("Escape")
    terminal.wait_for("1/60", gone="On this screen")
