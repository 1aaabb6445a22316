"""Several shots at once: written as a form or as text, priced on a card before anything is filmed."""

import pytest
from playwright.async_api import Page, expect

from bot.cards import Button, Card, Row, Tone
from tests.adapters.chat.web.member import Watched, open_studio
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import Stage
from tests.adapters.chat.web.test_storyboard_in_browser import NAMELESS

pytestmark = pytest.mark.browser

TEXT = "Shot 1 (4s): Marek crosses the street.\nShot 2: He stops.\nSound: rain\n\nShot 3 (8 s): The letter."
TAKEN_OUT = "".join(f"\nShot {n}:" for n in range(3, 61))


async def open_form(watched: Watched, stage: Stage) -> Page:
    page = await open_studio(watched, stage)
    await page.get_by_role("button", name="Several shots").click()
    await expect(page.get_by_label("Words of shot 1")).to_be_focused()
    return page


async def test_a_form_of_shots_becomes_a_storyboard(browser_page: Watched, stage: Stage) -> None:
    page = await open_form(browser_page, stage)
    await page.keyboard.type("Marek crosses the street.")
    await page.get_by_label("Length of shot 1").select_option("4")
    await page.get_by_label("Words of shot 1").press("Enter")
    await page.keyboard.type("He stops.")
    await page.get_by_label("Length of shot 2").select_option("6")
    await expect(page.locator(".several-foot")).to_contain_text("2 shots, 10 s")
    await page.get_by_label("Words of shot 3").press("Enter")
    await page.keyboard.type("The letter.")
    await expect(page.get_by_label("Words of shot 4")).to_be_focused()
    await page.get_by_role("button", name="Leave out shot 3").click()
    await page.locator("#composer .segments").get_by_role("button", name="9:16").click()
    await expect(page.locator("#composer .of-seconds")).to_be_hidden()
    await page.get_by_role("button", name="See the price").click()
    await until(lambda: stage.crew.heard)
    text = "Shot 1 (4s): Marek crosses the street.\nShot 2 (6s): He stops.\nShot 3: The letter."
    assert stage.crew.heard[0].command == {"name": "storyboard", "values": {"text": text, "shape": "tall"}}
    await expect(page.locator(".several")).to_be_hidden()
    await expect(page.locator("#words")).to_be_focused()


async def test_a_half_written_form_outlives_a_reload_and_a_look_elsewhere(browser_page: Watched, stage: Stage) -> None:
    page = await open_form(browser_page, stage)
    await page.keyboard.type("Marek crosses the street.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#words")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Several shots").click()
    assert await page.get_by_label("Words of shot 1").input_value() == "Marek crosses the street."
    assert stage.crew.heard == []


async def test_an_empty_form_is_refused_in_a_sentence_and_stays(browser_page: Watched, stage: Stage) -> None:
    page = await open_form(browser_page, stage)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#sentence")).to_be_visible()
    await expect(page.locator(".several")).to_be_visible()
    browser_page.complaints.clear()  # the browser itself notes the 400


async def test_a_storyboard_from_elsewhere_fills_the_rows(browser_page: Watched, stage: Stage) -> None:
    page = await open_form(browser_page, stage)
    await page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer(), bubbles = true, cancelable = true;
          clipboardData.setData('text', text);
          document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles, cancelable}));
        }""",
        TEXT,
    )
    await expect(page.locator(".several-shots textarea")).to_have_count(3)
    assert await page.get_by_label("Words of shot 2").input_value() == "He stops.\nSound: rain"
    assert await page.get_by_label("Length of shot 3").input_value() == "8"


async def test_a_storyboard_is_typed_as_text_too(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.fill("#words", f"/storyboard {TEXT}")
    await page.press("#words", "Enter")
    await until(lambda: stage.crew.heard)
    assert stage.crew.heard[0].command == {"name": "storyboard", "values": {"text": TEXT}}


async def test_its_card_lists_the_shots_and_names_the_price_of_all(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    rows = (Row("1A", "Marek crosses the street.", "4 s"), Row("1B", "He stops.\nSound: rain", "6 s"))
    edit = Button("Edit", "edit_board:w1", asks=True)
    film = Button("Film it · $0.24", "shoot:w1")
    card = Card(tone=Tone.WAITING, title="Storyboard, 2 shots", rows=rows, buttons=(film, edit), facts=("$0.24",))
    await stage.post("w1", card)
    shown = page.locator("[data-key=w1]")
    await expect(shown.locator(".row .text")).to_have_text(["Marek crosses the street.", "He stops.\nSound: rain"])
    await expect(shown.get_by_role("button", name="Film it $0.24").locator(".price")).to_have_text("$0.24")
    await shown.get_by_role("button", name="Edit").click()
    assert await page.get_by_label("Words of shot 2").input_value() == "He stops.\nSound: rain"
    assert await page.get_by_label("Length of shot 1").input_value() == "4"
    await page.get_by_label("Words of shot 1").fill("Marek runs.")
    await page.get_by_role("button", name="See the price").click()
    await until(lambda: stage.crew.heard)
    text = f"Shot 1 (4s): Marek runs.\nShot 2 (6s): He stops.\nSound: rain{TAKEN_OUT}"
    assert stage.crew.heard[0].command == {"name": "edit_board", "values": {"board": "w1", "text": text}}


async def test_on_a_phone_the_form_fits_and_can_be_hit(browser_page: Watched, stage: Stage) -> None:
    await browser_page.page.set_viewport_size({"width": 390, "height": 844})
    page = await open_form(browser_page, stage)
    await page.keyboard.type("Marek crosses the empty street under an umbrella, four slow steps. " * 3)
    low = await page.locator(".several button, .several select, .several textarea, #composer .film").evaluate_all(
        "all => all.filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.outerHTML)"
    )
    assert low == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    film = await page.locator("#composer .film").bounding_box()
    assert film is not None
    assert film["y"] + film["height"] <= 844
    assert await page.evaluate(NAMELESS) == []
