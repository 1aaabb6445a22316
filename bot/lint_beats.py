"""Beats: the actions that take their turn in a shot, counted by verbs, "then" and bullets.

What goes on all the time (rain falls, neon flickers, she waits) and what the camera does takes no turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from bot import lexicon
from bot.lint_reading import Words, segments
from bot.lint_tables import forms, listed, words_of
from bot.words import LAYERS

_SILENT: Final = ("sound", *sorted(LAYERS), "dialogue", "camera")
_CAMERA: Final = frozenset({"camera", "lens", "frame", "shot", "view", "focus", "we", "cam"})
_HE: Final = frozenset({"he", "she", "they", "it", "who", "i", "we", "you", "someone", "somebody", "everyone"})
# what a word may be in a sentence, as far as beats are concerned; the empty string: nothing
_JOINS: Final = "joins"  # it opens a clause of its own: "and", "then"
_ASIDE: Final = "aside"  # the next verb goes on at the same time: "while", "who"
_ACTS: Final = "acts"
_MAY_ACT: Final = "may act"  # verb or noun: "cooks", "drinks"
_BASE: Final = "base"
_SOMEBODY: Final = "somebody"
_SOMETHING: Final = "something"
_VERBS: Final = frozenset({_ACTS, _MAY_ACT, _BASE})
_THINGS: Final = frozenset({_SOMETHING, _MAY_ACT})
_SENTENCE = re.compile(r"[.!?;\n:]")
_HAN_CLAUSE = re.compile(r"[^，。；！？、\n,.;!?：:]+")


class Beat(NamedTuple):
    """One action: where it is cut off from the one before, and where its clause ends."""

    cut: int
    end: int


@dataclass(slots=True)
class _Clause:
    """What is known of the clause that is being read."""

    cut: int
    fresh: bool
    """At the beginning of a sentence: nobody has acted yet."""
    listed: bool = False
    """Only a comma stands between it and the beat before: "dials, waits, shouts"."""
    alive: bool | None = None
    """Whether its own subject is somebody; None while it has none."""
    counted: bool = False
    skips: bool = False


def beats_in(text: Words) -> list[Beat]:
    """The beats in the order of the words."""
    found = [*_english(text), *(_chinese(text) if text.han else ())]
    return sorted(found)


@cache
def _still() -> frozenset[str]:
    return forms("beats", "still")


@cache
def _more() -> frozenset[str]:
    return frozenset(
        form for verb in listed("beats", "more") for tag, form in lexicon.verb_forms(verb) if tag == "verb.s"
    )


def _english(text: Words) -> Iterator[Beat]:
    who = {mark.first for mark in text.people}
    clause, acting, behind, mixed = _Clause(0, True), True, 0, bool(text.asides) or len(text.runs) > 1
    raw, roles = text.text, _ROLES
    for at, (low, start, end, _) in enumerate(text.tokens):
        cut, behind, role = behind, end, roles[low]
        if start - cut != 1 or raw[cut] != " ":
            gap = raw[cut:start]
            if _SENTENCE.search(gap):
                clause, acting = _Clause(cut, True), True
            elif "," in gap:
                clause = _Clause(cut, False, clause.counted and role == _ACTS)
        elif not role and at not in who:
            continue
        if role == _JOINS:
            clause = _Clause(cut, False)
        elif clause.counted or (mixed and _is_silent(text, start)):
            continue
        elif role == _ASIDE:
            clause.skips = True
        elif role in _VERBS and _takes_a_turn(text, at, role, clause, acting):
            clause.counted = acting = True
            yield Beat(clause.cut, text.clause_end(end))
        elif at in who or role == _SOMEBODY:
            clause.alive = acting = True
        elif role in _THINGS:
            clause.alive = False
            acting = acting and not clause.fresh


def _is_silent(text: Words, at: int) -> bool:
    """Whether nothing acts here: a line about sound or camera, or speech."""
    return text.aside(at) or text.in_run(at, *_SILENT)


class _Roles(dict[str, str]):
    """The part that each word can play, read once: half the time of a cached function, for it is asked for every word."""

    def __missing__(self, low: str) -> str:
        role = _role(low)
        if len(self) < _ROLES_MAX:
            self[low] = role
        return role


_ROLES_MAX = 8192
_ROLES = _Roles()


def _role(low: str) -> str:
    tags = lexicon.english().tags.get(low, frozenset())
    noun = "noun" in tags
    if low == "and" or low in words_of("beats", "then"):
        return _JOINS
    if low in words_of("beats", "aside"):
        return _ASIDE
    if low in _HE or low in _CAMERA:
        return _SOMEBODY if low in _HE else _SOMETHING
    if low in _more() or "verb.s" in tags:
        return _MAY_ACT if noun and low not in _more() else _ACTS
    if noun and not tags & {"adjective", "prepositions"}:
        return _SOMETHING
    return _BASE if "verb.base" in tags else ""


def _takes_a_turn(text: Words, at: int, role: str, clause: _Clause, acting: bool) -> bool:
    """Whether the word is a finite verb here, of somebody, and not one that goes on all the time."""
    if role == _BASE:
        if not at or text.tokens[at - 1].low not in ("they", "we", "kids", "people"):
            return False
    elif role != _ACTS and (role != _MAY_ACT or clause.alive is False):
        return False
    if clause.skips:
        clause.skips = False
        return False
    token = text.tokens[at]
    following = text.tokens[at + 1].low if at + 1 < len(text.tokens) else ""
    if token.low in _still() and following not in words_of("beats", "ends") and not clause.listed:
        return False
    return acting if clause.alive is None else clause.alive


def _chinese(text: Words) -> Iterator[Beat]:
    """A clause with an action is a beat; one about the camera is none."""
    signs = segments(text.folded)
    at = 0
    for match in _HAN_CLAUSE.finditer(text.folded):
        start, end = match.span()
        while at < len(signs) and signs[at][0] < start:
            at += 1
        here = []
        while at < len(signs) and signs[at][0] < end:
            here.append(signs[at][2])
            at += 1
        if _is_silent(text, start) or not any(_acts(tags) for tags in here):
            continue
        if not any(tags & {"camera_verbs", "framing", "move"} for tags in here):
            yield Beat(len(text.text[:start].rstrip("，。；！？、\n,.;!?- \t")), end)


def _acts(tags: frozenset[str]) -> bool:
    return bool(tags & {"verbs", "wearing.on", "wearing.off", "beats.more_zh"}) and "beats.still_zh" not in tags
