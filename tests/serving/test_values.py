import pytest

from stillroom.serving.names import deployment_name
from stillroom.serving.values import parse_deployment, parse_provisioned


@pytest.mark.parametrize("member", ["modelDeploymentName", "customModelDeploymentName"])
def test_a_deployment_is_named_in_two_ways(member: str) -> None:
    found = parse_deployment(
        {"customModelDeploymentArn": "arn:d", member: "kw", "status": "Active", "createdAt": 3}
    )
    assert (found.name, found.created, found.usable, found.settled) == ("kw", 3.0, True, True)


@pytest.mark.parametrize(
    ("status", "usable", "settled"),
    [("Creating", False, False), ("Failed", False, True), ("Napping", False, False)],
)
def test_deployments_on_their_way(status: str, usable: bool, settled: bool) -> None:
    found = parse_deployment({"customModelDeploymentArn": "arn:d", "status": status, "failureMessage": "no"})
    assert (found.status, found.usable, found.settled, found.failure_message) == (
        status,
        usable,
        settled,
        "no",
    )


def test_provisioned_throughput_is_read() -> None:
    found = parse_provisioned(
        {
            "provisionedModelArn": "arn:p",
            "provisionedModelName": "pt",
            "modelArn": "arn:m",
            "foundationModelArn": "arn:f",
            "modelUnits": 2,
            "status": "InService",
            "creationTime": 10,
            "commitmentDuration": "OneMonth",
            "commitmentExpirationTime": 100,
        }
    )
    assert (found.units, found.usable, found.created) == (2, True, 10.0)
    assert found.committed(99)
    assert not found.committed(100)


def test_provisioned_throughput_without_commitment_can_go() -> None:
    found = parse_provisioned({"provisionedModelArn": "arn:p", "status": "Creating"})
    assert not found.committed(0)
    assert not found.usable


@pytest.mark.parametrize("parse", [parse_deployment, parse_provisioned])
def test_the_arn_is_needed(parse: object) -> None:
    with pytest.raises(KeyError):
        parse({})  # type: ignore[operator]


def test_deployment_names() -> None:
    assert deployment_name("kw-300-ab") == "kw-300-ab"
    assert deployment_name("m" * 63, "0a1b2c") == "m" * 56 + "-0a1b2c"
