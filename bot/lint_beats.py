"""Beats: the actions that take their turn in a shot, counted by verbs, "then" and bullets.

What goes on all the time (rain falls, neon flickers, she waits) and what the camera does takes no turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from bot import lexicon
from bot.lint_reading import Token, Words, people, segments
from bot.lint_tables import forms, listed, words_of

_SILENT: Final = ("sound", "dialogue", "camera")
_CAMERA: Final = frozenset({"camera", "lens", "frame", "shot", "view", "focus", "we", "cam"})
_HE: Final = frozenset({"he", "she", "they", "it", "who", "i", "we", "you", "someone", "somebody", "everyone"})
_HAN_CLAUSE = re.compile(r"[^，。；！？、\n,.;!?：:]+")


class Beat(NamedTuple):
    """One action: where it is cut off from the one before, and where its clause ends."""

    cut: int
    end: int


class _Clause:
    """What is known of the clause that is being read."""

    def __init__(self, cut: int, *, fresh: bool) -> None:
        self.cut = cut
        self.fresh = fresh
        """At the beginning of a sentence: nobody has acted yet."""
        self.alive: bool | None = None
        """Whether its own subject is somebody; None while it has none."""
        self.counted = False
        self.skips = False


def beats_in(text: Words) -> list[Beat]:
    """The beats in the order of the words."""
    found = [*_english(text), *(_chinese(text) if text.han else ())]
    return sorted(found)


@cache
def _still() -> frozenset[str]:
    return forms("beats", "still")


@cache
def _more() -> frozenset[str]:
    return frozenset(form for verb in listed("beats", "more") for tag, form in lexicon.verb_forms(verb) if tag == "verb.s")


def _english(text: Words) -> Iterator[Beat]:
    who = {mark.first for mark in people(text)}
    clause, acting = _Clause(0, fresh=True), True
    for at, token in enumerate(text.tokens):
        gap = text.text[text.tokens[at - 1].end : token.start] if at else "\n"
        if re.search(r"[.!?;\n:]", gap) or _joins(token):
            sentence = not _joins(token)
            clause = _Clause(text.tokens[at - 1].end if at else 0, fresh=sentence)
            acting = acting and not sentence or sentence
        elif "," in gap:
            clause = _Clause(text.tokens[at - 1].end, fresh=False)
        if _joins(token) or text.in_run(token.start, *_SILENT) or text.aside(token.start):
            continue
        if token.low in words_of("beats", "aside"):
            clause.skips = True
        elif _takes_a_turn(text, at, clause, acting):
            clause.counted, acting = True, True
            yield Beat(clause.cut, text.clause_end(token.end))
        elif not clause.counted and (alive := _is_subject(token, at in who)) is not None:
            clause.alive = alive
            acting = alive if clause.fresh or alive else acting


def _joins(token: Token) -> bool:
    return token.low == "and" or token.low in words_of("beats", "then")


def _is_subject(token: Token, somebody: bool) -> bool | None:
    """Whether this word names somebody (True), something (False) or is no noun (None)."""
    if token.low in _CAMERA:
        return False
    if somebody or token.low in _HE:
        return True
    return False if "noun" in token.tags and not token.tags & {"adjective", "prepositions"} else None


def _takes_a_turn(text: Words, at: int, clause: _Clause, acting: bool) -> bool:
    token = text.tokens[at]
    if clause.counted or not _is_verb(text, at, clause):
        return False
    if clause.skips:
        clause.skips = False
        return False
    following = text.tokens[at + 1].low if at + 1 < len(text.tokens) else ""
    if token.low in _still() and following not in words_of("beats", "ends"):
        return False
    return acting if clause.alive is None else clause.alive


def _is_verb(text: Words, at: int, clause: _Clause) -> bool:
    """Whether the word is a finite verb here; one that may be a noun only at the beginning of a clause or behind somebody."""
    token = text.tokens[at]
    if token.low in _more():
        return True
    if "verb.s" not in token.tags:
        return "verb.base" in token.tags and at > 0 and text.tokens[at - 1].low in ("they", "we", "kids", "people")
    return "noun" not in token.tags or clause.alive is None or bool(clause.alive)


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
        if text.in_run(start, *_SILENT) or text.aside(start) or not any(_acts(tags) for tags in here):
            continue
        if not any(tags & {"camera_verbs", "framing", "move"} for tags in here):
            yield Beat(len(text.text[:start].rstrip("，。；！？、\n,.;!?- \t")), end)


def _acts(tags: frozenset[str]) -> bool:
    return bool(tags & {"verbs", "wearing.on", "wearing.off", "beats.more_zh"}) and "beats.still_zh" not in tags
