import os
import warnings
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import PictureError
from stillroom.pictures import FoundFile, PictureSettings
from stillroom.pictures.finding import _Walk, compare, find_changes, find_files
from stillroom.pictures.globs import compile_globs


def lay(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def paths(folder: Path, **settings: tuple[str, ...]) -> list[str]:
    return [file.path for file in find_files(folder, PictureSettings(**settings))]  # type: ignore[arg-type]


def test_pictures_are_found_at_any_depth_and_sorted(folder: Path) -> None:
    lay(folder, "b.jpg", "a/z.PNG", "a/b/c/d.webp", "c.JPEG", "e.heic", "f.tif")
    assert paths(folder) == ["a/b/c/d.webp", "a/z.PNG", "b.jpg", "c.JPEG", "e.heic", "f.tif"]


def test_size_and_time_of_change_are_told(folder: Path) -> None:
    lay(folder, "a.jpg")
    os.utime(folder / "a.jpg", ns=(5, 1_700_000_000_123_456_789))
    assert find_files(folder, PictureSettings()) == [FoundFile("a.jpg", 1, 1_700_000_000_123_456_789)]


def test_other_files_and_hidden_ones_are_passed_over(folder: Path) -> None:
    lay(folder, "a.jpg", "notes.txt", "jpg", ".hidden.jpg", "._a.jpg", ".stillroom/x.jpg", "d/.cache/y.png")
    assert paths(folder) == ["a.jpg"]


def test_pictures_of_formats_that_are_not_supported_are_found_so_that_they_can_be_flagged(
    folder: Path,
) -> None:
    lay(folder, "a.avif", "b.svg", "c.nef")
    assert paths(folder) == ["a.avif", "b.svg", "c.nef"]


@pytest.mark.parametrize(
    "name",
    [
        "with space.jpg",
        "100%25.jpg",
        "한글 사진.jpg",
        "-rf.jpg",
        "new\nline.jpg",
        "\x1b[31mred\x1b[0m.jpg",
        "é".encode().decode() + ".jpg",
        "quote'\".jpg",
        "[a-z]*.jpg",
        "n" * 251 + ".jpg",
    ],
)
def test_odd_names_are_kept_as_they_are(folder: Path, name: str) -> None:
    lay(folder, name)
    assert paths(folder) == [name]


def test_long_paths_through_many_folders(folder: Path) -> None:
    lay(folder, "/".join(["d" * 100] * 3) + "/a.jpg")
    assert len(paths(folder)[0]) == 308


def test_names_that_differ_only_by_case_or_composition_are_two_files(folder: Path) -> None:
    lay(folder, "A.jpg", "a.jpg", "\u00e9.jpg", "e\u0301.jpg")
    assert len(paths(folder)) == 4


def test_names_that_are_no_utf8_are_shown_with_escapes_and_keep_their_bytes(folder: Path) -> None:
    raw = b"sub/caf\xe9\xff.jpg"
    (folder / "sub").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/" + raw)).write_bytes(b"x")
    (file,) = find_files(folder, PictureSettings())
    assert file.path == r"sub/caf\xe9\xff.jpg"
    assert file.undecodable == raw
    file.path.encode()


def test_an_escaped_name_never_takes_the_place_of_a_real_one(folder: Path) -> None:
    lay(folder, r"a\xff.jpg")
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.jpg")).write_bytes(b"xy")
    found = find_files(folder, PictureSettings())
    assert {(file.path, file.undecodable) for file in found} == {
        (r"a\xff.jpg", None),
        (r"a\xff.jpg~", b"a\xff.jpg"),
    }


def test_links_inside_count_and_links_out_do_not(folder: Path, tmp_path: Path) -> None:
    lay(folder, "real.jpg")
    lay(tmp_path, "elsewhere/secret.jpg")
    (folder / "copy.jpg").symlink_to("real.jpg")
    (folder / "out.jpg").symlink_to(tmp_path / "elsewhere/secret.jpg")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "broken.jpg").symlink_to("nowhere.jpg")
    (folder / "circle.jpg").symlink_to("circle.jpg")
    (folder / "around").symlink_to(folder)
    (folder / "round").symlink_to("round")
    assert paths(folder) == ["copy.jpg", "real.jpg"]
    # "around" leads to what is counted anyway.
    assert find_changes(folder, PictureSettings(), {}).unfollowed == 4


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    lay(folder, "a.jpg")
    (folder / "b.jpg").symlink_to("a.jpg")
    (tmp_path / "way").symlink_to(folder)
    assert paths(tmp_path / "way") == ["a.jpg", "b.jpg"]


def test_pipes_and_folders_named_like_pictures_are_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    lay(folder, "folder.jpg/inside.jpg")
    assert paths(folder) == ["folder.jpg/inside.jpg"]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (("*.jpg",), (), ["a.jpg", "d/b.jpg", "d/e/c.jpg"]),
        (("d/*.jpg",), (), ["d/b.jpg"]),
        (("d/**/*.jpg",), (), ["d/b.jpg", "d/e/c.jpg"]),
        (("d",), (), ["d/b.jpg", "d/e/c.jpg", "d/x.png"]),
        (("/a.jpg", "./d/x.png"), (), ["a.jpg", "d/x.png"]),
        ((), ("d/e",), ["a.jpg", "d/b.jpg", "d/x.png"]),
        ((), ("e/",), ["a.jpg", "d/b.jpg", "d/x.png"]),
        ((), ("d/**",), ["a.jpg"]),
        (("*.jpg",), ("d",), ["a.jpg"]),
        (("[a-b].jpg",), (), ["a.jpg", "d/b.jpg"]),
        (("[!a].jpg",), (), ["d/b.jpg", "d/e/c.jpg"]),
        (("?.png",), (), ["d/x.png"]),
    ],
)
def test_globs(folder: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]) -> None:
    lay(folder, "a.jpg", "d/b.jpg", "d/e/c.jpg", "d/x.png")
    assert paths(folder, include=include, exclude=exclude) == expected


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_a_glob(glob: str) -> None:
    compile_globs((glob,)).match("some/path.jpg")


@given(st.text("[]!^-az/*\\&~|", min_size=1, max_size=8))
def test_any_brackets_are_a_glob(glob: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_globs((glob,)).match("a/z.jpg")


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("[z-a]", "", "az-"),
        ("[!z-a]", "az-", ""),
        ("[!]", "", "a]!"),
        ("[!]a]", "bz", "]a"),
        ("[]a]", "]a", "bz"),
        ("[a-]", "a-", "bz"),
        ("[--a]", "-a9", "bz"),
        ("[\\d]", "\\d", "1a"),
    ],
)
def test_a_set_of_a_glob_holds(glob: str, matching: str, others: str) -> None:
    pattern = compile_globs((glob,))
    assert [name for name in matching + others if pattern.match(name)] == list(matching)


@given(st.from_regex(r"[a-z.()+^$|\\\n ]{1,12}", fullmatch=True))
def test_a_glob_without_signs_matches_itself_at_any_depth(name: str) -> None:
    pattern = compile_globs((name,))
    assert pattern.match(name)
    assert pattern.match(f"x/{name}")
    assert pattern.match(f"x/{name}/y.jpg")
    assert not pattern.match(f"{name}!")
    assert not compile_globs(()).match(name)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no folder") as caught:
        find_files(tmp_path / "nowhere", PictureSettings())
    assert "pictures.folder" in caught.value.todo


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    lay(tmp_path, "a.jpg")
    with pytest.raises(PictureError, match="is a file"):
        find_files(tmp_path / "a.jpg", PictureSettings())


def test_a_name_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        find_files(tmp_path / ("n" * 300), PictureSettings())


def test_an_empty_folder_is_told_with_its_likely_reason(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no pictures") as caught:
        find_files(folder, PictureSettings())
    assert ".jpg" in caught.value.todo
    lay(folder, "a.jpg")
    with pytest.raises(PictureError) as caught:
        find_files(folder, PictureSettings(exclude=("*.jpg",)))
    assert "pictures.exclude" in caught.value.todo
    (folder / "a.jpg").unlink()
    lay(tmp_path, "b.jpg")
    (folder / "b.jpg").symlink_to(tmp_path / "b.jpg")
    with pytest.raises(PictureError) as caught:
        find_files(folder, PictureSettings())
    assert "1 link leads out" in caught.value.todo


def test_a_later_walk_tells_new_changed_gone_and_same(folder: Path) -> None:
    lay(folder, "a.jpg", "b.jpg", "d/c.jpg", "d/e.jpg", "f.jpg")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jpg")).write_bytes(b"xy")
    found = {file.path: file for file in find_files(folder, PictureSettings())}
    known = {path: (file.size, file.mtime_ns) for path, file in found.items()}
    changes = find_changes(folder, PictureSettings(), known)
    assert (changes.new, changes.changed, changes.gone, changes.same) == ([], [], [], 6)
    known["b.jpg"] = (9, known["b.jpg"][1])
    known["d/c.jpg"] = (1, 99)
    known["z.jpg"] = known["y.jpg"] = (1, 1)
    del known["d/e.jpg"], known[r"\xff.jpg"]
    changes = find_changes(folder, PictureSettings(), known)
    assert changes.new == [found[r"\xff.jpg"], found["d/e.jpg"]]
    assert changes.changed == [found["b.jpg"], found["d/c.jpg"]]
    assert changes.gone == ["y.jpg", "z.jpg"]
    assert changes.same == 2
    assert compare(list(found.values()), known) == changes


def test_a_first_walk_is_all_new(folder: Path) -> None:
    lay(folder, "b.jpg", "a.jpg")
    changes = find_changes(folder, PictureSettings(), {})
    assert changes.new == find_files(folder, PictureSettings())
    assert (changes.changed, changes.gone, changes.same) == ([], [], 0)


def test_a_later_walk_that_finds_nothing_is_told(folder: Path) -> None:
    with pytest.raises(PictureError, match="no pictures"):
        find_changes(folder, PictureSettings(), {"a.jpg": (1, 1)})


def test_a_link_that_is_left_out_is_not_told(folder: Path, tmp_path: Path) -> None:
    lay(folder, "a.jpg")
    (tmp_path / "elsewhere").mkdir()
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    assert find_changes(folder, PictureSettings(), {}).unfollowed == 1
    assert find_changes(folder, PictureSettings(exclude=("out",)), {}).unfollowed == 0


class _Closed:
    """A link that leads to where nobody may look."""

    path = name = "closed"

    def is_dir(self) -> bool:
        raise PermissionError(13, "Permission denied")


def test_a_link_to_where_one_may_not_look_leads_to_no_folder() -> None:
    walk = _Walk(root="/", include=None, exclude=None)
    assert not walk.leads_to_folder(cast("os.DirEntry[str]", _Closed()))
