"""Whether an endpoint is a sandbox."""

from __future__ import annotations

import ipaddress
import json
from urllib.parse import urlsplit

from stillroom.errors import UsageError

_LONGEST_ANSWER = 10_000


def no_url(endpoint_url: str) -> UsageError:
    """What tells that an endpoint is no URL. It may hold a password all the same."""
    scheme, found, rest = endpoint_url.partition("://")
    told = f"{scheme}://{rest.rpartition('@')[2]}" if found else scheme.rpartition("@")[2]
    return UsageError(f"The endpoint URL {told!r} is not a URL.", "It looks like http://127.0.0.1:4566.")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def sandbox_version(endpoint_url: str, *, timeout: float = 2.0) -> str | None:
    """Ask an endpoint whether it is a sandbox: ``GET /_sandbox/`` answers ``{"stillroom_sandbox": VERSION}``.

    Only a loopback address is asked, directly and without a proxy: any other endpoint counts as paid.

    Args:
        endpoint_url: Such as ``http://127.0.0.1:4566``.
        timeout: Seconds.

    Returns:
        The sandbox's version; None when it is none or does not answer.

    Raises:
        UsageError: This is no URL.
    """
    scheme, host, port = _parts(endpoint_url)
    if scheme != "http" or not is_loopback(host):
        return None
    import http.client  # late: most commands probe nothing

    caller = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        caller.request("GET", "/_sandbox/")
        answer = caller.getresponse()
        body = answer.read(_LONGEST_ANSWER)
        found = json.loads(body) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        caller.close()
    version = found.get("stillroom_sandbox") if isinstance(found, dict) else None
    return str(version) if version else None


def is_refused(endpoint_url: str, *, timeout: float = 2.0) -> bool:
    """Whether an endpoint on this machine's loopback refuses connections: no program listens there.

    Any other endpoint is not asked: a network's silence has many causes.

    Args:
        endpoint_url: Such as ``http://127.0.0.1:4566``.
        timeout: Seconds.

    Raises:
        UsageError: This is no URL.
    """
    import socket  # late: most commands probe nothing

    _, host, port = _parts(endpoint_url)
    if not is_loopback(host):
        return False
    try:
        socket.create_connection((host, port), timeout=timeout).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False  # too slow, say: whoever calls it will tell
    return False


def _parts(endpoint_url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an endpoint.

    Raises:
        UsageError: This is no URL.
    """
    try:
        parts = urlsplit(endpoint_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise no_url(endpoint_url)
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80)
