"""Over the member's shoulder: other words are offered while one types, and put in by a tap."""

import pytest
from playwright.async_api import Page, expect

from tests.adapters.chat.web.member import Watched, film, open_studio
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import Stage

pytestmark = pytest.mark.browser


async def write(page: Page, words: str) -> None:
    await page.focus("#words")
    await page.keyboard.type(words)


async def test_what_says_little_is_underlined_and_a_tap_puts_other_words_there(
    browser_page: Watched, stage: Stage
) -> None:
    page = await open_studio(browser_page, stage)
    await write(page, "🦊 in dramatic light, at night")
    await expect(page.locator(".mirror u")).to_have_text("dramatic light")
    offers = page.get_by_role("group", name="What could be said instead")
    await expect(offers).to_contain_text("A lamp or a lens says more than “dramatic”:")
    await offers.get_by_role("button", name="low key").click()
    assert await page.input_value("#words") == "🦊 in low key, at night"
    await expect(offers).to_be_hidden()
    await expect(page.locator(".mirror u")).to_have_count(0)
    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.press("Control+z")
    assert await page.input_value("#words") == "🦊 in dramatic light, at night"
    assert await stage.wishes() == []


async def test_the_underline_stays_with_its_words_while_one_types_in_front(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await write(page, "dramatic light")
    await expect(page.locator(".mirror u")).to_have_text("dramatic light")
    stage.crew.reader.reads.clear()
    await page.keyboard.press("Home")
    await page.keyboard.type("a fox in ")
    await expect(page.locator(".mirror u")).to_have_text("dramatic light")
    boxes = (
        "Object.fromEntries(['.mirror', '#words'].map((e) => [e, document.querySelector(e).getBoundingClientRect().x]))"
    )
    places = await page.evaluate(boxes)
    stage.crew.reader.reads.set()
    assert places[".mirror"] == places["#words"]
    assert await page.evaluate(
        "document.querySelector('.mirror').scrollWidth <= document.querySelector('#words').clientWidth"
    )


async def test_the_words_at_the_caret_come_first_and_the_rest_is_one_tap_away(
    browser_page: Watched, stage: Stage
) -> None:
    page = await open_studio(browser_page, stage)
    await write(page, "silence, dramatic light, beautiful")
    rows = page.locator(".offer-row")
    await expect(rows.first).to_contain_text("one who looks")
    await page.locator("#offers").get_by_role("button", name="1 more").click()
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="Sound: rain on nylon").click()
    assert (await page.input_value("#words")).endswith("beautiful\nSound: rain on nylon")


async def test_a_change_is_read_as_one_and_a_command_not_at_all(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    card = await film(page, "a fox")
    await card.get_by_role("button", name="Remix").click()
    await write(page, "beautiful")
    await expect(page.locator(".offer-row")).to_have_count(1)
    last = stage.crew.reader.asked[-1]
    assert (last.text, last.reply_to, last.seconds) == ("beautiful", "take0", 2)
    await page.fill("#words", "/style set look:beautiful")
    await expect(page.locator(".offer-row")).to_have_count(0)
    await until(lambda: stage.crew.reader.asked)
    assert all(not asked.text.startswith("/") for asked in stage.crew.reader.asked)


async def test_an_offer_is_read_out_and_taken_with_the_keyboard(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await write(page, "beautiful")
    await expect(page.locator("#composer .unseen[aria-live]")).to_have_text("“Beautiful” is for the one who looks.")
    offer = page.get_by_role("button", name="backlit, dust in the air")
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await offer.evaluate("(e) => e === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    assert await page.input_value("#words") == "backlit, dust in the air"
