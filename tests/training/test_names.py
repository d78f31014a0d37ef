import re

import pytest
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.names import is_job_name, is_model_name, is_token, job_name, model_name, slug

SHAPES = Loader().load_service_model("bedrock", "service-2")["shapes"]


def taken_by_api(shape: str, text: str) -> bool:
    """Whether the service model's own pattern and lengths take a text."""
    found = SHAPES[shape]
    return found["min"] <= len(text) <= found["max"] and re.fullmatch(found["pattern"], text) is not None


@given(st.text(max_size=120), st.integers(0, 20_000), st.text(max_size=40))
def test_names_are_what_the_api_takes(project: str, size: int, unique: str) -> None:
    assert taken_by_api("JobName", job_name(project, size, unique))
    name = model_name(project, size, unique)
    assert taken_by_api("CustomModelName", name)
    assert taken_by_api("ModelDeploymentName", name)
    assert f"-{size}-" in name


@given(st.text(alphabet="aZ0-_.+ /가", max_size=12))
def test_our_patterns_say_what_the_api_says(text: str) -> None:
    assert is_job_name(text) == taken_by_api("JobName", text)
    assert is_model_name(text) == taken_by_api("CustomModelName", text)
    assert is_token(text) == taken_by_api("IdempotencyToken", text)


def test_long_names_are_refused_at_once() -> None:
    # the service model's own pattern would need years for this one
    assert not is_job_name("a" + "-" * 5000 + "!")
    assert is_job_name("a" * 63)
    assert not is_job_name("a" * 64)
    assert not is_model_name("a" * 64)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("My Photos 2026", "my-photos-2026"), ("Café--Été", "cafe-ete"), ("-x-", "x"), ("a" * 90, "a" * 40)],
)
def test_slugs(name: str, wanted: str) -> None:
    assert slug(name) == wanted


def test_names_without_latin_letters_stay_apart_and_do_not_depend_on_normalisation() -> None:
    assert slug("사진") != slug("그림")
    assert slug("\u1109\u1161") == slug("\uc0ac")
    assert slug("") == slug("")


@given(st.text(max_size=60), st.integers(8, 63))
def test_a_slug_is_short_and_clean(name: str, longest: int) -> None:
    found = slug(name, longest)
    assert len(found) <= longest
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found)


def test_the_unique_part_survives_a_long_project_name() -> None:
    assert job_name("x" * 200, 900, "0a1b2c3d").endswith("-900-0a1b2c3d")
