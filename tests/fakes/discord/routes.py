"""The endpoints, one short function each: what was asked in, status and answer out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import hooks, messages, payloads, registry, rights
from tests.fakes.discord.limits import Limited
from tests.fakes.discord.messages import Uploads
from tests.fakes.discord.nouns import DM, FORUM, TEXT, THREAD, Channel, Message
from tests.fakes.discord.refusals import Json, Refused, need_length
from tests.fakes.discord.world import World

HOUR = 3600.0
Answer = tuple[int, Any]


class TooFast(Exception):
    """A limit of its own, found by the endpoint."""

    def __init__(self, limited: Limited) -> None:
        super().__init__(limited.message)
        self.limited = limited


@dataclass
class Ask:
    """One request, read."""

    world: World
    at: dict[str, str]
    query: dict[str, str]
    body: Any = field(default_factory=dict)
    uploads: Uploads = field(default_factory=dict)

    def place(self) -> Channel:
        """The channel in the path."""
        return self.world.channel_at(number(self.at["channel"], 10003))

    def message(self) -> Message:
        """The message in the path."""
        return self.world.message_at(self.place(), number(self.at["message"], 10008))

    def shown(self, said: Message) -> Json:
        """As REST gives it back."""
        readable = self.world.readable(said) or self.world.message_content
        return payloads.message(said, self.world.origin, self.world.now(), readable=readable)


@dataclass(frozen=True)
class Route:
    """A method and a path with ``{names}``; `free`: without the bot's token."""

    method: str
    path: str
    answer: Callable[[Ask], Answer]
    free: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The path as a regular expression."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path) + "$")


def number(text: str, code: int) -> int:
    """A snowflake of a path. Raises `Refused` where it is none."""
    if not text.isdecimal():
        raise Refused(code)
    return int(text)


# messages


def post_message(ask: Ask) -> Answer:
    """POST /channels/{channel}/messages."""
    world, place = ask.world, ask.place()
    messages.check_place(world, place, ask.body, ask.uploads)
    nonce = ask.body.get("nonce") if ask.body.get("enforce_nonce") else None
    if nonce is not None and (first := remembered(world, str(nonce))):
        if first.gone:
            raise Refused(10008)
        return 200, ask.shown(first)
    said = messages.create(world, place, ask.body, ask.uploads)
    if nonce is not None:
        world.nonces[str(nonce)] = (world.now(), said)
    return 200, ask.shown(said)


def remembered(world: World, nonce: str) -> Message | None:
    """The first message with this nonce, while the window lasts."""
    at, said = world.nonces.get(nonce, (0.0, None))
    return said if world.now() - at < world.nonce_window else None


def patch_message(ask: Ask) -> Answer:
    """PATCH /channels/{channel}/messages/{message}."""
    said = ask.message()
    if said.author is not ask.world.bot:
        raise Refused(50005)
    if said.channel.archived:
        raise Refused(50083)
    if said.channel.bot_rights() & rights.ATTACH == 0 and ask.uploads:
        raise Refused(50013)
    if ask.world.now() - said.created > HOUR and (limited := ask.world.limits.take_old_edit(str(said.channel.id))):
        raise TooFast(limited)
    return 200, ask.shown(messages.change(ask.world, said, ask.body, ask.uploads))


def delete_message(ask: Ask) -> Answer:
    """DELETE of one message: one's own, or with the right to manage them."""
    said = ask.message()
    if said.author is not ask.world.bot and not said.channel.bot_rights() & rights.bits("manage_messages"):
        raise Refused(50013)
    messages.remove(ask.world, said)
    return 204, None


def get_message(ask: Ask) -> Answer:
    """GET of one message."""
    if not ask.place().bot_rights() & rights.HISTORY:
        raise Refused(50013)
    return 200, ask.shown(ask.message())


def get_messages(ask: Ask) -> Answer:
    """GET of the newest, newest first: 50 unless told, before or after one."""
    place = ask.place()
    found = place.messages if place.bot_rights() & rights.HISTORY else []
    if "before" in ask.query:
        found = [said for said in found if said.id < int(ask.query["before"])]
    limit = max(1, min(100, int(ask.query.get("limit", 50))))
    if "after" in ask.query:
        found = [said for said in found if said.id > int(ask.query["after"])][:limit]
    return 200, [ask.shown(said) for said in reversed(found[-limit:])]


# interactions


def post_callback(ask: Ask) -> Answer:
    """The first answer to an interaction."""
    world = ask.world
    heard = world.interactions.get(ask.at["token"])
    if heard is None or str(heard.id) != ask.at["interaction"]:
        raise Refused(10062)
    hooks.answer(world, heard, ask.body, ask.uploads)
    if ask.query.get("with_response") not in ("true", "1", "True"):
        return 204, None
    return 200, hooks.callback_body(heard, ask.shown(heard.original) if heard.original else None)


def post_followup(ask: Ask) -> Answer:
    """A follow-up."""
    heard = hooks.hook_at(ask.world, ask.at["token"])
    return 200, ask.shown(hooks.follow_up(ask.world, heard, ask.body, ask.uploads))


def get_answer(ask: Ask) -> Answer:
    """An answer as it stands."""
    return 200, ask.shown(hooks.find(hooks.hook_at(ask.world, ask.at["token"]), ask.at["message"]))


def patch_answer(ask: Ask) -> Answer:
    """An answer changed."""
    heard = hooks.hook_at(ask.world, ask.at["token"])
    return 200, ask.shown(hooks.edit(ask.world, heard, ask.at["message"], ask.body, ask.uploads))


def delete_answer(ask: Ask) -> Answer:
    """An answer taken back."""
    messages.remove(ask.world, hooks.find(hooks.hook_at(ask.world, ask.at["token"]), ask.at["message"]))
    return 204, None


# places and people


def get_me(ask: Ask) -> Answer:
    """The bot."""
    return 200, {
        **payloads.user(ask.world.bot),
        "verified": True,
        "mfa_enabled": False,
        "locale": "en-US",
        "email": None,
        "flags": 0,
    }


def get_application(ask: Ask) -> Answer:
    """The app, as OAuth2 and as itself."""
    world = ask.world
    owner = payloads.user(world.bot)
    flags = (1 << 18 | 1 << 19) if world.message_content else 0
    about: Json = {
        "id": str(world.application_id),
        "name": "Throughline",
        "icon": None,
        "description": "",
        "summary": "",
    }
    about |= {
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": owner,
        "flags": flags,
    }
    about |= {
        "team": None,
        "bot": owner,
        "approximate_guild_count": len(world.guilds),
        "interactions_endpoint_url": None,
    }
    return 200, {**about, "integration_types_config": {"0": {}, "1": {}}}


def get_gateway(ask: Ask) -> Answer:
    """Where the gateway is and how many shards it wants."""
    left = {
        "total": 1000,
        "remaining": 1000 - ask.world.gateway.identifies,
        "reset_after": 86_400_000,
        "max_concurrency": 16,
    }
    return 200, {"url": ask.world.gateway_url, "shards": ask.world.shards, "session_start_limit": left}


def get_guild(ask: Ask) -> Answer:
    """A guild that the bot is in."""
    house = ask.world.guilds.get(number(ask.at["guild"], 10004))
    if house is None:
        raise Refused(10004)
    if not house.present:
        raise Refused(50001)
    about = payloads.guild(house, ask.world.bot)
    return 200, {
        key: value for key, value in about.items() if key not in ("channels", "threads", "members", "member_count")
    }


def get_channel(ask: Ask) -> Answer:
    """A channel."""
    return 200, payloads.channel(ask.place(), ask.world.bot)


def post_direct(ask: Ask) -> Answer:
    """The direct channel to a person; made at the first time."""
    world = ask.world
    who = world.users.get(int(ask.body.get("recipient_id") or 0))
    if who is None or who is world.bot:
        raise Refused(10013)
    return 200, payloads.channel(direct(world, who.id), world.bot)


def direct(world: World, person: int) -> Channel:
    """The direct channel of the bot and a person."""
    who = world.users[person]
    for place in world.channels.values():
        if place.kind == DM and set(place.people) == {who, world.bot}:
            return place
    place = Channel(world.ids.make(), f"@{who.name}", DM, people=[who, world.bot])
    world.channels[place.id] = place
    return place


def post_thread(ask: Ask) -> Answer:
    """A forum post with its first message, or a thread of a text channel."""
    world, parent = ask.world, ask.place()
    need_length(ask.body.get("name"), "name", 1, 100)
    if not parent.bot_rights() & rights.bits("create_public_threads") and parent.kind != FORUM:
        raise Refused(50013)
    thread = Channel(world.ids.make(), ask.body["name"], THREAD, parent.guild, parent)
    about = payloads.channel(thread, world.bot)
    if parent.kind == FORUM:
        about["message"] = ask.shown(messages.create(world, thread, ask.body.get("message") or {}, ask.uploads))
    world.channels[thread.id] = thread
    assert parent.guild
    parent.guild.channels.append(thread)
    world.tell("THREAD_CREATE", thread, {**payloads.channel(thread, world.bot), "newly_created": True})
    return 201, about


def post_thread_of_message(ask: Ask) -> Answer:
    """A thread that begins at a message of a text channel, and has its id."""
    world, said = ask.world, ask.message()
    parent = said.channel
    need_length(ask.body.get("name"), "name", 1, 100)
    if parent.kind != TEXT:
        raise Refused(50024)
    if not parent.bot_rights() & rights.bits("create_public_threads"):
        raise Refused(50013)
    if said.id in world.channels:
        raise Refused(160004)
    thread = Channel(said.id, ask.body["name"], THREAD, parent.guild, parent)
    world.channels[thread.id] = thread
    assert parent.guild
    parent.guild.channels.append(thread)
    world.tell("THREAD_CREATE", thread, {**payloads.channel(thread, world.bot), "newly_created": True})
    return 201, payloads.channel(thread, world.bot)


def post_typing(ask: Ask) -> Answer:
    """The bot is typing."""
    ask.place()
    return 204, None


ROUTES = [
    Route("POST", "/channels/{channel}/messages", post_message),
    Route("PATCH", "/channels/{channel}/messages/{message}", patch_message),
    Route("DELETE", "/channels/{channel}/messages/{message}", delete_message),
    Route("GET", "/channels/{channel}/messages/{message}", get_message),
    Route("GET", "/channels/{channel}/messages", get_messages),
    Route("POST", "/interactions/{interaction}/{token}/callback", post_callback, free=True),
    Route("POST", "/webhooks/{app}/{token}", post_followup, free=True),
    Route("GET", "/webhooks/{app}/{token}/messages/{message}", get_answer, free=True),
    Route("PATCH", "/webhooks/{app}/{token}/messages/{message}", patch_answer, free=True),
    Route("DELETE", "/webhooks/{app}/{token}/messages/{message}", delete_answer, free=True),
    Route("GET", "/users/@me", get_me),
    Route("GET", "/oauth2/applications/@me", get_application),
    Route("GET", "/applications/@me", get_application),
    Route("GET", "/gateway/bot", get_gateway),
    Route("GET", "/guilds/{guild}", get_guild),
    Route("GET", "/channels/{channel}", get_channel),
    Route("POST", "/users/@me/channels", post_direct),
    Route("POST", "/channels/{channel}/threads", post_thread),
    Route("POST", "/channels/{channel}/messages/{message}/threads", post_thread_of_message),
    Route("POST", "/channels/{channel}/typing", post_typing),
    Route("PUT", "/applications/{app}/commands", lambda ask: registry.put_commands(ask.world, ask.at, ask.body)),
    Route("GET", "/applications/{app}/commands", lambda ask: registry.get_commands(ask.world, ask.at)),
    Route(
        "PUT",
        "/applications/{app}/guilds/{guild}/commands",
        lambda ask: registry.put_commands(ask.world, ask.at, ask.body),
    ),
    Route("GET", "/applications/{app}/guilds/{guild}/commands", lambda ask: registry.get_commands(ask.world, ask.at)),
]
PATTERNS = [(route, route.pattern()) for route in ROUTES]


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The endpoint for a path below ``/api/v10``, and what the path names."""
    for route, pattern in PATTERNS:
        if route.method == method and (found := pattern.match(path)):
            return route, found.groupdict()
    return None
