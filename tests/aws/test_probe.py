import pytest

from stillroom.aws import is_refused, sandbox_version
from stillroom.aws.probe import is_loopback
from stillroom.errors import UsageError

from .loopback import reply, serving


def test_a_sandbox_tells_its_version() -> None:
    with serving(lambda handler: reply(handler, 200, {"stillroom_sandbox": "1.2"})) as server:
        assert sandbox_version(server.url) == "1.2"
        assert server.asked[0][0] == "/_sandbox/"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"stillroom_sandbox": "1"}),
        (200, {}),
        (200, ["x"]),
        (200, b"<html>"),
        (200, {"stillroom_sandbox": ""}),
    ],
)
def test_other_endpoints_are_none(status: int, body: object) -> None:
    with serving(lambda handler: reply(handler, status, body)) as server:
        assert sandbox_version(server.url) is None


def test_a_silent_endpoint_is_none() -> None:
    with serving(lambda handler: handler.server.released.wait(5)) as server:  # type: ignore[attr-defined]
        assert sandbox_version(server.url, timeout=0.1) is None


def test_a_closed_port_is_none() -> None:
    with serving(lambda handler: None) as server:
        url = server.url
        assert not is_refused(url)
    assert sandbox_version(url) is None
    assert is_refused(url)


def test_other_machines_are_not_even_asked() -> None:
    assert not is_refused("http://192.0.2.1:80")
    assert sandbox_version("http://192.0.2.1:80") is None
    assert sandbox_version("https://127.0.0.1:443") is None


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://127.0.0.1", "http://[::1", "http://127.0.0.1:99999"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        sandbox_version(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("me:SECRET@gate:80", "'gate:80'"),
        ("ftp://me:SECRET@gate", "'ftp://gate'"),
        ("http://me:SEC /:// RET@gate", "'http://gate'"),
        ("nonsense", "'nonsense'"),
    ],
)
def test_what_is_no_url_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        sandbox_version(url)
    assert caught.value.what == f"The endpoint URL {told} is not a URL."


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.evil.example", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
