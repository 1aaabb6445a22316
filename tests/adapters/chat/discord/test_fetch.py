"""Pictures in, and from nowhere but Discord's own hosts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from adapters.chat.discord import fetch as fetching
from bot.errors import AttachmentGone, DeliveryFault, ImageTooLarge
from tests.adapters.chat.discord.stage_post import READY, TAKE, Set, on_set

SIGNED = "?ex=65a1b2c3&is=659f6143&hm=0a1b2c3d"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


async def posted(stage: Set) -> str:
    """The signed address of a file in the chat."""
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    return f"discord:{stage.channel.last.shown[0]}"


async def test_an_attachment_is_written_to_the_file(stage: Set, tmp_path: Path) -> None:
    await stage.poster.fetch(await posted(stage), tmp_path / "picture")
    assert (tmp_path / "picture").read_bytes() == stage.clip().read_bytes()


async def test_a_link_whose_day_is_over_is_gone(stage: Set, tmp_path: Path) -> None:
    address = await posted(stage)
    stage.discord.skip(3 * 24 * 3600)
    with pytest.raises(AttachmentGone):
        await stage.poster.fetch(address, tmp_path / "picture")


@pytest.mark.parametrize(
    "address",
    [
        f"discord:https://cdn.discordapp.com/attachments/1/2/fox.png{SIGNED}",
        f"discord:https://media.discordapp.net/ephemeral-attachments/1/2/fox.png{SIGNED}",
    ],
)
def test_discords_own_hosts_are_asked(address: str) -> None:
    assert f"discord:{fetching.address_of(address)}" == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "discord:",
        "discord:fox.png",
        "telegram:https://cdn.discordapp.com/a/1/2/fox.png",
        "discord:http://cdn.discordapp.com/attachments/1/2/fox.png",
        "discord:https://cdn.discordapp.com:8443/attachments/1/2/fox.png",
        "discord:https://cdn.discordapp.com.evil.example/fox.png",
        "discord:https://cdn.discordapp.com@evil.example/fox.png",
        "discord:https://evil.example@cdn.discordapp.com/fox.png",
        "discord:https://evil.example/cdn.discordapp.com",
        "discord:http://127.0.0.1:9200/_search",
        "discord:http://169.254.169.254/latest/meta-data",
        "discord:http://[::1]/",
        "discord:https://[cdn.discordapp.com/",
        "discord:file:/fox.png",
        "discord:ftp://cdn.discordapp.com/fox.png",
    ],
)
async def test_nobody_else_is(stage: Set, tmp_path: Path, address: str) -> None:
    with pytest.raises(AttachmentGone):
        await stage.poster.fetch(address, tmp_path / "picture")
    assert stage.discord.calls == []
    assert not (tmp_path / "picture").exists()


@pytest.fixture
async def host() -> AsyncIterator[str]:
    """A file host that misbehaves by path."""

    async def answer(request: web.Request) -> web.StreamResponse:
        what = request.match_info["what"]
        if what == "elsewhere":
            raise web.HTTPFound("/large")
        if what.isdigit():
            return web.Response(status=int(what))
        return web.Response(body=b"x" * 31_000_000)

    app = web.Application()
    app.router.add_get("/{what}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("large", ImageTooLarge),
        ("elsewhere", AttachmentGone),
        ("404", AttachmentGone),
        ("403", AttachmentGone),
        ("500", DeliveryFault),
    ],
)
async def test_what_a_host_may_answer(host: str, tmp_path: Path, path: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        await fetching.fetch(f"discord:{host}/{path}", tmp_path / "picture", host + "/api/v10")


async def test_a_host_that_is_down_is_asked_again_later(tmp_path: Path) -> None:
    with pytest.raises(DeliveryFault) as down:
        await fetching.fetch("discord:http://127.0.0.1:9/fox.png", tmp_path / "picture", "http://127.0.0.1:9")
    assert not down.value.final
