"""The fake in a process of its own, steered over HTTP: ``POST /control/<verb>`` with JSON in, JSON out.

Things are named by what makes them out: users, guilds and channels by id or name, messages by id, interactions by token. A
refusal by the member's own app (AssertionError) comes back as 409 with its sentence. ``Remote`` is the other end::

    async with spawned() as remote:                      # python -m tests.fakes.discord, ended with the block
        await remote("guild", name="set", tier=0)
        await remote("channel", guild="set", name="night-shoots")
        await remote("user", name="ines")
        heard = await remote("slash", user="ines", channel="night-shoots", name="generate", options={"prompt": "a fox"})
        shown = await remote("messages", channel="night-shoots")     # [{"id": …, "text": …, "files": {"a.mp4": 100}, …}]
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import hashlib
import json
import math
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.discord.heard import Heard
from tests.fakes.discord.nouns import Channel, Guild, Message, User
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.server import FakeDiscord

VERBS: dict[str, Callable[[Controlled, Json], Awaitable[Any]]] = {}
Verb = Callable[["Controlled", Json], Any]


def verb(function: Verb) -> Verb:
    """Offer a function under its own name, less the underscore that keeps it from hiding a builtin."""

    async def run(fake: Controlled, said: Json) -> Any:
        answer = function(fake, said)
        return await answer if asyncio.iscoroutine(answer) else answer

    VERBS[function.__name__.rstrip("_")] = run
    return function


class Controlled(FakeDiscord):
    """The fake, with the endpoints that steer it."""

    def _more_routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/control/{verb}", self._control)

    async def _control(self, request: web.Request) -> web.Response:
        run = VERBS.get(request.match_info["verb"])
        if run is None:
            return web.json_response({"error": f"verbs: {sorted(VERBS)}"}, status=404)
        said = await request.json() if request.can_read_body else dict(request.query)
        try:
            return web.json_response(await run(self, said))
        except (AssertionError, KeyError) as no:
            return web.json_response({"error": str(no)}, status=409)

    def one_guild(self, name: str) -> Guild:
        """By id or name."""
        return next(house for house in self.guilds.values() if name in (str(house.id), house.name))

    def one_channel(self, name: str) -> Channel:
        """By id or name."""
        found = [place for place in self.channels.values() if name in (str(place.id), place.name)]
        assert found, f"no channel {name}"
        return found[0]

    def one_user(self, name: str) -> User:
        """By id or name."""
        found = [who for who in self.users.values() if name in (str(who.id), who.name)]
        assert found, f"no user {name}"
        return found[0]

    def one_message(self, said: Json) -> Message | Heard:
        """By the channel's name and the message's id, or the interaction's token whose answer it is."""
        if "token" in said:
            return self.interactions[said["token"]]
        place = self.one_channel(said["channel"])
        return place.history[int(said["message"])] if "message" in said else place.last


def shown(said: Message) -> Json:
    """A message as a test wants it; of each file its size and digest."""
    files = {name: [len(data), hashlib.sha256(data).hexdigest()] for name, data in said.files.items()}
    about: Json = {"id": str(said.id), "channel": str(said.channel.id), "author": said.author.name, "text": said.text}
    about |= {"labels": said.labels, "files": files, "nonce": said.nonce, "edits": said.edits, "created": said.created}
    about["buttons"] = [dataclasses.asdict(button) for button in said.buttons]
    return {**about, "reply_to": str(said.reply_to.id) if said.reply_to else None}


def told(heard: Heard) -> Json:
    """An interaction as a test wants it. `acknowledged_within` is null where there was no answer."""
    quick = None if math.isinf(heard.acknowledged_within) else heard.acknowledged_within
    about: Json = {"token": heard.token, "kind": heard.kind, "acknowledged_within": quick, "ephemeral": heard.ephemeral}
    about |= {"text": heard.text, "labels": heard.labels, "thinking": heard.thinking, "choices": heard.choices}
    about["followups"] = [shown(said) for said in heard.followups]
    if heard.modal:
        fields = [[one.custom_id, one.label, one.value] for one in heard.modal.fields]
        about["modal"] = {"title": heard.modal.title, "fields": fields}
    return about


def files_of(values: Json) -> Json:
    """Options or fields, with ``{"base64": …, "name": …}`` made files."""
    return {
        name: (value.get("name", "picture.png"), base64.b64decode(value["base64"]))
        if isinstance(value, dict)
        else value
        for name, value in values.items()
    }


@verb
def guild(fake: Controlled, said: Json) -> Json:
    """name, tier, installed, locale, external."""
    return {"id": str(fake.guild(**said).id)}


@verb
def channel(fake: Controlled, said: Json) -> Json:
    """guild, name, kind (text or forum)."""
    make = fake.forum if said.get("kind") == "forum" else fake.channel
    return {"id": str(make(fake.one_guild(said["guild"]), said["name"]).id)}


@verb
def thread(fake: Controlled, said: Json) -> Json:
    """channel, name, archived, locked."""
    return {"id": str(fake.thread(fake.one_channel(said.pop("channel")), **said).id)}


@verb
def user(fake: Controlled, said: Json) -> Json:
    """name, locale, installed, nitro_mib."""
    return {"id": str(fake.user(**said).id)}


@verb
def dm(fake: Controlled, said: Json) -> Json:
    """user."""
    return {"id": str(fake.dm(fake.one_user(said["user"])).id)}


@verb
async def slash(fake: Controlled, said: Json) -> Json:
    """user, channel, name, options."""
    who, where = fake.one_user(said["user"]), fake.one_channel(said["channel"])
    return told(await fake.slash(who, where, said["name"], **files_of(said.get("options", {}))))


@verb
async def crowd(fake: Controlled, said: Json) -> list[Json]:
    """count, channels, name, options, over: so many new members ask the same, spread over so many seconds (0: at one instant),
    each in one of the channels; what each heard first. ``{number}`` in an option is the member's."""
    count, places = int(said["count"]), [fake.one_channel(name) for name in said["channels"]]
    members = [fake.user(f"member-{len(fake.users)}") for _ in range(count)]

    async def one(number: int) -> Heard:
        await asyncio.sleep(number * said.get("over", 0.0) / count)
        options = {
            option: value.replace("{number}", str(number)) if isinstance(value, str) else value
            for option, value in said.get("options", {}).items()
        }
        return await fake.slash(members[number], places[number % len(places)], said["name"], **options)

    return [told(heard) for heard in await asyncio.gather(*[one(number) for number in range(count)])]


@verb
async def autocomplete(fake: Controlled, said: Json) -> Json:
    """user, channel, name, options."""
    who, where = fake.one_user(said["user"]), fake.one_channel(said["channel"])
    return told(await fake.autocomplete(who, where, said["name"], **said["options"]))


@verb
async def message_command(fake: Controlled, said: Json) -> Json:
    """user, channel, message, name."""
    target = fake.one_message(said)
    assert isinstance(target, Message)
    return told(await fake.message_command(fake.one_user(said["user"]), target, said["name"]))


@verb
async def press(fake: Controlled, said: Json) -> Json:
    """user, name, values; channel and message (the newest without it), or token."""
    return told(await fake.press(fake.one_user(said["user"]), fake.one_message(said), said["name"], said.get("values")))


@verb
async def submit(fake: Controlled, said: Json) -> Json:
    """user, token, values."""
    opened = fake.interactions[said["token"]]
    return told(await fake.submit(fake.one_user(said["user"]), opened, files_of(said.get("values", {}))))


@verb
async def say(fake: Controlled, said: Json) -> Json:
    """user, channel, text, reply_to (a message's id), ping."""
    where = fake.one_channel(said["channel"])
    target = where.history[int(said["reply_to"])] if said.get("reply_to") else None
    who = fake.one_user(said["user"])
    return shown(await fake.say(who, where, said["text"], reply_to=target, ping=said.get("ping", True)))


@verb
def heard(fake: Controlled, said: Json) -> Json:
    """token: an interaction as it stands now."""
    return told(fake.interactions[said["token"]])


@verb
def messages(fake: Controlled, said: Json) -> list[Json]:
    """channel: what stands there."""
    return [shown(one) for one in fake.one_channel(said["channel"]).messages]


@verb
def calls(fake: Controlled, said: Json) -> list[Json]:
    """since: requests from that number on."""
    return [dataclasses.asdict(call) for call in fake.calls[int(said.get("since", 0)) :]]


@verb
def state(fake: Controlled, _: Json) -> Json:
    """Addresses, who is connected, what was broken."""
    about: Json = {
        "api_url": fake.api_url,
        "gateway_url": fake.gateway_url,
        "token": fake.token,
        "calls": len(fake.calls),
    }
    about |= {"application_id": str(fake.application_id), "connected": len(fake.gateway.connected())}
    commands = [command["name"] for command in fake.commands.get(None, [])]
    return {**about, "broken": fake.broken, "invalid": fake.limits.invalid, "commands": commands}


@verb
def count(fake: Controlled, _: Json) -> Json:
    """How many requests and messages so far, and the processor time that this process took: cheap enough to ask often."""
    standing = sum(len(place.history) for place in fake.channels.values())
    return {
        "calls": len(fake.calls),
        "messages": standing,
        "refused": fake.limits.refused,
        "processor": time.process_time(),
    }


@verb
def faults(fake: Controlled, said: Json) -> Json:
    """method, route, what, code, delay, times, retry_after; with nothing: all that is still to come is forgotten."""
    fake.faults.add(**said) if said else fake.faults.clear()
    return {"waiting": len(fake.faults.waiting)}


@verb
def skip(fake: Controlled, said: Json) -> Json:
    """seconds."""
    fake.skip(float(said["seconds"]))
    return {}


@verb
def revoke(fake: Controlled, said: Json) -> Json:
    """channel, names."""
    fake.revoke(fake.one_channel(said["channel"]), *said["names"])
    return {}


@verb
def delete(fake: Controlled, said: Json) -> Json:
    """channel, and message for one message only."""
    thing = fake.one_message(said) if "message" in said else fake.one_channel(said["channel"])
    assert not isinstance(thing, Heard)
    fake.delete(thing)
    return {}


@verb
def close_dms(fake: Controlled, said: Json) -> Json:
    """user."""
    fake.close_dms(fake.one_user(said["user"]))
    return {}


@verb
def kick(fake: Controlled, said: Json) -> Json:
    """guild."""
    fake.kick(fake.one_guild(said["guild"]))
    return {}


@verb
async def drop_gateway(fake: Controlled, said: Json) -> Json:
    """code, forget."""
    await fake.drop_gateway(**said)
    return {}


class Remote:
    """The other end: ``await remote(verb, …)``. AssertionError with the fake's own sentence where it refuses."""

    def __init__(self, origin: str, session: aiohttp.ClientSession) -> None:
        self.origin, self._session = origin, session
        self.api_url, self.gateway_url = origin + "/api/v10", origin.replace("http", "ws", 1) + "/gw/"

    async def __call__(self, name: str, /, **said: Any) -> Any:
        """Do it, and what came of it."""
        async with self._session.post(f"{self.origin}/control/{name}", json=said) as answer:
            body = await answer.json()
        assert answer.status == 200, body["error"]
        return body


@contextlib.asynccontextmanager
async def spawned(*options: str) -> AsyncIterator[Remote]:
    """A fake in a process of its own, and its remote; `options` as for the command line."""
    command = [sys.executable, "-m", "tests.fakes.discord", "--port", "0", *options]
    root = Path(__file__).resolve().parents[3]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        first = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=120), connector=aiohttp.TCPConnector(limit=0)
        ) as session:
            yield Remote(first["origin"], session)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
