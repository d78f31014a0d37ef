import pytest

from stillroom.aws.quotas import ModelQuota, Quota, list_quotas, model_quota
from stillroom.errors import PermissionRefused


def quota(name: str, value: float, *, applied: bool = True) -> Quota:
    return Quota(name, "L-1", value, adjustable=False, applied=applied)


QUOTAS = (
    quota("On-demand model inference requests per minute for Amazon Nova Pro", 250),
    quota("On-demand model inference tokens per minute for Amazon Nova Pro", 1_000_000),
    quota("On-demand model inference tokens per day for Amazon Nova Pro", 1.44e9, applied=False),
    quota("Cross-region model inference requests per minute for Amazon Nova Pro", 500),
    quota("Cross-Region model inference tokens per minute for Amazon Nova Pro", 2_000_000),
    quota("Global cross-region model inference requests per minute for Amazon Nova Pro", 9),
    quota("On-demand model inference requests per minute for Amazon Nova Lite", 2000),
    quota("On-demand model inference requests per minute for Amazon Nova 2 Lite", 7),
    quota("Cross-region model inference requests per minute for Amazon Nova 2.0 Lite V1", 2000),
    quota("On-demand custom model inference requests per minute for Amazon Nova Lite", 1234),
    quota("Batch inference jobs for Nova Pro", 20),
)


@pytest.mark.parametrize(
    "name", ["Nova Pro", "Amazon Nova Pro", "amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"]
)
def test_quotas_are_found_by_the_words_of_their_names(name: str) -> None:
    assert model_quota(QUOTAS, name) == ModelQuota(250, 1_000_000, 1.44e9, applied=False)
    found = model_quota(QUOTAS, name, scope="us")
    assert found == ModelQuota(500, 2_000_000, None, applied=True)


def test_quotas_of_calls_of_another_kind_are_passed_over() -> None:
    others = (
        quota("On-Demand, latency-optimized model inference requests per minute for Amazon Nova Pro V1", 20),
        quota("On-Demand, latency-optimized model inference tokens per minute for Amazon Nova Pro", 40_000),
        quota("On-demand model inference tokens per minute for Amazon Nova Pro (long context)", 50_000),
        quota("On-demand Long Context model inference tokens per minute for Amazon Nova Pro", 60_000),
        quota("Cross-Region latency-optimized model inference requests per minute for Amazon Nova Pro", 30),
    )
    for scope in ("", "us", "global"):
        found = model_quota((*others, *QUOTAS), "amazon.nova-pro-v1:0", scope=scope)
        assert found == model_quota(QUOTAS, "amazon.nova-pro-v1:0", scope=scope)


def test_a_global_profile_has_quotas_of_its_own() -> None:
    assert model_quota(QUOTAS, "amazon.nova-pro-v1:0", scope="global").requests_per_minute == 9
    assert model_quota(QUOTAS, "amazon.nova-2-lite-v1:0", scope="global").requests_per_minute is None


def test_lite_is_not_2_lite() -> None:
    assert model_quota(QUOTAS, "amazon.nova-lite-v1:0").requests_per_minute == 2000
    assert model_quota(QUOTAS, "amazon.nova-2-lite-v1:0").requests_per_minute == 7
    assert model_quota(QUOTAS, "Nova 2 Lite", scope="us").requests_per_minute == 2000
    assert model_quota(QUOTAS, "Nova Lite", custom=True).requests_per_minute == 1234


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", 50),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", 200),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", 10),
    ],
)
def test_versions_and_dates_of_an_id_are_read_as_the_quotas_write_them(model: str, limit: int) -> None:
    quotas = [
        quota(f"On-demand model inference requests per minute for Anthropic Claude {name}", value)
        for name, value in (
            ("3.5 Sonnet V2", 50),
            ("Sonnet 4 V1", 200),
            ("Sonnet 4.5 V1", 10),
            ("3 Haiku", 1),
        )
    ]
    assert model_quota(quotas, model).requests_per_minute == limit


def test_an_unnamed_quota_is_unknown() -> None:
    assert model_quota(QUOTAS, "Nova Premier") == ModelQuota(None, None, None, applied=False)
    assert model_quota(QUOTAS, "") == ModelQuota(None, None, None, applied=False)


def test_applied_values_win_over_defaults(session, stub) -> None:
    quotas = stub("service-quotas")
    default = {"QuotaCode": "L-1", "QuotaName": "a", "Value": 10.0, "Adjustable": True}
    only_default = {"QuotaCode": "L-2", "QuotaName": "b", "Value": 20.0}
    quotas.add_response(
        "list_aws_default_service_quotas", {"Quotas": [default, only_default]}, {"ServiceCode": "bedrock"}
    )
    quotas.add_response(
        "list_service_quotas", {"Quotas": [{**default, "Value": 3.0}]}, {"ServiceCode": "bedrock"}
    )
    first, second = list_quotas(session)
    assert (first.value, first.applied, first.adjustable) == (3.0, True, True)
    assert (second.value, second.applied, second.adjustable) == (20.0, False, False)


def test_a_quota_without_a_value_is_none_of_zero(session, stub) -> None:
    quotas = stub("service-quotas")
    known, unknown = {"QuotaCode": "L-1", "QuotaName": "a", "Value": 10.0}, {"QuotaCode": "L-1"}
    quotas.add_response("list_aws_default_service_quotas", {"Quotas": [known]}, {"ServiceCode": "bedrock"})
    quotas.add_response("list_service_quotas", {"Quotas": [unknown]}, {"ServiceCode": "bedrock"})
    assert [(one.value, one.applied) for one in list_quotas(session)] == [(10.0, False)]


def test_a_service_without_quotas_has_none(session, stub) -> None:
    quotas = stub("service-quotas")
    quotas.add_client_error("list_aws_default_service_quotas", "NoSuchResourceException", "no", 400)
    quotas.add_client_error("list_service_quotas", "NoSuchResourceException", "no", 400)
    assert list_quotas(session) == ()


def test_a_caller_who_may_not_read_quotas(session, stub) -> None:
    stub("service-quotas").add_client_error(
        "list_aws_default_service_quotas", "AccessDeniedException", "no", 400
    )
    with pytest.raises(PermissionRefused, match="read the quotas"):
        list_quotas(session)
