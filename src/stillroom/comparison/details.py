"""One picture at a time: which words are shared, missing and extra."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stillroom.comparison.values import Detail


def detail(teacher: str, student: str) -> Detail:
    """Set a student's keywords beside the teacher's.

    Args:
        teacher: The teacher's keywords in their stored form: normalised words joined by ``\\n``, or empty.
        student: The student's keywords in the same form.

    Returns:
        Shared and missing words in the teacher's order, extra words in the student's. A word that was stored
        twice is named once.
    """
    taught = dict.fromkeys(_words(teacher))
    given = dict.fromkeys(_words(student))
    return Detail(
        shared=tuple(word for word in taught if word in given),
        missing=tuple(word for word in taught if word not in given),
        extra=tuple(word for word in given if word not in taught),
    )


def gather(
    contents: Sequence[str], answers: Mapping[str, str], asked: Iterable[str] = ()
) -> list[str | None]:
    """Put a run's answers into the order of the compared pictures, as ``score_runs`` wants them.

    Args:
        contents: Content hashes of the pictures to compare, in the order that all runs share.
        answers: Usable keyword strings by content hash.
        asked: Content hashes that were asked, whether or not the answer was usable.

    Returns:
        The keywords; ``""`` where the picture was asked without a usable answer, None where it never was.
    """
    known = set(asked)
    return [answers.get(content, "" if content in known else None) for content in contents]


def _words(stored: str) -> list[str]:
    return stored.split("\n") if stored else []
