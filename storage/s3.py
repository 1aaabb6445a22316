"""Where an S3-compatible bucket is, and requests to it that prove who asks: AWS Signature Version 4.

The signature is made over the request as it is sent, with the SHA-256 of its body: a server takes nothing that was changed on the
way. What AWS publishes as examples of it is what the tests hold it against
(https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

import httpx

from bot.errors import BadSetting

URL: Final = "THROUGHLINE_CLIPS_URL"
ENDPOINT: Final = "AWS_ENDPOINT_URL"
KEY: Final = "AWS_ACCESS_KEY_ID"
SECRET: Final = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 — its name
REGION: Final = "AWS_REGION"
"""The names that settings are told by."""

USUAL_REGION: Final = "us-east-1"
"""What MinIO is in unless told otherwise, and R2 takes too."""
EMPTY: Final = hashlib.sha256(b"").hexdigest()
HASH: Final = "x-amz-content-sha256"
ALGORITHM: Final = "AWS4-HMAC-SHA256"
_ADDRESS = re.compile(r"s3://(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?P<prefix>(/[A-Za-z0-9._~-]+)*)/?")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_PLAIN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Place:
    """A bucket and what proves to its server who we are."""

    endpoint: str
    """``https://host``, without a slash at its end; the bucket follows as the first part of the path."""
    bucket: str
    prefix: str
    """What every name in the bucket begins with: empty, or with a slash at its end."""
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str, *, endpoint: str, region: str, key: str, secret: str, token: str = "") -> Self:
        """``s3://bucket/prefix`` and its surroundings, as an operator wrote them. Raises `BadSetting`."""
        found = _ADDRESS.fullmatch(url.strip())
        prefix = found["prefix"].lstrip("/") if found else ""
        if found is None or {".", ".."} & set(prefix.split("/")):
            raise BadSetting(
                name=URL, reason="expected s3://bucket or s3://bucket/prefix, of letters, digits, . _ and -"
            )
        region = region.strip() or USUAL_REGION
        if not _REGION.fullmatch(region):
            raise BadSetting(name=REGION, reason="expected the name of a region, as eu-central-1")
        for name, value in ((KEY, key), (SECRET, secret)):
            if not _PLAIN.fullmatch(value):
                raise BadSetting(name=name, reason=f"{URL} needs it" if not value else "it has letters that no key has")
        at = _endpoint(endpoint.strip()) if endpoint.strip() else _of_aws(region)
        return cls(at, found["bucket"], f"{prefix}/" if prefix else "", region, key, secret, token)

    @property
    def root(self) -> str:
        """The bucket's own address."""
        return f"{self.endpoint}/{self.bucket}"

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix} at {self.endpoint}"


def _of_aws(region: str) -> str:
    return f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _endpoint(address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise BadSetting(name=ENDPOINT, reason="it is not an address") from None
    if url.scheme not in ("http", "https") or not url.host or url.path not in ("", "/"):
        raise BadSetting(name=ENDPOINT, reason="expected http:// or https:// and a host, without a path")
    if url.userinfo or url.query or url.fragment:
        raise BadSetting(name=ENDPOINT, reason="it must hold no user, no password, no ? and no #")
    return str(url).rstrip("/")


def now() -> datetime:
    """By this machine's clock, which may differ from the server's by a quarter of an hour at most."""
    return datetime.now(UTC)


class Signed(httpx.Auth):
    """Signs requests to the place. A body is announced by the header `HASH`, its SHA-256; without one there is no body."""

    def __init__(self, place: Place, clock: Callable[[], datetime] = now) -> None:
        self._place, self._clock = place, clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """What httpx calls with a request that is about to be sent."""
        moment = self._clock().strftime("%Y%m%dT%H%M%SZ")
        request.headers.setdefault(HASH, EMPTY)
        request.headers["x-amz-date"] = moment
        if self._place.token:
            request.headers["x-amz-security-token"] = self._place.token
        names = sorted(name for name in request.headers if name == "host" or name.startswith("x-amz-"))
        scope = f"{moment[:8]}/{self._place.region}/s3/aws4_request"
        text = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(_canonical(request, names).encode()).hexdigest()))
        signature = hmac.digest(self._signing_key(moment[:8]), text.encode(), "sha256").hex()
        request.headers["Authorization"] = (
            f"{ALGORITHM} Credential={self._place.key}/{scope},SignedHeaders={';'.join(names)},Signature={signature}"
        )
        yield request

    def _signing_key(self, day: str) -> bytes:
        key = f"AWS4{self._place.secret}".encode()
        for part in (day, self._place.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def _canonical(request: httpx.Request, names: list[str]) -> str:
    """The request in the one form that both sides hash. Its path and query are escaped already, and only once."""
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    asked = sorted(pair if "=" in pair else f"{pair}=" for pair in query.split("&") if pair)
    headers = [f"{name}:{' '.join(request.headers[name].split())}\n" for name in names]
    signed = ";".join(names)
    return "\n".join((request.method, path, "&".join(asked), "".join(headers), signed, request.headers[HASH]))
