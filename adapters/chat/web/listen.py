"""Events in: what the page sends becomes a Command, is stored as a wish, and only then acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.commands import Command, Dismiss, Generate, Shoot, build, from_action, to_dict
from bot.errors import BadValue, Busy, EmptyWords, ImageTooLarge, WordsTooLong
from bot.film import new_id
from bot.looks import Cast
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.ports import Clips, Gate, WorkFactory
from bot.reading import about, read
from bot.words import WORDS_MAX

JSON_BYTES: Final = 256 * 1024
"""40,000 characters of any script pass, to be told by the core that they are too many."""
IMAGE_BYTES: Final = 30 * 1024 * 1024
STORE_SECONDS: Final = 5.0
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


class Unreadable(Exception):
    """Not a form of ours."""


class TooBig(Exception):
    """The body is larger than any honest wish. `declined` says so."""

    def __init__(self, declined: WordsTooLong | ImageTooLarge) -> None:
        self.declined = declined
        super().__init__(str(declined))


def local_member(locale: str) -> Member:
    """The studio has one member: who sits at this machine."""
    return Member("web:local", locale=locale)


def local_address(locale: str) -> Address:
    """Where the studio's answers go."""
    return Address(platform="web", chat="studio", member="web:local", locale=locale)


def command_of(form: Mapping[str, Any], image: str | None = None) -> Command:
    """The command in ``{command, values}``, ``{action, words?}`` or ``{text, reply_to?, values?}``.

    `image` is the digest of an attached picture. Raises `Unreadable` or the `Declined` of `bot.commands`.
    """
    if "action" in form:
        return from_action(_text(form, "action"), _text(form, "words") if "words" in form else None)
    values = _values(form)
    if "command" in form:
        return _with_image(build(_text(form, "command"), values), image)
    text, reply_to = _text(form, "text"), form.get("reply_to") or None
    if reply_to is not None and not isinstance(reply_to, str):
        raise Unreadable
    if text.startswith("/"):
        return _with_image(about(read(text), reply_to), image)
    if not text.strip():
        raise EmptyWords
    if reply_to:
        return _with_image(build("remix", {**values, "change": text, "take": reply_to}), image)
    return _with_image(build("generate", {**values, "prompt": text}), image)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str):
        raise Unreadable
    return value


def _values(form: Mapping[str, Any]) -> dict[str, Any]:
    values = form.get("values") or {}
    if not isinstance(values, dict):
        raise Unreadable
    return {str(name): value for name, value in values.items() if name != "image"}


def _with_image(command: Command, image: str | None) -> Command:
    if image is None:
        return command
    if isinstance(command, (Generate, Cast)):
        return replace(command, image=image)
    raise BadValue(option="image", value=command.name, expected="/generate, /cast")


@dataclass
class Listener:
    """Reads a request, checks its picture, stores the wish."""

    work: WorkFactory
    clips: Clips
    gate: Gate
    locale: str

    async def hear(self, request: web.Request) -> str:
        """The stored wish's id. Raises `Unreadable`, `TooBig` or a `Declined`; then nothing was stored."""
        if request.content_type != "multipart/form-data":
            return await self.store(command_of(await json_form(request)))
        async with self.clips.scratch() as folder:
            form, picture = await _parts(request, folder)
            command_of(form)  # a wish that cannot be read costs nobody the look at its picture
            return await self.store(command_of(form, await self._taken_in(picture) if picture else None))

    async def _taken_in(self, picture: Path) -> str:
        found = await self.gate.picture(picture)
        return await self.clips.store(picture, SUFFIXES.get(found.media_type, ".img"))

    async def store(self, command: Command) -> str:
        """One INSERT; a database that does not answer in time is `Busy`."""
        address = replace(local_address(self.locale), pressed=_pressed(command))
        wish = Wish(new_id(), local_member(self.locale), address, to_dict(command), time.time())
        try:
            async with asyncio.timeout(STORE_SECONDS), self.work() as w:
                await w.wishes.add(wish)
        except TimeoutError as slow:
            raise Busy from slow
        return wish.id


def _pressed(command: Command) -> str | None:
    """The post whose button says that: an idea stands under its own id."""
    return f"web/studio/{command.idea}" if isinstance(command, Shoot | Dismiss) else None


def _form(raw: bytes) -> dict[str, Any]:
    try:
        form = json.loads(raw)
    except (ValueError, RecursionError) as bad:
        raise Unreadable from bad
    if not isinstance(form, dict):
        raise Unreadable
    return form


async def json_form(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object. Raises `Unreadable`, or `TooBig` before more than `JSON_BYTES` are read."""
    if (request.content_length or 0) > JSON_BYTES:
        raise _too_many_words(request.content_length or 0)
    raw = bytearray()
    async for piece in request.content.iter_chunked(65536):
        raw += piece
        if len(raw) > JSON_BYTES:
            raise _too_many_words(len(raw))
    return _form(bytes(raw))


def _too_many_words(length: int) -> TooBig:
    return TooBig(WordsTooLong(length=length, limit=WORDS_MAX))


async def _parts(request: web.Request, folder: Path) -> tuple[dict[str, Any], Path | None]:
    """The form's ``wish`` (JSON) and its ``image``, streamed into the folder."""
    if (request.content_length or 0) > IMAGE_BYTES + JSON_BYTES:
        raise TooBig(ImageTooLarge(limit="30 MB"))
    form: dict[str, Any] | None = None
    picture: Path | None = None
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "wish" and form is None:
                form = _form(await _bytes(part))
            elif isinstance(part, BodyPartReader) and part.name == "image" and picture is None:
                picture = await _saved(part, folder / "reference")
            else:
                raise Unreadable
    except (
        ValueError,
        AssertionError,
        RuntimeError,
        HttpProcessingError,
    ) as bad:  # what aiohttp says of a broken multipart body
        raise Unreadable from bad
    if form is None:
        raise Unreadable
    return form, picture


async def _bytes(part: BodyPartReader) -> bytes:
    raw = bytearray()
    while piece := await part.read_chunk():
        raw += piece
        if len(raw) > JSON_BYTES:
            raise _too_many_words(len(raw))
    return bytes(raw)


async def _saved(part: BodyPartReader, file: Path) -> Path:
    size = 0
    with await asyncio.to_thread(file.open, "wb") as out:
        while piece := await part.read_chunk(65536):
            size += len(piece)
            if size > IMAGE_BYTES:
                raise TooBig(ImageTooLarge(limit="30 MB"))
            await asyncio.to_thread(out.write, piece)
    return file
