"""What a member does at the studio's page, and what a window of theirs notes."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, Page, expect

from tests.adapters.chat.web.stage import Stage


class Watched:
    """A page with everything it complained of and everywhere it went."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2] if "://" in request.url else ""))


async def open_studio(watched: Watched, stage: Stage) -> Page:
    await watched.page.goto(stage.studio.url)
    await expect(watched.page.locator("#composer .film")).to_contain_text("free")
    return watched.page


async def film(page: Page, words: str) -> Locator:
    """Write a prompt, film it, wait for its clip; the card."""
    await page.fill("#words", words)
    await page.press("#words", "Enter")
    card = page.locator(".card", has=page.locator("video")).filter(has_text=words)
    await expect(card).to_be_visible()
    return card


async def playing(page: Page) -> None:
    """Until the clip has played a little. (`wait_for_function` would need `unsafe-eval`, which the page forbids.)"""
    async with asyncio.timeout(8):
        while not await page.evaluate("document.querySelector('video').currentTime > 0.1"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
