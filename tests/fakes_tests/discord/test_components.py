"""What components and modals may be, rule by rule."""

from typing import Any

import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import V2, Raw, unheard


def button(name: str = "a", **more: Any) -> dict[str, Any]:
    """A good one."""
    return {"type": 2, "style": 2, "label": "Remix", "custom_id": name, **more}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    """A row of them."""
    return {"type": 1, "components": list(parts)}


def words(text: str = "rolling") -> dict[str, Any]:
    """A text."""
    return {"type": 10, "content": text}


def box(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A container."""
    return {"type": 17, "components": list(parts), **more}


def select(options: int = 2, **more: Any) -> dict[str, Any]:
    """A select."""
    chosen = [{"label": f"take {number}", "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "s", "options": chosen, **more}


def gallery(*urls: str) -> dict[str, Any]:
    """A gallery."""
    return {"type": 12, "items": [{"media": {"url": url}} for url in urls]}


CLIP = "https://example.org/a.mp4"
SECTION = {"type": 9, "components": [words()], "accessory": button()}
GOOD: list[list[dict[str, Any]]] = [
    [box(words(), gallery(CLIP), row(*[button(str(number)) for number in range(5)]), accent_color=0xFFFFFF)],
    [words("x" * 4000)],
    [row(select(25))],
    [row({"type": 5, "custom_id": "who"})],
    [SECTION],
    [{**SECTION, "accessory": {"type": 11, "media": {"url": CLIP}}}],
    [words() for _ in range(40)],
    [{"type": 14, "divider": True, "spacing": 2}, words()],
    [row(button(label=None, emoji={"name": "🎬"}))],
    [row({"type": 2, "style": 5, "label": "Look", "url": CLIP})],
    [gallery(*[CLIP] * 10)],
]
BAD: list[tuple[list[Any], str]] = [
    ([words() for _ in range(41)], "components: BASE_TYPE_BAD_LENGTH"),
    ([box(*[words() for _ in range(20)]) for _ in range(2)], "components: COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    ([words("x" * 2001), box(words("x" * 2000))], "components: COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    ([words("")], "components.0.content: BASE_TYPE_BAD_LENGTH"),
    ([row(button("x"), button("x"))], "components: COMPONENT_CUSTOM_ID_DUPLICATED"),
    ([row(button("x" * 101))], "components.0.components.0.custom_id: BASE_TYPE_BAD_LENGTH"),
    ([row(button(""))], "components.0.components.0.custom_id: BASE_TYPE_BAD_LENGTH"),
    ([row(button(label="x" * 81))], "components.0.components.0.label: BASE_TYPE_BAD_LENGTH"),
    ([row(button(label=None))], "components.0.components.0.label: BASE_TYPE_INVALID"),
    ([row(button(style=9))], "components.0.components.0.style: BASE_TYPE_CHOICES"),
    ([row(button(url=CLIP))], "components.0.components.0.url: BASE_TYPE_INVALID"),
    ([row(button(style=5, url=CLIP))], "components.0.components.0.custom_id: BUTTON_COMPONENT_INVALID_CUSTOM_ID"),
    (
        [row({"type": 2, "style": 5, "label": "x", "url": "file:" + "///x"})],
        "components.0.components.0.url: URL_TYPE_INVALID_SCHEME",
    ),
    (
        [row({"type": 2, "style": 5, "label": "x", "url": "https://" + "x" * 512})],
        "components.0.components.0.url: BASE_TYPE_BAD",
    ),
    ([row(*[button(str(number)) for number in range(6)])], "components.0.components: BASE_TYPE_BAD_LENGTH"),
    ([row()], "components.0.components: BASE_TYPE_BAD_LENGTH"),
    ([row(button(), select())], "components.0.components: COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ([row(select(26))], "components.0.components.0.options: BASE_TYPE_BAD_LENGTH"),
    ([row(select(0))], "components.0.components.0.options: BASE_TYPE_BAD_LENGTH"),
    ([row(select(placeholder="x" * 151))], "components.0.components.0.placeholder: BASE_TYPE_BAD_LENGTH"),
    (
        [row(select(options=1) | {"options": [{"label": "a", "value": "v"}] * 2})],
        "components.0.components.0.options: COMPONENT_OPTION",
    ),
    ([box(box(words()))], "components.0.components.0.type: UNION_TYPE_CHOICES"),
    ([box(words(), accent_color=1 << 24)], "components.0.accent_color: NUMBER_TYPE_MAX"),
    ([button()], "components.0.type: UNION_TYPE_CHOICES"),
    ([gallery(*[CLIP] * 11)], "components.0.items: BASE_TYPE_BAD_LENGTH"),
    ([gallery()], "components.0.items: BASE_TYPE_BAD_LENGTH"),
    ([gallery("ftp://x/y")], "components.0.items.0.media.url: URL_TYPE_INVALID_SCHEME"),
    ([{"type": 13, "file": {"url": CLIP}}], "components.0.file.url: URL_TYPE_INVALID_SCHEME"),
    ([{**SECTION, "accessory": words()}], "components.0.accessory.type: UNION_TYPE_CHOICES"),
    ([{**SECTION, "components": [words()] * 4}], "components.0.components: BASE_TYPE_BAD_LENGTH"),
    ([{"type": 9, "components": [words()]}], "components.0.accessory: BASE_TYPE_REQUIRED"),
    ([{"type": 14, "spacing": 3}], "components.0.spacing: BASE_TYPE_CHOICES"),
    ([words(), 7], "components.1.type: UNION_TYPE_CHOICES"),
]


@pytest.mark.parametrize("components", GOOD)
async def test_good_ones_are_taken(discord: FakeDiscord, raw: Raw, place: Channel, components: list[Any]) -> None:
    assert (await raw.say(place, components=components, flags=V2)).status == 200
    assert discord.broken == []


@pytest.mark.parametrize(("components", "no"), BAD)
async def test_bad_ones_are_refused(raw: Raw, place: Channel, components: list[Any], no: str) -> None:
    refused = await raw.say(place, components=components, flags=V2)
    assert (*refused.no, [fault for fault in refused.faults if fault.startswith(no)]) == (400, 50035, refused.faults)


async def test_an_old_message_has_up_to_five_rows(raw: Raw, place: Channel) -> None:
    rows = [row(button(str(number))) for number in range(6)]
    assert (await raw.say(place, content="x", components=rows[:5])).status == 200
    assert (await raw.say(place, content="x", components=rows)).faults == ["components: BASE_TYPE_BAD_LENGTH"]


async def test_what_is_read_and_pressed_on_a_card(raw: Raw, place: Channel) -> None:
    await raw.say(
        place,
        components=[box(words("one"), row(button(disabled=True))), words("two"), SECTION | {"accessory": button("b")}],
        flags=V2,
    )
    assert (place.last.text, place.last.labels) == ("one\ntwo\nrolling", ["Remix", "Remix"])
    assert [(one.custom_id, one.disabled) for one in place.last.buttons] == [("a", True), ("b", False)]


def text_input(**more: Any) -> dict[str, Any]:
    """One text field in its label."""
    return {"type": 18, "label": "What", "component": {"type": 4, "custom_id": "w", "style": 2, **more}}


def modal(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form."""
    return {"title": "Remix", "custom_id": "m", "components": list(parts), **more}


RADIO = {"type": 21, "custom_id": "r", "options": [{"label": "wide", "value": "w"}, {"label": "tall", "value": "t"}]}
GOOD_FORMS = [
    modal(text_input(max_length=4000, value="x" * 4000)),
    modal({"type": 1, "components": [{"type": 4, "custom_id": "w", "style": 1, "label": "What"}]}),
    modal(words("say it"), text_input(), {"type": 18, "label": "Outline", "component": RADIO}),
    modal({"type": 18, "label": "Picture", "component": {"type": 19, "custom_id": "p"}}),
]
BAD_FORMS = [
    (modal(text_input(), title="x" * 46), "data.title: BASE_TYPE_BAD_LENGTH"),
    (modal(text_input(), custom_id="x" * 101), "data.custom_id: BASE_TYPE_BAD_LENGTH"),
    (modal(), "data.components: BASE_TYPE_BAD_LENGTH"),
    (modal(*[text_input(custom_id=str(number)) for number in range(6)]), "data.components: BASE_TYPE_BAD_LENGTH"),
    (modal(text_input(), text_input()), "components: COMPONENT_CUSTOM_ID_DUPLICATED"),
    (modal({**text_input(), "label": "x" * 46}), "data.components.0.label: BASE_TYPE_BAD_LENGTH"),
    (modal({**text_input(), "description": "x" * 101}), "data.components.0.description: BASE_TYPE_BAD_LENGTH"),
    (modal(text_input(max_length=4001)), "data.components.0.component.max_length: NUMBER_TYPE_MAX"),
    (modal(text_input(max_length=9, min_length=10)), "data.components.0.component.min_length: NUMBER_TYPE_MAX"),
    (modal(text_input(max_length=9, value="x" * 10)), "data.components.0.component.value: BASE_TYPE_BAD_LENGTH"),
    (modal(text_input(placeholder="x" * 101)), "data.components.0.component.placeholder: BASE_TYPE_BAD_LENGTH"),
    (modal(text_input(style=3)), "data.components.0.component.style: BASE_TYPE_CHOICES"),
    (modal(row(button())), "data.components.0.components: UNION_TYPE_CHOICES"),
    (modal(gallery(CLIP)), "data.components.0.type: UNION_TYPE_CHOICES"),
    (modal({"type": 18, "label": "x", "component": button()}), "data.components.0.component.type: UNION_TYPE_CHOICES"),
]


@pytest.mark.parametrize("form", GOOD_FORMS)
async def test_good_forms_open(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User, form: dict[str, Any]
) -> None:
    heard = unheard(discord, ines, place)
    assert (await raw.answer(heard, 9, form)).status == 204
    assert heard.modal is not None
    assert discord.broken == []


@pytest.mark.parametrize("case", BAD_FORMS)
async def test_bad_forms_do_not(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User, case: tuple[dict[str, Any], str]
) -> None:
    form, no = case
    heard = unheard(discord, ines, place)
    refused = await raw.answer(heard, 9, form)
    assert (*refused.no, refused.faults, heard.modal) == (400, 50035, [no], None)


async def test_a_form_is_filled_in_as_a_member_does(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    heard = unheard(discord, ines, place)
    await raw.answer(
        heard, 9, modal(text_input(value="a fox", max_length=20), {"type": 18, "label": "Outline", "component": RADIO})
    )
    sent = await discord.submit(ines, heard, {"Outline": "t"})
    parts = [part["component"] for part in sent.payload["data"]["components"]]
    assert [part["value"] for part in parts] == ["a fox", "t"]
    for wrong in ({"What": "x" * 21}, {"What": ""}, {"Who": "x"}):
        with pytest.raises(AssertionError):
            await discord.submit(ines, heard, wrong)


async def test_a_picture_goes_with_a_form(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    heard = unheard(discord, ines, place)
    await raw.answer(heard, 9, GOOD_FORMS[3])
    sent = await discord.submit(ines, heard, {"p": ("fox.png", b"PNG")})
    [number] = sent.payload["data"]["components"][0]["component"]["values"]
    assert sent.payload["data"]["resolved"]["attachments"][number]["filename"] == "fox.png"
