"""Pictures that stayed throttled, and quotas that are used up: what is asked again, and by which command."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.labeling import FailureClass, RetryPolicy
from stillroom.labeling.run import Conduct
from stillroom.steps import conversing


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are given up after two throttles instead of forty, which take a quarter of an hour."""
    policy = RetryPolicy(base=0.001, by_class={FailureClass.THROTTLED: 2})
    monkeypatch.setattr(conversing, "Conduct", partial(Conduct, retry=policy))


def test_retry_of_throttled_pictures_alone(scanned: Path, box: Box) -> None:
    before = box.served()
    box.turn(faults={"throttle": 1.0})
    said = stillroom("label", "teacher", "-yq", "--limit", "3", "--json", "--project", scanned)
    assert said.code == 6
    assert (said.json["failed"], said.json["attempts"]) == ({"throttled": 3}, 6)
    assert box.served() == before, "nobody serves a throttled call"
    box.turn(faults={"throttle": 0.0, "refusal": 1.0})
    said = stillroom("label", "teacher", "-yq", "--limit", "2", "--json", "--project", scanned)
    assert said.json["failed"] == {"refused": 2}, "what is throttled waits for retry"
    box.turn(faults={"refusal": 0.0})
    retry = ("retry", "teacher", "--class", "throttled", "-yq", "--json", "--project", scanned)
    plan = stillroom(*retry, "--dry-run").ok().json["plan"]
    assert (plan["count"], plan["command"]) == (3, "stillroom retry teacher --class throttled")
    mended = stillroom(*retry).ok().json
    assert (mended["done"], mended["answered"]) == (3, 3)
    assert stillroom(*retry, "--dry-run").ok().json["plan"]["count"] == 0
    rest = stillroom("retry", "teacher", "-yq", "--json", "--project", scanned).ok().json
    assert (rest["done"], rest["answered"]) == (2, 5)
    assert box.served() == before + 2 + 5
    (spent,) = stillroom("cost", "--json", "--project", scanned).ok().json["spent"]
    assert (spent["calls"], spent["attempts"]) == (2 + 5, 6 + 2 + 5)
    assert "7 paid answers in 13 calls" in stillroom("cost", "--project", scanned).ok().out


def test_what_a_daily_quota_kept_from_being_asked_needs_no_retry(scanned: Path, box: Box) -> None:
    before = box.served()
    put(scanned, "teacher", "max_tokens", 3000)  # more than a day's quota at this scale
    box.turn(quotas="aws", quota_scale=1e-6)
    stillroom("label", "teacher", "-yq", "--limit", "3", "--project", scanned).refused(4, "per day")
    box.turn(quotas="off", quota_scale=1.0)
    said = stillroom("label", "teacher", "-yq", "--limit", "3", "--json", "--project", scanned).ok().json
    assert said["done"] == 3
    assert box.served() == before + 3
