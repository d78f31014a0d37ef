"""A person's own folders: XDG first, on every system."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from stillroom.places import at_home, config_folder, is_folder, state_folder


def test_xdg_folders_come_first() -> None:
    environ = {"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert config_folder(environ) == Path("/c/stillroom")
    assert state_folder(environ) == Path("/s/stillroom")


def test_without_xdg_or_with_a_path_that_is_not_absolute_the_system_decides() -> None:
    for environ in ({}, {"XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}, {"XDG_CONFIG_HOME": "c"}):
        assert config_folder(environ) == platformdirs.user_config_path("stillroom")
        assert state_folder(environ) == platformdirs.user_state_path("stillroom")


def test_words_name_ones_home_by_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/mary")
    assert at_home("Theme /home/mary/a/b.toml: no such colour") == "Theme ~/a/b.toml: no such colour"
    assert at_home("/home/mary/a and /home/mary/b") == "~/a and ~/b"
    for other in ("/home/mary2/a", "/mnt/home/mary/a", "/home/mary"):
        assert at_home(other) == other
    monkeypatch.setenv("HOME", "/")
    assert at_home("/a/b") == "/a/b"


def test_a_folder_is_none_where_nobody_may_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / "none")

    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refused)
    assert not is_folder(tmp_path)
