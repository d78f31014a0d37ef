"""Failure messages of customization jobs, in words a user can act on.

The fragments are those of the user guide's troubleshooting pages for fine-tuning and model customization; the
wording around them varies, so only fragments are matched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class Explanation(NamedTuple):
    """What a failure means, and what to do; one line each. May hold text from outside."""

    what: str
    todo: str


class _Known(NamedTuple):
    pattern: re.Pattern[str]
    what: str
    todo: str


def _known(pattern: str, what: str, todo: str) -> _Known:
    return _Known(re.compile(pattern, re.IGNORECASE | re.DOTALL), what, todo)


AGAIN = "Train again with the same data."
"""What to do where only the service failed; whoever knows the job adds the command."""

FORGOTTEN = "The sandbox knows it no more: its state was thrown away."
"""Our own words for a job that no service tells of any more."""

ASSUMING = r"assum(?!ed-role/)"
"""A word about assuming a role; the ARN of whoever signed in with one (``assumed-role/…``) is none."""

_UNREAD = (
    "Bring back what is missing (`stillroom upload`), let the role read records and pictures "
    "(`stillroom setup`), and check region and KMS Decrypt."
)
"""A role that may not list a bucket is told the same of a file that is not there."""

_KNOWN: Sequence[_Known] = (
    _known(
        re.escape(FORGOTTEN),
        FORGOTTEN,
        "Bucket and role went with it; all of it is made anew by: stillroom run",
    ),
    _known(
        r"GetObject permissions to access Amazon S3 bucket:?\s*(?P<bucket>\S+) at key (?P<key>\S+)",
        "The service role cannot read s3://{bucket}/{key}.",
        _UNREAD,
    ),
    _known(
        r"GetObject permissions",
        "The service role cannot read the training data.",
        _UNREAD,
    ),
    _known(
        r"perms missing \(PutObject\)|\.write_access_check_file",
        "The service role cannot write the job's output.",
        "Let the role s3:PutObject below the output prefix (`stillroom setup`).",
    ),
    _known(
        r"Unable to parse Amazon S3 file:?\s*(?P<file>\S+?)\.?\s+Data files must",
        "The service could not read {file} as JSONL.",
        "Run `stillroom validate` on the records, then `build` and `upload` again.",
    ),
    _known(
        r"Data files must conform to JSONL",
        "The service could not read the records as JSONL.",
        "Run `stillroom validate` on the records, then `build` and `upload` again.",
    ),
    _known(
        r"Input size exceeded in file (?P<file>\S+)",
        "A record in {file} is too long.",
        "Shorten the prompt or leave the record out, then `build` and `upload` again.",
    ),
    _known(
        r"Maximum (?P<kind>input|output) token count (?P<count>[\d,]+) exceeds limit of (?P<limit>[\d,]+)",
        "A record has {count} {kind} tokens; {limit} are allowed.",
        "Shorten the prompt or prepare smaller pictures, then `build` and `upload` again.",
    ),
    _known(
        r"(?:Max sum|Maximum sum)\D*(?P<count>[\d,]+) exceeds limit of (?P<limit>[\d,]+)",
        "A record has {count} tokens in all; {limit} are allowed.",
        "Shorten the prompt or prepare smaller pictures, then `build` and `upload` again.",
    ),
    _known(
        r"token count .*exceeds limit|Max sum",
        "A record has too many tokens.",
        "Shorten the prompt or prepare smaller pictures, then `build` and `upload` again.",
    ),
    _known(
        r"Automated tests flagged this fine-tuning job",
        "The provider's content checks refused the training data.",
        "Look for pictures and labels that break the provider's rules, and leave them out.",
    ),
    _known(
        r"Encountered an unexpected error when processing the request",
        "The service failed on its own side.",
        AGAIN,
    ),
    _known(
        r"iam:PassRole",
        "Your credentials may not hand the service role to Bedrock (iam:PassRole).",
        "Ask for iam:PassRole on the role; `stillroom setup --print` shows the statement.",
    ),
    _known(
        rf"role.{{0,200}}{ASSUMING}|{ASSUMING}.{{0,200}}role",
        "Bedrock cannot assume the service role.",
        "Its trust policy must name Bedrock, this account and this region; run `stillroom setup`.",
    ),
    _known(
        r"reserved (?:word|token|keyword)",
        "The records hold a word that the service reserves, such as `User:` or `<image>`.",
        "Run `stillroom validate`; it names the lines.",
    ),
    _known(
        r"ServiceQuotaExceeded|quota",
        "A quota of the account is reached (10 running jobs, 100 custom models, or records in a job).",
        "Delete what is not needed, or ask for a higher quota.",
    ),
)


def translate(message: str) -> Explanation:
    """Say what a failure message means.

    Args:
        message: ``failureMessage`` of a job, or the message of an error on creating one. Text from outside.

    Returns:
        What happened and what to do. A message that is not known is returned as it came, on one line.
    """
    line = " ".join(message.split())
    for known in _KNOWN:
        found = known.pattern.search(line)
        if found:
            parts = {name: (value or "").rstrip(".,;") for name, value in found.groupdict().items()}
            return Explanation(known.what.format_map(parts), known.todo)
    if not line:
        return Explanation("The job failed, and the service gave no reason.", AGAIN)
    return Explanation(line, "")


STOPPING_LOSES = (
    "No model is kept, a stopped job cannot be resumed, and what it has trained is charged all the same."
)
"""What a user must know before stopping a job (user guide page model-customization-stop)."""
