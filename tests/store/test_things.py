"""Facts, records, uploads, jobs, losses, students, deployments, the diary."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.errors import StoreError
from stillroom.store import DeploymentRow, JobRow, RecordsFile, StudentRow, Upload
from stillroom.training.jobs import Stage, StageFact
from stillroom.training.metrics import LossPoint

JOB = JobRow(
    name="job-1",
    size=300,
    student="lite-300",
    token="token-1",
    base_model="amazon.nova-lite-v1:0:300k",
    hyperparameters={"epochCount": "5", "learningRate": "0.00001"},
    region="us-east-1",
    role_arn="arn:aws:iam::111122223333:role/r",
    training_uri="s3://b/300.jsonl",
    validation_uri=None,
    output_uri="s3://b/output/",
    records=300,
    created=10.0,
)


def test_facts(store):
    assert store.facts.get("account") is None
    store.facts.put("account", "1")
    store.facts.put("account", "111122223333 \udcff")
    assert store.facts.get("account") == "111122223333 \\udcff"
    store.facts.drop("account")
    assert store.facts.get("account") is None


def test_records_files_are_replaced_by_path(store):
    first = RecordsFile(300, "records/300.jsonl", "a" * 64, 300, 4000, "k1")
    store.records.save_file(RecordsFile(900, "records/900.jsonl", "b" * 64, 897, 9000, "k1"))
    store.records.save_file(first)
    store.records.save_file(replace(first, sha256="c" * 64, key="k2"))
    assert [(file.size, file.key) for file in store.records.files()] == [(300, "k2"), (900, "k1")]


def test_uploads_belong_to_their_bucket(store):
    one, two = Upload("p/1.jpg", 10, "e1", "s1"), Upload("p/2.jpg", 20, "e2", "s2")
    store.records.save_uploads("bucket", [one, two])
    store.records.save_uploads("other", [replace(one, etag="x")])
    assert store.records.uploaded("bucket") == {"p/1.jpg": one, "p/2.jpg": two}
    assert store.records.uploaded("nobody") == {}
    assert (store.records.sent("bucket"), store.records.sent("nobody")) == ((2, 30), (0, 0))


def test_a_job_is_written_down_before_it_exists(store):
    store.jobs.new(JOB)
    assert store.jobs.get("job-1") == JOB
    with pytest.raises(StoreError, match="already"):
        store.jobs.new(JOB)
    assert store.jobs.get("nobody") is None


def test_a_job_keeps_what_aws_tells(store):
    store.jobs.new(JOB)
    stages = (
        StageFact(Stage.VALIDATION, "Completed", 11.0, 12.0),
        StageFact(Stage.TRAINING, "Odd", None, None),
    )
    changed = store.jobs.update(
        "job-1",
        arn="arn:job",
        status="Failed",
        stages=stages,
        failure="broken \ud800",
        usd=Decimal("2.10"),
        ended=99.0,
    )
    assert changed.stages == stages
    assert store.jobs.get("job-1") == replace(changed, failure="broken \\ud800")
    assert store.jobs.all()[0].hyperparameters == JOB.hyperparameters
    with pytest.raises(StoreError, match="no job"):
        store.jobs.update("nobody", status="x")


def test_jobs_that_were_created_are_spending(store):
    for name, usd in (("a", Decimal("2.10")), ("b", None)):
        store.jobs.new(replace(JOB, name=name, student=name))
        store.jobs.update(name, arn=f"arn:{name}", usd=usd, tokens=1234)
    lines = store.spending.lines()
    assert [(line.step, line.usd, line.unpriced, line.input_tokens) for line in lines] == [
        ("train a", Decimal("2.10"), 0, 1234),
        ("train b", Decimal(0), 1, 1234),
    ]


def test_a_job_may_cost_its_highest_price_until_the_real_one_is_known(store):
    store.jobs.new(replace(JOB, usd=Decimal("1.00"), usd_high=Decimal("2.50")))
    store.jobs.update("job-1", arn="arn:job", status="Completed")
    (line,) = store.spending.lines()
    assert (line.usd, line.most) == (Decimal("1.00"), Decimal("2.50"))
    store.jobs.update("job-1", usd=Decimal("1.20"), usd_high=None)
    (line,) = store.spending.lines()
    assert (line.usd, line.most) == (Decimal("1.20"), Decimal("1.20"))


def test_a_job_that_nobody_answered_for_may_cost_its_highest_price(store):
    store.jobs.new(replace(JOB, usd=Decimal("1.00"), usd_high=Decimal("2.50")))
    (line,) = store.spending.lines()
    assert (line.usd, line.unknown, line.usd_unknown, line.most) == (0, 1, Decimal("2.50"), Decimal("2.50"))
    store.jobs.drop("job-1")
    assert store.spending.lines() == []


def test_losses_keep_the_order_of_the_file(store):
    store.jobs.new(JOB)
    points = [LossPoint(5, 1, 2.0, 7.4), LossPoint(5, 1, 1.5, 4.5), LossPoint(1, 0, 3.0, 20.0)]
    store.jobs.save_losses("job-1", "training", points)
    store.jobs.save_losses("job-1", "validation", points[:1])
    store.jobs.save_losses("job-1", "training", points[1:])
    store.jobs.update("job-1", status="Completed")
    assert store.jobs.losses("job-1") == points[1:]
    assert store.jobs.losses("job-1", "validation") == points[:1]
    assert store.jobs.losses("nobody") == []
    with pytest.raises(StoreError):
        store.jobs.save_losses("nobody", "training", points)


def test_students_live_until_they_are_deleted(store):
    small = StudentRow("lite-300", "arn:model/1", "amazon.nova-lite-v1:0:300k", "job-1", 300, 5.0)
    big = replace(small, name="lite-900", job="job-2", size=900)
    store.students.save(big)
    store.students.save(small)
    assert store.students.all() == [small, big]
    store.students.mark_deleted("lite-300", 9.0)
    assert store.students.all() == [big]
    assert store.students.all(deleted=True)[0].deleted == 9.0
    assert store.students.get("lite-300").deleted == 9.0
    assert store.students.get("nobody") is None
    with pytest.raises(StoreError):
        store.students.mark_deleted("nobody", 1.0)


def test_a_student_is_saved_once_for_all(store):
    student = StudentRow("lite-300", "arn:model/1", "amazon.nova-lite-v1:0:300k", "job-1", 300, 5.0)
    assert store.students.save(student)
    assert not store.students.save(replace(student, created=6.0))
    store.students.mark_deleted("lite-300", 9.0)
    assert not store.students.save(student)
    assert not store.students.save(replace(student, name="another"))
    assert store.students.all(deleted=True) == [replace(student, deleted=9.0)]


def test_a_look_at_a_job_that_comes_late_tells_nothing(store):
    store.jobs.new(JOB)
    assert store.jobs.look("job-1", status="InProgress", seen=1.0).seen == 1.0
    ended = store.jobs.look("job-1", status="Completed", ended=3.0, seen=4.0)
    assert store.jobs.look("job-1", status="InProgress", ended=None, seen=5.0) == ended
    assert store.jobs.get("job-1") == ended
    assert store.jobs.look("job-1", status="Completed", seen=6.0) == replace(ended, seen=6.0)
    with pytest.raises(StoreError, match="no job"):
        store.jobs.look("nobody", status="InProgress")


def test_deployments_are_written_down_before_they_exist(store):
    one = DeploymentRow("d1", "lite-300", "token", 5.0)
    store.students.new_deployment(one)
    store.students.new_deployment(replace(one, name="d2", student="lite-900", created=6.0))
    assert store.students.deployments("lite-300") == [one]
    changed = store.students.update_deployment("d1", arn="arn:d1", status="Active")
    assert store.students.deployments()[0] == changed
    assert store.students.update_deployment("d1", by_run=True) == replace(changed, by_run=True)
    assert [row.by_run for row in store.students.deployments()] == [True, False]
    store.students.update_deployment("d1", deleted=9.0)
    assert [row.name for row in store.students.deployments()] == ["d2"]
    assert [row.name for row in store.students.deployments(deleted=True)] == ["d1", "d2"]
    with pytest.raises(StoreError, match="no deployment"):
        store.students.update_deployment("nobody", status="x")


def test_the_diary_is_only_added_to(store, clock):
    first = store.diary.add_event("scanned", "320 pictures", {"pictures": 320})
    clock.time += 5
    second = store.diary.add_event("job_completed", "lite-300")
    events = store.diary.events()
    assert [(event.id, event.kind) for event in events] == [(first, "scanned"), (second, "job_completed")]
    assert events[0].facts == {"pictures": 320}
    assert events[1].at == events[0].at + 5
    assert [event.id for event in store.diary.events(after=first)] == [second]
    assert [event.id for event in store.diary.events(kind="scanned")] == [first]
    assert [event.id for event in store.diary.events(limit=1)] == [second]


def test_plans_are_kept(store):
    store.diary.add_plan("label", "Label 300 pictures", {"usd": "0.33"})
    store.diary.add_plan("train", "Train")
    assert [plan.verb for plan in store.diary.plans()] == ["label", "train"]
    assert store.diary.plans(verb="label")[0].facts == {"usd": "0.33"}
