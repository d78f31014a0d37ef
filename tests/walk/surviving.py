"""The workbench is killed in every way, in the midst of everything, in a real tmux, and opened again.

Not one of the suite's files, since it needs tmux: ``.ci/run`` runs it.
"""

from __future__ import annotations

import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path

import pytest
from tests.walk.project import ENDS, Project, assert_restored, gone, stop_sandbox
from tests.walk.terminal import COMMAND, Terminal

from stillroom.pictures.scenes import draw_scenes

PICTURES = 60
IN_FLIGHT = 10
"""Calls under way at a time, and what is begun beyond them."""


def command(*words: str | Path) -> None:
    done = subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose pictures have been looked at."""
    folder = tmp_path_factory.mktemp("made")
    draw_scenes(folder / "scenes", PICTURES, seed=3)
    command("new", folder / "shop", "--images", folder / "scenes", "--sandbox")
    command("scan", "--project", folder / "shop")
    return folder / "shop"


@pytest.fixture(scope="module")
def uploaded(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has but to train."""
    root = Path(shutil.copytree(scanned, tmp_path_factory.mktemp("uploaded") / "shop"))
    for words in (["label", "teacher", "--yes"], ["build"], ["setup", "--yes"], ["upload", "--yes"]):
        command(*words, "--project", root)
    stop_sandbox(root)
    return root


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], Project]]:
    """Makes copies of a project, and cleans up after them."""
    made: list[Project] = []

    def make(root: Path) -> Project:
        made.append(Project(Path(shutil.copytree(root, tmp_path / "shop")), tmp_path))
        return made[-1]

    yield make
    for project in made:
        project.close()


Make = Callable[[Path], Project]


@pytest.mark.parametrize("how", ENDS)
def test_labeling_goes_on_where_it_was(how: str, opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    project.turn(latency=1.0)
    project.open()
    terminal.wait_for("Overview", "Next:")
    terminal.press("2")
    terminal.wait_for("all pictures")
    terminal.press("/")
    terminal.wait_for("tab complete")
    terminal.type("split:train")
    terminal.press("Enter")
    terminal.wait_for("split:train +54 of 60", "› +scene-0000")
    terminal.press("j", "j", "j")
    terminal.wait_for("› +scene-0003")
    place = cursor_line(terminal)
    start_labeling(project)
    terminal.wait_until(lambda screen: answered(screen) >= IN_FLIGHT, "some answers")
    project.end(how)
    project.check_store()
    paid = project.served()

    screen = project.open_again("interrupted|part done", r"left for \$0\.\d+", "r goes on")
    left = int(re.findall(r"(?:interrupted|part done): (\d+) left", screen)[0])
    assert left <= PICTURES - IN_FLIGHT
    lost = paid - (PICTURES - left)
    assert 0 <= lost <= (IN_FLIGHT if how == "kill" else 0), "what was under way was awaited and stored"
    project.terminal.press("2")
    assert place in project.terminal.wait_for("split:train", re.escape(place))
    assert cursor_line(project.terminal) == place
    project.terminal.press("3")
    project.turn(latency=0.0)
    project.terminal.press("r")
    assert "price" in project.terminal.wait_for(rf"Label {left} pictures", "go ahead")
    project.terminal.press("Enter")
    project.terminal.wait_for("60/60", "teacher +done")
    twice = project.served() - PICTURES
    assert 0 <= twice <= (IN_FLIGHT if how == "kill" else 0), (
        "only what was lost under way was paid for twice"
    )
    project.end("terminate")


@pytest.mark.parametrize("how", ["hangup", "terminate"])
def test_a_call_that_hangs_is_abandoned(how: str, opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    project.turn(latency=300.0)
    project.open()
    project.terminal.wait_for("Overview", "Next:")
    start_labeling(project)
    project.terminal.wait_for("8 of 8 in flight|10 of 8 in flight|in flight")
    began = time.monotonic()
    project.end(how)
    assert time.monotonic() - began < 14
    project.check_store()
    project.open_again("(interrupted|part done|not begun): 60 left")
    project.end("terminate")


def test_who_quits_waits_and_need_not(opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    project.turn(latency=300.0)
    project.open()
    terminal.wait_for("Overview", "Next:")
    start_labeling(project)
    terminal.wait_for("in flight")
    terminal.press("q")
    terminal.wait_for("Quit Stillroom", "quit +n not now")
    terminal.press("y")
    terminal.wait_for("Stopping: waiting for what is under way. Ctrl-C leaves at once.")
    assert_quiet(terminal)
    terminal.press("C-c")
    terminal.wait_for("ended 130", seconds=10)
    assert "Traceback" not in terminal.screen()
    assert_restored(terminal)
    project.check_store()


@pytest.mark.parametrize("how", ENDS)
def test_a_job_is_followed_again_at_once(how: str, opened: Make, uploaded: Path) -> None:
    project = opened(uploaded)
    terminal = project.terminal
    project.turn(speed=60)
    project.open()
    terminal.wait_for("Overview", "Next:")
    terminal.press("5", "T")
    terminal.wait_for("Train .*lite-54", "go ahead")
    terminal.press("Enter")
    terminal.wait_for("lite-54 +(InProgress|training|validation)", "job")
    threading.Event().wait(1.5)
    project.end(how)
    project.check_store()
    project.open_again("lite-54 +InProgress", "seen (now|just now|0 s|1 s|[0-9.]+ s)")
    project.turn(speed=20_000)
    project.terminal.wait_for("lite-54 +Completed")
    assert len(project.bill()["training"]) == 1
    deploy(project, how)


def test_who_quits_is_told_what_is_trained_without_the_workbench(opened: Make, uploaded: Path) -> None:
    project = opened(uploaded)
    terminal = project.terminal
    project.turn(speed=60)
    command("train", "--yes", "--project", project.root)
    told = "lite-54 goes on being trained: stillroom jobs"
    project.open_again("Overview", "Train +lite-54")
    terminal.press("q")
    terminal.wait_for(told, "ended 0")
    project.open_again("Overview", "Train +lite-54")
    os.kill(project.pid(), signal.SIGTERM)
    terminal.wait_for("Stopped by SIGTERM.", told, "ended 143")


def deploy(project: Project, how: str) -> None:
    """Kill it while a deployment is made; opened again, it is followed to its end."""
    project.turn(speed=20)
    project.terminal.press("D")
    project.terminal.wait_for("Deploy lite-54", "go ahead")
    project.terminal.press("Enter")
    project.terminal.wait_for("deployment +lite-54 +Creating")
    project.end(how)
    project.open_again("deployment +lite-54 +Creating")
    project.turn(speed=20_000)
    project.terminal.wait_for("deployment +lite-54 +Active")
    project.end("terminate")
    project.check_store()


def test_a_storm_of_sizes_ends_with_the_right_picture(opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    terminal.resize(80, 24)
    project.open()
    terminal.wait_for("Overview", "Next:")
    terminal.press("2")
    terminal.wait_for("› +scene-0000")
    calm = settled(terminal)
    before = seconds_of(project.pid())
    chance, pause, began = random.Random(3), threading.Event(), time.monotonic()
    for number in range(200):
        terminal.resize(chance.randint(40, 200), chance.randint(10, 60))
        pause.wait(max(0.0, began + number / 100 - time.monotonic()))
    storm = time.monotonic() - began
    terminal.resize(80, 24)
    same_again(terminal, calm, 5)
    print(f"200 sizes in {storm:.1f} s, {seconds_of(project.pid()) - before:.1f} s of work")  # noqa: T201
    quiet = seconds_of(project.pid())
    pause.wait(1.0)
    assert seconds_of(project.pid()) - quiet < 0.5, "work has piled up"
    terminal.press("j")
    terminal.wait_for("› +scene-0001")
    project.end("terminate")


def test_where_nothing_fits_one_line_says_so(opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    project.open()
    terminal.wait_for("Overview", "Next:")
    terminal.resize(59, 24)
    terminal.wait_until(lambda screen: screen.strip() == TINY, "one line", 5)
    terminal.resize(80, 15)
    terminal.wait_until(lambda screen: screen.strip() == TINY, "one line", 5)
    terminal.resize(12, 3)
    terminal.resize(60, 16)
    terminal.wait_for("Overview", "Next:", gone=TINY)
    project.end("terminate")


def test_it_steps_aside_and_comes_back_painted(opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    project.open()
    terminal.wait_for("Overview", "Next:")
    terminal.press("2")
    terminal.wait_for("› +scene-0000")
    before = settled(terminal)
    for _ in range(2):
        terminal.press("C-z")
        terminal.wait_for("[Ss]topped", gone="Overview")
        assert_restored(terminal)
        terminal.run("fg")
        same_again(terminal, before, 10)
        terminal.press("j", "k")
        terminal.wait_for("› +scene-0000")
    pid = project.pid()
    os.kill(pid, signal.SIGTERM)
    gone(pid, 20)
    assert_restored(terminal)


BROKEN = """
import sys, threading
from stillroom.cli.app import run

where, secret = sys.argv.pop(1), "AKIA" + "ABCDEFGHIJKLMNOP"

def broken(*arguments, **named):
    password_of_this_place = secret
    raise LookupError("nobody foresaw [bold]this[/] " + secret)

if where == "screen":
    from stillroom.tui.screens.dataset import Dataset
    Dataset.paint = broken
elif where == "gathering":
    from stillroom.tui.screens.dataset import Dataset
    Dataset.gather = broken
elif where == "step":
    from stillroom.steps.scan import Scan
    Scan.execute = broken
elif where == "follower":
    import stillroom.steps.following as following
    following.unfinished = broken
elif where == "watch":
    import stillroom.tui.desk as desk
    usual = desk.heading
    watching = lambda: threading.current_thread().name == "watch-store"
    desk.heading = lambda workspace: broken() if watching() else usual(workspace)
run()
"""
"""The command, with a fault in one place."""


@pytest.mark.parametrize("where", ["screen", "gathering", "step", "follower", "watch"])
def test_a_crash_is_two_lines_and_a_file(where: str, opened: Make, scanned: Path) -> None:
    project = opened(scanned)
    terminal = project.terminal
    (project.folder / "broken.py").write_text(BROKEN)
    # Neither the typed line nor the two lines may wrap, however long the paths of this machine are.
    command = shlex.join([sys.executable, "broken.py", where, "--project", str(project.root)])
    (project.folder / "broken").write_text(command + "\n")
    terminal.resize(500, 30)
    terminal.run("cd", project.folder)
    terminal.run("clear")
    terminal.wait_for(r"\A\$\Z")
    terminal.type("sh broken; echo ended $?")
    terminal.press("Enter")
    if where in {"screen", "gathering", "step"}:
        terminal.wait_for("Overview", "Next:")
        terminal.press("S" if where == "step" else "2")
    said = terminal.wait_for("ended 1").split("\n")[1:-2]
    assert len(said) == 2, said
    assert said[0] == "stillroom: unexpected LookupError: nobody foresaw [bold]this[/] [redacted]"
    assert said[1].startswith("Please report it with this file, which holds no secrets: /")
    assert_restored(terminal)
    told = Path(said[1].rpartition(": ")[2]).read_text()
    assert "in broken" in told
    assert "AKIAABC" not in told
    project.check_store()


TINY = "Stillroom needs 60x16 characters or more."


def settled(terminal: Terminal) -> str:
    """The screen when it has not changed for more than a second."""
    pause, seen = threading.Event(), [""]
    for _ in range(60):
        pause.wait(0.3)
        seen.append(terminal.screen())
        if len(seen) > 5 and len(set(seen[-5:])) == 1:
            return seen[-1]
    raise AssertionError(f"it never comes to rest\n{seen[-1]}")


def same_again(terminal: Terminal, before: str, seconds: float) -> None:
    """Wait for the very screen of before, and say what differs if it does not come."""
    try:
        terminal.wait_until(lambda screen: screen == before, "the screen of before", seconds)
    except AssertionError:
        now = terminal.screen().split("\n")
        raise AssertionError("\n".join(unified_diff(before.split("\n"), now, "before", "now"))) from None


def seconds_of(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start_labeling(project: Project) -> None:
    project.terminal.press("3")
    project.terminal.wait_for("not begun")
    project.terminal.press("r")
    project.terminal.wait_for("Label 60 pictures", "go ahead")
    project.terminal.press("Enter")
    project.terminal.wait_for("teacher +running")


def answered(screen: str) -> int:
    """How many of the run's pictures have an answer."""
    found = re.search(r"(\d+)/60", screen)
    return int(found[1]) if found else 0


def cursor_line(terminal: Terminal) -> str:
    """The name of the picture under the cursor."""
    return terminal.wait_for("› +scene-").partition("›")[2].split()[0]


def assert_quiet(terminal: Terminal) -> None:
    """The shell's own screen is there again."""
    assert terminal.told("#{alternate_on} #{cursor_flag}") == "0 1"
