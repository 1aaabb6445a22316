"""What an editor takes home: as a file, by a link, or without what is too large; and the contact sheet in the chat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.film import Film
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def films(chat: Chat) -> list[Film]:
    return list(chat.store.rows.films.values())


async def two_shots(chat: Chat) -> None:
    for words in ("/generate Mara says: “You came back.” seconds:4", "a bear"):
        await chat.says(words)


def home(chat: Chat) -> tuple[str, dict[str, str]]:
    """The name and the contents of the only zip in the chat."""
    ((name, data),) = chat.poster.files.values()
    return name, json.loads(data)


MEDIA = {"film.mp4", "film.wav", "contact_sheet.jpg", "clips/1A-1.mp4", "clips/1B-1.mp4"}
LISTS = {"README.txt", "film.edl", "film.fcpxml", "film.otio", "film.srt", "film.vtt", "prompts.md", "film.json"}


async def test_everything_goes_home_with_its_editor(chat: Chat) -> None:
    await two_shots(chat)
    chat.poster.largest = 10_000_000
    card = await chat.says("/export transition:dissolve")
    name, found = home(chat)
    assert name == "First-film.zip"
    assert found.keys() == LISTS | MEDIA
    assert "You came back." in found["film.srt"]
    assert card.lines[0].startswith("Clips, cut lists")
    assert card.facts == ("8 s", "2 shots")
    (film,) = films(chat)
    assert film.clip is not None, "it was cut for it"
    assert film.posted is None, "but nobody asked to see it"


async def test_a_film_that_is_there_is_not_cut_again(chat: Chat) -> None:
    await two_shots(chat)
    await chat.says("/film")
    (film,) = films(chat)
    await chat.taps("Export", chat.poster.messages[film.id][-1])
    await chat.says("/export")
    assert len(chat.cutting.films) == 1
    assert len(films(chat)) == 1
    assert len(chat.cutting.packed) == 2


async def test_where_any_size_is_taken_it_is_kept_and_served(chat: Chat) -> None:
    await two_shots(chat)
    card = await chat.says("/export")
    assert await chat.clips.path(card.file) is not None
    assert home(chat)[1].keys() >= LISTS


async def test_what_is_too_large_is_linked_where_there_are_links(chat: Chat) -> None:
    await two_shots(chat)
    chat.poster.largest, chat.links["*"] = 100, "https://films.example/x"
    card = await chat.says("/export")
    (button,) = card.buttons
    assert (button.label, button.url) == ("Download", "https://films.example/x")
    assert card.lines[-1] == "Too large to be posted here. The link works for 7 days."
    assert chat.poster.files == {}


async def whole(chat: Chat) -> int:
    """Bytes of the zip with everything."""
    await chat.says("/export")
    size = len(json.dumps(home(chat)[1]))
    chat.poster.files.clear()
    return size


async def test_without_links_it_goes_without_the_clips_and_says_so(chat: Chat) -> None:
    await two_shots(chat)
    chat.poster.largest = await whole(chat) - 10
    card = await chat.says("/export")
    assert home(chat)[1].keys() == (LISTS | MEDIA) - {"clips/1A-1.mp4", "clips/1B-1.mp4"}
    assert card.lines[-1].startswith("With the clips it is too large")


async def test_a_place_that_takes_less_than_it_said_is_believed(chat: Chat) -> None:
    await two_shots(chat)
    chat.poster.takes, chat.poster.largest = await whole(chat) - 10, 10_000_000
    card = await chat.says("/export")
    assert card.lines[-1].startswith("With the clips it is too large")
    assert "clips/1A-1.mp4" not in home(chat)[1]


async def test_a_place_that_takes_nothing_is_told(chat: Chat) -> None:
    await two_shots(chat)
    chat.poster.largest = 10
    card = await chat.says("/export")
    assert (card.tone, card.lines) == (Tone.FAILED, ("Even without the clips it is too large for this place.",))


async def test_a_silent_film_has_no_sound_to_take_home(chat: Chat) -> None:
    await two_shots(chat)
    chat.cutting.silent = True
    await chat.says("/export")
    assert "film.wav" not in home(chat)[1]


async def test_a_film_elsewhere_is_unknown_but_for_its_own_member_alone_with_us(chat: Chat) -> None:
    await two_shots(chat)
    await chat.says("/film")
    (film,) = films(chat)
    assert (await chat.says(f"/export film:{film.id}", MAREK)).title.endswith("for the editor")
    assert (await chat.says(f"/export film:{film.id}", MAREK, "elsewhere")).lines == ("There is no such film here.",)
    assert (await chat.says(f"/export film:{film.id}", INES, "direct")).title.endswith("for the editor")


# ---------------------------------------------------------------- the contact sheet


async def sheet(chat: Chat) -> Card:
    await chat.says("/film")
    film = films(chat)[-1]
    return await chat.taps("Contact sheet", chat.poster.messages[film.id][-1])


async def test_the_contact_sheet_is_one_tap_away(chat: Chat) -> None:
    await chat.says("/style set light:golden hour")
    await two_shots(chat)
    card = await sheet(chat)
    path = await chat.clips.path(card.picture)
    assert path is not None
    assert card.title.endswith(", contact sheet")
    (drawn,) = chat.drawing.sheets
    assert [(shot.slate, shot.length, shot.begins, shot.frames) for shot in drawn.shots] == [
        ("1A-1", "4 s", 0, 96),
        ("1B-1", "4 s", 96, 96),
    ]
    assert drawn.facts == ("8 s, 2 shots, 24 frames a second", "12 Jan 1970")
    assert "golden hour" in drawn.spine
    assert drawn.ratio == 1280 / 720
    assert None not in chat.drawing.sheet_clips[0]


async def test_where_it_cannot_be_drawn_a_sentence_says_so(chat: Chat) -> None:
    await two_shots(chat)
    chat.drawing.broken = True
    card = await sheet(chat)
    assert (card.tone, card.lines) == (Tone.FAILED, ("The contact sheet could not be drawn; please try once more.",))
