"""What is connected under one table ``[aws]`` of a project file."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stillroom.aws import Connection, Session, is_refused, sandbox_version
from stillroom.errors import EndpointSilent
from stillroom.project import AwsTable


@dataclass(slots=True, eq=False)
class Reached:
    """A connection and its sessions."""

    connection: Connection | None = None
    none_there: set[str] = field(default_factory=set)
    """Endpoints at which no sandbox answered; the next command asks again."""
    _sessions: dict[str, Session] = field(default_factory=dict)
    _before: list[Session] = field(default_factory=list)
    """Of a connection that was left: a step that began with one goes on with it."""

    def session(self, connection: Connection) -> Session:
        """The session of the connection's region."""
        if connection.region not in self._sessions:
            self._sessions[connection.region] = Session(connection)
        return self._sessions[connection.region]

    def move(self, connection: Connection) -> None:
        """Go on at another place, such as the port at which a sandbox was started again."""
        self.connection = connection
        self._before += self._sessions.values()
        self._sessions.clear()

    def close(self) -> None:
        for session in (*self._sessions.values(), *self._before):
            session.close()


def answering(aws: AwsTable, *, was_sandbox: bool) -> Connection:
    """AWS, or what answers at the endpoint that is named.

    Args:
        aws: The settings; the project has no sandbox of its own.
        was_sandbox: Whether a sandbox answered there last.

    Raises:
        EndpointSilent: Nothing answers, or no sandbox where one did.
    """
    sandbox = bool(aws.endpoint_url) and sandbox_version(aws.endpoint_url) is not None
    if was_sandbox and not sandbox:
        # Whatever answers there now must not get the user's own keys, nor be paid.
        raise EndpointSilent(
            f"The sandbox at {aws.endpoint_url} does not answer any more.",
            f"Start it again with {_serving(aws.endpoint_url)}, or change aws.endpoint_url.",
        )
    connection = Connection(aws.region, aws.profile, aws.endpoint_url, sandbox)
    if connection.url and not sandbox and is_refused(connection.url):
        # Before credentials are looked for: what is missing is not those.
        raise EndpointSilent(
            f"Nothing answers at {connection.host}, which {connection.named_by} names.",
            f"Start it ({_serving(connection.url)}, for a sandbox), or change {connection.named_by}.",
        )
    return connection


def _serving(endpoint_url: str) -> str:
    """The command that starts a sandbox at an endpoint."""
    port = urlsplit(endpoint_url).port
    return "stillroom sandbox serve" + (f" --port {port}" if port else "")
