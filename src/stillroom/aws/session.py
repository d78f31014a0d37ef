"""One AWS session: clients are made late, once, and shared by all threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stillroom import __version__
from stillroom.aws.connection import SANDBOX_CREDENTIALS, Connection
from stillroom.aws.probe import no_url
from stillroom.errors import CredentialsRefused

CONTROL_RETRIES = {"mode": "standard", "total_max_attempts": 5}
CONNECT_TIMEOUT = 10
"""Seconds."""
POOL = 32
"""Connections that a control-plane or S3 client keeps."""


class Session:
    """Clients of one connection. Safe to share between threads; making one takes no network.

    Attributes:
        connection: Where AWS is.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._clients: dict[str, Any] = {}
        self._boto: Any = None
        self._lock = threading.RLock()

    @property
    def region(self) -> str:
        """Region of all clients of this session."""
        return self.connection.region

    def client(self, service: str) -> Any:
        """A client for control-plane and S3 calls, with botocore's standard retries.

        Args:
            service: botocore's name: ``s3``, ``sts``, ``iam``, ``bedrock`` or ``service-quotas``.

        Returns:
            The same client for the same service every time.

        Raises:
            Refused: The profile does not exist, or the region is missing.
            UsageError: The endpoint URL is none.
        """
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._make(service, {})
            return self._clients[service]

    def runtime(self, *, concurrency: int, read_timeout: float) -> Any:
        """A new bedrock-runtime client whose every attempt is ours: no retries, long read time-out.

        Args:
            concurrency: Calls in flight; sizes the pool.
            read_timeout: Seconds to wait for an answer. botocore's own 60 s would cut slow calls off, and
                they would be paid twice.
        """
        options = {
            "retries": {"total_max_attempts": 1, "mode": "standard"},
            "read_timeout": read_timeout,
            "max_pool_connections": max(1, concurrency),
            "tcp_keepalive": True,
            # botocore puts its own header together anew for each call, from some thirty parts: a tenth of all
            # that a call takes of the processor. boto3 adds botocore's version to ours.
            "user_agent": f"stillroom/{__version__}",
        }
        with self._lock:
            return self._make("bedrock-runtime", options)

    @contextmanager
    def calling(self, doing: str, thing: str = "") -> Iterator[None]:
        """Translate what boto3 raises inside; see :func:`stillroom.aws.errors.translated`.

        Refused credentials are read anew by the next call: somebody may have signed in again meanwhile.

        Args:
            doing: What is being done, as it follows "could not".
            thing: Name of what it is done to.
        """
        where = self.connection
        from stillroom.aws.errors import translated

        try:
            with translated(
                doing,
                region=where.region,
                profile=where.profile,
                thing=thing,
                endpoint="" if where.sandbox else where.named_by,
            ):
                yield
        except CredentialsRefused:
            self.forget_credentials()
            raise

    def forget_credentials(self) -> None:
        """Let the next call read the credentials anew. Calls that are under way end as they would have."""
        with self._lock:
            self._boto = None
            self.close()

    def close(self) -> None:
        """Close the connections of all shared clients."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _make(self, service: str, options: dict[str, Any]) -> Any:
        from botocore.config import Config

        where = self.connection
        settings: dict[str, Any] = {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": 60,
            "retries": CONTROL_RETRIES,
            "max_pool_connections": POOL,
            "user_agent_appid": "stillroom",
            # Endpoints for single services, and those of profiles, would apply without any banner saying so.
            "ignore_configured_endpoint_urls": True,
            **options,
        }
        if where.sandbox:
            # A bearer token or a proxy of the user's environment must not reach a sandbox.
            settings["signature_version"] = "s3v4" if service == "s3" else "v4"
            settings["proxies"] = {}
        if service == "s3" and where.url:
            settings["s3"] = {"addressing_style": "path"}
        with self.calling("connect to AWS"):
            try:
                return self._boto_session().client(
                    service,
                    region_name=where.region or None,
                    endpoint_url=where.url or None,
                    config=Config(**settings),
                )
            except ValueError as error:
                if "endpoint" not in str(error).casefold():
                    raise
                raise no_url(where.url) from error

    def _boto_session(self) -> Any:
        """Made under the lock: boto3 sessions are not thread-safe, clients are."""
        if self._boto is None:
            import boto3

            from stillroom.aws.credential_errors import refuse_code

            where = self.connection
            pair = where.credentials or (SANDBOX_CREDENTIALS if where.sandbox else None)
            if pair is not None:
                self._boto = boto3.session.Session(
                    aws_access_key_id=pair.access_key,
                    aws_secret_access_key=pair.secret_key,
                    aws_session_token=pair.session_token or None,
                    region_name=where.region or None,
                    botocore_session=_unconfigured() if where.sandbox else None,
                )
            else:
                import botocore.session

                core = botocore.session.Session(profile=where.profile or None)
                refuse_code(core)
                self._boto = boto3.session.Session(botocore_session=core, region_name=where.region or None)
        return self._boto


def _unconfigured() -> Any:
    """A botocore session that no file and no profile of the user can spoil: a sandbox needs neither."""
    import botocore.session

    nothing = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return botocore.session.Session(session_vars={**nothing, "profile": (None, None, None, None)})
