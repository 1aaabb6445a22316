"""Which takes make the film, and in which order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.assembly import Arrange
from bot.brief import Brief, Part, PartName
from bot.continuity import Facts
from bot.cut import Cut, Transition
from bot.cutting import Reel, cut_of, made_before, same_film, shots_named, spoken_in, takes_of
from bot.errors_film import FilmTooLong, NotInFilm
from bot.film import Clip, Film, Production, Shot, Slate, Take

PLACES = {"1A": (1, 0), "1B": (1, 1), "2A": (2, 0)}


def take(name: str, *, circled: bool = False, done: bool = True, words: str = "A fox.") -> Take:
    slate = Slate.read(name)
    clip = Clip(f"digest of {name}", "video/mp4", 1000, 4.0, 1280, 720) if done else None
    brief = Brief((Part(PartName.WORDS, words),))
    return Take(name, slate.shot_name, slate, brief, "web:ada", "web/studio", circled=circled, clip=clip)


def reel(*takes: Take, arranged: tuple[str, ...] = ()) -> Reel:
    shots = [Shot(name, "film", scene, number, name, Facts(), 0.0) for name, (scene, number) in PLACES.items()]
    return Reel(Production("film", "web:ada", "web/studio", "Winter", 0.0, arranged), shots, takes)


def names(found: tuple[Take, ...]) -> str:
    return " ".join(each.id for each in found)


def test_where_none_is_circled_the_newest_finished_take_of_each_shot_stands() -> None:
    film = reel(take("1A-1"), take("1A-2"), take("1A-3", done=False), take("1B-1", done=False), take("2A-1"))
    assert names(takes_of(film)) == "1A-2 2A-1"


def test_where_one_is_circled_only_circled_takes_are_the_film() -> None:
    film = reel(take("1A-1", circled=True), take("1A-2"), take("1B-1"), take("2A-1", circled=True))
    assert names(takes_of(film)) == "1A-1 2A-1"


def test_a_circled_take_without_a_clip_chooses_nothing() -> None:
    assert names(takes_of(reel(take("1A-1", circled=True, done=False), take("1B-1")))) == "1B-1"


def test_shots_follow_one_another_as_they_are_arranged_the_others_by_slate() -> None:
    every = (take("1A-1"), take("1B-1"), take("2A-1"))
    assert names(takes_of(reel(*every))) == "1A-1 1B-1 2A-1"
    assert names(takes_of(reel(*every, arranged=("2A",)))) == "2A-1 1A-1 1B-1"
    assert names(takes_of(reel(*every, arranged=("1B", "2A", "1A", "gone")))) == "1B-1 2A-1 1A-1"


@pytest.mark.parametrize(
    ("order", "film"),
    [
        ("1B 1A", "1B-1 1A-2"),
        ("2a, 1b;1a-1", "2A-1 1B-1 1A-1"),
        ("1A、1B，1A", "1A-2 1B-1 1A-2"),
        ("  ", "1A-2 1B-1 2A-1"),
    ],
)
def test_an_order_names_exactly_what_is_in_the_film(order: str, film: str) -> None:
    every = reel(take("1A-1"), take("1A-2"), take("1B-1"), take("2A-1"), arranged=("1A",))
    assert names(takes_of(every, order)) == film


def test_an_order_may_name_what_is_not_circled() -> None:
    film = reel(take("1A-1", circled=True), take("1A-2"), take("1B-1"))
    assert names(takes_of(film, "1B 1A 1A-2")) == "1B-1 1A-1 1A-2"


@pytest.mark.parametrize("order", ["1A 9Z", "1A-7", "1A fox", "1B"])
def test_what_is_no_finished_take_cannot_be_ordered(order: str) -> None:
    film = reel(take("1A-1"), take("1B-1", done=False))
    with pytest.raises(NotInFilm) as declined:
        takes_of(film, order)
    assert declined.value.params["shot"] == order.split()[-1]


def test_a_film_has_an_end() -> None:
    with pytest.raises(FilmTooLong) as declined:
        takes_of(reel(take("1A-1")), "1A " * 101)
    assert declined.value.params == {"count": 101, "limit": 100}


def test_the_cut_says_of_each_take_what_a_film_needs_to_know() -> None:
    film = reel(take("1A-1", circled=True, words="A fox waits."))
    cut = cut_of(film, takes_of(film), Transition.FADE)
    (piece,) = cut.pieces
    assert (cut.title, cut.transition, cut.frames) == ("Winter", Transition.FADE, 96)
    assert (piece.take, piece.slate, piece.scene, piece.words) == ("1A-1", "1A-1", 1, "A fox waits.")
    assert (piece.clip, piece.frames, piece.width, piece.circled) == ("digest of 1A-1", 96, 1280, True)
    assert Cut.from_dict(cut.to_dict()) == cut


# ---------------------------------------------------------------- what is said


def said(*parts: Part, starts_at: float = 0.0) -> list[tuple[str, str]]:
    return [(line.who, line.words) for line in spoken_in(Brief(parts, starts_at=starts_at), 8.0)]


def test_quotes_and_scripts_become_lines_that_fit_into_the_clip() -> None:
    words = Part(PartName.WORDS, "Mara says: “You came back.” The sign reads “OPEN”.")
    script = Part(PartName.DIALOGUE, "Dialogue:\nJonas: I never left.\nMara: You did.")
    brief = Brief((words, script))
    lines = spoken_in(brief, 3.0)
    assert [line.words for line in lines] == ["You came back.", "I never left.", "You did."]
    assert [line.who for line in lines] == ["Mara", "Jonas", "Mara"]
    assert lines[0].begins >= 0
    assert lines[-1].ends <= 3.0
    assert all(first.ends <= then.begins for first, then in pairwise(lines))


def test_what_was_carried_over_and_the_spine_say_nothing() -> None:
    assert said(Part(PartName.SPINE, "Mara says: “Hello.”"), Part(PartName.CARRIED, "Jonas says: “No.”")) == []


def test_a_change_that_speaks_replaces_what_was_said() -> None:
    before, change = Part(PartName.WORDS, "Mara says: “Hello.”"), Part(PartName.CHANGE, "Mara says: “Goodbye.”")
    assert said(before, change) == [("Mara", "Goodbye.")]
    assert said(before, Part(PartName.CHANGE, "make it rain")) == [("Mara", "Hello.")]


def test_what_goes_on_after_a_clip_has_had_its_lines() -> None:
    assert said(Part(PartName.WORDS, "Mara says: “Hello.”"), starts_at=4.0) == []


# ---------------------------------------------------------------- the order of the strip, and the same film twice


def test_shots_are_put_in_order_by_their_slates_finished_or_not() -> None:
    film = reel(take("1A-1", done=False))
    assert shots_named(film, Arrange(order="2A 1b-4, 1A 2A")) == ("2A", "1B", "1A")
    with pytest.raises(NotInFilm):
        shots_named(film, Arrange(order="2A 7C"))


def test_the_same_clips_joined_in_the_same_way_are_the_same_film() -> None:
    film = reel(take("1A-1"), take("1B-1"))
    cut = cut_of(film, takes_of(film))
    again = replace(cut, pieces=tuple(replace(piece, circled=True, words="other") for piece in cut.pieces))
    clip = Clip("reel", "video/mp4", 1, 8.0, 1280, 720)
    made = Film("f", "film", "web:ada", "web/studio", again, 0.0, clip)
    assert same_film(cut, again)
    assert made_before([replace(made, clip=None), made], cut) is made
    for other in (
        replace(cut, title="Summer"),
        replace(cut, transition=Transition.DISSOLVE),
        replace(cut, pieces=cut.pieces[::-1]),
        replace(cut, pieces=(replace(cut.pieces[0], clip="other"), cut.pieces[1])),
    ):
        assert not same_film(cut, other)
        assert made_before([made], other) is None
