"""The door itself: help, completion, wrong words, and what happens when something nobody foresaw happens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.steps.world import Box, assert_tame, ended, killed_at_the_end, spawn, stillroom

from stillroom.cli.app import VERBS

NAMES = [name for verbs in VERBS.values() for name, _ in verbs]
MAIN = "import sys; sys.argv[0] = 'stillroom'; from stillroom.cli import main; main()"


def test_help_names_every_verb_and_shows_examples() -> None:
    said = stillroom("--help").ok()
    assert all(f"  {name} " in said.out for name in NAMES)
    assert "Examples:" in said.out
    assert said.err == ""
    assert stillroom("-h").out == said.out == stillroom().ok().out


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_has_help_with_examples_and_the_common_options(name: str) -> None:
    said = stillroom(name, "--help").ok()
    words = said.out
    if name == "sandbox":
        words += stillroom(name, "serve", "--help").ok().out
    assert "Examples:" in words
    assert f"stillroom {name}" in words.split("Examples:")[1]
    for option in ("--project", "--json", "--quiet", "--yes"):
        assert option in words


def test_the_version() -> None:
    from stillroom import __version__

    assert stillroom("--version").ok().out == f"stillroom {__version__}\n"
    assert stillroom("--version", "--json").ok().json == {"version": __version__}
    assert stillroom("--json", "-V").ok().json == {"version": __version__}


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (("lable",), ("'lable'", "'label'", "--help")),
        (("scan", "--jsno"), ("--jsno", "--json")),
        (("label",), ("WHO", "stillroom label --help")),
        (("label", "teacher", "--limit", "0"), ("--limit", "x>=1")),
        (("label", "teacher", "--limit", "abc"), ("--limit", "'abc' is not a valid whole number")),
        (("sandbox", "serve", "--idle", "abc"), ("--idle", "'abc' is not a valid number")),
        (("label", "teacher", "--split", "half"), ("half", "train")),
        (("train", "--epochs", "9"), ("--epochs", "1<=x<=5")),
        (("demo", "--sizes", "many"), ("--sizes", "300,900")),
        (("demo", "--sizes", "0"), ("--sizes", "300,900")),
        (("demo", "--sizes", "5,300"), ("--sizes takes 8 to 20,000", "300,900")),
        (
            ("new", "d", "--images", "i", "--sandbox", "--endpoint-url", "http://127.0.0.1:1"),
            ("exclude each",),
        ),
        (("completion", "csh"), ("csh", "fish")),
        (("completion",), ("Missing argument 'SHELL'", "Choose from: bash, zsh, fish")),
        (("export",), ("export needs the word labels", "Run: stillroom export labels -o labels.jsonl")),
        (("export", "-o", "a b"), ("export needs the word labels", "stillroom export labels -o 'a b'")),
        (("import",), ("import needs the word labels", "Run: stillroom import labels FILE")),
        (("import", "f"), ("stillroom: import takes labels, not 'f'.", "Run: stillroom import labels f")),
        (("import", "lables", "f"), ("import takes labels, not 'lables'.", "Run: stillroom import labels f")),
        (("import", "f", "labels"), ("import takes labels, not 'f'.", "Run: stillroom import labels f")),
        (("import", "labels"), ("Missing argument 'FILE'", "stillroom import --help")),
        (("import", "labels", "none.jsonl", "--project", "."), ("stillroom.toml",)),
        (("retry", "teacher", "--class", "throttld"), ("'throttld'", "Did you mean throttled?")),
        (("retry", "teacher", "--class", "xyz"), ("'xyz'", "Classes: ")),
        (("retry", "untuned", "--class", "gone"), ("never sent", "run: stillroom label untuned")),
        (("export", "labels", "--out", "f"), ("No such option: --out", "Did you mean --output? See: ")),
        (("export", "labels", "--quite"), ("No such option: --quite", "Did you mean --quiet? See: ")),
        (("scan", "--zzz"), ("No such option: --zzz", "See: stillroom scan --help")),
        (("import", "pictures", "f"), ("pictures", "labels")),
    ],
)
def test_wrong_words_are_refused_in_two_lines(words: tuple[str, ...], fragments: tuple[str, ...]) -> None:
    stillroom(*words).refused(2, *fragments)


def test_read_only_is_refused_in_front_of_a_verb(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    served = box.served()
    label = ("--read-only", "label", "untuned", "--yes", "--project", project)
    stillroom(*label).refused(2, "--read-only is for the workbench", "--dry-run")
    assert box.served() == served


def test_json_of_no_verb_is_an_object() -> None:
    said = stillroom("--json")
    said.refused(2, "No command was named", "stillroom --help")
    assert said.json["error"]["exit_code"] == 2


def test_wrong_words_with_json_are_an_object() -> None:
    said = stillroom("--json", "scan", "--jsno")
    assert said.code == 2
    assert said.json["error"]["exit_code"] == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_for_each_shell(shell: str) -> None:
    script = stillroom("completion", shell).ok().out
    assert f"_STILLROOM_COMPLETE={shell}_complete" in script
    found = stillroom("completion", shell, "--json").ok().json
    assert (found["shell"], found["script"].strip()) == (shell, script.strip())


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("stillroom la", "plain,label"),
        ("stillroom label --sp", "plain,--split"),
        ("stillroom label --split te", "plain,test"),
    ],
)
def test_what_the_completion_script_asks_for(line: str, wanted: str) -> None:
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", MAIN],
        env={**os.environ, "_STILLROOM_COMPLETE": "bash_complete", "COMP_WORDS": line,
             "COMP_CWORD": str(len(words) - 1)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == [wanted]
    assert done.stderr == ""


@pytest.mark.parametrize("words", [["--help"], ["label", "--help"], ["--version"], ["lable"]])
def test_asking_for_help_loads_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        "heavy = ('boto3', 'botocore', 'PIL', 'numpy', 'textual', 'sqlite3', 'aiohttp', 'rich')\n"
        "atexit.register(lambda: sys.stderr.write(' '.join(m for m in heavy if m in sys.modules)))\n"
        f"sys.argv = ['stillroom', *{words!r}]\n"
        "sys.stdout = sys.stderr = open('/dev/null', 'w')\n"
        "sys.stderr = sys.__stderr__\n"
        "from stillroom.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    loaded = done.stderr.splitlines()[-1:] if words != ["lable"] else done.stderr.splitlines()[2:]
    assert "".join(loaded) == ""


CRASH = """
import sys
import stillroom.steps.standing as standing

def fall(workspace):
    raise RuntimeError("key AKIAIOSFODNN7EXAMPLE, secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, "
        "https://me:hunter2@gate/ \\x1b[31m")

standing.status = fall
sys.argv = ["stillroom", "status", "--project", sys.argv[1]]
from stillroom.cli import main
main()
"""


def test_a_crash_is_two_lines_and_a_file_without_secrets(distilled: Path, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(distilled)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("stillroom: unexpected RuntimeError")
    assert_tame(done.stderr)
    path = Path(lines[1].rpartition(": ")[2])
    assert path.is_relative_to(home)
    said = path.read_text(encoding="utf-8")
    assert "Traceback" in said
    for text in (said, done.stderr):
        assert "AKIA" not in text
        assert "wJalr" not in text
        assert "hunter2" not in text
        assert "https://gate/" in text
        assert "[redacted]" in text
    assert str(home) not in said


def test_a_reader_that_has_gone_is_no_error(distilled: Path) -> None:
    command = f"{sys.executable} -m stillroom export labels --project {distilled} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sandbox", "serve"), r"sandbox http://127\.0\.0\.1:{port}\n"),
        (("sandbox", "serve", "--json"), r'\{{"sandbox": "http://127\.0\.0\.1:{port}"\}}\n'),
        (("--json", "sandbox", "serve"), r'\{{"sandbox": "http://127\.0\.0\.1:{port}"\}}\n'),
    ],
)
def test_a_sandbox_can_be_served_by_itself(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    with killed_at_the_end(spawn(*words, "--port", "0", "--dir", tmp_path / "s")) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = json.loads((tmp_path / "s" / "sandbox.lock").read_text())["port"]
        assert re.fullmatch(told.format(port=port), line)
        assert f'"pid": {process.pid}' in (tmp_path / "s" / "sandbox.lock").read_text(), (
            "the caller's own pid"
        )
        process.terminate()
        assert process.wait(20) == 0


def test_a_sandbox_that_cannot_be_served_says_so_in_json_too(tmp_path: Path) -> None:
    (tmp_path / "sandbox.toml").write_text("speed = -1\n")
    said = ended(spawn("sandbox", "serve", "--json", "--dir", tmp_path))
    assert said.code == 2
    assert said.json["error"]["exit_code"] == 2
    assert said.json["error"]["what"] in said.err
