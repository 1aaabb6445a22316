"""A film into the chat: cut beside everything else, posted once whatever happens, and never made twice for the same content."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest

from bot.assembly import Check, Export
from bot.assembly import Film as FilmCommand
from bot.cards import Card, Tone
from bot.commands import Command
from bot.cut import Transition
from bot.editing import EditRoom
from bot.errors import DiskFull
from bot.film import Film
from bot.paperwork import Wish
from bot.ports import Work
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def films(chat: Chat) -> list[Film]:
    """Those that were decided, oldest first."""
    return list(chat.store.rows.films.values())


async def shown(chat: Chat, film: Film) -> Card:
    """What stands in the chat for the film."""
    return chat.poster.messages[film.id][-1]


async def filmed(chat: Chat, *words: str) -> list[Card]:
    return [await chat.says(each) for each in words]


async def cut(chat: Chat, text: str = "/film") -> Card:
    """The film's card, once all is quiet."""
    await chat.says(text)
    await chat.studio.quiet()
    return await shown(chat, (await films(chat))[-1])


# ---------------------------------------------------------------- what is seen


async def test_the_newest_takes_become_one_film_with_its_chapters_and_its_price(chat: Chat) -> None:
    first, second = await filmed(chat, "/generate a fox seconds:4", "/generate a bear seconds:4")
    await chat.taps("Retake", first)
    card = await cut(chat, "/film transition:fade")
    (film,) = await films(chat)
    assert [piece.slate for piece in film.cut.pieces] == ["1A-2", "1B-1"]
    assert film.cut.transition is Transition.FADE
    assert (card.tone, card.title) == (Tone.READY, film.cut.title)
    assert card.facts == ("8 s", "2 shots", "fade through black", "$0.12 in all")
    assert [(row.title, row.text, row.note) for row in card.rows] == [
        ("1A-2", "a fox", "0:00"),
        ("1B-1", "a bear", "0:04"),
    ]
    assert "Loudness" in card.lines[0]
    assert [button.label for button in card.buttons] == ["Check", "Export", "Contact sheet", "Cut again"]
    assert card.buttons[-1].action == "film:fade"
    assert chat.poster.clips[film.id][0].startswith(b"film of ")
    assert second.take in {piece.take for piece in film.cut.pieces}


async def test_circled_takes_are_the_film(chat: Chat) -> None:
    first, _ = await filmed(chat, "a fox", "a bear")
    await chat.taps("Circle", first)
    card = await cut(chat)
    assert [row.title for row in card.rows] == ["1A-1"]
    assert [button.label for button in card.buttons] == ["Export", "Contact sheet", "Cut again"]
    assert card.facts[:2] == ("4 s", "1 shot")


async def test_it_is_said_at_once_that_it_is_being_cut(chat: Chat) -> None:
    await filmed(chat, "a fox", "a bear")
    chat.cutting.slow = asyncio.Event()
    wish = await chat.stored(FilmCommand(order="1B 1A"))
    making = asyncio.create_task(chat.studio.take_up(wish.id))
    await until(lambda: bool(chat.cutting.at_once))
    (film,) = await films(chat)
    card = await shown(chat, film)
    assert (card.tone, card.lines) == (Tone.ROLLING, ("Cutting 2 shots, 8 s. The film comes here.",))
    chat.cutting.slow.set()
    await making
    assert [row.title for row in (await shown(chat, film)).rows] == ["1B-1", "1A-1"]
    assert len(chat.poster.messages) == 3  # two takes, one film: its card has become it


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/film", "There is no finished take here yet. Film a shot first."),
        ("/export", "There is no finished take here yet. Film a shot first."),
        ("/check", "There is no finished take here yet. Film a shot first."),
        ("/sheet nothing", "There is no such film here."),
        ("/export film:nothing", "There is no such film here."),
    ],
)
async def test_where_there_is_nothing_one_sentence_says_so(chat: Chat, text: str, sentence: str) -> None:
    assert (await chat.says(text)).lines == (sentence,)
    assert await films(chat) == []


async def test_a_name_that_stands_for_nothing_is_told(chat: Chat) -> None:
    await filmed(chat, "a fox")
    assert (await chat.says("/film 1A 1F")).lines == ("1F has no finished take in this production.",)
    assert (await chat.says("/check")).lines == ("There is only one shot, so nothing to compare it with.",)


async def test_what_cannot_be_joined_is_told_and_can_be_tried_again(chat: Chat) -> None:
    await filmed(chat, "a fox", "a bear")
    chat.cutting.broken = True
    card = await cut(chat)
    assert card.tone is Tone.FAILED
    assert card.lines[0].startswith("These clips could not be joined")
    chat.cutting.broken = False
    again = await chat.taps("Cut again", card)
    assert again == Card()  # the answer is the film itself
    assert (await shown(chat, (await films(chat))[-1])).tone is Tone.READY


async def test_a_clip_that_is_gone_is_named(chat: Chat) -> None:
    card, _ = await filmed(chat, "a fox", "a bear")
    take = await chat.take(card)
    assert take.clip is not None
    (chat.clips.root / take.clip.digest).unlink()
    told = await cut(chat)
    assert told.lines == ("The clip of 1A-1 is not there any more; a retake films it again.",)


async def test_filming_again_what_is_the_same_film_reuses_its_clip(chat: Chat) -> None:
    first, _ = await filmed(chat, "a fox", "a bear")
    await cut(chat)
    await cut(chat)
    assert len(chat.cutting.films) == 1
    old, new = await films(chat)
    assert old.id != new.id
    assert chat.poster.clips[old.id] == chat.poster.clips[new.id]
    await chat.taps("Retake", first)
    await cut(chat)
    assert len(chat.cutting.films) == 2


# ---------------------------------------------------------------- one thing at a time, and never in the way


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - many things may make it true
            await asyncio.sleep(0.002)


async def test_for_one_member_one_film_is_cut_at_a_time(chat: Chat) -> None:
    await filmed(chat, "a fox", "a bear")
    chat.cutting.slow = asyncio.Event()
    wishes = [await chat.stored(FilmCommand(order=order)) for order in ("1A", "1B")]
    making = [asyncio.create_task(chat.studio.take_up(wish.id)) for wish in wishes]
    await until(lambda: len(chat.poster.messages) == 4)  # both say that they come
    assert chat.cutting.at_once == 1
    chat.cutting.slow.set()
    await asyncio.gather(*making)
    assert chat.cutting.most_at_once == 1
    assert [(await shown(chat, film)).tone for film in await films(chat)] == [Tone.READY, Tone.READY]


async def test_two_members_do_not_wait_for_one_another(chat: Chat) -> None:
    await filmed(chat, "a fox")
    await chat.says("a bear", MAREK)
    chat.cutting.slow = asyncio.Event()
    wishes = [await chat.stored(FilmCommand(), member) for member in (INES, MAREK)]
    making = [asyncio.create_task(chat.studio.take_up(wish.id)) for wish in wishes]
    await until(lambda: chat.cutting.at_once == 2)
    chat.cutting.slow.set()
    await asyncio.gather(*making)


async def test_a_sweep_does_not_wait_for_a_film_nor_takes_it_up_twice(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.cutting.slow = asyncio.Event()
    await chat.stored(FilmCommand())
    async with asyncio.timeout(3):
        assert await chat.studio.take_up_open() == 1
    await until(lambda: bool(chat.cutting.at_once))
    assert await chat.studio.take_up_open() == 0
    chat.cutting.slow.set()
    await chat.studio.quiet()
    assert len(chat.cutting.films) == 1
    assert await chat.studio.take_up_open() == 0


async def test_what_is_being_cut_at_the_end_is_cut_at_the_next_start(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.cutting.slow = asyncio.Event()
    await chat.stored(FilmCommand())
    await chat.studio.take_up_open()
    await until(lambda: bool(chat.cutting.at_once))
    await chat.studio.close()
    assert chat.cutting.films == []
    chat.cutting.slow.set()
    await chat.studio.take_up_open()
    await chat.studio.quiet()
    (film,) = await films(chat)
    assert (await shown(chat, film)).tone is Tone.READY


async def test_another_process_that_is_at_it_is_left_alone_until_it_dies(chat: Chat) -> None:
    await filmed(chat, "a fox")
    async with chat.store.work() as w:
        await w.messages.put(f"lease/editing {INES.id}", f"another {chat.clock.now() + 50.0}", at=0.0)
    wish = await chat.stored(FilmCommand())
    await chat.studio.take_up(wish.id)
    assert chat.cutting.films == []
    chat.clock.time += 60.0
    assert await chat.studio.take_up_open() == 1
    await chat.studio.quiet()
    assert len(chat.cutting.films) == 1
    assert await chat.studio.take_up_open() == 0


# ---------------------------------------------------------------- refusals and crashes


async def test_a_place_that_takes_less_gets_it_fitted(chat: Chat) -> None:
    await filmed(chat, "a fox", "a bear")
    chat.poster.largest = 20
    await cut(chat)
    (film,) = await films(chat)
    parts = chat.poster.clips[film.id]
    assert len(parts) > 1
    assert all(len(part) <= 20 for part in parts)
    assert "parts" in (await shown(chat, film)).lines[-1]


async def test_a_place_that_does_not_answer_is_tried_again(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.poster.refusals = 1
    await chat.says("/film")
    assert await chat.studio.take_up_open() == 1
    await chat.studio.quiet()
    (film,) = await films(chat)
    assert (await shown(chat, film)).tone is Tone.READY
    assert len(chat.cutting.films) == 1


async def test_a_place_that_never_takes_it_is_not_asked_for_ever(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.poster.refusals, chat.poster.final = 99, True
    await chat.says("/film")
    assert await chat.studio.take_up_open() == 0


async def test_a_full_disk_is_waited_for(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.clips.faults = [DiskFull(path="/data")]
    await chat.says("/film")
    assert await chat.studio.take_up_open() == 1
    await chat.studio.quiet()
    (film,) = await films(chat)
    assert [card.tone for card in chat.poster.messages[film.id]] == [Tone.ROLLING, Tone.READY], "it is said once"


async def test_a_place_that_takes_no_size_of_it_says_so_on_its_card(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.poster.largest, chat.gate.cannot_split = 10, True
    card = await cut(chat)
    assert (card.tone, card.lines) == (Tone.FAILED, ("The film is cut and kept, but it could not be posted here.",))
    assert await chat.studio.take_up_open() == 0


async def test_a_film_that_came_through_although_its_answer_was_lost_stands_there_once(chat: Chat) -> None:
    await filmed(chat, "a fox")
    chat.poster.lost_answers = 1
    await chat.says("/film")
    assert await chat.studio.take_up_open() == 1
    await chat.studio.quiet()
    (film,) = await films(chat)
    assert {card.tone for card in chat.poster.messages[film.id]} == {Tone.ROLLING, Tone.READY}
    assert len(chat.poster.clips) == 2


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Fuse:
    """Burns with every step; at its end the process dies, and does nothing more."""

    length: int
    steps: int = 0

    def burn(self) -> None:
        self.steps += 1
        if self.steps > self.length:
            raise Crash


class Mortal:
    """Something outside the process: the fuse burns before and after everything that is asked of it."""

    def __init__(self, inner: Any, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._inner, name)
        if not iscoroutinefunction(asked):
            return asked

        async def answer(*args: Any, **named: Any) -> Any:
            self._fuse.burn()
            answered = await asked(*args, **named)
            self._fuse.burn()
            return answered

        return answer


def mortal(chat: Chat, fuse: Fuse) -> EditRoom:
    """An edit room of a process that will die."""

    @asynccontextmanager
    async def work() -> AsyncIterator[Work]:
        fuse.burn()
        async with chat.store.work() as w:
            yield w
        fuse.burn()

    bench = chat.bench
    outside: dict[str, Any] = {name: Mortal(getattr(bench, name), fuse) for name in ("clips", "gate", "cutting")}
    return EditRoom(
        replace(bench, work=work, posters={"chat": Mortal(chat.poster, fuse)}, **outside),
        "this process",
    )


async def dies(chat: Chat, wish: Wish, length: int) -> bool:
    """Whether a process that has so many steps to live dies at that wish."""
    living, chat.studio.editing = chat.studio.editing, mortal(chat, Fuse(length))
    try:
        await chat.studio.take_up(wish.id)
    except Crash:
        return True
    finally:
        chat.studio.editing = living
    return False


async def test_wherever_it_dies_there_is_one_film_in_the_chat(tmp_path: Path) -> None:
    for length in range(200):
        folder = tmp_path / str(length)
        folder.mkdir()
        chat = Chat(folder)
        await filmed(chat, "a fox", "a bear")
        wish = await chat.stored(FilmCommand())
        died = await dies(chat, wish, length)
        await chat.studio.take_up_open()
        await chat.studio.quiet()
        (film,) = await films(chat)
        assert (await shown(chat, film)).tone is Tone.READY, f"after {length} steps"
        assert len(chat.poster.messages) == len(chat.poster.clips) == 3, f"after {length} steps"
        assert await chat.studio.take_up_open() == 0
        if not died:
            assert length > 20, "it died at every step until it did not die at all"
            return
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("command", [Check(), Export()])
async def test_wherever_it_dies_a_check_or_an_export_is_answered_and_its_film_cut_once(
    tmp_path: Path, command: Command
) -> None:
    for length in range(0, 200, 3):
        folder = tmp_path / str(length)
        folder.mkdir()
        chat = Chat(folder)
        await filmed(chat, "a fox", "a bear")
        wish = await chat.stored(command)
        died = await dies(chat, wish, length)
        await chat.studio.take_up_open()
        await chat.studio.quiet()
        assert (await chat.answer(wish.id)).tone is Tone.PLAIN, f"after {length} steps"
        assert len(chat.poster.messages) == 3
        assert len([film for film in await films(chat) if film.clip]) == len(await films(chat))
        assert await chat.studio.take_up_open() == 0
        if not died:
            assert length > 10
            return
    raise AssertionError("it never came to an end")
