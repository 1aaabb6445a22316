"""Several backends of one kind, each by its own name, address and key."""

from __future__ import annotations

import pytest

from adapters.video import BackendSettings, find_backends
from adapters.video.several import PREFIXES, missing, with_namesakes
from bot.brief import compile_brief
from bot.errors import BadSetting
from bot.paperwork import Order
from tests.fakes.relay_server import RelayServer


async def test_two_relays_film_side_by_side() -> None:
    async with RelayServer(key="key-of-the-first") as first, RelayServer(key="key-of-the-second") as second:
        options = {
            "TASK_RELAY_URL": first.url,
            "TASK_RELAY_API_KEY": first.key,
            "OTHER_URL": second.url,
            "OTHER_API_KEY": second.key,
        }
        tables = {"task_relay": {"relay": "newapi"}, "other": {"kind": "task_relay", "relay": "videos_v2"}}
        modules = with_namesakes(find_backends(), tables)
        backends = [modules[name].build(BackendSettings(options, tables[name])) for name in ("task_relay", "other")]
        assert [backend.name for backend in backends] == ["task_relay", "other"]
        for backend in backends:
            await backend.submit(Order("job", compile_brief("a fox")), None)
            await backend.close()
        assert [next(iter(relay.tasks.values())).form for relay in (first, second)] == ["newapi", "v2"]


def test_the_names_of_the_first_are_not_those_of_the_second() -> None:
    modules = with_namesakes(find_backends(), {"other": {"kind": "task_relay"}})
    assert not modules["other"].configured(BackendSettings({"TASK_RELAY_URL": "http://127.0.0.1:1"}))
    assert modules["other"].configured(BackendSettings({"OTHER_URL": "http://127.0.0.1:1"}))


@pytest.mark.parametrize("kind", sorted(PREFIXES))
def test_what_a_backend_waits_for_is_what_sets_it_up(kind: str) -> None:
    tables = {"other": {"kind": kind}}
    modules = with_namesakes(find_backends(), tables)
    for name in (kind, "other"):
        assert not modules[name].configured(BackendSettings())
        assert modules[name].configured(BackendSettings({missing(name, tables): "http://127.0.0.1:1"}))


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("other", "nonsense", "expected one of"),
        ("other", "animatic", "expected one of"),
        ("comfyui", "comfyui", "another"),
    ],
)
def test_a_kind_that_cannot_be_is_said(name: str, kind: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        with_namesakes(find_backends(), {name: {"kind": kind}})
