"""Whose calls a connection makes, told apart without a call and without keeping anything secret."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
from pathlib import Path

from stillroom.aws.connection import Connection

_SECRET = ("aws_secret_access_key", "aws_session_token")
_NAMING = (
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)
"""Variables that say whose credentials are fetched."""


def caller_mark(connection: Connection) -> str:
    """A hash that is another one when the endpoint, the access key id, the profile or its role is another.

    Reads environment and configuration alone, as boto3 does: a profile that was asked for comes before keys
    of the environment, and they before the profile that the environment names.

    Source: "Credentials" in the boto3 guide; "Shared config and credentials files" in the AWS SDKs and Tools
    reference guide.
    """
    if connection.sandbox:
        return "sandbox"
    facts: dict[str, object] = {"url": connection.url}
    key = os.environ.get("AWS_ACCESS_KEY_ID", "")
    if key and not connection.profile:
        facts["key"] = key
    else:
        # botocore looks for the older name first.
        named = os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE")
        profile = connection.profile or named or "default"
        facts["profile"] = profile
        facts["chain"] = _chain(profile)
        facts["variables"] = {name: os.environ.get(name, "") for name in _NAMING}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _chain(profile: str) -> list[dict[str, str]]:
    """What the files say of a profile and of those that it takes its credentials from; no secrets."""
    credentials = _sections("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    config = _sections("AWS_CONFIG_FILE", "~/.aws/config")
    chain: list[dict[str, str]] = []
    seen: set[str] = set()
    while profile and profile not in seen:
        seen.add(profile)
        named = config.get("default" if profile == "default" else f"profile {profile}", {})
        said = {**named, **credentials.get(profile, {})}
        chain.append({name: value for name, value in said.items() if name not in _SECRET})
        profile = said.get("source_profile", "")
    return chain


def _sections(variable: str, usual: str) -> dict[str, dict[str, str]]:
    """A configuration file by section; empty when it is missing or cannot be read, which boto3 will tell."""
    parser = configparser.RawConfigParser(default_section="", strict=False)
    try:
        parser.read_string(Path(os.environ.get(variable, usual)).expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RuntimeError, configparser.Error):
        return {}
    return {name: dict(parser.items(name)) for name in parser.sections()}
