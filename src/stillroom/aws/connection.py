"""Where AWS is, and as whom it is called: plain values that say nothing secret when shown."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Connection:
    """How AWS is reached."""

    region: str
    """Region of training, storage and the students."""
    teacher_region: str = ""
    """Region of the teacher's calls; empty: the same."""
    profile: str = ""
    """Named profile of the AWS configuration; empty: the default chain."""
    endpoint_url: str = ""
    """One endpoint for all services; empty: AWS itself."""
    sandbox: bool = False
    """Whether the endpoint has answered that it is a sandbox: nothing it does costs money."""
    credentials: Credentials | None = None
    """Takes the place of the chain; a sandbox has its own pair when this is None."""

    def for_teacher(self) -> Connection:
        """The same connection in the teacher's region."""
        return replace(self, region=self.teacher_region or self.region)

    @property
    def where(self) -> str:
        """What is on the other end, as banners show it: ``SANDBOX``, ``AWS`` or ``AWS via HOST``."""
        if self.sandbox:
            return "SANDBOX"
        if not self.endpoint_url:
            return "AWS"
        try:
            parts = urlsplit(self.endpoint_url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return "AWS via ?"
        # hostname leaves user and password of a URL out: they are secrets
        return f"AWS via {parts.hostname or '?'}{port}"
