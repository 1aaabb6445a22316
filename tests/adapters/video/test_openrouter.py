"""OpenRouter: models and prices discovered, the real cost told, calls believed only with their signature."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.video import BackendSettings
from adapters.video.openrouter import KEY, URL, build, configured
from adapters.video.openrouter_models import cards, tariff_of
from bot.brief import compile_brief
from bot.capabilities import Sound
from bot.errors import BadOrder, NotGenuine, Unclear, WrongKey
from bot.film import Shape, new_id
from bot.paperwork import Order, Phase
from bot.prices import Asked, Origin
from tests.adapters.video.stage_openrouter import asking
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.openrouter_server import GEN, SEEDANCE, VEO, OpenRouterServer

TODAY = date(2026, 11, 20)
WORDS = "A lighthouse at dusk, waves below."


def an_order(**changes: Any) -> Order:
    return Order(new_id(), replace(compile_brief(WORDS), **changes))


async def test_offers_what_the_models_can_do() -> None:
    async with OpenRouterServer() as server, asking(server) as backend:
        veo, gen, _ = await backend.models()
        assert veo.id == "google/veo-3.1-lite"
        assert veo.capabilities.seconds == (4, 6, 8)
        assert veo.capabilities.shapes == (Shape.WIDE, Shape.TALL)
        assert veo.capabilities.images
        assert veo.capabilities.pictures.last
        assert veo.capabilities.sound is Sound.OPTIONAL
        assert not gen.capabilities.images
        assert gen.capabilities.sound is Sound.NONE
        assert await backend.capabilities() == veo.capabilities


async def test_the_operator_chooses_the_models_and_the_first() -> None:
    async with OpenRouterServer() as server, asking(server, models=["runway/gen-4.5", "nobody/knows"]) as backend:
        assert [card.id for card in await backend.models()] == ["runway/gen-4.5"]
        remote_id = await backend.submit(an_order(), None)
        assert server.jobs[remote_id].body == {"model": "runway/gen-4.5", "prompt": WORDS}
        findings = await backend.examine()
        assert ("openrouter/nobody/knows", "error") in {(each.subject, each.level) for each in findings}


@pytest.mark.parametrize(
    ("skus", "asked", "expected"),
    [
        (VEO["pricing_skus"], Asked(8, "720p", sound=True), 400_000),
        (VEO["pricing_skus"], Asked(8, "720p", sound=False), 240_000),
        (VEO["pricing_skus"], Asked(8, "1080p"), 640_000),
        (GEN["pricing_skus"], Asked(5), 600_000),
        (GEN["pricing_skus"], Asked(5, pictures=2), 620_000),
        (SEEDANCE["pricing_skus"], Asked(5, "720p", size=(1280, 720)), 129_600),
        ({"duration_seconds": "0.1", "something_new": "5"}, Asked(5), None),
        ({}, Asked(5), None),
        (None, Asked(5), None),
        ({"duration_seconds": "free"}, Asked(5), None),
    ],
)
def test_a_price_is_the_most_it_can_be_or_unknown(skus: Any, asked: Asked, expected: int | None) -> None:
    tariff = tariff_of(skus, TODAY)
    assert (tariff.estimate(asked) if tariff else None) == expected
    assert tariff is None or tariff.origin is Origin.DISCOVERY


async def test_sends_what_was_set_and_nothing_else(tmp_path: Path) -> None:
    first, last = tmp_path / "first", tmp_path / "last"
    first.write_bytes(b"\xff\xd8\xff" + bytes(9))
    last.write_bytes(b"\x89PNG" + bytes(9))
    async with OpenRouterServer() as server, asking(server, hook="https://film.example/hooks/openrouter") as backend:
        order = an_order(seconds=8, resolution="1080p", shape=Shape.TALL, seed=7, sound=False, last_frame="digest")
        remote_id = await backend.submit(replace(order, files={"digest": last}), first)
        body = server.jobs[remote_id].body
        frames = [(frame["frame_type"], frame["image_url"]["url"][:23]) for frame in body.pop("frame_images")]
        assert frames == [("first_frame", "data:image/jpeg;base64,"), ("last_frame", "data:image/png;base64,i")]
        assert body == {
            "model": "google/veo-3.1-lite",
            "prompt": WORDS,
            "duration": 8,
            "resolution": "1080p",
            "aspect_ratio": "9:16",
            "seed": 7,
            "generate_audio": False,
            "callback_url": "https://film.example/hooks/openrouter",
        }


async def test_tells_what_it_really_cost() -> None:
    async with OpenRouterServer(cost=0.2401) as server, asking(server) as backend:
        report = await backend.report(await backend.submit(an_order(), None))
        assert (report.phase, report.cost) == (Phase.FINISHED, 240_100)


async def test_a_refused_result_is_refused_not_failed() -> None:
    fate = "The generated video was blocked by content moderation"
    async with OpenRouterServer(fate=fate) as server, asking(server) as backend:
        report = await backend.report(await backend.submit(an_order(), None))
    assert (report.phase, report.gate) == (Phase.REFUSED, "result")


async def test_a_wrong_key_is_said() -> None:
    async with OpenRouterServer() as server:
        backend = build(BackendSettings({URL: server.url, KEY: "sk-or-v1-wrong"}, {"models": ["google/veo-3.1-lite"]}))
        with pytest.raises(WrongKey):
            await backend.submit(an_order(), None)
        (said,) = await backend.examine()
        assert (said.level, said.text.startswith("OPENROUTER_API_KEY is not accepted.")) == ("error", True)
        await backend.close()


async def test_without_a_list_and_a_name_there_is_nothing_to_order() -> None:
    async with OpenRouterServer() as server, FaultProxy(server.url) as proxy:
        proxy.faults.append(Fault("GET", r"/models$", status=500, body={}))
        async with asking(server, at=proxy.url) as backend:
            with pytest.raises(BadOrder):
                await backend.submit(an_order(), None)
            assert server.jobs == {}
            proxy.faults.clear()
            assert len(await backend.models()) == 3, "it is asked again, not given up"


async def test_the_signed_address_is_taken_where_ours_fails(tmp_path: Path) -> None:
    async with OpenRouterServer() as server, FaultProxy(server.url) as proxy, asking(server, at=proxy.url) as backend:
        remote_id = await backend.submit(an_order(), None)
        proxy.faults.append(Fault("GET", r"/content", status=500, body={}))
        await backend.fetch(remote_id, tmp_path / "clip")
        assert (tmp_path / "clip").read_bytes()[4:8] == b"ftyp"


async def test_a_lost_answer_is_unclear_and_cannot_be_looked_up() -> None:
    async with OpenRouterServer() as server, FaultProxy(server.url) as proxy, asking(server, at=proxy.url) as backend:
        proxy.faults.append(Fault("POST", reaches=True, reset=True))
        with pytest.raises(Unclear):
            await backend.submit(an_order(), None)
        assert not (await backend.search(an_order(), 0)).complete


async def test_a_call_wakes_only_with_its_signature() -> None:
    async with OpenRouterServer() as server, asking(server, hook="https://film.example/h") as backend:
        headers, body = server.call("vid-1")
        assert await backend.hook(headers, body) == ("vid-1",)
        for wrong in (
            server.call("vid-1", secret="another"),
            server.call("vid-1", at=time.time() - 3600),
            (headers, body + b" "),
            ({}, body),
            ({"x-openrouter-signature": "t=1,v1=zz"}, body),
        ):
            with pytest.raises(NotGenuine):
                await backend.hook(*wrong)


async def test_a_call_without_a_secret_is_never_believed() -> None:
    async with OpenRouterServer() as server:
        backend = build(BackendSettings({URL: server.url, KEY: server.key}))
        with pytest.raises(NotGenuine):
            await backend.hook(*server.call("vid-1", secret=""))
        await backend.close()


def test_needs_a_key() -> None:
    assert not configured(BackendSettings({URL: "http://127.0.0.1:1"}))
    assert configured(BackendSettings({KEY: "sk-or-v1-x"}))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(VEO)), _json, max_size=12))
def test_any_nonsense_in_the_list_is_read_or_left_out(nonsense: dict[str, Any]) -> None:
    found = cards({"data": [nonsense, {**VEO, **nonsense}]}, TODAY, hook=False)
    for card in found:
        assert card.id
        assert card.capabilities.seconds is None or card.capabilities.seconds[0] > 0
