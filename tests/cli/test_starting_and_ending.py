"""The first and the last moments of a command: Ctrl-C before anything is there, readers that have gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.steps.world import Said, stillroom

PRESSING = """
import os, signal, sys

class Pressing:
    # Presses Ctrl-C when a module is about to be imported.
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

{before}
sys.meta_path.insert(0, Pressing())
sys.argv = ["stillroom", *{words!r}]
from stillroom.cli import main
main()
"""


def pressed(module: str, *words: str, before: str = "") -> Said:
    done = subprocess.run(
        [sys.executable, "-c", PRESSING.format(module=module, words=words, before=before)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "module", ["stillroom.cli.app", "click", "stillroom.cli.crash", "stillroom.cli.verbs.status_"]
)
@pytest.mark.parametrize("words", [("status",), ("status", "--json")])
def test_ctrl_c_at_any_moment_of_the_start_leaves_with_130(module: str, words: tuple[str, ...]) -> None:
    said = pressed(module, *words).refused(130, "Stopped", "goes on from there")
    if "--json" in words:
        assert said.json["error"]["exit_code"] == 130
    else:
        assert said.out == ""


def test_ctrl_c_while_an_error_is_said_leaves_with_130() -> None:
    said = pressed("stillroom.cli.output", "lable")
    assert said.code == 130
    assert "Traceback" not in said.err
    assert "crash" not in said.err


def test_ctrl_c_when_all_is_said_adds_nothing(project: Path) -> None:
    at_the_end = "import atexit; atexit.register(os.kill, os.getpid(), signal.SIGINT)"
    said = pressed("nothing", "status", "--json", "--project", str(project), before=at_the_end).ok()
    assert said.json["project"]
    assert said.err == ""
    assert pressed("nothing", "lable", "--json", before=at_the_end).refused(2).json["error"]["exit_code"] == 2


def test_garbage_is_collected_while_a_verb_works(project: Path) -> None:
    told = "import atexit, gc; atexit.register(lambda: sys.stderr.write(str(gc.isenabled())))"
    assert pressed("nothing", "status", "--project", str(project), before=told).err == "True"
    assert pressed("nothing", "--help", before=told).err == "False"


def test_a_shell_that_keeps_ctrl_c_from_a_command_is_obeyed() -> None:
    ignoring = "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    assert pressed("click", "--version", before=ignoring).ok().out.startswith("stillroom ")


def piped(command: str) -> Said:
    done = subprocess.run(
        ["bash", "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("words", ["--help", "", "--version", "label --help", "completion fish", "new -h"])
def test_a_reader_that_never_reads_is_no_error(words: str) -> None:
    assert piped(f"{sys.executable} -m stillroom {words}") == Said(0, "", "")


@pytest.mark.parametrize("verb", ["status", "cost --json", "export labels", "validate", "jobs", "doctor"])
def test_what_a_verb_says_may_go_unread(distilled: Path, verb: str) -> None:
    assert piped(f"{sys.executable} -m stillroom {verb} --project {distilled}") == Said(0, "", "")


def test_an_error_that_nobody_reads_keeps_its_code() -> None:
    said = piped(f"{sys.executable} -m stillroom --json scan --jsno")
    said.refused(2, "--jsno")
    assert piped(f"{sys.executable} -m stillroom scan --jsno 2>&1") == Said(2, "", "")


def filling(*words: str | Path, stream: str = "stdout") -> Said:
    """Run with one stream on a disk that is full."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "stillroom", *words],
            **{**pipes, stream: full},  # type: ignore[call-overload]
            text=True,
            timeout=60,
            check=False,
        )
    return Said(done.returncode, done.stdout or "", done.stderr or "")


@pytest.mark.parametrize("words", [["--help"], ["label", "--help"], ["status"], ["status", "--json"]])
def test_a_result_that_finds_no_room_is_refused_in_two_lines(distilled: Path, words: list[str]) -> None:
    said = filling(*words, "--project", distilled)
    said.refused(1, "cannot be written: no space left on device", "Free some room")


def test_the_work_is_done_where_its_log_finds_no_room(project: Path) -> None:
    said = filling("setup", "--yes", "--json", "--project", project, stream="stderr")
    assert (said.code, said.json["bucket_made"]) == (0, True)


def unheard(*words: str | Path) -> Said:
    """Run with a stderr that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "stillroom", *words],
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    return Said(done.returncode, done.stdout, "")


def test_the_work_is_done_when_nobody_hears_about_it(project: Path) -> None:
    assert unheard("setup", "--yes", "--json", "--project", project).ok().json["bucket_made"] is True


def test_the_json_of_an_error_comes_when_nobody_hears_its_words() -> None:
    said = unheard("lable", "--json")
    assert (said.code, said.json["error"]["exit_code"]) == (2, 2)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["--help", "label teacher --project {}"])
def test_a_stream_that_was_closed_before_the_start_is_no_fault(
    project: Path, words: str, closed: str
) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m stillroom {words.format(project)} {closed}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == (2 if "label" in words else 0), done.stderr
    assert "unexpected" not in done.stderr
    if closed == "2>&-" and "label" not in words:
        assert done.stdout != ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_output_that_is_not_utf_8_has_spelt_out_what_it_lacks(
    uploaded: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    command = [sys.executable, "-m", "stillroom", "status", "--project", str(uploaded)]
    said = subprocess.run(command, capture_output=True, check=True)
    assert "\\u2713  scan" in said.stdout.decode(encoding)
    data = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert " · $" in data["steps"][1]["facts"]


def test_a_group_without_a_command_is_refused_in_two_lines() -> None:
    said = stillroom("sandbox")
    said.refused(2, "No command is named.", "stillroom sandbox --help")
