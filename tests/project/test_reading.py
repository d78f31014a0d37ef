"""Reading the project file: defaults, types, bounds, and messages that name key, table and line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.aws.customization import TRAINING_FILE
from stillroom.aws.uploading import object_key
from stillroom.errors import ProjectError
from stillroom.labeling.values import Inference, Prompt
from stillroom.pictures.settings import PictureSettings, PrepareSettings
from stillroom.project import STUDENT_MODEL, TEACHER_MODEL, AwsTable, Limits
from stillroom.project.lines import line_of
from stillroom.project.prompts import LANGUAGES, default_prompt
from stillroom.project.reading import find, load, parse
from stillroom.records.building import record_line
from stillroom.steps.upload import records_key
from stillroom.training.settings import TrainingSettings

HEAD = '[project]\nname = "harbour"\nid = "3f9c01ab"\n'


def test_what_is_missing_has_its_default():
    settings = parse(HEAD)
    assert (settings.project.name, settings.project.id) == ("harbour", "3f9c01ab")
    assert settings.aws == AwsTable()
    assert settings.pictures == PictureSettings()
    assert settings.prepare == PrepareSettings()
    assert (settings.teacher.model, settings.teacher.inference) == (TEACHER_MODEL, Inference(512, 0.5, 0.9))
    assert settings.student.model == STUDENT_MODEL
    assert settings.training == TrainingSettings()
    assert settings.limits == Limits()
    assert settings.prompt.prompt == default_prompt("en")
    assert settings.prices == {}


def test_every_kind_of_value():
    settings = parse(
        HEAD
        + """
[aws]
region = "eu-west-2"
teacher_region = "us-east-1"
sandbox = true
role_arn = "arn:aws:iam::111122223333:role/Stillroom"
[pictures]
test = 0.2
include = ["summer/*.jpg", "한글/*"]
[teacher]
temperature = 0
[training]
sizes = [300, 900]
epochs = 5
learning_rate = 2e-5
[limits]
budget = 50.10
requests_per_minute = 200
tokens_per_minute = "auto"
[prices."amazon.nova-lite-v1:0"]
input = 0.00006
"""
    )
    assert settings.aws.sandbox is True
    assert settings.aws.region_of_teacher == "us-east-1"
    assert settings.pictures.include == ("summer/*.jpg", "한글/*")
    assert settings.teacher.inference.temperature == 0.0
    assert settings.training.sizes == (300, 900)
    assert settings.training.hyperparameters.learning_rate == 2e-5
    assert settings.limits.budget == Decimal("50.10")
    assert settings.limits.requests_per_minute == 200.0
    assert settings.prices == {"amazon.nova-lite-v1:0": {"input": Decimal("0.00006")}}
    assert AwsTable(region="x").region_of_teacher == "x"


def test_windows_line_ends_and_a_byte_order_mark(tmp_path):
    file = tmp_path / "stillroom.toml"
    file.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert load(tmp_path).settings.project.name == "harbour"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_default_prompt_follows_the_language(language):
    prompt = parse(f'{HEAD}[prompt]\nlanguage = "{language}"').prompt
    assert prompt.prompt == default_prompt(language)
    assert "15" in prompt.prompt.user
    assert "25" in prompt.prompt.user
    assert prompt.prompt.user.count("\n1. ") == prompt.prompt.user.count("\n5. ") == 1
    for reserved in ("user:", "bot:", "assistant:", "system:", "<image>", "<video>", "[eos]"):
        assert reserved not in f"{prompt.prompt.system}\n{prompt.prompt.user}".casefold()


def test_there_is_no_prompt_in_other_languages():
    with pytest.raises(FileNotFoundError):
        default_prompt("tlh")


@pytest.mark.parametrize(
    ("text", "what", "todo"),
    [
        ("[aws]\nbuket = 'x'", "line 5: [aws] has no key 'buket'", "nearest is bucket"),
        ("[aws]\n\nepochs = 2", "line 6: [aws] has no key 'epochs'", "one in [training]"),
        ("[awss]", "line 4: there is no table [awss]", "nearest is [aws]"),
        (
            "[limits]\nconcurrency = 0",
            "line 5: concurrency in [limits] must be 1 to 1,024, not 0",
            "Correct it, or take it out: the default is 8.",
        ),
        ("[limits]\nconcurrency = 8.0", "must be a whole number, not 8.0", ""),
        ("[limits]\nconcurrency = true", "must be a whole number, not true or false", ""),
        ("[limits]\nbudget = 'lots'", 'must be a number of US dollars or "none"', 'the default is "none".'),
        ("[limits]\nbudget = -1", "0 to 1,000,000,000 US dollars", ""),
        ("[limits]\nbudget = 1e30", "0 to 1,000,000,000 US dollars", ""),
        ("[prices.'amazon.nova-lite-v1:0']\ninput = 1e30", "0 to 1,000,000,000 US dollars", ""),
        (f"[limits]\nbudget = 0x{'f' * 5000}", "must be a finite number", ""),
        (f"[training]\nepochs = 0x{'f' * 5000}", "must be 1 to 5, not a number as long as that", ""),
        ("[limits]\nbudget = nan", "must be a finite number", ""),
        ("[limits]\nbudget = 1e-999999", "at most 30 decimals", ""),
        ("[limits]\nbudget = [1]", "must be a number, not a list", ""),
        ("[limits]\ntokens_per_minute = 'fast'", 'must be a number or "auto"', ""),
        ("[limits]\ntokens_per_minute = 0", "must be above 0", ""),
        ("[training]\nlearning_rate = 1", "must be 0.000001 to 0.0001, not 1", "the default is 0.00001."),
        ("[training]\nepochs = 6", "must be 1 to 5, not 6", "or take it out: the default is 2."),
        ("[training]\nepochs = 2026-01-01", "a whole number, not a date", ""),
        ("[training]\nsizes = [300, 300]", "must not name a size twice", ""),
        ("[training]\nsizes = 300", "must be a list such as [300, 900]", ""),
        ("[training]\nsizes = [7]", "must be 8 to 20,000", ""),
        ("[pictures]\ninclude = '*.jpg'", "must be a list such as", ""),
        ("[pictures]\ntest = 0.6", "must be 0 to 0.5, not 0.6", ""),
        ("[pictures]\nfolder = ''", "must not be empty", ""),
        ("[pictures]\nfolder = 3", "must be text in quotes, not a whole number", ""),
        (
            "[prepare]\nformat = 'gif'",
            "must be 'jpeg' or 'png' or 'webp', not 'gif'",
            'the default is "jpeg".',
        ),
        ("[prepare]\nformat = {}", "not a table", ""),
        ("[aws]\nsandbox = 'yes'", "must be true or false, not text", "the default is false."),
        (
            "[aws]\nendpoint_url = 'http://me:word@host:1'",
            "127.0.0.1:5000, without a password",
            "",
        ),
        ("[aws]\nregion = 'virginia'", "must be a region such as", ""),
        ("[aws]\nendpoint_url = 'ftp://x'", "must be a URL", "endpoint_url: call this instead of AWS."),
        ("[prompt]\nsystem = 3", "must be text in quotes", "or take it out: then the default counts."),
        ("[aws]\nprefix = '/x/'", "letters, digits", ""),
        (f"[aws]\nprefix = '{'x' * 513}'", "and / inside, at most 512 characters", 'is "stillroom".'),
        (f"[aws]\nprefix = '{'x/' * 256}x'", "and / inside, at most 512 characters", 'is "stillroom".'),
        ('[aws]\nprofile = "a\\u001bb"', "must not hold control characters", ""),
        (
            "[prompt]\nkeywords_min = 30",
            "line 5: keywords_min in [prompt] must not be above keywords_max",
            "",
        ),
        ("[prompt]\nlanguage = 'de'", "must be 'en' or 'ko', not 'de'", ""),
        ("[prices]\nx = 1", "'x' in [prices] must be a table of prices", "[prices."),
        ("[prices.x]\ninput = -1", "input in [prices.'x'] must be 0 to 1,000,000,000", "[prices."),
    ],
)
def test_what_is_refused_with_its_line(text, what, todo):
    with pytest.raises(ProjectError) as error:
        parse(HEAD + text)
    assert what in error.value.what
    assert todo in error.value.todo
    assert error.value.what.startswith("stillroom.toml")
    assert str(error.value).count("\n") <= 1


def test_the_longest_prefix_leaves_room_for_every_key():
    bucket, sha256 = "b" * 63, "a" * 64
    aws = parse(f"{HEAD}[aws]\nbucket = '{bucket}'\nprefix = '{'x/' * 255}xx'\n").aws
    keys = [object_key(aws.prefix, "pictures", sha256, "jpeg"), records_key(aws.prefix, sha256)]
    keys.append(f"{aws.prefix}/output/model-customization-job-{'0' * 12}/training_artifacts/{TRAINING_FILE}")
    for key in keys:
        assert len(f"s3://{bucket}/{key}") <= 1024, "the whole URI, which is what Bedrock counts"
    assert record_line(Prompt("", "Name it."), "sea", f"s3://{bucket}/{keys[0]}", "jpeg", "1" * 12)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('budget = "none   # US dollars for the whole project, or "none"', 10),
        ('requests_per_minute = "auto  # a number, or "auto": the account\'s quota', 23),
        ('budget = "none', 10),
        ('budget = "none  # US dollars', 10),
    ],
)
@pytest.mark.parametrize("behind", ["", "\nconcurrency = 8\n"])
def test_a_text_that_is_not_closed_is_told_where_it_begins(line, column, behind):
    with pytest.raises(ProjectError) as error:
        parse(f"{HEAD}[limits]\n{line}{behind}")
    place = f"stillroom.toml line 5, column {column}"
    assert error.value.what == f"{place}: a text begins here, and no quote closes it."


@pytest.mark.parametrize(
    "line",
    [
        'budget = "my #1 photos""',
        'budget = "none" none',
        'budget = "none" "',
        'budget = "a" b # c',
        "budget = 'none # US",
    ],
)
def test_what_may_be_closed_is_told_as_it_was_found(line):
    with pytest.raises(ProjectError) as error:
        parse(f"{HEAD}[limits]\n{line}\n")
    assert "no quote closes it" not in error.value.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("bucket = 'x'", "line 1: the key 'bucket' stands in no table"),
        ("aws = 1", "line 1: aws must be a table"),
        ("prices = 1", "line 1: prices must be a table"),
        ("whatever = 1", "the key 'whatever' stands in no table"),
        ("", "[project] has no name"),
        ("[project]\nname = 'x'", "[project] has no id"),
        ("[project]\nname = '  '\nid='abcd'", "1 to 100 characters"),
        ("[project]\nname = 'x'\nid='A!'", "4 to 32 small letters and digits"),
        ("a = [", "line 1, column 6"),
        ("[project]\nname = harbour", "line 2, column 8"),
        ("x = '''\n\n", "line 1, column 8"),
        ("d = 2026-02-31", "stillroom.toml"),
        ("x = " + "[" * 5000, "stillroom.toml"),
    ],
)
def test_what_does_not_hold_together(text, what):
    with pytest.raises(ProjectError) as error:
        parse(text)
    assert what in error.value.what


@pytest.mark.parametrize(
    "text",
    [
        "[aws]\naws_secret_access_key = 'wJalrXUtnFEMIsecret'",
        "[aws]\nsecret_key = 'wJalrXUtnFEMIsecret'",
        "[aws]\nprofile = 'AKIAIOSFODNN7EXAMPLE'",
        "[prompt]\nuser = 'use ASIAIOSFODNN7EXAMPLE please'",
        "[pictures]\ninclude = ['AKIAIOSFODNN7EXAMPLE']",
        "[prices.AKIAIOSFODNN7EXAMPLE]",
        "[prompt]\nuser = 'aws_secret_access_key=wJalrXUtnFEMIsecret'",
        "[secrets]\naws_session_token = 'wJalrXUtnFEMIsecret'",
    ],
)
def test_secrets_are_refused_and_not_repeated(text):
    with pytest.raises(ProjectError, match="AWS credential") as error:
        parse(HEAD + text)
    assert "IOSFODNN7" not in str(error.value).replace("[prices]", "") or "prices" in text
    assert "wJalr" not in str(error.value)
    assert "profile" in error.value.todo


def test_the_nearest_project_is_found_upwards(tmp_path):
    (tmp_path / "stillroom.toml").write_text(HEAD)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find(deep) == tmp_path / "stillroom.toml"
    project = load(find(deep))
    assert (project.root, project.file) == (tmp_path, tmp_path / "stillroom.toml")
    assert project.pictures_folder == tmp_path / "pictures"


def test_no_project_is_said_so(tmp_path):
    with pytest.raises(ProjectError, match=r"no stillroom\.toml"):
        find(tmp_path)
    with pytest.raises(ProjectError, match="no project file"):
        load(tmp_path)


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "stillroom.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProjectError, match="not UTF-8"):
        load(tmp_path)
    (tmp_path / "dir" / "stillroom.toml").mkdir(parents=True)
    with pytest.raises(ProjectError, match="cannot be read"):
        load(tmp_path / "dir")


LINES = '''\
[a]
x = """
[b]
y = 1
""" # done
"quoted key" = "not # a comment ' "
y = 'it is "here"'   # """
[ b . "c.d" ]
z.w = 1
[[list]]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("a", "x"), 2),
        (("a", "y"), 7),
        (("a", "quoted key"), 6),
        (("b", "c.d"), 8),
        (("b", "c.d", "z", "w"), 9),
        (("b", "y"), None),
        (("nothing",), None),
    ],
)
def test_lines_of_keys(path, line):
    assert line_of(LINES, *path) == line


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{'.'.join('a' * 3000)} = 1\n{HEAD}", "there is no table [a]"),
        (f"{HEAD}[{'.'.join('b' * 3000)}]", "there is no table [b]"),
        (f"{HEAD}[prompt]\nuser.{'.'.join('c' * 3000)} = 1", "user in [prompt] must be text in quotes"),
        (f"{HEAD}x = {'[' * 3000}{']' * 3000}", "cannot be read"),
        (f"{HEAD}[d]\nx.{'.'.join('y' * 3000)}.AKIAIOSFODNN7EXAMPLE = 1", "in [d] holds an AWS credential"),
        (f"{HEAD}[d]\nx.{'.'.join('y' * 3000)} = 'AKIAIOSFODNN7EXAMPLE'", "looks like an AWS credential"),
    ],
)
def test_tables_in_tables_without_end_are_told_in_two_lines(text, what):
    with pytest.raises(ProjectError) as error:
        parse(text)
    assert what in error.value.what
    assert str(error.value).count("\n") == 1
    assert len(str(error.value)) < 300


@given(st.text())
def test_nothing_but_a_project_error_comes_of_any_text(text):
    for whole in (text, HEAD + text):
        try:
            parse(whole)
        except ProjectError as error:
            assert str(error).count("\n") <= 1 or "\n" in text
        line_of(whole, "project", "name")
