"""How takes came from one another: who is in the family, who is drawn, and what stands on each branch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import compile_brief
from bot.cards import Card
from bot.drawings import Branch, Lineage
from bot.film import Slate, Take
from bot.lineage import MOST, Family, chosen, drawn
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def lineage(chat: Chat, take: str) -> Lineage:
    """What is drawn when a member asks for the story of that take."""
    await chat.says(f"/shot {take}")
    return chat.drawing.lineages[-1]


def branch(tree: Lineage, slate: str) -> Branch:
    return next(each for each in tree.branches if each.slate == slate)


def above(tree: Lineage, slate: str) -> str | None:
    parent = branch(tree, slate).parent
    return None if parent is None else tree.branches[parent].slate


async def filmed(chat: Chat) -> Card:
    """1A-1, remixed twice (1A-2, and 1A-3 from that), and retaken (1A-4)."""
    first = await chat.says("a fox crosses a snowy forest")
    second = await chat.replies("at night", first)
    await chat.replies("snow instead of rain", second)
    await chat.taps("Retake", first)
    return first


async def test_a_single_take_is_a_tree_of_one(chat: Chat) -> None:
    await chat.says("a fox crosses a snowy forest")
    tree = await lineage(chat, "1A-1")
    assert (tree.shot, tree.count) == ("1A", "1 take")
    assert [(each.slate, each.words, each.verbatim, each.shown) for each in tree.branches] == [
        ("1A-1", "a fox crosses a snowy forest", True, True)
    ]
    assert branch(tree, "1A-1").still in chat.drawing.stills[-1]


async def test_every_take_of_the_shot_hangs_on_what_it_was_made_from(chat: Chat) -> None:
    await filmed(chat)
    tree = await lineage(chat, "1A-2")
    assert [each.slate for each in tree.branches] == ["1A-1", "1A-2", "1A-3", "1A-4"]
    assert [above(tree, slate) for slate in ("1A-1", "1A-2", "1A-3", "1A-4")] == [None, "1A-1", "1A-2", "1A-1"]
    assert [(each.words, each.verbatim) for each in tree.branches[1:]] == [
        ("at night", True),
        ("snow instead of rain", True),
        ("the same brief again", False),
    ]
    assert [each.slate for each in tree.branches if each.shown] == ["1A-2"]


async def test_chosen_takes_are_marked_and_counted(chat: Chat) -> None:
    first = await filmed(chat)
    await chat.taps("Circle", first)
    tree = await lineage(chat, "1A-4")
    assert tree.count == "4 takes, 1 circled"
    assert [each.slate for each in tree.branches if each.circled] == ["1A-1"]


async def test_a_remix_in_another_production_is_shown_with_its_title(chat: Chat) -> None:
    first = await chat.says("a fox crosses a snowy forest")
    await chat.says("/session new Night Market", member=MAREK)
    await chat.replies("as a woodcut", first, member=MAREK)
    tree = await lineage(chat, "1A-1")
    assert [each.note for each in tree.branches] == ["", "in Night Market"]
    assert [each.words for each in tree.branches][1] == "as a woodcut"


async def test_what_was_made_elsewhere_is_seen_only_where_nobody_else_reads_along(chat: Chat) -> None:
    first = await chat.says("a fox", place="night-shoots")
    hidden = next(iter(chat.store.rows.takes.values()))
    chat.store.rows.takes["elsewhere"] = replace(hidden, id="elsewhere", made_from=hidden.id, place="direct-ines")
    chat.store.rows.takes["anothers"] = replace(
        hidden, id="anothers", made_from=hidden.id, place="direct-marek", member=MAREK.id
    )
    assert len((await lineage(chat, first.take)).branches) == 1
    await chat.says(f"/shot {first.take}", place="direct-ines")
    assert len(chat.drawing.lineages[-1].branches) == 2


async def test_a_take_that_has_no_clip_says_how_it_stands(chat: Chat) -> None:
    await chat.says("a fox")
    take = next(iter(chat.store.rows.takes.values()))
    chat.store.rows.takes[take.id] = replace(take, clip=None)
    tree = await lineage(chat, "1A-1")
    assert (tree.branches[0].still, tree.branches[0].state) == (None, "ready")


# ---------------------------------------------------------------- large families, made by hand


def takes(parents: list[int | None]) -> tuple[Take, ...]:
    """Takes made from those before them, by place."""
    made: list[Take] = []
    for number, parent in enumerate(parents):
        made.append(
            Take(
                id=f"t{number:04}",
                shot="s",
                slate=Slate(1, 0, number + 1),
                brief=compile_brief("a fox"),
                member=INES.id,
                place="p",
                made_from=None if parent is None else f"t{parent:04}",
                change=f"change {number}" if parent is not None else "",
                created_at=float(number),
            )
        )
    return tuple(made)


def family(parents: list[int | None], shown: int) -> Family:
    made = takes(parents)
    return Family(made[shown], made, {}, {})


@pytest.mark.parametrize("count", [MOST, MOST + 1, 100, 400])
def test_a_long_chain_keeps_its_first_and_the_one_asked_about(count: int) -> None:
    tree = drawn(family([None, *range(count - 1)], shown=count - 1), "en")
    assert len(tree.branches) == min(MOST, count)
    assert tree.branches[0].slate == "1A-1"
    assert tree.branches[-1].shown
    left_out = count - len(tree.branches)
    assert "".join(each.more for each in tree.branches) == (f"and {left_out} more" if left_out else "")


def test_of_very_many_the_circled_and_the_newest_are_drawn() -> None:
    made = [*takes([None, *[0] * 99])]
    made[7] = made[7].circle()
    everything = Family(made[3], tuple(made), {}, {})
    kept = {place for place, take in enumerate(made) if take.id in chosen(everything)}
    assert {0, 3, 7} <= kept
    assert kept - {0, 3, 7} == set(range(100 - (MOST - 3), 100))
    assert drawn(everything, "en").branches[0].more == "and 60 more"
    assert drawn(everything, "zh-Hans").count == "100 条、圈选 1 条"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_family_a_branch_stands_behind_its_parent(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 120))
    parents = [None, *(data.draw(st.one_of(st.none(), st.integers(0, n - 1))) for n in range(1, count))]
    shown = data.draw(st.integers(0, count - 1))
    tree = drawn(family(parents, shown), "en")
    assert len(tree.branches) == min(count, MOST)
    assert sum(each.shown for each in tree.branches) == 1
    assert all(each.parent is None or each.parent < place for place, each in enumerate(tree.branches))
