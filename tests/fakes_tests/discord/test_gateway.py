"""The gateway, with the real discord.py on it."""

import asyncio

import aiohttp
import discord as library
import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import Raw
from tests.fakes_tests.discord.small_bot import ManyConnections, SmallBot


async def test_a_command_reaches_the_bot_and_comes_back(discord: FakeDiscord, place: Channel, ines: User) -> None:
    async with discord.connected(SmallBot()):
        heard = await discord.slash(ines, place, "echo", words="a fox")
        await heard.settled()
    assert (heard.kind, heard.ephemeral, heard.text, heard.acknowledged_within < 1) == (5, True, "said: a fox", True)
    assert [said.text for said in place.messages] == ["a fox"]
    assert discord.broken == []


async def test_words_come_without_their_content(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    async with discord.connected(bot := SmallBot()):
        await raw.say(place, content="a clip")
        clip = place.last
        echoed = (await discord.slash(ines, place, "echo", words="x")).original
        assert echoed is not None
        tom = discord.user("tom")
        plain = await discord.say(tom, place, "hello")
        for words, target, ping in (("at night", clip, True), ("by day", clip, False), ("in rain", plain, True)):
            await discord.say(ines, place, words, reply_to=target, ping=ping)
        await discord.say(ines, place, "mine", reply_to=echoed)
        await discord.say(ines, place, f"you, <@{discord.bot_id}>")
        await discord.say(ines, discord.dm(ines), "in private")
        await discord.until(lambda: len(bot.said) == 7)
    contents = [said.content for said in bot.said]
    assert contents == ["", "at night", "", "", "", f"you, <@{discord.bot_id}>", "in private"]
    first = bot.said[1]
    assert first.type is library.MessageType.reply
    assert first.reference is not None
    assert (first.reference.message_id, [who.id for who in first.mentions]) == (clip.id, [discord.bot_id])
    assert isinstance(first.reference.resolved, library.Message)
    assert (first.reference.resolved.content, bot.said[6].guild) == ("a clip", None)


async def test_pictures_come_with_replies_only(discord: FakeDiscord, place: Channel, ines: User) -> None:
    async with discord.connected(bot := SmallBot()):
        take = discord.bot_says(place, "1A-1")
        for target in (take, None):
            await discord.say(ines, place, "like this", reply_to=target, files={"fox.png": b"PNG"})
        await discord.until(lambda: len(bot.said) == 2)
        [picture] = bot.said[0].attachments
        assert (picture.filename, await picture.read(), bot.said[1].attachments) == ("fox.png", b"PNG", [])


async def test_with_the_intent_all_is_told() -> None:
    async with FakeDiscord(limits=False, message_content=True) as fake:
        place, intents = fake.channel(fake.guild("set"), "chat"), library.Intents.default()
        intents.message_content = True
        bot = SmallBot()
        bot._connection._intents = intents
        async with fake.connected(bot):
            await fake.say(fake.user("ines"), place, "hello")
            await fake.until(lambda: bot.said)
    assert bot.said[0].content == "hello"


async def test_an_intent_that_was_not_granted_closes_the_door(discord: FakeDiscord) -> None:
    bot = SmallBot(sync=False)
    bot._connection._intents = library.Intents.all()
    with pytest.raises(library.PrivilegedIntentsRequired):
        async with discord.connected(bot):
            pass


async def test_a_wrong_token_closes_the_door(discord: FakeDiscord) -> None:
    bot = SmallBot(sync=False)
    with discord.pointed(), pytest.raises(library.LoginFailure):
        async with bot:
            await bot.start("someone-else")


async def test_a_broken_connection_is_resumed_and_nothing_is_missed(
    discord: FakeDiscord, place: Channel, ines: User
) -> None:
    async with discord.connected(bot := SmallBot()):
        await discord.drop_gateway()
        waiting = asyncio.create_task(discord.slash(ines, place, "echo", words="meanwhile"))
        heard = await (await waiting).settled()
        await discord.until(lambda: bot.events)
    assert (heard.text, bot.events, discord.gateway.identifies) == ("said: meanwhile", ["resumed"], 1)


async def test_a_forgotten_session_begins_anew(discord: FakeDiscord, place: Channel, ines: User) -> None:
    async with discord.connected(SmallBot()):
        await discord.drop_gateway(forget=True)
        await discord.until(lambda: discord.gateway.identifies == 2 and discord.gateway.connected(), 20)
        heard = await (await discord.slash(ines, place, "echo", words="again")).settled()
    assert heard.text == "said: again"


async def test_the_gateway_may_ask_to_reconnect(discord: FakeDiscord) -> None:
    async with discord.connected(bot := SmallBot(sync=False)):
        await discord.gateway.ask_to_reconnect()
        await discord.until(lambda: bot.events == ["resumed"], 10)
    assert discord.gateway.identifies == 1


async def test_shards_hear_only_their_own_guilds() -> None:
    async with FakeDiscord(limits=False, shards=2) as fake:
        places = [fake.channel(fake.guild(f"set {number}"), "chat") for number in range(4)]
        bot, ines = ManyConnections(), fake.user("ines")
        async with fake.connected(bot):
            assert sorted(session.shard for session in fake.gateway.connected()) == [0, 1]
            heard = [await fake.slash(ines, where, "echo", words="x") for where in (*places, fake.dm(ines))]
            for one in heard:
                await one.settled()
            shards = [guild.shard_id for guild in bot.guilds]
            before = {session.shard: session.seq for session in fake.gateway.connected()}
            await fake.say(ines, fake.dm(ines), "hello")
            after = {session.shard: session.seq for session in fake.gateway.connected()}
    assert {one.kind for one in heard} == {5}
    assert (len(bot.guilds), set(shards)) == (4, {0, 1})
    assert (after[0] - before[0], after[1] - before[1]) == (1, 0)


async def test_coming_and_going(discord: FakeDiscord, place: Channel) -> None:
    assert place.guild
    async with discord.connected(bot := SmallBot()):
        discord.guild("new set")
        discord.kick(place.guild)
        await discord.until(lambda: len(bot.events) == 2)
        assert sorted(bot.events) == ["joined new set", "left set"]
        discord.delete(discord.channel(next(iter(discord.guilds.values())), "short-lived"))


async def test_rights_reach_the_library(discord: FakeDiscord, place: Channel) -> None:
    async with discord.connected(bot := SmallBot()):
        channel = bot.get_channel(place.id)
        assert isinstance(channel, library.TextChannel)
        assert channel.permissions_for(channel.guild.me).attach_files
        discord.revoke(place, "attach_files")
        await discord.until(lambda: not channel.permissions_for(channel.guild.me).attach_files)
        assert channel.guild.filesize_limit == 10 * 2**20


async def test_a_client_that_talks_too_much_is_cut_off(discord: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        await socket.receive_json()
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        while (frame := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    assert frame.data == 4008


async def test_nothing_before_identifying(discord: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        hello = await socket.receive_json()
        await socket.send_json({"op": 3, "d": {}})
        assert (hello["op"], (await socket.receive()).data) == (10, 4003)


async def test_without_a_gateway_the_library_posts_all_the_same(discord: FakeDiscord, place: Channel) -> None:
    with discord.pointed():
        async with library.Client(
            intents=library.Intents.none(), allowed_mentions=library.AllowedMentions.none()
        ) as client:
            await client.login(discord.token)
            channel = client.get_partial_messageable(place.id)
            said = await channel.send("a card", nonce="d-1")
            await channel.get_partial_message(said.id).edit(content="72 %")
            history = [one.content async for one in channel.history(limit=5)]
    assert (history, place.last.edits, discord.gateway.identifies, discord.broken) == (["72 %"], 1, 0, [])
