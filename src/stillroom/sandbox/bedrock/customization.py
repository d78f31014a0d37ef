"""Model customization jobs, as the API shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.bedrock.foundations import FOUNDATIONS, Foundation, foundation
from stillroom.sandbox.bedrock.hyperparameters import read_hyperparameters
from stillroom.sandbox.bedrock.models import MOST_MODELS, CustomModels
from stillroom.sandbox.bedrock.things import Thing, Things, arn_of, fresh_id, read_tags
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.identity.roles import Roles
from stillroom.sandbox.wire.refusal import Refusal, invalid
from stillroom.sandbox.wire.request import Call

_MOST_SCHEDULED = 10
STAGES = ("validation", "dataProcessing", "training")
RUNNING = ("InProgress", "Stopping")


class Customization:
    """The operations on customization jobs."""

    def __init__(
        self, things: Things, models: CustomModels, roles: Roles, clock: Clock, begin: Callable[[Thing], None]
    ) -> None:
        """Args: begin: Told of each new job, once it is stored."""
        self._things = things
        self._models = models
        self._roles = roles
        self._clock = clock
        self._begin = begin

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "CreateModelCustomizationJob": self._create,
            "GetModelCustomizationJob": self._get,
            "ListModelCustomizationJobs": self._list,
            "StopModelCustomizationJob": self._stop,
        }

    def _base(self, call: Call) -> tuple[Foundation, Thing | None]:
        """The foundation model to tune, and the custom model to go on from."""
        wanted = call.params["baseModelIdentifier"]
        earlier = None
        if ":custom-model/" in wanted:
            earlier = self._models.find(call.region, wanted)
            if self._models.status(earlier) != "Active":
                raise invalid(
                    "The custom model is not Active. Wait until its status is Active and try again."
                )
            wanted = earlier["base"]
        base = foundation(wanted, call.region)
        if base is None:
            elsewhere = any(one.id == wanted.rpartition("foundation-model/")[2] for one in FOUNDATIONS)
            where = f" in {call.region}" if elsewhere else ""
            raise invalid(f"The provided model identifier is invalid{where}.")
        if not base.tunable:
            raise invalid(
                f"Model customization is not supported for {base.id}. Use one of its customization variants."
            )
        if base.legacy is not None:
            raise invalid(f"{base.id} is a legacy model: no new customization jobs can be created for it.")
        return base, earlier

    def _check(self, call: Call, job_arn: str) -> None:
        """Refuse what the service refuses at once, rather than in a stage of the job."""
        if call.params.get("customizationType", "FINE_TUNING") != "FINE_TUNING":
            raise invalid("The sandbox offers the customization type FINE_TUNING only.")
        if "s3Uri" not in call.params["trainingDataConfig"]:
            raise invalid("Training data must be given by s3Uri.")
        context = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": job_arn}
        if not self._roles.trusted(call.params["roleArn"], {"Service": "bedrock.amazonaws.com"}, context):
            message = (
                "Could not assume provided IAM role. Please check that the role "
                f"{call.params['roleArn']} exists and that its trust policy allows "
                "bedrock.amazonaws.com to assume it."
            )
            raise invalid(message)
        jobs = self._things.all("job", call.region)
        if any(job["name"] == call.params["jobName"] for job in jobs):
            raise Refusal("ConflictException", "The provided job name is currently in use.")
        pending = [job["model_name"] for job in jobs if job["status"] in RUNNING]
        model = call.params["customModelName"]
        if model in pending or self._things.named("model", call.region, model) is not None:
            raise Refusal("ConflictException", "The provided custom model name is currently in use.")
        if len(pending) >= _MOST_SCHEDULED:
            message = f"You have reached the limit of {_MOST_SCHEDULED} scheduled model customization jobs."
            raise Refusal("ServiceQuotaExceededException", message)
        if len(self._things.all("model")) + len(pending) >= MOST_MODELS:
            message = f"You have reached the limit of {MOST_MODELS} custom models for this account."
            raise Refusal("ServiceQuotaExceededException", message)

    def _create(self, call: Call) -> Any:
        made: list[Thing] = []

        def make() -> str:
            base, earlier = self._base(call)
            hyper = call.params.get("hyperParameters", {})
            read_hyperparameters(hyper)
            tail = f"{base.id}/{fresh_id()}"
            arn = arn_of(call.region, f"model-customization-job/{tail}")
            self._check(call, arn)
            now = self._things.wall()
            job: Thing = {
                "arn": arn,
                "name": call.params["jobName"],
                "region": call.region,
                "created": now,
                "modified": now,
                "began": self._clock.now(),
                "status": "InProgress",
                "message": None,
                "ended": None,
                "stages": {
                    stage: {"status": "NotStarted", "created": now, "modified": now} for stage in STAGES
                },
                "model_name": call.params["customModelName"],
                "model": arn_of(call.region, f"custom-model/{tail}"),
                "base": base.id,
                "base_name": base.name,
                "foundation_arn": base.arn(call.region),
                "base_arn": earlier["arn"] if earlier else base.arn(call.region),
                "earlier": earlier["arn"] if earlier else None,
                "role": call.params["roleArn"],
                "hyper": hyper,
                "token": call.params.get("clientRequestToken"),
                "training_data": call.params["trainingDataConfig"],
                "validation_data": call.params.get("validationDataConfig", {"validators": []}),
                "output_data": call.params["outputDataConfig"],
                "tags": read_tags(call.params.get("jobTags", [])),
                "model_tags": read_tags(call.params.get("customModelTags", [])),
                "training_metrics": None,
                "validation_metrics": None,
            }
            job["stages"]["validation"]["status"] = "InProgress"
            self._things.keep("job", job)
            made.append(job)
            return arn

        arn = self._things.once("job", call, make)
        for job in made:
            self._begin(job)
        return {"jobArn": arn}

    def _get(self, call: Call) -> Any:
        job = self._things.find("job", call.region, call.params["jobIdentifier"])
        return {
            "jobArn": job["arn"],
            "jobName": job["name"],
            "outputModelName": job["model_name"],
            "outputModelArn": job["model"] if job["status"] == "Completed" else None,
            "clientRequestToken": job["token"],
            "roleArn": job["role"],
            "status": job["status"],
            "statusDetails": _details(job),
            "failureMessage": job["message"],
            "creationTime": job["created"],
            "lastModifiedTime": job["modified"],
            "endTime": job["ended"],
            "baseModelArn": job["foundation_arn"],
            "hyperParameters": job["hyper"],
            "trainingDataConfig": job["training_data"],
            "validationDataConfig": job["validation_data"],
            "outputDataConfig": job["output_data"],
            "customizationType": "FINE_TUNING",
            "trainingMetrics": job["training_metrics"],
            "validationMetrics": job["validation_metrics"],
        }

    def _list(self, call: Call) -> Any:
        rows = self._things.all("job", call.region)
        shown, token = self._things.listed(rows, call, lambda job: str(job["status"]))
        return {
            "modelCustomizationJobSummaries": [
                {
                    "jobArn": job["arn"],
                    "baseModelArn": job["foundation_arn"],
                    "jobName": job["name"],
                    "status": job["status"],
                    "statusDetails": _details(job),
                    "lastModifiedTime": job["modified"],
                    "creationTime": job["created"],
                    "endTime": job["ended"],
                    "customModelArn": job["model"] if job["status"] == "Completed" else None,
                    "customModelName": job["model_name"],
                    "customizationType": "FINE_TUNING",
                }
                for job in shown
            ],
            "nextToken": token,
        }

    def _stop(self, call: Call) -> Any:
        job = self._things.find("job", call.region, call.params["jobIdentifier"])
        if job["status"] not in RUNNING:
            raise Refusal("ConflictException", f"The job is {job['status']} and cannot be stopped.")
        if job["status"] == "InProgress":
            now = self._things.wall()
            for stage in job["stages"].values():
                if stage["status"] == "InProgress":
                    stage |= {"status": "Stopping", "modified": now}
            self._things.keep(
                "job", job | {"status": "Stopping", "modified": now, "stop_asked": self._clock.now()}
            )
        return {}


def _details(job: Thing) -> dict[str, Any]:
    return {
        f"{stage}Details": {
            "status": one["status"],
            "creationTime": one["created"],
            "lastModifiedTime": one["modified"],
        }
        for stage, one in job["stages"].items()
    }
