"""Files that a person takes away. Each appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from stillroom.replacing import replacing
from stillroom.report.csv_file import write_csv
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


@contextmanager
def _replacing(path: Path, encoding: str) -> Iterator[IO[str]]:
    """A text stream whose file takes the place of ``path`` when all has been written."""
    with replacing(path) as file:
        stream = TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield stream
        finally:
            stream.detach()  # with all that it holds
