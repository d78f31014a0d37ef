"""What doctor says of this machine and its terminal, wherever it is asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.steps.world import put, stillroom

from stillroom import __version__
from stillroom.steps.doctor import local_checks


def here(environ: dict[str, str]) -> dict[str, str]:
    return {check.name: check.what for check in local_checks(environ)}


def test_terminal_colours_clipboard_versions_and_paths_are_told(tmp_path: Path) -> None:
    said = here(
        {
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
    )
    assert said["Stillroom"] == __version__
    assert said["textual"]
    assert "xterm-256color" in said["terminal"]
    assert said["colours"] == "256"
    assert said["text"] == "UTF-8"
    assert said["clipboard"] == "to the terminal (OSC 52)"
    assert said["themes and keys"] == str(tmp_path / "config" / "stillroom")
    assert said["memory"] == str(tmp_path / "state" / "stillroom")


def test_a_poor_terminal_is_told_what_it_lacks() -> None:
    said = here({"TERM": "dumb", "NO_COLOR": "1"})
    assert said["colours"] == "none: NO_COLOR is set"
    assert said["text"] == "ASCII alone: symbols and drawings are plain"
    assert "takes no clipboard" in said["clipboard"]


def test_outside_a_project_it_is_all_there_is(tmp_path: Path) -> None:
    said = stillroom("doctor", "--json", at=tmp_path).ok().json
    assert {check["area"] for check in said["checks"]} == {"here"}
    assert {"terminal", "colours", "clipboard"} <= {check["name"] for check in said["checks"]}


def test_in_a_project_the_aws_half_follows(distilled: Path) -> None:
    said = stillroom("doctor", "--json", "--project", distilled).ok().json
    assert {check["area"] for check in said["checks"]} == {"here", "project", "AWS"}
    assert next(check for check in said["checks"] if check["name"] == "file")["what"] == str(
        distilled / "stillroom.toml"
    )


@pytest.mark.parametrize(
    ("free", "told", "enough"),
    [(507_904, "507.9 KB free", False), (0, "0 bytes free", False), (1_500_000_000, "1.5 GB free", True)],
)
def test_room_on_the_disk_is_told_in_a_unit_that_suits_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: str, enough: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    put(project, "aws", "endpoint_url", "http://127.0.0.1:9")  # nothing is asked of AWS
    checks = stillroom("doctor", "--json", "--project", project).json["checks"]
    (disk,) = [check for check in checks if check["name"] == "disk"]
    assert (disk["what"], disk["passed"]) == (told, enough)
