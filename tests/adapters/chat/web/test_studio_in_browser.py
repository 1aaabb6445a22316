"""The studio as its member lives it, in a real browser."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cards import Button, Card, PromptPart, Row, Tone
from tests.adapters.chat.web.member import Watched, film, open_studio, playing
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import TOKEN, Stage, staged
from tests.media_samples import tiny_png

pytestmark = pytest.mark.browser

NASTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> @everyone **bold** [a](javascript:alert(1)) &amp; \u202eabc"
)


async def test_a_prompt_becomes_a_card_that_rolls_and_a_clip_that_plays(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    stage.crew.hold.set()
    await page.fill("#words", "a fox crosses\na snowy forest")
    await page.press("#words", "Enter")
    rolling = page.locator(".card.tone-rolling")
    await expect(rolling.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    await expect(rolling).to_contain_text("about 50 s left")
    assert await page.input_value("#words") == ""
    stage.crew.hold.clear()
    card = page.locator(".card.tone-ready")
    assert await card.locator("header .typed").text_content() == "a fox crosses\na snowy forest"
    await card.get_by_role("button", name="Play 1A-1").click()
    await playing(page)
    assert await page.locator(".post").count() == 1


async def test_a_reply_to_a_clip_remixes_it(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    card = await film(page, "a fox")
    await card.get_by_role("button", name="Remix").click()
    await expect(page.locator(".mode")).to_contain_text("Remix of 1A-1")
    await page.keyboard.type("at night")
    await page.click("#composer .film")
    remix = page.locator(".card", has_text="1A-2").last
    await expect(remix).to_contain_text("Remix of 1A-1")
    await expect(remix.locator("ins").first).to_have_text("teal")
    assert stage.crew.heard[-1].command == {"name": "remix", "values": {"change": "at night", "take": "take0"}}
    await expect(page.locator(".mode")).to_be_hidden()
    await card.hover()
    await card.get_by_role("button", name="Reply", exact=True).click()
    await expect(page.locator(".mode")).to_contain_text("Remix of 1A-1")
    await page.keyboard.press("Escape")
    await expect(page.locator(".mode")).to_be_hidden()


async def test_a_rolling_take_can_be_cancelled(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    stage.crew.hold.set()
    await page.fill("#words", "a fox")
    await page.press("#words", "Enter")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator(".card.tone-failed")).to_contain_text("This take was cancelled. You paid nothing.")


async def test_a_spine_field_is_edited_where_it_stands(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    lens = page.locator("[data-field=lens]")
    await lens.get_by_role("button").click()
    await page.keyboard.type("anamorphic 2.0x")
    await page.keyboard.press("Escape")
    await expect(lens).to_contain_text("Add")
    await lens.get_by_role("button").click()
    await page.keyboard.type("anamorphic 2.0x")
    await page.keyboard.press("Enter")
    await expect(page.locator(".of-spine .block")).to_have_text("Cinematography: anamorphic 2.0x.")
    await page.locator("[data-field=palette]").get_by_role("button").click()
    await page.keyboard.type("teal, wet asphalt, unobtainium")
    await page.keyboard.press("Enter")
    anchors = page.locator("[data-field=palette] .anchor")
    await expect(anchors).to_have_count(3)
    assert [await anchors.nth(n).locator("i").count() for n in range(3)] == [1, 1, 0]


async def test_what_is_refused_is_said_beside_it_and_the_words_stay(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.fill("#words", "x" * 40_000)
    await page.press("#words", "Enter")
    await expect(page.locator("#sentence")).to_contain_text("40")
    assert len(await page.input_value("#words")) == 40_000
    await page.locator("[data-field=lens]").get_by_role("button").click()
    await page.fill("#asked", "y" * 3000)
    assert await stage.wishes() == []
    browser_page.complaints.clear()  # the browser itself notes every 400


async def test_presets_and_clearing_the_spine(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="Presets").click()
    await page.get_by_role("button", name="noir").click()
    await expect(page.locator(".of-spine .block")).to_contain_text("35mm lens")
    await page.get_by_role("button", name="Clear").click()
    await expect(page.locator("#session")).to_contain_text("Clear the whole spine?")
    await page.locator(".ask").get_by_role("button", name="Clear").click()
    await expect(page.locator(".of-spine .block")).to_contain_text("Nothing yet")


async def test_a_carried_thing_is_dropped(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await film(page, "a fox")
    carried = page.locator("#carried .chip")
    await expect(carried).to_have_count(3)
    await page.locator("#carried").get_by_role("button", name="Stop keeping: trench coat").click()
    await expect(carried).to_have_count(2)
    await expect(page.locator("#carried")).not_to_contain_text("trench coat")


async def test_a_production_is_started_and_switched(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="New").click()
    await page.keyboard.type("Second <b>film</b>")
    await page.keyboard.press("Enter")
    await expect(page.locator("#session h2").first).to_have_text("Second <b>film</b>")
    await page.get_by_role("button", name="Switch").click()
    await page.get_by_role("button", name="No Return Address").click()
    await expect(page.locator("#title")).to_have_text("No Return Address")


async def test_a_reload_keeps_everything(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    for words in ("a fox", "an owl"):
        await film(page, words)
    await page.fill("#words", "half a thou")
    await page.reload()
    await expect(page.locator(".card.tone-ready")).to_have_count(2)
    await expect(page.locator("#session .board li")).to_have_count(2)
    assert await page.input_value("#words") == "half a thou"


async def test_a_lost_line_is_taken_up_again_and_nothing_is_lost_or_doubled(
    browser_page: Watched, stage: Stage, tmp_path: Path
) -> None:
    page = await open_studio(browser_page, stage)
    await film(page, "a fox")
    await stage.studio.stop()
    await expect(page.locator("#wire")).to_have_text("Reconnecting")
    take = stage.crew.takes["take0"]
    take.circled, take.revision = True, take.revision + 1
    await stage.post(take.id, stage.crew.card(take, None))
    await stage.post("later", Card(title="while you were away"))
    await stage.studio.start()
    await expect(page.locator("#wire")).to_be_empty(timeout=20_000)
    await expect(page.locator(".post")).to_have_count(2)
    await expect(page.locator(".post").first.get_by_role("button", name="Uncircle")).to_be_visible()
    browser_page.complaints.clear()  # the browser notes that the line was lost


async def test_words_are_shown_as_words_wherever_they_stand(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    stage.crew.spine = stage.crew.spine.set(look=NASTY, palette=NASTY)
    card = await film(page, NASTY)
    assert await card.locator("header .typed").text_content() == NASTY
    row = Row(NASTY, NASTY, NASTY)
    await stage.post("rows", Card(title=NASTY, lines=(NASTY,), rows=(row,), buttons=(Button(NASTY, "help"),)))
    await expect(page.locator(".row .text")).to_have_text(NASTY)
    await card.get_by_role("button", name="Show the prompt").click()
    await expect(card.locator(".prompt")).to_contain_text("onerror=alert(1)")
    await expect(page.locator(".of-spine .block")).to_contain_text("@everyone **bold**")
    assert await page.locator("script:not([src])").count() == 0
    assert await page.locator("img[src=x]").count() == 0
    assert await page.locator("a[href^=javascript]").count() == 0


async def test_a_picture_is_attached_seen_and_sent(browser_page: Watched, stage: Stage, tmp_path: Path) -> None:
    page = await open_studio(browser_page, stage)
    await page.set_input_files("#composer input[type=file]", tiny_png(tmp_path / "ref.png"))
    await expect(page.locator(".attached")).to_contain_text("ref.png")
    await page.fill("#words", "a fox")
    await page.click("#composer .film")
    await until(lambda: stage.crew.image)
    await expect(page.locator(".attached")).to_be_hidden()


async def test_a_text_file_as_picture_is_refused_with_the_words_kept(
    browser_page: Watched, stage: Stage, tmp_path: Path
) -> None:
    page = await open_studio(browser_page, stage)
    (tmp_path / "words.png").write_text("I am a text.")
    await page.set_input_files("#composer input[type=file]", tmp_path / "words.png")
    await page.fill("#words", "a fox")
    await page.click("#composer .film")
    await expect(page.locator("#sentence")).to_be_visible()
    assert await page.input_value("#words") == "a fox"
    browser_page.complaints.clear()  # the browser itself notes the 400, and that the file is no picture


async def test_choices_go_with_the_wish_and_only_those_that_were_made(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="9:16").click()
    await page.get_by_role("button", name="6 s").click()
    await page.get_by_role("button", name="6 s").click()
    await film(page, "a fox")
    values = stage.crew.heard[0].command["values"]
    assert (values["shape"], values.get("seconds")) == ("tall", None)


async def test_a_stage_is_chosen_with_its_price_in_sight(browser_page: Watched, stage: Stage) -> None:
    can = {"shapes": ["wide"], "seconds": [4, 6], "images": True, "price": None}
    prices = {"animatic": ("Animatic", None), "draft": ("Draft", 23_334), "final": ("Final", 105_000)}
    stage.crew.stages = [
        {"name": name, "label": label, "backend": name, "free": not price, "price_per_second": price, **can}
        for name, (label, price) in prices.items()
    ]
    page = await open_studio(browser_page, stage)
    await page.get_by_role("button", name="6 s").click()
    for label in ("Animatic, free", "Draft $0.14", "Final $0.63"):
        await expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()
    await page.get_by_role("button", name="Final $0.63").click()
    await expect(page.locator("#composer .film")).to_contain_text("$0.63")
    await film(page, "a fox")
    values = stage.crew.heard[0].command["values"]
    assert (values["stage"], values["seconds"], values.get("model")) == ("final", 6, None)


async def test_sixty_lengths_fit_as_well_as_four(browser_page: Watched, stage: Stage) -> None:
    stage.crew.lengths = tuple(range(1, 61))
    page = await open_studio(browser_page, stage)
    await expect(page.get_by_role("button", name="6 s")).to_be_hidden()
    await page.get_by_role("combobox", name="Length").select_option("59 s")
    assert await page.evaluate("document.querySelector('#composer').scrollWidth <= innerWidth")
    await film(page, "a fox")
    assert stage.crew.heard[0].command["values"]["seconds"] == 59


async def test_a_slash_shows_what_may_follow(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.focus("#words")
    await page.keyboard.type("/h")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    assert await page.input_value("#words") == "/help "
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_contain_text("Film the next shot of your production.")


async def test_shift_and_enter_begin_a_new_line(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.focus("#words")
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Control+Enter")
    await until(lambda: stage.crew.heard)
    assert stage.crew.heard[0].command["values"]["prompt"] == "one\ntwo"


async def test_a_failed_take_offers_its_words_again(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    failed = Card(tone=Tone.FAILED, title="1C-3", status="not filmed", quote="the lamp shatters", take="t")
    change = Button("Change the words", "edit:t", asks=True, parts=True)
    watch = Button("Watch it", "", url="https://clips.example/1C-3")
    part = PromptPart("Your words", "the lamp shatters", "words")
    buttons = (change, Button("Show the prompt", "prompt:t"), watch)
    await stage.post("t", replace(failed, lines=("This take could not be filmed.",), buttons=buttons, prompt=(part,)))
    await expect(page.get_by_role("button", name="Show the prompt")).to_have_count(1)
    await expect(page.get_by_role("link", name="Watch it")).to_have_attribute("href", "https://clips.example/1C-3")
    await page.get_by_role("button", name="Change the words").click()
    assert await page.input_value("#words") == "the lamp shatters"
    await expect(page.locator("#composer .film")).to_contain_text("Film")
    await page.fill("#words", "the lamp goes out")
    await page.click("#composer .film")
    await until(lambda: stage.crew.heard)
    assert stage.crew.heard[0].command == {"name": "edit", "values": {"take": "t", "prompt": "the lamp goes out"}}


async def test_the_first_visit_says_what_to_write(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    await page.locator("#empty li button").first.click()
    assert "detective" in await page.input_value("#words")
    await page.press("#words", "Enter")
    await expect(page.locator("#empty")).to_be_hidden()


async def test_playing_goes_on_when_the_card_changes(browser_page: Watched, stage: Stage) -> None:
    page = await open_studio(browser_page, stage)
    card = await film(page, "a fox")
    await card.get_by_role("button", name="Play 1A-1").click()
    await playing(page)
    await page.evaluate("window.first = document.querySelector('video')")
    await card.get_by_role("button", name="Circle").click()
    await expect(card.get_by_role("button", name="Uncircle")).to_be_visible()
    assert await page.evaluate("window.first === document.querySelector('video') && window.first.currentTime > 0.1")


async def test_a_token_is_asked_for_once(browser_page: Watched, tmp_path: Path) -> None:
    async with staged(tmp_path, token=TOKEN) as stage:
        page = browser_page.page
        await page.goto(stage.studio.url)
        await page.get_by_label(re.compile("token", re.I)).fill(TOKEN)
        await page.get_by_role("button", name="Open the studio").click()
        await expect(page.locator("#composer .film")).to_contain_text("Film")
        await page.reload()
        await expect(page.locator("#composer .film")).to_contain_text("Film")
        await page.goto("about:blank")
        browser_page.complaints.clear()  # the browser itself notes the 401 of the door
