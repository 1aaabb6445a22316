"""Buttons, menus, forms and the message command: each carries its action, so each works after any restart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from adapters.chat.discord.library import Hook, Tap, custom_id, read_custom_id, read_hook
from adapters.chat.discord.modals import answers_of, parts_form, words_form
from bot.commands import Circle, Edit, Generate, Remix, Retake, ShotStory, from_dict
from bot.errors import WordsTooLong
from bot.verdicts import Final
from tests.adapters.chat.discord.stage_listen import House, house


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


async def test_a_button_that_changes_its_card_is_acknowledged_without_a_word(here: House) -> None:
    card = here.card(("Circle", "t:circle:01take"))
    heard = await here.discord.press(here.ines, card, "Circle")
    assert heard.kind == 6
    assert from_dict(here.wish.command) == Circle(take="01take")
    address = here.wish.address
    assert (address.message, address.pressed) == (str(card.id), f"discord/{here.channel.id}/{card.id}")
    hook = read_hook(address.hook)
    assert hook == Hook(str(here.discord.application_id), heard.token, follow=True)


async def test_a_button_that_answers_thinks_to_the_member_alone(here: House) -> None:
    heard = await here.discord.press(here.ines, here.card(("More", "t:more:01take")), "More")
    assert (heard.kind, heard.thinking, heard.ephemeral) == (5, True, True)
    hook = read_hook(here.wish.address.hook)
    assert hook
    assert not hook.follow


async def test_a_button_that_films_says_so(here: House) -> None:
    heard = await here.discord.press(here.marek, here.card(("Retake", "t:retake:01take")), "Retake")
    assert (heard.text, heard.ephemeral) == ("收到，卡片马上就到。", True)
    assert from_dict(here.wish.command) == Retake(take="01take")


async def test_a_button_that_asks_for_the_price_says_that_nothing_is_spent(here: House) -> None:
    heard = await here.discord.press(here.ines, here.card(("Final $0.63", "t:final:01take")), "Final $0.63")
    assert (heard.text, heard.ephemeral) == ("The price comes first; nothing is spent yet.", True)
    assert from_dict(here.wish.command) == Final(take="01take")


@pytest.mark.parametrize("action", ["approve:01take", "shoot:01wish", "vote:01take"])
async def test_what_shows_on_the_pressed_card_is_acknowledged_without_a_word(here: House, action: str) -> None:
    heard = await here.discord.press(here.ines, here.card(("Film it", f"t:{action}")), "Film it")
    assert heard.kind == 6
    hook = read_hook(here.wish.address.hook)
    assert hook
    assert hook.follow


async def test_a_button_that_films_is_refused_where_nothing_could_be_shown(here: House) -> None:
    card = here.card(("Retake", "t:retake:01take"), ("Remix", "ta:remix:01take"), ("Film it", "t:approve:01take"))
    here.discord.revoke(here.channel, "attach_files")
    for label in ("Retake", "Remix", "Film it"):
        heard = await here.discord.press(here.ines, card, label)
        assert "Attach Files" in heard.text
        assert heard.modal is None
    assert not here.wishes


async def test_a_line_of_a_menu_is_a_button(here: House) -> None:
    card = here.card(menu={"2B-3": "t:shot:01take", "2B-2": "t:shot:00take"})
    heard = await here.discord.press(here.ines, card, "t:pick", ["t:shot:00take"])
    assert heard.thinking
    assert from_dict(here.wish.command) == ShotStory(take="00take")


async def test_remix_asks_for_the_change_in_a_form(here: House) -> None:
    opened = await here.discord.press(here.ines, await here.take(), "Remix")
    assert opened.modal
    assert opened.modal.title == "One change"
    assert [field.label for field in opened.modal.fields] == ["What should be different?"]
    assert not here.wishes
    sent = await here.discord.submit(here.ines, opened, {"words": "at night"})
    assert (sent.text, sent.ephemeral) == ("Understood. The card comes in a moment.", True)
    assert from_dict(here.wish.command) == Remix(change="at night", take="01take")
    assert here.wish.id == f"dc-{sent.id}"


async def test_next_shot_asks_what_the_camera_sees(here: House) -> None:
    card = here.card(("下一镜", "ta:generate"))
    opened = await here.discord.press(here.marek, card, "下一镜")
    await here.discord.submit(here.marek, opened, {"words": "她转身"})
    assert from_dict(here.wish.command) == Generate(prompt="她转身")


async def test_a_form_that_was_opened_before_a_restart_is_taken_after_it(here: House) -> None:
    opened = await here.discord.press(here.ines, await here.take(), "Remix")
    await here.restart()
    await here.discord.submit(here.ines, opened, {"words": "at night"})
    assert from_dict((await here.heard()).command) == Remix(change="at night", take="01take")


async def test_two_members_fill_in_the_same_form_at_once(here: House) -> None:
    card = await here.take()
    one, other = await here.discord.press(here.ines, card, "Remix"), await here.discord.press(here.marek, card, "Remix")
    await here.discord.submit(here.marek, other, {"words": "在夜里"})
    await here.discord.submit(here.ines, one, {"words": "at night"})
    assert {(w.member.name, w.command["values"]["change"]) for w in here.wishes} == {
        ("Marek", "在夜里"),
        ("Ines", "at night"),
    }


async def test_the_library_remembers_no_form(here: House) -> None:
    await here.discord.press(here.ines, await here.take(), "Remix")
    client = here.listener._client
    assert client
    assert not client._connection._view_store._modals


async def test_edit_opens_the_parts_of_the_brief_filled_in(here: House) -> None:
    asked: list[str] = []

    async def filled_in(action: str, member: object, address: object) -> Mapping[str, str]:
        asked.append(action)
        return {"prompt": "He walks.", "camera": "slow push-in", "action": "", "dialogue": "", "sound": "rain"}

    here.intake.filled_in = filled_in  # type: ignore[method-assign]
    opened = await here.discord.press(here.ines, here.card(("Edit", "tp:edit:01take")), "Edit")
    assert asked == ["edit:01take"]
    assert opened.modal
    assert opened.modal.title == "Change the words"
    labels = ["What the camera sees", "Camera", "Action", "Dialogue", "Sound"]
    assert [field.label for field in opened.modal.fields] == labels
    assert [field.value for field in opened.modal.fields] == ["He walks.", "slow push-in", "", "", "rain"]
    await here.discord.submit(here.ines, opened, {"sound": "rain on tin"})
    words = "He walks.\nCamera: slow push-in\nSound: rain on tin"
    assert from_dict(here.wish.command) == Edit(take="01take", prompt=words)


async def test_a_form_for_a_take_that_is_not_there_says_so(here: House) -> None:
    heard = await here.discord.press(here.ines, here.card(("Edit", "tp:edit:nowhere")), "Edit")
    assert heard.modal is None
    assert heard.text == "There is no take “nowhere” here. /dailies shows yours."


@pytest.mark.parametrize("action", ["tp:edit:01take", "t:more:01take"])
async def test_a_tap_on_a_slow_database_is_busy(here: House, action: str) -> None:
    here.database.go.clear()
    heard = await here.discord.press(here.ines, here.card(("Tap", action)), "Tap")
    assert heard.text == "We are busy at this moment; nothing was started. Please send it again."
    assert heard.acknowledged_within < 3
    here.database.go.set()
    assert not here.wishes


@pytest.mark.parametrize(
    "old", ["v0:retake:7", "retake", "t:", "t:fly:01take", "ta:fly:01take", "tp:fly", "ta:retake:01take"]
)
async def test_a_button_from_another_age_is_answered_politely(here: House, old: str) -> None:
    opened = await here.discord.press(here.ines, here.card(("Old", old)), "Old")
    assert "too old to be understood" in opened.text
    assert not here.wishes


async def test_a_message_command_remixes_that_take(here: House) -> None:
    opened = await here.discord.message_command(here.ines, await here.take(), "Remix this take")
    assert opened.modal
    await here.discord.submit(here.ines, opened, {"words": "at night"})
    assert from_dict(here.wish.command) == Remix(change="at night", take="01take")


async def test_a_message_command_on_any_other_message_says_so(here: House) -> None:
    said = await here.discord.say(here.marek, here.channel, "who filmed this?")
    heard = await here.discord.message_command(here.ines, said, "Remix this take")
    assert (heard.text, heard.ephemeral) == ("That message is no take of mine. Reply to a clip, or use /remix.", True)


# ---------------------------------------------------------------- what is shared with who posts


@pytest.mark.parametrize(
    ("text", "tap"),
    [
        (custom_id("retake:01take"), Tap("retake:01take")),
        (custom_id("remix:01take", asks=True), Tap("remix:01take", asks=True)),
        (custom_id("edit:01take", asks=True, parts=True), Tap("edit:01take", asks=True, parts=True)),
        (custom_id("retake:01take", nth=3), Tap("retake:01take")),
        ("t:", None),
        ("retake:01take", None),
        ("", None),
        ("t:" + "a" * 99, None),
    ],
)
def test_a_custom_id_says_what_it_does(text: str, tap: Tap | None) -> None:
    assert read_custom_id(text) == tap


def test_the_longest_action_still_makes_a_custom_id() -> None:
    assert len(custom_id("a" * 64, asks=True, parts=True, nth=24)) <= 100


def test_words_too_long_for_a_form_are_never_cut() -> None:
    with pytest.raises(WordsTooLong):
        parts_form("edit:01take", {"prompt": "x" * 4001}, "en")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN", "zh-TW"])
@pytest.mark.parametrize("name", ["remix", "generate", "style", "session", "edit", "edit_idea", "unheard_of"])
def test_forms_keep_the_platforms_limits(name: str, locale: str) -> None:
    for form in (words_form(f"{name}:01take", locale), parts_form(f"{name}:01take", {}, locale)):
        about: dict[str, Any] = form.to_dict()
        assert 0 < len(about["title"]) <= 45
        assert all(0 < len(label["label"]) <= 45 for label in about["components"])
        assert all(len(label["component"].get("placeholder", "")) <= 100 for label in about["components"])


def test_a_form_is_read_in_every_shape_it_may_come_in() -> None:
    field = {"type": 4, "custom_id": "words", "value": "at\r\nnight"}
    assert answers_of({"components": [{"type": 18, "component": field}]}) == {"words": "at\nnight"}
    assert answers_of({"components": [{"type": 1, "components": [field]}]}) == {"words": "at\nnight"}
    assert answers_of({"components": [{"type": 10, "id": 3}, None, "x", 7]}) == {}
