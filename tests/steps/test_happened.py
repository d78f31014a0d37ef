"""What is told of events, and what is not."""

from __future__ import annotations

from pathlib import Path

from stillroom.steps.happened import Happened, News
from stillroom.store.opening import Store


def test_only_what_came_by_itself_and_is_new_is_told_once(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.diary.add_event("job_failed", "old: news")
        news = News(store)
        assert news.since() == []
        store.diary.add_event("job_created", "lite-300: sr-x")
        store.diary.add_event("job_completed", "lite-300: sr-x")
        store.diary.add_event("job_failed", "lite-900: No access to s3://b")
        store.diary.add_event("deployment_gone", "lite-300: sr-x")
        store.diary.add_event("model_gone", "lite-300")
        assert news.since() == [
            Happened("Trained: lite-300", False),
            Happened("Training failed: lite-900: No access to s3://b", True),
            Happened("A deployment is gone: lite-300: sr-x", True),
            Happened("A model is gone, and paid for no more: lite-300", True),
        ]
        assert news.since() == []
