"""Students: deployed, asked, taken down, deleted; and what bills by the hour is never out of sight."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, stillroom


def student(root: Path) -> str:
    name = stillroom("jobs", "--json", "--project", root).ok().json["students"][0]["student"]
    assert isinstance(name, str)
    return name


def test_a_student_that_has_answered_all_needs_no_deployment(distilled: Path) -> None:
    steps = stillroom("status", "--json", "--project", distilled).ok().json["steps"]
    (deploy,) = [one for one in steps if one["step"] == "deploy"]
    assert deploy["state"] == "done"
    assert deploy["facts"].startswith("lite-10, lite-20 not needed: all answers are there")


def test_a_student_that_is_not_deployed_says_so(distilled: Path) -> None:
    name = student(distilled)
    said = stillroom("label", name, "--split", "train", "-yq", "--project", distilled)
    said.refused(2, f"{name} is not deployed", f"stillroom deploy {name}")


def test_nobody_is_asked_to_agree_to_a_student_that_cannot_answer(distilled: Path) -> None:
    name = student(distilled)
    for words in (
        ("label", name, "--split", "train"),
        ("label", name, "--split", "train", "--dry-run"),
        ("ask", "split:train", "--model", name),
    ):
        said = stillroom(*words, "--project", distilled)
        said.refused(2, f"{name} is not deployed", f"stillroom deploy {name}")
        assert "price" not in said.err
    assert (
        stillroom("label", name, "--dry-run", "--json", "--project", distilled).ok().json["plan"]["count"]
        == 0
    )
    stillroom("status", "--project", distilled).ok()


def test_deploy_ask_undeploy(distilled: Path, box: Box) -> None:
    name = student(distilled)
    stillroom("deploy", name, "-yq", "--project", distilled).ok()
    said = stillroom(
        "label", name, "--split", "train", "--limit", "3", "-yq", "--json", "--project", distilled
    )
    assert said.ok().json["done"] == 3
    stillroom("undeploy", name, "-yq", "--project", distilled).ok()
    held = stillroom("jobs", "--json", "--project", distilled).ok().json["students"]
    assert {one["deployment"] for one in held} == {""}


def test_deleting_says_what_is_lost_and_keeps_the_scores(distilled: Path) -> None:
    name = student(distilled)
    plan = stillroom("delete", name, "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert "gone for good" in plan["loses"][0]
    before = stillroom("compare", "--json", "--project", distilled).ok().json["runs"]
    stillroom("delete", name, "-yq", "--project", distilled).ok()
    assert stillroom("compare", "--json", "--project", distilled).ok().json["runs"] == before
    stillroom("deploy", name, "-yq", "--project", distilled).refused(2, name)


def test_provisioned_throughput_of_the_account_is_shown_and_can_go(distilled: Path, box: Box) -> None:
    box.turn(provisioned_units=1)
    bedrock = box.client("bedrock")
    model = bedrock.list_custom_models()["modelSummaries"][0]["modelArn"]
    bedrock.create_provisioned_model_throughput(provisionedModelName="forgotten", modelId=model, modelUnits=1)
    try:
        jobs = stillroom("jobs", "--json", "--project", distilled).ok()
        assert [one["name"] for one in jobs.json["hourly"]] == ["forgotten"]
        assert jobs.json["hourly"][0]["usd_per_hour"] == 108.15
        assert "forgotten bills $108.15 an hour" in jobs.err
        status = stillroom("status", "--project", distilled).ok()
        assert "$78,949.50 a month" in status.out
        stillroom("undeploy", "forgotten", "-yq", "--project", distilled).ok()
        assert stillroom("status", "--json", "--project", distilled).ok().json["hourly"] == []
    finally:
        left = bedrock.list_provisioned_model_throughputs()["provisionedModelSummaries"]
        for one in left:
            bedrock.delete_provisioned_model_throughput(provisionedModelId=one["provisionedModelArn"])
        bedrock.close()


def test_a_student_in_training_is_not_called_unknown(project: Path, box: Box) -> None:
    box.turn(speed=1.0)
    steps = (
        ("scan",),
        ("setup", "-y"),
        ("label", "teacher", "-y"),
        ("build",),
        ("upload", "-y"),
        ("train", "-y"),
    )
    for words in steps:
        stillroom(*words, "-q", "--project", project).ok()
    said = stillroom("label", "lite-10", "--project", project)
    said.refused(2, "lite-10 is still being trained", "stillroom jobs --watch")
    said = stillroom("label", "lite-11", "--project", project)
    said.refused(2, "There is no model or student called 'lite-11'", "Known: teacher, untuned")
    stillroom("stop", "lite-10", "-y", "--project", project).ok()
    stillroom("stop", "lite-20", "-y", "--project", project).ok()
