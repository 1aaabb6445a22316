"""Gemini Omni: its odd wire forms, conversational edits, and the refusal that looks like success."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.video import BackendSettings
from adapters.video.gemini_omni import KEY, URL, build, configured
from adapters.video.standard_webhooks import check, secret_of, sign
from bot.brief import compile_brief
from bot.capabilities import Edit, Sound
from bot.errors import BadSetting, NotGenuine, WrongKey
from bot.film import Shape, new_id
from bot.paperwork import Order, Phase
from bot.remixing import remixed
from tests.adapters.video.stage_gemini_omni import WEBHOOK, talking_to
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.gemini_server import GeminiServer

WORDS = "A lighthouse at dusk, waves below."


def an_order(**changes: Any) -> Order:
    return Order(new_id(), replace(compile_brief(WORDS), **changes))


def a_picture(folder: Path, name: str = "picture") -> Path:
    path = folder / name
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    return path


async def test_words_alone_are_sent_as_words() -> None:
    async with GeminiServer() as server, talking_to(server) as backend:
        remote_id = await backend.submit(an_order(seconds=8, shape=Shape.TALL, resolution="360p", seed=7), None)
        assert server.interactions[remote_id].body == {
            "model": "gemini-omni-1.2-flash",
            "input": WORDS,
            "background": True,
            "store": True,
            "response_format": {
                "type": "video", "delivery": "uri", "aspect_ratio": "9:16", "resolution": "360p", "duration": "8s",
            },
            "generation_config": {"seed": 7, "video_config": {"task": "text_to_video"}},
        }  # fmt: skip


async def test_every_picture_stands_behind_the_tag_of_its_role(tmp_path: Path) -> None:
    files = {name: a_picture(tmp_path, name) for name in ("last", "coat", "dog")}
    async with GeminiServer() as server, talking_to(server) as backend:
        order = replace(an_order(last_frame="last", references=("coat", "dog")), files=files)
        body = server.interactions[await backend.submit(order, a_picture(tmp_path))].body
        kinds = [each.get("text", each["type"]) for each in body["input"]]
        assert kinds == [
            "<FIRST_FRAME>", "image", "<LAST_FRAME>", "image", "<IMAGE_REF_1>", "image", "<IMAGE_REF_2>", "image", WORDS,
        ]  # fmt: skip
        assert body["generation_config"]["video_config"]["task"] == "reference_to_video"


async def test_a_remix_goes_on_with_the_conversation_and_says_the_change_alone() -> None:
    async with GeminiServer() as server, talking_to(server) as backend:
        assert (await backend.capabilities()).edit is Edit.CONVERSATION
        first = await backend.submit(an_order(), None)
        change = "make the light red"
        order = replace(Order(new_id(), remixed(compile_brief(WORDS), change)), remix_of=first, change=change)
        body = server.interactions[await backend.submit(order, None)].body
        assert (body["input"], body["previous_interaction_id"]) == (change, first)
        assert body["generation_config"]["video_config"]["task"] == "edit"


async def test_an_extension_names_the_clip_it_follows() -> None:
    async with GeminiServer() as server, talking_to(server) as backend:
        first = await backend.submit(an_order(), None)
        body = server.interactions[await backend.submit(replace(an_order(seconds=5), extend_of=first), None)].body
        assert body["previous_interaction_id"] == first
        assert body["generation_config"]["video_config"]["task"] == "extend"


async def test_a_refusal_that_looks_like_success_is_a_refusal() -> None:
    async with GeminiServer(refuses="I can't make a video of that person.") as server, talking_to(server) as backend:
        report = await backend.report(await backend.submit(an_order(), None))
        assert (report.phase, report.gate) == (Phase.REFUSED, "result")
        assert "that person" in report.reason


async def test_a_video_inside_the_answer_is_a_clip_too(tmp_path: Path) -> None:
    async with GeminiServer(inline=True) as server, talking_to(server) as backend:
        await backend.fetch(await backend.submit(an_order(), None), tmp_path / "clip")
        assert (tmp_path / "clip").read_bytes()[4:8] == b"ftyp"


async def test_a_passing_400_is_not_the_end_of_a_job() -> None:
    async with GeminiServer() as server, FaultProxy(server.url) as proxy, talking_to(server, at=proxy.url) as backend:
        remote_id = await backend.submit(an_order(), None)
        proxy.faults.append(
            Fault("GET", status=400, body={"error": {"message": "Request contains an invalid argument."}})
        )
        with pytest.raises(Exception, match="invalid argument"):
            await backend.report(remote_id)
        proxy.faults.clear()
        assert (await backend.report("nobody")).phase is Phase.LOST


async def test_stops_what_it_is_told_to_stop() -> None:
    async with GeminiServer(film_seconds=60) as server, talking_to(server) as backend:
        remote_id = await backend.submit(an_order(), None)
        assert await backend.cancel(remote_id)
        assert (await backend.report(remote_id)).phase is Phase.CANCELLED


async def test_a_wrong_key_is_said() -> None:
    async with GeminiServer() as server:
        backend = build(BackendSettings({URL: server.url, KEY: "AIza-wrong"}))
        with pytest.raises(WrongKey):
            await backend.submit(an_order(), None)
        (said,) = await backend.examine()
        assert (said.level, said.text.startswith("GEMINI_API_KEY is not accepted.")) == ("error", True)
        await backend.close()


async def test_the_doctor_names_a_model_that_has_gone() -> None:
    async with (
        GeminiServer() as server,
        talking_to(server, models=["gemini-omni-0.9", "gemini-omni-1.2-flash"]) as backend,
    ):
        (said,) = await backend.examine()
        assert (said.subject, said.level) == ("gemini_omni/gemini-omni-0.9", "error")
        assert "[backends.gemini_omni] models" in said.text


def a_call(remote_id: str, *, at: float | None = None, secret: bytes | None = None) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"type": "interaction.completed", "data": {"id": remote_id}}).encode()
    stamp = str(int(time.time() if at is None else at))
    signature = sign(secret or secret_of(KEY, WEBHOOK), "call-1", stamp, body)
    return {"webhook-id": "call-1", "webhook-timestamp": stamp, "webhook-signature": f"v1,AAAA {signature}"}, body


async def test_a_call_wakes_only_with_its_signature() -> None:
    async with GeminiServer() as server, talking_to(server) as backend:
        headers, body = a_call("v1_x")
        assert await backend.hook(headers, body) == ("v1_x",)
        for wrong in (
            a_call("v1_x", secret=b"another"),
            a_call("v1_x", at=time.time() - 3600),
            (headers, body + b" "),
            ({**headers, "webhook-id": "call-2"}, body),
            ({**headers, "webhook-timestamp": "soon"}, body),
            ({}, body),
        ):
            with pytest.raises(NotGenuine):
                await backend.hook(*wrong)


def test_the_published_example_of_the_standard_fits() -> None:
    """From the standard's own libraries: secret, id, timestamp and body with the signature they give."""
    secret = secret_of("X", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert check(secret, headers, body, 1614265330.0) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_secret_that_is_none_is_said() -> None:
    with pytest.raises(BadSetting, match="whsec_"):
        secret_of("GEMINI_WEBHOOK_SECRET", "whsec_not base64!")


async def test_it_always_comes_with_sound_and_costs_what_the_table_says() -> None:
    async with GeminiServer() as server, talking_to(server) as backend:
        capabilities = await backend.capabilities()
        assert capabilities.sound is Sound.ALWAYS
        assert capabilities.seconds == tuple(range(3, 16))


def test_needs_a_key() -> None:
    assert not configured(BackendSettings({URL: "http://127.0.0.1:1"}))
    assert configured(BackendSettings({KEY: "AIza-x"}))
