"""What members say and what they get, as dialogue: the core as a whole, in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.budget import Caps
from bot.cards import Tone
from bot.commands import Generate, Retake, Scene
from bot.film import Shape, chance_of
from tests.dialogue import INES, MAREK, MODERATOR, Chat

SPINE = "Cinematography: 85mm lens, 16mm film. Lighting: neon signs. Palette anchors: teal, amber."
SHOT_ONE = (
    "Wide shot. A detective in a trench coat crosses a wet street at night in heavy rain, then lights a cigarette."
)
SHOT_TWO = "He stops under a street lamp and reads a letter."
SHOT_THREE = "Close-up. He looks up as a tram passes."


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_a_shot_is_filmed_and_shown(chat: Chat) -> None:
    card = await chat.says("/generate a fox crosses a snowy forest seconds:4 shape:tall")

    assert (card.title, card.tone, card.quote) == ("1A-1", Tone.READY, "a fox crosses a snowy forest")
    assert card.clip is not None
    assert card.clip.poster is not None
    assert [button.label for button in card.buttons] == [
        "Remix",
        "Next shot",
        "Retake",
        "Circle",
        "Show the prompt",
        "More",
        "Add sound: light quick steps on dry snow, wind over a…",
    ]
    assert "$0.04" in card.facts
    assert chat.prompts == ["a fox crosses a snowy forest"]
    assert chat.poster.clips[card.take] == [b"a clipfake-1"]


async def test_the_member_watches_it_roll(chat: Chat) -> None:
    card = await chat.says("a fox")

    seen = [
        (shown.status, shown.progress.share if shown.progress else None) for shown in chat.poster.messages[card.take]
    ]
    assert ("in the queue", 0.0) in seen
    assert ("rolling", 0.4) in seen
    assert seen[-1] == ("ready", None)


async def test_a_detective_keeps_his_coat_over_three_shots(chat: Chat) -> None:
    await chat.says("/style set lens:85mm lens stock:16mm film light:neon signs palette:teal, amber")
    for words in (SHOT_ONE, SHOT_TWO, SHOT_THREE):
        card = await chat.says(words)

    one, two, three = chat.prompts
    assert card.title == "1C-1"
    for prompt, words in zip(chat.prompts, (SHOT_ONE, SHOT_TWO, SHOT_THREE), strict=True):
        assert prompt.startswith(SPINE)
        assert prompt.endswith(words)
    for prompt in (two, three):
        carried = prompt.removeprefix(SPINE).split("\n")[1]
        for kept in ("A detective in a trench coat", "wet street", "night", "rain"):
            assert kept.lower() in carried.lower()
        for action in ("crosses", "lights", "cigarette", "reads", "letter", "stops"):
            assert action not in carried
    assert "shot before" not in one
    assert len(three) - len(SHOT_THREE) <= len(two) - len(SHOT_TWO) + 30, "what is carried must not pile up"


async def test_a_new_scene_breaks_the_chain(chat: Chat) -> None:
    await chat.says(SHOT_ONE)
    card = await chat.wants(Generate(prompt="A market at noon.", scene=Scene.NEW))
    again = await chat.says("/generate He laughs. continue:no")

    assert (card.title, again.title) == ("2A-1", "2B-1")
    assert chat.prompts[1:] == ["A market at noon.", "He laughs."]


async def test_a_reply_remixes_with_the_frozen_brief(chat: Chat) -> None:
    await chat.says("/style set look:Super 8, faded")
    first = await chat.says("A red car at dusk.")
    await chat.says("/style set look:black and white")
    second = await chat.taps("Remix", first, "same shot, at night")

    assert (second.title, second.reply_to, second.quote) == ("1A-2", "1A-1", "same shot, at night")
    assert chat.prompts[1] == (
        "Super 8, faded\nA red car at dusk.\nExactly as above, with this change: same shot, at night"
    )
    assert [part.label for part in second.prompt] == ["Spine", "Your words", "Change"]


async def test_what_a_remix_changes_is_what_the_next_shot_keeps(chat: Chat) -> None:
    first = await chat.says(SHOT_ONE)
    await chat.taps("Remix", first, "same shot, golden hour, no rain")
    await chat.says("He walks on.")

    carried = chat.prompts[-1].split("\n")[0]
    assert "golden hour" in carried
    assert "trench coat" in carried
    assert "night" not in carried
    assert "rain" not in carried


async def test_a_remix_by_id_is_asked_of_a_backend_that_can(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    chat.backend.can = chat.backend.can.__class__(remixes=True, free=True)
    first = await chat.says("A red car.")
    await chat.taps("Remix", first, "at night")

    assert [order.remix_of for order in chat.backend.accepted.values()] == [None, "fake-1"]


async def test_somebody_elses_clip_brings_its_own_spine(chat: Chat) -> None:
    await chat.says("/style set look:ink on paper")
    hers = await chat.says("A heron lands.")
    await chat.says("/style set look:neon", member=MAREK)
    his = await chat.taps("Remix", hers, "in snow", member=MAREK)

    assert his.title == "1A-1"
    assert chat.prompts[-1] == "ink on paper\nA heron lands.\nExactly as above, with this change: in snow"
    assert (await chat.take(his)).member == MAREK.id


async def test_a_clip_from_another_place_is_unknown(chat: Chat) -> None:
    secret = await chat.says("A surprise party.", place="direct")
    card = await chat.says(f"/remix louder take:{secret.take}", member=MAREK)

    assert card.tone is Tone.FAILED
    assert "no take" in card.lines[0]


async def test_retake_keeps_every_word(chat: Chat) -> None:
    await chat.says("/generate a fox seed:7")
    card = await chat.wants(Retake(take="1A-1", shape=Shape.TALL))

    orders = [order.brief for order in chat.backend.accepted.values()]
    assert card.title == "1A-2"
    assert orders[0].text == orders[1].text
    assert [brief.seed for brief in orders] == [7, None]
    assert orders[1].shape is Shape.TALL


async def test_extend_goes_on_from_where_the_clip_ends(chat: Chat) -> None:
    chat.backend.can = replace(chat.backend.can, extends=True)
    await chat.says("/generate a fox runs seconds:4")
    second = await chat.says("/extend")
    third = await chat.says("/extend 1B-1 seconds:8")

    briefs = [order.brief for order in chat.backend.accepted.values()]
    assert (second.title, second.reply_to, third.title) == ("1B-1", "1A-1", "1C-1")
    assert len({brief.text for brief in briefs}) == 1
    assert [brief.starts_at for brief in briefs] == [0.0, 4.0, 8.0]
    assert [brief.seconds for brief in briefs] == [4, 4, 8]
    assert briefs[1].seed == briefs[2].seed == chance_of(next(iter(chat.backend.accepted.values())).job)


async def test_what_cannot_go_on_says_so(chat: Chat) -> None:
    await chat.says("a fox")
    assert "cannot go on after a clip" in (await chat.says("/extend")).lines[0]


async def test_one_circled_take_a_shot(chat: Chat) -> None:
    first = await chat.says("a fox")
    second = await chat.taps("Retake", first)
    await chat.taps("Circle", first)
    await chat.taps("Circle", second)

    assert [(await chat.take(card)).circled for card in (first, second)] == [False, True]


async def test_a_dropped_chip_is_no_longer_carried(chat: Chat) -> None:
    await chat.says(SHOT_ONE)
    second = await chat.says(SHOT_TWO)
    weather = next(chip for chip in second.kept if chip.kind == "weather")
    await chat.says(f"/drop {second.take} kind:weather")
    await chat.says("He walks on.")

    assert weather.words in chat.prompts[1]
    assert "rain" not in chat.prompts[2]
    assert "night" in chat.prompts[2]


async def test_productions_are_apart(chat: Chat) -> None:
    await chat.says(SHOT_ONE)
    card = await chat.says("/session new Second film")
    fresh = await chat.says("A field.")
    await chat.says("/session switch first film")
    back = await chat.says("He waits.")

    assert card.title == "Second film"
    assert (fresh.title, back.title) == ("1A-1", "1B-1")
    assert "trench coat" not in chat.prompts[1]
    assert "trench coat" in chat.prompts[2]


async def test_the_spine_follows_the_member_and_the_production_stays(chat: Chat) -> None:
    await chat.says("/style set look:VHS")
    await chat.says("A room.", place="night-shoots")
    card = await chat.says("A garden.", place="day-shoots")

    assert card.title == "1A-1"
    assert chat.prompts[1] == "VHS\nA garden."


async def test_style_in_all_its_ways(chat: Chat) -> None:
    assert "No spine yet" in (await chat.says("/style")).lines[0]
    card = await chat.says("/style set lens:85mm lens palette:teal, amber")
    assert card.prompt[0].text == "Cinematography: 85mm lens. Palette anchors: teal, amber."
    card = await chat.says("/style add palette:rust")
    assert card.prompt[0].text.endswith("teal, amber, rust.")
    card = await chat.says("/style clear field:palette")
    assert card.prompt[0].text == "Cinematography: 85mm lens."
    card = await chat.says("/style presets")
    noir = next(row for row in card.rows if row.note == "noir")
    assert noir.action == "style:set:noir"
    assert noir.title == "Film noir"
    card = await chat.says("/style set preset:noir")
    assert "monochrome" in card.prompt[0].text
    assert (await chat.says("/style clear")).prompt == ()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("/style set", "no words yet"),
        ("/style clear field:weather", "no field “weather”"),
        ("/style set preset:baroque", "no ready spine"),
        ("/generate a fox seconds:5", "does not film 5 s. It films: 4, 8, 12 s"),
        ("/generate a fox shape:square", "does not film that shape"),
        ("/generate a fox model:sora-9", "cannot be used here"),
        ("/remix darker", "no take to start from"),
        ("/shot 9Z-9", "no take “9Z-9”"),
        ("/retake 1A-1", "no take “1A-1”"),
        ("/cancel", "nothing to cancel"),
        ("/session switch Nowhere", "no production “Nowhere”"),
    ],
)
async def test_bad_input_gets_one_sentence_and_changes_nothing(chat: Chat, said: str, sentence: str) -> None:
    card = await chat.says(said)

    assert card.tone is Tone.FAILED
    assert len(card.lines) == 1
    assert sentence in card.lines[0]
    assert not chat.store.rows.shots
    assert not chat.store.rows.jobs
    assert not chat.store.rows.opened
    assert not chat.store.rows.spines


async def test_a_brief_too_long_is_refused_and_never_trimmed(chat: Chat) -> None:
    chat.backend.can = chat.backend.can.__class__(words_max=50)
    await chat.says(f"/style set look:{'x' * 40}")
    card = await chat.says("a fox and a hare")

    assert "57 characters; fake takes 50" in card.lines[0]
    assert not chat.prompts


async def test_caps_hold(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(rolling=1, waiting=1, takes_a_day=3))
    chat.engine.frozen = True
    for words in ("one", "two"):
        await chat.says(words)
    waiting = await chat.says("three")
    chat.store.on_enqueue = None

    assert "1 takes waiting" in waiting.lines[0]
    assert len(chat.store.rows.jobs) == 2


async def test_a_day_has_so_many_takes(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(takes_a_day=2))
    await chat.says("one")
    await chat.says("two")
    assert "more than 2 takes in a day" in (await chat.says("three")).lines[0]
    chat.clock.time += 86_401
    assert (await chat.says("three")).tone is Tone.READY


async def test_cancel_while_waiting_costs_nothing(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await chat.says("/generate a fox seconds:4")
    gone = await chat.taps("Cancel", card)

    assert (gone.status, gone.lines) == ("cancelled", ("This take was cancelled. You paid nothing; $0.04 is back.",))
    assert not chat.prompts


async def test_only_the_member_or_a_moderator_may_cancel(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await chat.says("/generate a fox seconds:4")
    stranger = await chat.taps("Cancel", card, member=MAREK)
    assert "belongs to another member" in stranger.lines[0]
    assert (await chat.job(card)).state.waiting

    by_moderator = await chat.taps("Cancel", card, member=MODERATOR)
    assert by_moderator.lines == ("This take was cancelled. You paid nothing; $0.04 is back.",)


async def test_dailies_shot_queue_help_and_session_answer(chat: Chat) -> None:
    assert "No takes yet" in (await chat.says("/dailies")).lines[0]
    assert "Nothing of yours" in (await chat.says("/queue")).lines[0]
    first = await chat.says("a fox")
    second = await chat.taps("Remix", first, "at night")

    dailies = await chat.says("/dailies")
    assert [(row.title, row.text) for row in dailies.rows] == [("1A-2", "at night"), ("1A-1", "a fox")]
    story = await chat.says("/shot 1A-2")
    assert story.title == "1A-2, the whole story"
    assert ("Made from 1A-1", "at night") in [(row.title, row.text) for row in story.rows]
    assert [part.text for part in story.prompt] == ["a fox", "Exactly as above, with this change: at night"]
    assert (await chat.says("/session")).lines[0] == "Shots: 1. Scenes: 1."
    help_ = await chat.says("/help")
    assert [row.title for row in help_.rows][:3] == ["/generate", "/remix", "/style"]
    assert second.tone is Tone.READY


async def test_the_queue_tells_the_place_truthfully(chat: Chat) -> None:
    chat.engine.frozen = True
    await chat.says("one", member=MAREK)
    await chat.says("two")
    card = await chat.says("three")

    assert card.lines == ("1 of yours before it, 1 of other members.",)
    assert card.progress is not None
    assert card.progress.place == 3
    assert len((await chat.says("/queue")).rows) == 2


async def test_mentions_and_markup_stay_as_they_are(chat: Chat) -> None:
    words = "@everyone **bold** <script>alert(1)</script> <@123> [x](http://y) 👩‍👩‍👧 \u202eabc"
    card = await chat.says(words)

    assert card.quote == words
    assert chat.prompts == [words]


async def test_a_wish_is_done_once_however_often_it_is_taken_up(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="a fox"))
    await chat.studio.take_up(wish.id)
    await chat.studio.take_up(wish.id)
    await chat.engine.quiet()

    assert chat.prompts == ["a fox"]
    assert len(chat.store.rows.takes) == 1


async def test_a_stored_wish_is_taken_up_after_a_restart(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="a fox"))
    await chat.sweep.round()
    await chat.engine.quiet()

    assert (await chat.answer(wish.id)).tone is Tone.READY
    async with chat.store.work() as w:
        assert not await w.wishes.open()


async def test_our_own_fault_is_said_and_costs_nothing(chat: Chat) -> None:
    class Broken(Exception):
        """Something nobody thought of."""

    async def broken() -> None:
        raise Broken

    chat.backend.capabilities = broken  # type: ignore[assignment,method-assign]
    card = await chat.says("a fox")

    assert card.lines == (
        "Something broke on our side; nothing was started and nothing was spent. Please try once more.",
    )
    assert not chat.store.rows.jobs


async def test_ines_and_marek_do_not_share_a_production(chat: Chat) -> None:
    await chat.says(SHOT_ONE, member=INES)
    card = await chat.says("He waits.", member=MAREK)

    assert card.title == "1A-1"
    assert chat.prompts[1] == "He waits."
