"""Slash commands: each is stored as one wish, acknowledged at once and to the member alone; what cannot be is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.commands import COMMANDS, Cancel, Extend, Generate, Remix, Retake, SessionCommand, Style, from_dict
from bot.film import Shape
from tests.adapters.chat.discord.stage_listen import House, house

PNG = ("fox.png", b"\x89PNG\r\n\x1a\n")


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


async def test_generate_is_stored_and_acknowledged_in_one_sentence(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox", seconds=6, shape="tall")
    assert heard.acknowledged_within < 1
    assert heard.ephemeral
    assert heard.text == "Understood. The card comes in a moment."
    assert from_dict(here.wish.command) == Generate(prompt="a fox", seconds=6, shape=Shape.TALL)
    await here.discord.until(lambda: here.taken_up == [here.wish.id])


async def test_the_wish_knows_who_and_where_and_the_way_back(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    wish, address = here.wish, here.wish.address
    assert wish.id == f"dc-{heard.id}"
    assert (wish.member.id, wish.member.name, wish.member.moderator) == (f"discord:{here.ines.id}", "Ines", False)
    assert (address.platform, address.chat, address.server) == ("discord", str(here.channel.id), str(here.guild.id))
    assert (address.thread, address.message, address.pressed) == (None, None, None)
    assert (address.direct, address.guest, address.locale) == (False, False, "en-US")
    assert address.hook == f"{here.discord.application_id}/{heard.token}"
    assert address.hook_until == here.clock.now() + 15 * 60 - 30


async def test_what_cannot_be_printed_is_left_out_of_a_name(here: House) -> None:
    here.ines.name = "i\x00ne\u202es" + "s" * 200
    await here.discord.slash(here.ines, here.channel, "dailies")
    assert here.wish.member.name.casefold() == "ines" + "s" * 76


async def test_a_picture_is_stored_by_its_address_and_not_fetched(here: House) -> None:
    await here.discord.slash(here.ines, here.channel, "generate", prompt="she turns", image=PNG)
    image = here.wish.command["values"]["image"]
    assert image.startswith(f"discord:{here.discord.origin}/attachments/")
    assert not [call for call in here.discord.calls if "attachments" in call.route]


async def test_a_file_that_is_no_picture_is_told_at_once(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox", image=("fox.mp4", b"clip"))
    assert heard.text == "That file is not a picture we can read. JPEG, PNG and WebP will do."
    assert not here.wishes


@pytest.mark.parametrize(
    ("line", "given", "command"),
    [
        ("remix", {"change": "at night", "take": "2B-3"}, Remix(change="at night", take="2B-3")),
        ("retake", {"take": "2B-3", "shape": "square"}, Retake(take="2B-3", shape=Shape.SQUARE)),
        ("extend", {"seconds": 4}, Extend(seconds=4)),
        ("generate", {"prompt": "a fox", "continue": False}, Generate(prompt="a fox", carry=False)),
    ],
)
async def test_what_films_is_answered_by_a_sentence(
    here: House, line: str, given: dict[str, Any], command: object
) -> None:
    heard = await here.discord.slash(here.ines, here.channel, line, **given)
    assert (heard.text, heard.ephemeral) == ("Understood. The card comes in a moment.", True)
    assert from_dict(here.wish.command) == command


@pytest.mark.parametrize(
    "line",
    ["style show", "style presets", "style clear", "session list", "session show", "dailies", "shot", "queue", "help"],
)
async def test_what_answers_with_a_card_thinks_to_the_member_alone(here: House, line: str) -> None:
    heard = await here.discord.slash(here.ines, here.channel, line)
    assert (heard.kind, heard.thinking, heard.ephemeral) == (5, True, True)
    assert here.wish.command["name"] == line.split(" ")[0]
    assert here.wish.command["values"].get("action", "show") == [*line.split(" "), "show"][1]


async def test_subcommands_become_actions(here: House) -> None:
    await here.discord.slash(here.ines, here.channel, "style set", look="rain on glass", lens="85mm lens")
    assert from_dict(here.wish.command) == Style(action="set", look="rain on glass", lens="85mm lens")  # type: ignore[arg-type]
    await here.discord.slash(here.ines, here.channel, "session switch", title="No Return Address")
    assert from_dict((await here.heard(2)).command) == SessionCommand(action="switch", title="No Return Address")  # type: ignore[arg-type]


async def test_a_typed_cancel_leaves_nobody_thinking(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "cancel", take="2B-3")
    assert (heard.text, heard.ephemeral) == ("Noted. The take’s card shows it.", True)
    assert from_dict(here.wish.command) == Cancel(take="2B-3")


async def test_every_listed_command_is_there_in_three_languages(here: House) -> None:
    listed = {name for name, kind in COMMANDS.items() if kind.listed}
    registered = here.discord.commands[None]
    assert {about["name"] for about in registered} == listed | {"Remix this take"}
    assert all(set(about["name_localizations"]) == {"zh-CN", "zh-TW"} for about in registered)
    assert all(about["contexts"] == [0, 1, 2] and about["integration_types"] == [0, 1] for about in registered)


async def test_a_member_is_answered_in_their_own_language(here: House) -> None:
    heard = await here.discord.slash(here.marek, here.channel, "generate", prompt="雪地里的狐狸")
    assert heard.text == "收到，卡片马上就到。"
    assert here.wish.address.locale == "zh-CN"


async def test_bad_input_is_one_sentence_and_nothing_is_stored(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="   ")
    assert (heard.text, heard.ephemeral) == ("There are no words yet. Say what the camera sees.", True)
    assert not here.wishes


async def test_a_slow_database_is_busy_and_nothing_was_started(here: House) -> None:
    here.database.go.clear()
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    assert heard.text == "We are busy at this moment; nothing was started. Please send it again."
    assert heard.acknowledged_within < 3
    here.database.go.set()
    assert not here.wishes


async def test_the_acknowledgement_does_not_wait_for_what_follows(here: House) -> None:
    here.take_up_hangs = True
    hanging = [await here.discord.slash(here.ines, here.channel, "generate", prompt=f"fox {n}") for n in range(5)]
    assert all(heard.acknowledged_within < 1 for heard in hanging)
    await here.discord.until(lambda: len(here.taken_up) == 5)


async def test_nothing_is_taken_up_before_it_is_acknowledged(here: House) -> None:
    here.discord.faults.add("POST", "/callback$", delay=0.3)
    seen: list[bool] = []
    here.on_take_up = lambda: seen.append(all(heard.acknowledged for heard in here.discord.interactions.values()))
    await here.discord.slash(here.ines, here.channel, "help")
    await here.discord.until(lambda: here.taken_up)
    assert seen == [True]


async def test_an_acknowledgement_that_fails_loses_no_wish(here: House, caplog: pytest.LogCaptureFixture) -> None:
    here.discord.faults.add("POST", "/callback$", 404, code=10062)
    await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    await here.discord.until(lambda: here.taken_up == [here.wish.id])
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


async def test_the_same_interaction_twice_is_one_wish(here: House, caplog: pytest.LogCaptureFixture) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    here.discord.gateway.dispatch("INTERACTION_CREATE", here.guild.id, lambda _: heard.payload)
    await here.discord.until(lambda: [call.code for call in here.discord.calls].count(40060) == 1)
    await here.heard(1)
    assert here.taken_up == [here.wish.id]
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


async def test_completions_come_from_the_core(here: House) -> None:
    heard = await here.discord.autocomplete(here.ines, here.channel, "generate", prompt="a fox", model="vid")
    assert heard.choices == [("openai_videos", "openai_videos")]
    assert not here.wishes


async def test_completions_on_a_slow_database_are_none_but_in_time(here: House) -> None:
    here.database.go.clear()
    heard = await here.discord.autocomplete(here.ines, here.channel, "remix", change="x", take="2B")
    assert (heard.choices, heard.acknowledged) == ([], True)
    assert heard.acknowledged_within < 2.5
    here.database.go.set()


async def test_words_in_logs_only_at_debug_level(here: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await here.discord.slash(here.ines, here.channel, "generate", prompt="an unmistakable ocelot")
    await here.discord.slash(here.ines, here.channel, "remix", change="an unmistakable ocelot\x07")
    assert "ocelot" not in caplog.text
    assert here.discord.token not in caplog.text
