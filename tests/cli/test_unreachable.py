"""An endpoint that is gone while a run goes: the run stops, no picture fails, the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, Said, answers, gallery, make, put, stillroom, until

from stillroom.labeling.run import Conduct
from stillroom.steps import conversing
from stillroom.steps.sandboxed import sandbox_folder

IN_FLIGHT = 4
PICTURES = 30


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run stops at the second attempt that reaches nobody instead of after a quarter of a minute."""
    monkeypatch.setattr(conversing, "Conduct", partial(Conduct, patience=0.1))


@pytest.fixture
def own_box(tmp_path: Path) -> Iterator[Box]:
    """A sandbox that a test may kill."""
    box = Box(tmp_path / "sandbox")
    box.turn(**{**CALM, "latency": 0.2})
    yield box
    box.stop()


@pytest.fixture
def scanned(project: Path, own_box: Box) -> Path:
    put(project, "limits", "concurrency", IN_FLIGHT)
    put(project, "aws", "endpoint_url", own_box.url)
    stillroom("scan", "-q", "--project", project).ok()
    return project


def killed_on_the_way(box: Box, *words: str | Path) -> Said:
    """How a command ends whose sandbox is killed after its first answers."""

    before = box.served()

    def kill() -> None:
        until(lambda: box.served() - before >= IN_FLIGHT, "An answer")
        box.process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return stillroom(*words)
    finally:
        killer.join()


def test_who_was_not_asked_stays_waiting_when_the_endpoint_is_gone(
    scanned: Path, own_box: Box, box: Box
) -> None:
    said = killed_on_the_way(own_box, "label", "teacher", "-yq", "--project", scanned)
    # A region that is none has an endpoint that nobody reaches, too.
    todo = "Check the network, region 'us-east-1' and the endpoint URL. The same command goes on from there."
    said.refused(1, "The endpoint of teacher cannot be reached", " left; ", todo)
    assert " failed" not in said.err
    (spent,) = stillroom("cost", "--json", "--project", scanned).ok().json["spent"]
    # A connection that the dying sandbox still takes may carry a call: how many do is a matter of its kernel.
    assert spent["attempts"] == spent["calls"] + spent["unknown"], "what was not sent is no call"
    assert spent["attempts"] < PICTURES
    put(scanned, "aws", "endpoint_url", box.url)
    more = stillroom("label", "teacher", "-yq", "--json", "--project", scanned).ok().json
    assert (more["answered"], more["failed"], more["failed_before"]) == (PICTURES, {}, 0)


def test_of_a_limit_the_rest_is_named(scanned: Path, own_box: Box) -> None:
    said = killed_on_the_way(own_box, "label", "teacher", "-yq", "--limit", "25", "--project", scanned)
    said.refused(1, "To go on from there: stillroom label teacher --limit ")


def test_what_could_not_be_sent_is_a_part_of_the_rest(own_box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", PICTURES, 0)
    root = make(tmp_path / "p", folder, own_box, ("limits", "concurrency", IN_FLIGHT))
    stillroom("scan", "-q", "--project", root).ok()
    for name in sorted(folder.iterdir())[:5]:
        name.unlink()
    said = killed_on_the_way(own_box, "label", "teacher", "-yq", "--limit", str(PICTURES), "--project", root)
    left = PICTURES - answers(root)["answers"]
    said.refused(1, f"{left} left, of which 5 could not be sent: ", f"stillroom label teacher --limit {left}")


def test_the_same_retry_goes_on_when_the_endpoint_is_there_again(
    scanned: Path, own_box: Box, box: Box
) -> None:
    own_box.turn(latency=0.0, faults={"refusal": 1.0})
    assert stillroom("label", "teacher", "-yq", "--project", scanned).code == 6
    own_box.turn(latency=0.2, faults={"refusal": 0.0})
    words = ("retry", "teacher", "-yq", "--project", scanned)
    killed_on_the_way(own_box, *words).refused(1, "The same command goes on from there.")
    put(scanned, "aws", "endpoint_url", box.url)
    again = stillroom(*words, "--json").ok().json
    assert again["answered"] == PICTURES


@pytest.fixture
def own(project: Path) -> Iterator[Path]:
    """A project with a sandbox of its own, which takes its time to answer."""
    put(project, "limits", "concurrency", IN_FLIGHT)
    put(project, "aws", "endpoint_url", "")
    put(project, "aws", "sandbox", True)
    folder = sandbox_folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sandbox.toml").write_text("latency = 0.2\n", encoding="utf-8")
    stillroom("scan", "-q", "--project", project).ok()
    yield project
    kill_own(project)


def kill_own(project: Path) -> None:
    pid = json.loads((sandbox_folder(project) / "sandbox.lock").read_text(encoding="utf-8"))["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.parametrize(
    ("words", "todo"),
    [
        ((), "The same command goes on from there."),
        (("--limit", "25"), "To go on from there: stillroom label teacher --limit "),
    ],
)
def test_of_the_projects_own_sandbox_it_is_told_that_it_has_stopped(
    own: Path, words: tuple[str, ...], todo: str
) -> None:
    def kill() -> None:
        until(lambda: answers(own).get("answers", 0) >= IN_FLIGHT, "An answer")
        kill_own(own)

    killer = threading.Thread(target=kill)
    killer.start()
    label = ("label", "teacher", "-yq", "--project", own)
    said = stillroom(*label, *words)
    killer.join()
    again = f"It is started again when you go on. {todo}"
    said.refused(1, "The project's sandbox has stopped. ", " left; ", again)
    assert "network" not in said.err
    assert stillroom(*label, "--json").ok().json["answered"] == PICTURES
