"""Writing and editing: what is written reads back the same; comments survive; nothing is half written."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import ProjectError, StorageFull
from stillroom.labeling.values import Inference, Prompt
from stillroom.pictures.settings import PictureSettings, PrepareSettings
from stillroom.project import (
    AwsTable,
    Limits,
    ModelSettings,
    ProjectFile,
    ProjectTable,
    PromptSettings,
    writing,
)
from stillroom.project.flat import default_settings
from stillroom.project.keys import TABLES, find_key
from stillroom.project.reading import load, parse
from stillroom.project.writing import edit, edit_keys, literal, new_id, render, write_new
from stillroom.training.settings import Hyperparameters, TrainingSettings

SETTINGS = default_settings("harbour-keywords", "3f9c01ab")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_new_project_reads_back_as_it_was(tmp_path, language):
    settings = default_settings("항구 「h」", "3f9c01ab", language)
    file = write_new(tmp_path / "new" / "deep", settings)
    assert load(file).settings == settings


def test_every_table_and_key_is_there_with_a_comment():
    text = render(SETTINGS)
    document = tomllib.loads(text)
    assert {table: list(keys) for table, keys in document.items()} == {
        table: [key.name for key in keys] for table, keys in TABLES.items()
    }
    for keys in TABLES.values():
        for key in keys:
            assert text.count(f"# {key.comment}\n") >= 1, key.name
            assert "\n" not in key.comment


def test_prompts_are_written_as_blocks_and_comments_are_aligned():
    text = render(SETTINGS)
    assert "user = '''\nWrite 15 to 25" in text
    limits = text[text.index("[limits]") :].split("\n\n")[0].splitlines()[1:]
    assert len({line.index("  #") + len("  #") for line in limits if "  #" in line}) >= 1
    assert len({line.rindex("# ") for line in limits}) == 1


def test_a_project_is_never_written_over(tmp_path):
    write_new(tmp_path, SETTINGS)
    with pytest.raises(ProjectError, match="already"):
        write_new(tmp_path, SETTINGS)


def test_ids_are_short_and_random():
    assert new_id(lambda size: "ab" * size) == "abababab"
    assert new_id() != new_id()
    parse(f'[project]\nname = "x"\nid = "{new_id()}"')


def test_secrets_are_not_written(tmp_path):
    bad = ProjectFile(SETTINGS.project, SETTINGS.prompt, AwsTable(profile="AKIAIOSFODNN7EXAMPLE"))
    with pytest.raises(ProjectError, match="credential"):
        write_new(tmp_path, bad)
    assert list(tmp_path.iterdir()) == []
    file = write_new(tmp_path, SETTINGS)
    with pytest.raises(ProjectError, match="credential") as error:
        edit(file, "aws", "profile", "AKIAIOSFODNN7EXAMPLE")
    assert "AKIA" not in str(error.value)


COMMENTED = """\
# my project
[project]   # the table
name = "harbour"  # my name
id = "3f9c01ab"

# where
[aws]
bucket = "old-bucket"   # ask Kim before changing

# a remark that stands alone
profile = 'ops'
[limits]
budget = 10 # dollars
"""


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    file = tmp_path / "stillroom.toml"
    file.write_text(COMMENTED)
    return file


def test_one_key_changes_and_nothing_else(commented):
    edit(commented, "aws", "bucket", "new-bucket")
    assert commented.read_text() == COMMENTED.replace('"old-bucket"', '"new-bucket"')


def test_edits_of_every_kind(commented):
    edit(commented, "limits", "budget", Decimal("12.50"))
    edit(commented, "limits", "concurrency", 16)
    edit(commented, "training", "sizes", (300, 900))
    edit(commented, "training", "learning_rate", 2e-5)
    edit(commented, "aws", "sandbox", True)
    edit(commented, "prompt", "user", "line one\nline two")
    settings = load(commented).settings
    assert settings.limits == Limits(budget=Decimal("12.50"), concurrency=16)
    assert settings.training.sizes == (300, 900)
    assert settings.training.hyperparameters.learning_rate == 2e-5
    assert settings.aws == AwsTable(bucket="old-bucket", profile="ops", sandbox=True)
    assert settings.prompt.prompt.user == "line one\nline two"
    text = commented.read_text()
    for comment in ("# my project", "# the table", "# ask Kim", "# a remark", "# where", "# dollars"):
        assert comment in text
    edit(commented, "limits", "budget", None)
    assert load(commented).settings.limits.budget is None


@pytest.mark.parametrize("prefix", ["s", "stillroom/and/more", "s" * 60])
def test_a_comment_keeps_its_column_as_long_as_the_value_leaves_it(tmp_path, prefix):
    def row() -> str:
        return next(line for line in file.read_text().splitlines() if line.startswith("prefix"))

    file = tmp_path / "stillroom.toml"
    file.write_text(render(SETTINGS).replace('"stillroom"  ', f'"stillroom"{" " * 20}'))
    column = row().index("#")
    edit(file, "aws", "prefix", prefix)
    assignment = f'prefix = "{prefix}"'
    assert row()[: row().index("#")] == assignment.ljust(max(column, len(assignment) + 2))


@pytest.mark.parametrize("prompt", ["Name what you see.", "Name what you see.\nNothing else."])
def test_a_comment_behind_a_text_of_several_lines_stays_behind_it(tmp_path, prompt):
    file = tmp_path / "stillroom.toml"
    user = f"user = {literal(SETTINGS.prompt.prompt.user)}"
    file.write_text(render(SETTINGS).replace(user, f"{user}  # tried in May"))
    edit(file, "prompt", "user", prompt)
    assert f"user = {literal(prompt)}  # tried in May\n" in file.read_text()


@pytest.mark.parametrize("between", ["", " "])
def test_a_comment_close_to_its_value_is_not_pushed_away(tmp_path, between):
    file = tmp_path / "stillroom.toml"
    epochs = next(line for line in render(SETTINGS).splitlines() if line.startswith("epochs = "))
    file.write_text(render(SETTINGS).replace(epochs, f"epochs = 2{between}# usual"))
    edit(file, "training", "epochs", 3)
    assert f"\nepochs = 3{between}# usual\n" in file.read_text()


@pytest.mark.parametrize(
    ("table", "key", "value", "what"),
    [
        ("aws", "buket", "x", "no key buket"),
        ("nothing", "x", 1, "no key x"),
        ("limits", "concurrency", 0, "must be 1 to 1,024"),
        ("aws", "bucket", "Not A Bucket", "bucket name"),
        ("prompt", "keywords_min", 40, "must not be above"),
    ],
)
def test_an_edit_that_is_not_allowed_changes_nothing(commented, table, key, value, what):
    with pytest.raises(ProjectError, match=what):
        edit(commented, table, key, value)
    assert commented.read_text() == COMMENTED


def test_several_keys_change_together_or_not_at_all(commented):
    edit_keys(commented, "aws", {"bucket": "new-bucket", "profile": "others"})
    aws = load(commented).settings.aws
    assert (aws.bucket, aws.profile) == ("new-bucket", "others")
    before = commented.read_text()
    with pytest.raises(ProjectError, match="bucket name"):
        edit_keys(commented, "aws", {"profile": "ops", "bucket": "Not A Bucket"})
    assert commented.read_text() == before


def test_a_file_that_does_not_parse_is_not_edited(tmp_path):
    file = tmp_path / "stillroom.toml"
    file.write_text("[aws\n")
    with pytest.raises(ProjectError, match="line 1"):
        edit(file, "aws", "bucket", "abc")
    assert file.read_text() == "[aws\n"
    with pytest.raises(ProjectError, match="cannot be read"):
        edit(tmp_path / "missing.toml", "aws", "bucket", "abc")


def test_permissions_and_links_are_kept(commented, tmp_path):
    commented.chmod(0o600)
    link = tmp_path / "link.toml"
    link.symlink_to(commented)
    edit(link, "aws", "bucket", "new-bucket")
    assert link.is_symlink()
    assert load(commented).settings.aws.bucket == "new-bucket"
    assert commented.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(commented, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="No space left"):
        edit(commented, "aws", "bucket", "new-bucket")
    assert commented.read_text() == COMMENTED
    assert [path.name for path in commented.parent.iterdir()] == ["stillroom.toml"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFull):
        write_new(tmp_path / "file" / "project", SETTINGS)
    with pytest.raises(StorageFull):
        writing._write(tmp_path / "nowhere" / "x.toml", "")


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
BLOCK = st.lists(LINE, min_size=1, max_size=5).map("\n".join)
SHARE = st.floats(0, 1).map(lambda value: value + 0.0)
MODEL = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.:/_-]{0,30}", fullmatch=True).filter(
    lambda text: "AKIA" not in text and "ASIA" not in text
)
MODELS = st.builds(ModelSettings, MODEL, st.builds(Inference, st.integers(1, 65_536), SHARE, SHARE))
DOLLARS = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=6)
RATES = st.one_of(st.just("auto"), st.floats(1e-3, 1e9))
HALF = st.floats(0, 0.5).map(lambda value: value + 0.0)


@st.composite
def projects(draw: st.DrawFn) -> ProjectFile:
    low, high = sorted(draw(st.tuples(st.integers(1, 200), st.integers(1, 200))))
    return ProjectFile(
        project=ProjectTable(
            draw(LINE.filter(lambda text: text.strip())), draw(st.from_regex(r"[a-z0-9]{8}", fullmatch=True))
        ),
        prompt=PromptSettings(
            Prompt(draw(BLOCK), draw(BLOCK.filter(bool))), draw(st.sampled_from(["en", "ko"])), low, high
        ),
        aws=AwsTable(profile=draw(LINE), sandbox=draw(st.booleans())),
        pictures=PictureSettings(
            folder=draw(LINE.filter(bool)),
            test=draw(HALF),
            validation=draw(HALF),
            seed=draw(st.integers(0, 2**31 - 1)),
            include=tuple(draw(st.lists(LINE.filter(bool), max_size=3))),
        ),
        prepare=PrepareSettings(
            draw(st.integers(0, 8000)), draw(st.sampled_from(["jpeg", "png", "webp"])), 90
        ),
        teacher=draw(MODELS),
        student=draw(MODELS),
        training=TrainingSettings(
            draw(MODEL),
            tuple(draw(st.lists(st.integers(8, 20_000), unique=True, max_size=4))),
            tuple(draw(st.lists(st.from_regex(r"[a-z]{2}-[a-z]{1,9}-[0-9]", fullmatch=True), max_size=3))),
            Hyperparameters(draw(st.integers(1, 5)), draw(st.floats(1e-6, 1e-4)), draw(st.integers(0, 100))),
        ),
        limits=Limits(draw(st.none() | DOLLARS), draw(st.integers(1, 1024)), draw(RATES), draw(RATES)),
        prices=draw(st.dictionaries(LINE, st.dictionaries(LINE, DOLLARS, max_size=2), max_size=2)),
    )


@given(projects())
def test_whatever_is_written_reads_back_the_same(settings):
    assert parse(render(settings)) == settings


@given(BLOCK)
def test_text_survives_as_toml(text):
    assert tomllib.loads(f"x = {literal(text)}")["x"] == text


@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_survives_as_toml(text):
    assert tomllib.loads(f"x = {literal(text)}")["x"] == text


def test_there_is_no_key_of_an_unknown_table():
    assert find_key("nothing", "x") is None
