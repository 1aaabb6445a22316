"""Listener, core and poster together: an idea is written, shot, watched and remixed, all in one private chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.chat import ChatSettings
from adapters.chat.telegram.listen import TelegramListener
from adapters.chat.telegram.post import TelegramPoster
from adapters.chat.telegram.wire import Wire
from bot.intake import Intake
from tests.adapters.chat.telegram.stage_listen import JPEG
from tests.dialogue import Chat as Core
from tests.fakes.telegram import Chat, FakeTelegram, Limits, Message, User


class Film:
    """A whole Throughline behind one private chat."""

    def __init__(self, telegram: FakeTelegram, folder: Path) -> None:
        self.telegram = telegram
        self.ines: User = telegram.user("ines", language="en")
        self.chat: Chat = telegram.private(self.ines)
        self.core = Core(folder)
        url = f"http://127.0.0.1:{telegram.port}"
        self.poster = TelegramPoster(Wire(telegram.token, url), self.core.store.work)
        posters = {"telegram": self.poster, **self.core.studio.posters}
        self.core.studio.attachments = {"telegram": self.poster}
        self.core.studio.posters = self.core.delivery.posters = posters
        studio = self.core.studio
        self.intake = Intake(self.core.store.work, studio.take_up, studio.desk, self.core.clock)
        setting = ChatSettings({"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": url}, {}, folder)
        self.listener = TelegramListener(setting, self.intake, self.poster, poll=2)

    async def says(self, words: str, reply_to: Message | None = None) -> None:
        await self.telegram.say(self.ines, self.chat, words, reply_to=reply_to)

    async def card(self, label: str) -> Message:
        """Wait for a card with such a button."""
        found = await self.telegram.until(lambda: [each for each in self.chat.posted if _labelled(each, label)], 10)
        card: Message = found[-1]
        return card

    async def taps(self, card: Message, label: str) -> None:
        await self.telegram.press(self.ines, card, next(each for each in card.labels if each.startswith(label)))

    async def clips(self, count: int) -> list[Message]:
        await self.telegram.until(lambda: len([each for each in self.chat.posted if each.video]) >= count, 10)
        return [each for each in self.chat.posted if each.video]


def _labelled(message: Message, label: str) -> bool:
    return any(each.startswith(label) for each in message.labels)


@pytest.fixture(name="film")
async def _film(tmp_path: Path) -> AsyncIterator[Film]:
    async with FakeTelegram(Limits(on=False), typed=False) as telegram:
        found = Film(telegram, tmp_path)
        await found.listener.start()
        yield found
        await found.listener.stop()
        await found.intake.close()
        await found.core.engine.quiet()
        await found.poster.close()
        # the gate in front of this film makes stills of a few letters, which are no pictures to Telegram
        assert [each for each in telegram.broken if "thumbnail" not in each] == []


async def test_an_idea_is_shot_and_its_card_becomes_the_clip(film: Film) -> None:
    await film.says("a fox crosses the snow")
    idea = await film.card("Shoot it")
    assert film.core.backend.accepted == {}
    await film.taps(idea, "Shoot it")
    await film.taps(idea, "Shoot it")  # a second tap before the first is answered
    (clip,) = await film.clips(1)
    assert clip.id == idea.id
    ready = await film.telegram.until(lambda: [each for each in film.chat.posted if each.text.startswith("Ready")])
    await film.says("at night", reply_to=ready[0])
    clips = await film.clips(2)
    assert len(clips) == 2
    assert len(film.core.backend.accepted) == 2


async def test_an_idea_is_edited_and_let_go(film: Film) -> None:
    await film.says("a fox crosses the snow")
    idea = await film.card("Shoot it")
    await film.taps(idea, "Edit")
    question = (await film.telegram.until(lambda: [each for each in film.chat.posted if each.asks]))[0]
    assert "a fox crosses the snow" in question.text
    await film.telegram.until(lambda: f"telegram/{film.chat.id}/{question.id}" in film.core.store.rows.messages)
    await film.says("a wolf crosses the snow", reply_to=question)
    await film.telegram.until(lambda: len([each for each in film.chat.posted if _labelled(each, "Shoot it")]) == 2)
    other = await film.card("Shoot it")
    assert "a wolf" in other.text
    await film.taps(other, "Not now")
    await film.telegram.until(lambda: not other.buttons)
    assert film.core.backend.accepted == {}


async def test_generate_films_at_once_and_the_clip_is_remixed_by_a_reply(film: Film) -> None:
    await film.says("/generate a fox crosses the snow")
    (clip,) = await film.clips(1)
    await film.says("/remix", reply_to=clip)
    question = (await film.telegram.until(lambda: [each for each in film.chat.posted if each.asks]))[0]
    assert "1A-1" in question.text
    await film.telegram.until(lambda: f"telegram/{film.chat.id}/{question.id}" in film.core.store.rows.messages)
    await film.says("in the rain", reply_to=question)
    assert len(await film.clips(2)) == 2


async def test_a_photo_under_generate_is_where_the_clip_starts(film: Film) -> None:
    await film.telegram.say(film.ines, film.chat, photo=JPEG, caption="/generate she looks up")
    await film.clips(1)
    (order,) = film.core.backend.accepted.values()
    digest = order.brief.reference
    assert digest is not None
    file = await film.core.clips.path(digest)
    assert file is not None
    assert file.read_bytes() == JPEG
