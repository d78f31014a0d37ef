"""The embedded AWS: S3, STS, IAM, Bedrock and Service Quotas on loopback, reached only over HTTP.

It shares no code with the other rooms, so that its rules, prices and bill are a second opinion.
Start it with ``python -m stillroom.sandbox --port 0 --dir DIR``.
"""

from stillroom import __version__

VERSION = __version__

ACCOUNT = "111122223333"
"""The only account there is. Buckets whose name starts with ``foreign-`` belong to somebody else."""

__all__ = ["ACCOUNT", "VERSION"]
