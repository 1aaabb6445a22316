"""The studio in Chinese, wherever one looks: no English word of ours is left."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from adapters.chat.web import pages
from bot.commands import SessionAction, StyleAction
from bot.looks import CastAction
from bot.spine import presets
from bot.text import say
from tests.adapters.chat.web.cutter import ANCHOR, gauge, match
from tests.adapters.chat.web.member import Watched
from tests.adapters.chat.web.props import Reel
from tests.adapters.chat.web.stage import Stage, staged
from tests.adapters.chat.web.test_storyboard_in_browser import shoot

pytestmark = pytest.mark.browser

TAG = "zh-Hans"
NAMES = {"Throughline", "VHS", "Alt", "Shot", *presets(), *StyleAction, *SessionAction, *CastAction}
"""What is typed, or stands on a key, as it is in every language."""
SPOKEN = """() => {
  const ours = (e) => e && e.offsetParent && !e.closest('.typed, .block, .hints li > :first-child');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), said = [document.title];
  while (walk.nextNode()) if (ours(walk.currentNode.parentElement)) said.push(walk.currentNode.data);
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) said.push(e.getAttribute(name) ?? '');
  return said.map((each) => each.trim()).filter(Boolean);
}"""


async def english(page: Page) -> list[str]:
    """Whatever the page says in English: a text of the English catalogue, or any word in Latin letters but a name."""
    templates = [
        text.strip() for text in pages.texts("en").values() if re.search("[A-Za-z]{2}", text.replace("%n", ""))
    ]
    known = re.compile("|".join(re.escape(text).replace("%n", ".+") for text in templates if text not in NAMES))
    said = await page.evaluate(SPOKEN)
    words = {each: set(re.findall("[A-Za-z]{2,}", each)) - NAMES for each in said}
    return [each for each in said if known.fullmatch(each) or words[each]]


@pytest.fixture
async def stage(tmp_path: Path, reel: Reel) -> AsyncIterator[Stage]:
    """A studio in Chinese whose member and film are Chinese too."""
    async with staged(tmp_path / "clips", reel, locale=TAG) as stage:
        stage.crew.titles = ["查无此人"]
        yield stage


async def open_in_chinese(watched: Watched, stage: Stage) -> Page:
    await watched.page.goto(stage.studio.url)
    await expect(watched.page.locator("#composer .film")).to_contain_text(say("web.film", TAG))
    return watched.page


async def film(page: Page, stage: Stage, words: str) -> None:
    await page.fill("#words", words)
    await page.press("#words", "Enter")
    await expect(page.locator(".card", has_text=words).locator("header")).to_be_visible()
    for take in stage.crew.takes.values():
        take.kept = {"subject": "一名侦探", "wardrobe": "风衣", "place": "空荡的街道"}


async def show_all(stage: Stage) -> None:
    """Every take's card once more, with what it keeps."""
    for take in stage.crew.takes.values():
        take.revision += 1
        await stage.post(take.id, stage.crew.card(take, 0.5))


async def test_before_the_first_shot_and_in_every_question(browser_page: Watched, stage: Stage) -> None:
    page = await open_in_chinese(browser_page, stage)
    assert await page.evaluate("document.documentElement.lang") == TAG
    await expect(page.locator("#empty h2")).to_have_text(say("web.empty", TAG))
    assert await english(page) == []
    for name in ("presets", "new", "text", "field:lens", "field:look", "cast:add"):
        await page.locator(f"[data-focus='{name}'], [data-focus='tool:{name}']").click()
        await expect(page.locator("#session .ask, #session .presets li").first).to_be_visible()
        assert await english(page) == []
    await page.fill("#words", "/")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await english(page) == []


async def test_with_cards_in_every_state(browser_page: Watched, stage: Stage, tmp_path: Path) -> None:
    page = await open_in_chinese(browser_page, stage)
    stage.crew.spine = stage.crew.spine.set(look="粗颗粒黑白", lens="变形镜头", palette="青绿, 琥珀")
    await film(page, stage, "雨夜，侦探穿过空荡的街道。")
    await expect(page.locator(".card.tone-ready")).to_be_visible()
    stage.crew.hold.set()
    await film(page, stage, "他停在门口。")
    await show_all(stage)
    await expect(page.locator(".chip", has_text="风衣").first).to_be_visible()
    await page.get_by_role("button", name=say("web.show_prompt", TAG)).first.click()
    assert await english(page) == []
    await page.get_by_role("button", name=say("button.remix", TAG)).click()
    await page.locator("[data-focus='tool:clear']").click()
    assert await english(page) == []
    await page.screenshot(path=tmp_path / "desk.png")
    await page.set_viewport_size({"width": 390, "height": 844})
    for name in ("session", "chat"):
        await page.get_by_role("tab", name=say(f"web.{name}", TAG)).click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert await english(page) == []


async def test_with_a_cast_a_question_about_a_picture_and_offers(browser_page: Watched, stage: Stage) -> None:
    stage.crew.troupe.hear({"action": "add", "name": "马雷克", "description": "五十多岁，微驼", "wardrobe": "长大衣"})
    stage.crew.troupe.hear({"action": "add", "name": "信", "description": "米色信封", "image": "x"})
    stage.crew.spine, stage.crew.origins = stage.crew.spine.set(mood="紧张"), {"mood": "server"}
    page = await open_in_chinese(browser_page, stage)
    await expect(page.locator(".consent")).to_contain_text(say("button.consent_yes", TAG))
    await page.focus("#words")
    await page.keyboard.insert_text("马雷克站在戏剧性的光里。")
    await expect(page.locator(".mirror u")).to_have_text("戏剧性的光")
    await page.locator("[data-focus='tool:cast:edit:马雷克']").click()
    assert await english(page) == []
    await page.get_by_role("button", name="低调光，深阴影").click()
    assert await page.input_value("#words") == "马雷克站在低调光，深阴影里。"


async def test_with_a_measured_storyboard_a_film_and_a_form(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "2A", circled="1B")
    cutter = stage.crew.cutter
    cutter.reel, cutter.measured = Reel("a" * 64, "b" * 64), True
    brighter = gauge("exposure", "曝光", 1.0, 0.3, "档")
    cutter.matches = {
        "1A": {**ANCHOR, "label": "连贯"},
        "1B": {**match("off", 0.6, brighter, cause="这一镜没有写灯。"), "label": "不连贯"},
    }
    for take in stage.crew.takes.values():
        take.words, take.kept = "他停在门口。", {}
    await show_all(stage)
    page = await open_in_chinese(browser_page, stage)
    await expect(page.locator(".gauges")).to_contain_text(say("web.beyond", TAG))
    await page.locator("#session .still-tap").nth(1).click()
    assert await english(page) == []
    await page.get_by_role("button", name=say("web.make_film", TAG)).click()
    await expect(page.locator("#session .film-player")).to_be_visible()
    await page.get_by_role("button", name=say("web.several", TAG)).click()
    cutter.made = {**(cutter.made or {}), "current": False}
    stage.bell.ring(view=True)
    await expect(page.locator(".stale")).to_be_visible()
    assert await english(page) == ["3 shots"]  # which is the stage's own


async def test_when_the_studio_does_not_answer_from_the_first_moment(browser_page: Watched, stage: Stage) -> None:
    page = browser_page.page
    await page.route("**/api/view", lambda route: route.abort())
    await page.goto(stage.studio.url)
    await expect(page.locator("#wire")).to_have_text(say("web.offline", TAG))
    assert await english(page) == []
    await page.unroute("**/api/view")
    await expect(page.locator("#composer .film")).to_contain_text(say("web.film", TAG))
    await stage.studio.stop()
    await expect(page.locator("#wire")).to_have_text(say("web.reconnecting", TAG))
    browser_page.complaints.clear()  # the browser notes that the line was lost


async def test_the_look_for_english_would_find_some(browser_page: Watched, stage: Stage) -> None:
    page = await open_in_chinese(browser_page, stage)
    await page.evaluate("document.querySelector('#where').textContent = 'On this machine only'")
    assert await english(page) == ["On this machine only"]
