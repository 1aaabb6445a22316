"""A film, from what members ask to a clip that plays as long as its shots together; and one of it, however often it dies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.tables import films as table
from tests.chats.mortal import until
from tests.chats.stage import cards, clip_of, clips, film_of, films, on_set, playable, texts
from tests.chats.test_sigkill_at_requests import BOTH, PATCHES, POSTS, Stand, Stopped, stand

pytestmark = pytest.mark.slow

SHOTS = ("a fox crosses a snowy forest", "an owl wakes up")
READY = "Loudness levelled"


def names_in(data: bytes) -> set[str]:
    """What lies in a zip that can be unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


async def test_discord_two_shots_become_a_film_to_play_and_to_take_home(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "discord") as stage:
        discord, channel = stage.discord, stage.discord.channel(stage.discord.guild("set"), "night-shoots")
        ines = discord.user("ines")
        for words in SHOTS:
            await stage.ordered(ines, channel, words)
            await stage.filmed(channel, words)
        heard = await discord.slash(ines, channel, "film", order="1B 1A 1B")
        assert heard.ephemeral
        assert "Cutting" in heard.text
        film = await stage.filmed(channel, READY)
        assert playable(clip_of(film)).frames == 3 * 24
        assert film.labels == ["Check", "Export", "Contact sheet", "Cut again"]
        await stage.seen(lambda: not [each for each in cards(channel, "Cutting") if not each.gone])

        checked = await discord.press(ines, film, "Check")
        await stage.told(checked, "All 2 shots hold together")
        await stage.told(checked, "1A-1")

        drawn = await discord.press(ines, film, "Contact sheet")
        await stage.seen(lambda: drawn.original and drawn.original.files)

        taken = await discord.press(ines, film, "Export")
        await stage.seen(lambda: taken.original and taken.original.files)
        assert taken.original is not None
        ((name, data),) = taken.original.files.items()
        assert name.endswith(".zip")
        assert {"film.mp4", "film.edl", "film.otio", "film.json", "clips/1A-1.mp4", "clips/1B-1.mp4"} <= names_in(data)


async def test_telegram_two_shots_become_a_film_to_play_and_to_take_home(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "telegram") as stage:
        ines = stage.telegram.user("ines", "en")
        chat = stage.telegram.private(ines)
        for words in SHOTS:
            await stage.telegram.say(ines, chat, f"/generate {words}")
            await stage.screened(chat, words)
        await stage.telegram.say(ines, chat, "/film transition:dissolve")
        film = await stage.screened(chat, READY)
        clip = playable(film_of(film).bytes)
        assert clip.frames == 2 * 24 - 12
        assert film_of(film).duration == round(clip.seconds)
        assert "1A-1" in film.caption
        assert "1B-1" in film.caption
        assert len(films(chat)) == 3

        await stage.telegram.press(ines, film, "Check")
        await stage.shown(lambda: texts(chat, "All 2 shots hold together"))

        press = await stage.telegram.press(ines, film, "Export")
        await stage.shown(lambda: press.answered)
        document = await stage.shown(
            lambda: [each for each in chat.posted if each.media and each.media.kind == "document"]
        )
        assert {"film.mp4", "film.fcpxml", "prompts.md"} <= names_in(document[0].media.bytes)


# ---------------------------------------------------------------- killed


def being_cut(here: Stand) -> list[Any]:
    """Films whose cards stand there, without a clip yet."""
    query = sa.select(table.c.id).where(
        table.c.posted.is_not(None), sa.cast(table.c.clip, sa.Text).in_(["null"]) | table.c.clip.is_(None)
    )
    return here.home.rows(query)


def films_after(here: Stand, number: int) -> list[Any]:
    """The films on Discord but for the first so many."""
    return clips(here.channel, READY)[number:]


async def one_film(here: Stand, found: Callable[[], list[Any]], frames: int, bytes_of: Callable[[Any], bytes]) -> None:
    """There is one, and it plays."""
    await until(found, "the film")
    await until(lambda: not here.home.unanswered(), "every wish is answered")
    (film,) = found()
    assert playable(bytes_of(film)).frames == frames


@pytest.mark.parametrize("moment", ["joining", "card", "clip", "tidying up"])
async def test_discord_one_film_wherever_it_is_killed(tmp_path: Path, moment: str) -> None:
    routes = {"card": ("POST", POSTS), "clip": ("POST", POSTS), "tidying up": ("DELETE", PATCHES)}
    async with stand(tmp_path, "discord") as here:
        here.release()
        for words in SHOTS:
            await here.discord.slash(here.ines, here.channel, "generate", prompt=words)
            await until(partial(clips, here.channel, words), words)
        await here.settled()
        for number, what in enumerate(BOTH if moment != "joining" else ("",)):
            if moment == "card":
                fault = here.discord.faults.add(*routes[moment], what)
            await here.discord.slash(
                here.ines, here.channel, "film", transition="dissolve", order="1A 1B 1A"[: 5 + 3 * number]
            )
            if moment != "card":
                await until(lambda: cards(here.channel, "Cutting"), "it is being cut")
            if moment in ("clip", "tidying up"):
                fault = here.discord.faults.add(*routes[moment], what)
            if moment == "joining":
                await until(lambda: being_cut(here), "it is being joined")
            else:
                await until(partial(getattr, fault, "holds"), f"{moment} {what}")
            await here.home.killed()
            assert being_cut(here) or moment != "joining"
            await here.home.starts()
            frames = (2 + number) * 24 - (1 + number) * 12
            await one_film(here, partial(films_after, here, number), frames, clip_of)
        assert here.home.kills == (1 if moment == "joining" else 2)


@pytest.mark.parametrize("what", ["joining", *BOTH])
async def test_telegram_one_film_wherever_it_is_killed(tmp_path: Path, what: str) -> None:
    async with stand(tmp_path, "telegram") as here:
        here.release()
        for words in SHOTS:
            await here.telegram.say(here.olga, here.chat, f"/generate {words}")
            await until(partial(films, here.chat, words), words)
        await here.settled()
        fault = Stopped(here.telegram, "editMessageMedia", what) if what != "joining" else None
        await here.telegram.say(here.olga, here.chat, "/film transition:fade")
        await until(lambda: being_cut(here) if fault is None else fault.is_under_way(), what)
        await here.home.killed()
        assert being_cut(here) or fault
        await here.home.starts()
        await one_film(here, lambda: films(here.chat, READY), 48, lambda said: film_of(said).bytes)
        assert not texts(here.chat, "Cutting")
