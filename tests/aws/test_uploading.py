"""What an upload does when S3 answers in its own way; whole uploads are tested against the sandbox."""

import base64
import hashlib
import threading
from pathlib import Path

import pytest
from botocore.stub import ANY

from stillroom.aws.uploading import Upload, UploadProgress, object_key, upload_many
from stillroom.errors import NotFound, PermissionRefused, UsageError

ME = "111122223333"
WHERE = {"Bucket": "my-b", "ExpectedBucketOwner": ME}
DATA = b"a picture"
MD5 = hashlib.md5(DATA).hexdigest()  # noqa: S324
SHA = hashlib.sha256(DATA).hexdigest()
CHECKSUM = base64.b64encode(bytes.fromhex(SHA)).decode()


def file(folder: Path, data: bytes = DATA, name: str = "a.jpg") -> Upload:
    path = folder / name
    path.write_bytes(data)
    sha = hashlib.sha256(data).hexdigest()
    return Upload(path, f"run-01/pictures/{sha[:2]}/{sha}.jpg", len(data), sha, "image/jpeg")


def listing(s3, *objects: tuple[str, int, str]) -> None:
    found = [{"Key": key, "Size": size, "ETag": f'"{etag}"'} for key, size, etag in objects]
    s3.add_response("list_objects_v2", {"Contents": found}, {**WHERE, "Prefix": ANY})


def put(s3, key: str, etag: str = MD5) -> None:
    s3.add_response(
        "put_object",
        {"ETag": f'"{etag}"'},
        {
            **WHERE,
            "Key": key,
            "Body": ANY,
            "ContentLength": len(DATA),
            "ContentType": "image/jpeg",
            "ChecksumSHA256": CHECKSUM,
        },
    )


def test_a_file_is_sent_with_its_checksum_and_verified(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3)
    put(s3, upload.key)
    listing(s3, (upload.key, len(DATA), MD5))
    seen: list[UploadProgress] = []
    found = upload_many(session, "my-b", [upload, upload], account=ME, report=seen.append)
    assert (found.total, found.sent, found.skipped, found.sent_bytes) == (1, 1, 0, len(DATA))
    assert (found.failures, found.cancelled) == ((), False)
    assert seen == [UploadProgress(1, 1, 0, 0, len(DATA))]


def test_what_is_there_and_equal_is_skipped(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3, (upload.key, len(DATA), MD5))
    found = upload_many(session, "my-b", [upload], account=ME)
    assert (found.sent, found.skipped, found.sent_bytes) == (0, 1, 0)


def test_under_a_kms_key_the_checksum_decides(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3, (upload.key, len(DATA), "0" * 32))
    head = {**WHERE, "Key": upload.key, "ChecksumMode": "ENABLED"}
    s3.add_response("head_object", {"ChecksumSHA256": CHECKSUM}, head)
    assert upload_many(session, "my-b", [upload], account=ME).skipped == 1


def test_other_bytes_of_the_same_size_are_sent_again(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3, (upload.key, len(DATA), "0" * 32))
    s3.add_response("head_object", {"ChecksumSHA256": "other"})
    put(s3, upload.key)
    listing(s3, (upload.key, len(DATA), MD5))
    assert upload_many(session, "my-b", [upload], account=ME).sent == 1


@pytest.mark.parametrize("there", [(), (("KEY", 3, MD5),), (("KEY", len(DATA), "f" * 32),)])
def test_what_is_not_there_as_it_was_sent_has_failed(session, stub, tmp_path: Path, there) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3)
    put(s3, upload.key)
    listing(s3, *((upload.key, size, etag) for _, size, etag in there))
    found = upload_many(session, "my-b", [upload], account=ME)
    assert (found.sent, found.sent_bytes, len(found.failures)) == (0, 0, 1)
    assert "not in the bucket as it was sent" in found.failures[0].what


def test_a_file_that_changed_or_went_is_a_failure_of_its_own(session, stub, tmp_path: Path) -> None:
    s3 = stub("s3")
    gone, changed = file(tmp_path, b"1", "gone.jpg"), file(tmp_path, b"22", "changed.jpg")
    gone.path.unlink()
    changed.path.write_bytes(b"333")
    listing(s3)
    found = upload_many(session, "my-b", [gone, changed], account=ME)
    assert {one.key for one in found.failures} == {gone.key, changed.key}
    assert found.sent == 0
    assert not found.cancelled


def test_a_damaged_transfer_is_refused_by_s3(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3)
    s3.add_client_error("put_object", "InvalidRequest", "Value for x-amz-checksum-sha256 is invalid", 400)
    found = upload_many(session, "my-b", [upload], account=ME)
    assert "checksum" in found.failures[0].what


def test_a_bucket_that_refuses_stops_everything(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3)
    s3.add_client_error("put_object", "AccessDenied", "no", 403)
    with pytest.raises(PermissionRefused, match="upload"):
        upload_many(session, "my-b", [upload], account=ME, workers=1)
    s3.add_client_error("list_objects_v2", "NoSuchBucket", "no", 404)
    with pytest.raises(NotFound, match="bucket my-b"):
        upload_many(session, "my-b", [upload], account=ME)


def test_nothing_to_send_asks_nothing(session, stub) -> None:
    stub("s3")
    assert upload_many(session, "my-b", [], account=ME).total == 0


def test_cancelled_before_it_begins(session, stub, tmp_path: Path) -> None:
    s3, upload = stub("s3"), file(tmp_path)
    listing(s3)
    cancelled = threading.Event()
    cancelled.set()
    found = upload_many(session, "my-b", [upload], account=ME, cancelled=cancelled)
    assert (found.sent, found.cancelled) == (0, True)


def test_keys() -> None:
    assert object_key("run-01", "pictures", SHA, "jpg") == f"run-01/pictures/{SHA[:2]}/{SHA}.jpg"
    assert object_key("", "records", SHA, "") == f"records/{SHA[:2]}/{SHA}"
    assert object_key("/a/b/", "x", SHA, "png").startswith("a/b/x/")
    for prefix in ("with blank", "사진", "a%b", "a+b"):
        with pytest.raises(UsageError, match=r"aws\.prefix"):
            object_key(prefix, "pictures", SHA, "jpg")
