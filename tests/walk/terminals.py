"""The walk of workbench.py in every kind of terminal. A script outside the gate; its screens are for the eye.

    python -m tests.walk.terminals FOLDER [KIND …]

FOLDER gets every screen that was seen, as text (``KIND/name.txt``) and with its colours (``KIND/name.ansi``).
The kinds, all of them by default:

    no-color      NO_COLOR=1
    screen        TERM=screen, no COLORTERM
    256-colors    TERM=screen-256color, no COLORTERM
    ascii         LANG=C: nothing beyond ASCII may be on the screen
    mouse-off     mouse = false in the user's config.toml
    ssh           a login through an sshd on loopback with keys and configuration of its own, which then drops

It needs tmux, and for ``ssh`` the OpenSSH server and client (apt-get install openssh-server openssh-client).
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.walk.screens import check_frame
from tests.walk.terminal import COMMAND, Terminal
from tests.walk.workbench import PICTURES, Walk, build_and_train, label, look_around, make_a_project

from stillroom.pictures.scenes import draw_scenes

SIZE = (80, 24)
Look = Callable[[str, str], None]
"""Is given a screen's text and the same with its colours; raises AssertionError."""


class Looking(Walk):
    """A walk whose screens are kept to be looked at."""

    def __init__(self, terminal: Terminal, size: tuple[int, int], folder: Path, look: Look) -> None:
        super().__init__(terminal, size)
        self._folder = folder
        self._look = look

    def see(self, name: str, *fragments: str, drawn: bool = False) -> str:
        """Wait for what must be there, keep it, and check what is true of this kind of terminal."""
        # A picture is drawn with what the terminal has: blocks or letters.
        self.terminal.wait_for(*(each for each in fragments if each.isascii()))

        def settled(now: str) -> bool:
            said = re.search(r"(Done|Started):", now)
            return said is None and re.search(r"\? help +: command", now) is not None

        screen = self.terminal.wait_until(settled, "the footer, and no news", 20)
        colours = self.terminal.coloured()
        (self._folder / f"{name}.txt").write_text(screen + "\n", encoding="utf-8")
        (self._folder / f"{name}.ansi").write_text(colours + "\n", encoding="utf-8")
        check_frame(screen, self.size)
        self._look(screen, colours)
        return screen


def anything(screen: str, colours: str) -> None:
    """Nothing is true of this kind alone."""


def no_colours(screen: str, colours: str) -> None:
    """Greys, bold, dim and reversed at most: Textual's way with NO_COLOR."""
    for found in re.findall(r"\x1b\[([0-9;]*)m", colours):
        rest = re.sub(r"[34]8;2;(\d+);\1;\1", "", found)
        assert not re.search(r"(^|;)(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;|$)", rest), found


def few_colours(screen: str, colours: str) -> None:
    """No colour by its red, green and blue."""
    assert not re.search(r"\x1b\[[0-9;]*[34]8;2;", colours)


def ascii_alone(screen: str, colours: str) -> None:
    """What an old terminal can show."""
    assert screen.isascii(), sorted({char for char in screen if not char.isascii()})


def mouse_off(folder: Path) -> None:
    """Switch the mouse off as a person would."""
    config = folder / "home" / ".config" / "stillroom"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("[workbench]\nmouse = false\n")


KINDS: dict[str, tuple[str, dict[str, str], Look]] = {
    "no-color": ("", {"NO_COLOR": "1"}, no_colours),
    "screen": ("screen", {"COLORTERM": ""}, few_colours),
    "256-colors": ("screen-256color", {"COLORTERM": ""}, few_colours),
    "ascii": ("", {"LANG": "C"}, ascii_alone),
    "mouse-off": ("", {}, anything),
    "ssh": ("", {}, anything),
}
"""TERM (empty: tmux's best), environment, and what must be true of each screen."""


def walk(kind: str, scenes: Path, kept: Path) -> None:
    """Go the whole way in one kind of terminal."""
    term, environ, look = KINDS[kind]
    with tempfile.TemporaryDirectory(prefix="walk-") as name:
        folder = Path(name)
        kept.mkdir(parents=True, exist_ok=True)
        if kind == "mouse-off":
            mouse_off(folder)
        terminal = Terminal(folder, SIZE, environ, term=term)
        try:
            terminal.wait_for(r"\$$")
            if kind == "ssh":
                with server(folder) as words:
                    log_in(terminal, words)
                    whole_way(Looking(terminal, SIZE, kept, look), scenes, folder)
                    drop(terminal)
            else:
                whole_way(Looking(terminal, SIZE, kept, look), scenes, folder)
                terminal.press("q")
                terminal.wait_for(r"\$$")  # what it remembers is written before its folder goes
        finally:
            for pid in terminal.pids("stillroom.sandbox"):
                os.kill(pid, signal.SIGTERM)
            terminal.close()


def whole_way(walking: Looking, scenes: Path, folder: Path) -> None:
    """From no project to a compared student, by keys alone; the workbench is left open."""
    terminal = walking.terminal
    make_a_project(walking, scenes, folder)
    walking.see("1-overview-new", "no picture has been looked at", "Next: Scan")
    assert terminal.told("#{mouse_any_flag}") == ("0" if "mouse-off" in str(walking._folder) else "1")
    terminal.press("S")
    walking.see("1-overview-scanned", "60 unique", "Next: Label")
    label(walking)
    build_and_train(walking)
    terminal.press("D")
    walking.agree("Deploy lite-54")
    walking.see("5-jobs-deployed", "deployment +lite-54 +Active")
    terminal.press("1", "A")
    walking.agree("with untuned")
    walking.agree("with lite-54")
    walking.see("1-overview-compared", r"Compare .*untuned.*lite-54 0\.", "Next: All is done")
    look_around(walking)


@contextmanager
def server(folder: Path) -> Iterator[list[str]]:
    """An sshd of our own; gives the words of the command that logs in."""
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    shutil.copyfile(folder / "user.pub", folder / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sshd.conf").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile {folder}/sshd.pid\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nPermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\n"
    )
    program = shutil.which("sshd") or "/usr/sbin/sshd"
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    sshd = subprocess.Popen([program, "-D", "-f", str(folder / "sshd.conf"), "-E", str(folder / "sshd.log")])
    try:
        yield [
            "ssh", "-p", str(port), "-i", str(folder / "user"), "-F", "none",
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder}/known",
            f"{getpass.getuser()}@127.0.0.1",
        ]  # fmt: skip
    finally:
        sshd.terminate()
        sshd.wait(20)


def log_in(terminal: Terminal, words: list[str]) -> None:
    """Log in, and make the shell there like the one here."""
    for _ in range(20):
        terminal.run(*words)
        screen = terminal.wait_for(r"(?m)[$#] ?$")
        if "refused" not in screen.rpartition("ssh -p")[2]:
            break
    home = terminal.folder / "home"
    path = f"{COMMAND.parent}:{os.environ['PATH']}"
    terminal.type(f"exec env HOME={home} PATH={path} LANG=C.UTF-8 TZ=UTC PS1='$ ' sh -i")
    terminal.press("Enter")
    terminal.run("clear")
    terminal.wait_for(r"^\$$")
    terminal.type("echo $SSH_CONNECTION")
    terminal.press("Enter")
    terminal.wait_for(r"(?m)^127\.0\.0\.1 ")


def drop(terminal: Terminal) -> None:
    """Let the connection drop while the workbench is open: it ends, and does not stay behind."""
    (client,) = terminal.pids("ssh -p")
    assert len(workbenches(terminal)) == 1
    began = time.monotonic()
    os.kill(client, signal.SIGKILL)
    pause = threading.Event()
    while workbenches(terminal):
        assert time.monotonic() - began < 20, "it stays behind"
        pause.wait(0.1)


def workbenches(terminal: Terminal) -> list[int]:
    """Workbenches that were begun in this terminal's folder."""
    return [pid for pid in terminal.pids("bin/stillroom") if cwd(pid).is_relative_to(terminal.folder)]


def cwd(pid: int) -> Path:
    """The folder that a process is in; the root's when it is gone."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return Path("/")


def main() -> int:
    """Walk, and say how it went."""
    if len(sys.argv) < 2 or any(kind not in KINDS for kind in sys.argv[2:]):
        sys.stderr.write(__doc__ or "")
        return 2
    folder = Path(sys.argv[1])
    failed = 0
    with tempfile.TemporaryDirectory(prefix="scenes-") as name:
        scenes = Path(name) / "scenes"
        scenes.mkdir()
        draw_scenes(scenes, PICTURES, seed=3)
        for kind in sys.argv[2:] or KINDS:
            began = time.monotonic()
            try:
                walk(kind, scenes, folder / kind)
            except AssertionError as error:
                failed += 1
                sys.stdout.write(f"✗ {kind}: {error}\n")
            else:
                sys.stdout.write(f"✓ {kind}  {time.monotonic() - began:.0f} s\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
