"""One part of a brief, read: which of its expressions count, and which only look like something.

"No rain" takes rain away, "a crane" is no camera move, "soft key from camera right" says nothing about where somebody walks,
"orange juice" is no colour. What stands behind a label ("Palette anchors:", "Grade:", "Sound:") can only mean what the label says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from adapters.video.animatic.guard import Guard
from adapters.video.animatic.labels import context_of, contexts_of
from adapters.video.animatic.speech import Said, spoken, without
from adapters.video.animatic.words import Cue, Entry, Token, cut, scan
from bot.brief import PartName
from bot.established import seen_in
from bot.seen import Seen

READ_MAX = 4_000
"""Characters of one part that are read; a shot of twenty seconds is described by far fewer."""
_SEEN_MAX = 1_200
CUES_MAX = 400
"""Expressions of one part that are weighed."""

_BARE_GRADES = {"warm": "warm", "cool": "cool", "cold": "cool", "monochrome": "mono", "neutral": ""}


@dataclass(frozen=True)
class Passage:
    """A part of the brief with everything found in it that counts."""

    name: PartName
    text: str
    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]
    gone: tuple[Cue, ...]
    """What the words take away: "no rain", "without a hat"."""
    speech: tuple[Said, ...]
    contexts: tuple[tuple[int, int, str], ...]

    @cached_property
    def seen(self) -> Seen:
        """What the bot's own reader makes of it: who acts, where."""
        labelled = self.name in (PartName.ACTION, PartName.CAMERA)
        return seen_in((re.split("[:：]", self.text, maxsplit=1)[-1] if labelled else self.text)[:_SEEN_MAX])

    def of(self, *kinds: str) -> list[Cue]:
        """The cues of these kinds, in the order of the text."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        return [cue for cue in self.cues if cue.kind in kinds]

    @cached_property
    def _by_kind(self) -> dict[str, list[Cue]]:
        sorted_out: dict[str, list[Cue]] = {}
        for cue in self.cues:
            sorted_out.setdefault(cue.kind, []).append(cue)
        return sorted_out

    @cached_property
    def colour_words(self) -> frozenset[str]:
        """Every word that is part of a colour's name here."""
        return frozenset(token.low for cue in self.of("colour") for token in self.between(cue.first, cue.behind))

    @cached_property
    def subject_starts(self) -> frozenset[int]:
        """Indices of the tokens at which a noun for a subject begins."""
        return frozenset(cue.first for cue in self.of("subject"))

    def context(self, start: int) -> str:
        """The label that governs this character; empty for plain words."""
        return context_of(self.contexts, start)

    def word(self, cue: Cue) -> str:
        """The member's own writing of a cue."""
        return self.text[cue.start : cue.end]

    def between(self, first: int, behind: int) -> Sequence[Token]:
        """The tokens from one index up to another."""
        return self.tokens[first:behind]


def read_passage(name: PartName, text: str, only: frozenset[str] | None = None) -> Passage:
    """Read one part. `only` restricts it to these kinds."""
    text = text[:READ_MAX]
    speech = tuple(spoken(text, script=name is PartName.DIALOGUE))
    plain = without(text, speech)
    contexts = tuple(contexts_of(name, plain))
    tokens = tuple(cut(plain))
    guard = Guard(tokens, contexts, name)
    cues, gone = [], []
    for cue in (*islice(scan(tokens), 2 * CUES_MAX), *_numbers(plain, tokens), *_bare_grades(tokens, contexts)):
        if (only is not None and cue.kind not in only) or not guard.allows(cue):
            continue
        negator = guard.negator(cue)
        if negator is None:
            cues.append(cue)
        elif negator >= 0:
            gone.append(cue._replace(first=min(negator, cue.first), start=min(tokens[negator].start, cue.start)))
    return Passage(name, plain, tokens, tuple(sorted(cues, key=_place)[:CUES_MAX]), tuple(gone), speech, contexts)


def _place(cue: Cue) -> int:
    return cue.start


_LENS = re.compile(r"(?<![\d.])(\d{1,4})(?:\.\d+)?\s?-?\s?(?:mm\b|毫米)(?!\s*(?:film|stock|胶片|胶卷))", re.IGNORECASE)
_STOP_NUMBER = re.compile(
    r"(?<![\w.])[ft]\s?(?:/\s?(\d{1,2}(?:\.\d{1,2})?)|(\d{1,2}\.\d{1,2}))(?![\d.])|光圈\s?(?:f/?)?(\d{1,2}(?:\.\d)?)",
    re.IGNORECASE,
)


def _numbers(text: str, tokens: Sequence[Token]) -> Iterator[Cue]:
    """ "85mm", "f/2.8", "光圈2"."""
    starts = [token.start for token in tokens]
    for kind, pattern in (("lens", _LENS), ("aperture", _STOP_NUMBER)):
        for match in pattern.finditer(text):
            value = next(group for group in match.groups() if group)
            if kind == "lens" and (
                not 4 <= int(value) <= 1200
                or text[max(0, match.start() - 8) : match.start()].lower().endswith("shot on ")
            ):
                continue
            first = max(0, bisect_right(starts, match.start()) - 1)
            behind = bisect_right(starts, match.end() - 1)
            yield Cue(Entry(kind, value, match.group(), column="number"), first, behind, match.start(), match.end())


def _bare_grades(tokens: Sequence[Token], contexts: Sequence[tuple[int, int, str]]) -> Iterator[Cue]:
    """ "Warm" alone grades the picture only where a grade is what is being said."""
    if not any(kind == "grade" for _, _, kind in contexts):
        return
    for at, token in enumerate(tokens):
        if _BARE_GRADES.get(token.low) and context_of(contexts, token.start) == "grade":
            yield Cue(Entry("grade", _BARE_GRADES[token.low], token.low), at, at + 1, token.start, token.end)
