"""The gallery of ideas: every one of them can be asked for in every language, and says what our own linter asks of members."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from bot.cards import BUTTON_BYTES
from bot.commands import Command, Generate, Remix, action
from bot.gallery import NAME_MAX, Technique, groups, technique, techniques
from bot.linter import Kind, lint
from bot.picks import joined
from bot.spine import Spine
from bot.text import languages

EACH = pytest.mark.parametrize("each", techniques(), ids=lambda each: each.name)


def test_there_are_some_of_every_group_and_each_is_found_by_name() -> None:
    names = [each.name for each in techniques()]
    assert 24 <= len(set(names)) == len(names) <= 30
    assert [group for group, _ in groupby(each.group for each in techniques())] == [*groups()]
    assert all(technique(name) is each for name, each in zip(names, techniques(), strict=True))
    assert technique("nothing") is None
    for titles in groups().values():
        assert set(titles) == set(languages())


@EACH
def test_a_name_goes_into_a_button(each: Technique) -> None:
    assert re.fullmatch(r"[a-z_]+", each.name)
    assert len(each.name) <= NAME_MAX
    assert len(action("try", each.name).encode()) <= BUTTON_BYTES


@EACH
def test_it_asks_for_the_same_in_every_language(each: Technique) -> None:
    kinds = {tuple(map(type, each.told(tag).commands())) for tag in languages()}
    assert len(kinds) == 1
    assert len({each.told(tag).why for tag in languages()}) == len(languages())


@EACH
@pytest.mark.parametrize("tag", languages())
def test_our_linter_has_nothing_to_say_but_that_a_sound_may_be_named(each: Technique, tag: str) -> None:
    for command in each.told(tag).commands():
        words = words_of(command)
        remix = isinstance(command, Remix)
        offered = lint(words, spine=Spine(), seconds=4, remix=remix) if words else ()
        assert {offer.kind for offer in offered} <= {Kind.SOUND}, words


def words_of(command: Command) -> str:
    if isinstance(command, Remix):
        return joined(command.change, command.picks, "")
    return command.prompt if isinstance(command, Generate) else ""


@pytest.mark.parametrize(("tag", "written"), [("en-GB", "Over-the-shoulder"), ("zh-CN", "过肩"), ("zh-TW", "過肩")])
def test_it_is_told_in_the_members_language(tag: str, written: str) -> None:
    found = technique("dialogue")
    assert found is not None
    assert found.told(tag).words[0].startswith(written)
