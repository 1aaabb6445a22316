"""A backend's own character: made of a take once its member agrees, never twice unasked; or given by its id."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import commands
from bot.capabilities import Capabilities, Characters
from bot.cards import Card, Tone
from bot.errors import BackendFault, BadOrder, NeverMade, Unclear, Unreachable
from bot.likeness import ASKED
from bot.looks import Character
from bot.paperwork import Wish
from bot.people import Address
from tests.dialogue import INES, MAREK, Chat
from tests.fakes.film_world import FakeBackend


@dataclass
class Portraitist(FakeBackend):
    """Makes characters; `refusals` are raised by the coming calls."""

    refusals: list[BackendFault] = field(default_factory=list)
    sat: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Who sat for it: name, job, clip."""

    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        self.sat.append((name, remote_id, clip.read_bytes()))
        if self.refusals:
            raise self.refusals.pop(0)
        return f"char_{len(self.sat)}"


@dataclass
class Casting:
    """A member's chat with a backend that makes characters, and somebody made from a take."""

    chat: Chat
    backend: Portraitist
    asked: Card

    @property
    def ids(self) -> dict[str, str]:
        """By what the backend knows the newest version of somebody."""
        newest = max(self.chat.store.rows.cast.values(), key=lambda who: who.version)
        return dict(newest.ids)


@pytest.fixture
async def casting(tmp_path: Path) -> Casting:
    backend = Portraitist(can=Capabilities(characters=Characters.IDS, micros_per_second=1, usual_length=4))
    chat = Chat(tmp_path, backend=backend)
    take = await chat.says("A fox in a green scarf runs.")
    return Casting(chat, backend, await chat.says(f"/cast add Rusty from:{take.take}"))


async def test_nothing_is_made_unasked(casting: Casting) -> None:
    assert casting.backend.sat == []
    left = await casting.chat.taps("No", casting.asked)
    assert left.lines == ("Nothing was made, nothing was spent. Rusty goes by words.",)
    assert casting.backend.sat == []
    assert casting.ids == {}


async def test_made_once_and_named_by_its_id_from_then_on(casting: Casting) -> None:
    made = await casting.chat.taps("Make the character", casting.asked)
    assert made.lines == (
        "fake knows Rusty by a character of its own now. It goes along in every prompt there, beside the words.",
    )
    assert "known to fake" in made.facts
    assert casting.backend.sat == [("Rusty", "fake-1", b"a clipfake-1")]
    assert casting.ids == {"fake": "char_1"}

    await casting.chat.says("Rusty sleeps.")
    (brief,) = [order.brief for order in casting.backend.accepted.values()][1:]
    assert brief.characters_at("fake") == ("char_1",)
    assert "Rusty: A fox. Wardrobe: in a green scarf." in brief.text

    again = await casting.chat.taps("Make the character", casting.asked)
    assert (again.buttons, len(casting.backend.sat)) == ((), 1)


@pytest.mark.parametrize("fault", [NeverMade("busy"), BadOrder("the clip is too long")])
async def test_what_was_certainly_not_made_is_said_and_may_be_asked_again(
    casting: Casting, fault: BackendFault
) -> None:
    casting.backend.refusals.append(fault)
    refused = await casting.chat.taps("Make the character", casting.asked)
    assert (refused.tone, refused.lines) == (Tone.FAILED, (f"fake did not make a character of Rusty: {fault.reason}",))
    await casting.chat.taps("Make the character", refused)
    assert casting.ids == {"fake": "char_2"}


@pytest.mark.parametrize("fault", [Unclear("lost"), Unreachable("lost")])
async def test_what_may_have_been_made_is_not_asked_again_by_itself(casting: Casting, fault: BackendFault) -> None:
    casting.backend.refusals.append(fault)
    unsure = await casting.chat.taps("Make the character", casting.asked)
    assert "could not confirm" in unsure.lines[0]
    assert (len(casting.backend.sat), casting.ids) == (1, {})


async def test_a_wish_that_died_in_the_midst_is_answered_and_not_asked_again(casting: Casting) -> None:
    """As after kill -9 between the call and its answer: the wish stands there, marked as asked."""
    chat = casting.chat
    (rusty,) = chat.store.rows.cast.values()
    died = commands.to_dict(Character(cast=rusty.id, agreed=True, made=ASKED))
    address = Address("chat", "night-shoots", server="set", member=INES.id)
    async with chat.store.work() as w:
        await w.wishes.add(Wish("died", INES, address, died, chat.clock.now()))
    await chat.studio.take_up("died")
    async with chat.store.work() as w:
        wish = await w.wishes.get("died")
    assert wish is not None
    assert wish.answer is not None
    assert "could not confirm" in wish.answer.lines[0]
    assert casting.backend.sat == []


async def test_nobody_else_has_it_made(casting: Casting) -> None:
    refused = await casting.chat.taps("Make the character", casting.asked, member=MAREK)
    assert (refused.tone, casting.backend.sat) == (Tone.FAILED, [])


async def test_an_id_that_a_member_knows_can_be_given_and_forgotten(casting: Casting) -> None:
    chat = casting.chat
    shown = await chat.says("/cast set Rusty id:fake:char_known")
    assert ("known to fake" in shown.facts, shown.buttons) == (True, ())
    await chat.says("Rusty sleeps.")
    assert list(casting.backend.accepted.values())[-1].brief.characters_at("fake") == ("char_known",)
    await chat.says("/cast set Rusty id:fake:-")
    assert casting.ids == {}


@pytest.mark.parametrize("said", ["fake", "fake:", "elsewhere:char_1", "fake:two words", f"fake:{'x' * 1001}"])
async def test_an_id_that_cannot_be_one_gets_one_sentence(casting: Casting, said: str) -> None:
    refused = await casting.chat.wants(commands.build("cast", {"action": "set", "name": "Rusty", "id": said}))
    assert (refused.tone, len(refused.lines)) == (Tone.FAILED, 1)
    assert "fake:…" in refused.lines[0]
    assert casting.ids == {}
