"""Sessions that meet no network: botocore's stubber checks every request against the service model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.stub import Stubber

from stillroom.aws import Connection, Credentials, Session

ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No credentials, profiles, proxies or endpoints of the machine reach a test."""
    import os

    for name in [
        name for name in os.environ if name.startswith("AWS_") or name.casefold().endswith("_proxy")
    ]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def session() -> Iterator[Session]:
    """A session of us-east-1 with a key pair that nobody knows."""
    found = Session(Connection("us-east-1", credentials=Credentials("AKIDTEST", "secret")))
    yield found
    found.close()


@pytest.fixture
def stub(session: Session) -> Iterator[Callable[[str], Stubber]]:
    """Gives the stubber of a service; afterwards all its answers must have been asked for."""
    stubbers: dict[str, Stubber] = {}

    def make(service: str) -> Stubber:
        if service not in stubbers:
            stubbers[service] = Stubber(session.client(service))
            stubbers[service].activate()
        return stubbers[service]

    yield make
    for stubber in stubbers.values():
        stubber.assert_no_pending_responses()
