"""Something to take home, in an answer; and what is no take, a film, shown and delivered once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.chat.discord import parts
from bot.cards import Button, Card, CardClip, Tone
from bot.errors import TooLarge
from tests.adapters.chat.discord.stage_post import Set, clips, on_set
from tests.adapters.chat.discord.test_answer import asked

FILM = "0abcdefghjkmnpqr"
EXPORT = Card(title="Winter, for the editor", lines=("Clips and cut lists.",))
CUTTING = Card(Tone.ROLLING, "Winter", "cutting", lines=("Cutting 2 shots, 8 s.",))
READY = Card(
    Tone.READY,
    "Winter",
    clip=CardClip("d" * 64, 8.0, 1280, 720),
    buttons=(Button("Check", "check"), Button("Export", f"export:{FILM}")),
    revision=2,
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


def zipped(folder: Path, name: str = "The-Lamp.zip", size: int = 1000) -> Path:
    file = folder / name
    file.write_bytes(b"PK" + bytes(size))
    return file


async def test_a_file_comes_with_the_answer_for_the_member_alone(stage: Set, tmp_path: Path) -> None:
    heard, address = asked(stage)
    file = zipped(tmp_path)
    await stage.poster.answer(address, "dc-1", EXPORT, file=file)
    assert heard.original is not None
    assert heard.original.ephemeral
    assert heard.original.files == {"The-Lamp.zip": file.read_bytes()}
    assert "Clips and cut lists" in heard.original.text
    shown = next(each for each in parts.every(heard.original.components) if each["type"] == parts.FILE)
    assert "The-Lamp.zip" in shown["file"]["url"]


async def test_without_an_interaction_it_is_posted_once(stage: Set, tmp_path: Path) -> None:
    for poster in (stage.poster, stage.again()):
        await poster.answer(stage.address(), "dc-1", EXPORT, file=zipped(tmp_path))
    (message,) = stage.channel.messages
    assert [*message.files] == ["The-Lamp.zip"]


async def test_its_name_is_one_that_discord_leaves_as_it_is(stage: Set, tmp_path: Path) -> None:
    await stage.poster.answer(stage.address(), "dc-1", EXPORT, file=zipped(tmp_path, "夜 (final)!.zip"))
    assert [*stage.channel.messages[0].files] == ["final.zip"]


@pytest.mark.parametrize("by_hook", [True, False])
async def test_one_that_is_too_large_after_all_is_told_with_the_limit(
    stage: Set, tmp_path: Path, by_hook: bool
) -> None:
    address = asked(stage)[1] if by_hook else stage.address()
    before = await stage.poster.room(address)
    with pytest.raises(TooLarge) as refused:
        await stage.poster.answer(address, "dc-1", EXPORT, file=zipped(tmp_path, size=11 * 2**20))
    assert refused.value.limit < 11 * 2**20
    assert before is not None
    assert refused.value.limit <= before
    assert stage.channel.messages == []
    assert stage.count("POST", "/messages") <= (0 if by_hook else 1), "it is sent up once"


async def test_a_film_is_shown_and_delivered_once_whatever_process_does_it(stage: Set) -> None:
    posted = await stage.poster.show(stage.address(), FILM, CUTTING, None)
    assert await stage.again().show(stage.address(), FILM, CUTTING, None) == posted
    (card,) = stage.channel.messages
    assert "Cutting 2 shots" in card.text
    first = await stage.poster.deliver(stage.address(), FILM, READY, [stage.clip()], posted)
    stage.discord.skip(60 * 60)  # far longer than a nonce lives
    assert await stage.again().deliver(stage.address(), FILM, READY, [stage.clip()], posted) == first
    (clip,) = clips(stage.channel)
    assert [*clip.files] == ["Winter.mp4"]
    assert await stage.meaning(first) is None, "a reply to a film means nothing yet"


async def test_a_film_whose_answer_was_lost_is_found_in_the_channel(stage: Set) -> None:
    """The first process dies after Discord has it, before it has noted that."""
    other = replace(READY, title="Summer")
    await stage.poster.deliver(stage.address(), "another", other, [stage.clip()], None)
    first = await stage.poster.deliver(stage.address(), FILM, READY, [stage.clip()], None)
    async with stage.store.work() as w:
        await w.messages.put(f"sending:clip:{FILM}", f"begun {stage.discord.now() - 1.0:.3f}", 0.0)
    stage.discord.skip(60 * 60)
    assert await stage.again().deliver(stage.address(), FILM, READY, [stage.clip()], None) == first
    assert len(clips(stage.channel)) == 2
