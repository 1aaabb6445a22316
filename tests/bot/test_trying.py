"""`/help ideas`: a few at a time, what fits the place first, and trying one spends nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import from_action
from bot.film import Shape
from bot.gallery import technique, techniques
from bot.trying import PAGE
from tests.bot.test_rehearsal import ABLE
from tests.dialogue import MAREK, Chat
from tests.fakes.film_world import FakeBackend


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path, FakeBackend(can=ABLE))


async def every_page(chat: Chat) -> list[Card]:
    pages = [await chat.says("/help ideas")]
    while pages[-1].buttons:
        pages.append(await chat.taps("More ideas", pages[-1]))
    return pages


async def test_ideas_come_a_few_at_a_time_until_all_were_shown(chat: Chat) -> None:
    pages = await every_page(chat)

    assert {len(page.rows) for page in pages[:-1]} == {PAGE}
    shown = [row.action for page in pages for row in page.rows]
    assert len(shown) == len(set(shown))
    assert {tap.removeprefix("try:") for tap in shown} == {each.name for each in techniques()}
    assert {row.label for page in pages for row in page.rows} == {"Try this"}


async def test_more_ideas_take_the_place_of_those_that_were_shown(chat: Chat) -> None:
    first = await chat.says("/help ideas")
    stands = chat.reference(first)
    assert not first.replaces
    more = await chat.taps("More ideas", first)
    assert more.replaces
    assert chat.reference(more) == stands


async def test_help_without_a_topic_is_what_it_was(chat: Chat) -> None:
    card = await chat.says("/help")
    assert (card.title, card.buttons) == ("What to do next", ())


async def test_whoever_begins_is_shown_single_shots_and_then_what_goes_on_from_them(chat: Chat) -> None:
    groups = [named(row.action) for row in (await chat.says("/help ideas")).rows]
    assert groups == ["framing", "camera", "light", "weather"]
    await chat.says("A fox crosses a snowy forest.")
    assert [named(row.action) for row in (await chat.says("/help ideas")).rows[:3]] == ["onward", "change", "several"]
    elsewhere = await chat.says("/help ideas", place="day-shoots")
    assert named(elsewhere.rows[0].action) == "framing"


def named(tap: str) -> str:
    found = technique(tap.removeprefix("try:"))
    assert found is not None
    return found.group


async def test_what_the_model_here_cannot_do_is_not_offered(tmp_path: Path) -> None:
    short = replace(ABLE, extends=False, shapes=(Shape.WIDE,))
    chat = Chat(tmp_path, FakeBackend(can=short))
    shown = {row.action for page in await every_page(chat) for row in page.rows}
    assert {f"try:{each.name}" for each in techniques()} - shown == {"try:extend", "try:other_shape"}


async def test_trying_an_idea_spends_nothing_and_a_tap_films_it(chat: Chat) -> None:
    card = await chat.wants(from_action("try:one_change"))

    assert (card.title, card.tone) == ("One thing changed", Tone.WAITING)
    assert card.quote == "Full shot, overcast: a man in a grey coat crosses a street under a red umbrella."
    assert card.lines[1] == "Then reply to the clip: “a teal umbrella instead of red”"
    assert [button.label for button in card.buttons][:3] == ["Shoot it", "Edit", "Not now"]
    assert not chat.store.rows.jobs
    take = await chat.taps("Shoot it", card)
    assert (take.title, take.tone) == ("1A-1", Tone.READY)
    remixed = await chat.replies("a teal umbrella instead of red", take)
    assert remixed.title == "1A-2"


async def test_a_tried_idea_may_be_edited_and_waved_away(chat: Chat) -> None:
    card = await chat.wants(from_action("try:snow"))
    edited = await chat.taps("Edit", card, "a bear crosses a frozen lake")
    assert edited.quote == "a bear crosses a frozen lake"
    assert (await chat.taps("Not now", card)).lines == ("Not filmed. Nothing was spent.",)
    assert not chat.store.rows.jobs


async def test_what_belongs_before_and_behind_an_idea_is_said(chat: Chat) -> None:
    cast = await chat.wants(from_action("try:cast"))
    assert cast.lines[1].startswith("Before it: /cast add Mara: a woman in her sixties")
    assert cast.lines[2].startswith("Then: /generate Medium close-up, morning light: Mara")
    extend = await chat.wants(from_action("try:extend"))
    assert extend.lines[1] == "Then: /extend"
    weather = await chat.wants(from_action("try:sun_to_snow"))
    assert weather.lines[1:3] == ("Then: /remix weather:snow", "Then: /remix weather:fog")


async def test_the_look_that_an_idea_begins_with_is_put_on_by_a_tap(chat: Chat) -> None:
    card = await chat.wants(from_action("try:spine"))
    look = await chat.taps("Use this look", card)
    assert "black and white" in look.prompt[0].text.lower()


async def test_a_storyboard_is_tried_with_the_price_of_all_its_shots(chat: Chat) -> None:
    card = await chat.wants(from_action("try:storyboard"))
    assert (card.title, len(card.rows)) == ("A storyboard of three", 3)
    assert not chat.store.rows.jobs
    await chat.taps(card.buttons[0].label, card)
    assert len(chat.store.rows.jobs) == 3


async def test_every_idea_can_be_tried(chat: Chat) -> None:
    for each in techniques():
        card = await chat.wants(from_action(f"try:{each.name}"))
        assert (card.title, card.tone) == (each.told("en").title, Tone.WAITING)
        assert card.lines[0] == each.told("en").why
        assert any("othing is filmed" in line for line in card.lines[:4]), "Discord shows no more lines"


async def test_an_idea_that_is_no_more_and_somebody_elses_are_declined(chat: Chat) -> None:
    gone = await chat.wants(from_action("try:moonwalk"))
    assert gone.tone is Tone.FAILED
    tried = await chat.wants(from_action("try:snow"))
    assert (await chat.taps("Shoot it", tried, member=MAREK)).tone is Tone.FAILED


async def test_the_buttons_work_after_a_restart(chat: Chat, tmp_path: Path) -> None:
    page = await chat.says("/help ideas")
    tried = await chat.wants(from_action(page.rows[0].action))
    later = Chat(tmp_path, FakeBackend(can=ABLE))
    later.store.rows.wishes.update(chat.store.rows.wishes)

    assert (await later.wants(from_action(page.buttons[0].action))).rows
    assert (await later.wants(from_action(tried.buttons[0].action))).title == "1A-1"
