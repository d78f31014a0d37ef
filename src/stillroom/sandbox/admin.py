"""``/_sandbox/``: what the sandbox says about itself, its knobs and its bill."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from aiohttp import web

from stillroom.sandbox import ACCOUNT, VERSION
from stillroom.sandbox.assembly import Sandbox
from stillroom.sandbox.knobs import BadKnob

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Admin:
    """Answers ``/_sandbox/`` requests, which need no signature."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        # Tells whose folder it is; its path may be another's by now.
        held = (sandbox.state.folder / "sandbox.held").stat()
        self._held = [held.st_dev, held.st_ino]

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one request."""
        if not _own_origin(request):
            return _json({"error": "the sandbox answers no other site"}, 403)
        name = request.path.removeprefix("/_sandbox").strip("/")
        if name == "" and request.method == "GET":
            return _json(self._about())
        if name == "bill" and request.method == "GET":
            return _json(self._sandbox.bill.as_json())
        if name == "knobs" and request.method == "GET":
            return _json(self._sandbox.knobs.as_json())
        if name == "knobs" and request.method == "PUT":
            return await self._turn(request)
        if name in ("", "bill", "knobs"):
            return _json({"error": f"{request.method} is not offered here"}, 405)
        return _json({"error": f"there is no {request.path}; there are /_sandbox/, bill and knobs"}, 404)

    def _about(self) -> dict[str, object]:
        return {
            "stillroom_sandbox": VERSION,
            "account": ACCOUNT,
            "clock": round(self._sandbox.clock.now(), 3),
            "speed": self._sandbox.knobs.speed,
            "running_jobs": self._sandbox.engine.running,
            "held": self._held,
        }

    async def _turn(self, request: web.BaseRequest) -> web.Response:
        try:
            changes = json.loads(await request.content.read())
            if not isinstance(changes, dict):
                raise BadKnob("knobs are a JSON object")  # noqa: TRY301
            self._sandbox.turn(changes)
        except BadKnob as bad:
            return _json({"error": str(bad)}, 400)
        except ValueError:
            return _json({"error": "the body is not JSON"}, 400)
        return _json(self._sandbox.knobs.as_json())


def _own_origin(request: web.BaseRequest) -> bool:
    """Pages of other sites may reach loopback, too; browsers say where a request comes from."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return urlsplit(origin).hostname in _OWN_NAMES


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, headers={"Cache-Control": "no-store"})
