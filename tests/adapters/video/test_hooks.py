"""A call from a backend wakes those who wait for the jobs it names, if it proves who it is; it is believed in nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from adapters.video.hooks import doors
from adapters.video.registry import Registry
from adapters.video.routing import Paused
from adapters.video.wrapped import wrap
from bot.errors import BadOrder, NotGenuine
from tests.fakes.film_world import FakeBackend


@dataclass
class Caller(FakeBackend):
    """Believes those who know the word."""

    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        if headers.get("x-word") != "harbour":
            raise NotGenuine("wrong word")
        if not body:
            raise BadOrder("empty")
        return body.decode().split()


def opened(woken: list[tuple[str, Collection[str]]]) -> Mapping[str, object]:
    def wake(name: str, remote_ids: Collection[str]) -> int:
        woken.append((name, remote_ids))
        return len(remote_ids)

    backends = Registry({"deaf": FakeBackend("deaf"), "caller": wrap(Paused, Caller("caller"))}, "deaf", "deaf")
    return doors(backends, wake)


async def test_only_who_can_be_called_has_a_door_and_a_genuine_call_wakes() -> None:
    woken: list[tuple[str, Collection[str]]] = []
    there = opened(woken)
    assert set(there) == {"caller"}
    door = there["caller"]
    assert callable(door)
    assert await door({"X-Word": "harbour"}, b"job-1 job-2") == 204
    assert woken == [("caller", ["job-1", "job-2"])]


async def test_who_cannot_prove_it_or_says_nothing_wakes_nobody() -> None:
    woken: list[tuple[str, Collection[str]]] = []
    door = opened(woken)["caller"]
    assert callable(door)
    assert await door({"X-Word": "pier"}, b"job-1") == 401
    assert await door({"X-Word": "harbour"}, b"") == 400
    assert woken == []
