"""Objects of an S3-compatible bucket by their names: found, fetched, put and deleted, again where once was not enough.

What comes of trouble: an object that is not there is None; what an operator has to mend (a key, a region, a bucket) is a
`BadSetting`; a server that does not answer, or answers with a fault of its own, is asked `len(PAUSES)` times more and is
`ClipsUnreachable` then. Of a server's answer only the code of its error is ever told.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from ssl import SSLContext
from typing import IO, Any, Final, NoReturn, TypeVar
from urllib.parse import quote

import httpx

from bot.errors import BadSetting, ThroughlineError
from bot.errors_operator import ClipsUnreachable
from storage.s3 import HASH, KEY, REGION, SECRET, URL, Place, Signed

log = logging.getLogger("throughline.clips")

PAUSES: Final = (0.5, 1.0, 2.0)
"""Seconds between the tries of one request, each a little more or less by chance."""
CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 15.0
"""What a server may take before its next byte."""
SLOWEST: Final = 64 * 1024
"""Bytes a second: what goes slower than that, after a first minute, does not go at all."""
PIECE: Final = 1024 * 1024
ANSWER_BYTES: Final = 1024 * 1024
LISTED: Final = 10
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_AGAIN = {408, 425, 429}
_AGAIN_CODES = {"RequestTimeout", "SlowDown", "XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody"}
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,64})</Code>")
_WHERE = re.compile(r"<Region>([a-z0-9-]{1,40})</Region>")
_OBJECT = re.compile(r"<Contents>(.*?)</Contents>", re.DOTALL)
_NAME = re.compile(r"<Key>([^<&]{1,1024})</Key>")
_SIZE = re.compile(r"<Size>([0-9]{1,15})</Size>")

T = TypeVar("T")


class _Again(Exception):
    """It did not work this time."""


@dataclass(frozen=True)
class Found:
    """An object: its name in the place, and its bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Bucket:
    """The objects of one place. Holds nothing open between two calls, so there is nothing to close."""

    place: Place
    pauses: Sequence[float] = PAUSES
    silence: float = SILENCE_SECONDS
    signed: Signed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signed", Signed(self.place))

    async def find(self, beginning: str) -> Sequence[Found]:
        """The first few objects whose names begin so, as the server has them now."""
        asked = f"{self.place.root}?list-type=2&max-keys={LISTED}&prefix={_escaped(self.place.prefix + beginning)}"

        async def once(client: httpx.AsyncClient) -> Sequence[Found]:
            async with client.stream("GET", asked) as answer:
                text = await _text(answer)
                if not answer.is_success:
                    self._refused(answer, text, "list")
                return self._listed(text)

        return await self._persist(once)

    async def get(self, name: str, into: Path, size: int) -> str | None:
        """Write the object, of at most `size` bytes, to the file; its SHA-256, or None if it is gone."""

        async def once(client: httpx.AsyncClient) -> str | None:
            async with _no_slower(size), client.stream("GET", self._address(name)) as answer:
                if answer.is_success:
                    return await _written(answer, into, size)
                text = await _text(answer)
                if answer.status_code != 404 or _first(_CODE, text) == "NoSuchBucket":
                    self._refused(answer, text, "read")
                return None

        return await self._persist(once)

    async def put(self, name: str, file: Path, digest: str) -> None:
        """Put the file under that name, whole or not at all; the server refuses what has not that SHA-256."""
        size = (await asyncio.to_thread(file.stat)).st_size
        headers = {HASH: digest, "Content-Length": str(size)}

        async def once(client: httpx.AsyncClient) -> None:
            with await asyncio.to_thread(file.open, "rb") as stream:
                sent = client.stream("PUT", self._address(name), headers=headers, content=_pieces(stream))
                async with _no_slower(size), sent as answer:
                    text = await _text(answer)
                    if not answer.is_success or "<Code>" in text:
                        self._refused(answer, text, "write")

        await self._persist(once)

    async def delete(self, name: str) -> None:
        """Harmless to repeat."""

        async def once(client: httpx.AsyncClient) -> None:
            async with client.stream("DELETE", self._address(name)) as answer:
                text = await _text(answer)
                if not answer.is_success and _first(_CODE, text) != "NoSuchKey":
                    self._refused(answer, text, "delete")

        await self._persist(once)

    def _address(self, name: str) -> str:
        return f"{self.place.root}/{self.place.prefix}{name}"

    def _listed(self, text: str) -> Sequence[Found]:
        if "ListBucketResult" not in text:
            raise _Again("an answer that is no list")
        found = []
        for each in _OBJECT.findall(text):
            name, size = _first(_NAME, each), _first(_SIZE, each)
            if name.startswith(self.place.prefix) and size:
                found.append(Found(name.removeprefix(self.place.prefix), int(size)))
        return found

    async def _persist(self, once: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        """What a few tries bring. Raises `ClipsUnreachable` or `BadSetting`."""
        async with await self._client() as client:
            for pause in self.pauses:
                try:
                    return await _tried(once, client)
                except _Again as trouble:
                    log.info("%s: %s; it is tried again", self.place, trouble)
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 — chance, not secrecy
            try:
                return await _tried(once, client)
            except _Again as trouble:
                raise ClipsUnreachable(place=str(self.place), reason=str(trouble)) from None

    async def _client(self) -> httpx.AsyncClient:
        near = httpx.URL(self.place.endpoint).host in _LOOPBACK
        return httpx.AsyncClient(
            auth=self.signed,
            headers={"User-Agent": "Throughline", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(self.silence, connect=CONNECT_SECONDS),
            verify=await asyncio.to_thread(_trust),
            trust_env=not near,
        )

    def _refused(self, answer: httpx.Response, text: str, deed: str) -> NoReturn:
        """Raises what an answer that is no success amounts to."""
        status, code = answer.status_code, _first(_CODE, text)
        if status >= 500 or status in _AGAIN or code in _AGAIN_CODES or answer.is_success:
            raise _Again(_status(status, code))
        raise self._fault(answer, text, deed)

    def _fault(self, answer: httpx.Response, text: str, deed: str) -> ThroughlineError:
        place, status, code = self.place, answer.status_code, _first(_CODE, text)
        match code, status:
            case ("RequestTimeTooSkewed", _):
                return ClipsUnreachable(place=str(place), reason="its clock and this machine's are too far apart")
            case ("InvalidAccessKeyId" | "InvalidToken" | "ExpiredToken" | "NotSignedUp", _):
                name, reason = KEY, f"{place.endpoint} does not accept it ({code})"
            case ("SignatureDoesNotMatch", _):
                name, reason = SECRET, f"it is not the secret of {KEY}"
            case ("AuthorizationHeaderMalformed" | "IllegalLocationConstraintException", _) | (
                _,
                301 | 302 | 307 | 308,
            ):
                name, reason = REGION, f"the bucket is in {_region(answer, text)}"
            case ("NoSuchBucket", _) | (_, 404):
                name, reason = URL, f"there is no bucket {place.bucket} at {place.endpoint}"
            case (_, 401 | 403):
                name, reason = KEY, f"it may not {deed} in {place} ({code or status})"
            case _:
                return ClipsUnreachable(place=str(place), reason=_status(status, code))
        return BadSetting(name=name, reason=reason)


def _region(answer: httpx.Response, text: str) -> str:
    there = answer.headers.get("x-amz-bucket-region", "") or _first(_WHERE, text)
    return there if re.fullmatch(r"[a-z0-9-]{1,40}", there) else "another region"


def _status(status: int, code: str) -> str:
    return f"HTTP {status}{f' {code}' if code else ''}"


async def _tried(once: Callable[[httpx.AsyncClient], Awaitable[T]], client: httpx.AsyncClient) -> T:
    try:
        return await once(client)
    except TimeoutError:
        raise _Again("too slow") from None
    except httpx.TimeoutException:
        raise _Again("no answer in time") from None
    except httpx.HTTPError as error:
        raise _Again(type(error).__name__) from None  # its text may tell addresses, never more than this is needed


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    return httpx.create_ssl_context()


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _no_slower(size: int) -> AbstractAsyncContextManager[Any]:
    """Raises TimeoutError where that many bytes take longer than the slowest line that is of use."""
    return asyncio.timeout(60.0 + size / SLOWEST)


async def _text(answer: httpx.Response) -> str:
    """A short answer, whole."""
    body = b""
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > ANSWER_BYTES:
            raise _Again("an answer without end")
    return body.decode("utf-8", "replace")


async def _pieces(stream: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(stream.read, PIECE):
        yield piece


async def _written(answer: httpx.Response, into: Path, most: int) -> str:
    told, held = hashlib.sha256(), 0
    with await asyncio.to_thread(into.open, "wb") as file:
        async for piece in answer.aiter_raw(PIECE):
            held += len(piece)
            if held > most:
                raise _Again("more than there should be")
            await asyncio.to_thread(told.update, piece)
            await asyncio.to_thread(file.write, piece)
    if held < most:
        raise _Again("less than there should be")
    return told.hexdigest()
