"""What a member attached is fetched only after the wish is stored, looked at, and named by its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.brief import Note
from bot.capabilities import Capabilities
from bot.cards import Card, Tone
from bot.commands import Edit, Generate, Idea, Stage
from bot.errors import DeliveryFault, RefusedByRules
from bot.paperwork import Wish
from bot.pictures import FACE, leaves_house
from bot.studio import PATIENCE
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeGate

PICTURE = b"a picture of a fox"
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path)
    chat.poster.pictures["one"] = PICTURE
    return chat


def unreachable(chat: Chat, *, final: bool = False) -> None:
    """From now on the platform hands nothing over."""

    async def fetch(attachment: str, into: Path) -> None:
        raise DeliveryFault("not now", final=final)

    chat.poster.fetch = fetch  # type: ignore[method-assign]


async def stored(chat: Chat, wish: Wish) -> Wish:
    async with chat.store.work() as w:
        found = await w.wishes.get(wish.id)
    assert found is not None
    return found


async def test_a_take_starts_from_what_was_attached(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    await chat.studio.take_up(wish.id)
    await chat.engine.quiet()

    assert next(iter(chat.backend.accepted.values())).brief.reference == DIGEST
    assert await chat.clips.path(DIGEST) is not None
    assert (await stored(chat, wish)).command["values"]["image"] == DIGEST
    assert list(Path(chat.clips.root).glob("tmp*")) == [], "nothing is left in the scratch folder"


async def test_an_idea_keeps_its_picture_though_the_platform_lets_it_go(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="it runs", image="chat:one"), place="direct-ines")
    chat.poster.pictures.clear()
    await chat.taps("Shoot it", idea, place="direct-ines")

    assert next(iter(chat.backend.accepted.values())).brief.reference == DIGEST


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("chat:gone", "could no longer be fetched"), ("chat:text", "not a picture we can read")],
)
async def test_what_is_no_picture_or_gone_is_declined(chat: Chat, address: str, sentence: str) -> None:
    chat.poster.pictures["text"] = b"broken"
    card = await chat.wants(Generate(prompt="it runs", image=address))

    assert (card.tone, card.quote) == (Tone.FAILED, "it runs")
    assert sentence in card.lines[0]
    assert not chat.store.rows.jobs


async def test_a_platform_that_does_not_answer_is_asked_again(chat: Chat) -> None:
    fetch = chat.poster.fetch
    unreachable(chat)
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    await chat.studio.take_up(wish.id)
    assert not (await stored(chat, wish)).handled
    chat.poster.fetch = fetch  # type: ignore[method-assign]
    await chat.sweep.round()
    await chat.engine.quiet()

    assert (await chat.answer(wish.id)).tone is Tone.READY


async def test_after_a_while_the_member_is_asked_to_attach_it_again(chat: Chat) -> None:
    unreachable(chat)
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    chat.clock.time += PATIENCE + 1
    await chat.studio.take_up(wish.id)
    assert "attach it again" in (await chat.answer(wish.id)).lines[0]

    unreachable(chat, final=True)
    assert "attach it again" in (await chat.wants(Generate(prompt="it runs", image="chat:one"))).lines[0]


async def test_what_another_process_brings_in_is_left_to_it(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="it runs", image="elsewhere:one"))
    await chat.studio.take_up(wish.id)

    assert not (await stored(chat, wish)).handled
    assert await chat.answer(wish.id) == Card()


async def test_a_digest_needs_no_fetching(chat: Chat) -> None:
    unreachable(chat)
    card = await chat.wants(Generate(prompt="it runs", image=DIGEST))
    assert card.quote == "it runs"
    assert (await chat.take(card)).brief.reference == DIGEST


# ---------------------------------------------------------------- pictures that may show a face

WARNING = "The picture may show a face; most hosted models refuse that. Describing the person in words works better."
ROAD = (
    "Pictures that show a face are often refused. “Change the words” films it without the picture: "
    "describe the person in words instead."
)


@dataclass
class SeeingGate(FakeGate):
    """Sees a face in files that speak of one, and remembers what it looked at."""

    looked_at: list[bytes] = field(default_factory=list)

    async def may_show_face(self, file: Path) -> bool:
        self.looked_at.append(file.read_bytes())
        return b"portrait" in file.read_bytes()


@pytest.fixture
def gate(chat: Chat) -> SeeingGate:
    gate = SeeingGate()
    chat.studio.gate = gate
    chat.poster.pictures["two"] = b"a portrait of Ada"
    return gate


def shown(chat: Chat, card: Card) -> list[tuple[str, ...]]:
    """The lines of all that the take's card ever was."""
    return [each.lines for each in chat.poster.messages[card.take]]


async def test_a_face_is_filmed_as_asked_and_the_member_is_told_while_it_matters(chat: Chat, gate: SeeingGate) -> None:
    card = await chat.wants(Generate(prompt="she smiles", image="chat:two"))

    assert card.tone is Tone.READY
    assert (
        next(iter(chat.backend.accepted.values())).brief.reference == hashlib.sha256(b"a portrait of Ada").hexdigest()
    )
    assert WARNING in shown(chat, card)[0]
    assert WARNING not in card.lines, "the clip is there: it was not refused"


async def test_a_picture_without_a_face_is_not_spoken_of(chat: Chat, gate: SeeingGate) -> None:
    card = await chat.wants(Generate(prompt="it runs", image="chat:one"))

    assert gate.looked_at == [PICTURE]
    assert not any(WARNING in lines for lines in shown(chat, card))


async def test_what_stays_inside_the_house_is_not_looked_at(chat: Chat, gate: SeeingGate) -> None:
    await chat.wants(Generate(prompt="she smiles", image="chat:two", stage=Stage.ANIMATIC))
    chat.backend.can = replace(chat.backend.can, embedded=True)
    await chat.wants(Generate(prompt="she smiles", image="chat:two"))

    assert len(chat.backend.accepted) == 2
    assert gate.looked_at == []


def test_what_picks_may_pick_a_backend_outside() -> None:
    inside, outside = Capabilities(embedded=True), Capabilities()
    picks = {
        "in": inside,
        "out": outside,
        "auto": Capabilities(among=("in", "out")),
        "ours": Capabilities(among=("in",)),
    }
    assert [leaves_house(picks, name) for name in picks] == [False, True, True, False]


async def test_a_gate_that_cannot_tell_warns_of_nothing(chat: Chat) -> None:
    chat.poster.pictures["two"] = b"a portrait of Ada"
    card = await chat.wants(Generate(prompt="she smiles", image="chat:two"))
    assert card.tone is Tone.READY
    assert not any(WARNING in lines for lines in shown(chat, card))


async def test_a_face_is_told_with_the_price_before_anything_is_spent(chat: Chat, gate: SeeingGate) -> None:
    idea = await chat.wants(Idea(prompt="she smiles", image="chat:two"))
    assert WARNING in idea.lines
    edited = await chat.taps("Edit", idea, "she laughs")
    assert WARNING in edited.lines
    card = await chat.taps("Shoot it", edited)
    assert FACE in (await chat.take(card)).brief.notes


async def test_the_next_take_of_the_same_picture_is_warned_of_too(chat: Chat, gate: SeeingGate) -> None:
    card = await chat.wants(Generate(prompt="she smiles", image="chat:two"))
    again = await chat.taps("Retake", card)
    assert (await chat.take(again)).brief.notes == (FACE,)
    chat.backend.can = replace(chat.backend.can, embedded=True)
    inside = await chat.taps("Retake", again)
    assert (await chat.take(inside)).brief.notes == ()


async def test_after_a_refusal_of_the_picture_the_road_in_words_is_open(chat: Chat, gate: SeeingGate) -> None:
    chat.backend.faults = [RefusedByRules("image")]
    card = await chat.wants(Generate(prompt="she smiles", image="chat:two"))
    assert (card.tone, card.lines[1:]) == (Tone.FAILED, (ROAD,))
    assert card.lines[0].endswith("You paid nothing.")

    described = await chat.taps("Change the words", card, "a woman of thirty with grey eyes smiles")
    (order,) = chat.backend.accepted.values()
    assert (order.brief.reference, order.brief.text) == (None, "a woman of thirty with grey eyes smiles")
    assert described.lines == ("The picture was refused, so this take was made from words alone.",)
    assert [note.key for note in (await chat.take(described)).brief.notes] == ["words_alone"]

    once_more = await chat.taps("Retake", described)
    assert (await chat.take(once_more)).brief.notes == ()


async def test_other_words_keep_a_picture_that_was_not_what_was_refused(chat: Chat, gate: SeeingGate) -> None:
    chat.backend.faults = [RefusedByRules("prompt")]
    card = await chat.wants(Generate(prompt="it runs", image="chat:one"))
    assert ROAD not in card.lines
    again = await chat.wants(Edit(take=card.take, prompt="it walks"))
    assert (await chat.take(again)).brief.reference == DIGEST
    assert Note("words_alone") not in (await chat.take(again)).brief.notes


async def test_a_face_is_told_with_the_price_of_the_final_whose_draft_stayed_at_home(tmp_path: Path) -> None:
    sketch = FakeBackend(can=Capabilities(images=True, free=True, embedded=True))
    chat = Chat(tmp_path, sketch, others=(FakeBackend("grand"),), final="grand")
    chat.studio.gate = SeeingGate()
    chat.poster.pictures["two"] = b"a portrait of Ada"
    draft = await chat.wants(Generate(prompt="she smiles", image="chat:two"))
    asked = await chat.says("/final")
    assert WARNING not in draft.lines
    assert WARNING in asked.lines
    assert asked.title == "1A-2"
