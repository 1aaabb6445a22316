"""What the doctor says of Discord, and how it is mended."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from adapters.chat import ChatSettings
from adapters.chat import discord as platform
from adapters.chat.discord import doctor
from bot.paperwork import Finding
from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(limits=False) as discord:
        with discord.pointed():
            yield discord
        assert discord.broken == []


async def examined(discord: FakeDiscord, token: str = "") -> Sequence[Finding]:
    options = {"DISCORD_TOKEN": token or discord.token, "DISCORD_API_URL": discord.api_url}
    return await platform.examine(ChatSettings(options=options))


def said(findings: Sequence[Finding], subject: str) -> Finding:
    (found,) = [each for each in findings if each.subject == subject]
    return found


async def test_all_is_well(discord: FakeDiscord) -> None:
    findings = await examined(discord)
    assert {each.level for each in findings} == {"ok"}
    assert said(findings, "discord").text == "the token is accepted: throughline"
    assert "not registered yet" in said(findings, "discord: commands").text
    assert said(findings, "discord: message content intent").text == "off, and not needed"
    assert "shard" in said(findings, "discord: gateway").text


async def test_the_invitation_asks_for_exactly_what_is_needed(discord: FakeDiscord) -> None:
    url = said(await examined(discord), "discord: invite").text
    assert url == (
        f"https://discord.com/oauth2/authorize?client_id={discord.application_id}"
        "&scope=bot+applications.commands&permissions=309237763072&integration_type=0"
    )


async def test_a_wrong_token_is_said_plainly_and_never_printed(discord: FakeDiscord) -> None:
    findings = await examined(discord, "a-wrong-token")
    assert [each.level for each in findings] == ["error"]
    assert "DISCORD_TOKEN" in findings[0].text
    assert "a-wrong-token" not in repr(findings)


async def test_no_way_through() -> None:
    options = {"DISCORD_TOKEN": "a-token", "DISCORD_API_URL": "http://127.0.0.1:9"}
    (found,) = await doctor.examine(ChatSettings(options=options))
    assert (found.level, "DISCORD_API_URL" in found.text) == ("error", True)


async def test_a_server_that_is_something_else(discord: FakeDiscord) -> None:
    discord.faults.add("GET", "/users/@me", 418)
    (found,) = await examined(discord)
    assert found.level == "error"


async def test_without_a_token_nobody_is_asked(discord: FakeDiscord) -> None:
    assert not platform.configured(ChatSettings())
    (found,) = await platform.examine(ChatSettings())
    assert found.level == "warning"
    assert discord.calls == []


@pytest.mark.parametrize(
    ("data", "level", "word"),
    [
        ({"interactions_endpoint_url": "https://film.example/hook"}, "error", "empty that field"),
        ({"bot_require_code_grant": True}, "error", "turn it off"),
        ({"bot_public": False}, "ok", "only its owner"),
        ({"flags": 1 << 19}, "ok", "we do not need it"),
    ],
)
def test_settings_of_the_application(data: dict[str, Any], level: str, word: str) -> None:
    assert any(each.level == level and word in each.text for each in doctor._application(data))


def test_few_starts_left_are_a_warning() -> None:
    limit = {"total": 1000, "remaining": 3, "reset_after": 7_200_000}
    found = doctor._gateway({"session_start_limit": limit, "shards": 1})
    assert (found.level, "only 3 of 1000" in found.text) == ("warning", True)
