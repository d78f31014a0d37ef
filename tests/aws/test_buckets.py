import io
from datetime import UTC, datetime

import pytest
from botocore.response import StreamingBody

from stillroom.aws.buckets import (
    BucketFact,
    default_bucket,
    list_prefix,
    look,
    make,
    peek_object,
    read_object,
    region_warning,
    split_uri,
)
from stillroom.aws.tags import project_tags
from stillroom.errors import (
    BadRequest,
    Conflict,
    CredentialsRefused,
    NotFound,
    PermissionRefused,
    StillroomError,
    UsageError,
)

ME = "111122223333"
TAGS = project_tags("p-1")
BLOCKS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OWNED = {"Bucket": "my-b", "ExpectedBucketOwner": ME}


def head(region: str = "us-east-1") -> dict[str, object]:
    return {"BucketRegion": region}


def private(s3, blocks: dict[str, bool] | None = None) -> None:
    s3.add_response("get_public_access_block", {"PublicAccessBlockConfiguration": blocks or BLOCKS}, OWNED)


def ours(s3, region: str = "us-east-1") -> None:
    s3.add_response("head_bucket", head(region), {"Bucket": "my-b"})
    s3.add_response("head_bucket", head(region), OWNED)
    private(s3)


def test_a_bucket_of_ours(session, stub) -> None:
    ours(stub("s3"), "eu-west-1")
    found = look(session, "my-b", ME)
    assert found == BucketFact("my-b", True, True, "eu-west-1", True)
    assert "eu-west-1" in region_warning(found, "us-east-1")
    assert region_warning(found, "eu-west-1") == ""


def test_an_open_bucket_is_not_private(session, stub) -> None:
    s3 = stub("s3")
    for answer in range(3):
        s3.add_response("head_bucket", head())
        s3.add_response("head_bucket", head())
        if answer == 0:
            private(s3, {**BLOCKS, "BlockPublicPolicy": False})
        elif answer == 1:
            s3.add_client_error("get_public_access_block", "NoSuchPublicAccessBlockConfiguration", "x", 404)
        else:
            s3.add_client_error("get_public_access_block", "AccessDenied", "x", 403)
    assert [look(session, "my-b", ME).private for _ in range(3)] == [False, False, None]


def test_a_name_that_is_free(session, stub) -> None:
    stub("s3").add_client_error("head_bucket", "404", "Not Found", 404)
    assert look(session, "my-b", ME) == BucketFact("my-b", exists=False)


def test_a_bucket_of_somebody_else(session, stub) -> None:
    s3 = stub("s3")
    s3.add_response("head_bucket", head())
    s3.add_client_error("head_bucket", "403", "Forbidden", 403)
    assert look(session, "my-b", ME).owned is False


@pytest.mark.parametrize("status", [403, 301])
def test_a_bucket_that_cannot_be_looked_at(session, stub, status: int) -> None:
    stub("s3").add_client_error("head_bucket", str(status), "x", status)
    found = look(session, "my-b", ME)
    assert (found.exists, found.owned) == (True, None)
    assert found.remark


def test_a_bare_400_is_explained_by_sts(session, stub) -> None:
    stub("s3").add_client_error("head_bucket", "400", "Bad Request", 400)
    stub("sts").add_client_error("get_caller_identity", "ExpiredToken", "x", 403)
    with pytest.raises(CredentialsRefused, match="expired"):
        look(session, "my-b", ME)


def test_a_bare_400_of_another_reason_stays_one(session, stub) -> None:
    stub("s3").add_client_error("head_bucket", "400", "Bad Request", 400)
    stub("sts").add_response("get_caller_identity", {"Account": ME, "Arn": "arn:aws:iam::1:user/u"})
    with pytest.raises(BadRequest):
        look(session, "my-b", ME)


def closing(s3, *, new: bool, held: dict[str, str]) -> None:
    s3.add_response("put_public_access_block", {}, {**OWNED, "PublicAccessBlockConfiguration": BLOCKS})
    if new:
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.add_response(
            "put_bucket_encryption", {}, {**OWNED, "ServerSideEncryptionConfiguration": {"Rules": [rule]}}
        )
    tags = [{"Key": key, "Value": value} for key, value in {**held, **TAGS}.items()]
    s3.add_response("put_bucket_tagging", {}, {**OWNED, "Tagging": {"TagSet": tags}})


def test_a_new_bucket_is_private_encrypted_and_tagged(session, stub) -> None:
    s3 = stub("s3")
    s3.add_client_error("head_bucket", "404", "Not Found", 404)
    s3.add_response("create_bucket", {}, {"Bucket": "my-b", "ObjectOwnership": "BucketOwnerEnforced"})
    closing(s3, new=True, held={})
    assert make(session, "my-b", ME, TAGS) == BucketFact("my-b", True, True, "us-east-1", True)


def test_a_bucket_of_the_account_that_is_not_the_projects_is_left_alone(session, stub) -> None:
    s3 = stub("s3")
    ours(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet", "x", 404)
    assert make(session, "my-b", ME, TAGS).exists


def test_a_bucket_of_the_project_is_completed_and_keeps_its_tags(session, stub) -> None:
    s3 = stub("s3")
    ours(s3)
    held = {"stillroom:project": "p-1", "team": "photos"}
    s3.add_response(
        "get_bucket_tagging", {"TagSet": [{"Key": k, "Value": v} for k, v in held.items()]}, OWNED
    )
    s3.add_response("put_public_access_block", {}, {**OWNED, "PublicAccessBlockConfiguration": BLOCKS})
    make(session, "my-b", ME, TAGS)


def test_a_bucket_with_a_name_we_gave_is_completed(session, stub) -> None:
    name = default_bucket(ME, "us-east-1", "0a1b2c3d4e")
    assert name == f"stillroom-{ME}-us-east-1-0a1b2c3d"
    s3 = stub("s3")
    s3.add_response("head_bucket", head())
    s3.add_response("head_bucket", head())
    s3.add_client_error("get_public_access_block", "NoSuchPublicAccessBlockConfiguration", "x", 404)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet", "x", 404)
    s3.add_response("put_public_access_block", {})
    s3.add_response("put_bucket_tagging", {})
    assert make(session, name, ME, TAGS).private


def test_buckets_that_cannot_serve(session, stub) -> None:
    s3 = stub("s3")
    s3.add_response("head_bucket", head())
    s3.add_client_error("head_bucket", "403", "Forbidden", 403)
    with pytest.raises(Conflict, match="another account"):
        make(session, "my-b", ME, TAGS)
    s3.add_client_error("head_bucket", "403", "Forbidden", 403)
    with pytest.raises(PermissionRefused):
        make(session, "my-b", ME, TAGS)
    ours(s3, "eu-west-1")
    with pytest.raises(Conflict, match="is in eu-west-1"):
        make(session, "my-b", ME, TAGS)
    s3.add_client_error("head_bucket", "404", "Not Found", 404)
    s3.add_client_error("create_bucket", "BucketAlreadyExists", "x", 409)
    with pytest.raises(Conflict, match="make the bucket"):
        make(session, "my-b", ME, TAGS)


@pytest.mark.parametrize("name", ["", "ab", "My-Bucket", "a_b_c", "-abc", "a..b", "x" * 64, "사진사진"])
def test_names_that_no_bucket_can_have(session, stub, name: str) -> None:
    stub("s3")
    with pytest.raises(BadRequest):
        make(session, name, ME, TAGS)


def test_a_listing_comes_in_pages(session, stub) -> None:
    s3 = stub("s3")
    when = datetime(2026, 11, 21, tzinfo=UTC)
    first = {"Key": "p/a", "Size": 3, "ETag": '"abc"', "LastModified": when}
    s3.add_response(
        "list_objects_v2",
        {"Contents": [first], "IsTruncated": True, "NextContinuationToken": "n"},
        {"Bucket": "my-b", "Prefix": "p/", "ExpectedBucketOwner": ME},
    )
    s3.add_response("list_objects_v2", {"IsTruncated": False})
    (found,) = list_prefix(session, "my-b", "p/", ME)
    assert (found.key, found.size, found.etag, found.changed) == ("p/a", 3, "abc", when.timestamp())


def test_a_missing_bucket_cannot_be_listed(session, stub) -> None:
    stub("s3").add_client_error("list_objects_v2", "NoSuchBucket", "x", 404)
    with pytest.raises(NotFound, match="there is no bucket my-b"):
        list_prefix(session, "my-b", "")


def body(data: bytes) -> dict[str, object]:
    return {"Body": StreamingBody(io.BytesIO(data), len(data))}


def test_reading_an_object(session, stub) -> None:
    s3 = stub("s3")
    s3.add_response("get_object", body(b"abc"), {"Bucket": "my-b", "Key": "k"})
    s3.add_response("get_object", body(b"abcd"), {"Bucket": "my-b", "Key": "k", "ExpectedBucketOwner": ME})
    s3.add_client_error("get_object", "NoSuchKey", "x", 404)
    assert read_object(session, "my-b", "k") == b"abc"
    with pytest.raises(StillroomError, match="longer than 3 bytes"):
        read_object(session, "my-b", "k", ME, longest=3)
    with pytest.raises(NotFound, match="s3://my-b/k"):
        read_object(session, "my-b", "k")


def test_of_a_long_object_only_the_beginning_is_read(session, stub) -> None:
    s3 = stub("s3")
    for data in (b"abcde", b"abcdef", b""):
        s3.add_response(
            "get_object", {**body(data), "ContentLength": len(data)}, {"Bucket": "my-b", "Key": "k"}
        )
    s3.add_client_error("get_object", "NoSuchKey", "x", 404)
    assert peek_object(session, "my-b", "k", longest=5, beginning=2) == (5, b"abcde")
    assert peek_object(session, "my-b", "k", longest=5, beginning=2) == (6, b"ab")
    assert peek_object(session, "my-b", "k", longest=5, beginning=2) == (0, b"")
    with pytest.raises(NotFound, match="s3://my-b/k"):
        peek_object(session, "my-b", "k", longest=5, beginning=2)


def test_uris() -> None:
    assert split_uri("s3://my-b/a/b.jsonl") == ("my-b", "a/b.jsonl")
    assert split_uri("s3://my-b") == ("my-b", "")
    assert split_uri("s3://my-b/") == ("my-b", "")
    for wrong in ("", "my-b/a", "s3://", "s3://B/a", "https://my-b/a"):
        with pytest.raises(UsageError):
            split_uri(wrong)
