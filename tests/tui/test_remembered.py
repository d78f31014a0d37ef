"""What is remembered between two sessions."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.steps.known_projects import Known
from stillroom.tui.remembered import Place, Remembered, Visit

VISIT = Visit("dataset", False, "linen", {"dataset": Place("split:test", "-jaccard", "바다.jpg", "wide")})


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def _project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "stillroom.toml").touch()
    return folder


def _files(environ: dict[str, str]) -> list[Path]:
    return sorted((Path(environ["XDG_STATE_HOME"]) / "stillroom" / "projects").iterdir())


def test_one_comes_back_to_where_one_was(tmp_path: Path, environ: dict[str, str]) -> None:
    shop = _project(tmp_path / "shop")
    first = Remembered(environ)
    assert first.visit(shop) == Visit()
    first.opened(shop, name="shop", where="SANDBOX", at=1.0)
    first.keep(shop, VISIT, 2.0)
    first.opened(shop, name="shop", where="SANDBOX", at=2.0)
    again = Remembered(environ)
    assert again.visit(shop) == VISIT
    assert again.recent() == (Known(shop, "shop", "SANDBOX", 2.0),)
    (file,) = _files(environ)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert again.notices == []


def test_projects_are_listed_newest_first_and_those_that_are_gone_are_marked(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    remembered = Remembered(environ)
    for number, name in enumerate(("old", "gone", "new")):
        remembered.opened(_project(tmp_path / name), name=name, where="AWS", at=float(number))
    (tmp_path / "gone" / "stillroom.toml").unlink()
    assert [(each.name, each.gone) for each in remembered.recent()] == [
        ("new", False),
        ("gone", True),
        ("old", False),
    ]
    remembered.forget(tmp_path / "gone")
    assert [each.name for each in remembered.recent()] == ["new", "old"]


def test_two_windows_do_not_destroy_each_others(tmp_path: Path, environ: dict[str, str]) -> None:
    one, other = Remembered(environ), Remembered(environ)
    shop, town = _project(tmp_path / "shop"), _project(tmp_path / "town")
    one.opened(shop, name="shop", where="AWS", at=1.0)
    other.opened(town, name="town", where="AWS", at=2.0)
    one.keep(shop, VISIT, 2.0)
    other.keep(town, Visit("jobs"), 2.0)
    assert Remembered(environ).visit(shop) == VISIT
    assert Remembered(environ).visit(town) == Visit("jobs")
    assert len(one.recent()) == 2


def test_no_disk_is_waited_for(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr("os.fsync", waited.append)  # a slow disk takes half a second for it
    remembered = Remembered(environ)
    remembered.opened(tmp_path, name="a", where="AWS", at=1.0)
    remembered.keep(tmp_path, Visit(screen="dataset"), 2.0)
    assert remembered.visit(tmp_path).screen == "dataset"
    assert not waited


def test_the_list_does_not_grow_for_ever(tmp_path: Path, environ: dict[str, str]) -> None:
    remembered = Remembered(environ)
    for number in range(53):
        remembered.opened(tmp_path / str(number), name=str(number), where="AWS", at=float(number))
    assert [each.name for each in remembered.recent()] == [str(number) for number in range(52, 2, -1)]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"[]", b"{}", b'{"version": 2}', b"[" * 100_000,
        b'{"version": 1, "root": "a", "opened": 1}',
        b'{"version": 1, "root": "/a", "opened": "1"}', b'{"version": 1, "root": "/a\\u0000", "opened": 1}',
        b'{"version": 1, "root": "/a", "opened": NaN}', b'{"version": 1, "root": "/a", "opened": -Infinity}',
        b'{"version": 1, "root": "/a", "opened": 1' + b"0" * 400 + b"}",
    ],
)  # fmt: skip
def test_a_damaged_file_is_left_out_told_and_written_anew(
    tmp_path: Path, environ: dict[str, str], content: bytes
) -> None:
    shop = _project(tmp_path / "shop")
    Remembered(environ).opened(shop, name="shop", where="AWS", at=1.0)
    (file,) = _files(environ)
    file.write_bytes(content)
    remembered = Remembered(environ)
    assert remembered.visit(shop) == Visit()
    assert remembered.recent() == ()
    assert len(remembered.notices) == 1
    assert str(file) in remembered.notices[0]
    remembered.opened(shop, name="shop", where="AWS", at=3.0)
    assert len(Remembered(environ).recent()) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["screen", "places", "dataset", "filter", "pictures", "theme"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_any_visit_that_a_file_tells_is_read(tmp_path: Path, environ: dict[str, str], visit: object) -> None:
    shop = tmp_path / "shop"
    Remembered(environ).opened(shop, name="shop", where="AWS", at=1.0)
    (file,) = _files(environ)
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "visit": visit}), encoding="utf-8")
    read = Remembered(environ).visit(shop)
    assert isinstance(read.screen, str)
    assert isinstance(read.pictures, bool)
    assert all(isinstance(place.filter, str) for place in read.places.values())


def test_names_that_are_not_utf8_are_remembered(tmp_path: Path, environ: dict[str, str]) -> None:
    odd = tmp_path / "shop\udcff"
    remembered = Remembered(environ)
    remembered.opened(odd, name="shop\udcff", where="AWS", at=1.0)
    (known,) = remembered.recent()
    assert (known.root, known.name) == (odd, "shop\udcff")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "state").touch()
    remembered = Remembered(environ)
    remembered.opened(tmp_path, name="x", where="AWS", at=1.0)
    remembered.keep(tmp_path, VISIT, 2.0)
    assert remembered.recent() == ()
    assert any("could not be written: Not a directory" in line for line in remembered.notices)
    assert Remembered(environ).visit(tmp_path) == Visit()


def test_a_project_that_stays_open_was_last_open_now(tmp_path: Path) -> None:
    remembered = Remembered({"XDG_STATE_HOME": str(tmp_path)})
    remembered.opened(tmp_path, name="shop", where="AWS", at=1.0)
    remembered.keep(tmp_path, VISIT, 61.0)
    assert [each.opened for each in remembered.recent()] == [61.0]
