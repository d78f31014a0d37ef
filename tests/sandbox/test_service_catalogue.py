"""Models, profiles and quotas that can be looked up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stillroom.sandbox.knobs import Knobs
from stillroom.sandbox.quotas import Quotas


@pytest.fixture(scope="module")
def bedrock(service: Any) -> Any:
    return service.client("bedrock")


def refused(call: Callable[..., Any], **params: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**params)
    return str(error.value.response["Error"]["Code"])


def test_the_list_and_its_filters(bedrock: Any) -> None:
    ids = {one["modelId"] for one in bedrock.list_foundation_models()["modelSummaries"]}
    assert {"amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0:300k", "amazon.nova-2-lite-v1:0"} <= ids
    tunable = bedrock.list_foundation_models(byCustomizationType="FINE_TUNING", byProvider="amazon")
    assert {one["modelId"] for one in tunable["modelSummaries"]} == {
        "amazon.nova-micro-v1:0:128k",
        "amazon.nova-lite-v1:0:300k",
        "amazon.nova-pro-v1:0:300k",
        "amazon.nova-2-lite-v1:0:256k",
    }
    bare = bedrock.list_foundation_models(byInferenceType="ON_DEMAND")["modelSummaries"]
    assert "amazon.nova-2-lite-v1:0" not in {one["modelId"] for one in bare}
    assert bedrock.list_foundation_models(byOutputModality="IMAGE")["modelSummaries"] == []


@pytest.mark.parametrize(
    ("model", "status", "inputs", "inference"),
    [
        ("amazon.nova-pro-v1:0", "ACTIVE", ["TEXT", "IMAGE"], ["ON_DEMAND"]),
        ("amazon.nova-micro-v1:0", "ACTIVE", ["TEXT"], ["ON_DEMAND"]),
        ("amazon.nova-premier-v1:0", "LEGACY", ["TEXT", "IMAGE"], ["INFERENCE_PROFILE"]),
        ("amazon.nova-2-lite-v1:0", "ACTIVE", ["TEXT", "IMAGE"], ["INFERENCE_PROFILE"]),
        ("amazon.nova-lite-v1:0:300k", "ACTIVE", ["TEXT", "IMAGE"], ["PROVISIONED"]),
        ("anthropic.claude-3-haiku-20240307-v1:0", "LEGACY", ["TEXT", "IMAGE"], ["ON_DEMAND"]),
    ],
)
def test_details(bedrock: Any, model: str, status: str, inputs: list[str], inference: list[str]) -> None:
    got = bedrock.get_foundation_model(modelIdentifier=model)["modelDetails"]
    assert got["modelArn"] == f"arn:aws:bedrock:us-east-1::foundation-model/{model}"
    assert got == bedrock.get_foundation_model(modelIdentifier=got["modelArn"])["modelDetails"]
    assert (got["modelLifecycle"]["status"], got["inputModalities"]) == (status, inputs)
    assert got["inferenceTypesSupported"] == inference
    assert ("endOfLifeTime" in got["modelLifecycle"]) is (status == "LEGACY")


def test_what_is_unknown(bedrock: Any, service: Any) -> None:
    assert (
        refused(bedrock.get_foundation_model, modelIdentifier="amazon.nova-ultra-v1:0")
        == "ResourceNotFoundException"
    )
    paris = service.client("bedrock", "eu-west-3")
    assert (
        refused(paris.get_foundation_model, modelIdentifier="amazon.nova-lite-v1:0:300k")
        == "ResourceNotFoundException"
    )
    assert refused(bedrock.get_inference_profile, inferenceProfileIdentifier="eu.amazon.nova-lite-v1:0") == (
        "ResourceNotFoundException"
    )


def test_availability(bedrock: Any, service: Any) -> None:
    got = bedrock.get_foundation_model_availability(modelId="amazon.nova-pro-v1:0")
    assert got["agreementAvailability"]["status"] == "AVAILABLE"
    assert (got["authorizationStatus"], got["regionAvailability"]) == ("AUTHORIZED", "AVAILABLE")
    far = service.client("bedrock", "sa-east-1").get_foundation_model_availability(
        modelId="amazon.nova-pro-v1:0"
    )
    assert far["regionAvailability"] == "NOT_AVAILABLE"


def test_profiles(bedrock: Any, service: Any) -> None:
    pages = bedrock.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 2})
    ids = [one["inferenceProfileId"] for page in pages for one in page["inferenceProfileSummaries"]]
    assert ids == [
        "us.amazon.nova-micro-v1:0",
        "us.amazon.nova-lite-v1:0",
        "us.amazon.nova-pro-v1:0",
        "us.amazon.nova-premier-v1:0",
        "us.amazon.nova-2-lite-v1:0",
        "global.amazon.nova-2-lite-v1:0",
    ]
    got = bedrock.get_inference_profile(inferenceProfileIdentifier="us.amazon.nova-lite-v1:0")
    assert [one["modelArn"].split(":")[3] for one in got["models"]] == ["us-east-1", "us-east-2", "us-west-2"]
    assert got["inferenceProfileArn"].startswith(
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us."
    )
    assert bedrock.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"] == []
    tokyo = service.client("bedrock", "ap-northeast-1").list_inference_profiles()["inferenceProfileSummaries"]
    assert {one["inferenceProfileId"].partition(".")[0] for one in tokyo} == {"apac", "jp", "global"}


def test_quotas_default_and_applied(start: Callable[..., Any]) -> None:
    box = start(quotas="aws", quota_scale=0.1, provisioned_units=2)
    quotas = box.client("service-quotas")
    listed = [
        one
        for page in quotas.get_paginator("list_service_quotas").paginate(
            ServiceCode="bedrock", PaginationConfig={"PageSize": 10}
        )
        for one in page["Quotas"]
    ]
    applied = {one["QuotaName"]: one["Value"] for one in listed}
    assert applied["On-demand model inference requests per minute for Amazon Nova Pro"] == 25
    assert applied["Cross-region model inference tokens per minute for Amazon Nova Pro"] == 200_000
    assert len({one["QuotaCode"] for one in listed}) == len(listed)
    assert quotas.get_service_quota(ServiceCode="bedrock", QuotaCode="L-BE77399C")["Quota"]["Value"] == 2
    default = quotas.get_aws_default_service_quota(ServiceCode="bedrock", QuotaCode="L-C0326783")["Quota"]
    assert (default["Value"], default["QuotaName"]) == (
        2_000_000,
        "Cross-region model inference tokens per minute for Amazon Nova Pro",
    )
    defaults = quotas.list_aws_default_service_quotas(ServiceCode="bedrock", MaxResults=100)["Quotas"]
    assert len(defaults) == len(listed)
    assert (
        refused(quotas.get_service_quota, ServiceCode="bedrock", QuotaCode="L-00000000")
        == "NoSuchResourceException"
    )
    assert refused(quotas.list_service_quotas, ServiceCode="ec2") == "NoSuchResourceException"
    box.turn(quotas="off")
    off = quotas.get_service_quota(ServiceCode="bedrock", QuotaCode="L-C0326783")["Quota"]["Value"]
    assert off >= 1e9


@pytest.mark.parametrize(
    ("model", "region", "through", "wanted"),
    [
        ("amazon.nova-pro-v1:0", "us-east-1", "on-demand", (250, 1_000_000)),
        ("amazon.nova-lite-v1:0", "eu-west-2", "on-demand", (2000, 4_000_000)),
        ("amazon.nova-lite-v1:0", "us-west-2", "on-demand", (200, 200_000)),
        ("amazon.nova-lite-v1:0", "eu-west-1", "cross-region", (400, 400_000)),
        ("amazon.nova-pro-v1:0", "us-west-2", "cross-region", (500, 2_000_000)),
        ("amazon.nova-pro-v1:0", "us-east-1", "deployment", (200, 800_000)),
        ("amazon.nova-lite-v1:0", "us-east-1", "deployment", (2000, 4_000_000)),
    ],
)
def test_published_limits(model: str, region: str, through: str, wanted: tuple[int, int]) -> None:
    found = Quotas(lambda: Knobs(quotas="aws")).limits(model, region, through)
    assert found is not None
    assert (found.requests, found.tokens, found.daily) == (*wanted, wanted[1] * 1440)
    assert Quotas(Knobs).limits(model, region, through) is None
    assert Quotas(lambda: Knobs(quotas="aws")).limits(model, region, "provisioned") is None


def test_errors_of_the_json_protocol(service: Any) -> None:
    import http.client

    connection = http.client.HTTPConnection(service.url[7:])
    scope = "AKIATEST/20261121/us-east-1/servicequotas/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "X-Amz-Target": "ServiceQuotasV20190624.GetServiceQuota",
    }
    connection.request("POST", "/", b"{}", headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    assert (answer.status, body["__type"]) == (400, "ValidationException")
    assert "'serviceCode' failed to satisfy constraint: Member must not be null" in body["Message"]
