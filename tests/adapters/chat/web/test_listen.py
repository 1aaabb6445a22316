"""What the page sends becomes a stored wish, or one sentence and nothing stored."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.chat.web.listen import IMAGE_BYTES, JSON_BYTES, Listener, Unreadable, command_of
from bot.commands import Circle, Generate, Help, Remix, Retake, Style, StyleAction
from bot.errors import BadValue, Busy, EmptyWords, UnknownCommand
from tests.adapters.chat.web.props import FakeClips, FakeGate, until
from tests.adapters.chat.web.stage import Stage
from tests.fakes.storage import FakeStore
from tests.media_samples import bomb_png, tiny_png


async def wish(client: aiohttp.ClientSession, form: Any) -> tuple[int, dict[str, Any]]:
    async with client.post("/api/wish", json=form) as answer:
        return answer.status, await answer.json()


async def picture_wish(client: aiohttp.ClientSession, picture: bytes, form: Any) -> tuple[int, dict[str, Any]]:
    parts = aiohttp.FormData()
    parts.add_field("wish", json.dumps(form))
    parts.add_field("image", io.BytesIO(picture), filename="x.png", content_type="image/png")
    async with client.post("/api/wish", data=parts) as answer:
        return answer.status, await answer.json()


# ------------------------------------------------------------ forms


def test_plain_words_film_the_next_shot_and_keep_every_byte() -> None:
    words = "  a fox,\n\ttwo  spaces — 狐狸 👩‍👩‍👧 \u202eאב\u202c "
    assert command_of({"text": words, "values": {"seconds": 6}}) == Generate(prompt=words, seconds=6)


def test_words_in_reply_to_a_take_remix_it() -> None:
    assert command_of({"text": "at night", "reply_to": "t1"}) == Remix(change="at night", take="t1")


def test_a_command_line_is_read_as_one() -> None:
    assert command_of({"text": "/help"}) == Help()
    assert command_of({"text": "/style lens:85mm lens"}) == Style(action=StyleAction.SET, lens="85mm lens")


def test_a_command_line_in_reply_speaks_of_that_take() -> None:
    assert command_of({"text": "/remix at night", "reply_to": "t1"}) == Remix(change="at night", take="t1")
    assert command_of({"text": "/retake 2B-1", "reply_to": "t1"}) == Retake(take="2B-1")
    assert command_of({"text": "/retake", "reply_to": "t1"}) == Retake(take="t1")


def test_a_button_carries_its_ids_and_the_words_asked_for() -> None:
    assert command_of({"action": "circle:t1"}) == Circle(take="t1")
    assert command_of({"action": "remix:t1", "words": "at night"}) == Remix(change="at night", take="t1")


def test_a_picture_goes_with_a_new_shot_only() -> None:
    assert command_of({"text": "a fox"}, "d" * 64) == Generate(prompt="a fox", image="d" * 64)
    with pytest.raises(BadValue):
        command_of({"text": "at night", "reply_to": "t1"}, "d" * 64)


def test_the_page_cannot_name_a_picture_it_has_not_sent() -> None:
    assert command_of({"text": "a fox", "values": {"image": "d" * 64}}) == Generate(prompt="a fox")


@pytest.mark.parametrize(
    "form",
    [{}, {"text": 5}, {"text": "x", "values": ["x"]}, {"text": "x", "reply_to": 5}, {"action": None}, {"command": {}}],
)
def test_a_form_that_is_none_of_ours_is_unreadable(form: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        command_of(form)


def test_declined_forms_say_why() -> None:
    with pytest.raises(EmptyWords):
        command_of({"text": " \n "})
    with pytest.raises(UnknownCommand):
        command_of({"text": "/fly me"})


# ------------------------------------------------------------ the route


async def test_a_wish_is_stored_before_it_is_acknowledged(client: aiohttp.ClientSession, stage: Stage) -> None:
    stage.crew.hold.set()
    status, answer = await wish(client, {"text": "a fox", "values": {"shape": "tall"}})
    assert status == 202
    async with stage.store.work() as w:
        stored = await w.wishes.get(answer["wish"])
    assert stored is not None
    assert stored.command == {"name": "generate", "values": {"prompt": "a fox", "shape": "tall", "continue": True}}
    assert (stored.member.id, stored.address.place) == ("web:local", "web/studio")
    await until(lambda: stage.crew.heard)


@pytest.mark.parametrize(
    ("action", "pressed"),
    [("shoot:01idea", "web/studio/01idea"), ("dismiss:01idea", "web/studio/01idea"), ("help", None)],
)
async def test_an_idea_is_answered_in_its_own_place(
    client: aiohttp.ClientSession, stage: Stage, action: str, pressed: str | None
) -> None:
    stage.crew.hold.set()
    _, answer = await wish(client, {"action": action})
    async with stage.store.work() as w:
        stored = await w.wishes.get(answer["wish"])
    assert stored is not None
    assert stored.address.pressed == pressed


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({"text": ""}, "empty_words"),
        ({"text": "   \n"}, "empty_words"),
        ({"text": "x" * 40_000}, "words_too_long"),
        ({"text": "鸵" * 40_000}, "words_too_long"),
        ({"text": "a\u0000b"}, "control_characters"),
        ({"text": "a\u0007b"}, "control_characters"),
        ({"text": "a\u009fb"}, "control_characters"),
        ({"text": "a\ud800b"}, "control_characters"),
        ({"text": "a fox", "values": {"seconds": "many"}}, "bad_value"),
        ({"text": "a fox", "values": {"shape": "round"}}, "bad_value"),
        ({"text": "a fox", "values": {"f-stop": 2}}, "unknown_option"),
        ({"text": "/fly"}, "unknown_command"),
        ({"command": "style", "values": {"action": "set", "aperture": "2"}}, "unknown_option"),
        ({"action": "explode:1"}, "unknown_command"),
    ],
)
async def test_bad_input_gets_one_sentence_and_stores_nothing(
    client: aiohttp.ClientSession, stage: Stage, form: dict[str, Any], key: str
) -> None:
    status, answer = await wish(client, form)
    assert (status, answer["error"]["key"]) == (400, key)
    assert len(answer["error"]["text"]) > 10
    assert await stage.wishes() == []


async def test_more_than_any_honest_wish_is_too_large(client: aiohttp.ClientSession, stage: Stage) -> None:
    status, answer = await wish(client, {"text": "x" * JSON_BYTES})
    assert (status, answer["error"]["key"]) == (413, "words_too_long")
    assert await stage.wishes() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000])
async def test_a_broken_body_is_one_sentence(client: aiohttp.ClientSession, stage: Stage, body: bytes) -> None:
    async with client.post("/api/wish", data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["key"] == "unreadable"
    assert await stage.wishes() == []


@pytest.mark.parametrize("name", ["b", "wish; name"])
async def test_a_broken_multipart_body_is_one_sentence(client: aiohttp.ClientSession, stage: Stage, name: str) -> None:
    for body in (b"", b"--b\r\n", b"--b\r\n\r\nx\r\n--b--\r\n", f'--b\r\nname="{name}"\r\n\r\nx\r\n--b--\r\n'.encode()):
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        async with client.post("/api/wish", data=body, headers=headers) as answer:
            assert answer.status == 400, await answer.text()
    assert await stage.wishes() == []


async def test_a_slow_database_is_busy_and_nothing_was_started(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.chat.web.listen.STORE_SECONDS", 0.02)
    store = FakeStore()
    listener = Listener(store.work, FakeClips(tmp_path), FakeGate(), "en")
    held = asyncio.create_task(_hold(store))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await listener.store(Help())
    held.cancel()


async def _hold(store: FakeStore) -> None:
    async with store.work():
        await asyncio.sleep(60)


# ------------------------------------------------------------ pictures


async def test_a_picture_is_looked_at_then_stored_then_wished_with(
    client: aiohttp.ClientSession, stage: Stage, tmp_path: Path
) -> None:
    status, _ = await picture_wish(client, tiny_png(tmp_path / "p.png").read_bytes(), {"text": "a fox"})
    assert status == 202
    await until(lambda: stage.crew.image)
    assert stage.crew.image is not None
    assert await stage.clips.path(stage.crew.image) is not None


async def test_a_text_file_is_not_a_picture(client: aiohttp.ClientSession, stage: Stage) -> None:
    status, answer = await picture_wish(client, b"I am a text.", {"text": "a fox"})
    assert (status, answer["error"]["key"]) == (400, "not_an_image")
    assert await stage.wishes() == []


async def test_a_picture_of_900_megapixels_is_too_large(
    client: aiohttp.ClientSession, stage: Stage, tmp_path: Path
) -> None:
    status, answer = await picture_wish(client, bomb_png(tmp_path / "bomb.png").read_bytes(), {"text": "a fox"})
    assert (status, answer["error"]["key"]) == (400, "image_too_large")
    assert await stage.wishes() == []
    assert list(stage.clips.folder.glob("tmp*")) == []


async def test_a_picture_of_too_many_bytes_is_not_read_to_its_end(client: aiohttp.ClientSession, stage: Stage) -> None:
    status, answer = await picture_wish(client, bytes(IMAGE_BYTES + 1), {"text": "a fox"})
    assert (status, answer["error"]["key"]) == (413, "image_too_large")
    assert stage.gate.looked_at == 0
    assert await stage.wishes() == []


async def test_the_picture_of_a_wish_that_cannot_be_read_is_not_looked_at(
    client: aiohttp.ClientSession, stage: Stage, tmp_path: Path
) -> None:
    status, answer = await picture_wish(client, tiny_png(tmp_path / "p.png").read_bytes(), {"text": " "})
    assert (status, answer["error"]["key"]) == (400, "empty_words")
    assert stage.gate.looked_at == 0


async def test_words_never_stand_in_the_log(
    client: aiohttp.ClientSession, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await wish(client, {"text": "the secret fox"})
    await wish(client, {"text": "the secret fox\u0007"})
    await until(lambda: stage.crew.heard)
    assert "secret fox" not in caplog.text
