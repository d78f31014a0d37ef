"""Files that the machine refuses: tests may run as root, whom no permission keeps out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def refuse(monkeypatch: pytest.MonkeyPatch, method: str, number: int, which: Callable[[Path], bool]) -> None:
    """Let a method of some paths fail.

    Args:
        monkeypatch: Of the test.
        method: Its name, such as ``open``.
        number: Of the error, such as ``errno.EACCES``.
        which: Tells which paths.
    """
    real = getattr(Path, method)

    def refused(path: Path, *args: Any, **options: Any) -> Any:
        if which(path):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *args, **options)

    monkeypatch.setattr(Path, method, refused)
