"""What is known of a terminal without asking it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillroom.terminal import clipboard_route, colours, is_ascii


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"LANG": "C"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "ko_KR.utf8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "en_US.ISO-8859-1"}, True),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "C.UTF-8"}, False),
    ],
)
def test_a_locale_that_promises_ascii_alone(environ: dict[str, str], expected: bool) -> None:
    assert is_ascii(environ) is expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "16 million"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "xterm-kitty"}, "256"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none: NO_COLOR is set"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_that_it_promises(environ: dict[str, str], expected: str) -> None:
    assert colours(environ) == expected


def test_the_way_to_the_clipboard(tmp_path: Path) -> None:
    plain = {"TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path), "PATH": str(tmp_path)}
    assert clipboard_route(plain) == "to the terminal (OSC 52)"
    assert str(tmp_path) in clipboard_route({**plain, "TERM": "linux"})
    assert clipboard_route({**plain, "TMUX": "/gone,1,0"}) == "to the terminal (OSC 52)"
    (tmp_path / "tmux").touch(0o755)
    assert clipboard_route({**plain, "TMUX": "/there,1,0"}) == "through tmux (tmux load-buffer -w)"
