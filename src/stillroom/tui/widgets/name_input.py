"""Where part of a picture's name is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from stillroom.tui.actions import bindings


class NameInput(Input):
    """Part of a picture's name, while it is looked for."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("find")]
