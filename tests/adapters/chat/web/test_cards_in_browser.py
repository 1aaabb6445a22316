"""What cards ask and offer: a yes to a price, a vote, other words, a picture."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.cards import Button, Card, Change, Progress, Tone
from tests.adapters.chat.web.member import Watched, film, open_studio
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import Stage

pytestmark = pytest.mark.browser


async def test_a_price_waits_for_a_yes_and_nothing_seems_to_roll(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    buttons = (Button("Film it · $0.63", "approve:t9"), Button("Not now", "cancel:t9"))
    waiting = Card(tone=Tone.WAITING, title="1A-2", status="waits for your yes", take="t9", progress=Progress(0.0, 1))
    await stage.post("t9", replace(waiting, lines=("Nothing is spent until you film it.",), buttons=buttons))
    card = page.locator("[data-key=t9]")
    await expect(card.get_by_role("progressbar")).to_have_count(0)
    film_it = card.get_by_role("button", name="Film it $0.63")
    await expect(film_it.locator(".price")).to_have_text("$0.63")
    await film_it.click()
    await until(lambda: stage.crew.heard)
    assert stage.crew.heard[0].command == {"name": "approve", "values": {"take": "t9"}}


async def test_a_vote_is_a_tap_and_final_names_its_price(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await film(page, "a fox")
    take = stage.crew.takes["take0"]
    take.revision += 1
    card = stage.crew.card(take, None)
    more = (Button("Final $0.63", "final:take0"), Button("Vote", "vote:take0"))
    await stage.post("take0", replace(card, buttons=(*card.buttons, *more), lines=("votes: 2",)))
    shown = page.locator("[data-key=take0]")
    await expect(shown.get_by_role("button", name="Final $0.63").locator(".price")).to_have_text("$0.63")
    await expect(shown).to_contain_text("votes: 2")
    await shown.get_by_role("button", name="Vote").click()
    await until(lambda: len(stage.crew.heard) > 1)
    assert stage.crew.heard[-1].command == {"name": "vote", "values": {"take": "take0"}}


async def test_old_and_new_stand_side_by_side(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    card = await film(page, "a fox")
    await card.get_by_role("button", name="Remix").click()
    await page.keyboard.type("teal umbrella, at night")
    await page.keyboard.press("Enter")
    await film(page, "an owl")
    take = stage.crew.takes["take1"]
    take.revision += 1
    changes = (Change("umbrella", "teal", "red"), Change("time of day", "night", "golden hour"))
    await stage.post("take1", replace(stage.crew.card(take, None), changes=changes))
    changed = page.locator("[data-key=take1] .pairs .changed")
    await expect(changed.locator("del")).to_have_text(["red", "golden hour"])
    await expect(changed.locator("ins")).to_have_text(["teal", "night"])
    assert (
        await changed.locator("del").first.evaluate("(e) => getComputedStyle(e).textDecorationLine") == "line-through"
    )


async def test_offers_stand_by_themselves_outlined(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await film(page, "a fox")
    take = stage.crew.takes["take0"]
    take.revision += 1
    card = stage.crew.card(take, None)
    offer = Button("one street lamp from camera left", "offer:take0:1")
    await stage.post("take0", replace(card, buttons=(*card.buttons, offer)))
    offers = page.locator("[data-key=take0]").get_by_role("group", name="What could be said instead")
    await expect(offers.get_by_role("button")).to_have_text(["one street lamp from camera left"])
    await expect(page.locator("[data-key=take0] .actions")).not_to_contain_text("street lamp")


async def test_a_drawn_picture_is_shown_and_what_is_none_is_not(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await stage.post("drawn", Card(title="Lineage of 1A", picture="b" * 64))
    await stage.post("undrawn", Card(title="Lineage of 1B", picture="lineage:take0"))
    picture = page.get_by_role("img", name="Picture for Lineage of 1A")
    await expect(picture).to_be_visible()
    await picture.evaluate("(e) => e.decode()")
    await expect(page.locator("[data-key=undrawn]")).to_be_visible()
    await expect(page.locator(".drawn")).to_have_count(1)
