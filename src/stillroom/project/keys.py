"""Every table and key of the project file, with its comment and its check, for reading and writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stillroom.project.checks import (
    Check,
    budget,
    listed,
    number,
    one_of,
    rate,
    sizes,
    text,
    whole,
    yes_no,
)
from stillroom.project.prompts import LANGUAGES
from stillroom.training.hyperparameters import NOVA_RULES

_REGION_NAME, _REGION_WORDS = r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", "a region such as us-east-1"
_REGION = text(_REGION_NAME, _REGION_WORDS)
_GLOBS = listed(text(empty=False), "*.jpg")
_MODEL = text(
    r"[A-Za-z0-9][A-Za-z0-9.:/_-]{0,2047}", "a model id, an inference-profile id or an ARN", empty=False
)
_LONGEST_PREFIX = 512
"""S3 takes keys, and Bedrock whole URIs, of 1,024 bytes: bucket, hashes and names of jobs need their part."""
_EPOCHS, _LEARNING_RATE, _WARMUP = NOVA_RULES


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    name: str
    comment: str
    """One line."""
    check: Check


def _inference(whose: str) -> tuple[Key, ...]:
    return (
        Key("model", f"{whose}: model id, inference-profile id or ARN", _MODEL),
        Key("max_tokens", "longest answer, in tokens", whole(1, 65_536)),
        Key("temperature", "0 repeats itself, 1 varies most", number(0, 1)),
        Key("top_p", "share of likely words to choose from, 0 to 1", number(0, 1)),
    )


TABLES: Final[Mapping[str, tuple[Key, ...]]] = {
    "project": (
        Key("name", "shown everywhere", text(r"(?=.*\S).{1,100}", "1 to 100 characters", empty=False)),
        Key(
            "id",
            "tags everything made in AWS; leave it as it is",
            text(r"[a-z0-9]{4,32}", "4 to 32 small letters and digits", empty=False),
        ),
    ),
    "aws": (
        Key("region", "of the bucket, of training and of the student", _REGION),
        Key("teacher_region", "where it differs; empty: the same", _REGION),
        Key("profile", "named profile; empty: the default credentials", text()),
        Key(
            "bucket",
            "made by stillroom setup when it is missing",
            text(
                r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket name: 3 to 63 small letters, digits, . and -"
            ),
        ),
        Key(
            "prefix",
            "of all keys in the bucket",
            text(
                rf"(?=.{{1,{_LONGEST_PREFIX}}}\Z)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*",
                f"letters, digits, _ - . and / inside, at most {_LONGEST_PREFIX} characters",
            ),
        ),
        Key(
            "role_arn",
            "role that Bedrock assumes; empty: setup makes one",
            text(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}", "the ARN of a role"),
        ),
        Key(
            "endpoint_url",
            "call this instead of AWS",
            text(
                r"https?://[^\s/?#@]+(?:[/?#]\S*)?", "a URL such as http://127.0.0.1:5000, without a password"
            ),
        ),
        Key("sandbox", "true: a sandbox of its own, never AWS", yes_no),
    ),
    "pictures": (
        Key("folder", "relative to this file, or absolute", text(empty=False)),
        Key("test", "share kept for testing", number(0, 0.5)),
        Key("validation", "share kept for validation loss", number(0, 0.5)),
        Key("seed", "of the split and of the training order", whole(0, 2**31 - 1)),
        Key("include", 'such as ["summer/*.jpg"]; empty: every picture', _GLOBS),
        Key("exclude", "left out", _GLOBS),
        Key("near_duplicate_distance", "bits of 64 by which pictures that resemble differ", whole(0, 32)),
    ),
    "prepare": (
        Key("longest_side", "pixels; 0 keeps the original size", whole(0, 8000)),
        Key("format", "jpeg, png or webp", one_of("jpeg", "png", "webp")),
        Key("quality", "of jpeg and webp, 1 to 95", whole(1, 95)),
    ),
    "teacher": _inference("labels all pictures"),
    "student": _inference("asked untuned, for comparison"),
    "prompt": (
        Key("language", "of the default prompt: en or ko", one_of(*LANGUAGES)),
        Key("keywords_min", "an answer with fewer is remarked on", whole(1, 200)),
        Key("keywords_max", "an answer with more is remarked on", whole(1, 200)),
        Key("system", "what the model is told to be", text(lines=True)),
        Key("user", "what is asked with every picture", text(lines=True, empty=False)),
    ),
    "training": (
        Key("base_model", "variant for customization, or ARN of a custom model", _MODEL),
        Key("sizes", "unique pictures for each student; empty: all of them", sizes),
        Key(
            "regions",
            "where this base model can be trained, as far as is known; empty: anywhere",
            listed(text(_REGION_NAME, _REGION_WORDS, empty=False), "us-east-1"),
        ),
        Key("epochs", f"{_EPOCHS.low:g} to {_EPOCHS.high:g}", whole(int(_EPOCHS.low), int(_EPOCHS.high))),
        Key("learning_rate", "0.000001 to 0.0001", number(_LEARNING_RATE.low, _LEARNING_RATE.high)),
        Key(
            "warmup_steps", f"{_WARMUP.low:g} to {_WARMUP.high:g}", whole(int(_WARMUP.low), int(_WARMUP.high))
        ),
    ),
    "limits": (
        Key("budget", 'US dollars for the whole project, or "none"', budget),
        Key("concurrency", "calls in flight at the same time", whole(1, 1024)),
        Key("requests_per_minute", 'a number, or "auto": the account\'s quota', rate),
        Key("tokens_per_minute", 'a number, or "auto": the account\'s quota', rate),
    ),
}

PRICES: Final = "prices"
"""The one table whose keys are free: model ids, each a table of named prices."""


def find_key(table: str, name: str) -> Key | None:
    """The key of a table, or None."""
    return next((key for key in TABLES.get(table, ()) if key.name == name), None)
