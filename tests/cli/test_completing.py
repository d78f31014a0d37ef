"""What the shell's completion offers: names and filters, from the store alone, and never an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.steps.world import draw, make, put, stillroom

from stillroom.store import names
from stillroom.store.filters import COLUMNS

MAIN = "import sys; sys.argv[0] = 'stillroom'; from stillroom.cli import main; main()"


def offered(line: str, at: Path) -> list[str]:
    """What bash would be told at the end of the line; its last word may be empty."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", MAIN],
        env={**os.environ, "_STILLROOM_COMPLETE": "bash_complete", "COMP_WORDS": line,
             "COMP_CWORD": str(len(words) - 1)},
        cwd=at,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return [one.partition(",")[2] for one in done.stdout.splitlines() if one]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("stillroom label ", ["teacher", "untuned", "lite-10", "lite-20"]),
        ("stillroom label li", ["lite-10", "lite-20"]),
        ("stillroom ask p00.jpg --model u", ["untuned"]),
        ("stillroom deploy lite-10 ", ["lite-20"]),
        ("stillroom delete ", ["lite-10", "lite-20"]),
        ("stillroom undeploy ", []),
        ("stillroom stop ", []),
        ("stillroom retry ", ["teacher", "untuned", "lite-10", "lite-20"]),
        ("stillroom compare untuned ", ["teacher", "lite-10", "lite-20"]),
        ("stillroom retry teacher --class thr", ["throttled"]),
        ("stillroom retry teacher --class throttled,un", ["throttled,unparsable", "throttled,unknown"]),
        ("stillroom exclude spl", ["split:"]),
        ("stillroom exclude split:te", ["split:test"]),
        ("stillroom exclude -- -split:te", ["-split:test"]),
        ("stillroom exclude split : te", ["test"]),
        ("stillroom include excluded :", ["yes", "no"]),
        ("stillroom label teacher --only p0", [f"p0{number}.jpg" for number in range(10)]),
        ("stillroom exclude nothing-like-it", []),
    ],
)
def test_names_and_filters(distilled: Path, line: str, wanted: list[str]) -> None:
    assert offered(line, distilled) == wanted


def test_the_project_that_is_named_counts(distilled: Path, tmp_path: Path) -> None:
    assert offered(f"stillroom --project {distilled} deploy ", tmp_path) == ["lite-10", "lite-20"]
    assert offered(f"stillroom deploy --project {distilled} ", tmp_path) == ["lite-10", "lite-20"]


def test_pictures_come_folder_by_folder(box, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    for number, name in enumerate(("a/one.jpg", "a/two.jpg", "a/deep/er/x.jpg", "b.jpg", "b/c.jpg")):
        draw(shelf / name, number)
    root = make(tmp_path / "project", shelf, box)
    stillroom("scan", "-q", "--project", root).ok()
    assert names.pictures(root, "") == ["a/", "b.jpg", "b/"]
    assert names.pictures(root, "a/d") == ["a/deep/er/x.jpg"]
    assert names.pictures(root, "a") == ["a/deep/", "a/one.jpg", "a/two.jpg"]
    assert names.pictures(root, "\udcff") == []


def test_a_store_that_cannot_be_read_offers_no_names(tmp_path: Path, distilled: Path) -> None:
    assert offered("stillroom deploy ", tmp_path) == []
    assert names.pictures(tmp_path, "") == []
    put(distilled, "aws", "region", "nowhere in particular")
    assert offered("stillroom deploy ", distilled) == ["lite-10", "lite-20"], "the project file is not read"
    store = distilled / ".stillroom" / "store.db"
    store.write_bytes(b"not a database" * 100)
    for name in ("store.db-wal", "store.db-shm"):
        (store.parent / name).unlink(missing_ok=True)
    assert offered("stillroom deploy ", distilled) == []
    assert offered("stillroom label ", distilled) == ["teacher", "untuned"]


NEVER = ("boto3", "botocore", "PIL", "numpy", "rich", "tomlkit", "stillroom.aws")
NOT_FOR_NAMES = ("stillroom.labeling", "stillroom.training", "stillroom.pictures", "logging")


@pytest.mark.parametrize(
    ("line", "heavy"), [("stillroom exclude p0", NEVER), ("stillroom deploy ", (*NEVER, *NOT_FOR_NAMES))]
)
def test_completion_loads_nothing_heavy(distilled: Path, line: str, heavy: tuple[str, ...]) -> None:
    code = (
        "import sys, atexit\n"
        f"heavy = {heavy}\n"
        "atexit.register(lambda: sys.stderr.write(' '.join(m for m in heavy if m in sys.modules)))\n" + MAIN
    )
    env = {**os.environ, "_STILLROOM_COMPLETE": "bash_complete", "COMP_CWORD": "2",
           "COMP_WORDS": line}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=distilled, capture_output=True, text=True, timeout=30,
        check=True,
    )  # fmt: skip
    assert done.stdout.count("plain,") == (10 if "p0" in line else 2)
    assert done.stderr == ""


@pytest.mark.parametrize("verb", ["exclude", "include"])
def test_help_lists_every_column(verb: str) -> None:
    said = stillroom(verb, "--help").ok().out.partition("Columns:")[2].partition("Options:")[0]
    listed = [line.split()[0] for line in said.splitlines() if line.strip()]
    assert listed == [column.name for column in COLUMNS]


def test_the_readme_names_every_column() -> None:
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert all(f"`{column.name}`" in page for column in COLUMNS)
