"""/style as a member and a moderator use it: levels, where each field comes from, a take's spine, text."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards import Tone
from bot.levels import Level, holder_of, merged
from bot.people import Address
from bot.session import look_of
from bot.spine import Spine
from tests.dialogue import INES, MAREK, MODERATOR, Chat
from tests.fakes.storage import FakeStore


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_own_goes_before_the_channel_and_the_channel_before_the_server(chat: Chat) -> None:
    await chat.says("/style set level:server lens:35mm lens light:overcast mood:calm", member=MODERATOR)
    await chat.says("/style set level:channel light:neon mood:restless", member=MODERATOR)
    card = await chat.says("/style set mood:tense")

    labels = [(chip.label, chip.words) for chip in card.spine]
    assert labels == [
        ("Lens, from the server", "35mm lens"),
        ("Light, from the channel", "neon"),
        ("Mood", "tense"),
    ]
    await chat.says("A fox runs.")
    assert chat.prompts == ["Cinematography: 35mm lens. Lighting: neon. Mood: tense.\nA fox runs."]


async def test_a_server_look_is_seen_there_and_nowhere_else(chat: Chat) -> None:
    await chat.says("/style set level:server lens:35mm lens", member=MODERATOR)
    assert (await chat.says("/style", member=MAREK)).prompt[0].text == "Cinematography: 35mm lens."
    assert (await chat.says("/style", member=MAREK, place="elsewhere")).prompt == ()
    assert (await chat.says("/style", member=MAREK, place="direct-marek")).prompt == ()


@pytest.mark.parametrize("level", ["channel", "server"])
@pytest.mark.parametrize("said", ["set level:{} lens:85mm", "set preset:noir level:{}", "add level:{} lens:85mm"])
async def test_only_moderators_set_what_is_shared(chat: Chat, said: str, level: str) -> None:
    card = await chat.says(f"/style {said.format(level)}")
    assert card.tone is Tone.FAILED
    assert card.lines == ("What is shared here is set by moderators; your own needs no level.",)
    assert not chat.store.rows.spines


async def test_members_look_at_what_is_shared_and_cannot_clear_it(chat: Chat) -> None:
    await chat.says("/style set level:server lens:85mm", member=MODERATOR)
    shown = await chat.says("/style show level:server")
    assert (shown.title, shown.prompt[0].text) == ("The server’s spine", "Cinematography: 85mm.")
    assert "Version 1" in shown.lines[0]
    assert (await chat.says("/style clear level:server")).tone is Tone.FAILED
    await chat.says("/style clear level:server", member=MODERATOR)
    assert (await chat.says("/style")).prompt == ()


async def test_alone_with_the_bot_nothing_is_shared(chat: Chat) -> None:
    card = await chat.says("/style set level:server lens:85mm", member=MODERATOR, place="direct-mod")
    assert "Nothing is shared in a conversation with me alone" in card.lines[0]


async def test_clearing_ones_own_shows_what_is_inherited_again(chat: Chat) -> None:
    await chat.says("/style set level:server palette:teal", member=MODERATOR)
    own = await chat.says("/style set palette:酒红, nonsense")
    assert [(chip.words, chip.colour) for chip in own.spine] == [("酒红", "#5e1325"), ("nonsense", "")]
    cleared = await chat.says("/style clear")
    assert [(chip.label, chip.colour) for chip in cleared.spine] == [("Palette anchors, from the server", "#13807f")]


async def test_adding_goes_behind_what_one_sees_there(chat: Chat) -> None:
    await chat.says("/style set level:server palette:teal", member=MODERATOR)
    card = await chat.says("/style add palette:amber")
    assert card.prompt[0].text == "Palette anchors: teal, amber."
    assert (await chat.says("/style show level:server")).prompt[0].text == "Palette anchors: teal."


async def test_a_spine_out_of_a_take(chat: Chat) -> None:
    await chat.says("/style set preset:noir")
    hers = await chat.says("A fox.")
    his = await chat.says(f"/style from {hers.take}", member=MAREK)
    assert his.lines[0] == "Taken from 1A-1."
    assert his.prompt == (await chat.says("/style")).prompt
    assert (await chat.says("/style from 9Z-9")).tone is Tone.FAILED


async def test_out_as_text_and_in_again(chat: Chat) -> None:
    await chat.says("/style set lens:85mm lens mood:tense, quiet")
    text = (await chat.says("/style export")).prompt[0].text
    assert text == "# spine\nlens: 85mm lens\nmood: tense, quiet"
    assert (await chat.says(f"/style import {text}", member=MAREK)).prompt == (await chat.says("/style")).prompt
    refused = await chat.says("/style import weather: rain", member=MAREK)
    assert (refused.tone, len(refused.lines)) == (Tone.FAILED, 1)
    assert (await chat.says("/style export", place="elsewhere", member=MODERATOR)).prompt == ()


async def test_a_member_in_two_channels_of_one_server() -> None:
    store = FakeStore()
    one, two = (Address("discord", chat, server="9", member=INES.id) for chat in ("11", "12"))
    async with store.work() as w:
        for level, spine in ((Level.SERVER, Spine(lens="35mm", mood="calm")), (Level.CHANNEL, Spine(mood="loud"))):
            await w.spines.put(level, holder_of(level, INES.id, one) or "", spine, MODERATOR.id, 1.0)
        assert (await look_of(w, INES.id, one)).spine == Spine(lens="35mm", mood="loud")
        assert (await look_of(w, INES.id, two)).spine == Spine(lens="35mm", mood="calm")
    assert set(store.rows.spines) == {(Level.SERVER, "discord/9"), (Level.CHANNEL, "discord/9/11")}


async def test_what_holds_in_a_channel_holds_in_its_threads_and_is_set_there_too() -> None:
    store = FakeStore()
    channel = Address("discord", "11", server="9", member=INES.id)
    thread = Address("discord", "77", server="9", thread="77", channel="11", member=INES.id)
    stranger = Address("discord", "88", server="9", thread="88", channel="12", member=INES.id)
    async with store.work() as w:
        holder = holder_of(Level.CHANNEL, INES.id, thread)
        await w.spines.put(Level.CHANNEL, holder or "", Spine(mood="loud"), MODERATOR.id, 1.0)
        looks = [(await look_of(w, INES.id, place)).spine.mood for place in (channel, thread, stranger)]
    assert looks == ["loud", "loud", ""]


def test_each_field_knows_where_it_comes_from() -> None:
    look = merged({Level.SERVER: Spine(lens="35mm", mood="calm"), Level.OWN: Spine(mood="tense")})
    assert look.origins == {"lens": Level.SERVER, "mood": Level.OWN}
    assert look.inherited() == {Level.SERVER}
