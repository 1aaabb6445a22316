"""What members wrote comes back byte for byte, whatever language, script or face it is in."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.brief import Brief, Part, PartName
from bot.cards import Button, Card, Change, Chip, Progress, PromptPart, Row, Tone
from bot.commands import Generate, to_dict
from bot.continuity import Facts
from bot.film import Shape, Slate
from bot.paperwork import Wish
from bot.people import Member
from bot.spine import Spine
from tests.storage.conftest import Store
from tests.storage.props import ADA, HERE, STUDIO, one_shot, shot, take

SAMPLES = [
    'She says "Don\'t" — \\n is not a newline',
    "🦊👩‍🚀🏳️‍🌈 e\u0301 ﬁ \u200d\ufe0f",
    "\u202eright to left\u202c \u2067مرحبا\u2069 שלום",
    "雪の森を狐が横切る。対白：「走れ」𠮷",
    "tab\there\nand a new line\n\n",
    "</script><b>*_`~|%s{}$1?:name\u2028",
]
numbers = itertools.count(1)  # one store serves all examples of a test
WORDS = st.one_of(
    st.sampled_from(SAMPLES), st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t\n"))
)
FACTS = st.builds(Facts, subject=WORDS, sound=WORDS, known=st.lists(WORDS, max_size=3).map(tuple))
SPINES = st.builds(Spine, look=WORDS, lens=WORDS, palette=WORDS, sound=WORDS)
BRIEFS = st.builds(
    Brief,
    parts=st.lists(st.builds(Part, st.sampled_from(PartName), WORDS), max_size=4).map(tuple),
    seconds=st.none() | st.integers(1, 60),
    shape=st.none() | st.sampled_from(Shape),
    seed=st.none() | st.integers(0, 2**31 - 1),
)
CARDS = st.builds(
    Card,
    tone=st.sampled_from(Tone),
    quote=WORDS,
    lines=st.lists(WORDS, max_size=2).map(tuple),
    changes=st.lists(st.builds(Change, WORDS, WORDS, WORDS), max_size=1).map(tuple),
    kept=st.lists(st.builds(Chip, WORDS, WORDS), max_size=1).map(tuple),
    rows=st.lists(st.builds(Row, WORDS, poster=st.none()), max_size=1).map(tuple),
    prompt=st.lists(st.builds(PromptPart, WORDS, WORDS), max_size=1).map(tuple),
    buttons=st.lists(st.builds(Button, WORDS, st.just("retake:1"), asks=st.booleans()), max_size=1).map(tuple),
    progress=st.none() | st.builds(Progress, share=st.floats(0, 1), place=st.integers(1, 99)),
)


@given(words=WORDS, facts=FACTS, spine=SPINES, brief=BRIEFS, card=CARDS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_word_comes_back(
    store: Store, *, words: str, facts: Facts, spine: Spine, brief: Brief, card: Card
) -> None:
    number = next(numbers)
    name = f"n{number}"
    wish = Wish(name, Member(ADA, words), HERE, to_dict(Generate(prompt=words, shape=brief.shape)), at=number / 3)
    the_shot = replace(shot(name, number=number), words=words, facts=facts, created_at=number / 7)
    the_take = take(name, name, slate=Slate(1, number, 1), brief=brief, change=words)
    async with store.work() as w:
        if await w.productions.get("film") is None:
            await one_shot(w)
        await w.wishes.add(wish)
        await w.wishes.handled(name, card, None)
        await w.sessions.set_spine(ADA, spine)
        await w.productions.add_shot(the_shot)
        await w.takes.add(the_take)
        post = await w.posts.put(STUDIO, name, card, at=1.0)
    async with store.work() as w:
        assert await w.wishes.get(name) == replace(wish, handled=True, answer=card)
        assert (await w.sessions.get(ADA, STUDIO)).spine == spine
        assert await w.productions.shot(name) == the_shot
        assert await w.takes.get(name) == the_take
        assert await w.posts.changed(STUDIO, post.cursor - 1) == [post]
    assert post.card == card
