"""Picture facts from a folder of picture files (``--pictures``)."""

from __future__ import annotations

import os
from pathlib import Path

from stillroom.errors import UsageError
from stillroom.records.headers import read_header
from stillroom.records.values import PictureFact


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
        parts = rest.split("/")[1:]
        if not parts or ".." in parts or "\0" in uri:
            return None
        for first in range(len(parts)):
            path = self._folder.joinpath(*(part for part in parts[first:] if part))
            try:
                if not path.is_file():  # opening a pipe would wait for a writer
                    continue
                with path.open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    header = read_header(file)
            except OSError:
                continue
            return PictureFact(size, header.format, header.width, header.height)
        return None
