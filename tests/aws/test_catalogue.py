import pytest

from stillroom.aws.catalogue import (
    Availability,
    availability,
    foundation_id,
    get_model,
    list_models,
    list_profiles,
    prefixes,
    profile_scope,
    resolve,
)
from stillroom.errors import ModelRefused, PermissionRefused

PRO = "amazon.nova-pro-v1:0"
PREMIER = "amazon.nova-premier-v1:0"
ACCOUNT = "111122223333"


def details(model_id: str, *, on_demand: bool, status: str = "ACTIVE") -> dict[str, object]:
    return {
        "modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{model_id}",
        "modelId": model_id,
        "modelName": "Nova",
        "providerName": "Amazon",
        "inputModalities": ["TEXT", "IMAGE"],
        "inferenceTypesSupported": ["ON_DEMAND"] if on_demand else ["INFERENCE_PROFILE"],
        "customizationsSupported": [],
        "modelLifecycle": {"status": status, "endOfLifeTime": 1789344000},
    }


def profile(
    prefix: str, model_id: str, regions: tuple[str, ...] = ("us-east-1", "us-west-2")
) -> dict[str, object]:
    return {
        "inferenceProfileName": f"{prefix} Nova",
        "inferenceProfileArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{prefix}.{model_id}",
        "inferenceProfileId": f"{prefix}.{model_id}",
        "models": [{"modelArn": f"arn:aws:bedrock:{one}::foundation-model/{model_id}"} for one in regions],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (PRO, PRO),
        (f"us.{PRO}", PRO),
        (f"apac.{PRO}", PRO),
        ("global.amazon.nova-2-lite-v1:0", "amazon.nova-2-lite-v1:0"),
        ("amazon.nova-lite-v1:0:300k", "amazon.nova-lite-v1:0"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{PRO}", PRO),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{PRO}", PRO),
        (
            f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl",
            "amazon.nova-lite-v1:0",
        ),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model-deployment/abcdefghijkl", ""),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/abcdefghijkl", ""),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_foundation_model_behind_an_id(model: str, wanted: str) -> None:
    assert foundation_id(model) == wanted


@pytest.mark.parametrize(
    ("model", "scope"),
    [
        (PRO, ""),
        (f"us.{PRO}", "us"),
        (f"us-gov.{PRO}", "us-gov"),
        ("global.amazon.nova-2-lite-v1:0", "global"),
        ("amazon.nova-lite-v1:0:300k", ""),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{PRO}", ""),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/global.{PRO}", "global"),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abcdefghijkl", ""),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model-deployment/abcdefghijkl", ""),
        ("", ""),
    ],
)
def test_where_the_calls_of_a_profile_may_go(model: str, scope: str) -> None:
    assert profile_scope(model) == scope


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        ("us-east-1", ("us", "global")),
        ("eu-central-1", ("eu", "global")),
        ("ap-northeast-1", ("jp", "apac", "global")),
        ("ap-northeast-2", ("apac", "global")),
        ("ap-southeast-2", ("au", "apac", "global")),
        ("ca-central-1", ("ca", "us", "global")),
        ("us-gov-west-1", ("us-gov",)),
    ],
)
def test_prefixes_of_a_region(region: str, wanted: tuple[str, ...]) -> None:
    assert prefixes(region) == wanted


def test_a_model_that_can_be_called_is_called(session, stub) -> None:
    stub("bedrock").add_response(
        "get_foundation_model", {"modelDetails": details(PRO, on_demand=True)}, {"modelIdentifier": PRO}
    )
    found = resolve(session, PRO)
    assert (found.model_id, found.base_id, found.profile, found.cross_region, found.remark) == (
        PRO,
        PRO,
        None,
        False,
        "",
    )


def test_a_model_behind_a_profile_is_called_through_the_nearest(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("get_foundation_model", {"modelDetails": details(PREMIER, on_demand=False)})
    bedrock.add_response(
        "list_inference_profiles",
        {
            "inferenceProfileSummaries": [
                profile("global", PREMIER),
                profile("us", PRO),
                profile("us", PREMIER),
                profile("eu", PREMIER),
            ]
        },
    )
    found = resolve(session, PREMIER)
    assert (found.model_id, found.base_id, found.cross_region) == (f"us.{PREMIER}", PREMIER, True)
    assert found.profile is not None
    assert found.profile.regions == ("us-east-1", "us-west-2")
    assert f"us.{PREMIER}" in found.remark


def test_a_model_without_any_way_to_it(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("get_foundation_model", {"modelDetails": details(PREMIER, on_demand=False)})
    bedrock.add_response("list_inference_profiles", {"inferenceProfileSummaries": [profile("us", PRO)]})
    with pytest.raises(ModelRefused, match="cannot be called from us-east-1"):
        resolve(session, PREMIER)


def test_a_legacy_model_is_remarked_with_its_end(session, stub) -> None:
    stub("bedrock").add_response(
        "get_foundation_model", {"modelDetails": details(PRO, on_demand=True, status="LEGACY")}
    )
    assert "legacy model, ends 2026-09-14" in resolve(session, PRO).remark


def test_an_id_for_training_is_called_by_its_base(session, stub) -> None:
    stub("bedrock").add_response(
        "get_foundation_model",
        {"modelDetails": details("amazon.nova-lite-v1:0", on_demand=True)},
        {"modelIdentifier": "amazon.nova-lite-v1:0"},
    )
    found = resolve(session, "amazon.nova-lite-v1:0:300k")
    assert found.model_id == "amazon.nova-lite-v1:0"
    assert "cannot be called" in found.remark


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException"])
def test_an_unknown_model(session, stub, code: str) -> None:
    stub("bedrock").add_client_error("get_foundation_model", code, "no", 404)
    with pytest.raises(ModelRefused, match="no model nonsense in us-east-1"):
        get_model(session, "nonsense")


def test_a_profile_is_kept_and_looked_up(session, stub) -> None:
    stub("bedrock").add_response(
        "get_inference_profile", profile("us", PRO), {"inferenceProfileIdentifier": f"us.{PRO}"}
    )
    found = resolve(session, f"us.{PRO}")
    assert (found.model_id, found.base_id, found.cross_region) == (f"us.{PRO}", PRO, True)


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException"])
def test_an_unknown_profile_names_those_that_are_there(session, stub, code: str) -> None:
    bedrock = stub("bedrock")
    bedrock.add_client_error("get_inference_profile", code, "no", 404)
    bedrock.add_response("list_inference_profiles", {"inferenceProfileSummaries": [profile("us", PRO)]})
    with pytest.raises(ModelRefused) as caught:
        resolve(session, f"eu.{PRO}")
    assert f"us.{PRO}" in caught.value.todo


def test_what_serves_a_student_is_called_as_it_is(session) -> None:
    for kind in ("custom-model-deployment", "provisioned-model"):
        arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:{kind}/abcdefghijkl"
        assert resolve(session, arn).model_id == arn


def test_a_custom_model_must_be_deployed(session) -> None:
    arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"
    with pytest.raises(ModelRefused) as caught:
        resolve(session, arn)
    assert "stillroom deploy" in caught.value.todo


def test_the_catalogue(session, stub) -> None:
    stub("bedrock").add_response(
        "list_foundation_models",
        {"modelSummaries": [details(PRO, on_demand=True)]},
        {"byProvider": "Amazon", "byCustomizationType": "FINE_TUNING"},
    )
    (found,) = list_models(session, provider="Amazon", trainable=True)
    assert (found.model_id, found.takes_pictures, found.lifecycle, found.ends) == (
        PRO,
        True,
        "ACTIVE",
        1789344000,
    )


def test_profiles_come_in_pages(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response(
        "list_inference_profiles", {"inferenceProfileSummaries": [profile("us", PRO)], "nextToken": "n"}
    )
    bedrock.add_response(
        "list_inference_profiles", {"inferenceProfileSummaries": [profile("eu", PRO)]}, {"nextToken": "n"}
    )
    assert [one.profile_id for one in list_profiles(session)] == [f"us.{PRO}", f"eu.{PRO}"]


def answer(**more: object) -> dict[str, object]:
    return {
        "modelId": PRO,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
        **more,
    }


@pytest.mark.parametrize(
    ("more", "usable"),
    [
        ({}, True),
        ({"agreementAvailability": {"status": "PENDING"}}, False),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, False),
        ({"entitlementAvailability": "NOT_AVAILABLE"}, False),
        ({"regionAvailability": "NOT_AVAILABLE"}, False),
    ],
)
def test_access_to_a_model(session, stub, more: dict[str, object], usable: bool) -> None:
    stub("bedrock").add_response("get_foundation_model_availability", answer(**more), {"modelId": PRO})
    found = availability(session, PRO)
    assert isinstance(found, Availability)
    assert found.usable is usable


def test_a_caller_who_may_not_look(session, stub) -> None:
    stub("bedrock").add_client_error("list_foundation_models", "AccessDeniedException", "no", 403)
    with pytest.raises(PermissionRefused, match="list the models"):
        list_models(session)
