"""The line to Discord: begun, kept through everything that breaks it, ended in time; commands registered when they differ."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from aiohttp import web

from adapters.chat import ChatSettings
from adapters.chat.discord.commands import TONGUES, declared
from adapters.chat.discord.library import API_URL, GATEWAY_URL, point
from adapters.chat.discord.listen import DiscordListener, is_refused
from adapters.chat.discord.sync import same
from bot.errors import BadSetting
from tests.adapters.chat.discord.stage_listen import House, house
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.gateway import Line


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


def listener(house: House, **options: str) -> DiscordListener:
    """One with other settings."""
    given = {"DISCORD_TOKEN": house.discord.token, "DISCORD_API_URL": house.discord.api_url}
    given["DISCORD_GATEWAY_URL"] = house.discord.gateway_url
    return DiscordListener(ChatSettings(given | options), house.intake, house.poster)


async def test_it_asks_for_no_privileged_intent(here: House) -> None:
    (session,) = here.discord.gateway.connected()
    assert session.intents == 1 << 0 | 1 << 9 | 1 << 12


async def test_stopping_takes_less_than_three_seconds_and_ends_the_session(here: House) -> None:
    began = time.monotonic()
    await here.listener.stop()
    assert time.monotonic() - began < 3
    assert not here.discord.gateway.connected()
    await here.listener.stop()  # twice is as good as once


async def test_stopping_does_not_wait_for_a_gateway_that_does_not_hang_up() -> None:
    fake = FakeDiscord()

    async def never_hangs_up(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        line = Line(fake.gateway, socket)
        while fake.gateway.identifies == 0:
            await line.heard((await socket.receive()).json())
        await asyncio.Event().wait()
        return socket

    fake.gateway.serve = never_hangs_up  # type: ignore[method-assign]
    async with fake:
        here = House(fake)
        await here.open()
        began = time.monotonic()
        await here.listener.stop()
        assert time.monotonic() - began < 3
        await here.close()
    point()


async def test_a_wrong_token_names_the_setting_and_not_the_token(here: House) -> None:
    with pytest.raises(BadSetting, match="DISCORD_TOKEN") as caught:
        await listener(here, DISCORD_TOKEN="not-the-token").start(5)
    assert "not-the-token" not in str(caught.value)


async def test_an_address_where_nobody_is_names_the_setting(here: House) -> None:
    with pytest.raises(BadSetting, match="DISCORD_API_URL"):
        await listener(here, DISCORD_API_URL="http://127.0.0.1:9/api/v10").start(5)


async def test_a_gateway_that_does_not_answer_names_the_setting(here: House) -> None:
    began = time.monotonic()
    with pytest.raises(BadSetting, match="DISCORD_GATEWAY_URL"):
        await listener(here, DISCORD_GATEWAY_URL="ws://127.0.0.1:9/").start(0.5)
    assert time.monotonic() - began < 3.5


async def test_a_broken_connection_is_taken_up_where_it_broke(here: House) -> None:
    await here.discord.drop_gateway(4000)
    said = asyncio.create_task(here.discord.say(here.ines, here.channel, "at night", reply_to=await here.take()))
    await said
    assert (await here.heard()).command["values"]["change"] == "at night"
    assert here.discord.gateway.identifies == 1


async def test_discords_wish_to_reconnect_is_followed(here: House) -> None:
    await here.discord.gateway.ask_to_reconnect()
    await here.discord.say(here.ines, here.channel, "at night", reply_to=await here.take())
    await here.heard()


async def test_events_that_cannot_be_read_do_not_end_the_line(here: House, caplog: pytest.LogCaptureFixture) -> None:
    odd: tuple[dict[str, Any], ...] = ({}, {"id": "an ocelot"}, {"type": {}}, {"id": None, "guild_id": []})
    for event in ("INTERACTION_CREATE", "MESSAGE_CREATE", "GUILD_CREATE", "CHANNEL_UPDATE", "NO_SUCH_EVENT"):
        for data in odd:
            here.discord.gateway.dispatch(event, None, lambda _, data=data: data)  # type: ignore[misc]
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    assert heard.acknowledged
    assert here.discord.gateway.identifies == 1
    assert "ocelot" not in "".join(r.getMessage() for r in caplog.records if r.levelname != "DEBUG")
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


async def test_a_line_that_breaks_in_an_unknown_way_is_begun_anew(here: House) -> None:
    here.listener.again_after = (0.05,)
    (session,) = here.discord.gateway.connected()
    session.outbox.put_nowait("{this is no JSON")
    await here.discord.until(lambda: here.discord.gateway.identifies == 2)
    await here.discord.until(lambda: len(here.discord.gateway.connected()) == 1)
    assert (await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")).acknowledged


async def test_a_named_gateway_is_kept_to_whatever_discord_says() -> None:
    """A proxy stands before the gateway; Discord tells its own addresses, to connect and to resume."""

    class Elsewhere(FakeDiscord):
        @property
        def gateway_url(self) -> str:
            return "ws://127.0.0.1:9/gw/"

    async with Elsewhere() as fake:
        here = House(fake)
        here.listener = listener(here, DISCORD_GATEWAY_URL=fake.origin.replace("http", "ws") + "/gw/")
        try:
            await here.open()
            await fake.drop_gateway(4000)
            await fake.until(lambda: not fake.gateway.connected())
            await fake.until(fake.gateway.connected)
            assert (await fake.slash(here.ines, here.channel, "generate", prompt="a fox")).acknowledged
            assert fake.gateway.identifies == 1
        finally:
            await here.close()
            point()


async def test_two_shards_hear_both(here: House) -> None:
    await here.listener.stop()
    here.discord.shards = 2
    await here.restart()
    assert sorted(session.shard for session in here.discord.gateway.connected()) == [0, 1]
    for name in ("first", "second", "third", "fourth"):
        channel = here.discord.channel(here.discord.guild(name), "set")
        assert (await here.discord.slash(here.ines, channel, "generate", prompt=name)).acknowledged


# ---------------------------------------------------------------- the list of commands


async def test_the_commands_are_registered_once_and_again_only_when_they_differ(here: House) -> None:
    def times(method: str) -> int:
        return len([call for call in here.discord.calls if call.method == method and call.route.endswith("/commands")])

    await here.discord.until(lambda: times("PUT") == 1)
    await here.restart()
    await here.discord.until(lambda: times("GET") == 2)
    await here.quiet()
    assert times("PUT") == 1
    here.discord.commands[None][0]["description"] = "yesterday's"
    await here.restart()
    await here.discord.until(lambda: times("PUT") == 2)


async def test_commands_that_cannot_be_registered_do_not_keep_the_bot_from_hearing(here: House) -> None:
    here.discord.commands[None][0]["description"] = "yesterday's"
    here.discord.faults.add("PUT", "/commands$", 403, code=50001)
    await here.restart()
    assert (await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")).acknowledged


def test_discords_own_additions_make_no_difference() -> None:
    there = copy.deepcopy(declared())
    for about in there:
        about |= {"id": "1", "version": "2", "application_id": "3", "contexts": [2, 1, 0], "dm_permission": True}
        for option in about.get("options", ()):
            for name in [name for name, value in option.items() if value is False or value in ([], {})]:
                del option[name]
    assert same(declared(), list(reversed(there)))


@pytest.mark.parametrize("change", ["description", "choices", "required", "name_localizations", "fewer", "max_length"])
def test_what_differs_is_noticed(change: str) -> None:
    there: Any = copy.deepcopy(declared())
    generate = there[0]
    if change == "fewer":
        del generate["options"][-1]
    elif change == "description":
        generate["description"] = "else"
    elif change == "name_localizations":
        del generate["name_localizations"]["zh-TW"]
    elif change == "choices":
        next(option for option in generate["options"] if option.get("choices"))["choices"].pop()
    else:
        generate["options"][0][change] = 0
    assert not same(declared(), there)


def texts(about: dict[str, Any], tongue: str) -> int:
    """Characters that count towards the limit of 8000: names, descriptions and values, in one language."""
    own = 0
    for key in ("name", "description"):
        own += len(about.get(f"{key}_localizations", {}).get(tongue, about.get(key, "")))
    own += len(str(about["value"])) if "value" in about else 0
    return own + sum(texts(each, tongue) for key in ("options", "choices") for each in about.get(key, ()))


@pytest.mark.parametrize("about", declared(), ids=lambda about: str(about["name"]))
def test_each_command_keeps_the_platforms_limits(about: dict[str, Any]) -> None:
    assert all(texts(about, tongue) <= 8000 for tongue in ("en-US", *TONGUES))
    parts = [about]
    while parts:
        part = parts.pop()
        inside = part.get("options", [])
        assert len(inside) <= 25
        assert len(part.get("choices", [])) <= 25
        for tongue in TONGUES:
            names = [each["name_localizations"][tongue] for each in inside]
            assert len(set(names)) == len(names), names
        if "description" in part:
            described = [part["description"], *part["description_localizations"].values()]
            assert all(1 <= len(text) <= 100 for text in described), described
            assert all(
                name == name.lower() and " " not in name and len(name) <= 32
                for name in part["name_localizations"].values()
            )
        parts += inside


# ---------------------------------------------------------------- where it connects


def test_the_library_is_pointed_elsewhere_and_back() -> None:
    point("http://127.0.0.1:8085", "ws://127.0.0.1:8085/gw/")
    assert discord.http.Route.BASE == "http://127.0.0.1:8085/api/v10"
    point("http://proxy/api/v9/")
    assert discord.http.Route.BASE == "http://proxy/api/v9"
    point()
    assert (discord.http.Route.BASE, str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)) == (API_URL, GATEWAY_URL)


async def test_only_what_will_never_work_is_given_up() -> None:
    async with FakeDiscord() as fake:
        here = House(fake)
        await here.open()
        client = here.listener._client
        assert client
        await fake.drop_gateway(4004)
        life = here.listener._life
        assert life
        await asyncio.wait({life}, timeout=5)
        fault = life.exception()
        assert fault is not None
        assert is_refused(fault)
        assert not is_refused(RuntimeError())
        await here.close()
    point()
