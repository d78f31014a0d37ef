"""Editor and pager: real programs, small ones."""

from __future__ import annotations

import errno
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App

from stillroom.errors import StillroomError, StorageFull, UsageError
from stillroom.tui import outside
from stillroom.tui.outside import children_environ, edit, edit_file, page


class _Bench:
    """Steps aside as an application does, and remembers that it did."""

    def __init__(self) -> None:
        self.asides = 0
        self.aside = False

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.aside = True
        yield
        self.aside = False
        self.asides += 1


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _program(folder: Path, script: str, name: str = "my editor") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return f"'{path}'"


def _environ(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **more}


def test_an_edited_text_comes_back(tmp_path: Path, temporary: Path) -> None:
    editor = _program(tmp_path, f'ls -ln "$2" > {tmp_path}/seen; echo "$1" >> "$2"; touch "$2~"')
    bench = _Bench()
    assert (
        edit(bench, "바다\n", ".md", _environ(VISUAL=f"{editor} --wait", EDITOR="never")) == "바다\n--wait\n"
    )
    seen = (tmp_path / "seen").read_text(encoding="utf-8")
    assert seen.startswith("-rw------- ")
    assert seen.rstrip().endswith(".md")
    assert list(temporary.iterdir()) == []
    assert (bench.asides, bench.aside) == (1, False)


@pytest.mark.parametrize(
    "script", [":", 'printf "%s\\n" "$(cat "$1")" > "$1"'], ids=["nothing", "a line end"]
)
def test_what_was_not_changed_is_none(tmp_path: Path, temporary: Path, script: str) -> None:
    assert edit(_Bench(), "one line", ".txt", _environ(EDITOR=_program(tmp_path, script))) is None


def test_line_ends_stay_as_they_are(tmp_path: Path, temporary: Path) -> None:
    editor = _program(tmp_path, 'printf x >> "$1"')
    assert edit(_Bench(), "a\r\n", ".txt", _environ(EDITOR=editor)) == "a\r\nx"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path, temporary: Path) -> None:
    editor = _program(tmp_path, """printf 'caf\\351' > "$1" """)
    with pytest.raises(StillroomError, match="The edited text is not UTF-8"):
        edit(_Bench(), "a", ".txt", _environ(EDITOR=editor))


def test_an_editor_that_fails_changes_nothing(tmp_path: Path, temporary: Path) -> None:
    editor = _program(tmp_path, 'echo x > "$1"; exit 3')
    with pytest.raises(StillroomError, match="my editor ended with 3"):
        edit(_Bench(), "a", ".txt", _environ(EDITOR=editor))
    assert list(temporary.iterdir()) == []
    with pytest.raises(StillroomError, match="The edited text is gone"):
        edit(_Bench(), "a", ".txt", _environ(EDITOR=_program(tmp_path, 'rm "$1"')))


def test_a_folder_for_temporary_files_that_has_gone_is_said(temporary: Path) -> None:
    temporary.rmdir()
    with pytest.raises(StorageFull) as refused:
        edit(_Bench(), "a", ".txt", _environ(EDITOR="true"))
    assert "temporary file: no such file or directory." in refused.value.what
    assert "TMPDIR" in refused.value.todo


def test_a_disk_without_room_for_the_text_is_said(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str, **_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_text", full)
    bench = _Bench()
    with pytest.raises(StorageFull, match="no space left on device"):
        edit(bench, "a", ".txt", _environ(EDITOR="true"))
    assert bench.asides == 0
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "what"),
    [
        ({"EDITOR": "no-such-editor -w"}, "no-such-editor was not found; EDITOR names it."),
        ({"VISUAL": "no\x1b[31m", "EDITOR": "true"}, "no\\x1b[31m was not found; VISUAL names it."),
        ({"EDITOR": "vi 'x"}, "EDITOR cannot be understood: vi 'x"),
        (
            {"PATH": "/nowhere"},
            "There is no program for this: EDITOR is not set, and neither nano nor vim nor vi is here.",
        ),
    ],
)
def test_a_missing_program_is_said_in_two_lines(environ: dict[str, str], what: str) -> None:
    bench = _Bench()
    with pytest.raises(UsageError) as caught:
        edit(bench, "a", ".txt", {**_environ(), **environ})
    assert caught.value.what == what
    assert caught.value.todo
    assert bench.asides == 0


def test_a_file_is_edited_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "stillroom.toml"
    file.write_text("a", encoding="utf-8")
    edit_file(_Bench(), file, _environ(EDITOR=_program(tmp_path, 'echo b > "$1"')))
    assert file.read_text(encoding="utf-8") == "b\n"
    with pytest.raises(StillroomError, match=r"gone\.toml cannot be read: No such file"):
        edit_file(_Bench(), tmp_path / "gone.toml", _environ(EDITOR="true"))


def test_what_is_paged_is_tame(tmp_path: Path) -> None:
    pager = _program(tmp_path, f"cat > {tmp_path}/paged; exit 130")
    page(_Bench(), "one\x1b[2J\r\n\ttwo\u202e\n", _environ(PAGER=pager), wait=lambda words: None)
    assert (tmp_path / "paged").read_text(encoding="utf-8") == "one\\x1b[2J\n        two\\u202e\n"


def test_what_a_pager_only_prints_stays_until_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, f"/bin/cat > {tmp_path}/paged", name="cat")
    bench, asides = _Bench(), []
    environ = _environ(PAGER="cat", PATH=f"{tmp_path}:{os.environ['PATH']}")

    def wait(words: str) -> None:
        asides.append((words.strip(), bench.aside))

    page(bench, "x", environ, wait=wait)
    assert (tmp_path / "paged").read_text(encoding="utf-8") == "x"
    assert asides == [("Enter goes back to the workbench.", True)], "before the screen comes back"
    other = {**environ, "PAGER": _program(tmp_path, "cat > /dev/null", name="pages")}
    page(bench, "x", other, wait=wait)
    assert len(asides) == 2, "it was gone at once"
    monkeypatch.setattr(outside, "_AT_ONCE_SECONDS", 0.0)
    page(bench, "x", other, wait=wait)
    assert len(asides) == 2, "it has waited itself"


def test_ctrl_c_is_the_programs_own(tmp_path: Path, temporary: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    editor = _program(tmp_path, 'kill -INT $PPID; (trap "" INT; :); kill -INT $$; echo no > "$1"')
    with pytest.raises(StillroomError, match=f"ended with {-signal.SIGINT}"):
        edit(_Bench(), "a", ".txt", _environ(EDITOR=editor))
    assert signal.getsignal(signal.SIGINT) == before


async def test_a_terminal_that_cannot_be_handed_over_is_said(temporary: Path) -> None:
    app: App[None] = App()
    async with app.run_test():
        with pytest.raises(StillroomError, match="cannot be handed to true"):
            edit(app, "a", ".txt", _environ(EDITOR="true"))


def test_children_are_told_that_no_colour_is_wanted() -> None:
    assert children_environ({"A": "b"}, no_color=True) == {"A": "b", "NO_COLOR": "1"}
    assert children_environ({"NO_COLOR": "yes"}, no_color=True) == {"NO_COLOR": "yes"}
    assert children_environ({"A": "b"}, no_color=False) == {"A": "b"}


def test_temporary_files_are_for_their_owner_alone(tmp_path: Path, temporary: Path) -> None:
    editor = _program(tmp_path, f'ls -ldn "$(dirname "$1")" > {tmp_path}/seen')
    edit(_Bench(), "a", ".txt", _environ(EDITOR=editor))
    assert (tmp_path / "seen").read_text(encoding="utf-8").startswith("drwx------")
