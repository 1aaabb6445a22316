"""An S3-compatible server on loopback, in memory: strict about signatures, and as ill as it is told to be.

What a signature has to be is written here once more, from the other side and with other means than ours: out of the raw request
line and headers (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from calendar import timegm
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import unquote, unquote_plus
from xml.sax.saxutils import escape

from aiohttp import web

KEY: Final = "KEYFORTESTS"
SECRET: Final = "secret/for+tests"
REGION: Final = "eu-test-1"
BUCKET: Final = "films"
SKEW: Final = 900
"""Seconds that two clocks may differ."""
_PROOF = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)


@dataclass
class S3Server:
    """Use as ``async with S3Server() as server``; `url` is its address."""

    key: str = KEY
    secret: str = SECRET
    region: str = REGION
    token: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    """What the bucket holds, by name."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Method and name of every request that was let in; of a listing, ``?`` and its prefix."""
    failing: int = 0
    """How many of the next requests are answered with 500."""
    broken: int = 0
    """How many of the next objects are cut off half way."""
    lies: dict[str, bytes] = field(default_factory=dict)
    """What is handed out under a name instead of what is there."""
    forbidden: set[str] = field(default_factory=set)
    """Methods that the key may not use; ``LIST`` is one."""
    hanging: bool = False
    drip: float = 0.0
    """Seconds before each of many small pieces of an object."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None
    url: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 28)
        app.router.add_route("*", "/{bucket}", self._answer)
        app.router.add_route("*", "/{bucket}/{name:.+}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def asked(self) -> Counter[str]:
        """How often each method was let in; listings count as ``LIST``."""
        return Counter("LIST" if name.startswith("?") else method for method, name in self.seen)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self.hanging:
            await self.closing.wait()
        if self.failing:
            self.failing -= 1
            return _fault(500, "InternalError")
        objection = self._objection(request, body)
        if objection is not None:
            return objection
        if request.match_info["bucket"] != BUCKET:
            return _fault(404, "NoSuchBucket")
        name = request.match_info.get("name", "")
        listing = not name and request.method == "GET"
        if ("LIST" if listing else request.method) in self.forbidden:
            return _fault(403, "AccessDenied")
        if listing:
            return self._listed(request)
        self.seen.append((request.method, name))
        return await self._done(request, name, body)

    async def _done(self, request: web.Request, name: str, body: bytes) -> web.StreamResponse:
        match request.method:
            case "PUT":
                self.objects[name] = body
                return web.Response(headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
            case "DELETE":
                self.objects.pop(name, None)
                return web.Response(status=204)
            case "HEAD" | "GET":
                if name not in self.objects:
                    return _fault(404, "NoSuchKey")
                return await self._handed_out(request, self.lies.get(name, self.objects[name]))
        return _fault(405, "MethodNotAllowed")

    async def _handed_out(self, request: web.Request, body: bytes) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await answer.prepare(request)
        if self.broken:
            self.broken -= 1
            await answer.write(body[: len(body) // 2])
            assert request.transport is not None
            request.transport.abort()
            return answer
        step = 1000 if self.drip else len(body) or 1
        for start in range(0, len(body), step):
            await asyncio.sleep(self.drip)
            await answer.write(body[start : start + step])
        await answer.write_eof()
        return answer

    def _listed(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("list-type") != "2":
            return _fault(400, "InvalidArgument")
        prefix, most = query.get("prefix", ""), int(query.get("max-keys", "1000"))
        self.seen.append(("GET", f"?{prefix}"))
        names = sorted(name for name in self.objects if name.startswith(prefix))[:most]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>&quot;0&quot;</ETag><Size>{len(self.objects[name])}</Size></Contents>"
            for name in names
        )
        return _xml(
            200, f"<ListBucketResult><Name>{BUCKET}</Name><KeyCount>{len(names)}</KeyCount>{rows}</ListBucketResult>"
        )

    def _objection(self, request: web.Request, body: bytes) -> web.Response | None:
        """What is wrong with who asks."""
        proof = _PROOF.fullmatch(request.headers.get("Authorization", ""))
        if proof is None:
            return _fault(403, "AccessDenied")
        key, day, region, names, signature = proof.groups()
        told = request.headers.get("x-amz-content-sha256", "")
        wrong = {
            (403, "InvalidAccessKeyId"): key != self.key,
            (400, "AuthorizationHeaderMalformed"): region != self.region,
            (400, "InvalidToken"): request.headers.get("x-amz-security-token", "") != self.token,
            (403, "RequestTimeTooSkewed"): not _timely(request.headers.get("x-amz-date", ""), day),
            (403, "AccessDenied"): not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names.split(";")),
            (400, "XAmzContentSHA256Mismatch"): told != hashlib.sha256(body).hexdigest(),
        }
        for (status, code), so in wrong.items():
            if so:
                return _fault(status, code, f"<Region>{self.region}</Region>")
        fits = hmac.compare_digest(signature, self._signature(request, day, names, told))
        return None if fits else _fault(403, "SignatureDoesNotMatch")

    def _signature(self, request: web.Request, day: str, names: str, told: str) -> str:
        raw, _, query = request.raw_path.partition("?")
        pairs = sorted(_pair(each) for each in query.split("&") if each)
        canonical = [
            request.method,
            _encoded(unquote(raw), "/"),
            "&".join("=".join(map(_encoded, pair)) for pair in pairs),
        ]
        canonical += [f"{name}:{request.headers[name].strip()}" for name in names.split(";")]
        canonical += ["", names, told]
        moment = request.headers["x-amz-date"]
        hashed = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{moment}\n{day}/{self.region}/s3/aws4_request\n{hashed}"
        key = b"AWS4" + self.secret.encode()
        for part in (day, self.region, "s3", "aws4_request", text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


def _timely(moment: str, day: str) -> bool:
    told = timegm(time.strptime(moment, "%Y%m%dT%H%M%SZ"))
    return moment.startswith(day) and abs(told - time.time()) < SKEW


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _encoded(text: str, left: str = "") -> str:
    """By the rules of AWS: everything but letters, digits and four signs."""
    plain = f"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~{left}"
    return "".join(chr(byte) if chr(byte) in plain else f"%{byte:02X}" for byte in text.encode())


def _xml(status: int, body: str, **headers: Any) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return web.Response(status=status, text=text, content_type="application/xml", headers=headers)


def _fault(status: int, code: str, more: str = "") -> web.Response:
    return _xml(status, f"<Error><Code>{code}</Code><Message>told by the fake</Message>{more}</Error>")
