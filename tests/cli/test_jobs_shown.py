"""What ``stillroom jobs`` writes for a person tells each job from the next."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, stillroom


def test_two_jobs_of_one_name_are_told_apart(distilled: Path, box: Box) -> None:
    box.turn(faults={"job": 1.0})
    for verb in ("build", "upload", "train"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    assert stillroom("jobs", "--watch", "-q", "--project", distilled).code == 6
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    said = stillroom("jobs", "--watch", "-q", "--project", distilled).out
    names = [job["job"] for job in stillroom("jobs", "--json", "--project", distilled).ok().json["jobs"]]
    starts = [line.split("  ")[0] for line in said.splitlines()[1:5]]
    assert starts == ["lite-10", "lite-20", f"lite-15 ({names[2]})", f"lite-15 ({names[3]})"]
    spent = stillroom("cost", "--project", distilled).ok().out
    assert "  train lite-15, job 1 " in spent
    assert "  train lite-15, job 2 " in spent
    known = f"Its jobs: lite-10, lite-20, lite-15 ({names[2]}), lite-15 ({names[3]})"
    stillroom("stop", "lite-99", "--project", distilled).refused(2, known)


def test_the_job_of_a_deleted_student_is_marked(distilled: Path) -> None:
    stillroom("delete", "lite-10", "-yq", "--project", distilled).ok()
    first, second = stillroom("jobs", "-q", "--project", distilled).ok().out.splitlines()[1:3]
    assert "Completed, deleted" in first
    assert "deleted" not in second


def test_a_kept_model_is_shown_with_what_it_bills_and_what_ends_that(distilled: Path) -> None:
    told = stillroom("jobs", "--json", "--project", distilled).ok().json["students"]
    assert [(one["student"], one["usd_per_month"]) for one in told] == [("lite-10", 1.95), ("lite-20", 1.95)]
    said = stillroom("jobs", "-q", "--project", distilled).ok().out
    for name in ("lite-10", "lite-20"):
        assert f"{name}: not deployed\n  model kept: $1.95 a month until stillroom delete {name}\n" in said
    stillroom("delete", "lite-10", "-yq", "--project", distilled).ok()
    assert stillroom("jobs", "-q", "--project", distilled).ok().out.count("model kept") == 1


def test_a_failure_that_nobody_can_explain_has_no_empty_advice(distilled: Path, box: Box) -> None:
    import sqlite3

    with sqlite3.connect(distilled / ".stillroom" / "store.db") as store:
        store.execute("UPDATE jobs SET failure = 'Something new went wrong' WHERE student = 'lite-10'")
    store.close()
    said = stillroom("jobs", "-q", "--project", distilled).ok().out
    assert "  lite-10: Something new went wrong\n" in said
    assert "→" not in said


def test_students_of_one_size_are_told_apart_by_their_epochs(distilled: Path) -> None:
    def head() -> str:
        return stillroom("jobs", "-q", "--project", distilled).ok().out.splitlines()[0]

    assert "epochs" not in head()
    stillroom("train", "--size", "10", "--epochs", "3", "-yq", "--project", distilled).ok()
    jobs = stillroom("jobs", "--watch", "-q", "--json", "--project", distilled).ok().json["jobs"]
    assert [(job["student"], job["hyperparameters"]["epochCount"]) for job in jobs] == [
        ("lite-10", "2"),
        ("lite-20", "2"),
        ("lite-10-2", "3"),
    ]
    assert "epochs" in head().split()
