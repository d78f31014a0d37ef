"""What is counted is what listing finds: the same figures for every run, however the pictures lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.steps.world import gallery

from stillroom.steps.labeling import Label
from stillroom.steps.new import New
from stillroom.steps.preparing import prepare_key
from stillroom.steps.tallying import tally
from stillroom.steps.targets import TEACHER, UNTUNED, target
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import IMPORTED

state = st.sampled_from([None, "done", "failed", "asking", "unknown"])
picture = st.tuples(
    st.sampled_from([None, "train", "validation", "test", "test"]),
    st.booleans(),
    st.sampled_from([0, 1, 1, 2]),
    st.sampled_from([(640, 480), (3000, 2000), (1, 9000)]),
    st.tuples(state, state, st.sampled_from([None, None, "done", "failed"])),
    st.sampled_from(["", "", "", "too_thin", "gone"]),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("counted")
    New(root, str(gallery(root / "pictures", 1, 1)), sandbox=True, sizes=()).make()
    with open_workspace(root, exact=True) as workspace:
        for spec in (target(workspace, TEACHER).spec, target(workspace, UNTUNED).spec, IMPORTED):
            workspace.store.runs.start_or_find(spec)
        yield workspace


def fill(workspace: Workspace, pictures: list[tuple], calls: int) -> None:
    with workspace.store.database.writing() as connection:
        for emptied in (
            "DELETE FROM states",
            "DELETE FROM prepared",
            "DELETE FROM files",
            "DELETE FROM contents",
        ):
            connection.execute(emptied)
        connection.execute(
            "UPDATE runs SET calls = ?1, attempts = ?1, input_tokens = ?1 * 900, output_tokens = ?1 * 70",
            (calls,),
        )
        key = prepare_key(workspace.settings.prepare)
        for number, (side, excluded, copies, (width, height), states, flag) in enumerate(pictures, 1):
            connection.execute(
                "INSERT INTO contents VALUES (?, ?, 1, 'jpeg', ?, ?, NULL, ?, NULL, ?, 0)",
                (number, f"{number:064}", width, height, side, excluded),
            )
            connection.executemany(
                "INSERT INTO files (path, folded, name, size, mtime_ns, content_id, format, width, height, "
                "reason) VALUES (?1, ?1, ?1, 1, 1, ?2, 'jpeg', 1, 1, '')",
                [(f"{number}-{copy}", number) for copy in range(copies)],
            )
            connection.executemany(
                "INSERT INTO prepared VALUES (?, ?, '', '', '', 0, 0, 0, ?, '', '')",
                [(other, number, flag or None) for other in (key, "other settings")],
            )
            connection.executemany(
                "INSERT INTO states (run_id, content_id, state) VALUES (?, ?, ?)",
                [(run, number, found) for run, found in enumerate(states, 1) if found is not None],
            )


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(picture, max_size=14), st.sampled_from([0, 40]))
def test_counting_finds_what_listing_finds(workspace: Workspace, pictures: list[tuple], calls: int):
    fill(workspace, pictures, calls)
    for name in (TEACHER, UNTUNED):
        listed, counted = Label(name).reckon(workspace), tally(workspace, name)
        assert (
            counted.pictures,
            counted.answered,
            counted.imported,
            counted.failed,
            counted.interrupted,
            counted.unfit,
            counted.left,
        ) == (
            listed.pictures,
            listed.answered,
            listed.imported,
            listed.failed,
            listed.interrupted,
            listed.unfit,
            listed.count,
        )
        assert counted.price == listed.price
        assert counted.target == listed.target


def test_a_run_that_has_not_begun_is_all_left(tmp_path: Path):
    New(tmp_path, str(gallery(tmp_path / "pictures", 1, 1)), sandbox=True, sizes=()).make()
    with open_workspace(tmp_path, exact=True) as workspace:
        fill(workspace, [("test", False, 1, (640, 480), (None, None, None), "")] * 3, 0)
        counted = tally(workspace, UNTUNED)
        assert (counted.run, counted.holder, counted.left) == (None, None, 3)
        assert counted.price == Label(UNTUNED).reckon(workspace).price
