"""Where no more than ASCII is promised, no more is sent, and nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stillroom.tui.cells import SYMBOLS, safe
from stillroom.tui.lobby import Lobby
from stillroom.tui.plain import in_ascii, plain_key


@given(st.text())
def test_it_is_ascii_and_as_wide(text: str) -> None:
    plain = in_ascii(safe(text))
    assert plain.isascii()
    assert cell_len(plain) == cell_len(safe(text))


def test_what_is_drawn_can_still_be_told_apart() -> None:
    assert in_ascii("✓ done ● 4 × 2 – é │ ─ ▁▇ ⣿ 바다 $1 …") == "+ done * 4 x 2 - e | - -# : ???? $1 ~"
    assert len({in_ascii(getattr(SYMBOLS, name)) for name in SYMBOLS.__slots__}) == len(SYMBOLS.__slots__)


def test_a_key_is_not_taken_for_another() -> None:
    assert plain_key("⏎") == "enter"
    assert [plain_key(key) for key in ("E", "esc", "^p")] == ["E", "esc", "^p"]


@pytest.mark.parametrize(("language", "ascii_only"), [("C", True), ("ko_KR.UTF-8", False)])
async def test_the_lobby_follows_the_locale(
    language: str, ascii_only: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_CTYPE", raising=False)
    monkeypatch.setenv("LANG", language)
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.press("n")
        await pilot.pause()
        lines = [
            "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
        ]
        assert all(line.isascii() for line in lines) is ascii_only
        assert {cell_len(line) for line in lines} == {80}
