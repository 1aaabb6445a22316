"""Telegram from end to end: what members do, and what they see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.chats.stage import Stage, film_of, films, on_set, playable, texts
from tests.fakes.telegram import Chat, User
from tests.media_samples import tiny_png

pytestmark = pytest.mark.slow

FOX = "a fox crosses a snowy forest"


@dataclass
class Night:
    """Two members with their conversations, and a group they are both in."""

    stage: Stage
    ines: User
    marek: User
    direct: Chat
    group: Chat

    async def says(self, who: User, where: Chat, words: str, **more: object) -> None:
        """A member writes there."""
        await self.stage.telegram.say(who, where, words, **more)  # type: ignore[arg-type]

    async def answered(self, who: User, where: Chat, label: str, on: str) -> str:
        """Tap a button of the newest message that says `on`; what the member is told by the tap itself."""
        press = await self.stage.telegram.press(who, texts(where, on)[-1], label)
        await self.stage.shown(lambda: press.answered)
        assert press.answered is not None
        return press.answered.text


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    """One rolls at a time, so that the second waits."""
    async with on_set(tmp_path / "home", "telegram", table="[caps]\nrolling = 1\n") as stage:
        telegram = stage.telegram
        ines, marek = telegram.user("ines", "en"), telegram.user("marek", "en")
        group = telegram.group("set", admins=[telegram.user("mod", "en")])
        yield Night(stage, ines, marek, telegram.private(ines), group)


async def test_the_card_becomes_the_clip_and_a_line_says_so(night: Night) -> None:
    stage, chat = night.stage, night.direct
    stage.hold()
    await night.says(night.ines, chat, f"/generate {FOX}")
    card = await stage.shown(lambda: [said for said in texts(chat, FOX) if "rolling" in said.text])
    assert "1A-1" in card[0].text
    assert "Cancel" in card[0].labels

    stage.release()
    clip = await stage.screened(chat, FOX)
    assert clip is card[0]
    video = film_of(clip)
    film = playable(video.bytes)
    assert (film.seconds, film.frames) == (1.0, 24)
    assert (video.width, video.height, video.duration) == (*film.size, 1)
    assert video.supports_streaming
    assert clip.labels[:4] == ["Remix", "Next shot", "Retake", "Circle"]
    await stage.shown(lambda: texts(chat, "Ready: 1A-1"))
    assert len(chat.posted) == 2
    assert stage.orders(FOX) == 1


async def test_words_in_a_direct_message_are_an_idea_until_somebody_says_shoot(night: Night) -> None:
    stage, chat = night.stage, night.direct
    await night.says(night.ines, chat, FOX)
    (idea,) = await stage.shown(lambda: texts(chat, FOX))
    assert idea.labels[:3] == ["Shoot it", "Edit", "Not now"]
    assert not stage.video.book.jobs

    await night.answered(night.ines, chat, "Shoot it", FOX)
    clip = await stage.screened(chat, FOX)
    assert clip is idea
    assert stage.orders(FOX) == 1

    await night.says(night.ines, chat, "hello")
    await stage.shown(lambda: texts(chat, "hello"))
    await night.answered(night.ines, chat, "Not now", "hello")
    await stage.shown(lambda: texts(chat, "Nothing was spent"))
    assert not stage.orders("hello")


async def test_a_photo_with_a_caption_starts_a_take(night: Night, tmp_path: Path) -> None:
    stage, chat = night.stage, night.direct
    photo = tiny_png(tmp_path / "start.png", (640, 360)).read_bytes()
    await stage.telegram.say(night.ines, chat, photo=photo, caption=f"/generate {FOX}")
    await stage.screened(chat, FOX)
    (order,) = stage.video.asked("create")
    assert order.files["input_reference"][0].startswith("image/")

    await stage.telegram.say(night.ines, chat, photo=photo, caption="an owl wakes up")
    await stage.shown(lambda: texts(chat, "an owl wakes up"))
    await night.answered(night.ines, chat, "Shoot it", "an owl wakes up")
    await stage.screened(chat, "an owl wakes up")
    assert len(stage.video.asked("create")[-1].files) == 1


async def test_replies_remix_and_a_members_remix_of_anothers_clip_is_their_own(night: Night) -> None:
    stage, group = night.stage, night.group
    await night.says(night.ines, group, f"/generate {FOX}")
    first = await stage.screened(group, FOX)
    await night.says(night.ines, group, "the same at night", reply_to=first)
    assert "1A-2" in (await stage.screened(group, "the same at night")).caption
    await night.says(night.marek, group, "the same in summer rain", reply_to=first)
    assert "1A-1" in (await stage.screened(group, "the same in summer rain")).caption
    told = next(job.fields["prompt"] for job in stage.video.book.jobs if "summer rain" in str(job.fields))
    assert FOX in told
    assert "at night" not in told

    await night.answered(night.ines, group, "Retake", FOX)
    assert "1A-3" in (await stage.screened(group, FOX, count=2)).caption


async def test_missing_words_are_asked_for(night: Night) -> None:
    stage, group = night.stage, night.group
    await night.says(night.ines, group, "/generate")
    (question,) = await stage.shown(lambda: texts(group, "What does the camera see"))
    assert question.asks
    await night.says(night.ines, group, FOX, reply_to=question)
    first = await stage.screened(group, FOX)

    await night.answered(night.ines, group, "Remix", FOX)
    (question,) = await stage.shown(lambda: texts(group, "What should be different"))
    await night.says(night.ines, group, "the same at night", reply_to=question)
    assert "1A-2" in (await stage.screened(group, "the same at night")).caption
    assert "1A-1" in first.caption


async def test_cancelled_while_it_waits_and_while_it_rolls_and_by_whom(night: Night) -> None:
    stage, group = night.stage, night.group
    mod = stage.telegram.user("mod")
    stage.hold()
    await night.says(night.ines, group, f"/generate {FOX}")
    await stage.shown(lambda: [said for said in texts(group, FOX) if "rolling" in said.text])
    await night.says(night.ines, group, "/generate an owl on a branch")
    await stage.shown(lambda: [said for said in texts(group, "owl") if "in the queue" in said.text])

    await night.answered(night.marek, group, "Cancel", FOX)
    await stage.shown(lambda: texts(group, "belongs to another member"))
    await night.answered(night.ines, group, "Cancel", "owl")
    await stage.shown(lambda: [said for said in texts(group, "owl") if "was cancelled" in said.text])
    assert stage.orders("owl") == 0

    await night.answered(mod, group, "Cancel", FOX)
    await stage.shown(lambda: [said for said in texts(group, FOX) if "was cancelled" in said.text])
    stage.release()
    await night.says(night.ines, group, "/generate a hare runs")
    await stage.screened(group, "a hare runs")
    assert len(films(group)) == 1


async def test_what_is_asked_is_answered(night: Night) -> None:
    stage, chat = night.stage, night.direct
    await night.says(night.ines, chat, "/style 35mm, golden hour, quiet")
    await stage.shown(lambda: texts(chat, "golden hour"))
    await night.says(night.ines, chat, f"/generate {FOX}")
    await stage.screened(chat, FOX)
    asked = {
        "/queue": "Nothing of yours",
        "/help": "What to do next",
        "/dailies": "Dailies",
        "/shot": "the whole story",
    }
    for command, words in asked.items():
        await night.says(night.ines, chat, command)
        await stage.shown(partial(texts, chat, words))
    clip = films(chat)[0]
    await stage.telegram.press(night.ines, clip, "Show the prompt")
    (prompt,) = await stage.shown(lambda: texts(chat, "1A-1, the prompt"))
    assert "35mm, golden hour, quiet" in prompt.text
    await stage.telegram.press(night.ines, clip, "More")
    (more,) = await stage.shown(lambda: texts(chat, "1A-1, more"))
    assert more.labels


async def test_topics_and_a_group_that_becomes_a_supergroup_while_a_film_rolls(night: Night) -> None:
    stage, telegram = night.stage, night.stage.telegram
    forum = telegram.group("stages", forum=True)
    topic = telegram.topic(forum, "second unit")
    await telegram.say(night.ines, forum, f"/generate {FOX}", topic=topic)
    assert (await stage.screened(forum, FOX)).thread == topic.id

    stage.hold()
    small = telegram.group("friends", basic=True, admins=[night.ines])
    await telegram.say(night.ines, small, "/generate an owl on a branch")
    await stage.shown(lambda: [said for said in texts(small, "owl") if "rolling" in said.text])
    big = telegram.migrate(small)
    stage.release()
    clip = await stage.screened(big, "owl")
    assert playable(film_of(clip).bytes).frames == 24
    assert len(films(big)) + len(films(small)) == 1
    assert stage.orders("owl") == 1
    await telegram.say(night.ines, big, "the same at night", reply_to=clip)
    assert "1A-2" in (await stage.screened(big, "the same at night")).caption


@pytest.mark.parametrize(
    ("language", "cancel", "remix"), [("zh-hans", "取消", "改一处"), ("zh-hant", "取消", "改一處")]
)
async def test_members_who_read_chinese(night: Night, language: str, cancel: str, remix: str) -> None:
    stage = night.stage
    mei = stage.telegram.user("mei", language)
    chat = stage.telegram.private(mei)
    stage.hold()
    await night.says(mei, chat, "/generate 一只狐狸穿过雪林")
    (card,) = await stage.shown(lambda: texts(chat, "一只狐狸穿过雪林"))
    assert cancel in card.labels
    stage.release()
    assert remix in (await stage.screened(chat, "一只狐狸穿过雪林")).labels
    await night.says(mei, chat, "/help")
    await stage.shown(lambda: texts(chat, "/generate"))
    assert not texts(chat, "What to do next")
