"""Discord's own description as a judge: that it judges as a plain validator does, and what it is asked about."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import V2, Raw, unheard
from tests.fakes_tests.discord.test_components import BAD, BAD_FORMS, GOOD, GOOD_FORMS
from tests.specs import spec_file
from tests.specs_discord import DIFFERENCES, FILE, OPERATIONS, Book

CREATE = ("POST", "/channels/{channel}/messages")
CALLBACK = ("POST", "/interactions/{interaction}/{token}/callback")
Question = tuple[tuple[str, str], Any]


@pytest.fixture
def book() -> Book:
    """The description, where it is present; without it these tests have nothing to say."""
    found = Book.found()
    if found is None:
        pytest.skip(f"{FILE} is absent")
    return found


def cards() -> list[Question]:
    """Good and bad bodies of two kinds."""
    messages: list[Any] = [{"components": card, "flags": V2} for card in [*GOOD, *[bad for bad, _ in BAD]]]
    forms = [{"type": 9, "data": form} for form in [*GOOD_FORMS, *[bad for bad, _ in BAD_FORMS]]]
    return [*[(CREATE, one) for one in messages], *[(CALLBACK, one) for one in forms]]


def damaged(body: Any, luck: random.Random) -> Any:
    """The same with one value somewhere replaced by another kind of thing."""
    body = copy.deepcopy(body)
    spots = list(places(body))
    holder, key = luck.choice(spots)
    holder[key] = luck.choice([None, 7, -1, "x", "", [], {}, True, 1.5, "x" * 5000])
    return body


def places(thing: Any) -> list[tuple[Any, Any]]:
    """Every place that a value stands in."""
    keys: list[Any] = (
        list(thing) if isinstance(thing, dict) else list(range(len(thing))) if isinstance(thing, list) else []
    )
    return [spot for key in keys for spot in [(thing, key), *places(thing[key])]]


def plain_verdict(description: dict[str, Any], question: Question) -> bool:
    """What a validator without our changes says."""
    (method, route), body = question
    schema = description["paths"][OPERATIONS[method, route]][method.lower()]["requestBody"]["content"][
        "application/json"
    ]["schema"]
    return bool(Draft202012Validator({**schema, "components": description["components"]}).is_valid(body))


def test_it_judges_as_a_plain_validator_does(book: Book) -> None:
    path, luck = spec_file(FILE), random.Random(7)
    assert path
    description = json.loads(path.read_text(encoding="utf-8"))
    asked = cards()
    asked += [(route, damaged(body, luck)) for route, body in asked for _ in range(2)]
    for question in asked:
        route, body = question
        ours = [line for line in book.objections(*route, body) if "unknown field" not in line]
        assert bool(ours) != plain_verdict(description, question), (body, ours)


@pytest.mark.parametrize("card", GOOD)
def test_what_we_take_it_takes(book: Book, card: list[Any]) -> None:
    assert book.objections(*CREATE, {"components": card, "flags": V2}) == []


def test_it_names_the_place_of_a_fault(book: Book) -> None:
    card = {"type": 1, "components": [{"type": 2, "style": 2, "label": "x" * 81, "custom_id": "a"}]}
    [line] = book.objections(*CREATE, {"components": [card]})
    assert line.startswith("POST /channels/{channel}/messages components[0].components[0].label: ")
    assert "too long" in line
    assert book.objections(*CREATE, {"contents": "x"}) == ["POST /channels/{channel}/messages contents: unknown field"]


def test_an_id_may_be_a_number(book: Book) -> None:
    assert book.objections(*CREATE, {"content": "x", "message_reference": {"message_id": 7, "channel_id": 8}}) == []
    assert book.objections(*CREATE, {"content": "x", "message_reference": {"message_id": True}})


def test_what_it_is_not_asked_about(book: Book) -> None:
    assert book.objections("GET", "/gateway", None) == []


@pytest.mark.parametrize(("pattern", "reason"), DIFFERENCES)
def test_every_difference_has_a_reason(pattern: Any, reason: str) -> None:
    assert pattern.pattern
    assert len(reason.split()) > 5


async def test_the_fake_passes_its_objections_on(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User, book: Book
) -> None:
    await raw.say(place, content="x", colour="red")
    heard = unheard(discord, ines, place)
    await raw.answer(heard, 4, {"content": "x", "flags": "64"})
    assert any("colour: unknown field" in line for line in discord.broken)
    assert any("flags" in line for line in discord.broken)
    assert len(discord.unexamined) == 0
