"""Each room imports alone, in a fresh interpreter, and brings nothing heavy with it."""

import subprocess
import sys

import pytest

HEAVY = ("boto3", "botocore", "PIL", "numpy", "textual", "aiohttp", "sqlite3")
SLOW = ("shutil", "dataclasses", "pathlib", "tempfile", "logging")
"""Modules of Python that take milliseconds each, which help has none to spare for."""
LIGHT_ROOMS = (
    "pictures", "labeling", "keywords", "records", "training", "serving", "comparison", "report",
    "money", "background", "project", "aws", "cli",
)  # fmt: skip


HELP = """
import sys, stillroom.cli as c
sys.argv = ["stillroom", "--help"]
try:
    c.main()
except SystemExit:
    pass
sys.stderr.write(" ".join({name.split(".")[0] for name in sys.modules}))
"""


def imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("room", [*LIGHT_ROOMS, "store", "steps", "sandbox"])
def test_a_room_imports_alone(room: str) -> None:
    assert "stillroom" in imported_by(f"import stillroom.{room}")


@pytest.mark.parametrize("room", LIGHT_ROOMS)
def test_importing_a_room_brings_nothing_heavy(room: str) -> None:
    assert imported_by(f"import stillroom.{room}") & set(HEAVY) == set()


def test_help_brings_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)
    assert "Distil a vision model" in done.stdout
    assert set(done.stderr.split()) & {*HEAVY, *SLOW, "rich", "tomlkit"} == set()
