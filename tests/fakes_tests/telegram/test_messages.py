"""What the pretended Telegram takes and refuses, as the real library sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TimedOut

from tests.fakes.telegram import Chat, FakeTelegram, Limits, User

JPEG = bytes.fromhex("ffd8ffc0000b080040006001011100ffd9")
WIDE_JPEG = bytes.fromhex("ffd8ffc0000b080200040001011100ffd9")
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(4000)


@dataclass
class Set:
    """A chat with the bot in it."""

    telegram: FakeTelegram
    bot: Bot
    ines: User
    chat: Chat

    async def send(self, text: str = "hello", **more: Any) -> Message:
        return await self.bot.send_message(self.chat.id, text, **more)

    async def film(self, **more: Any) -> Message:
        values: dict[str, Any] = {"width": 1280, "height": 720, "duration": 6, "supports_streaming": True} | more
        return await self.bot.send_video(self.chat.id, values.pop("video", FILM), **values)


@pytest.fixture(name="set_")
async def _set() -> AsyncIterator[Set]:
    async with FakeTelegram(Limits(on=False)) as telegram, telegram.library() as bot:
        ines = telegram.user("ines", language="en")
        yield Set(telegram, bot, ines, telegram.private(ines))
        assert telegram.broken == []


def tap(label: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])


async def test_lengths_are_counted_in_utf_16_after_the_markup_is_read(set_: Set) -> None:
    await set_.send("<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    await set_.send("🦊" * 2048)
    for text in ("x" * 4097, "🦊" * 2049):
        with pytest.raises(BadRequest, match="Message is too long"):
            await set_.send(text)
    await set_.film(caption="🦊" * 512)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await set_.film(caption="🦊" * 513)
    with pytest.raises(BadRequest, match="Message text is empty"):
        await set_.send(" \n ")


async def test_markup_is_read_and_entities_are_checked(set_: Set) -> None:
    sent = await set_.send("<b>🦊 A</b> <a href='https://example.com/'>b</a> &lt;", parse_mode="HTML")
    assert sent.text == "🦊 A b <"
    assert [(each.type, each.offset, each.length) for each in sent.entities] == [("bold", 0, 4), ("text_link", 5, 1)]
    for text, why in (
        ("<b>a", "find end tag"),
        ("<q>a</q>", "unsupported start tag"),
        ("<b>a</i>", "unmatched end tag"),
    ):
        with pytest.raises(BadRequest, match=why):
            await set_.send(text, parse_mode="HTML")
    for offset, length, why in ((0, 9, "after the end of the text"), (1, 2, "middle of a utf-16 symbol")):
        with pytest.raises(BadRequest, match=why):
            await set_.send("🦊 A", entities=[MessageEntity("bold", offset, length)])


async def test_buttons_carry_64_bytes(set_: Set) -> None:
    await set_.send(reply_markup=tap("go", "狐" * 21 + "x"))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await set_.send(reply_markup=tap("go", "狐" * 22))


async def test_an_edit_that_changes_nothing_is_refused_and_one_without_buttons_takes_them_away(set_: Set) -> None:
    sent = await set_.send(reply_markup=tap("go", "x"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("hello", reply_markup=tap("go", "x"))
    await sent.edit_text("hello")
    (shown,) = set_.chat.posted
    assert (shown.labels, shown.edited) == ([], 1)


async def test_what_is_gone_cannot_be_edited_or_replied_to(set_: Set) -> None:
    sent = await set_.send()
    set_.telegram.delete(set_.chat.posted[0])
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("again")
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await set_.send(reply_parameters=ReplyParameters(sent.message_id))
    await set_.send(reply_parameters=ReplyParameters(sent.message_id, allow_sending_without_reply=True))
    assert set_.chat.posted[0].reply_to is None
    assert [each.text for each in set_.chat.deleted] == ["hello"]


async def test_only_our_own_messages_can_be_edited_and_no_question(set_: Set) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, "hello")
    asked = await set_.send(reply_markup=ForceReply())
    for message_id in (said.id, asked.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await set_.bot.edit_message_text("x", set_.chat.id, message_id)


async def test_a_text_becomes_a_clip_and_never_text_again(set_: Set) -> None:
    card = await set_.send()
    media = InputMediaVideo(
        FILM, caption="1A-1", width=1280, height=720, duration=6, thumbnail=JPEG, supports_streaming=True
    )
    edited = await card.edit_media(media)
    assert isinstance(edited, Message)
    assert edited.video is not None
    shown = set_.chat.posted[0].video
    assert shown is not None
    assert (shown.bytes, shown.width, shown.duration, shown.supports_streaming) == (FILM, 1280, 6, True)
    assert shown.thumbnail is not None
    same = InputMediaVideo(edited.video.file_id, caption="1A-1", width=1280, height=720, duration=6)
    with pytest.raises(BadRequest, match="not modified"):
        await card.edit_media(same)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await card.edit_text("again")
    await card.edit_caption("1A-1, ready")
    plain = await set_.send()
    with pytest.raises(BadRequest, match="There is no caption"):
        await plain.edit_caption("x")


async def test_files_have_their_sizes(set_: Set) -> None:
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await set_.film(video=bytes(50_000_001))
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await set_.film(video="no-such-file")
    sent = await set_.film()
    assert sent.video is not None
    again = await set_.film(video=sent.video.file_id)
    assert again.video == sent.video
    with pytest.raises(BadRequest, match="as photo"):
        await set_.bot.send_photo(set_.chat.id, sent.video.file_id)
    said = await set_.telegram.say(set_.ines, set_.chat, document=b"x", mime="image/png", size=20_971_521)
    assert said.media is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await set_.bot.get_file(said.media.file_id)


async def test_a_file_can_be_fetched(set_: Set) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=WIDE_JPEG)
    assert said.photo is not None
    assert (said.photo.width, said.photo.height) == (1024, 512)
    file = await set_.bot.get_file(said.photo.file_id)
    assert bytes(await file.download_as_bytearray()) == WIDE_JPEG


async def test_what_telegram_silently_leaves_out_is_noted() -> None:
    async with FakeTelegram(Limits(on=False), typed=False) as telegram, telegram.library() as bot:
        chat = telegram.private(telegram.user("ines"))
        await bot.send_video(chat.id, FILM, width=1280, height=720, duration=6, thumbnail=WIDE_JPEG)
        await bot.send_video(chat.id, FILM)
        assert [each.partition(": ")[2][:30] for each in telegram.broken] == [
            "the thumbnail is left out (102",
            "a video without width, height,",
        ]


async def test_an_album_has_two_to_ten_pictures(set_: Set) -> None:
    picture = InputMediaPhoto(JPEG)
    with pytest.raises(BadRequest, match="2-10"):
        await set_.bot.send_media_group(set_.chat.id, [picture])
    made = await set_.bot.send_media_group(set_.chat.id, [picture, picture])
    assert len({each.media_group_id for each in made}) == 1


async def test_the_blocked_the_kicked_and_the_stranger(set_: Set) -> None:
    set_.telegram.block(set_.ines)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await set_.send()
    group = set_.telegram.group("set")
    set_.telegram.kick(group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await set_.bot.send_message(group.id, "hello")
    stranger = set_.telegram.private(set_.telegram.user("zoe", started=False))
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await set_.bot.send_message(stranger.id, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await set_.bot.send_message(12345, "hello")


async def test_a_group_that_moved_and_a_topic_that_closed(set_: Set) -> None:
    small = set_.telegram.group("small", basic=True)
    large = set_.telegram.migrate(small)
    with pytest.raises(ChatMigrated) as moved:
        await set_.bot.send_message(small.id, "hello")
    assert moved.value.new_chat_id == large.id
    forum = set_.telegram.group("forum", forum=True)
    topic = set_.telegram.topic(forum, "Scene 2")
    await set_.bot.send_message(forum.id, "hello", message_thread_id=topic.id)
    topic.closed = True
    with pytest.raises(BadRequest, match="Topic_closed"):
        await set_.bot.send_message(forum.id, "hello", message_thread_id=topic.id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await set_.bot.send_message(forum.id, "hello", message_thread_id=99)
    large.muted.add("video")
    with pytest.raises(BadRequest, match="Not enough rights to send videos"):
        await set_.bot.send_video(large.id, FILM, width=1, height=1, duration=1)


async def test_a_tap_is_answered_once_and_in_time(set_: Set) -> None:
    await set_.send(reply_markup=tap("go", "x"))
    press = await set_.telegram.press(set_.ines, set_.chat.posted[0], "go")
    assert press.data == "x"
    await set_.bot.answer_callback_query(press.id, "yes", show_alert=True)
    assert press.answered is not None
    assert (press.answered.text, press.answered.alert) == ("yes", True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await set_.bot.answer_callback_query(press.id)
    late = await set_.telegram.press(set_.ines, set_.chat.posted[0], "go")
    set_.telegram.skip(20)
    with pytest.raises(BadRequest, match="Query is too old"):
        await set_.bot.answer_callback_query(late.id)


async def test_faults_come_as_told(set_: Set) -> None:
    set_.telegram.faults.add("sendMessage", "reset before")
    set_.telegram.faults.add("sendMessage", "reset after")
    set_.telegram.faults.add("sendMessage", 502, done=True)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await set_.send()
    assert len(set_.chat.posted) == 2
    set_.telegram.faults.add("sendMessage", "hang")
    with pytest.raises(TimedOut):
        await set_.send(read_timeout=0.2)
    assert len(set_.chat.posted) == 2


async def test_only_its_own_token_opens_it(set_: Set) -> None:
    with pytest.raises(InvalidToken):
        async with set_.telegram.library("7000000001:wrong"):
            raise AssertionError


async def test_a_local_server_takes_more_and_files_from_the_disk(tmp_path: Any) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    async with FakeTelegram(Limits(on=False), local=True, typed=False) as telegram, telegram.library() as bot:
        chat = telegram.private(telegram.user("ines"))
        sent = await bot.send_video(chat.id, film, width=1280, height=720, duration=6)
        assert sent.video is not None
        file = await bot.get_file(sent.video.file_id)
        assert file.file_path == str(film)
        assert telegram.calls[-2].sizes == {}
