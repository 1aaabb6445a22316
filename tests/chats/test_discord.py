"""Discord from end to end: what members do, and what they see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chats.stage import Stage, cards, clip_of, clips, on_set, playable
from tests.fakes.discord import Channel, Guild, User
from tests.media_samples import tiny_png

pytestmark = pytest.mark.slow

FOX = "a fox crosses a snowy forest"


@dataclass
class Night:
    """A server with one channel and two members."""

    stage: Stage
    guild: Guild
    channel: Channel
    ines: User
    marek: User


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    """One rolls at a time, so that the second waits."""
    async with on_set(tmp_path / "home", "discord", table="[caps]\nrolling = 1\n") as stage:
        discord = stage.discord
        guild = discord.guild("set", tier=0)
        channel = discord.channel(guild, "night-shoots")
        yield Night(stage, guild, channel, discord.user("ines"), discord.user("marek"))


async def test_a_member_films_and_everybody_can_play_the_clip(night: Night) -> None:
    stage, channel = night.stage, night.channel
    stage.hold()

    heard = await stage.discord.slash(night.ines, channel, "generate", prompt=FOX)
    assert heard.ephemeral
    assert "The card comes" in heard.text
    await stage.seen(lambda: cards(channel, FOX) and "rolling" in cards(channel, FOX)[0].text)
    (card,) = cards(channel, FOX)
    assert "1A-1" in card.text
    assert "Cancel" in card.labels

    stage.release()
    posted = await stage.filmed(channel, FOX)
    film = playable(clip_of(posted))
    assert (film.seconds, film.frames) == (1.0, 24)
    assert posted.labels[:4] == ["Remix", "Next shot", "Retake", "Circle"]
    assert posted.id != card.id
    await stage.seen(lambda: card.gone or card.id not in channel.history)
    assert len(clips(channel)) == 1
    assert stage.orders(FOX) == 1


async def test_a_reply_remixes_and_another_members_reply_films_into_their_own_production(night: Night) -> None:
    stage, channel, discord = night.stage, night.channel, night.stage.discord
    await stage.ordered(night.ines, channel, FOX)
    first = await stage.filmed(channel, FOX)

    await discord.say(night.ines, channel, "the same at night", reply_to=first)
    second = await stage.filmed(channel, "the same at night")
    assert "1A-2" in second.text

    await discord.say(night.marek, channel, "the same in summer rain", reply_to=first)
    third = await stage.filmed(channel, "the same in summer rain")
    assert "1A-1" in third.text
    assert str(night.marek.id) in third.text
    told = next(job.fields["prompt"] for job in stage.video.book.jobs if "summer rain" in str(job.fields))
    assert FOX in told
    assert "at night" not in told

    await discord.say(night.marek, channel, "the same in fog", reply_to=first, ping=False)
    await stage.seen(lambda: cards(channel, "its ping was off"))
    assert stage.orders("fog") == 0


async def test_menu_button_and_form_lead_to_new_takes(night: Night) -> None:
    stage, channel, discord = night.stage, night.channel, night.stage.discord
    await stage.ordered(night.ines, channel, FOX)
    first = await stage.filmed(channel, FOX)

    opened = await discord.message_command(night.marek, first, "Remix this take")
    await discord.submit(night.marek, opened, {"words": "from a low angle"})
    assert "1A-1" in (await stage.filmed(channel, "from a low angle")).text

    await discord.press(night.ines, first, "Retake")
    assert "1A-2" in (await stage.filmed(channel, FOX, count=2)).text

    opened = await discord.press(night.ines, first, "Next shot")
    await discord.submit(night.ines, opened, {"What the camera sees": "an owl watches from a branch"})
    assert "1B-1" in (await stage.filmed(channel, "an owl watches from a branch")).text


async def test_cancelled_while_it_waits_and_while_it_rolls_and_by_whom(night: Night) -> None:
    stage, channel, discord = night.stage, night.channel, night.stage.discord
    mod = discord.user("mod")
    discord.moderator(mod, night.guild)
    stage.hold()
    rolling = await stage.ordered(night.ines, channel, FOX)
    await stage.seen(lambda: "rolling" in rolling.text)
    waiting = await stage.ordered(night.ines, channel, "an owl on a branch")
    await stage.seen(lambda: "in the queue" in waiting.text)

    stranger = await discord.press(night.marek, rolling, "Cancel")
    await stage.told(stranger, "belongs to another member")
    await discord.press(night.ines, waiting, "Cancel")
    await stage.seen(lambda: "was cancelled" in waiting.text)
    assert stage.orders("owl") == 0

    await discord.press(mod, rolling, "Cancel")
    await stage.seen(lambda: "was cancelled" in rolling.text)
    stage.release()
    await stage.ordered(night.ines, channel, "a hare runs")
    await stage.filmed(channel, "a hare runs")
    assert len(clips(channel)) == 1


async def test_what_is_asked_is_answered_to_the_member_alone(night: Night) -> None:
    stage, channel, discord = night.stage, night.channel, night.stage.discord
    await discord.slash(night.ines, channel, "style set", look="35mm, golden hour, quiet")
    await stage.ordered(night.ines, channel, FOX)
    posted = await stage.filmed(channel, FOX)
    asked = {
        "queue": "Nothing of yours",
        "help": "What to do next",
        "dailies": "1A-1",
        "style show": "golden hour",
        "shot": FOX,
    }
    for name, words in asked.items():
        heard = await discord.slash(night.ines, channel, name)
        await stage.told(heard, words)
        assert heard.ephemeral
    prompt = await stage.told(await discord.press(night.marek, posted, "Show the prompt"), "35mm, golden hour, quiet")
    assert FOX in prompt.text
    more = await stage.told(await discord.press(night.ines, posted, "More"), "more")
    assert more.labels
    assert channel.messages == [posted]


async def test_a_picture_starts_the_take(night: Night, tmp_path: Path) -> None:
    stage = night.stage
    picture = tiny_png(tmp_path / "start.png", (640, 360)).read_bytes()
    await stage.ordered(night.ines, night.channel, FOX, image=("start.png", picture))
    await stage.filmed(night.channel, FOX)
    (order,) = stage.video.asked("create")
    assert order.files["input_reference"][0].startswith("image/")

    owl = await stage.discord.slash(
        night.ines, night.channel, "generate", prompt="an owl", image=("owl.png", b"no picture")
    )
    await stage.told(owl, "not a picture")
    assert stage.orders("an owl") == 0


async def test_threads_direct_messages_and_foreign_servers(night: Night) -> None:
    stage, discord = night.stage, night.stage.discord
    thread = discord.thread(night.channel, "second unit")
    await stage.ordered(night.ines, thread, FOX)
    await stage.filmed(thread, FOX)

    direct = discord.dm(night.ines)
    await stage.ordered(night.ines, direct, "an owl in my own room")
    await stage.filmed(direct, "an owl in my own room")
    assert not cards(night.channel, "owl")

    abroad = discord.guild("elsewhere", installed=False)
    foyer = discord.channel(abroad, "foyer")
    guest = discord.user("guest", installed=True)
    heard = await discord.slash(guest, foyer, "generate", prompt="a heron in the mist")
    await stage.told(heard, "direct message")
    home = discord.dm(guest)
    await stage.filmed(home, "a heron in the mist")


async def test_a_film_that_takes_longer_than_the_token_lives_arrives(night: Night) -> None:
    stage, channel = night.stage, night.channel
    stage.hold()
    card = await stage.ordered(night.ines, channel, FOX)
    await stage.seen(lambda: "rolling" in card.text)
    stage.discord.skip(3600)
    stage.release()
    assert playable(clip_of(await stage.filmed(channel, FOX))).frames == 24


@pytest.mark.parametrize(("locale", "cancel", "remix"), [("zh-CN", "取消", "改一处"), ("zh-TW", "取消", "改一處")])
async def test_members_who_read_chinese(night: Night, locale: str, cancel: str, remix: str) -> None:
    stage, channel = night.stage, night.channel
    mei = stage.discord.user("mei", locale=locale)
    stage.hold()
    card = await stage.ordered(mei, channel, "一只狐狸穿过雪林")
    assert cancel in card.labels
    stage.release()
    posted = await stage.filmed(channel, "一只狐狸穿过雪林")
    assert remix in posted.labels
    helped = await stage.discord.slash(mei, channel, "help")
    await stage.told(helped, "/generate")
    assert "What to do next" not in helped.text
