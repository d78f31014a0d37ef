"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, *, private: bool = False, lasting: bool = True) -> Iterator[BinaryIO]:
    """Give a file that takes the place of ``path`` when the block ends well; otherwise nothing is left of it.

    Who may read it is what the file in its place allows, and for a new one what the user's umask does. The
    umask is never asked for: that takes setting it, and another thread may be making a file meanwhile.

    A link stays, and what it leads to is replaced. Nothing takes the place of a device or a pipe, such as
    ``/dev/null`` or ``/dev/stdout``: it is given what is written, as it comes.

    Args:
        path: In a folder that is there.
        private: Nobody else may read it, whatever was there allowed.
        lasting: Wait until the disk has it, which may take long: it survives a power cut. Without that it
            survives the end of this process, however it comes.

    Raises:
        OSError: The file cannot be written; what was at ``path`` before is unchanged.
    """
    found = _mode(path)
    if found is not None and not (stat.S_ISREG(found) or stat.S_ISDIR(found)):
        with path.open("wb") as file:
            yield file
        return
    path = Path(os.path.realpath(path))
    beside = path.parent / f".stillroom-{secrets.token_hex(6)}.new"
    mode = 0o600 if private else 0o666
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if found is not None and not private:
                os.fchmod(descriptor, found & 0o777)
            yield file
            file.flush()
            if lasting:
                os.fsync(descriptor)
        beside.replace(path)
    finally:
        # Nothing is there any more when it went well.
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _mode(path: Path) -> int | None:
    """Kind and permissions of what is there, behind links; None: nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
