"""The command that a plan names does the same: typed as it stands, it has the same plan."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.steps.world import put, stillroom

from stillroom.labeling.values import Prompt
from stillroom.shown import shown
from stillroom.steps.ask import AskModels
from stillroom.steps.pipeline import Run
from stillroom.steps.quoting import plan_command
from stillroom.steps.trying import KeepPrompt
from stillroom.steps.workspace import open_workspace


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
@example("new\nline")
@example("'\x1b\\n\x85\u202e\U000e0001")
def test_a_shell_reads_every_name_as_it_is(name: str) -> None:
    command = plan_command("exclude", name)
    assert shown(command) == command
    words = command.split(" ", 3 if command.startswith("stillroom exclude -- ") else 2)[-1]
    said = subprocess.run(["bash", "-c", f"printf %s. {words}"], capture_output=True, check=True)
    assert said.stdout.decode() == f"{name}."


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "p00.jpg", "p01.jpg", "--model", "teacher", "--model", "us.amazon.nova-lite-v1:0"),
        ("ask", "p00.jpg", "--prompt", "try this.txt"),
        ("ask", "--", "-split:test", "p00.jpg"),
        ("label", "teacher", "--only", "-split:test", "--only", "name~p0", "--limit", "3"),
        ("label", "teacher", "--split", "all"),
    ],
)
def test_it_has_the_same_plan(project: Path, words: tuple[str, ...]) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    (project / "try this.txt").write_text("Name what you see, as keywords.")
    here = ("--project", str(project), "--json", "--dry-run")
    plan = stillroom(words[0], *here, *words[1:], at=project).ok().json["plan"]
    verb, *rest = shlex.split(plan["command"])[1:]
    assert stillroom(verb, *here, *rest, at=project).ok().json["plan"] == plan


@pytest.mark.parametrize(
    "words",
    [("setup",), ("run",), ("run", "--until", "build"), ("label", "teacher"), ("label", "untuned")],
)
def test_agreement_is_left_to_whoever_types_it(project: Path, words: tuple[str, ...]) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    plan = stillroom(*words, "--project", project, "--json", "--dry-run").ok().json["plan"]
    assert plan["command"] == shlex.join(["stillroom", *words])


def test_a_prompt_that_is_in_no_file_yet_is_not_taken_for_the_projects(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        own = workspace.settings.prompt.prompt
        for prompt, other in (
            (None, False),
            (own, False),
            (Prompt(own.system, "Be brief."), True),
            (Prompt("Be kind.", "Be brief."), True),
        ):
            plan = AskModels(("p00.jpg",), prompt=prompt).plan(workspace)
            assert plan.command.endswith(" --prompt FILE") == other
            assert ("as FILE" in " ".join(plan.notes)) == other
            changed = prompt is not None and prompt.system != own.system
            assert ("system text was edited too" in " ".join(plan.notes)) == changed


def test_keeping_a_prompt_names_the_file_it_is_written_to_and_shows_it_line_by_line(project: Path) -> None:
    with open_workspace(project) as workspace:
        plan = KeepPrompt(Prompt("Be kind.", "One.\nTwo.")).plan(workspace)
    assert shlex.split(plan.command) == ["$EDITOR", str(project / "stillroom.toml")]
    assert not any("One." in line.value for line in plan.lines)
    assert [document.text for document in plan.documents] == ["Be kind.", "One.\nTwo."]


def test_keeping_a_prompt_tells_what_is_to_be_paid_for_then(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        own = workspace.settings.prompt.prompt
        plan = KeepPrompt(Prompt(own.system, "Be brief.")).plan(workspace)
        same = KeepPrompt(own).plan(workspace)
        assert workspace.settings.prompt.prompt == own
    asked = [line for line in plan.lines if line.label == "label teacher"]
    assert [line.value.startswith("then $0.0") for line in asked] == [True]
    assert sum(line.label.startswith("train ") for line in plan.lines) == 2
    assert plan.price.likely is not None
    assert plan.price.likely > 0
    assert plan.price_word != "price"
    assert "Each new student then costs $1.95 a month to keep." in plan.notes
    assert (same.count, same.price.likely) == (0, 0)


def test_keeping_a_prompt_tells_when_it_takes_the_place_of_a_later_one(project: Path) -> None:
    with open_workspace(project) as workspace:
        own = workspace.settings.prompt.prompt
        plans = [
            KeepPrompt(Prompt("Be kind.", "Name it."), edited_from).plan(workspace)
            for edited_from in (own, None, Prompt("Of before.", "Name it."))
        ]
    assert [any("takes its place" in line for line in plan.loses) for plan in plans] == [False, False, True]


def test_running_everything_tells_what_new_students_cost_to_keep(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        told = "Each new student then costs $1.95 a month to keep."
        assert told not in Run().plan(workspace).notes
        put(distilled, "training", "epochs", 5)
        workspace.reload()
        assert told in Run().plan(workspace).notes


def test_a_plan_with_nothing_left_to_do_names_no_command(distilled: Path) -> None:
    for words in (("run",), ("train",), ("upload",)):
        assert "  command " not in stillroom(*words, "--dry-run", "--project", distilled).ok().out
    put(distilled, "training", "epochs", 5)
    said = stillroom("train", "--dry-run", "--project", distilled).ok().out
    assert "  command " in said
