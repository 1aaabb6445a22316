"""The labelled prompts, and how well the linter does on some of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.linter import Offer, lint
from bot.spine import Spine

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Prompt:
    """One prompt and what a film person would offer for it."""

    words: str
    kinds: frozenset[str] = frozenset()
    weak: tuple[str, ...] = ()
    spine: Spine = field(default_factory=Spine)
    seconds: int | None = None
    remix: bool = False

    @property
    def held_back(self) -> bool:
        """Whether it is of the third that is never looked at."""
        return hashlib.sha256(self.words.encode()).digest()[0] % 3 == 0

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the weak words stand."""
        return [(at, at + len(words)) for words in self.weak for at in [self.words.index(words)]]

    def offers(self) -> tuple[Offer, ...]:
        """What the linter offers."""
        return lint(self.words, spine=self.spine, seconds=self.seconds, remix=self.remix)


@cache
def prompts(name: str = "*") -> tuple[Prompt, ...]:
    """All of them, or those of one file."""
    files = sorted(HERE.glob(f"{name}.jsonl"))
    return tuple(_read(json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines())


def _read(row: dict[str, Any]) -> Prompt:
    return Prompt(
        row["words"],
        frozenset(row.get("kinds", ())),
        tuple(row.get("weak", ())),
        Spine(**row.get("spine", {})),
        row.get("seconds"),
        row.get("remix", False),
    )


@dataclass
class Score:
    """Right, wrong and missing offers by kind: weak words by their spans, the others by prompt."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Over all kinds together."""
        return self.right.total() / (self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        """Over all kinds together."""
        return self.right.total() / (self.right.total() + self.missing.total())

    def __str__(self) -> str:
        kinds = sorted({*self.right, *self.wrong, *self.missing})
        each = (f"{kind} {self.right[kind]}/+{self.wrong[kind]}/-{self.missing[kind]}" for kind in kinds)
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} ({', '.join(each)})"


def score(chosen: Iterable[Prompt]) -> Score:
    """How well the linter does on these."""
    total = Score()
    for prompt in chosen:
        offers = prompt.offers()
        _add(total, {each.kind for each in offers} - {"weak"}, prompt.kinds)
        _add_weak(total, [(each.start, each.end) for each in offers if each.kind == "weak"], prompt.spans)
    return total


def _add(total: Score, have: set[str], want: frozenset[str]) -> None:
    total.right.update(have & want)
    total.wrong.update(have - want)
    total.missing.update(want - have)


def _add_weak(total: Score, have: list[tuple[int, int]], want: list[tuple[int, int]]) -> None:
    right = [span for span in have if any(_meet(span, other) for other in want)]
    total.right["weak"] += len(right)
    total.wrong["weak"] += len(have) - len(right)
    total.missing["weak"] += sum(not any(_meet(span, other) for other in have) for span in want)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
