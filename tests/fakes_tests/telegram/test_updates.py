"""How the pretended Telegram tells of what happened: polling, privacy, patience, and forms that others can read."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, Conflict, RetryAfter

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.control import RemoteTelegram
from tests.specs_telegram import Judge, specification

JPEG = bytes.fromhex("ffd8ffc0000b080040006001011100ffd9")


@pytest.fixture(name="telegram")
async def _telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(typed=False) as found:
        yield found


@pytest.fixture(name="bot")
async def _bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with telegram.library() as found:
        yield found


def seconds(told: RetryAfter) -> float:
    """How long to wait."""
    assert isinstance(told.retry_after, timedelta)
    return told.retry_after.total_seconds()


async def test_an_update_is_gone_once_a_higher_offset_was_asked_for(telegram: FakeTelegram, bot: Bot) -> None:
    ines = telegram.user("ines")
    for number in range(3):
        await telegram.say(ines, telegram.private(ines), f"fox {number}")
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    assert [each.update_id for each in again][:2] == [each.update_id for each in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [each.message and each.message.text for each in rest] == ["fox 2"]
    assert telegram.mailbag.confirmed == first[-1].update_id
    telegram.skip(24 * 3600 + 1)
    assert await bot.get_updates() == ()


async def test_a_long_poll_ends_when_something_comes(telegram: FakeTelegram, bot: Bot) -> None:
    ines = telegram.user("ines")
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.until(lambda: telegram.mailbag.polls)
    await telegram.say(ines, telegram.private(ines), "a fox")
    (update,) = await asyncio.wait_for(waiting, 2)
    assert update.message is not None


async def test_a_second_poller_throws_the_first_one_out(telegram: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.until(lambda: telegram.mailbag.polls)
    async with telegram.library() as other:
        await other.get_updates(timeout=0)
    with pytest.raises(Conflict, match="other getUpdates request"):
        await first
    await bot.set_webhook("https://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_what_is_wanted_is_queued(telegram: FakeTelegram, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    ines = telegram.user("ines")
    telegram.block(ines)
    await telegram.say(ines, telegram.private(ines), "a fox")
    (update,) = await bot.get_updates()
    assert update.message is not None


async def test_in_groups_the_bot_sees_what_privacy_lets_it_see(telegram: FakeTelegram, bot: Bot) -> None:
    ines, group = telegram.user("ines"), telegram.group("set")
    sent = await bot.send_message(group.id, "a card")
    ours = group.by_id[sent.message_id]
    seen = ["/fox", "/fox@throughline_bot", "hi @throughline_bot", "a reply"]
    for words in ("nice weather", "/fox@other_bot", "@other_bot hi", "a/fox", *seen[:3]):
        await telegram.say(ines, group, words)
    await telegram.say(ines, group, "a reply", reply_to=ours)
    theirs = await telegram.say(ines, group, "never mind")
    await telegram.say(ines, group, "a reply to that", reply_to=theirs)
    assert [each.message and each.message.text for each in await bot.get_updates()] == seen


async def test_a_group_takes_twenty_messages_and_edits_a_minute(telegram: FakeTelegram, bot: Bot) -> None:
    group = telegram.group("set")
    sent = await bot.send_message(group.id, "0")
    for number in range(1, 20):
        await sent.edit_text(str(number))
    with pytest.raises(RetryAfter) as told:
        await sent.edit_text("20")
    first = seconds(told.value)
    assert 55 <= first <= 60
    telegram.skip(1)
    with pytest.raises(RetryAfter) as told:
        await bot.send_message(group.id, "who does not wait waits longer")
    assert seconds(told.value) > first
    assert len(telegram.patience.disregarded) == 1
    telegram.skip(250)
    await sent.edit_text("20")


async def test_a_private_chat_forgives_a_burst_and_everybody_shares_thirty_a_second(
    telegram: FakeTelegram, bot: Bot
) -> None:
    chats = [telegram.private(telegram.user(f"member {number}")) for number in range(31)]
    for _ in range(5):
        await bot.send_message(chats[0].id, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(chats[0].id, "hello")
    telegram.skip(300)
    outcomes = await asyncio.gather(*(bot.send_message(each.id, "hi") for each in chats), return_exceptions=True)
    assert sum(isinstance(each, RetryAfter) for each in outcomes) >= 1


async def test_commands_are_kept_by_scope_and_language(telegram: FakeTelegram, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("fox", "A fox")], BotCommandScopeAllPrivateChats(), "zh")
    assert telegram.commands["all_private_chats", "zh"] == [{"command": "fox", "description": "A fox"}]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="language"):
        await bot.set_my_commands([BotCommand("fox", "A fox")], language_code="zh-hans")
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Fox", "A fox")])
    with pytest.raises(BadRequest, match="Bot_commands_too_much"):
        await bot.set_my_commands([BotCommand(f"fox{number}", "A fox") for number in range(101)])


async def test_a_webhook_is_pushed_to_until_it_says_yes(telegram: FakeTelegram, bot: Bot) -> None:
    seen: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        seen.append(request.headers["X-Telegram-Bot-Api-Secret-Token"])
        return web.Response(status=500 if len(seen) < 3 else 200)

    app = web.Application()
    app.router.add_post("/hook", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.mailbag.again = 0.02
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s-3")
    ines = telegram.user("ines")
    await telegram.say(ines, telegram.private(ines), "a fox")
    await telegram.until(lambda: telegram.mailbag.confirmed)
    assert seen == ["s-3"] * 3
    await runner.cleanup()


async def test_others_can_read_what_it_says(telegram: FakeTelegram, bot: Bot) -> None:
    """aiogram's models are the second reader of every kind of update and answer."""
    from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, Update
    from pydantic import TypeAdapter

    ines = telegram.user("ines", language="en")
    group = telegram.group("set", admins=[ines, telegram.user("olga")], forum=True)
    topic = telegram.topic(group, "Scene 2")
    said = await telegram.say(ines, group, "/fox https://example.com", topic=topic)
    await telegram.say(ines, telegram.private(ines), photo=JPEG, caption="@throughline_bot", album="7", reply_to=None)
    for kind in ("sticker", "voice", "video", "document"):
        await telegram.say(ines, telegram.private(ines), kind=kind)
    await telegram.say(ines, group, "/fox", anonymous=True, reply_to=said)
    await telegram.press(ines, said, "anything")
    telegram.delete(said)
    await telegram.press(ines, said, "anything")
    telegram.kick(group)
    telegram.migrate(telegram.group("small", basic=True))
    for update in telegram.mailbag.pending:
        Update.model_validate(update)
    assert len(telegram.mailbag.pending) == 12
    group.kicked = False
    members = await bot.get_chat_administrators(group.id)
    reader: TypeAdapter[object] = TypeAdapter(ChatMemberOwner | ChatMemberAdministrator)
    for member in members:
        reader.validate_python(member.to_dict())
    assert [member.status for member in members] == ["creator", "administrator"]


def test_the_judge_knows_a_wrong_request() -> None:
    judge = Judge.found()
    right = {"chat_id": "7", "text": "hello", "reply_parameters": '{"message_id": 3}'}
    assert judge.objections("sendMessage", right, files=()) == []
    wrong = [
        ("sendMessage", {"chat_id": "7"}),
        ("sendMessage", right | {"txt": "hello"}),
        ("sendMessage", right | {"disable_notification": "perhaps"}),
        ("sendMessage", right | {"entities": '[{"type": "bold", "offset": 0}]'}),
        ("sendVideo", {"chat_id": "7", "width": "wide", "video": "x"}),
        ("editMessageMedia", {"chat_id": "7", "message_id": "3", "media": '{"type": "film", "media": "x"}'}),
        ("sendFox", {"chat_id": "7"}),
    ]
    if (
        specification() is not None
    ):  # inside of objects aiogram lets pass what it does not know; the specification does not
        video = '{"type": "video", "media": "x", "widht": 3}'
        wrong += [
            ("editMessageMedia", {"chat_id": "7", "message_id": "3", "media": video}),
            ("sendMessage", right | {"reply_parameters": '{"message_id": 3, "quoted": "x"}'}),
        ]
    for method, params in wrong:
        assert judge.objections(method, params, files=()), (method, params)


async def test_it_runs_as_a_process_of_its_own() -> None:
    command = (sys.executable, "-m", "tests.fakes.telegram", "--judge", "none")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    ready = await asyncio.wait_for(process.stdout.readline(), 30)
    start = json.loads(ready)
    try:
        async with RemoteTelegram(start["url"]) as telegram:
            said = await telegram.ask("say", user="ines", text="/generate a fox", language="en")
            async with Bot(start["token"], base_url=telegram.base_url) as bot:
                (update,) = await bot.get_updates()
                assert update.message is not None
                assert update.message.text == "/generate a fox"
                sent = await bot.send_message(said["chat"], "Filming")
            await telegram.ask("press", user="ines", chat=said["chat"], message=sent.message_id, button="stop")
            state = await telegram.ask("state", user="ines")
            assert [each["text"] for each in state["messages"]] == ["/generate a fox", "Filming"]
            report = await telegram.ask("report")
            assert report["calls"]["sendMessage"] == 1
            assert report["broken"] == []
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
