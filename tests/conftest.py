"""How the suite runs as a whole, and the sandbox and projects that rooms share.

Property tests have no deadline, since a busy machine is no fault of the code, and in CI they try the same
examples each time.

The program is imported where it is needed: what is imported here nobody could measure the coverage of.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.steps.projects import Projects
    from tests.steps.world import Box

settings.register_profile(
    "stillroom",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("stillroom")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No project that a test makes comes into the list of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More workers than processors: a test often waits for a sandbox, a job or a terminal."""
    processors = os.cpu_count() or 1
    return processors + min(processors, 4)


@pytest.hookimpl(trylast=True)  # whoever measures coverage has begun by then
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let each worker compile a share of the suite: each would compile all of it in a fresh checkout."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    root = Path(__file__).parent
    files = sorted(file.relative_to(root.parent) for file in root.rglob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # What is wrong with a file is told where it is collected, if it is.
        with suppress(ImportError, SyntaxError, NameError, AttributeError):
            importlib.import_module(".".join(file.with_suffix("").parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold slow tests: one that is begun last is waited for by all."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file on one worker: many files share one sandbox among their tests.

    Files go in order, not those with most tests first: the one test of the kills would then come last, alone.
    Whoever asks for another way to share them out, as ``--dist worksteal``, gets it.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 pictures and two copies; nobody changes them."""
    from tests.steps.world import gallery

    return gallery(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def _box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    from tests.steps.world import Box

    running = Box(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture
def box(_box: Box, _projects: Projects) -> Box:
    """The sandbox that tests of steps, of the command line and of screens share, with nothing turned."""
    from tests.steps.world import CALM

    _box.turn(**CALM)
    _projects.make_room()
    return _box


@pytest.fixture(scope="session")
def _projects(_box: Box, shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Projects]:
    from tests.steps.projects import Projects

    projects = Projects(_box, shelf, tmp_path_factory.mktemp("projects"))
    yield projects
    projects.close()


@pytest.fixture
def distilled(_projects: Projects, box: Box, tmp_path: Path) -> Path:
    """A project that every step has been done in; a copy for this test alone."""
    from tests.steps.world import copied

    return copied(_projects.distilled(), tmp_path / "distilled")


@pytest.fixture
def uploaded(_projects: Projects, box: Box, tmp_path: Path) -> Path:
    """A project that could be trained now; a copy for this test alone. All share a bucket."""
    from tests.steps.world import copied

    return copied(_projects.uploaded(), tmp_path / "uploaded")


@pytest.fixture
def project(box: Box, shelf: Path, tmp_path: Path) -> Path:
    """A new project that calls the sandbox; nothing has been done in it."""
    from tests.steps.projects import SIZES
    from tests.steps.world import make

    return make(tmp_path / "project", shelf, box, sizes=SIZES)
