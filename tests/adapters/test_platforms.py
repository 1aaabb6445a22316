"""Chat platforms in a whole Throughline: who posts, who listens, what is served, and in what order it all ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import aiohttp
import pytest

from adapters import bootstrap, platforms
from adapters.bootstrap import House, running
from adapters.chat import ChatModule, find_chats
from adapters.settings import Settings, load
from bot import commands
from bot.commands import Generate
from bot.errors import BadSetting, PortTaken
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.states import State
from tests.fakes import carrier

CHATS = {"carrier": cast("ChatModule", carrier)}
ADA = "carrier:ada"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_happened_yet() -> None:
    carrier.events.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_of(folder: Path, token: str = "right", **more: str) -> Settings:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (home / "throughline.toml").write_text("[chats.carrier]\npigeons = 3\n")
    given = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_BACKEND": "colour_bars", "CARRIER_TOKEN": token}
    return load({**given, "THROUGHLINE_WEB_PORT": str(free_port()), **more})


def wish(seconds: int = 1) -> Wish:
    address = Address("carrier", "loft", member=ADA)
    return Wish("c-1", Member(ADA), address, commands.to_dict(Generate(prompt="a fox", seconds=seconds)), time.time())


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - looks at a file
            await asyncio.sleep(0.02)


async def states(house: House) -> list[State]:
    async with house.work() as w:
        return [job.state for job in await w.jobs.of_member(ADA, tuple(State))]


# ---------------------------------------------------------------- who does what


async def test_one_process_hears_and_another_films_and_posts_without_listening(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    async with running(settings, ("carrier",), chats=CHATS) as hearing:
        assert hearing.listening == ("Carrier",)
        assert hearing.url is None
        await hearing.house.intake.hear(wish())
        await until(lambda: carrier.sent(settings.home))
        assert await states(hearing.house) == [State.RESERVED], "nobody films in this process"
    assert carrier.events == ["listener made", "listening", "silent", "poster closed"]

    carrier.events.clear()
    async with running(settings, ("worker",), chats=CHATS) as filming:
        assert filming.listening == ()
        await until(lambda: "clip" in [each["what"] for each in carrier.sent(settings.home)])
    assert carrier.events == ["poster closed"]
    first, *_, last = carrier.sent(settings.home)
    assert (first["what"], last["what"]) == ("card", "clip")
    assert first["key"] == last["key"]


def test_a_process_does_all_that_is_set_up_or_one_thing() -> None:
    known, able = ("carrier", "discord"), ("carrier",)
    assert platforms.roles_for(None, known, able) == ("web", "worker", "carrier")
    assert platforms.roles_for("carrier", known, able) == ("carrier",)
    assert platforms.roles_for("worker", known, ()) == ("worker",)
    with pytest.raises(BadSetting, match="DISCORD_TOKEN is missing"):
        platforms.roles_for("discord", known, able)
    with pytest.raises(BadSetting, match="web, worker, carrier, discord"):
        platforms.roles_for("director", known, able)


def test_without_a_token_a_platform_is_not_there(tmp_path: Path) -> None:
    house = bootstrap.build(settings_of(tmp_path, token=""), chats=CHATS)
    assert house.platforms == {}
    assert "carrier" not in house.delivery.posters
    assert {"discord", "telegram"} <= set(find_chats())
    assert bootstrap.roles(load({"THROUGHLINE_HOME": str(tmp_path)})) == ("web", "worker")


def test_a_platform_is_told_its_own_settings_and_no_others(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, DISCORD_TOKEN="not for pigeons", THROUGHLINE_PUBLIC_URL="https://film.example/")
    told = platforms.setting_for(settings, "carrier")
    assert dict(told.options) == {"CARRIER_TOKEN": "right"}
    assert dict(told.table) == {"pigeons": 3}
    assert told.folder == settings.home / "chats" / "carrier"
    assert told.public_url == "https://film.example"
    assert "right" not in repr(told)


def test_a_table_for_nobody_is_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with pytest.raises(BadSetting, match=r"chats\.carrier"):
        bootstrap.build(settings, chats={})


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("[chats.telegram]\nwebhok = true", r"chats\.telegram\.webhok: .*local, shared_disk, webhook"),
        ('[chats.telegram]\nwebhook = "yes"', r"chats\.telegram\.webhook: .*true or false"),
        ("[chats.discord]\nwebhook = true", r"chats\.discord\.webhook: .*has none"),
    ],
)
async def test_what_no_platform_reads_is_refused(tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / "throughline.toml").write_text(table)
    settings = load({"THROUGHLINE_HOME": str(tmp_path)})
    with pytest.raises(BadSetting, match=says.replace(": ", ".*")):
        bootstrap.build(settings)
    said = await platforms.examine(settings, find_chats())
    assert [each.subject for each in said if each.level == "error"] == ["chats"]


# ---------------------------------------------------------------- faults and the end


async def test_a_token_that_is_refused_ends_the_start_with_everything_stopped(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, token="refused")
    for roles in (("carrier",), ("web", "worker", "carrier")):
        with pytest.raises(BadSetting, match="does not accept it"):
            async with running(settings, roles, chats=CHATS):
                raise AssertionError("it must not begin")
        assert carrier.events[-1] == "poster closed"
    with socket.create_server(("127.0.0.1", settings.web_port)):
        pass


async def test_first_it_falls_silent_then_the_work_ends(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    async with running(settings, ("web", "worker", "carrier"), chats=CHATS) as everything:
        assert everything.listening == ("Carrier",)
    assert carrier.events == ["listener made", "listening", "silent, the work goes on", "poster closed"]


async def test_a_taken_port_does_not_make_the_bots_dumb(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with socket.create_server(("127.0.0.1", settings.web_port)):
        async with running(settings, ("web", "carrier"), chats=CHATS) as everything:
            assert everything.url is None
            assert "listening" in carrier.events
        with pytest.raises(PortTaken):
            async with running(settings, ("web",), chats=CHATS):
                raise AssertionError("there is nothing but the studio")
        with pytest.raises(PortTaken):
            async with running(settings_of_hooked(tmp_path, settings), ("carrier",), chats=CHATS):
                raise AssertionError("its webhook would never be called")


def settings_of_hooked(folder: Path, settings: Settings) -> Settings:
    return settings_of(folder, token="hooked", THROUGHLINE_WEB_PORT=str(settings.web_port))


# ---------------------------------------------------------------- what is served


@pytest.mark.parametrize("roles", [("carrier",), ("web", "carrier")])
async def test_a_webhook_is_served_with_the_studio_or_without(tmp_path: Path, roles: tuple[str, ...]) -> None:
    settings = settings_of(tmp_path, token="hooked")
    async with running(settings, roles, chats=CHATS), aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{settings.web_port}/hooks/carrier"
        async with http.post(url, data=b"coo") as answer:
            assert answer.status == 200
    assert "called: coo" in carrier.events


async def test_a_signed_link_is_served_by_a_worker_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    here = f"http://127.0.0.1:{settings.web_port}"
    settings = settings.model_copy(update={"public_url": here})
    async with running(settings, ("worker",), chats=CHATS) as worker, aiohttp.ClientSession() as http:
        async with worker.house.clips.scratch() as folder:
            (folder / "clip").write_bytes(b"a film")
            digest = await worker.house.clips.store(folder / "clip", ".mp4")
        link = await worker.house.delivery.fitter.link(digest)
        assert link is not None
        async with http.get(link) as answer:
            assert (answer.status, await answer.read()) == (200, b"a film")
    async with running(settings, ("web",), chats=CHATS), aiohttp.ClientSession() as http, http.get(link) as answer:
        assert answer.status == 200, "another process signs with the same key"


async def test_nothing_is_served_where_nothing_needs_it(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    async with running(settings, ("worker", "carrier"), chats=CHATS) as worker:
        assert await worker.house.delivery.fitter.link("ab" * 32) is None
        with socket.create_server(("127.0.0.1", settings.web_port)):
            pass


# ---------------------------------------------------------------- the doctor


async def test_the_doctor_asks_each_platform_that_is_set_up(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, THROUGHLINE_PUBLIC_URL="https://film.example")
    (line,) = await platforms.examine(settings, CHATS)
    assert (line.level, line.text) == ("ok", "3 pigeons; reached at https://film.example")
    (line,) = await platforms.examine(settings_of(tmp_path, token=""), CHATS)
    assert (line.subject, line.level, line.text) == ("carrier", "ok", "not set up (CARRIER_TOKEN)")
    (line,) = await platforms.examine(settings_of(tmp_path, token="refused"), CHATS)
    assert (line.level, line.text) == ("error", "could not be examined: ZeroDivisionError")


async def test_the_doctor_names_what_is_not_set_up(tmp_path: Path) -> None:
    findings = {each.subject: each for each in await bootstrap.examine(load({"THROUGHLINE_HOME": str(tmp_path)}))}
    assert findings["discord"].text == "not set up (DISCORD_TOKEN)"
    assert findings["telegram"].text == "not set up (TELEGRAM_TOKEN)"


# ---------------------------------------------------------------- as an operator meets it


class Machine:
    """A machine on which the carrier platform is installed, found by its entry point."""

    def __init__(self, folder: Path, token: str) -> None:
        self.settings = settings_of(folder, token)
        package = folder / "site" / "carrier-1.dist-info"
        package.mkdir(parents=True)
        (package / "METADATA").write_text("Metadata-Version: 2.1\nName: carrier\nVersion: 1\n")
        (package / "entry_points.txt").write_text("[throughline.chats]\ncarrier = tests.fakes.carrier\n")
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ},
            "THROUGHLINE_HOME": str(self.settings.home),
            "THROUGHLINE_BACKEND": "colour_bars",
            "THROUGHLINE_WEB_PORT": str(self.settings.web_port),
            "CARRIER_TOKEN": token,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder / 'site'}",
        }

    @contextmanager
    def starts(
        self, *arguments: str, python: tuple[str, ...] = (), stderr: IO[str] | int = subprocess.PIPE
    ) -> Iterator[subprocess.Popen[str]]:
        """Throughline, as a process that does not outlive the test."""
        process = subprocess.Popen(
            [sys.executable, *python, "-m", "adapters", "run", *arguments],
            env=self.environment,
            cwd=self.settings.home,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()


def test_the_first_line_says_what_runs_and_sigterm_ends_it_in_time(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "stubborn")
    with machine.starts() as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert process.wait(20) == 0
        took = time.monotonic() - asked
    assert line == f"The studio is open at http://127.0.0.1:{machine.settings.web_port}; listening on Carrier\n"
    assert took < 5


def test_a_platform_that_does_not_answer_does_not_keep_us_from_leaving(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "lost")
    with machine.starts() as process:
        _wait_for((machine.settings.home / "chats" / "carrier" / "asking").exists)
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert process.wait(20) == 0
        assert time.monotonic() - asked < 5


@pytest.mark.parametrize("arguments", [(), ("--only", "carrier")])
def test_a_refused_token_is_one_sentence_and_exit_code_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with Machine(tmp_path, "refused").starts(*arguments) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert "CARRIER_TOKEN" in err.splitlines()[-1]
    assert "does not accept it" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_without_tokens_no_platforms_library_is_imported(tmp_path: Path) -> None:
    """`-X importtime` names every module on stderr as it is imported."""
    machine = Machine(tmp_path, "")
    with (tmp_path / "imports").open("w") as err, machine.starts(python=("-X", "importtime"), stderr=err) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("The studio is open at")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    lines = (tmp_path / "imports").read_text().splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert {"adapters.platforms", "dbos"} <= imported, "the list is empty or cut short"
    assert not {"discord", "telegram"} & imported


def _wait_for(true: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
