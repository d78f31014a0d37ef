"""Where AWS is, and as whom it is called: plain values that say nothing secret when shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

SANDBOX_ACCOUNT = "111122223333"
"""Account of every sandbox."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key pair that takes the place of the usual credential chain. Never shown, never logged."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


SANDBOX_CREDENTIALS = Credentials("AKIDSANDBOX", "sandbox")
"""The sandbox takes any key pair and checks no signature."""


def environment_url() -> str:
    """The endpoint that the environment sends all of boto3's calls to; empty when it sends them nowhere else.

    Source: the setting "Service-specific endpoints" of the AWS SDKs and Tools reference guide.
    """
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").casefold() == "true":
        return ""
    return os.environ.get("AWS_ENDPOINT_URL", "")


@dataclass(frozen=True, slots=True)
class Connection:
    """How AWS is reached."""

    region: str
    """Region of training, storage and the students."""
    profile: str = ""
    """Named profile of the AWS configuration; empty: the default chain."""
    endpoint_url: str = ""
    """One endpoint for all services; empty: AWS itself, or where the environment says it is."""
    sandbox: bool = False
    """Whether the endpoint has answered that it is a sandbox: nothing it does costs money."""
    credentials: Credentials | None = None
    """Takes the place of the chain; a sandbox has its own pair when this is None."""
    environment_url: str = field(default_factory=environment_url, repr=False)
    """``AWS_ENDPOINT_URL``. It holds when ``endpoint_url`` is empty, and the banners say so."""

    @property
    def url(self) -> str:
        """The one endpoint of all clients; empty: AWS itself."""
        return self.endpoint_url or self.environment_url

    @property
    def named_by(self) -> str:
        """What names the endpoint, as messages call it; empty: nothing does."""
        return "aws.endpoint_url" if self.endpoint_url else "AWS_ENDPOINT_URL" if self.url else ""

    @property
    def host(self) -> str:
        """Host and port of the endpoint, without what is secret in its URL; ``?`` when it is no URL."""
        try:
            parts = urlsplit(self.url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return "?"
        # hostname leaves user and password of a URL out: they are secrets
        return f"{parts.hostname or '?'}{port}"

    def at(self, region: str) -> Connection:
        """The same connection in another region; empty: in this one."""
        return replace(self, region=region or self.region)

    @property
    def where(self) -> str:
        """What is on the other end, as banners show it: ``SANDBOX``, ``AWS`` or ``AWS via HOST``."""
        if self.sandbox:
            return "SANDBOX"
        return f"AWS via {self.host}" if self.url else "AWS"
