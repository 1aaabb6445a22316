"""What the doctor says of the bot, before members find out. Asks, and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.chat import ChatSettings, telegram
from tests.fakes.telegram import FakeTelegram


@pytest.fixture(name="there")
async def _there() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(typed=False) as found:
        yield found
        assert found.broken == []
        assert all(call.method.startswith("get") for call in found.calls)


def setting(there: FakeTelegram, token: str = "", public_url: str = "", **table: Any) -> ChatSettings:
    """What the operator has set."""
    options = {"TELEGRAM_TOKEN": token or there.token, "TELEGRAM_API_URL": f"http://127.0.0.1:{there.port}"}
    return ChatSettings(options, table, public_url=public_url)


async def report(asked: ChatSettings) -> dict[str, tuple[str, str]]:
    """Level and text by subject."""
    return {each.subject: (each.level, each.text) for each in await telegram.examine(asked)}


async def test_all_is_well_but_for_the_menu_of_the_first_start(there: FakeTelegram) -> None:
    found = await report(setting(there))
    assert found["telegram token"][1].endswith("as @throughline_bot")
    levels = {level for subject, (level, _) in found.items() if subject != "telegram commands"}
    assert levels == {"ok"}
    assert found["telegram commands"][0] == "warning"
    there.commands["default", ""] = [{"command": "generate", "description": "film"}]
    assert (await report(setting(there)))["telegram commands"] == ("ok", "1 in the menu")


async def test_without_a_token_nothing_is_asked() -> None:
    assert not telegram.configured(ChatSettings())
    [only] = await telegram.examine(ChatSettings())
    assert (only.level, "TELEGRAM_TOKEN" in only.text) == ("error", True)


async def test_a_token_that_is_not_accepted(there: FakeTelegram) -> None:
    found = await report(setting(there, token="123:wrong"))
    assert list(found) == ["telegram token"]
    assert found["telegram token"][0] == "error"
    assert "wrong" not in found["telegram token"][1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://[::1", "ftp://x"])
async def test_a_server_that_is_not_there(url: str) -> None:
    asked = ChatSettings({"TELEGRAM_TOKEN": "123:secret-part", "TELEGRAM_API_URL": url})
    [only] = await telegram.examine(asked)
    assert only.level == "error"
    assert "secret-part" not in only.text


async def test_privacy_mode_that_is_off_is_said(there: FakeTelegram) -> None:
    there.privacy = False
    level, text = (await report(setting(there)))["telegram privacy mode"]
    assert level == "warning"
    assert "/setprivacy" in text


async def test_a_webhook_in_the_way_of_asking(there: FakeTelegram) -> None:
    bot = there.library()
    async with bot:
        await bot.set_webhook("https://old.example/hook")
    there.calls.clear()
    level, text = (await report(setting(there)))["telegram updates"]
    assert (level, "old.example" in text) == ("warning", True)
    assert (await report(setting(there, webhook=True)))["telegram updates"][0] == "error"
    by_hook = await report(setting(there, public_url="https://films.example", webhook=True))
    assert by_hook["telegram updates"] == ("ok", "by webhook")


async def test_a_secret_that_telegram_would_not_take(there: FakeTelegram) -> None:
    asked = setting(there, public_url="https://films.example", webhook=True)
    asked = replace(asked, options={**asked.options, "TELEGRAM_WEBHOOK_SECRET": "a b"})
    level, text = (await report(asked))["telegram updates"]
    assert (level, "16 to 256 letters" in text) == ("error", True)


async def test_settings_that_only_count_together(there: FakeTelegram) -> None:
    assert (await report(setting(there, shared_disk=True)))["telegram files"][0] == "warning"
    assert (await report(setting(there, shared_disk=True, local=True)))["telegram files"][0] == "ok"


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1"])
async def test_an_address_where_nobody_is_says_where_to_look(address: str) -> None:
    options = {"TELEGRAM_TOKEN": "7000000001:AAnobody", "TELEGRAM_API_URL": address}
    ((level, text),) = (await report(ChatSettings(options))).values()
    assert (level, "TELEGRAM_API_URL" in text) == ("error", True)


async def test_what_waits_is_counted(there: FakeTelegram) -> None:
    ines = there.user("ines")
    await there.say(ines, there.private(ines), "hello")
    assert (await report(setting(there)))["telegram backlog"][1].startswith("1 updates")
