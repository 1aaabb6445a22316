"""Films with their cuts, what was measured of clips, and the order of a film's shots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cut import Cut, Piece, Spoken, Transition
from bot.film import Clip, Film
from bot.states import State
from tests.storage.conftest import Store
from tests.storage.props import ADA, CLIP, STUDIO, job, one_shot, production, shot, take

PIECE = Piece("take", "1A-1", 1, "A fox.", CLIP.digest, 96, 1280, 720, circled=True)
SAID = replace(PIECE, slate="1B-1", spoken=(Spoken(0.4, 2.0, "Wait.", "Mara"),), has_sound=False)
CUT = Cut("Winter", (PIECE, SAID), Transition.DISSOLVE)
FILM = Film("reel", "film", ADA, STUDIO, CUT, created_at=5.0)


async def with_film(store: Store, *films: Film) -> None:
    async with store.work() as w:
        await one_shot(w)
        for each in films:
            await w.films.add(each)


async def test_a_film_comes_back_as_it_was_decided(store: Store) -> None:
    await with_film(store, FILM)
    async with store.work() as w:
        assert await w.films.get("reel") == FILM
        assert await w.films.get("lost") is None
        assert await w.films.latest("elsewhere") is None


async def test_its_clip_and_where_it_stands_are_noted_when_they_are_known(store: Store) -> None:
    await with_film(store, FILM)
    reel = Clip("ef" * 32, "video/mp4", 7_654_321, 7.5, 1280, 720)
    async with store.work() as w:
        await w.films.set_posted("reel", "discord/7/8")
    async with store.work() as w:
        assert await w.films.get("reel") == replace(FILM, posted="discord/7/8")
        await w.films.set_clip("reel", reel)
    async with store.work() as w:
        assert await w.films.get("reel") == replace(FILM, posted="discord/7/8", clip=reel)


async def test_films_of_a_production_newest_first(store: Store) -> None:
    again = replace(FILM, id="second", created_at=6.0)
    same_time = replace(FILM, id="third", created_at=6.0)
    await with_film(store, FILM, same_time, again)
    async with store.work() as w:
        await w.productions.add(production("other"))
        await w.films.add(replace(FILM, id="elsewhere", production="other", created_at=9.0))
    async with store.work() as w:
        assert await w.films.of("film") == [same_time, again, FILM]
        assert await w.films.of("film", 1) == [same_time]
        assert await w.films.latest("film") == same_time


async def test_a_film_belongs_to_a_production_that_is_there(store: Store) -> None:
    with pytest.raises(store.violation):
        await with_film(store, replace(FILM, production="nothing"))


async def test_films_follow_a_group_that_moves(store: Store) -> None:
    await with_film(store, replace(FILM, place="telegram/-4001"))
    async with store.work() as w:
        await w.move_chat("telegram", "-4001", "-1004001")
    async with store.work() as w:
        film = await w.films.get("reel")
    assert film is not None
    assert film.place == "telegram/-1004001"


async def test_measures_are_kept_by_clip_and_edition(store: Store) -> None:
    found = {"exposure": [0.1, 0.5], "sound": None, "frames": 12}
    async with store.work() as w:
        await w.measured.put("aa", 1, found)
        await w.measured.put("aa", 2, {"frames": 13})
        await w.measured.put("bb", 1, {"frames": 14})
    async with store.work() as w:
        assert await w.measured.get(["aa", "bb", "cc"], 1) == {"aa": found, "bb": {"frames": 14}}
        assert await w.measured.get(["aa"], 2) == {"aa": {"frames": 13}}
        assert await w.measured.get([], 1) == {}


async def test_the_same_clip_measured_twice_keeps_what_is_there(store: Store) -> None:
    for found in ({"frames": 12}, {"frames": 99}):
        async with store.work() as w:
            await w.measured.put("aa", 1, found)
    async with store.work() as w:
        assert await w.measured.get(["aa"], 1) == {"aa": {"frames": 12}}


async def test_the_order_of_a_film_is_what_was_arranged_last(store: Store) -> None:
    async with store.work() as w:
        await w.productions.add(production())
        await w.productions.add(production("other"))
        await w.productions.arrange("film", ["shot c", "shot a"])
        await w.productions.arrange("film", ["shot b", "shot a"])
    async with store.work() as w:
        arranged, untouched = await w.productions.get("film"), await w.productions.get("other")
        assert arranged == replace(production(), arranged=("shot b", "shot a"))
        assert untouched == production("other")
        assert arranged in await w.productions.of(ADA, STUDIO)


async def test_jobs_of_a_storyboard_in_their_order(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        for number, (name, board) in enumerate((("second", "sb"), ("first", "sb"), ("alone", ""), ("other", "xy")), 1):
            await w.productions.add_shot(shot(f"shot {name}", number=number))
            await w.takes.add(take(f"take {name}", of=f"shot {name}"))
            at = {"first": 1.0, "second": 2.0}.get(name, 3.0)
            await w.jobs.add(
                job(name, of=f"take {name}", created_at=at, board=board, after="first" * (name == "second"))
            )
    async with store.work() as w:
        assert [each.id for each in await w.jobs.of_board("sb")] == ["first", "second"]
        assert not await w.jobs.of_board("")
        assert not await w.jobs.of_board("lost")
        second = await w.jobs.get("second")
        assert second is not None
        assert (second.after, second.board, second.state) == ("first", "sb", State.RESERVED)
