"""The storyboard as a strip: shots put into another order, the line under them, the gauges below."""

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Locator, Page, expect

from bot.film import Slate
from tests.adapters.chat.web.cutter import ANCHOR, gauge, match
from tests.adapters.chat.web.member import Watched, open_studio
from tests.adapters.chat.web.props import Reel, until
from tests.adapters.chat.web.stage import Stage, Take

pytestmark = pytest.mark.browser

EXPOSURE, WARMTH = ("exposure", "Exposure", -0.6, 0.3, "stops"), ("warmth", "Warmth", 4.0, 20.0, "mired")
NAMELESS = """() => [...document.querySelectorAll('button, input:not([hidden]), select, textarea, [role=group], img')]
  .filter((e) => e.offsetParent && !e.getAttribute('aria-label') && !e.labels?.length && !e.innerText?.trim()
    && !e.hasAttribute('alt') && !e.hidden).map((e) => e.outerHTML)"""


def shoot(stage: Stage, *names: str, circled: str = "") -> None:
    """Finished takes of those shots; `circled` is the name of one."""
    for number, name in enumerate(names):
        scene, letter = int(name[:-1]), ord(name[-1]) - 65
        take = Take(f"take{number}", Slate(scene, letter, 1), f"shot {name}", state="ready")
        take.reel, take.circled = Reel("a" * 64, "b" * 64), name == circled
        stage.crew.takes[take.id] = take


def measure(stage: Stage) -> None:
    """1A is the anchor, 1B matches, 1C is slight, 1D is off."""
    stage.crew.cutter.measured = True
    stage.crew.cutter.matches = {
        "1A": ANCHOR,
        "1B": match("matches", 0.95, gauge(*WARMTH)),
        "1C": match("slight", 0.83, gauge(*EXPOSURE), gauge(*WARMTH), cause="The lamp is not named in this shot."),
        "1D": match("off", 0.6, gauge("warmth", "Warmth", 64, 20, "mired")),
    }


def board(page: Page) -> Locator:
    """The storyboard beside the chat."""
    return page.locator("#session .board")


async def order(page: Page) -> list[str]:
    """Slates as they stand."""
    return await board(page).locator(".state b").all_text_contents()


async def becomes(true: Callable[[], object], page: Page, *slates: str) -> None:
    await until(true)
    await expect(board(page).locator(".state b")).to_have_text(list(slates))


async def where(shown: Locator) -> dict[str, float]:
    """Where it stands; asked again while the page draws its board anew."""
    for _ in range(100):
        if (box := await shown.bounding_box()) is not None:
            return {name: float(value) for name, value in box.items()}  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
    raise AssertionError("it is not to be seen")


async def carry(page: Page, name: str, onto: str, *, behind: bool) -> None:
    """Drag one shot to the left or right half of another."""
    source = await where(board(page).locator(f"[data-shot='{name}'] .still"))
    target = await where(board(page).locator(f"[data-shot='{onto}'] .still"))
    await page.mouse.move(source["x"] + 40, source["y"] + 30)
    await page.mouse.down()
    to = target["x"] + target["width"] * (0.8 if behind else 0.2)
    await page.mouse.move(to, target["y"] + 30, steps=8)
    await expect(page.locator(".ghost")).to_be_visible()
    await page.mouse.up()


async def test_a_shot_is_dragged_to_another_place_and_stays_there(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C", circled="1B")
    page = await open_studio(browser_page, stage)
    assert await order(page) == ["1A-1", "1B-1", "1C-1"]
    await carry(page, "1C", "1A", behind=False)
    await becomes(lambda: stage.crew.heard, page, "1C-1", "1A-1", "1B-1")
    assert stage.crew.heard[-1].command == {"name": "arrange", "values": {"order": "1C 1A 1B"}}
    await carry(page, "1C", "1B", behind=True)
    await becomes(lambda: len(stage.crew.heard) > 1, page, "1A-1", "1B-1", "1C-1")
    await carry(page, "1A", "1B", behind=True)
    await becomes(lambda: len(stage.crew.heard) > 2, page, "1B-1", "1A-1", "1C-1")
    await page.reload()
    await expect(board(page).locator(".state b")).to_have_text(["1B-1", "1A-1", "1C-1"])
    await expect(board(page).locator(".circled b")).to_have_text("1B-1")


async def test_escape_lets_go_and_a_tap_is_no_drag(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B")
    page = await open_studio(browser_page, stage)
    box = await where(board(page).locator("[data-shot='1A'] .still"))
    await page.mouse.move(box["x"] + 40, box["y"] + 30)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 300, box["y"] + 30, steps=4)
    await expect(page.locator(".lifted")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator(".ghost")).to_have_count(0)
    await page.mouse.up()
    await board(page).get_by_role("button", name="Go to 1B-1").click()
    await expect(board(page).locator("[aria-current=true]")).to_have_count(0)
    await until(lambda: stage.crew.heard)
    assert [wish.command["name"] for wish in stage.crew.heard] == ["shot"]
    assert await order(page) == ["1A-1", "1B-1"]


async def test_arrow_keys_move_a_shot_and_say_where_it_is(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C")
    page = await open_studio(browser_page, stage)
    first = board(page).get_by_role("button", name="Go to 1A-1")
    await first.focus()
    await page.evaluate("addEventListener('keydown', (e) => { window.stopped = e.defaultPrevented; })")
    await page.keyboard.press("Alt+ArrowRight")
    assert await page.evaluate("window.stopped"), "or the browser leaves the page"
    await expect(page.locator("#announce")).to_have_text("Moved: 1A, 2 / 3")
    await page.keyboard.press("Control+ArrowRight")
    await page.keyboard.press("Control+ArrowRight")
    await expect(first).to_be_focused()
    await becomes(lambda: stage.crew.heard, page, "1B-1", "1C-1", "1A-1")
    assert [wish.command["values"] for wish in stage.crew.heard] == [{"order": "1B 1C 1A"}]


async def test_without_dragging_a_chosen_shot_is_moved_by_buttons(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C")
    page = await open_studio(browser_page, stage)
    await board(page).get_by_role("button", name="Go to 1C-1").click()
    place = page.get_by_role("group", name="Place of 1C-1")
    await expect(place.get_by_role("button", name="Later")).to_be_disabled()
    await place.get_by_role("button", name="Earlier").click()
    await becomes(lambda: len(stage.crew.heard) > 1, page, "1A-1", "1C-1", "1B-1")
    await expect(place).to_contain_text("2 / 3")


async def test_an_order_that_is_refused_goes_back_with_a_sentence(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B")
    stage.crew.cutter.refuses = True
    page = await open_studio(browser_page, stage)
    await board(page).get_by_role("button", name="Go to 1A-1").focus()
    await page.keyboard.press("Alt+ArrowRight")
    await expect(page.locator(".of-storyboard .not-moved")).to_have_text("Done.")
    assert await order(page) == ["1A-1", "1B-1"]


async def test_an_order_that_does_not_arrive_goes_back_too(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B")
    page = await open_studio(browser_page, stage)
    await page.route("**/api/wish", lambda route: route.abort())
    await board(page).get_by_role("button", name="Go to 1A-1").focus()
    await page.keyboard.press("Alt+ArrowRight")
    await expect(board(page).locator(".state b")).to_have_text(["1B-1", "1A-1"])
    await expect(page.locator(".of-storyboard .not-moved")).to_contain_text("did not reach the studio")
    assert await order(page) == ["1A-1", "1B-1"]
    browser_page.complaints.clear()  # the browser notes the request that was cut off


async def test_before_a_check_there_is_no_line_and_the_check_is_offered(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C", "1D")
    page = await open_studio(browser_page, stage)
    await expect(board(page).locator("li")).to_have_count(4)
    await expect(page.locator("svg.line")).to_have_count(0)
    await expect(page.locator(".gauges")).to_have_count(0)
    await expect(page.locator(".of-storyboard .section-head")).to_contain_text("continuity not measured yet")
    measure(stage)
    await page.locator(".cutting").get_by_role("button", name="Check").click()
    await expect(board(page).locator("svg.line")).to_have_count(4)
    assert stage.crew.heard[0].command == {"name": "check", "values": {}}


async def test_the_line_its_shapes_and_its_words_say_the_same(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C", "1D")
    measure(stage)
    page = await open_studio(browser_page, stage)
    shapes = [await line.get_attribute("class") for line in await board(page).locator("svg.line").all()]
    assert shapes == ["line holds", "line holds", "line slight", "line off"]
    await expect(board(page).locator(".word")).to_have_text(["matches", "matches", "slight", "off"])
    await expect(board(page).locator(".word .glyph")).to_have_count(4)
    await expect(board(page).locator(".dot")).to_have_count(1)
    await expect(board(page).locator("[data-shot='1A'] .dot")).to_have_count(1)
    paths = [await path.get_attribute("d") for path in await board(page).locator("svg.line path:not(.dot)").all()]
    assert paths[0] == paths[1] == "M0 9H100"
    assert "V" in (paths[2] or "")
    assert not (paths[3] or "").startswith("M0 ")
    await expect(page.locator(".of-storyboard .section-head")).to_contain_text("continuity against 1A-1, the anchor")


async def drawn(shown: Locator, number: int) -> tuple[dict[str, float], dict[str, float]]:
    """Where mark and band of a gauge are, both at one moment: whatever the page hears draws its gauges anew."""
    script = """(node, number) => ["mark", "band"].map((name) =>
        node.querySelectorAll(".gauge")[number]?.querySelector("." + name)?.getBoundingClientRect().toJSON())"""
    for _ in range(100):
        mark, band = await shown.evaluate(script, number)
        if mark and band and band["width"]:
            return mark, band
        await asyncio.sleep(0.05)
    raise AssertionError("the gauge is not drawn")


async def test_the_gauges_are_those_of_the_worst_shot_until_another_is_chosen(
    browser_page: Watched, stage: Stage
) -> None:
    shoot(stage, "1A", "1B", "1C", "1D")
    measure(stage)
    page = await open_studio(browser_page, stage)
    await expect(page.get_by_role("group", name="What was measured of 1D-1")).to_contain_text("+64")
    await board(page).get_by_role("button", name="Go to 1C-1").click()
    shown = page.get_by_role("group", name="What was measured of 1C-1")
    await expect(shown).to_contain_text("The lamp is not named in this shot.")
    await expect(shown.locator("dt")).to_have_text(["Exposure, stops", "Warmth, mired"])
    await expect(shown.locator("dd .figure")).to_have_text(["\u22120.6", "+4"])
    mark, band = await drawn(shown, 0)
    assert mark["x"] < band["x"]
    inside, around = await drawn(shown, 1)
    assert around["x"] < inside["x"] < around["x"] + around["width"]
    await board(page).get_by_role("button", name="Go to 1A-1").click()
    await expect(page.locator(".gauges")).to_contain_text("The anchor")


async def test_scenes_stand_apart_each_with_its_own_line(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "2A")
    stage.crew.cutter.measured = True
    stage.crew.cutter.matches = {"1A": ANCHOR, "1B": match("slight", 0.8), "2A": ANCHOR}
    page = await open_studio(browser_page, stage)
    await expect(board(page).locator(".scene")).to_have_text(["scene 1", "", "scene 2"])
    await expect(board(page).locator(".apart")).to_have_count(1)
    assert await board(page).locator("[data-shot='2A'] path").first.get_attribute("d") == "M0 9H100"


@pytest.mark.parametrize("count", [1, 10, 60])
async def test_any_number_of_shots_fits(browser_page: Watched, stage: Stage, count: int) -> None:
    names = [f"{1 + n // 10}{chr(65 + n % 10)}" for n in range(count)]
    shoot(stage, *names)
    page = await open_studio(browser_page, stage)
    await expect(board(page).locator("li")).to_have_count(count)
    assert await page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('#session'))")
    stills = await board(page).locator(".still").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert min(stills) >= 72
    await expect(page.get_by_role("button", name="Check")).to_have_count(0 if count == 1 else 1)
    if count == 60:
        await board(page).get_by_role("button", name="Go to 6J-1").scroll_into_view_if_needed()
        await carry(page, "6J", "6A", behind=False)
        await until(lambda: stage.crew.heard)
        assert stage.crew.heard[-1].command["values"]["order"].split()[-10:][0] == "6J"


async def touches(page: Page, *moves: tuple[float, float], rest: float = 0.0) -> None:
    """A finger down at the first place, resting there, over the others, and up."""
    session = await page.context.new_cdp_session(page)

    async def touch(kind: str, *points: tuple[float, float]) -> None:
        given = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        await session.send("Input.dispatchTouchEvent", given)

    await touch("touchStart", moves[0])
    await asyncio.sleep(rest)
    for place in moves[1:]:
        await touch("touchMove", place)
    await touch("touchEnd")


async def test_on_a_phone_a_finger_that_rests_lifts_a_shot_and_one_that_does_not_scrolls(
    browser_page: Watched, stage: Stage
) -> None:
    shoot(stage, "1A", "1B", "1C", "1D", "1E", "1F")
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await open_studio(browser_page, stage)
    strip = page.locator("#strip .board")
    await expect(strip.locator("li")).to_have_count(6)
    swipe = [(300.0 - 20 * step, 80.0) for step in range(12)]
    await touches(page, *swipe, rest=0.1)
    await until_scrolled(page)
    assert await strip.locator(".state b").all_text_contents() == [f"1{letter}-1" for letter in "ABCDEF"]
    assert stage.crew.heard == []
    await page.evaluate("document.querySelector('#strip').scrollLeft = 0")
    path = [(60.0 + 15 * step, 80.0) for step in range(11)]
    await touches(page, *path, rest=0.6)
    await until(lambda: stage.crew.heard)
    assert stage.crew.heard[-1].command["values"]["order"] == "1B 1A 1C 1D 1E 1F"
    await expect(strip.locator(".state b").first).to_have_text("1B-1")
    await expect(page.locator(".ghost")).to_have_count(0)


async def until_scrolled(page: Page) -> None:
    async with asyncio.timeout(5):
        while not await page.evaluate("document.querySelector('#strip').scrollLeft > 40"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_on_a_phone_gauges_and_cutting_are_under_session(browser_page: Watched, stage: Stage) -> None:
    shoot(stage, "1A", "1B", "1C", "1D")
    measure(stage)
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await open_studio(browser_page, stage)
    await expect(page.locator("#strip svg.line")).to_have_count(4)
    await page.get_by_role("tab", name="Session").click()
    await expect(page.locator(".gauges")).to_be_visible()
    await page.locator("#strip").get_by_role("button", name="Go to 1C-1").click()
    await page.get_by_role("tab", name="Session").click()
    await expect(page.get_by_role("group", name="What was measured of 1C-1")).to_be_visible()
    low = await page.evaluate(
        "() => [...document.querySelectorAll('.cutting button, .steps button, #strip .still-tap')]"
        ".filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 32)).map((e) => e.outerHTML)"
    )
    assert low == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await page.evaluate(NAMELESS) == []


async def test_everything_has_a_name_and_nothing_is_richly_coloured_but_pictures(
    browser_page: Watched, stage: Stage
) -> None:
    shoot(stage, "1A", "1B", "1C", "1D", circled="1B")
    measure(stage)
    page = await open_studio(browser_page, stage)
    assert await page.evaluate(NAMELESS) == []
    grounds = await page.locator("#session, .cutting .btn, .gauges, .board .still").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number))"
    )
    assert all(max(rgb) - min(rgb) <= 4 for rgb in grounds)
    assert max(max(rgb) for rgb in grounds) <= 0x33
