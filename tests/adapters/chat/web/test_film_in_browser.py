"""The film: made from the strip, played with its cuts, gone through by keys; pictures in full and files to take home."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.cards import Button, Card, CardClip, Row, Tone
from tests.adapters.chat.web.member import Watched, open_studio
from tests.adapters.chat.web.props import Reel, until
from tests.adapters.chat.web.stage import Stage
from tests.adapters.chat.web.test_storyboard_in_browser import NAMELESS, shoot
from tests.media_samples import tiny_clip

pytestmark = pytest.mark.browser

TIME = "(player) => player.querySelector('video').currentTime"


@pytest.fixture(autouse=True)
def film_reel(stage: Stage, tmp_path: Path) -> Reel:
    """The clip of six seconds that every film turns out to be."""
    shelf = tmp_path / "clips"
    (shelf / f"{'c' * 64}.mp4").write_bytes(tiny_clip(tmp_path / "film.mp4", 6, (320, 180)).read_bytes())
    stage.crew.cutter.reel = Reel("c" * 64, "b" * 64, 6.0)
    return stage.crew.cutter.reel


async def cut(watched: Watched, stage: Stage) -> Page:
    """A studio with three shots and their film."""
    shoot(stage, "1A", "1B", "1C")
    page = await open_studio(watched, stage)
    await page.get_by_role("button", name="Make the film").click()
    await expect(page.locator(".film-card")).to_be_visible()
    return page


async def at(player: Locator, second: float) -> None:
    """Until the player stands at that second, to a frame."""
    async with asyncio.timeout(8):
        while abs(await player.evaluate(TIME) - second) > 1 / 24:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_film_is_made_with_its_transition_and_comes_as_a_player(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C")
    page = await open_studio(browser_page, stage)
    ways = page.get_by_role("group", name="How shots go over into one another")
    await expect(ways.get_by_role("button", name="cut")).to_have_attribute("aria-pressed", "true")
    await ways.get_by_role("button", name="dissolve").click()
    await page.get_by_role("button", name="Make the film").click()
    for player in (page.locator(".film-card .film-player"), page.locator("#session .film-player")):
        await expect(player.locator(".cells i")).to_have_count(3)
        await expect(player.locator(".now")).to_have_text("1A-1")
    assert stage.crew.heard[0].command == {"name": "film", "values": {"transition": "dissolve"}}
    await page.reload()
    await expect(ways.get_by_role("button", name="dissolve")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#session .film-player")).to_be_visible()
    assert await page.evaluate(NAMELESS) == []


async def test_cut_marks_keys_and_names_go_from_cut_to_cut(browser_page: Watched, stage: Stage) -> None:
    page = await cut(browser_page, stage)
    player = page.locator(".film-card .film-player")
    await player.focus()
    for key, second, slate in ((".", 2, "1B-1"), (".", 4, "1C-1"), (",", 2, "1B-1"), (",", 0, "1A-1")):
        await page.keyboard.press(key)
        await expect(player.locator(".now")).to_have_text(slate)
        await at(player, second)
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(player.locator(".now")).to_have_text("1B-1")
    await at(player, 3)
    await page.keyboard.press(",")
    await at(player, 2)
    await player.locator(".cut-name", has_text="1C-1").click()
    await at(player, 4)
    await player.get_by_role("button", name="Previous cut").click()
    await at(player, 2)
    await player.get_by_role("button", name="Next cut").click()
    await at(player, 4)
    await expect(player.get_by_role("slider", name="Place in the film")).to_have_attribute(
        "aria-valuetext", "1C-1, 00:04:00"
    )


async def test_a_film_is_taken_home_under_its_title(browser_page: Watched, stage: Stage) -> None:
    page = await cut(browser_page, stage)
    async with page.expect_download() as waiting:
        await page.locator("[data-key=film]").get_by_role("link", name="Download").click()
    assert (await waiting.value).suggested_filename == "No-Return-Address.mp4"


async def test_space_plays_and_pauses_and_the_slate_goes_along(browser_page: Watched, stage: Stage) -> None:
    page = await cut(browser_page, stage)
    player = page.locator("#session .film-player")
    await player.get_by_role("button", name="Play No Return Address").click()
    await expect(player.locator(".now")).to_have_text("1B-1")
    await page.keyboard.press(" ")
    await expect(player.get_by_role("button", name="Play or pause")).to_have_attribute("aria-pressed", "false")
    assert await player.evaluate("(player) => player.querySelector('video').paused")


async def test_playing_goes_on_while_the_session_changes(browser_page: Watched, stage: Stage) -> None:
    page = await cut(browser_page, stage)
    player = page.locator("#session .film-player")
    await player.get_by_role("button", name="Play No Return Address").click()
    await player.evaluate("(player) => { window.first = player; }")
    stage.crew.titles[0] = "Another title"
    stage.bell.ring(view=True)
    await expect(page.locator("#session h2").first).to_have_text("Another title")
    assert await player.evaluate("(player) => player === window.first && !player.querySelector('video').paused")
    await expect(player).to_be_focused()
    await page.locator(".film-card").get_by_role("button", name="Play No Return Address").click()
    await expect(player.get_by_role("button", name="Play or pause")).to_have_attribute("aria-pressed", "false")


async def test_a_film_that_the_shots_have_left_behind_says_so(browser_page: Watched, stage: Stage) -> None:
    page = await cut(browser_page, stage)
    assert stage.crew.cutter.made is not None
    stage.crew.cutter.made |= {"current": False}
    stage.bell.ring(view=True)
    await expect(page.locator(".stale")).to_contain_text("The shots have changed since.")
    await page.locator(".stale").get_by_role("button", name="Cut again").click()
    await until(lambda: len(stage.crew.heard) > 1)
    assert stage.crew.heard[-1].command["name"] == "film"
    await expect(page.locator(".stale")).to_have_count(0)


async def test_a_film_of_sixty_shots_has_sixty_cuts_and_lists_them(browser_page: Watched, stage: Stage) -> None:
    rows = tuple(Row(f"{1 + n // 10}{chr(65 + n % 10)}-1", "words", "0:00", begins=n / 10) for n in range(60))
    page = await open_studio(browser_page, stage)
    clip = CardClip("c" * 64, 6.0, 320, 180, poster="b" * 64)
    await stage.post("film", Card(tone=Tone.READY, title="Sixty", clip=clip, rows=rows))
    card = page.locator(".film-card")
    await expect(card.locator(".cells i")).to_have_count(60)
    await card.locator(".cut-row", has_text="4F-1").click()
    await expect(card.locator(".now")).to_have_text("4F-1")
    await at(card, 3.5)
    assert await card.evaluate("(e) => e.scrollWidth <= e.clientWidth")


async def test_on_a_phone_the_film_is_played_with_a_thumb(browser_page: Watched, stage: Stage) -> None:
    await browser_page.page.set_viewport_size({"width": 390, "height": 844})
    shoot(stage, "1A", "1B", "1C")
    page = await open_studio(browser_page, stage)
    await page.get_by_role("tab", name="Session").click()
    await page.get_by_role("button", name="Make the film").click()
    await expect(page.locator("#session .film-player")).to_be_visible()
    await page.get_by_role("tab", name="Chat").click()
    card = page.locator(".film-card")
    await card.get_by_role("button", name="Next cut").click()
    await expect(card.locator(".now")).to_have_text("1B-1")
    low = await card.locator(".deck-tap, .cut-row, .seek").evaluate_all(
        "all => all.filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.outerHTML)"
    )
    assert low == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_picture_opens_in_full_and_gives_the_focus_back(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await stage.post("sheet", Card(title="No Return Address, contact sheet", picture="b" * 64))
    small = page.get_by_role("link", name="Picture for No Return Address, contact sheet")
    await small.click()
    large = page.get_by_role("dialog")
    await expect(large.get_by_role("img")).to_be_visible()
    box = await large.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1440, 900)
    await page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(small).to_be_focused()
    await small.press("Enter")
    await large.get_by_role("button", name="Close").click()
    await expect(page.locator("dialog")).to_have_count(0)


async def test_the_export_is_a_file_to_take_home(browser_page: Watched, stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "clips" / f"{'d' * 64}.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    url = f"/clips/{'d' * 64}.zip?download=1&name=No%20Return%20Address"
    page = await open_studio(browser_page, stage)
    await stage.post("export", Card(title="Export", buttons=(Button("Download", "", url=url),)))
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Download").click()
    download = await waiting.value
    assert download.suggested_filename == "No-Return-Address.zip"
    assert page.url.rstrip("/") == stage.studio.url
