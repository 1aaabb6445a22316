"""A bare client: it sends what it is told, right or wrong."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.discord import Channel, FakeDiscord, Heard, User
from tests.fakes.discord.acts import Acts

MIB = 2**20
V2 = 1 << 15
QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@dataclass(frozen=True)
class Answer:
    """Status, body, headers."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def no(self) -> tuple[int, int]:
        """Status and Discord's code."""
        return self.status, self.body["code"]

    @property
    def faults(self) -> list[str]:
        """The codes of a form's errors, with their places."""
        return list(places(self.body.get("errors", {}), ""))


def places(errors: dict[str, Any], path: str) -> list[str]:
    """``components.0.label: BASE_TYPE_BAD_LENGTH`` of a form's errors."""
    own = [f"{path}: {one['code']}" for one in errors.get("_errors", [])]
    inner = [places(value, f"{path}.{key}".lstrip(".")) for key, value in errors.items() if key != "_errors"]
    return own + [line for lines in inner for line in lines]


class Raw:
    """``await raw("POST", "/channels/7/messages", {"content": "hello"}, files={"a.mp4": b"…"})``."""

    def __init__(self, session: aiohttp.ClientSession, fake: FakeDiscord) -> None:
        self._session, self.fake = session, fake
        self.headers = {"Authorization": f"Bot {fake.token}"}

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: dict[str, bytes] | None = None,
        kind: str = "application/json",
    ) -> Answer:
        """One request."""
        data: Any = json.dumps(body) if body is not None else None
        headers = {**self.headers, "Content-Type": kind} if body is not None and not files else self.headers
        if files:
            data = form(body, files)
        async with self._session.request(method, self.fake.api_url + path, data=data, headers=headers) as answer:
            text = await answer.text()
            return Answer(answer.status, json.loads(text) if text else None, dict(answer.headers))

    async def say(self, place: Channel, *, files: dict[str, bytes] | None = None, **body: Any) -> Answer:
        """A message of the bot."""
        return await self("POST", f"/channels/{place.id}/messages", {**QUIET, **body}, files=files)

    async def edit(self, place: Channel, message: str, *, files: dict[str, bytes] | None = None, **body: Any) -> Answer:
        """A change to one."""
        return await self("PATCH", f"/channels/{place.id}/messages/{message}", {**QUIET, **body}, files=files)

    async def answer(self, heard: Heard, kind: int, data: dict[str, Any] | None = None) -> Answer:
        """The first answer to an interaction."""
        return await self(
            "POST", f"/interactions/{heard.id}/{heard.token}/callback", {"type": kind, "data": data or {}}
        )

    async def hook(self, heard: Heard, method: str, body: Any = None, message: str = "@original") -> Answer:
        """`@original`, by the interaction's token."""
        path = f"/webhooks/{self.fake.application_id}/{heard.token}"
        return await self(method, path if method == "POST" else f"{path}/messages/{message}", body)


def form(body: Any, files: dict[str, bytes]) -> aiohttp.FormData:
    """A message with files, as libraries send it."""
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, content) in enumerate(files.items()):
        data.add_field(f"files[{number}]", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return data


@contextlib.asynccontextmanager
async def talking(fake: FakeDiscord) -> AsyncIterator[Raw]:
    """A client and its connection."""
    async with aiohttp.ClientSession() as session:
        yield Raw(session, fake)


def unheard(fake: FakeDiscord, user: User, channel: Channel, name: str = "generate", **given: Any) -> Heard:
    """A command that no gateway carries: the test itself answers it."""
    if not fake.commands.get(None):
        fake.commands[None] = [command(name)]
    return Acts._slash(fake, user, channel, name, given)


def command(name: str) -> dict[str, Any]:
    """As registered, for everywhere."""
    about = {"id": "1", "name": name, "type": 1, "options": [], "contexts": [0, 1, 2], "integration_types": [0, 1]}
    return {**about, "description": "Film a shot.", "default_member_permissions": None}


async def soon(task: Callable[[], Any]) -> Any:
    """The first true answer within two seconds."""
    for _ in range(200):
        if found := task():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")
