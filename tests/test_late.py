"""A room's late names are imported when they are asked for, and no others."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize(
    ("room", "name", "home"),
    [
        ("labeling", "RetryPolicy", "retrying"),
        ("records", "RULES", "catalogue"),
        ("training", "HyperparameterFinding", "hyperparameters"),
    ],
)
def test_a_late_name_is_that_of_its_home(room: str, name: str, home: str) -> None:
    found = getattr(importlib.import_module(f"stillroom.{room}"), name)
    assert found is getattr(importlib.import_module(f"stillroom.{room}.{home}"), name)


@pytest.mark.parametrize("room", ["labeling", "records", "training"])
def test_every_name_that_a_room_promises_is_there(room: str) -> None:
    module = importlib.import_module(f"stillroom.{room}")
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match=f"module 'stillroom.{room}' has no attribute 'nothing'"):
        module.nothing  # noqa: B018
