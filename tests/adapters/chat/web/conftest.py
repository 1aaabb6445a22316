"""A studio on a stage, a client that is its own page, and a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import async_playwright

from tests.adapters.chat.web.member import Watched
from tests.adapters.chat.web.props import Reel
from tests.adapters.chat.web.stage import Stage, staged
from tests.media_samples import tiny_clip, tiny_png

CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture
async def reel(tmp_path: Path) -> Reel:
    """A two-second clip with its poster, in the clip store of `stage`."""
    shelf = tmp_path / "clips"
    shelf.mkdir(exist_ok=True)
    (shelf / f"{'a' * 64}.mp4").write_bytes(tiny_clip(tmp_path / "tiny.mp4", 2, (320, 180)).read_bytes())
    (shelf / f"{'b' * 64}.jpg").write_bytes(tiny_png(tmp_path / "tiny.png", (320, 180)).read_bytes())
    return Reel("a" * 64, "b" * 64)


@pytest.fixture
async def stage(tmp_path: Path, reel: Reel) -> AsyncIterator[Stage]:
    """A started studio whose every take turns out as `reel`."""
    async with staged(tmp_path / "clips", reel) as stage:
        yield stage


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    """Speaks to the studio as its own page does."""
    async with aiohttp.ClientSession(stage.studio.url, headers={"Sec-Fetch-Site": "same-origin"}) as session:
        yield session


@pytest.fixture
async def browser_page(stage: Stage, chromium_path: str) -> AsyncIterator[Watched]:
    """A desk-sized window, closed before `stage`; it must have complained of nothing and visited no other host."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM.split())
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(8000)
        watched = Watched(await context.new_page())
        yield watched
        await browser.close()
    assert not watched.complaints
    assert {host.split(":")[0] for host in watched.hosts} <= {"127.0.0.1", ""}
