"""Registers the commands, only when what Discord has differs from what is declared: creates are limited to 200 a day."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.chat.discord.commands import Json, declared

log = logging.getLogger("throughline.discord")


async def sync(client: discord.Client) -> bool:
    """Bring Discord's list up to date; whether it had to be changed. Never raises: the bot also runs on yesterday's list."""
    try:
        return await _brought_up_to_date(client)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
        log.warning("the commands could not be registered: %s", fault)
        return False


async def _brought_up_to_date(client: discord.Client) -> bool:
    wanted, application = declared(), client.application_id
    assert application is not None  # known since the login
    route = Route("GET", "/applications/{application_id}/commands", application_id=str(application))
    there = await client.http.request(route, params={"with_localizations": "true"})
    if same(wanted, there):
        return False
    await client.http.bulk_upsert_global_commands(application, payload=wanted)
    log.info("%s commands registered", len(wanted))
    return True


def same(wanted: list[Json], there: Any) -> bool:
    """Whether Discord's list says the same; it adds ids and versions, and leaves out what is empty."""
    if not isinstance(there, list) or len(wanted) != len(there):
        return False
    by_name = {(each.get("type", 1), each.get("name")): each for each in there}
    return all(_says(each, by_name.get((each["type"], each["name"]))) for each in wanted)


def _says(ours: Any, theirs: Any) -> bool:
    """Whether `theirs` holds all that `ours` says. A list of bare numbers has no order."""
    if _empty(ours) or _empty(theirs):
        return _empty(ours) and _empty(theirs)
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(_says(value, theirs.get(name)) for name, value in ours.items())
    if isinstance(ours, list):
        if not isinstance(theirs, list) or len(ours) != len(theirs):
            return False
        if all(isinstance(each, int) for each in ours):
            return sorted(ours) == sorted(theirs)
        return all(_says(one, other) for one, other in zip(ours, theirs, strict=True))
    return bool(ours == theirs)


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})
