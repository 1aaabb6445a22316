"""The fake in a process of its own, with a bot in this one."""

import base64
import hashlib

import discord as library
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.control import Remote, spawned
from tests.fakes_tests.discord.raw import soon
from tests.fakes_tests.discord.small_bot import SmallBot


def point(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py speaks to that process."""
    monkeypatch.setattr(Route, "BASE", remote.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(remote.gateway_url))


async def test_a_scene_by_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    async with spawned("--limits", "0") as remote:
        point(remote, monkeypatch)
        await remote("guild", name="set", tier=2)
        await remote("channel", guild="set", name="night-shoots")
        await remote("user", name="ines", installed=True)
        token = (await remote("state"))["token"]
        async with SmallBot() as bot:
            await bot.login(token)
            assert (await remote("state"))["commands"] == ["echo"]
            with pytest.raises(AssertionError, match="never registered"):
                await remote("slash", user="ines", channel="night-shoots", name="generate")
        assert (await remote("state"))["broken"] == []


async def test_every_verb_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async with spawned("--limits", "0") as remote:
        point(remote, monkeypatch)
        await remote("guild", name="set")
        number = int((await remote("channel", guild="set", name="chat"))["id"])
        await remote("user", name="ines")
        async with library.Client(intents=library.Intents.none()) as client:
            await client.login((await remote("state"))["token"])
            place = client.get_partial_messageable(number)
            posted = await place.send("a clip", file=library.File(__file__, "a.mp4"))
            [shown] = await remote("messages", channel="chat")
            size, digest = shown["files"]["a.mp4"]
            content = await posted.attachments[0].read()
            assert (shown["text"], size, digest) == ("a clip", len(content), hashlib.sha256(content).hexdigest())
            await remote("faults", method="POST", route="messages", what=403, code=50013)
            with pytest.raises(library.Forbidden):
                await place.send("x")
            await remote("revoke", channel="chat", names=["send_messages"])
            with pytest.raises(library.Forbidden):
                await place.send("x")
            await remote("delete", channel="chat", message=shown["id"])
            with pytest.raises(library.NotFound):
                await place.get_partial_message(posted.id).edit(content="x")
        said = await remote("say", user="ines", channel="chat", text="hello")
        assert (said["author"], [one["text"] for one in await remote("messages", channel="chat")]) == (
            "ines",
            ["hello"],
        )
        routes = [(call["method"], call["status"]) for call in await remote("calls", since=2)]
        assert routes == [("POST", 200), ("POST", 403), ("POST", 403), ("PATCH", 404)]
        for verb, options in {
            "thread": {"channel": "chat", "name": "t"},
            "dm": {"user": "ines"},
            "close_dms": {"user": "ines"},
        }.items():
            await remote(verb, **options)
        await remote("skip", seconds=60)
        await remote("kick", guild="set")
        await remote("drop_gateway")
        assert await remote("faults") == {"waiting": 0}


async def test_a_whole_command_by_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    async with spawned() as remote:
        point(remote, monkeypatch)
        await remote("guild", name="set")
        await remote("channel", guild="set", name="chat")
        await remote("user", name="ines")
        bot = SmallBot()
        picture = {"name": "fox.png", "base64": base64.b64encode(b"PNG").decode()}
        bot.tree.add_command(library.app_commands.Command(name="look", description="Look.", callback=look))
        async with bot:
            running = bot.loop.create_task(bot.start((await remote("state"))["token"]))
            await soon(bot.is_ready)
            heard = await remote("slash", user="ines", channel="chat", name="look", options={"image": picture})
            assert (heard["kind"], heard["text"], heard["ephemeral"]) == (4, "fox.png: 3", True)
            assert heard["acknowledged_within"] < 2
            again = await remote("heard", token=heard["token"])
            assert again["text"] == heard["text"]
        await running


async def look(interaction: library.Interaction[SmallBot], image: library.Attachment) -> None:
    """Says what it got."""
    content = await image.read()
    await interaction.response.send_message(f"{image.filename}: {len(content)}", ephemeral=True)
