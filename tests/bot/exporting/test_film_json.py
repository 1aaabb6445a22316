"""``film.json``: what is written is read back, the same film comes of it, and nothing else is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import PartName
from bot.cut import Transition
from bot.errors import ControlCharacters, Declined, EmptyWords, NameNotPlain, UnknownTake, WordsTooLong
from bot.errors_film import FilmFromTheFuture, FilmNotJson, FilmTooLarge, FilmUnreadable, NoShots, TooManyShots
from bot.exporting.film_json import FILM_MAX, MAX_SHOTS, FilmFile, FilmShot, brief_of, film_file
from bot.exporting.film_reading import read
from bot.film import Shape, chance_of
from bot.spine import Spine
from bot.text import explain, languages
from tests.bot.exporting.productions import MARA, PRODUCTION, SPINE, WORDS, cut_of, job, remix, shot, take


def written() -> FilmFile:
    """The film of a shot, a remix of it and another shot, the first one seen twice."""
    first, second, other = take(1), remix(1), take(2, "He waits.\nAction: turns around")
    cut = cut_of(first, second, other, first, transition=Transition.DISSOLVE)
    jobs = {each.id: job(each) for each in (first, second)}
    shots = (shot(1), shot(2, "He waits.\nAction: turns around"))
    return film_file(PRODUCTION, shots, (first, second, other), cut, cast=(MARA,), jobs=jobs)


def data() -> dict[str, Any]:
    """The same as plain data."""
    found: dict[str, Any] = json.loads(written().text())
    return found


# ---------------------------------------------------------------- what it says


def test_the_words_stand_as_their_member_wrote_them() -> None:
    film = data()
    assert (film["kind"], film["edition"], film["title"]) == ("throughline film", 1, "The Lamp")
    assert film["spine"] == {"look": "16mm, warm", "palette": "amber, walnut brown"}
    first = film["shots"][0]
    assert first["words"] == WORDS
    assert dict(map(tuple, first["parts"]))["dialogue"] == "Dialogue: Mara: “It was never out.”"
    assert (first["slate"], first["seconds"], first["shape"]) == ("1B-1", 4, "wide")
    assert first["kept"] == [["place", "a library"]]
    assert film["cut"]["transition"] == "dissolve"


def test_a_shot_that_comes_back_is_filmed_once() -> None:
    film = written()
    assert len(film.shots) == 3
    assert film.order == ("1B-1", "1B-2", "1C-1", "1B-1")
    assert [each.slate for each in film.in_order()] == list(film.order)


def test_a_remix_carries_its_change() -> None:
    changed = written().shots[1]
    assert (changed.words, changed.change) == (WORDS, "at night")
    assert changed.parts[-1].name is PartName.CHANGE


def test_the_cast_goes_along_in_words_and_its_picture_stays() -> None:
    film = written()
    assert [(who.name, who.wardrobe, who.had_picture, who.consent) for who in film.cast] == [
        ("Mara", "a red coat", True, "yes")
    ]
    assert "e" * 64 not in film.text()


def test_what_filmed_it_is_told_and_what_it_cost() -> None:
    first, _, other = written().shots
    assert (first.filmed.backend, first.filmed.price, first.filmed.seconds) == ("animatic", 120_000, 4.0)
    assert first.filmed.chance == chance_of("j-t1")
    assert (other.filmed.backend, other.filmed.price, other.filmed.chance) == ("", None, None)


def test_a_shot_with_a_look_of_its_own_keeps_it() -> None:
    plain = take(2)
    plain = replace(plain, brief=replace(plain.brief, spine=Spine()))
    film = film_file(PRODUCTION, (shot(1), shot(2)), (take(1), remix(1), plain), cut_of(take(1), remix(1), plain))
    assert film.spine == SPINE
    assert [each.spine for each in film.shots] == [None, None, Spine()]
    assert read(film.text()) == film
    assert [brief_of(film, each).spine for each in film.shots] == [SPINE, SPINE, Spine()]


def test_pictures_are_counted_not_sent() -> None:
    seen = take(1)
    seen = replace(seen, brief=replace(seen.brief, reference="f" * 64, references=("a" * 64, "b" * 64)))
    film = film_file(PRODUCTION, (shot(1),), (seen,), cut_of(seen))
    assert film.shots[0].pictures == 3
    assert "f" * 64 not in film.text()


def test_a_length_that_nobody_asked_for_is_the_clips() -> None:
    free = take(1)
    free = replace(free, brief=replace(free.brief, seconds=None))
    assert film_file(PRODUCTION, (shot(1),), (free,), cut_of(free)).shots[0].seconds == 4


def test_a_clip_that_is_no_take_of_the_production_cannot_be_filmed_again() -> None:
    with pytest.raises(UnknownTake):
        film_file(PRODUCTION, (shot(1),), (), cut_of(take(1)))


def test_a_film_of_nothing_and_one_of_too_much() -> None:
    with pytest.raises(NoShots):
        film_file(PRODUCTION, (), (), cut_of())
    with pytest.raises(TooManyShots):
        film_file(PRODUCTION, (shot(1),), (take(1),), cut_of(*[take(1)] * (MAX_SHOTS + 1)))


# ---------------------------------------------------------------- read back


def test_what_was_written_is_read_back_whole() -> None:
    film = written()
    assert read(film.text()) == film
    assert read(film.text().encode()) == film
    assert read(b"\xef\xbb\xbf" + film.text().encode()) == film


def test_the_brief_that_comes_of_it_is_the_one_that_was_sent() -> None:
    film = read(written().text())
    for shot_, sent in zip(film.shots, (take(1), remix(1), take(2, "He waits.\nAction: turns around")), strict=True):
        brief = brief_of(film, shot_)
        assert (brief.text, brief.seconds, brief.shape, brief.seed) == (sent.brief.text, 4, Shape.WIDE, None)
        assert (brief.kept, brief.spine) == (sent.brief.kept, SPINE)
        assert [credit.name for credit in brief.cast] == [credit.name for credit in sent.brief.cast]
    assert brief_of(film, film.shots[0], chance=True).seed == chance_of("j-t1")


_lines = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)


@given(words=_lines.filter(str.strip), change=_lines, title=_lines, seed=st.none() | st.integers(0, 2**31 - 1))
@settings(max_examples=50, deadline=None)
def test_any_words_come_back_byte_for_byte(words: str, change: str, title: str, seed: int | None) -> None:
    film = written()
    changed = replace(film.shots[0], words=words, change=change, seed=seed)
    film = replace(film, title=title, shots=(changed, *film.shots[1:]))
    assert read(film.text()) == film


# ---------------------------------------------------------------- refused


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    """The film with something changed in its data."""
    film = data()
    change(film)
    return json.dumps(film)


def put(*path: str | int, value: Any) -> str:
    """The film with something else there."""

    def change(film: dict[str, Any]) -> None:
        at: Any = film
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return broken(change)


def without(*path: str | int) -> str:
    """The film with that left out."""

    def change(film: dict[str, Any]) -> None:
        at: Any = film
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]

    return broken(change)


REFUSED = [
    ("", FilmNotJson, ""),
    ("{", FilmNotJson, ""),
    (b"\xff\xfe\x00", FilmNotJson, ""),
    ("[" * 100_000, FilmNotJson, ""),
    ('{"edition": NaN}', FilmNotJson, ""),
    ('{"edition": ' + "1" * 10_000 + "}", FilmNotJson, ""),
    ("[]", FilmUnreadable, "film.json"),
    ("{}", FilmUnreadable, "kind"),
    (put("kind", value="something else"), FilmUnreadable, "kind"),
    (without("edition"), FilmUnreadable, "edition"),
    (put("edition", value="1"), FilmUnreadable, "edition"),
    (put("edition", value=True), FilmUnreadable, "edition"),
    (put("edition", value=0), FilmUnreadable, "edition"),
    (put("edition", value=2), FilmFromTheFuture, "2"),
    (put("shots", value=[]), NoShots, ""),
    (without("shots"), NoShots, ""),
    (put("shots", value={}), FilmUnreadable, "shots"),
    (put("shots", value=[{}] * 200), TooManyShots, "200"),
    (put("cut", "order", value=["1B-1"] * 200), TooManyShots, "200"),
    (put("cut", "order", value=[]), NoShots, ""),
    (put("cut", "order", value=["9Z-9"]), FilmUnreadable, "cut.order[0]"),
    (put("cut", "transition", value="wipe"), FilmUnreadable, "cut.transition"),
    (without("cut"), FilmUnreadable, "cut"),
    (without("title"), FilmUnreadable, "title"),
    (put("title", value=7), FilmUnreadable, "title"),
    (put("title", value="x" * 501), WordsTooLong, "500"),
    (put("spine", value=[]), FilmUnreadable, "spine"),
    (put("spine", "colour", value="red"), FilmUnreadable, "spine.colour"),
    (put("spine", "look", value=""), EmptyWords, ""),
    (put("spine", "look", value="x" * 3000), WordsTooLong, "2000"),
    (put("cast", value=[7]), FilmUnreadable, "cast[0]"),
    (put("cast", 0, "name", value="Mara and Eli"), NameNotPlain, "Mara and Eli"),
    (put("cast", 0, "description", value=""), EmptyWords, ""),
    (put("cast", value=[{}] * 101), FilmUnreadable, "cast"),
    (put("shots", 1, value=None), FilmUnreadable, "shots[1]"),
    (put("shots", 1, "slate", value="1B-1"), FilmUnreadable, "shots[1].slate"),
    (put("shots", 1, "slate", value="the second"), FilmUnreadable, "shots[1].slate"),
    (without("shots", 1, "seconds"), FilmUnreadable, "shots[1].seconds"),
    (put("shots", 1, "seconds", value=4.5), FilmUnreadable, "shots[1].seconds"),
    (put("shots", 1, "seconds", value=0), FilmUnreadable, "shots[1].seconds"),
    (put("shots", 1, "seconds", value=10**9), FilmUnreadable, "shots[1].seconds"),
    (put("shots", 1, "seed", value=-1), FilmUnreadable, "shots[1].seed"),
    (put("shots", 1, "shape", value="round"), FilmUnreadable, "shots[1].shape"),
    (put("shots", 1, "sound", value="yes"), FilmUnreadable, "shots[1].sound"),
    (put("shots", 1, "words", value="bell \x07"), ControlCharacters, "U+0007"),
    (put("shots", 1, "words", value="\x1c"), ControlCharacters, "U+001C"),
    (put("shots", 1, "words", value="x" * 40_000), WordsTooLong, "40000"),
    (put("shots", 1, "parts", value=[]), FilmUnreadable, "shots[1].parts"),
    (put("shots", 1, "parts", 0, value=["words"]), FilmUnreadable, "shots[1].parts[0]"),
    (put("shots", 1, "parts", 0, value=["poem", "x"]), FilmUnreadable, "shots[1].parts[0]"),
    (put("shots", 1, "parts", value=[["words", "x"]] * 201), FilmUnreadable, "shots[1].parts"),
    (put("shots", 1, "cast", value=[7]), FilmUnreadable, "shots[1].cast[0]"),
    (put("shots", 1, "filmed", value=7), FilmUnreadable, "shots[1].filmed"),
    (put("shots", 1, "filmed", "price", value=-1), FilmUnreadable, "shots[1].filmed.price"),
    (put("shots", 1, "filmed", "seconds", value="4"), FilmUnreadable, "shots[1].filmed.seconds"),
    (" " * (FILM_MAX + 1), FilmTooLarge, "16"),
]


@pytest.mark.parametrize(("text", "error", "said"), REFUSED)
def test_what_is_no_film_is_refused_in_one_sentence(text: str | bytes, error: type[Declined], said: str) -> None:
    with pytest.raises(error) as found:
        read(text)
    assert type(found.value) is error
    for locale in languages():
        sentence = explain(found.value, locale)
        assert said in sentence
        assert "{" not in sentence
        assert "\n" not in sentence


def test_what_a_newer_version_adds_without_a_new_edition_is_passed_over() -> None:
    assert read(put("shots", 0, "mood_board", value={"x": 1})) == written()


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(choice=st.data(), junk=_junk)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_anywhere_in_it_it_is_a_film_or_declined(choice: st.DataObject, junk: Any) -> None:
    film = data()
    at: Any = film
    while True:
        key = choice.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], dict | list) or not at[key] or choice.draw(st.booleans()):
            at[key] = junk
            break
        at = at[key]
    try:
        found = read(json.dumps(film))
    except Declined:
        return
    assert all(isinstance(each, FilmShot) for each in found.shots)
    assert read(found.text()) == found
