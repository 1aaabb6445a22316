"""The continuity ledger: what holds, since which shot, and what a shot changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import ledger
from bot.continuity import Facts, Kind, carry
from bot.film import Shot
from tests.dialogue import Chat

WORDS = (
    "A detective in a trench coat crosses a wet street at night in heavy rain.",
    "He reads a letter.",
    "He walks on in the snow.",
)


def shots(*scenes: int) -> list[Shot]:
    """The story's shots, each in its scene, with what it leaves."""
    made: list[Shot] = []
    for at, (words, scene) in enumerate(zip(WORDS, scenes, strict=True)):
        last = made[-1].facts if made and made[-1].scene == scene else Facts()
        number = sum(shot.scene == scene for shot in made)
        made.append(Shot(f"s{at}", "p", scene, number, words, carry(last, words).facts, float(at)))
    return made


def test_each_thing_stands_since_the_shot_that_said_it() -> None:
    found = {entry.kind: (entry.words, ledger.name(entry.since)) for entry in ledger.entries(shots(1, 1, 1))}
    assert found[Kind.SUBJECT] == ("A detective in a trench coat", "1A")
    assert found[Kind.TIME] == ("night", "1A")
    assert found[Kind.WEATHER] == ("snow", "1C")
    assert not any(entry.remixed for entry in ledger.entries(shots(1, 1, 1)))


def test_a_new_scene_begins_a_new_page() -> None:
    found = {entry.kind: ledger.name(entry.since) for entry in ledger.entries(shots(1, 2, 2))}
    assert found == {Kind.WEATHER: "2B"}
    assert ledger.entries([]) == ()
    night = Shot("s9", "p", 3, 0, "A fox at night.", carry(Facts(), "A fox at night.").facts, 9.0)
    again = {entry.kind: ledger.name(entry.since) for entry in ledger.entries([*shots(1, 1, 1), night])}
    assert again[Kind.TIME] == "3A", "the night of another scene is another night"


def test_a_shot_says_what_it_changes() -> None:
    story = shots(1, 1, 1)
    assert dict(ledger.news(story[0], story))[Kind.TIME] == "night"
    assert ledger.news(story[1], story) == ()
    assert ledger.news(story[2], story) == ((Kind.WEATHER, "snow"),)


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_the_session_shows_it_as_a_short_table(chat: Chat) -> None:
    for words in WORDS:
        card = await chat.says(words)
    await chat.taps("Remix", card, "at dawn")
    session = await chat.says("/session")

    rows = [(row.title, row.text, row.note) for row in session.rows]
    assert ("Subject", "A detective in a trench coat", "since 1A") in rows
    assert ("Weather", "snow", "since 1C") in rows
    assert ("Time", "dawn", "since a remix of 1C") in rows


async def test_a_takes_story_shows_what_its_shot_brought(chat: Chat) -> None:
    for words in WORDS:
        await chat.says(words)
    story = await chat.says("/shot 1C-1")

    assert [(row.title, row.text) for row in story.rows if row.note == "new in this shot"] == [("Weather", "snow")]
