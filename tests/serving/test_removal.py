from hypothesis import given
from hypothesis import strategies as st

from stillroom.serving.removal import Kind, removal_order
from stillroom.serving.values import Deployment, Provisioned
from stillroom.training.models import CustomModel


def deployment(name: str, model: str = "arn:m") -> Deployment:
    return Deployment(f"arn:{name}", name, model, "Active", 0.0)


def provisioned(name: str, model: str = "arn:m", units: int = 1, ends: float | None = None) -> Provisioned:
    commitment = "OneMonth" if ends is not None else ""
    return Provisioned(f"arn:{name}", name, model, "arn:f", units, "InService", 0.0, commitment, ends)


def model(arn: str = "arn:m") -> CustomModel:
    return CustomModel(arn, arn.removeprefix("arn:"), 0.0, "Active")


def test_what_bills_by_the_hour_goes_first_and_models_last() -> None:
    order = removal_order(
        models=[model()],
        deployments=[deployment("d")],
        provisioned=[provisioned("small"), provisioned("big", units=3)],
        now=0.0,
    )
    assert [one.name for one in order] == ["big", "small", "d", "m"]
    assert all(one.obstacle == "" for one in order)


def test_a_commitment_holds_its_model() -> None:
    order = removal_order(
        models=[model(), model("arn:n")], provisioned=[provisioned("pt", ends=100.0)], now=50.0
    )
    assert [(one.name, bool(one.obstacle)) for one in order] == [("pt", True), ("m", True), ("n", False)]
    assert "pt" in order[1].obstacle


def test_a_commitment_that_has_ended_holds_nothing() -> None:
    order = removal_order(models=[model()], provisioned=[provisioned("pt", ends=100.0)], now=100.0)
    assert [one.obstacle for one in order] == ["", ""]


@given(st.permutations(["a", "b", "c"]), st.permutations(["x", "y"]))
def test_the_order_does_not_depend_on_the_listing(names: list[str], models: list[str]) -> None:
    order = removal_order(
        deployments=[deployment(name) for name in names],
        models=[model(f"arn:{name}") for name in models],
        provisioned=[provisioned(name) for name in names],
        now=0.0,
    )
    assert [one.kind for one in order] == [Kind.PROVISIONED] * 3 + [Kind.DEPLOYMENT] * 3 + [Kind.MODEL] * 2
    assert [one.name for one in order] == ["a", "b", "c", "a", "b", "c", "x", "y"]
