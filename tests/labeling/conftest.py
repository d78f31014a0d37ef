"""Pictures that are prepared once."""

from __future__ import annotations

import pytest

from stillroom.labeling import Item

from .simulation import make_items


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    """200 prepared pictures."""
    return make_items(tmp_path_factory.mktemp("prepared"), 200)
