"""The session beside the chat: the look as a whole, and the cast with their pictures."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.spine import Spine
from tests.adapters.chat.web.member import Watched, film, open_studio
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import Stage
from tests.media_samples import tiny_png

pytestmark = pytest.mark.browser


async def add_marek(page: Page) -> None:
    await page.locator(".of-cast").get_by_role("button", name="Add").click()
    await page.get_by_label("Name").fill("Marek")
    await page.get_by_label("Who it is").fill("a stooped man, grey eyes")
    await page.get_by_label("Wardrobe").fill("long charcoal coat")


async def save(page: Page, label: str = "Add") -> None:
    await page.locator(".cast-form").get_by_role("button", name=label, exact=True).click()


async def test_somebody_is_cast_named_changed_and_taken_out(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await add_marek(page)
    await save(page)
    marek = page.locator("[data-cast=marek]")
    await expect(marek).to_contain_text("a stooped man, grey eyes")
    await expect(marek).to_contain_text("words only")
    await film(page, "Marek crosses the street")
    await expect(marek.locator(".shots")).to_have_text("1A")
    await marek.get_by_role("button", name="Edit Marek").click()
    await page.get_by_label("Wardrobe").fill("")
    await page.get_by_label("Voice").fill("low, hoarse")
    await save(page, "Save")
    await expect(marek).to_contain_text("low, hoarse")
    assert stage.crew.heard[-1].command["values"] == {
        "action": "set",
        "name": "marek",
        "wardrobe": "-",
        "voice": "low, hoarse",
    }
    await marek.get_by_role("button", name="Remove Marek").click()
    await expect(marek).to_contain_text("Finished takes keep their words.")
    await marek.locator(".ask").get_by_role("button", name="Remove").click()
    await expect(page.locator(".of-cast")).to_contain_text("Nobody yet.")


@pytest.mark.parametrize(("answer", "kept"), [("Yes, keep it", 1), ("No", 0)])
async def test_a_picture_is_kept_only_with_a_yes(
    browser_page: Watched, stage: Stage, tmp_path: Path, answer: str, kept: int
) -> None:
    page = await open_studio(browser_page, stage)
    await add_marek(page)
    await page.locator(".cast-form input[type=file]").set_input_files(tiny_png(tmp_path / "marek.png"))
    await expect(page.locator("div.pick")).to_contain_text("marek.png")
    await save(page)
    marek = page.locator("[data-cast=marek]")
    question = marek.get_by_role("group", name="The picture is not kept yet.")
    await expect(question).to_be_visible()
    assert await marek.locator("img").count() == 0
    await question.get_by_role("button", name=answer, exact=True).click()
    await expect(question).to_be_hidden()
    await expect(marek.locator("img")).to_have_count(kept)


async def test_a_form_that_was_refused_keeps_its_words(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await add_marek(page)
    await page.get_by_label("Who it is").fill("x" * 40_000)
    await save(page)
    await expect(page.locator(".cast-form [role=alert]")).to_be_visible()
    assert await page.get_by_label("Name").input_value() == "Marek"
    browser_page.complaints.clear()  # the browser itself notes the 400


async def test_an_open_form_outlives_what_happens_around_it(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await add_marek(page)
    await film(page, "a fox")
    await expect(page.locator("#session .board li")).to_have_count(1)
    assert await page.get_by_label("Who it is").input_value() == "a stooped man, grey eyes"
    await page.get_by_label("Who it is").press("Escape")
    await expect(page.locator(".cast-form")).to_be_hidden()
    await expect(page.locator(".of-cast").get_by_role("button", name="Add")).to_be_focused()


async def test_a_ready_spine_shows_its_colours_before_it_is_taken(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="Presets").click()
    noir = page.get_by_role("button", name="Film noir", exact=True)
    assert await noir.locator(".strip i").count() == 3
    await expect(noir).to_contain_text("35mm lens")
    await noir.click()
    await expect(page.locator(".of-spine .block")).to_contain_text("35mm lens")
    await expect(page.locator(".presets")).to_be_hidden()


async def test_a_colour_is_added_to_those_that_stand(browser_page: Watched, stage: Stage) -> None:
    stage.crew.spine = Spine(palette="teal, amber")
    page = await open_studio(browser_page, stage)
    await page.locator("[data-field=palette]").get_by_role("button", name="Add").click()
    await page.keyboard.type("wet asphalt")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-field=palette] .anchor")).to_have_count(3)
    await expect(page.locator("[data-field=palette] .swatch")).to_have_count(3)


async def test_the_whole_spine_goes_out_and_in_as_text(browser_page: Watched, stage: Stage) -> None:
    stage.crew.spine = Spine(lens="85mm lens", mood="tense")
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="As text").click()
    box = page.get_by_label("The whole spine as text")
    assert await box.input_value() == "# spine\nlens: 85mm lens\nmood: tense"
    await box.fill("# spine\nmood: calm\nlight: golden hour")
    await page.get_by_role("button", name="Use this text").click()
    await expect(page.locator(".of-spine .block")).to_have_text("Lighting: golden hour. Mood: calm.")


async def test_a_look_is_taken_from_a_finished_take(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await expect(page.get_by_role("button", name="From a take")).to_be_hidden()
    await film(page, "a fox")
    await page.get_by_role("button", name="From a take").click()
    await page.locator(".takes").get_by_role("button", name="from 1A-1").click()
    await until(lambda: stage.crew.spine.look == "as in 1A-1")


async def test_what_comes_from_the_server_says_so(browser_page: Watched, stage: Stage) -> None:
    stage.crew.spine, stage.crew.origins = Spine(mood="tense", lens="85mm lens"), {"mood": "server"}
    page = await open_studio(browser_page, stage)
    await expect(page.locator("[data-field=mood]")).to_contain_text("from the server")
    await expect(page.locator("[data-field=lens]")).not_to_contain_text("from")
