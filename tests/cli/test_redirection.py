"""What sends calls elsewhere, as the README says: `aws.endpoint_url`, `AWS_ENDPOINT_URL`, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import Connection, Session

SERVICES = {
    "s3": "S3",
    "sts": "STS",
    "iam": "IAM",
    "bedrock": "BEDROCK",
    "bedrock-runtime": "BEDROCK_RUNTIME",
    "service-quotas": "SERVICE_QUOTAS",
}
"""Every service that is called, and the end of its own variable."""
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every service has a variable of its own, and nobody answers where it points to."""
    for ending in SERVICES.values():
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{ending}", NOWHERE)


def endpoints(connection: Connection) -> dict[str, str]:
    session = Session(connection)
    clients = {service: session.client(service) for service in SERVICES}
    clients["bedrock-runtime of runs"] = session.runtime(concurrency=1, read_timeout=1)
    found = {service: client.meta.endpoint_url for service, client in clients.items()}
    clients["bedrock-runtime of runs"].close()
    session.close()
    return found


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def test_boto3_itself_would_obey_the_variables(keys: None, single: None) -> None:
    import boto3

    client = boto3.client("s3", region_name="us-east-1")
    assert client.meta.endpoint_url == NOWHERE, "else the tests below show nothing"
    client.close()


def test_variables_of_single_services_are_ignored(keys: None, single: None) -> None:
    found = endpoints(Connection("us-east-1"))
    assert all(url.startswith("https://") and ".amazonaws.com" in url for url in found.values()), found
    assert Connection("us-east-1").where == "AWS"


def test_the_one_variable_counts_for_every_service(
    keys: None, single: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:8")
    assert set(endpoints(Connection("us-east-1")).values()) == {"http://127.0.0.1:8"}
    assert Connection("us-east-1").where == "AWS via 127.0.0.1:8"
    taken = Connection("us-east-1", endpoint_url="http://127.0.0.1:7")
    assert set(endpoints(taken).values()) == {"http://127.0.0.1:7"}, "the project's own comes first"


@pytest.mark.parametrize("by", ["the project", "the environment"])
def test_a_run_is_not_led_astray(
    project: Path, box: Box, keys: None, single: None, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "the environment":
        put(project, "aws", "endpoint_url", "")
        monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    before = box.served()
    done = stillroom("run", "--until", "upload", "-yq", "--json", "--project", project).ok().json
    assert "upload" in done["done"]
    assert box.served() == before + 30
    where = stillroom("status", "--json", "--project", project).ok().json["where"]
    assert where == ("SANDBOX" if by == "the project" else f"AWS via {box.url.removeprefix('http://')}")


def test_a_services_section_of_a_profile_is_ignored(
    home: Path, keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config").write_text(
        f"[default]\nservices = mine\nendpoint_url = {NOWHERE}\n"
        f"[services mine]\ns3 =\n  endpoint_url = {NOWHERE}\n"
    )
    assert endpoints(Connection("us-east-1"))["s3"].startswith("https://s3.")
