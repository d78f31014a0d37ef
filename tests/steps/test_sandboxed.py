"""A project's own sandbox: started when it is needed, found again, and heard when it cannot start."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from stillroom.errors import StillroomError
from stillroom.steps.sandboxed import ensure, find, sandbox_folder


def test_a_sandbox_is_started_once(tmp_path: Path) -> None:
    folder = sandbox_folder(tmp_path)
    folder.mkdir(parents=True)
    url = ensure(tmp_path)
    try:
        assert find(tmp_path) == url == ensure(tmp_path)
    finally:
        end(folder)


def test_a_copy_of_a_project_is_not_led_to_the_sandbox_of_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    url = ensure(first)
    try:
        shutil.copytree(first, second)
        assert find(second) is None
        assert find(first) == url
    finally:
        end(sandbox_folder(first))


def end(folder: Path) -> None:
    pid = json.loads((folder / "sandbox.lock").read_text())["pid"]
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


def test_a_sandbox_that_cannot_start_is_heard_at_once(tmp_path: Path) -> None:
    folder = sandbox_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "sandbox.toml").write_text("speed = -1\n")
    with pytest.raises(StillroomError, match="'speed'"):
        ensure(tmp_path)
