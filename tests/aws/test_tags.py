import re

from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from stillroom.aws.tags import PROJECT, bedrock_tags, capital_tags, clean, project_tags

SHAPES = Loader().load_service_model("bedrock", "service-2")["shapes"]


def test_a_projects_tags() -> None:
    tags = project_tags("p-1", {"run": "사진 (teacher) é"})
    assert tags == {PROJECT: "p-1", "stillroom:run": "- -teacher- e"}
    assert bedrock_tags(tags)[0] == {"key": PROJECT, "value": "p-1"}
    assert capital_tags(tags)[0] == {"Key": PROJECT, "Value": "p-1"}


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=5))
def test_any_text_becomes_tags_that_the_api_takes(project: str, more: dict[str, str]) -> None:
    for key, value in project_tags(project, more).items():
        assert re.fullmatch(SHAPES["TagKey"]["pattern"], key)
        assert 1 <= len(key) <= SHAPES["TagKey"]["max"]
        assert re.fullmatch(SHAPES["TagValue"]["pattern"], value)
        assert len(value) <= SHAPES["TagValue"]["max"]


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
