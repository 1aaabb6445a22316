"""Relays by description: what is sent, what is understood, what an operator can get wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.video import BackendSettings, relay_description
from adapters.video.relay_template import filled, pointed
from adapters.video.task_relay import URL, build, configured
from bot.brief import compile_brief
from bot.errors import BadSetting, TurnedDown
from bot.film import Shape, new_id
from bot.paperwork import Order, Phase, Report
from bot.ports import Backend
from tests.adapters.video.stage_task_relay import relayed_by
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.relay_server import RelayServer

WORDS = "A lighthouse at dusk. {prompt} stays {as} it is."


def an_order(**changes: Any) -> Order:
    return Order(new_id(), replace(compile_brief(WORDS), **changes))


async def filmed(backend: Backend, remote_id: str) -> Report:
    async with asyncio.timeout(10):
        report = await backend.report(remote_id)
        while report.phase is not Phase.FINISHED:
            await asyncio.sleep(0.02)
            report = await backend.report(remote_id)
    return report


@pytest.mark.parametrize("relay_name", ["videos_v2", "sora_v1", "newapi"])
async def test_every_shipped_description_films(relay_name: str, tmp_path: Path) -> None:
    async with RelayServer(film_seconds=0.1) as relay, relayed_by(relay, relay=relay_name) as backend:
        remote_id = await backend.submit(an_order(), None)
        assert (await filmed(backend, remote_id)).url
        await backend.fetch(remote_id, tmp_path / "clip")
        assert (tmp_path / "clip").read_bytes()[4:8] == b"ftyp"
        assert relay.tasks[remote_id].body == {"prompt": WORDS}, "what nobody set is not sent"


async def test_sends_what_was_set_with_its_type() -> None:
    async with RelayServer() as relay, relayed_by(relay, models=["sora-like"]) as backend:
        remote_id = await backend.submit(an_order(seconds=10, shape=Shape.TALL, resolution="1080p"), None)
        body = relay.tasks[remote_id].body
        assert body == {"prompt": WORDS, "model": "sora-like", "duration": 10, "aspect_ratio": "9:16", "hd": True}


async def test_hands_a_picture_over_inside_the_order(tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(b"\xff\xd8\xff" + bytes(64))
    async with RelayServer() as relay, relayed_by(relay) as backend:
        remote_id = await backend.submit(an_order(), picture)
        assert relay.tasks[remote_id].body["images"][0].startswith("data:image/jpeg;base64,/9j/")


async def test_a_character_made_from_a_take_is_named_in_the_words() -> None:
    async with RelayServer() as relay, relayed_by(relay, relay="sora_v1") as backend:
        first = await backend.submit(an_order(), None)
        name = await backend.make_character("Ada", first, Path("unused"))
        second = await backend.submit(an_order(characters=(f"task_relay:{name} elsewhere:else",)), None)
        body = relay.tasks[second].body
        assert body["character_ids"] == [name]
        assert body["prompt"] == f"@{name}\n{WORDS}"


async def test_a_remix_names_the_clip_it_changes() -> None:
    async with RelayServer() as relay, relayed_by(relay, relay="sora_v1") as backend:
        first = await backend.submit(an_order(), None)
        second = await backend.submit(replace(an_order(), remix_of=first), None)
        body = relay.tasks[second].body
        assert body["reference_video"].endswith(f"/clips/{first}")
        assert body["strength"] == 0.5


async def test_an_error_inside_a_200_is_a_refusal_not_a_riddle() -> None:
    async with RelayServer() as relay, FaultProxy(relay.url) as proxy, relayed_by(relay, at=proxy.url) as backend:
        proxy.faults.append(Fault("POST", status=200, body={"code": 5, "message": "model is not available"}))
        with pytest.raises(TurnedDown, match="model is not available"):
            await backend.submit(an_order(), None)


async def test_an_operator_adds_a_relay_without_code(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        """
        headers = { "X-Job" = "{job}" }
        [submit]
        path = "/v1/video/generations"
        body = { prompt = "{prompt}", duration = "{seconds}" }
        answer = { id = "/task_id" }
        [query]
        path = "/v1/video/generations/{id}"
        answer = { status = "/status", url = "/url" }
        """
    )
    async with RelayServer() as relay, relayed_by(relay, relay="mine", folder=tmp_path) as backend:
        order = an_order(seconds=7)
        remote_id = await backend.submit(order, None)
        assert relay.tasks[remote_id].body["duration"] == 7
        assert relay.headers[0]["x-job"] == order.job
        assert (await filmed(backend, remote_id)).phase is Phase.FINISHED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("about = 3\n[submit]\npath='/x'\nanswer={id='/i'}\n[query]\npath='/x'\nanswer={status='/s'}", "about"),
        ("[query]\npath='/x'\nanswer={status='/s'}", "submit"),
        ("[submit]\npath='x'\nanswer={id='/i'}\n[query]\npath='/x'\nanswer={status='/s'}", "begins with /"),
        (
            "[submit]\npath='/x'\nbody={p='{prompt_}'}\nanswer={id='/i'}\n[query]\npath='/x'\nanswer={status='/s'}",
            "prompt_",
        ),
        ("[submit]\npath='/x'\nanswer={}\n[query]\npath='/x'\nanswer={status='/s'}", "answer.id"),
        ("[submit]\npath='/x'\nanswer={id='i'}\n[query]\npath='/x'\nanswer={status='/s'}", "pointers"),
        (
            "headers={Authorization='x'}\n[submit]\npath='/x'\nanswer={id='/i'}\n[query]\npath='/x'\nanswer={status='/s'}",
            "key",
        ),
        ("[nonsense]\nx=1", "nonsense"),
        ("[[", "mine.toml"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(BadSetting, match=says):
        relay_description.find("mine", tmp_path)


@pytest.mark.parametrize("name", ["nobody", "../secrets", ""])
def test_a_relay_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"task_relay\.relay"):
        build(BackendSettings({URL: "http://127.0.0.1:1"}, {"relay": name}, tmp_path))


def test_needs_an_address() -> None:
    assert not configured(BackendSettings())
    assert configured(BackendSettings({URL: "http://127.0.0.1:1"}))


@given(st.text(max_size=200))
def test_words_go_in_once_and_stay_as_they_are(words: str) -> None:
    assert filled({"a": ["{prompt}"], "b": "x {prompt} y"}, {"prompt": words or " "}) == {
        "a": [words or " "],
        "b": f"x {words or ' '} y",
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=10,
    ),
    st.lists(st.text(max_size=6).map("/".__add__), max_size=3),
)
def test_a_pointer_into_anything_finds_something_or_nothing(data: Any, pointers: list[str]) -> None:
    found = pointed(data, pointers)
    assert found is None or found != ""
