"""``throughline backends`` as an operator meets it: what films, what it can, what it costs; a probe asks before it spends."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters import backends_cli
from adapters.backends_cli import abilities, as_table, film, listed, shortest
from adapters.settings import Settings
from adapters.video.roster import Roster, assemble
from bot.backends import ROUTER
from bot.capabilities import Capabilities, Pictures, Sound
from bot.errors import BadOrder, ProbeFailed, UnknownBackend, Unreachable
from bot.film import Shape
from bot.paperwork import Finding, Phase, Report
from tests.fakes.film_world import FakeBackend, FakeClock


class Broken(FakeBackend):
    """One whose server does not answer."""

    async def examine(self) -> list[Finding]:
        return [Finding("broken", "error", "nobody answers")]


def roster(tables: dict[str, dict[str, Any]] | None = None, **more: Any) -> Roster:
    found = {each.name: each for each in (FakeBackend("relay"), Broken("broken"))}
    return assemble(found, "relay", "relay", FakeClock(1_795_000_000), tables=tables, **more)


async def test_every_backend_has_a_line_even_those_that_are_not_set_up() -> None:
    lines = {line.choice: line for line in await listed(roster({"broken": {"paused": True}}))}
    assert (lines["relay"].state, lines["relay"].costs, lines["relay"].offered) == ("answers", "$0.01 a second", True)
    assert lines["relay"].can == "4, 8, 12 s, 16:9 9:16, first frame"
    assert (lines["broken"].state, lines["broken"].alive) == ("paused", False)
    assert (lines["animatic"].state, lines["animatic"].configured) == ("not set up", False)


async def test_trouble_is_named_and_an_end_is_dated() -> None:
    prices = {"price": [{"backend": "relay", "per_clip": "0.30", "as_of": "2026-11-01", "retires_on": "2026-11-02"}]}
    lines = {line.choice: line for line in await listed(roster(prices=prices))}
    assert lines["broken"].state == "in trouble: nobody answers"
    assert lines["relay"].state == "ended on 2026-11-02"
    assert lines["relay"].costs == "$0.30 a clip (yours, as of 2026-11-01)"


async def test_every_model_has_its_own_line_and_auto_says_among_what_it_picks() -> None:
    tables: dict[str, dict[str, Any]] = {"relay": {"models": ["quick", "fine"]}, "broken": {"open": True}}
    lines = {line.choice: line for line in await listed(roster(tables, routing={"prefer": "cost"}))}
    assert {"relay/quick", "relay/fine", "broken", ROUTER} <= set(lines)
    assert lines["relay/quick"].offered
    assert lines[ROUTER].can == "picks one of broken"


async def test_a_model_that_is_not_there_is_no_trouble_of_the_others() -> None:
    class Half(FakeBackend):
        async def examine(self) -> list[Finding]:
            return [Finding("relay/fine", "error", "there is no such model"), Finding("relay", "ok", "answers")]

    tables: dict[str, dict[str, Any]] = {"relay": {"models": ["quick", "fine"]}}
    lines = {
        line.choice: line
        for line in await listed(assemble({"relay": Half("relay")}, "relay", "relay", FakeClock(), tables=tables))
    }
    assert lines["relay/quick"].state == "answers"
    assert lines["relay/fine"].state == "in trouble: there is no such model"


async def test_what_waits_for_something_says_for_what() -> None:
    tables: dict[str, dict[str, Any]] = {"attic": {"kind": "comfyui"}}
    lines = {line.choice: line.state for line in await listed(roster(), tables)}
    assert lines["attic"] == "not set up (ATTIC_URL)"
    assert lines["openrouter"] == "not set up (OPENROUTER_API_KEY)"


async def test_the_table_is_aligned() -> None:
    rows = as_table(await listed(roster())).splitlines()
    column = rows[0].index("state")
    assert all(row[column - 2 : column].strip() == "" for row in rows[:-2])
    assert rows[-1] == "* members may name it"


def test_what_it_can_is_said_shortly_and_what_nobody_knows_is_not_said() -> None:
    assert abilities(Capabilities()) == ""
    can = Capabilities(
        seconds=(4, 8), shapes=(Shape.WIDE,), resolutions=("720p", "1080p", "4k"), images=True, sound=Sound.OPTIONAL,
        pictures=Pictures(last=True, references=3), remixes=True, seed=True,
    )  # fmt: skip
    said = "4, 8 s, 16:9, 720p-4k, first frame, last frame, 3 reference pictures, sound, seed, remix"
    assert abilities(can) == said


def test_the_shortest_clip_in_the_lowest_tier() -> None:
    can = Capabilities(seconds=(4, 8), shapes=(Shape.TALL, Shape.WIDE), resolutions=("360p", "4k"), model="m")
    order = shortest("relay", can)
    assert (order.brief.seconds, order.brief.shape, order.brief.resolution, order.model) == (4, Shape.WIDE, "360p", "m")


async def test_a_probe_orders_once_follows_and_brings_the_clip() -> None:
    backend = FakeBackend("relay", script=(Report(Phase.ROLLING, 0.5), Report(Phase.FINISHED, cost=7)))
    file, report, took = await film(backend, shortest("relay", backend.can), "relay", at_home=True)
    assert file.read_bytes() == b"a cliprelay-1"
    assert (report.cost, len(backend.accepted)) == (7, 1)
    assert took > 0
    shutil.rmtree(file.parent)


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (FakeBackend("relay", faults=[BadOrder("seconds?")]), "bad order. seconds?"),
        (FakeBackend("relay", script=(Report(Phase.REFUSED, reason="no"),)), "refused. no"),
    ],
)
async def test_a_probe_that_brings_nothing_says_why(backend: FakeBackend, reason: str) -> None:
    with pytest.raises(ProbeFailed) as failed:
        await film(backend, shortest("relay", backend.can), "relay", at_home=True)
    assert failed.value.params["reason"] == reason


async def test_a_question_without_an_answer_is_asked_again() -> None:
    class Deaf(FakeBackend):
        silent = 2

        async def report(self, remote_id: str) -> Report:
            if self.silent:
                self.silent -= 1
                raise Unreachable("no answer")
            return await super().report(remote_id)

    backend = Deaf("relay")
    file, _, _ = await film(backend, shortest("relay", replace(backend.can)), "relay", at_home=True)
    assert file.exists()
    shutil.rmtree(file.parent)


def settings(folder: Path) -> Settings:
    return Settings(THROUGHLINE_HOME=folder, THROUGHLINE_BACKEND="colour_bars")


async def run(folder: Path, **more: Any) -> int:
    given: dict[str, Any] = {"probe": False, "name": "", "sure": False, "as_json": False, **more}
    return await backends_cli.run(settings(folder), **given)


async def test_the_list_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(tmp_path, as_json=True) == 0
    lines = {line["choice"]: line for line in json.loads(capsys.readouterr().out)}
    assert lines["colour_bars"]["alive"]
    assert lines["colour_bars"]["costs"] == "free"


async def test_a_probe_shows_the_price_and_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert await run(tmp_path, probe=True, name="colour_bars") == 1
    assert capsys.readouterr().out == "colour_bars: 1 s, free.\nFilm it? [y/N] Nothing was sent.\n"


async def test_a_probe_that_is_sure_films_and_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(tmp_path, probe=True, name="colour_bars", sure=True) == 0
    price, file, told = capsys.readouterr().out.splitlines()
    assert price == "colour_bars: 1 s, free."
    assert Path(file).read_bytes()[4:8] == b"ftyp"
    assert told.startswith("1.0 s, 1280 x 720, ")
    assert "free; filmed in" in told
    shutil.rmtree(Path(file).parent)


async def test_a_probe_of_nobody_names_who_there_is(tmp_path: Path) -> None:
    with pytest.raises(UnknownBackend, match="animatic"):
        await run(tmp_path, probe=True, name="nobody")
