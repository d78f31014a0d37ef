"""The two policies of the service role, and what the person who runs Stillroom must be allowed to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
"""A policy document, ready for json.dumps."""


@dataclass(frozen=True, slots=True)
class RoleNeeds:
    """What a project's service role is for."""

    account: str
    """12 digits."""
    region: str
    """Region of the jobs."""
    bucket: str
    prefix: str = ""
    """Prefix of the project in the bucket, without slashes around it; empty: the whole bucket."""
    output_prefix: str = "output"
    """Below ``prefix``: where jobs write."""
    partition: str = "aws"
    key_arn: str = ""
    """ARN of the customer's KMS key that encrypts the bucket; usually empty."""

    @property
    def read_path(self) -> str:
        """ARN pattern of the objects that are read: records, pictures and validation set."""
        raise NotImplementedError

    @property
    def write_path(self) -> str:
        """ARN pattern of the objects that are written."""
        raise NotImplementedError


def trust_policy(needs: RoleNeeds) -> Document:
    """Who may assume the role: Bedrock, for jobs of this account in this region
    (user guide page model-customization-iam-role)."""
    raise NotImplementedError


def access_policy(needs: RoleNeeds) -> Document:
    """What the role may do: read records, pictures and validation set, write the output."""
    raise NotImplementedError


def caller_policy(needs: RoleNeeds, role_name: str) -> Document:
    """What the operator must be allowed, from labeling to clean-up (for ``setup --print``)."""
    raise NotImplementedError


def as_text(document: Document) -> str:
    """The document as indented JSON, as it is shown and sent."""
    raise NotImplementedError
