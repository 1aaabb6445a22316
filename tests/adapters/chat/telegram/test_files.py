"""Something to take home, as a document; and what is no take, a film, in one message from its first card on."""

from __future__ import annotations

import pytest

from bot.cards import Button, Card, CardClip, Row, Tone
from bot.errors import TooLarge
from tests.adapters.chat.telegram.studio import Studio, address, clips

EXPORT = Card(title="Winter, for the editor", lines=("Clips, cut lists and film.json.",))
CUTTING = Card(Tone.ROLLING, "Winter", "cutting", lines=("Cutting 2 shots, 8 s.",))
READY = Card(
    Tone.READY,
    "Winter",
    lines=("Loudness levelled throughout.",),
    facts=("8 s", "2 shots", "cut", "free"),
    rows=(Row("1A-2", "a fox", "0:00"), Row("1B-1", "a bear", "0:04")),
    clip=CardClip("d" * 64, 8.0, 1280, 720),
    buttons=(Button("Check", "check"), Button("Cut again", "film:cut")),
    revision=2,
)


async def test_a_file_comes_as_a_document_with_the_words_below_it(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    group = stage.telegram.group("set")
    wish = await stage.telegram.say(ines, group, "/export")
    file = stage.clip(name="The-Lamp.zip")
    poster = stage.poster()
    await poster.answer(address(group, wish), "tg-1", EXPORT, file=file)
    await poster.answer(address(group, wish), "tg-1", EXPORT, file=file)
    (message,) = group.posted
    assert group.deleted == [], "nothing was sent twice and taken back"
    assert message.media is not None
    assert (message.media.kind, message.media.name) == ("document", "The-Lamp.zip")
    assert message.words == "Winter, for the editor\nClips, cut lists and film.json."
    assert message.reply_to is wish


async def test_a_topic_that_is_gone_is_no_end(stage: Studio) -> None:
    group = stage.telegram.group("set", forum=True)
    topic = stage.telegram.topic(group, "night shoots")
    here = address(group, thread=str(topic.id))
    topic.closed = True
    await stage.poster().answer(here, "tg-1", EXPORT, file=stage.clip(name="film.zip"))
    assert group.posted[-1].media is not None
    assert group.posted[-1].thread is None


async def test_one_that_is_too_large_after_all_is_told(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    file = stage.clip(51_000_000, "film.zip")
    with pytest.raises(TooLarge) as refused:
        await stage.poster(long=20.0).answer(address(chat), "tg-1", EXPORT, file=file)
    assert refused.value.limit < 51_000_000
    assert chat.posted == []


async def test_a_films_card_becomes_the_film(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster, here = stage.poster(), address(chat)
    posted = await poster.show(here, "film", CUTTING, None)
    assert await stage.poster().show(here, "film", CUTTING, None) == posted
    assert await poster.deliver(here, "film", READY, [stage.clip()], posted) == posted
    (film,) = clips(chat)
    assert film.words.splitlines() == [
        "Winter",
        "8 s · 2 shots · cut · free",
        "Loudness levelled throughout.",
        "1A-2  a fox · 0:00",
        "1B-1  a bear · 0:04",
    ]
    assert film.labels == ["Check", "Cut again"]
    await stage.ready_line(chat)
