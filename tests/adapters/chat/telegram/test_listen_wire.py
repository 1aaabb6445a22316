"""The wire to Telegram: stored before confirmed, whatever breaks in between; webhook, two pollers, tokens, menus."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import web

from adapters.chat import ChatSettings
from adapters.chat.telegram.listen import TelegramListener
from adapters.chat.telegram.webhook import PATH
from bot.commands import Generate, Idea
from bot.errors import BadSetting
from tests.adapters.chat.telegram.stage_listen import House, house

SECRET = "a-secret-of-sixteen"


async def test_what_was_stored_but_not_confirmed_comes_again_and_is_one_wish(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        set_.telegram.faults.add("getUpdates", "delay")  # the first question is answered,
        set_.telegram.faults.add("getUpdates", "hang")  # the second, which would confirm, never gets through
        await set_.open()
        await set_.heard()
        assert len(set_.telegram.mailbag.pending) == 1
        await set_.restart()
        await set_.telegram.say(set_.ines, set_.chat, "a wolf")
        assert await set_.command(2) == Idea(prompt="a wolf")
        assert len(set_.taken_up) == 2


async def test_what_cannot_be_stored_does_not_block_what_can(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with house(tmp_path) as set_:
        set_.storage.refuses = "a secret fox"
        await set_.telegram.say(set_.ines, set_.chat, "a secret fox")
        await set_.telegram.say(set_.ines, set_.chat, "a wolf")
        await set_.open()
        await set_.telegram.until(lambda: set_.wishes, 10)
        await set_.telegram.until(lambda: not set_.telegram.mailbag.pending)
        assert await set_.command() == Idea(prompt="a wolf")
        assert "cannot be stored" in caplog.text
        assert "secret" not in caplog.text


async def test_what_could_not_be_stored_is_asked_for_again(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        set_.storage.broken = 1
        await set_.open()
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        assert await set_.command() == Generate(prompt="a fox")
        await set_.telegram.until(lambda: set_.telegram.mailbag.confirmed)
        assert set_.storage.broken == 0
        assert set_.taken_up == [set_.wishes[0].id]


async def test_nothing_is_confirmed_while_storage_is_away(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        set_.storage.broken = 1_000_000
        await set_.open()
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        await set_.telegram.until(lambda: set_.storage.transactions >= 3, 10)
        assert set_.telegram.mailbag.confirmed == 0
        assert len(set_.telegram.mailbag.pending) == 1


async def test_a_whole_batch_is_one_insert(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        for number in range(100):
            member = set_.telegram.user(f"member {number}")
            await set_.telegram.say(member, set_.telegram.private(member), f"/generate fox {number}")
        await set_.open()
        await set_.heard(100)
        assert set_.storage.transactions == 1
        assert [wish.command["values"]["prompt"] for wish in set_.wishes] == [f"fox {n}" for n in range(100)]
        assert sorted(wish.at for wish in set_.wishes) == [wish.at for wish in set_.wishes]
        assert len({wish.at for wish in set_.wishes}) == 100


async def test_an_update_that_cannot_be_read_is_passed_over_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "throughline")
    async with house(tmp_path) as set_:
        for poison in (
            {"message": {"text": "a secret fox"}},
            {"message": "a secret fox"},
            {"callback_query": {"id": 1}},
        ):
            set_.telegram.mailbag.put_raw(poison)
        await set_.telegram.say(set_.ines, set_.chat, "/generate a wolf")
        await set_.open()
        assert await set_.command() == Generate(prompt="a wolf")
        assert caplog.text.count("passed over") == 3
        assert "secret" not in caplog.text
        await set_.telegram.until(lambda: not set_.telegram.mailbag.pending)


async def test_a_name_of_odd_characters_can_be_stored(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        said = await set_.telegram.say(set_.ines, set_.telegram.private(set_.mei), "")
        update = said.to_json() | {
            "text": "/generate a fox \ud83d",
            "from": set_.ines.to_json() | {"first_name": "\x00I\ud83d🦊"},
        }
        set_.telegram.mailbag.put_raw({"message": update})
        await set_.open()
        wish = await set_.heard()
        assert wish.member.name == "I\ufffd🦊"
        assert wish.command["values"]["prompt"] == "a fox \ufffd"


async def test_the_network_breaks_and_comes_back(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        await set_.open()
        for fault in ("reset before", "reset after", 502, 500):
            set_.telegram.faults.add("getUpdates", fault)
        set_.telegram.faults.add("getUpdates", 429, retry_after=1)
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        await set_.telegram.until(lambda: set_.wishes and not set_.telegram.faults.waiting, 15)
        assert len(set_.wishes) == 1


async def test_two_pollers_share_one_wish(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with house(tmp_path) as set_:
        await set_.open()
        other = set_.another()
        await other.start()
        try:
            await set_.telegram.until(lambda: any(call.status == 409 for call in set_.telegram.calls))
            await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
            await set_.heard()
            await set_.listener.stop()  # the old one goes, as in a rolling deploy
            await set_.telegram.say(set_.ines, set_.chat, "/generate a wolf")
            await set_.telegram.until(lambda: len(set_.wishes) == 2, 10)
        finally:
            await other.stop()
    assert "somebody else takes this bot's updates" in caplog.text


async def test_a_token_that_is_not_accepted_is_told_to_the_operator(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        listener = TelegramListener(ChatSettings({"TELEGRAM_TOKEN": "1:not-it"}), set_.intake, set_.poster)
        set_.options = {"TELEGRAM_TOKEN": "7000000001:not-it"}
        with pytest.raises(BadSetting, match="TELEGRAM_TOKEN") as fault:
            await set_.another().start()
        assert "not-it" not in str(fault.value)
        assert "not-it" not in repr(listener)


@pytest.mark.parametrize("ending", ["", "/", "/bot", "/bot/"])
async def test_the_address_may_be_written_in_any_way(tmp_path: Path, ending: str) -> None:
    async with house(tmp_path) as set_:
        set_.options = {"TELEGRAM_API_URL": f"http://127.0.0.1:{set_.telegram.port}{ending}"}
        listener = set_.another()
        await listener.start()
        await listener.stop()


async def test_a_server_that_is_away_is_waited_for(tmp_path: Path, unused_tcp_port: int) -> None:
    async with house(tmp_path) as set_:
        set_.options = {"TELEGRAM_API_URL": f"http://127.0.0.1:{unused_tcp_port}"}
        listener = set_.another()
        await listener.start(0.3)
        began = asyncio.get_running_loop().time()
        await listener.stop()
        assert asyncio.get_running_loop().time() - began < 2.0


async def test_stopping_is_quick_while_the_storage_hangs(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        await set_.open()
        set_.storage.go.clear()
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        await set_.telegram.until(lambda: set_.storage.transactions)
        began = asyncio.get_running_loop().time()
        await set_.listener.stop()
        assert asyncio.get_running_loop().time() - began < 4.0
        assert set_.telegram.mailbag.confirmed == 0


async def test_the_menu_is_hung_out_once(tmp_path: Path) -> None:
    async with house(tmp_path, typed=True) as set_:
        await set_.open()
        await set_.telegram.until(lambda: len(set_.telegram.commands) == 6)
        names = [each["command"] for each in set_.telegram.commands["default", ""]]
        assert names[:3] == ["generate", "remix", "style"]
        assert len(names) <= 12
        chinese = set_.telegram.commands["all_private_chats", "zh"]
        assert [each["command"] for each in chinese] == names
        assert "镜" in chinese[0]["description"]
        await set_.restart()
        await set_.telegram.until(lambda: _times(set_, "getMyCommands") == 12)
        assert _times(set_, "setMyCommands") == 6


def _times(set_: House, method: str) -> int:
    return sum(call.method == method for call in set_.telegram.calls)


async def test_a_menu_that_cannot_be_set_is_no_trouble(tmp_path: Path) -> None:
    async with house(tmp_path) as set_:
        set_.telegram.faults.add("getMyCommands", 500)
        await set_.open()
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        await set_.heard()
        await set_.telegram.until(lambda: len(set_.telegram.commands) == 6)


# ---------------------------------------------------------------- webhook


class Porch:
    """The web server that opens our door, as the studio's does; `busy` of its answers come from elsewhere."""

    def __init__(self) -> None:
        self.listener: TelegramListener | None = None
        self.statuses: list[int] = []
        self.crash_after_storing = 0

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post(PATH, self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        assert self.listener is not None
        status = await self.listener.doors["telegram"](dict(request.headers), await request.read())
        self.statuses.append(status)
        if self.crash_after_storing:
            self.crash_after_storing -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=status)


async def test_a_webhook_answers_once_it_is_stored_and_a_repeat_is_one_wish(tmp_path: Path) -> None:
    porch = Porch()
    url = await porch.start()
    try:
        async with house(tmp_path, table={"webhook": True}, public_url=url) as set_:
            porch.listener = set_.listener
            porch.crash_after_storing = 1
            await set_.open()
            assert set_.telegram.mailbag.webhook.url == url + PATH
            assert len(set_.telegram.mailbag.webhook.secret) >= 32
            await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
            await set_.telegram.until(lambda: set_.telegram.mailbag.confirmed)
            assert porch.statuses == [200, 200]
            assert await set_.command() == Generate(prompt="a fox")
            set_.storage.broken = 2
            await set_.telegram.say(set_.ines, set_.chat, "a wolf")
            await set_.heard(2)
            assert porch.statuses[2:4] == [503, 503]
    finally:
        await porch.stop()


async def test_the_secret_is_kept_for_the_next_start_and_for_nobodys_eyes(tmp_path: Path) -> None:
    async with house(tmp_path, table={"webhook": True}, public_url="http://127.0.0.1:9") as set_:
        await set_.open()
        first = set_.telegram.mailbag.webhook.secret
        await set_.restart()
        assert set_.telegram.mailbag.webhook.secret == first
        assert (tmp_path / "webhook-secret").stat().st_mode & 0o077 == 0


async def test_a_door_opens_for_telegram_alone(tmp_path: Path) -> None:
    options = {"TELEGRAM_WEBHOOK_SECRET": SECRET}
    async with house(tmp_path, table={"webhook": True}, public_url="http://127.0.0.1:9", options=options) as set_:
        door = set_.listener.doors["telegram"]
        assert await door({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"{}") == 503  # not yet open
        await set_.open()
        assert set_.telegram.mailbag.webhook.secret == SECRET
        known = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        for headers in (
            {},
            {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"},
            {"X-Telegram-Bot-Api-Secret-Token": "é\udc80"},
        ):
            assert await door(headers, b'{"update_id": 1}') == 403
        for body in (
            b"",
            b"[]",
            b"{}",
            b'{"update_id": "1"}',
            b"\xff",
            b"[" * 100_000,
            b'{"update_id": 1, "x": "' + b"y" * 2**20,
        ):
            assert await door(known, body) == 400
        assert await door(known, b'{"update_id": 1, "message": {"text": 7}}') == 200
        assert set_.wishes == []


async def test_going_back_to_asking_takes_the_webhook_down(tmp_path: Path) -> None:
    async with house(tmp_path, table={"webhook": True}, public_url="http://127.0.0.1:9") as set_:
        await set_.open()
        await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
        set_.table = {}
        await set_.restart()
        assert await set_.command() == Generate(prompt="a fox")
        assert set_.telegram.mailbag.webhook.url == ""


async def test_a_webhook_needs_an_address_and_a_fair_secret(tmp_path: Path) -> None:
    async with house(tmp_path, table={"webhook": True}) as set_:
        with pytest.raises(BadSetting, match="THROUGHLINE_PUBLIC_URL"):
            await set_.open()
        set_.public_url, set_.options = "http://198.51.100.7", {"TELEGRAM_WEBHOOK_SECRET": "short"}
        with pytest.raises(BadSetting, match="TELEGRAM_WEBHOOK_SECRET"):
            await set_.another().start()
        set_.options = {}
        with pytest.raises(BadSetting, match="https"):
            await set_.another().start()
