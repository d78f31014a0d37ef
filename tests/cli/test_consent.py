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

from stillroom.cli.drive import plan_lines
from stillroom.steps.plan import Document, Plan


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


@pytest.mark.parametrize("answer", ["n", "\x03"])
def test_a_no_at_the_terminal_does_nothing(project: Path, box: Box, answer: str) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    code, said = at_a_terminal(["label", "teacher", "--limit", "3", "--project", str(project)], answer)
    assert code == 130
    assert "Nothing was done." in said
    assert "kept" not in said
    assert box.served() == before


def test_a_yes_at_the_terminal_goes_ahead(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    code, said = at_a_terminal(["label", "teacher", "--limit", "3", "--project", str(project)], "y")
    assert code == 0, said
    assert box.served() == before + 3


def test_another_key_at_the_terminal_is_asked_again(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    before = box.served()
    words = ["label", "teacher", "--limit", "3", "--project", str(project)]
    code, said = at_a_terminal(words, "x\nYes")
    assert code == 0, said
    assert "Answer y for yes or n for no." in said
    assert "Error" not in said
    assert said.count("[y/N]") == 2
    assert box.served() == before + 3


def test_policies_are_named_to_who_agreed_and_shown_whole_before_the_plan_to_who_is_asked() -> None:
    document = Document("Trust policy: who may assume the role", '{"Version": "2012-10-17"}')
    plan = Plan(verb="setup", title="Make it", count=1, command="stillroom setup", documents=(document,))
    named = plan_lines(plan, where="SANDBOX", whole=False)
    assert "  policies  trust policy; to read them: stillroom setup --print" in named
    assert not any("2012" in line for line in named)
    whole = plan_lines(plan, where="AWS", whole=True)
    assert whole[:4] == ["Trust policy: who may assume the role", '{"Version": "2012-10-17"}', "", "Make it"]


def test_the_last_note_of_a_plan_without_a_command_is_broken_between_words() -> None:
    plan = Plan(
        verb="label",
        title="Nothing is left.",
        count=0,
        notes=("word " * 40,),
        command="stillroom label teacher",
    )
    assert max(map(len, plan_lines(plan, where="AWS", whole=True, width=80))) <= 80


def test_a_sandbox_is_set_up_without_pages_of_policies(project: Path) -> None:
    said = stillroom("setup", "--yes", "--project", project).ok().err
    assert "stillroom setup --print" in said
    assert "2012-10-17" not in said
    assert "2012-10-17" in stillroom("setup", "--print", "--project", project).ok().out


def test_who_is_asked_is_shown_both_policies_on_a_sandbox_too(project: Path) -> None:
    code, said = at_a_terminal(["setup", "--project", str(project)], "n")
    assert code == 130
    assert "Trust policy: who may assume the role" in said
    assert said.count("2012-10-17") == 2
    assert said.index("2012-10-17") < said.index("Go ahead?")
    assert stillroom("setup", "--dry-run", "--project", project).ok().out.count("2012-10-17") == 2


def test_a_plan_says_where_calls_go() -> None:
    plan = Plan(verb="label", title="Label 5 pictures", count=1, command="stillroom label teacher",
                needs_consent=True)  # fmt: skip
    for where in ("SANDBOX", "AWS", "AWS via 127.0.0.1:4566"):
        assert f"  calls go to  {where}" in plan_lines(plan, where=where, whole=True)
