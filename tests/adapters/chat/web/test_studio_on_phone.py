"""The studio on a phone: one column, the storyboard on top, everything within a thumb's reach."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.adapters.chat.web.member import Watched, film, open_studio
from tests.adapters.chat.web.stage import Stage

pytestmark = pytest.mark.browser

SMALL = """() => {
  const seen = [...document.querySelectorAll(
    '.btn, #tabs button, .field > button, .tools select, .still-tap, #carried .drop, ' +
    '.cast .link, .ask .typed, .menu button')].filter((e) => e.offsetParent);
  const hit = (e, dy) => {
    e.scrollIntoView({block: 'nearest', inline: 'center'});
    const box = e.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2 + dy) === e;
  };
  const tall = (e) => e.offsetHeight >= 44 || (hit(e, -20) && hit(e, 20));
  return seen.filter((e) => !tall(e) || e.offsetWidth < 44).map((e) => e.outerHTML);
}"""


async def test_on_a_phone_nothing_overflows_and_everything_can_be_hit(
    browser_page: Watched, stage: Stage, tmp_path: Path
) -> None:
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await open_studio(browser_page, stage)
    stage.crew.spine = stage.crew.spine.set(look="x" * 300, palette="teal, amber")
    await film(page, "a fox " + "verylongword" * 40)
    stage.crew.hold.set()
    await page.fill("#words", "an owl")
    await page.press("#words", "Enter")
    await expect(page.locator(".tone-rolling")).to_be_visible()
    for tab in ("Session", "Chat"):
        await page.get_by_role("tab", name=tab).click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        small = await page.evaluate(SMALL)
        assert small == []
    await page.screenshot(path=tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 10_000


async def test_on_a_phone_the_storyboard_stays_on_top_and_the_spine_is_one_tap_away(
    browser_page: Watched, stage: Stage
) -> None:
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await open_studio(browser_page, stage)
    await film(page, "a fox")
    await expect(page.locator("#strip .board li")).to_have_count(1)
    await expect(page.locator("#session")).to_be_hidden()
    await page.get_by_role("tab", name="Session").click()
    await expect(page.locator("[data-field=lens]")).to_be_visible()
    await expect(page.locator("#strip .board li")).to_be_visible()
    await page.locator("#strip .still-tap").click()
    await expect(page.locator(".card.tone-ready")).to_be_visible()


async def test_on_a_phone_a_cast_an_offer_and_a_reply_stay_within_the_screen(
    browser_page: Watched, stage: Stage
) -> None:
    stage.crew.troupe.hear({"action": "add", "name": "Marek", "description": "a stooped man " * 20, "wardrobe": "coat"})
    stage.crew.troupe.hear({"action": "add", "name": "Letter", "description": "cream", "image": "x"})
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await open_studio(browser_page, stage)
    card = await film(page, "Marek reads the Letter")
    await card.get_by_role("button", name="Remix").click()
    await page.keyboard.type("same shot, dramatic light")
    await expect(page.locator(".mode")).to_contain_text("1A-1")
    offer = page.get_by_role("button", name="one street lamp from camera left")
    await expect(offer).to_be_visible()
    assert await page.evaluate(SMALL) == []
    await expect(page.locator(".mirror u")).to_have_text("dramatic light")
    assert await page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('#composer'))")
    await offer.click()
    assert await page.input_value("#words") == "same shot, one street lamp from camera left"
    await page.get_by_role("tab", name="Session").click()
    for part, name in ((".of-spine", "Presets"), (".of-cast", "Add")):
        await page.locator(part).get_by_role("button", name=name, exact=True).first.click()
        await expect(page.locator(f"{part} :is(.presets li, .cast-form)").first).to_be_visible()
        assert await page.evaluate(SMALL) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert await page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('#session'))")
