"""Files that a person takes away. Each appears whole or not at all."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from stillroom.replacing import replacing
from stillroom.report.csv_file import HEADER, write_csv
from stillroom.report.html import render
from stillroom.report.json_file import to_json
from stillroom.report.values import ReportData, ScoreRow


def save_html(path: Path, data: ReportData) -> None:
    """Write the report's page.

    Raises:
        OSError: The file cannot be written; one that was there before is unchanged.
    """
    with _replacing(path, "utf-8") as stream:
        stream.write(render(data))


def save_json(path: Path, data: ReportData) -> None:
    """Write the report's numbers as JSON.

    Raises:
        OSError: The file cannot be written; one that was there before is unchanged.
    """
    with _replacing(path, "utf-8") as stream:
        stream.write(to_json(data))


def save_csv(path: Path, scores: Iterable[ScoreRow]) -> int:
    """Write scores and keywords of every picture as CSV.

    In UTF-8 with a byte order mark, without which Excel shows Hangul wrongly. Rows are written as they come.

    Returns:
        How many rows, without the header.

    Raises:
        OSError: The file cannot be written; one that was there before is unchanged.
    """
    with _replacing(path, "utf-8-sig") as stream:
        return write_csv(stream, scores)


_BEGINNINGS = {".csv": b"\xef\xbb\xbf" + ",".join(HEADER[:3]).encode(), ".json": b'{\n "project":'}
"""How the files beside a page begin, by their ending."""


def is_free(path: Path) -> bool:
    """Whether the scores or numbers of a page can be written here, and nothing but such files is lost."""
    # Of a name that no system takes, such as too long a one, pathlib raises.
    if not os.path.isfile(path):  # noqa: PTH113
        return True  # what cannot be written there is told when it is
    try:
        with path.open("rb") as file:
            begins = file.read(100)
    except OSError:
        return False
    return not begins or begins.startswith(_BEGINNINGS[path.suffix])


@contextmanager
def _replacing(path: Path, encoding: str) -> Iterator[IO[str]]:
    """A text stream whose file takes the place of ``path`` when all has been written."""
    with replacing(path) as file:
        stream = TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield stream
        finally:
            stream.detach()  # with all that it holds
