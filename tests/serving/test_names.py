import re

from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from stillroom.serving.names import deployment_name

SHAPE = Loader().load_service_model("bedrock", "service-2")["shapes"]["ModelDeploymentName"]


@given(st.text(max_size=100), st.text(max_size=30))
def test_names_are_what_the_api_takes(model: str, unique: str) -> None:
    name = deployment_name(model, unique)
    assert re.fullmatch(SHAPE["pattern"], name)
    assert len(name) <= SHAPE["max"]
