"""What happens when something nobody foresaw happens: two lines, and a redacted file.

Every command passes here, and hardly any crashes: what a crash needs is imported when there is one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

# Access key ids, and anything long enough to be a secret key or a session token.
_KEY_LIKE = r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b|[A-Za-z0-9/+=]{40,}"


def redact(text: str) -> str:
    """Blank what could be a credential, and the home folder's name."""
    import re
    from pathlib import Path

    from stillroom.urls import without_users

    return re.sub(_KEY_LIKE, "[redacted]", without_users(text)).replace(str(Path.home()), "~")


def _told(error: BaseException) -> str:
    from stillroom.shown import shown

    return shown(redact(str(error))[:200])


def catch_crashes() -> None:
    """From now on an unexpected error ends in a crash file and exit code 1."""
    sys.excepthook = _crashed


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    import os
    import time
    import traceback

    from stillroom import __version__
    from stillroom.places import state_folder

    folder = state_folder(os.environ)
    text = f"stillroom {__version__}, Python {sys.version}\n" + redact(
        "".join(traceback.format_exception(kind, error, trace))
    )
    path = folder / time.strftime("crash-%Y%m%d-%H%M%S.txt")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as unwritable:
        print(f"stillroom: unexpected {kind.__name__}: {_told(error)}", file=sys.stderr)  # noqa: T201
        print(f"The crash file could not be written: {unwritable}", file=sys.stderr)  # noqa: T201
        return
    print(f"stillroom: unexpected {kind.__name__}: {_told(error)}", file=sys.stderr)  # noqa: T201
    print(f"Please report it with this file, which holds no secrets: {path}", file=sys.stderr)  # noqa: T201
