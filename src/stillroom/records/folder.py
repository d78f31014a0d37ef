"""Picture facts from a folder of picture files (``--pictures``)."""

from __future__ import annotations

import os
from pathlib import Path

from stillroom.errors import UsageError
from stillroom.records.headers import read_header
from stillroom.records.values import PictureFact

_LONGEST_KEY = 1024
"""Bytes that S3 allows; as many tries are made at most as a key has parts."""


class PictureFolder:
    """Looks a URI up among local files; an implementation of `PictureFacts`.

    The file of ``s3://bucket/a/b/c.jpg`` is the first that is there of ``a/b/c.jpg``, ``b/c.jpg`` and
    ``c.jpg`` below the folder. Where there is none, nothing is known: the folder may hold only some of the
    pictures, so that nothing is said to be missing from S3.
    """

    def __init__(self, folder: Path) -> None:
        """Look into ``folder``.

        Raises:
            UsageError: It is no folder.
        """
        # pathlib would raise for a name that no system takes, such as one too long.
        if not os.path.isdir(folder):  # noqa: PTH112
            raise UsageError(f"{folder} is not a folder.", "Give the folder that holds the pictures.")
        self._folder = folder

    def lookup(self, uri: str) -> PictureFact | None:
        """Read the size and the first bytes of the file behind ``uri``; None when there is no such file."""
        _, _, rest = uri.partition("://")
        parts = [part for part in rest.split("/")[1:] if part]
        key = "/".join(parts)
        if ".." in parts or "\0" in uri or len(key) > _LONGEST_KEY:
            return None
        while key:
            fact = self._read(f"{self._folder}/{key}")
            if fact is not None:
                return fact
            key = key.partition("/")[2]
        return None

    def _read(self, name: str) -> PictureFact | None:
        # A key can have hundreds of parts, each of which pathlib would take up anew
        if not os.path.isfile(name):  # noqa: PTH113  (opening a pipe would wait for a writer)
            return None
        try:
            with Path(name).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                header = read_header(file)
        except OSError:
            return None
        return PictureFact(size, header.format, header.width, header.height)
