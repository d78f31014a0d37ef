"""S3 as boto3 sees it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import urllib.parse
import zlib
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def s3(service: Any) -> Any:
    client = service.client("s3")
    client.create_bucket(Bucket="things")
    return client


def code(error: Any) -> tuple[str, int]:
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def signed(service: Any, method: str, path: str, body: bytes = b"", host: str = "", **headers: str) -> Any:
    """A raw request, signed only in name."""
    scope = "AKIATEST/20261121/us-east-1/s3/aws4_request"
    connection = http.client.HTTPConnection(service.url[7:])
    sent = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        **({"Host": host} if host else {}),
        **headers,
    }
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), data


@pytest.mark.parametrize(
    "key",
    [
        "plain.jpg",
        "with space.jpg",
        "a+b&c=d.txt",
        "100%.txt",
        "%2F",
        "하늘/바다.jpg",
        "a//b",
        "-dash",
        "q?x#y",
        "줄\n",
    ],
)
def test_any_key_comes_back_as_it_went(s3: Any, key: str) -> None:
    s3.put_object(
        Bucket="things", Key=key, Body=b"data " + key.encode(), ContentType="image/jpeg", Metadata={"a": "b"}
    )
    got = s3.get_object(Bucket="things", Key=key)
    assert got["Body"].read() == b"data " + key.encode()
    assert got["ContentType"] == "image/jpeg"
    assert got["Metadata"] == {"a": "b"}
    assert got["ETag"] == f'"{hashlib.md5(b"data " + key.encode(), usedforsecurity=False).hexdigest()}"'
    assert key in [one["Key"] for one in s3.list_objects_v2(Bucket="things", Prefix=key[:1])["Contents"]]
    assert s3.head_object(Bucket="things", Key=key)["ContentLength"] == len(b"data " + key.encode())
    s3.delete_object(Bucket="things", Key=key)
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket="things", Key=key)
    assert code(gone) == ("NoSuchKey", 404)
    with pytest.raises(ClientError) as unseen:
        s3.head_object(Bucket="things", Key=key)
    assert code(unseen) == ("404", 404)


@pytest.mark.parametrize(
    ("asked", "wanted", "shown"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-500", b"56789", "bytes 5-9/10"),
    ],
)
def test_ranges(s3: Any, asked: str, wanted: bytes, shown: str) -> None:
    s3.put_object(Bucket="things", Key="ten", Body=b"0123456789")
    got = s3.get_object(Bucket="things", Key="ten", Range=asked)
    assert (got["Body"].read(), got["ContentRange"]) == (wanted, shown)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_behind_the_end_is_refused(s3: Any) -> None:
    s3.put_object(Bucket="things", Key="ten", Body=b"0123456789")
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket="things", Key="ten", Range="bytes=10-")
    assert code(refused) == ("InvalidRange", 416)


def test_listing_pages_prefixes_and_folders(s3: Any, service: Any) -> None:
    s3.create_bucket(Bucket="listed")
    keys = sorted([f"a/{n:03}" for n in range(25)] + ["b/x/1", "b/x/2", "b/y", "c"])
    for key in keys:
        s3.put_object(Bucket="listed", Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="listed", PaginationConfig={"PageSize": 7})
    assert [one["Key"] for page in pages for one in page["Contents"]] == keys
    for size in (1, 2, 3, 1000):
        paged = s3.get_paginator("list_objects_v2").paginate(
            Bucket="listed", Delimiter="/", PaginationConfig={"PageSize": size}
        )
        pages = list(paged)
        folders = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])]
        assert folders == ["a/", "b/"]
        assert [one["Key"] for page in pages for one in page.get("Contents", [])] == ["c"]
    inner = s3.list_objects_v2(Bucket="listed", Prefix="b/", Delimiter="/")
    assert [one["Prefix"] for one in inner["CommonPrefixes"]] == ["b/x/"]
    assert [one["Key"] for one in inner["Contents"]] == ["b/y"]
    assert s3.list_objects_v2(Bucket="listed", StartAfter="b/y")["KeyCount"] == 1
    assert s3.list_objects(Bucket="listed", MaxKeys=2)["IsTruncated"] is True
    exact = s3.list_objects_v2(Bucket="listed", Prefix="a/", MaxKeys=25)
    assert exact["IsTruncated"] is False


def test_delete_many_and_delete_bucket(s3: Any) -> None:
    s3.create_bucket(Bucket="emptied")
    for number in range(3):
        s3.put_object(Bucket="emptied", Key=f"k {number}", Body=b"x")
    with pytest.raises(ClientError) as full:
        s3.delete_bucket(Bucket="emptied")
    assert code(full) == ("BucketNotEmpty", 409)
    gone = s3.delete_objects(Bucket="emptied", Delete={"Objects": [{"Key": f"k {n}"} for n in range(4)]})
    assert [one["Key"] for one in gone["Deleted"]] == [f"k {n}" for n in range(4)]
    s3.delete_bucket(Bucket="emptied")
    with pytest.raises(ClientError) as missing:
        s3.list_objects_v2(Bucket="emptied")
    assert code(missing) == ("NoSuchBucket", 404)


def test_copy(s3: Any) -> None:
    s3.put_object(Bucket="things", Key="from 하늘", Body=b"copied", ContentType="text/plain")
    s3.copy_object(Bucket="things", Key="to", CopySource={"Bucket": "things", "Key": "from 하늘"})
    got = s3.get_object(Bucket="things", Key="to")
    assert (got["Body"].read(), got["ContentType"]) == (b"copied", "text/plain")
    with pytest.raises(ClientError) as same:
        s3.copy_object(Bucket="things", Key="to", CopySource={"Bucket": "things", "Key": "to"})
    assert code(same) == ("InvalidRequest", 400)


def test_multipart_by_transfer_manager(s3: Any) -> None:
    data = bytes(range(256)) * 90_000
    s3.upload_fileobj(io.BytesIO(data), "things", "large.bin")
    head = s3.head_object(Bucket="things", Key="large.bin")
    assert head["ContentLength"] == len(data)
    assert head["ETag"].endswith('-3"')
    out = io.BytesIO()
    s3.download_fileobj("things", "large.bin", out)
    assert out.getvalue() == data


def test_multipart_by_hand(s3: Any) -> None:
    upload = s3.create_multipart_upload(Bucket="things", Key="parts", ContentType="x/y")["UploadId"]
    named = {"Bucket": "things", "Key": "parts", "UploadId": upload}
    tags = [s3.upload_part(**named, PartNumber=n, Body=bytes([n]) * 10)["ETag"] for n in (1, 2)]
    assert [one["Size"] for one in s3.list_parts(**named)["Parts"]] == [10, 10]
    assert [one["Key"] for one in s3.list_multipart_uploads(Bucket="things")["Uploads"]] == ["parts"]

    def complete(*parts: tuple[int, str]) -> None:
        listed = [{"PartNumber": number, "ETag": etag} for number, etag in parts]
        s3.complete_multipart_upload(**named, MultipartUpload={"Parts": listed})

    for parts, wanted in [
        ([(1, tags[0]), (2, tags[1])], "EntityTooSmall"),
        ([(2, tags[1]), (1, tags[0])], "InvalidPartOrder"),
        ([(3, tags[0])], "InvalidPart"),
        ([(1, tags[1])], "InvalidPart"),
    ]:
        with pytest.raises(ClientError) as refused:
            complete(*parts)
        assert code(refused)[0] == wanted
    complete((1, tags[0]))
    assert s3.get_object(Bucket="things", Key="parts")["Body"].read() == b"\x01" * 10
    with pytest.raises(ClientError) as done:
        s3.abort_multipart_upload(**named)
    assert code(done) == ("NoSuchUpload", 404)
    second = s3.create_multipart_upload(Bucket="things", Key="aborted")["UploadId"]
    s3.abort_multipart_upload(Bucket="things", Key="aborted", UploadId=second)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="things")


@pytest.mark.parametrize("name", ["ab", "Has-Capital", "under_score", "a..b", "-x-", "192.168.0.1", "x" * 64])
def test_bucket_names_are_validated(service: Any, name: str) -> None:
    status, _, body = signed(service, "PUT", f"/{name}")
    assert (status, b"<Code>InvalidBucketName</Code>" in body) == (400, True)


def test_regions(service: Any, s3: Any) -> None:
    west = service.client("s3", "us-west-2")
    west.create_bucket(Bucket="western", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert s3.get_bucket_location(Bucket="western")["LocationConstraint"] == "us-west-2"
    assert s3.get_bucket_location(Bucket="things")["LocationConstraint"] is None
    with pytest.raises(ClientError) as owned:
        west.create_bucket(Bucket="western", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert code(owned) == ("BucketAlreadyOwnedByYou", 409)
    with pytest.raises(ClientError) as other:
        west.create_bucket(Bucket="eastern")
    assert code(other) == ("IllegalLocationConstraintException", 400)
    with pytest.raises(ClientError) as nowhere:
        s3.create_bucket(Bucket="nowhere", CreateBucketConfiguration={"LocationConstraint": "mars"})
    assert code(nowhere) == ("InvalidLocationConstraint", 400)
    status, headers, body = signed(service, "GET", "/western/x")
    assert (status, headers["x-amz-bucket-region"]) == (301, "us-west-2")
    assert b"PermanentRedirect" in body
    # boto3 follows the redirect by itself.
    s3.put_object(Bucket="western", Key="x", Body=b"y")
    assert s3.head_bucket(Bucket="western")["BucketRegion"] == "us-west-2"


def test_buckets_of_others(service: Any, s3: Any) -> None:
    for call in (s3.head_bucket, s3.list_objects_v2):
        with pytest.raises(ClientError) as refused:
            call(Bucket="foreign-bucket")
        assert code(refused)[1] == 403
    with pytest.raises(ClientError) as taken:
        s3.create_bucket(Bucket="foreign-bucket")
    assert code(taken) == ("BucketAlreadyExists", 409)
    with pytest.raises(ClientError) as stranger:
        s3.head_bucket(Bucket="things", ExpectedBucketOwner="999999999999")
    assert code(stranger)[1] == 403
    s3.head_bucket(Bucket="things", ExpectedBucketOwner="111122223333")


def test_bucket_settings(s3: Any) -> None:
    s3.create_bucket(Bucket="settings")
    rules = s3.get_bucket_encryption(Bucket="settings")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert all(s3.get_public_access_block(Bucket="settings")["PublicAccessBlockConfiguration"].values())
    with pytest.raises(ClientError) as untagged:
        s3.get_bucket_tagging(Bucket="settings")
    assert code(untagged) == ("NoSuchTagSet", 404)
    s3.put_bucket_tagging(
        Bucket="settings", Tagging={"TagSet": [{"Key": "stillroom:project", "Value": "p 1"}]}
    )
    assert s3.get_bucket_tagging(Bucket="settings")["TagSet"] == [
        {"Key": "stillroom:project", "Value": "p 1"}
    ]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::settings/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="settings", Policy=policy)
    assert json.loads(s3.get_bucket_policy(Bucket="settings")["Policy"]) == json.loads(policy)
    s3.delete_bucket_policy(Bucket="settings")
    with pytest.raises(ClientError) as gone:
        s3.get_bucket_policy(Bucket="settings")
    assert code(gone) == ("NoSuchBucketPolicy", 404)
    public = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Principal": "*"}]})
    with pytest.raises(ClientError) as blocked:
        s3.put_bucket_policy(Bucket="settings", Policy=public)
    assert code(blocked) == ("AccessDenied", 403)
    off = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
    )
    s3.put_public_access_block(Bucket="settings", PublicAccessBlockConfiguration=off)
    assert s3.get_public_access_block(Bucket="settings")["PublicAccessBlockConfiguration"] == off


def test_object_tags_and_conditions(s3: Any) -> None:
    s3.put_object(Bucket="things", Key="tagged", Body=b"1", Tagging="a=b%20c")
    assert s3.get_object_tagging(Bucket="things", Key="tagged")["TagSet"] == [{"Key": "a", "Value": "b c"}]
    with pytest.raises(ClientError) as there:
        s3.put_object(Bucket="things", Key="tagged", Body=b"2", IfNoneMatch="*")
    assert code(there) == ("PreconditionFailed", 412)
    with pytest.raises(ClientError) as changed:
        s3.get_object(Bucket="things", Key="tagged", IfMatch='"0"')
    assert code(changed) == ("PreconditionFailed", 412)


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_kept(s3: Any, algorithm: str) -> None:
    s3.put_object(Bucket="things", Key="summed", Body=b"abc", ChecksumAlgorithm=algorithm)
    head = s3.head_object(Bucket="things", Key="summed", ChecksumMode="ENABLED")
    wanted = {
        "CRC32": zlib.crc32(b"abc").to_bytes(4, "big"),
        "SHA1": hashlib.sha1(b"abc", usedforsecurity=False).digest(),
        "SHA256": hashlib.sha256(b"abc").digest(),
    }[algorithm]
    assert head[f"Checksum{algorithm}"] == base64.b64encode(wanted).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-MD5": base64.b64encode(bytes(16)).decode()},
        {"x-amz-checksum-crc32": "AAAAAA=="},
        {"x-amz-checksum-sha256": base64.b64encode(bytes(32)).decode()},
    ],
)
def test_wrong_checksums_are_refused_and_nothing_is_stored(
    service: Any, s3: Any, headers: dict[str, str]
) -> None:
    status, _, body = signed(service, "PUT", "/things/bad-sum", b"data", **headers)
    assert (status, b"<Code>BadDigest</Code>" in body) == (400, True)
    with pytest.raises(ClientError):
        s3.head_object(Bucket="things", Key="bad-sum")


def test_chunked_bodies_with_trailer(service: Any, s3: Any) -> None:
    sum_ = base64.b64encode(zlib.crc32(b"hello world").to_bytes(4, "big")).decode()
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": "11",
        "x-amz-trailer": "x-amz-checksum-crc32",
    }
    body = b"6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:%b\r\n\r\n"
    status, _, answer = signed(service, "PUT", "/things/chunked", body % sum_.encode(), **headers)
    assert status == 200, answer
    got = s3.get_object(Bucket="things", Key="chunked")
    assert got["Body"].read() == b"hello world"
    assert "ContentEncoding" not in got
    status, _, answer = signed(service, "PUT", "/things/chunked", body % b"AAAAAA==", **headers)
    assert b"BadDigest" in answer
    signature = b";chunk-signature=" + b"0" * 64
    body = b"5%b\r\nother\r\n0%b\r\n\r\n" % (signature, signature)
    streaming = {
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "x-amz-decoded-content-length": "5",
    }
    assert signed(service, "PUT", "/things/chunked", body, **streaming)[0] == 200
    assert s3.get_object(Bucket="things", Key="chunked")["Body"].read() == b"other"
    assert signed(service, "PUT", "/things/cut", b"5\r\noth", **streaming)[0] == 400


def test_virtual_host_style(service: Any, s3: Any) -> None:
    port = service.url.rpartition(":")[2]
    host = f"things.localhost:{port}"
    assert signed(service, "PUT", "/deep/key%20x", b"v", host)[0] == 200
    assert s3.get_object(Bucket="things", Key="deep/key x")["Body"].read() == b"v"
    status, _, body = signed(service, "GET", "/?list-type=2&prefix=deep", b"", host)
    assert (status, b"<Key>deep/key x</Key>" in body) == (200, True)


def test_presigned_urls(s3: Any) -> None:
    s3.put_object(Bucket="things", Key="signed url", Body=b"seen")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "things", "Key": "signed url"})
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    assert connection.getresponse().read() == b"seen"
    connection.close()


def test_what_is_not_offered_says_so(s3: Any) -> None:
    with pytest.raises(ClientError) as refused:
        s3.put_bucket_versioning(Bucket="things", VersioningConfiguration={"Status": "Enabled"})
    assert code(refused) == ("NotImplemented", 501)


@pytest.mark.parametrize(("key", "wanted"), [("EXPIREDKEY", "ExpiredToken"), ("DENIEDKEY", "AccessDenied")])
def test_keys_made_for_errors(service: Any, key: str, wanted: str) -> None:
    with pytest.raises(ClientError) as refused:
        service.client("s3", key=key).list_buckets()
    assert code(refused)[0] == wanted


def test_unsigned_requests_are_refused(service: Any) -> None:
    connection = http.client.HTTPConnection(service.url[7:])
    connection.request("GET", "/things/ten")
    answer = connection.getresponse()
    assert (answer.status, b"AccessDenied" in answer.read()) == (403, True)
    connection.close()
