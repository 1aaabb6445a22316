"""The kinds of server behind one dialect: found by asking, and what each of them is told differently."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.video.dialect_profiles import PROFILES, by_description, by_host, by_models
from adapters.video.openai_videos import OpenAIVideos
from adapters.video.standard_webhooks import secret_of, sign
from adapters.video.wire import Answer
from bot.brief import compile_brief
from bot.capabilities import Characters, Hook
from bot.errors import BadOrder, NotGenuine
from bot.film import Shape
from bot.paperwork import Order
from tests.adapters.video.stage_openai_videos import speaking_to
from tests.fakes.dialect_server import DialectServer, Fault

WORDS = "A lighthouse at dusk."
WEBHOOK = "whsec_dGhyb3VnaGxpbmUtdGVzdA=="


def an_order(**changes: Any) -> Order:
    return Order("job", replace(compile_brief(WORDS), **changes))


def an_answer(data: Any = None, **headers: str) -> Answer:
    return Answer(200, httpx.Headers(headers), json.dumps(data or {}).encode())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (an_answer(**{"x-litellm-version": "1.109"}), "litellm"),
        (an_answer(**{"x-oneapi-request-id": "1"}), "newapi"),
        (an_answer({"data": [{"id": "wan", "owned_by": "vllm-omni"}]}), "vllm-omni"),
        (an_answer({"data": [{"id": "wan", "owned_by": "SGLang"}]}), "sglang"),
        (an_answer({"data": ["nonsense", {"id": 3}]}), None),
        (an_answer([]), None),
    ],
)
def test_models_give_a_server_away(answer: Answer, kind: str | None) -> None:
    assert by_models(answer) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"info": {"title": "FastVideo API"}}, "fastvideo"),
        ({"paths": {"/v1/videos/sync": {}}}, "vllm-omni"),
        ({"info": {"title": "house"}, "paths": {"/v1/videos": {}}}, None),
        ({"info": None}, None),
    ],
)
def test_a_description_gives_a_server_away(data: Any, kind: str | None) -> None:
    assert by_description(an_answer(data)) == kind


@pytest.mark.parametrize(
    ("host", "kind"),
    [("api.laozhang.ai", "laozhang"), ("api.together.xyz", "together"), ("notmerge.dev", None), ("127.0.0.1", None)],
)
def test_a_paid_service_is_known_by_its_address(host: str, kind: str | None) -> None:
    assert by_host(host) == kind


async def test_what_a_server_is_is_found_out_once_and_kept() -> None:
    async with DialectServer() as server, speaking_to(server) as backend:
        server.script("models", Fault(200, {"data": [{"id": "wan", "owned_by": "vllm-omni"}]}))
        assert (await backend.capabilities()).cancels
        assert not (await backend.capabilities()).remixes
        assert len(server.asked("models")) == 1


async def test_a_server_that_is_away_at_first_is_asked_again_later_not_at_every_order() -> None:
    async with DialectServer() as server, speaking_to(server) as backend:
        server.script("models", Fault(cut=True))
        assert not (await backend.capabilities()).cancels
        await backend.submit(an_order(), None)
        assert len(server.asked("models")) == 1


async def test_the_operator_has_the_last_word() -> None:
    async with DialectServer() as server, speaking_to(server, profile="vllm-omni", cancel=False) as backend:
        assert not (await backend.capabilities()).cancels
        assert server.asked("models") == []


async def sent(backend: OpenAIVideos, server: DialectServer, **changes: Any) -> dict[str, Any]:
    await backend.submit(an_order(**changes), None)
    return server.asked("create")[-1].fields


async def test_every_kind_is_told_the_size_in_its_own_way() -> None:
    async with DialectServer() as server:
        async with speaking_to(server, profile="together") as backend:
            told = await sent(backend, server, shape=Shape.WIDE, seconds=4, seed=7)
            assert told == {"prompt": WORDS, "seconds": "4", "width": 1280, "height": 720, "seed": 7}
        async with speaking_to(server, profile="newapi") as backend:
            assert (await sent(backend, server, shape=Shape.WIDE, seed=7)) == {"prompt": WORDS, "size": "1280x720"}
        async with speaking_to(server, profile="merge") as backend:
            server.script("create", Fault(200, {"id": "v-1", "object": "video", "status": "queued"}))
            assert (await sent(backend, server, shape=Shape.TALL, seconds=4)) == {
                "prompt": WORDS, "seconds": 4, "size": "720P",
            }  # fmt: skip


async def test_a_tier_becomes_a_size() -> None:
    async with DialectServer() as server, speaking_to(server, resolutions=["4k", "720p"]) as backend:
        assert (await backend.capabilities()).resolutions == ("720p", "4k")
        assert (await sent(backend, server, resolution="4k"))["size"] == "3840x2160"


async def test_an_edit_is_tried_before_a_remix_and_a_remix_before_filming_anew() -> None:
    async with DialectServer() as server, speaking_to(server, profile="openai") as backend:
        first = await backend.submit(an_order(), None)
        order = replace(an_order(), remix_of=first)
        server.quirks.edits = True
        await backend.submit(order, None)
        assert server.asked("edits")[0].fields == {"prompt": WORDS, "video": {"id": first}}
        assert not server.asked("remix")
        server.quirks.edits = False
        await backend.submit(order, None)
        assert len(server.asked("remix")) == 1
        await backend.submit(order, None)
        assert len(server.asked("edits")) == 2, "a door that is not there is not tried again"


async def test_goes_on_after_a_clip_where_the_server_can() -> None:
    async with DialectServer() as server, speaking_to(server, profile="openai") as backend:
        server.quirks.edits = True
        assert (await backend.capabilities()).extends
        first = await backend.submit(an_order(), None)
        await backend.submit(replace(an_order(seconds=8), extend_of=first), None)
        assert server.asked("extensions")[0].fields == {"prompt": WORDS, "seconds": "8", "video": {"id": first}}
    async with DialectServer() as server, speaking_to(server, profile="sglang") as backend:
        assert not (await backend.capabilities()).extends


async def test_a_character_made_of_a_clip_is_named_in_an_order(tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    async with DialectServer() as server, speaking_to(server, profile="openai") as backend:
        clip.write_bytes(server.clip)
        server.quirks.edits = True
        assert (await backend.capabilities()).characters is Characters.IDS
        name = await backend.make_character("Ada", "video_1", clip)
        told = await sent(backend, server, characters=(f"openai_videos:{name}",))
        assert told == {"prompt": WORDS, "characters": [{"id": "char_Ada"}]}
    async with DialectServer() as server, speaking_to(server, profile="newapi") as backend:
        with pytest.raises(BadOrder):
            await backend.make_character("Ada", "video_1", clip)


async def test_a_call_wakes_only_with_its_signature() -> None:
    body = json.dumps({"object": "event", "type": "video.completed", "data": {"id": "video_1"}}).encode()
    stamp = str(int(time.time()))
    signature = sign(secret_of("X", WEBHOOK), "evt-1", stamp, body)
    headers = {"webhook-id": "evt-1", "webhook-timestamp": stamp, "webhook-signature": signature}
    async with DialectServer() as server, speaking_to(server, webhook=WEBHOOK) as backend:
        assert (await backend.capabilities()).follow.hook is Hook.STANDARD
        assert await backend.hook(headers, body) == ("video_1",)
        with pytest.raises(NotGenuine):
            await backend.hook(headers, body.replace(b"video_1", b"video_2"))
    async with DialectServer() as server, speaking_to(server) as backend:
        with pytest.raises(NotGenuine):
            await backend.hook(headers, body)


def test_every_profile_can_be_chosen() -> None:
    assert set(PROFILES) >= {"openai", "vllm-omni", "sglang", "fastvideo", "litellm", "newapi", "generic"}
