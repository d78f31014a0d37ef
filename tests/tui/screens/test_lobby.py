"""Choosing a project and making one, by keys alone."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.tui.agreeing import agree
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Static

from stillroom.background import Runner
from stillroom.errors import StorageFull
from stillroom.pictures import scenes
from stillroom.project.reading import load
from stillroom.steps.checking_new import Answers, Finding, run_check
from stillroom.steps.known_projects import Known
from stillroom.steps.new import New, NewResult
from stillroom.tui.actions import every_action
from stillroom.tui.checking import Checking
from stillroom.tui.keymap import read_keymap
from stillroom.tui.lobby import Chosen, Lobby
from stillroom.tui.remembered import Remembered
from stillroom.tui.screens.help import Help
from stillroom.tui.screens.new_project import Draft, NewProjectScreen, advice, finding_text
from stillroom.tui.screens.notices import Notices
from stillroom.tui.screens.projects import ProjectsScreen, project_line
from stillroom.tui.widgets.form_row import ROWS, Field, FormRow


@pytest.fixture
def own(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Remembered:
    """A person's own memory, empty."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Remembered(os.environ)


def _project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "stillroom.toml").touch()
    return folder


async def _form(app: Lobby, pilot: Pilot[Chosen]) -> NewProjectScreen:
    """The form for a new project, opened by its key."""
    await pilot.press("n")
    await pilot.pause()
    assert isinstance(app.screen, NewProjectScreen)
    return app.screen


async def _until(pilot: Pilot[Chosen], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await pilot.pause(0.02)


def _said(app: Lobby, name: str) -> str:
    return str(app.screen.query_one(f"#{name}", Static).render())


def _placeholder(app: Lobby, name: str) -> str:
    return next(row.query_one(Input).placeholder for row in app.screen.query(FormRow) if row.row.name == name)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (76, "harbour-keywords          SANDBOX        2 h ago  /srv/pictures/harbour-keyw"),
        (58, "harbour-keywords          SANDBOX        2 h ago  /srv…eyw"),
    ],
)
def test_a_project_is_one_line(width: int, expected: str) -> None:
    known = Known(Path("/srv/pictures/harbour-keyw"), "harbour-keywords", "SANDBOX", 1000.0)
    line = project_line(known, 8300.0, width).plain
    assert cell_len(line) == width
    assert line.rstrip() == expected


def test_a_project_that_is_gone_says_so_in_words() -> None:
    known = Known(Path("/x"), "바다\x1b[2J", "AWS", 0.0, gone=True)
    assert project_line(known, 10.0, 76).plain.startswith("바다\\x1b[2J               ✗ gone        10 s ago")


def test_findings_are_said_by_symbol_and_word() -> None:
    texts = [
        finding_text(Finding(True, "997 pictures")),
        finding_text(Finding(False, "no such folder")),
        finding_text(Finding(None, "a name\x1b[2J")),
        finding_text(None, 1500),
        finding_text(None),
        finding_text(None, waits=True),
        finding_text(Finding(None, "")),
    ]
    assert [text.plain for text in texts] == [
        "✓ 997 pictures",
        "✗ no such folder",
        "⚠ a name\\x1b[2J",
        "● 1,500 pictures so far",
        "● checking …",
        "◌ after the account",
        "",
    ]


def test_advice_is_about_the_row_one_is_on() -> None:
    failed, known = Finding(False, "no", "other"), Finding(True, "yes")
    asked = Finding(None, "", "which?")
    assert advice("images", {"images": asked, "root": failed}) == asked
    assert advice("root", {"images": asked, "root": failed}) == failed
    assert advice("name", {"images": known, "root": failed}) == failed
    assert advice("name", {"images": known, "root": None}) is None


async def test_without_a_project_it_says_how_to_make_one(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        assert "No project yet." in _said(app, "empty")
        assert app.focused is None
        await pilot.press("q")
    assert app.return_value is None


async def test_a_project_is_opened(tmp_path: Path, own: Remembered) -> None:
    for number, name in enumerate(("old", "gone", "new")):
        own.opened(_project(tmp_path / name), name=name, where="AWS", at=float(number))
    (tmp_path / "gone" / "stillroom.toml").unlink()
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        screen = app.screen
        assert isinstance(screen, ProjectsScreen)
        await _until(pilot, lambda: len(screen.known) == 3)
        assert _said(app, "foot").startswith(" ⏎ open ")
        await pilot.press("j", "enter")
        assert "There is no project in" in _said(app, "note")
        await pilot.press("x")
        await _until(pilot, lambda: len(screen.known) == 2)
        await pilot.press("G")
        await pilot.click("#foot", offset=(3, 0))
        await _until(pilot, lambda: app.return_value is not None)
    assert app.return_value == Chosen(tmp_path / "old", demo=False)


async def test_a_key_of_the_last_line_is_clicked_though_the_list_has_the_focus(
    tmp_path: Path, own: Remembered
) -> None:
    own.opened(_project(tmp_path / "old"), name="old", where="AWS", at=1.0)
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: "open" in _said(app, "foot") and app.focused is not None)
        await pilot.click("#foot", offset=(_said(app, "foot").index("help"), 0))
        await _until(pilot, lambda: isinstance(app.screen, Help))


async def test_a_project_is_made_by_keys_alone(tmp_path: Path, own: Remembered, shelf: Path) -> None:
    (tmp_path / "my photos").symlink_to(shelf)
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        screen = await _form(app, pilot)
        assert app.focused is None, "letters act until a field is asked for"
        await pilot.press("m")
        assert "Which folder" in _said(app, "todo")
        await pilot.press("i")
        assert isinstance(app.screen, NewProjectScreen)
        footer = app.screen.keys()
        assert [name for name, _ in footer] == ["⏎", "tab", "esc"]
        await pilot.press(*"nowhere", "escape")
        await _until(pilot, lambda: screen.checking.findings["images"] is not None)
        assert _placeholder(app, "root").endswith("…" + str(tmp_path / "nowhere-keywords")[-15:])
        await pilot.press("m")
        assert "no such folder" in _said(app, "note")
        await pilot.press("escape")
        assert "is kept" in _said(app, "note")
        await pilot.press("n")
        screen = app.screen
        assert isinstance(screen, NewProjectScreen)
        assert screen.answers.images == "nowhere"
        await pilot.press("m", "i", "ctrl+u")
        assert not _said(app, "note").strip(), "an error goes when what it was about has changed"
        await pilot.press("m", "y")
        await _until(pilot, lambda: isinstance(screen.focused, Input) and bool(screen.focused._suggestion))
        await pilot.press("tab", "enter", "escape")
        assert screen.answers.images == "my photos/"
        assert screen.row == 1
        await _until(pilot, lambda: screen.checking.findings["images"] is not None)
        assert screen.checking.findings["images"] == Finding(True, "32 pictures")
        assert "photos-keywords' --images" in _said(app, "command")
        await pilot.press("m", "m")
        await _until(pilot, lambda: app.return_value is not None)
    assert app.return_value == Chosen(tmp_path / "my photos-keywords", demo=False)
    assert load(tmp_path / "my photos-keywords").settings.aws.sandbox


async def test_what_is_asked_for_while_pictures_are_counted_is_done_after_that(
    tmp_path: Path, own: Remembered, shelf: Path
) -> None:
    counted = threading.Event()

    def slowly(name: str, answers: Answers, told: Callable[[int], bool]) -> Finding:
        if name == "images":
            counted.wait(20)
        return run_check(name, answers, told)

    app = Lobby(tmp_path)
    made: list[Path | None] = []
    async with app.run_test(size=(80, 23)) as pilot:
        answers = Answers(images=str(shelf), root=str(tmp_path / "made"))
        checking = partial(Checking, run=slowly)
        await app.push_screen(NewProjectScreen(tmp_path, answers=answers, checking=checking), made.append)
        await pilot.press("m")
        assert "Then the project is made" in _said(app, "note")
        counted.set()
        await _until(pilot, lambda: bool(made))
    assert made == [tmp_path / "made"]


async def test_aws_has_its_own_rows_and_nothing_blocks(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.press("n", "j", "j", "j")
        screen = app.screen
        assert isinstance(screen, NewProjectScreen)
        assert screen.row == 3
        await pilot.press("j")
        assert screen.row == 3, "the rows below belong to AWS"
        await pilot.press("space", "j", "j", "j", "enter", *"foreign", "escape")
        assert screen.answers.bucket == "foreign"
        assert app.focused is None
        await _until(pilot, lambda: screen.checking.findings["where"] is not None)
        found = screen.checking.findings["where"]
        assert found is not None
        assert found.passed is False, "no credentials here"
        await pilot.press("escape")
        assert isinstance(app.screen, ProjectsScreen)


async def test_a_long_answer_shows_both_its_ends(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await app.push_screen(
            NewProjectScreen(tmp_path, answers=Answers(images="/srv/" + "long/" * 20 + "end"))
        )
        await pilot.pause()
        line = app.screen.query(Field).first().render_line(0).text
        assert cell_len(line) <= 33
        assert line.startswith("/srv/long/")
        assert "…" in line
        assert line.rstrip().endswith("/long/end")


async def test_a_dropped_connection_ends_it(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    sure: list[int] = []
    app.end_for_sure = lambda number, attributes: sure.append(number)  # the tests are to go on
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.pause()
        os.kill(os.getpid(), signal.SIGHUP)
        await _until(pilot, lambda: not app.is_running or app._exit)
    assert app.return_code == 128 + signal.SIGHUP
    assert sure == [signal.SIGHUP]


async def test_what_is_said_while_pictures_are_counted_stays_until_they_are(tmp_path: Path) -> None:
    further, done = threading.Event(), threading.Event()

    def run(name: str, answers: Answers, told: Callable[[int], bool]) -> Finding:
        if name == "images":
            told(5)
            assert further.wait(20)
            told(7)
            assert done.wait(20)
        return Finding(True, "as it should be")

    runner = Runner()
    form = NewProjectScreen(
        tmp_path,
        answers=Answers(images="pictures"),
        runner=runner,
        checking=lambda _: Checking(runner, run=run),
    )
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(form)
        await _until(pilot, lambda: form.is_mounted and "5 pictures so far" in _words(form))
        form.action_make()
        further.set()
        await _until(pilot, lambda: "7 pictures so far" in _words(form))
        assert "The pictures are being counted." in _words(form)
        done.set()
        await _until(pilot, lambda: "The pictures are being counted." not in _words(form))


def _words(form: NewProjectScreen) -> str:
    return "\n".join(str(line.render()) for line in form.query(Static))


async def test_a_small_terminal_gets_one_line(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        assert "60x16" in _said(app, "tiny")
        assert app.screen.has_class("-tiny")


async def test_a_persons_own_keys_count_and_are_shown(tmp_path: Path, own: Remembered) -> None:
    file = tmp_path / "config" / "stillroom" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text('projects.new = "a"\nnew.leave = "q"\nnew.mke = "z"\n', encoding="utf-8")
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        assert "a  makes one" in _said(app, "empty")
        assert "a new" in _said(app, "foot")
        await _until(
            pilot, lambda: "did you mean new.make?" in "".join(n.message for n in app._notifications)
        )
        await pilot.press("n")
        assert isinstance(app.screen, ProjectsScreen)
        await pilot.press("a")
        await _until(pilot, lambda: isinstance(app.screen, NewProjectScreen))
        assert "q back" in _said(app, "foot")
        await pilot.press("escape")
        assert isinstance(app.screen, NewProjectScreen)
        await pilot.press("q")
        assert isinstance(app.screen, ProjectsScreen)


def test_keys_before_a_project_is_open_do_not_clash_with_those_after() -> None:
    said = read_keymap('projects.new = "y"\nnew.copy = "P"\napp.theme = "x"', every_action())
    assert not [line for line in said.notices if "projects" in line or "new." in line]
    assert said.keys["projects.new"] == "y"


async def test_what_was_filled_in_is_there_again_after_another_project(
    tmp_path: Path, own: Remembered
) -> None:
    draft = Draft()
    app = Lobby(tmp_path, draft)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("n", "enter", *"pics", "escape", "escape")
        await pilot.press("q")
    assert draft.answers.images == "pics"
    app = Lobby(tmp_path, draft)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("n")
        await _until(pilot, lambda: isinstance(app.screen, NewProjectScreen))
        assert app.screen.answers.images == "pics"


async def test_a_question_mark_tells_the_keys_here_too(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        for opens, key in ((), "Demo on a sandbox"), (("n",), "Make the project"):
            await pilot.press(*opens, "question_mark")
            await _until(pilot, lambda: isinstance(app.screen, Help))
            assert key in str(app.screen.query_one("#keys", Static).visual)
            await pilot.press("escape")


@pytest.mark.parametrize("key", ["n", "d"])
async def test_read_only_no_project_is_made(own: Remembered, tmp_path: Path, key: str) -> None:
    app = Lobby(tmp_path, read_only=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: _said(app, "empty") == "No project yet.")
        await pilot.press(key)
        await _until(pilot, lambda: "Read-only: no project is made." in _said(app, "note"))
        assert isinstance(app.screen, ProjectsScreen)
        assert not app.screen.busy
    assert not (tmp_path / "stillroom-demo").exists()


async def test_what_was_wrong_with_keys_is_listed(tmp_path: Path, own: Remembered) -> None:
    file = tmp_path / "config" / "stillroom" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text('new.mke = "z"\nnew.lve = "z"\n', encoding="utf-8")
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: "N lists them" in "".join(n.message for n in app._notifications))
        await pilot.press("N")
        await _until(pilot, lambda: isinstance(app.screen, Notices))
        said = str(app.screen.query_one("#said", Static).visual)
        assert "new.mke" in said
        assert "new.lve" in said
        assert not app._notifications
        await pilot.press("N")
        assert isinstance(app.screen, ProjectsScreen)


async def test_escape_ends_nothing_on_the_first_screen(tmp_path: Path, own: Remembered) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ProjectsScreen)


@pytest.mark.parametrize("struck", [False, True])
async def test_escape_goes_back_to_the_project_that_was_open(
    tmp_path: Path, own: Remembered, struck: bool
) -> None:
    for number, name in enumerate(("open", "other")):
        own.opened(_project(tmp_path / name), name=name, where="AWS", at=float(number))
    app = Lobby(tmp_path, back=tmp_path / "open")
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: "esc back" in _said(app, "foot") and app.focused is not None)
        await pilot.press("question_mark")
        await _until(pilot, lambda: isinstance(app.screen, Help))
        assert "back to the project that was open" in str(app.screen.query_one("#keys", Static).visual)
        await pilot.press("escape")
        if struck:
            screen = app.screen
            assert isinstance(screen, ProjectsScreen)
            await pilot.press("G", "x")
            await _until(pilot, lambda: len(screen.known) == 1)
        await pilot.press("escape")
        await _until(pilot, lambda: app.return_value is not None)
    assert app.return_value == Chosen(tmp_path / "open", demo=False)


async def test_there_is_no_way_back_to_a_project_that_has_gone(tmp_path: Path, own: Remembered) -> None:
    own.opened(tmp_path / "open", name="open", where="AWS", at=1.0)
    app = Lobby(tmp_path, back=tmp_path / "open")
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: "strike" in _said(app, "foot"))
        await pilot.press("escape")
        await _until(pilot, lambda: "There is no project in" in _said(app, "note"))
        assert app.is_running


async def test_a_demo_shows_its_plan_and_draws_nothing_unless_agreed_to(
    tmp_path: Path, own: Remembered
) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("d")
        await _until(pilot, lambda: bool(app.screen.query("Consent #plan")))
        said = str(app.screen.query_one("#plan", Static).visual)
        assert "stillroom-demo" in said
        assert "1,000 scenes" in said
        assert "time" in said
        await pilot.press("escape")
        await _until(pilot, lambda: isinstance(app.screen, ProjectsScreen))
    assert not (tmp_path / "stillroom-demo").exists()


@pytest.mark.parametrize("key", ["escape", "q", "ctrl+c"])
async def test_drawing_a_demo_is_stopped_and_goes_on(
    tmp_path: Path, own: Remembered, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    go_on = threading.Event()

    def draw(folder: Path, count: int, seed: int, *, told: Callable[[int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(3):
            (folder / f"scene-{number:04}.jpg").touch()
        told(3)
        go_on.wait(20)
        told(4)

    monkeypatch.setattr(scenes, "draw_scenes", draw)
    monkeypatch.setenv("HOME", str(tmp_path))
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("d")
        await agree(pilot, "enter")
        await _until(pilot, lambda: "3/1,000" in _said(app, "note"))
        assert "esc stop" in _said(app, "foot")
        await pilot.press(key)
        go_on.set()
        await _until(pilot, lambda: "Stopped: 3 of 1,000 scenes are in" in _said(app, "note"))
        assert "stillroom-demo" in _said(app, "note")
        assert "esc stop" not in _said(app, "foot")
        await pilot.press("d")
        await _until(pilot, lambda: bool(app.screen.query("Consent #plan")))
        assert "997 scenes" in str(app.screen.query_one("#plan", Static).visual)


async def test_drawing_that_is_stopped_when_all_is_drawn_begins_no_run(
    tmp_path: Path, own: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    making, go_on = threading.Event(), threading.Event()

    def ready(
        root: Path, images: Path | None, sizes: tuple[int, ...], *, told: Callable[[int], None]
    ) -> bool:
        told(1000)
        making.set()  # nobody is told anything any more
        go_on.wait(20)
        return True

    monkeypatch.setattr("stillroom.steps.demo.ready", ready)
    monkeypatch.setenv("HOME", str(tmp_path))
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, lambda: app.screen.has_class("-empty"))
        await pilot.press("d")
        await agree(pilot, "enter")
        await _until(pilot, making.is_set)
        await pilot.press("escape")
        go_on.set()
        await _until(pilot, lambda: "Stopped: the demo stands in" in _said(app, "note"))
        assert "d goes on" in _said(app, "note")
        assert "esc stop" not in _said(app, "foot")
        assert isinstance(app.screen, ProjectsScreen)
        assert not app.screen.demo


@pytest.mark.parametrize("fails", [False, True])
async def test_a_form_that_is_left_while_the_project_is_made(
    tmp_path: Path, own: Remembered, shelf: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    making, go_on, make = threading.Event(), threading.Event(), New.make

    def slowly(new: New) -> NewResult:
        making.set()
        go_on.wait(20)
        if fails:
            raise StorageFull("The disk is full.", "Free some space.")
        return make(new)

    monkeypatch.setattr(New, "make", slowly)
    for name in ("one", "two"):
        own.opened(_project(tmp_path / name), name=name, where="AWS", at=10.0)
    draft = Draft(Answers(images=str(shelf), root=str(tmp_path / "made")))
    app = Lobby(tmp_path, draft)
    async with app.run_test(size=(100, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, ProjectsScreen)
        await _until(pilot, lambda: len(screen.known) == 2)
        below = screen.known[1]
        await pilot.press("j", "n")
        form = app.screen
        assert isinstance(form, NewProjectScreen)
        await _until(pilot, lambda: form.checking.findings["images"] is not None)
        await pilot.press("m")
        await _until(pilot, making.is_set)
        await pilot.press("escape")
        assert app.screen is screen
        assert "still being made" in _said(app, "note")
        go_on.set()
        if fails:
            await _until(pilot, lambda: "The disk is full" in _said(app, "note"))
            assert draft.answers.images == str(shelf), "n opens the form again as it was"
            return
        await _until(pilot, lambda: len(screen.known) == 3)
        assert "made is made" in _said(app, "note")
        assert screen.known[0].root == tmp_path / "made"
        assert screen.known[0].where == "SANDBOX"
        assert screen.known[screen.list.highlighted or 0] == below, "the cursor stays on its project"
        assert draft.answers == Answers()


async def test_the_line_that_was_chosen_is_opened_though_the_list_has_changed_since(
    tmp_path: Path, own: Remembered
) -> None:
    for at, name in enumerate(("last", "first")):
        own.opened(_project(tmp_path / name), name=name, where="AWS", at=10.0 + at)
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, ProjectsScreen)
        await _until(pilot, lambda: len(screen.known) == 2)
        await pilot.press("j")
        screen.list.action_select()  # told in a message, which waits its turn
        screen._found(screen.known[:1])
        await _until(pilot, lambda: app.return_value is not None)
    assert app.return_value == Chosen(tmp_path / "last", demo=False)


async def test_what_is_typed_on_after_a_row_is_no_keys(tmp_path: Path, own: Remembered, shelf: Path) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        screen = await _form(app, pilot)
        await pilot.press("enter", *str(shelf), "enter", *"~/my-model", "enter")
        assert (screen.answers.images, screen.answers.root) == (str(shelf), "~/my-model")
        assert [row.name for row in ROWS][screen.row] == "name"
        assert screen.editing
        assert screen.keys()[0] == ("⏎", "next row")
        await pilot.press(*"mine", "enter")
        assert [row.name for row in ROWS][screen.row] == "where"
        assert not screen.editing, "there is nothing to type"
        await pilot.press("k")
        assert not screen.editing, "one has not typed there, and looks"
        await pilot.press("enter", "up", *"-too", "down", "escape")
        assert (screen.answers.root, screen.answers.name) == ("~/my-model-too", "mine")
        assert not screen.editing
    assert app.return_value is None


@pytest.mark.parametrize("path", ["~/cats", "/data/cats", "./cats"])
async def test_a_path_typed_on_a_filled_row_takes_the_place_of_the_old_one(
    tmp_path: Path, own: Remembered, shelf: Path, path: str
) -> None:
    app = Lobby(tmp_path)
    async with app.run_test(size=(80, 23)) as pilot:
        await app.push_screen(NewProjectScreen(tmp_path, answers=Answers(images=str(shelf), name="mine")))
        screen = app.screen
        assert isinstance(screen, NewProjectScreen)
        await pilot.press(*path, "escape")
        assert screen.answers.images == path
        await pilot.press("enter", *"/tabby", "escape")
        assert screen.answers.images == f"{path}/tabby", "in the field itself one types on"
        await pilot.press("j", "j", *".2", "escape")
        assert screen.answers.name == "mine.2", "a name is no path"


async def test_a_path_begins_the_editing_of_its_row(tmp_path: Path, own: Remembered, shelf: Path) -> None:
    app = Lobby(tmp_path)
    made: list[Path | None] = []
    async with app.run_test(size=(80, 23)) as pilot:
        await app.push_screen(NewProjectScreen(tmp_path, answers=Answers(images=str(shelf))), made.append)
        screen = app.screen
        assert isinstance(screen, NewProjectScreen)
        await pilot.press("j", *"~/my-model", "escape", "j", "j", "/")
        assert screen.answers.root == "~/my-model"
        assert not screen.editing
    assert made == []
