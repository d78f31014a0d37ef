"""A project's own sandbox: started when it is needed, found again, and heard when it cannot start."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from tests.steps.refusing import refuse

from stillroom.errors import StillroomError, StorageFull
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


@pytest.mark.parametrize(("method", "name"), [("mkdir", "sandbox"), ("open", "sandbox.log")])
def test_on_a_full_disk_it_says_that_it_cannot_be_started(
    method: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, method, errno.ENOSPC, lambda path: path.name == name)
    with pytest.raises(StorageFull) as refused:
        ensure(tmp_path)
    assert refused.value.what == (
        f"The sandbox could not be started: {sandbox_folder(tmp_path)} cannot be written: "
        "no space left on device."
    )
    assert "Free disk space" in refused.value.todo


def test_a_machine_that_starts_no_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(subprocess, "Popen", no_memory)
    with pytest.raises(StillroomError, match=r"could not be started with .*: cannot allocate memory"):
        ensure(tmp_path)
