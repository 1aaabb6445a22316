"""The backends on call: what members may name, what stands in front of what, and what the operator misspelt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.video.colour_bars import ColourBars
from adapters.video.detours import Fallback
from adapters.video.roster import Roster, assemble
from adapters.video.wrapped import Wrapped, innermost
from bot import offering
from bot.backends import Admits
from bot.brief import compile_brief
from bot.errors import BadSetting
from bot.paperwork import Held, Order
from bot.ports import Backend
from bot.promotion import Stages
from tests.fakes.film_world import FakeBackend, FakeClock


def on_call(folder: Path, default: str = "relay", tables: Any = None, **more: Any) -> Roster:
    found: dict[str, Backend] = {
        "home": ColourBars(folder), "relay": FakeBackend("relay"), "other": FakeBackend("other")
    }  # fmt: skip
    return assemble(found, default, "home", FakeClock(), tables=tables, **more)


def test_members_may_name_the_default_the_houses_own_and_what_is_open(tmp_path: Path) -> None:
    assert on_call(tmp_path).offered == ("relay", "home")
    tables = {"relay": {"models": ["a/x", "b"]}, "other": {"open": True}}
    assert on_call(tmp_path, tables=tables).offered == ("relay", "home", "other", "relay/a/x", "relay/b")
    assert on_call(tmp_path, "relay/b", tables=tables).offered[0] == "relay/b"
    assert on_call(tmp_path, "auto", routing={"prefer": "cost"}).offered == ("auto", "home")


async def test_a_job_of_a_named_model_is_told_what_that_model_can(tmp_path: Path) -> None:
    roster = on_call(tmp_path, tables={"relay": {"models": ["a/x"]}})
    assert (await offering.capabilities_of(roster.backends, "relay")).model == "a/x"
    assert (await offering.capabilities_of(roster.backends, "relay/a/x")).model == "a/x"


def test_the_houses_own_stands_there_by_itself(tmp_path: Path) -> None:
    roster = on_call(tmp_path, routing={"fallback": ["home"]})
    assert isinstance(roster.backends.get("home"), ColourBars)
    assert isinstance(roster.backends.get("relay"), Fallback)
    assert isinstance(innermost(roster.backends.get("relay")), FakeBackend)


async def test_pausing_holds_orders_or_sends_them_elsewhere(tmp_path: Path) -> None:
    order = Order("job", compile_brief("a fox", seconds=4))
    resting = on_call(tmp_path, tables={"relay": {"paused": True}})
    assert resting.paused == {"relay"}
    assert await held(resting, order) is Held.PAUSED
    stood_in_for = on_call(tmp_path, tables={"relay": {"paused": True}}, routing={"fallback": ["other"]})
    assert stood_in_for.paused == frozenset()
    assert await held(stood_in_for, order) is None


async def held(roster: Roster, order: Order) -> Held | None:
    door = roster.backends.get("relay")
    assert isinstance(door, Admits)
    return (await door.admit(order, tries=0, most=1_000_000)).held


async def test_the_operators_limits_are_kept(tmp_path: Path) -> None:
    roster = on_call(tmp_path, tables={"relay": {"at_once": 1}})
    assert await held(roster, Order("one", compile_brief("a fox"))) is None
    assert await held(roster, Order("two", compile_brief("a fox"))) is Held.BUSY


async def test_a_price_of_the_operators_counts(tmp_path: Path) -> None:
    prices = {"demand": True, "price": [{"backend": "relay", "per_clip": "0.30"}]}
    roster = on_call(tmp_path, prices=prices)
    assert roster.demand
    assert (await roster.backends.get("relay").capabilities()).price(4) == 300_000
    assert (await roster.backends.get("other").capabilities()).price(4) == 40_000


@pytest.mark.parametrize(
    ("default", "more", "named"),
    [
        ("nobody", {}, "THROUGHLINE_BACKEND"),
        ("auto", {}, "THROUGHLINE_BACKEND"),
        ("relay", {"routing": {"fallback": ["nobody"]}}, "routing.fallback"),
        ("relay", {"tables": {"relay": {"at_once": 1.5}}}, "relay.at_once"),
        ("relay", {"tables": {"relay": {"models": "a"}}}, "relay.models"),
        ("relay", {"tables": {"relay": {"paused": "yes"}}}, "relay.paused"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, default: str, more: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        on_call(tmp_path, default, **more)


async def test_closing_lets_all_of_them_go(tmp_path: Path) -> None:
    roster = on_call(tmp_path, "auto", routing={"prefer": "cost", "fallback": ["other"]})
    await roster.backends.close()
    assert isinstance(roster.backends.get("relay"), Wrapped)


async def test_the_operators_tier_counts_where_the_model_has_it(tmp_path: Path) -> None:
    relay = FakeBackend("relay")
    relay.can = replace(relay.can, resolutions=("720p", "4k"))
    found: dict[str, Backend] = {"relay": relay, "other": FakeBackend("other")}
    tables = {"relay": {"resolution": "4k"}, "other": {"resolution": "4k"}}
    roster = assemble(found, "relay", "relay", FakeClock(), tables=tables)
    cans = [await roster.backends.get(name).capabilities() for name in ("relay", "other")]
    assert [(can.resolution, can.set_resolution) for can in cans] == [("4k", True), (None, False)]
    with pytest.raises(BadSetting, match=r"relay\.resolution"):
        assemble(found, "relay", "relay", FakeClock(), tables={"relay": {"resolution": "8k"}})


# ---------------------------------------------------------------- stages


def test_the_draft_is_what_films_and_the_final_is_not_what_members_may_name(tmp_path: Path) -> None:
    roster = on_call(tmp_path, stages=Stages(draft="other", final="relay/grand"))
    assert (roster.backends.default, roster.offered) == ("other", ("other", "home"))


@pytest.mark.parametrize("models", [[], ["a/x"]])
async def test_the_model_of_finals_has_a_price_of_its_own(tmp_path: Path, models: list[str]) -> None:
    rows = [{"backend": "relay", "models": ["grand"], "per_second": "0.50"}]
    tables = {"relay": {"models": models}}
    roster = on_call(tmp_path, tables=tables, stages=Stages(final="relay/grand"), prices={"price": rows})
    offers = await offering.offers(roster.backends)
    assert offers["relay/grand"].price(4) == 2_000_000
    assert offers["relay"].price(4) == 40_000
    assert offers["relay"].model == (models[0] if models else None)
    assert "relay/grand" not in roster.offered
    alone = await offering.capabilities_of(roster.backends, "relay/grand")
    assert alone.price(4) == 2_000_000


@pytest.mark.parametrize("stage", ["draft", "final"])
def test_a_stage_that_nothing_films_is_named(tmp_path: Path, stage: str) -> None:
    with pytest.raises(BadSetting) as caught:
        on_call(tmp_path, stages=Stages(**{stage: "nobody/x"}))
    assert caught.value.params["name"] == f"stages.{stage}"
