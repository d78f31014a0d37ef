"""How the suite runs as a whole.

Property tests have no deadline, since a busy machine is no fault of the code, and in CI they try the same
examples each time.
"""

import importlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "stillroom",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("stillroom")


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
