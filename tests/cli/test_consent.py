"""Nothing is spent or changed before somebody has seen the plan and agreed to it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.steps.world import Box, answers, stillroom


def test_without_a_terminal_the_plan_is_printed_and_nothing_is_done(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    said = stillroom("label", "teacher", "--project", project)
    assert said.code == 2
    assert "Label 30 pictures" in said.err
    assert "price" in said.err
    assert "$0.0" in said.err
    assert "stillroom label teacher" in said.err
    assert "--yes" in said.err
    assert box.served() == before


def test_yes_still_shows_the_plan_and_stores_it(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    said = stillroom("label", "untuned", "--yes", "--project", project).ok()
    assert "price" in said.err
    from stillroom.store.opening import Store

    with Store.open(project) as store:
        assert [plan.verb for plan in store.diary.plans()] == ["label"]


def test_quiet_says_nothing_on_stderr(project: Path, box: Box) -> None:
    stillroom("scan", "--quiet", "--project", project).ok()
    assert stillroom("label", "untuned", "-y", "-q", "--project", project).ok().err == ""


@pytest.mark.parametrize("verb", [("label", "teacher"), ("setup",), ("run",)])
def test_a_dry_run_shows_the_plan_and_does_nothing(verb: tuple[str, ...], project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.bill()["calls"], answers(project)
    said = stillroom(*verb, "--dry-run", "--json", "--project", project).ok()
    plan = said.json["plan"]
    assert plan["needs_consent"] is True
    assert plan["count"] > 0
    assert plan["command"].startswith(f"stillroom {verb[0]}")
    assert (box.bill()["calls"], answers(project)) == before


def test_the_common_options_stand_before_or_after_the_verb(project: Path) -> None:
    before = stillroom("--project", project, "--json", "scan").ok().json
    after = stillroom("scan", "--json", "--project", project).ok().json
    assert before["pictures"] == after["pictures"] == 32
    assert before["sandbox"] is True


def at_a_terminal(words: list[str], answer: str) -> tuple[int, str]:
    """Run the command in a terminal of its own and answer its question."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "stillroom", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(follower)
        said, end, answered = b"", time.monotonic() + 60, False
        while time.monotonic() < end:
            if not select.select([leader], [], [], 0.5)[0]:
                continue
            try:
                said += os.read(leader, 4096)
            except OSError:
                break
            if not answered and b"[y/N]" in said:
                os.write(leader, answer.encode() + b"\n")
                answered = True
        code = process.wait(60)
    os.close(leader)
    return code, said.decode()


def test_a_no_at_the_terminal_does_nothing(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    code, said = at_a_terminal(["label", "teacher", "--limit", "3", "--project", str(project)], "n")
    assert code == 130
    assert "Nothing was done." in said
    assert box.served() == before


def test_a_yes_at_the_terminal_goes_ahead(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    code, said = at_a_terminal(["label", "teacher", "--limit", "3", "--project", str(project)], "y")
    assert code == 0, said
    assert box.served() == before + 3
