"""A real sandbox process for each test module, and boto3 clients that speak to it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from PIL import Image

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnEquals": {
                    "aws:SourceArn": "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/*"
                },
            },
        }
    ],
}
PROMPT = "List 15-25 search keywords, comma separated."
SYSTEM = "You are an image keyword expert."


class Service:
    """A running sandbox, and what tests do with it."""

    def __init__(self, folder: Path, *options: str, **knobs: Any) -> None:
        self.folder = folder
        self._clients: list[Any] = []
        folder.mkdir(parents=True, exist_ok=True)
        if knobs:
            lines = [f"{name} = {json.dumps(value)}" for name, value in knobs.items()]
            (folder / "sandbox.toml").write_text("\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stillroom.sandbox", "--port", "0", "--dir", str(folder), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.url = self.line.split()[-1] if self.line else ""

    def client(self, name: str, region: str = "us-east-1", key: str = "AKIATEST", **config: Any) -> Any:
        """A boto3 client that tries everything exactly once."""
        made = boto3.client(
            name,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32, **config),
        )
        self._clients.append(made)
        return made

    def get(self, path: str, **headers: str) -> Any:
        """A JSON answer of /_sandbox/; raises urllib's HTTPError."""
        return _json(urllib.request.Request(self.url + path, headers=headers))

    def turn(self, **knobs: Any) -> Any:
        """PUT some knobs."""
        data = json.dumps(knobs).encode()
        return _json(urllib.request.Request(f"{self.url}/_sandbox/knobs", data=data, method="PUT"))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> int:
        """End politely; the exit code."""
        self.process.terminate()
        return self._reap()

    def _reap(self) -> int:
        for client in self._clients:
            client.close()
        code = self.process.wait(20)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code

    def ask(self, model: str = "amazon.nova-lite-v1:0", picture: bytes | None = None, **changes: Any) -> Any:
        """One Converse call with an inline JPEG."""
        content: list[dict[str, Any]] = [{"text": PROMPT}]
        if picture is not None:
            content.append({"image": {"format": "jpeg", "source": {"bytes": picture}}})
        request = {
            "modelId": model,
            "system": [{"text": SYSTEM}],
            "messages": [{"role": "user", "content": content}],
            "inferenceConfig": {"maxTokens": 512, "temperature": 0.0},
        }
        return self.runtime.converse(**(request | changes))

    @cached_property
    def runtime(self) -> Any:
        return self.client("bedrock-runtime")


def _json(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def jpeg(seed: int, size: tuple[int, int] = (96, 64), form: str = "JPEG") -> bytes:
    """A small picture of two colours that differ by seed."""
    image = Image.new("RGB", size, ((seed * 37) % 256, (seed * 91) % 256, (seed * 53) % 256))
    top = Image.new("RGB", (size[0], size[1] // 2), ((seed * 11) % 256, 200, (255 - seed * 29) % 256))
    image.paste(top, (0, 0))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One sandbox for the module; its jobs take a moment."""
    running = Service(tmp_path_factory.mktemp("sandbox"), speed=50_000)
    yield running
    running.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts sandboxes of one's own, over ``tmp_path / "box"`` unless told otherwise."""
    running: list[Service] = []

    def begin(*options: str, folder: Path | None = None, **knobs: Any) -> Service:
        one = Service(folder or tmp_path / "box", *options, **knobs)
        running.append(one)
        return one

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.kill()
        else:
            one._reap()


@pytest.fixture
def picture() -> Callable[..., bytes]:
    return jpeg


@pytest.fixture(scope="module")
def parallel() -> Callable[..., list[Any]]:
    """Maps over threads."""

    def run(call: Callable[[Any], Any], items: Any, threads: int = 8) -> list[Any]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(call, items))

    return run


@pytest.fixture(scope="module")
def eventually() -> Callable[..., Any]:
    """Asks again until an answer is right; the sandbox's own clock makes it so."""
    pause = threading.Event()

    def until(ask: Callable[[], Any], right: Callable[[Any], bool], patience: int = 1500) -> Any:
        for _ in range(patience):
            answer = ask()
            if right(answer):
                return answer
            pause.wait(0.02)
        pytest.fail(f"it never came: the last answer was {answer!r}")

    return until


class Workshop:
    """A bucket with records and pictures, and a role that may use them."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.s3 = service.client("s3")
        self.iam = service.client("iam")
        self.bedrock = service.client("bedrock")
        self.bucket = "workshop"
        self.s3.create_bucket(Bucket=self.bucket)
        for number in range(12):
            self.s3.put_object(Bucket=self.bucket, Key=f"images/{number}.jpg", Body=jpeg(number))
        self.role = self.make_role("trainer")
        self.put("train.jsonl", [self.record(number) for number in range(12)])
        self._count = 0

    def make_role(self, name: str, trust: Any = None, policy: Any = None) -> str:
        allowed = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
        everything = [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]
        policy = policy or [{"Effect": "Allow", "Action": allowed, "Resource": everything}]
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust or TRUST))
        document = json.dumps({"Version": "2012-10-17", "Statement": policy})
        self.iam.put_role_policy(RoleName=name, PolicyName="data", PolicyDocument=document)
        return str(role["Role"]["Arn"])

    def record(
        self, number: int, label: str = "", uri: str = "", form: str = "jpeg", text: str = PROMPT
    ) -> Any:
        where = {"uri": uri or f"s3://{self.bucket}/images/{number}.jpg", "bucketOwner": "111122223333"}
        content = [{"text": text}, {"image": {"format": form, "source": {"s3Location": where}}}]
        return {
            "schemaVersion": "bedrock-conversation-2024",
            "system": [{"text": SYSTEM}],
            "messages": [
                {"role": "user", "content": content},
                {"role": "assistant", "content": [{"text": label or f"sky, tone {number % 3}, photo"}]},
            ],
        }

    def put(self, key: str, records: list[Any]) -> str:
        body = "".join(json.dumps(one) + "\n" for one in records)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body.encode())
        return f"s3://{self.bucket}/{key}"

    def request(self, **changes: Any) -> dict[str, Any]:
        """A job that succeeds, unless changed."""
        self._count += 1
        return {
            "jobName": f"job-{self._count}",
            "customModelName": f"model-{self._count}",
            "roleArn": self.role,
            "baseModelIdentifier": "amazon.nova-lite-v1:0:300k",
            "trainingDataConfig": {"s3Uri": f"s3://{self.bucket}/train.jsonl"},
            "outputDataConfig": {"s3Uri": f"s3://{self.bucket}/output/"},
            "hyperParameters": {"epochCount": "2"},
        } | changes

    def ended(self, arn: str, eventually: Callable[..., Any]) -> Any:
        """The job once it has ended."""
        look = lambda: self.bedrock.get_model_customization_job(jobIdentifier=arn)  # noqa: E731
        return eventually(look, lambda job: job["status"] not in ("InProgress", "Stopping"))


@pytest.fixture(scope="module")
def workshop(service: Service) -> Workshop:
    return Workshop(service)


@pytest.fixture
def no_aws_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith("AWS_")]:
        monkeypatch.delenv(name)
