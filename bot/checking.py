"""How well the shots of a film match: measured once per clip, said in plain words, with what is off to be filmed again.

What a check found to be off is kept beside its answer (``check/<wish>`` among the messages), so that the button films what its
member has read, whatever was circled or filmed since.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot import filming, matching, offering
from bot.bench import Bench
from bot.capabilities import Capabilities
from bot.cards import Button, Card, Row, Tone
from bot.commands import action
from bot.cut import Piece
from bot.cutting import piece_of
from bot.drawings import CheckShot, CheckStrip
from bot.errors import Declined, MediaFault
from bot.errors_film import UnknownCheck
from bot.film import Take
from bot.matching import LINE, Match
from bot.measures import EDITION, Measures
from bot.offering import offers
from bot.paperwork import Wish
from bot.ports import Work, WorkFactory
from bot.takecard import priced
from bot.text import say

log = logging.getLogger("throughline.editing")

CHECK: Final = "check"
RESHOOT: Final = "reshoot"
ANCHOR: Final = "anchor"
STRIP: Final = ".jpg"
NAMED_MOST: Final = 6
"""Shots that a button names; of more it says how many."""
SINGLE_MOST: Final = 8
"""Buttons for one shot each."""


@dataclass(frozen=True)
class Asked:
    """What is compared, as a stored answer says it (`Card.makes`)."""

    anchor: str
    """Id of the take that all are measured against; empty: each scene's first."""
    takes: tuple[str, ...]
    """In the order of the film."""

    @property
    def makes(self) -> str:
        """``check:<anchor>:<takes>``."""
        return f"{CHECK}:{self.anchor}:{','.join(self.takes)}"

    @classmethod
    def read(cls, what: str) -> Asked:
        """What stands behind ``check:``."""
        anchor, _, takes = what.partition(":")
        return cls(anchor, tuple(filter(None, takes.split(","))))


@dataclass(frozen=True)
class Checked:
    """A shot with how it goes with its anchor."""

    piece: Piece
    match: Match
    is_anchor: bool
    """Its scene is held to it."""

    @property
    def name(self) -> str:
        """``anchor``, ``matches``, ``slight`` or ``off``."""
        return ANCHOR if self.is_anchor else self.match.verdict.value

    @property
    def is_off(self) -> bool:
        """Under the line."""
        return self.match.verdict is not matching.Verdict.MATCHES

    def word(self, locale: str) -> str:
        """How it goes, in a plain word."""
        return say(f"check.{self.name}", locale)

    def cause(self, locale: str) -> str:
        """What it likely comes from; empty where nothing is off."""
        return say(self.match.cause, locale) if self.match.cause else ""


# ---------------------------------------------------------------- measuring and comparing


async def measured(bench: Bench, clips: Sequence[str]) -> Mapping[str, Measures]:
    """What is measured of these clips, by digest; each is measured once. What cannot be measured is not in it."""
    async with bench.work() as w:
        found = dict(await kept(w, clips))
    missing = [digest for digest in dict.fromkeys(clips) if digest not in found]
    fresh = await asyncio.gather(*(_measured(bench, digest) for digest in missing))
    return found | {digest: each for digest, each in zip(missing, fresh, strict=True) if each is not None}


async def kept(w: Work, clips: Sequence[str]) -> Mapping[str, Measures]:
    """Those that are measured already."""
    found = await w.measured.get(tuple(dict.fromkeys(clips)), EDITION)
    return {digest: Measures.from_dict(each) for digest, each in found.items()}


async def _measured(bench: Bench, digest: str) -> Measures | None:
    path = await bench.clips.path(digest)
    if path is None:
        return None
    try:
        found = await bench.cutting.measure(path)
    except MediaFault as fault:
        log.warning("a clip was not measured: %s", fault.reason)
        return None
    async with bench.work() as w:
        await w.measured.put(digest, EDITION, found.to_dict())
    return found


def compared(found: Sequence[tuple[Piece, Measures]], anchor: str = "") -> tuple[Checked, ...]:
    """Every piece against the rest of its scene, in their order; `anchor`: id of a take that its scene is held to.

    Takes its time the first time: not for an event loop.
    """
    scenes: dict[int, list[int]] = {}
    for at, (piece, _) in enumerate(found):
        scenes.setdefault(piece.scene, []).append(at)
    checked: dict[int, Checked] = {}
    for places in scenes.values():
        chosen = next((at for at, place in enumerate(places) if found[place][0].take == anchor), None)
        matches = _scene(tuple(found[place][1] for place in places), chosen)
        for at, (place, match) in enumerate(zip(places, matches, strict=True)):
            is_anchor = at == (chosen or 0) and match.verdict is matching.Verdict.MATCHES
            checked[place] = Checked(found[place][0], match, is_anchor)
    return tuple(checked[at] for at in range(len(found)))


@lru_cache(maxsize=500)
def _scene(shots: tuple[Measures, ...], anchor: int | None) -> tuple[Match, ...]:
    """A scene is looked at again whenever somebody looks at the page; its clips stay what they are."""
    return matching.scene_checked(shots, anchor)


async def known(work: WorkFactory, pieces: Sequence[Piece]) -> Mapping[int, Checked]:
    """Pieces of a film by their places, as far as whole scenes are measured already; nothing is measured for it.

    Nothing where there is but one: it would be compared with itself.
    """
    async with work() as w:
        found = await kept(w, [piece.clip for piece in pieces])
    unknown = {piece.scene for piece in pieces if piece.clip not in found}
    places = [at for at, piece in enumerate(pieces) if piece.scene not in unknown]
    if len(places) < 2:
        return {}
    checked = await asyncio.to_thread(compared, [(pieces[at], found[pieces[at].clip]) for at in places])
    return dict(zip(places, checked, strict=True))


# ---------------------------------------------------------------- the answer


async def check(bench: Bench, wish: Wish, what: str) -> None:
    """Answer the wish with how well its shots match. Raises `DeliveryFault`."""
    asked, locale = Asked.read(what), wish.address.locale
    async with bench.work() as w:
        takes = [take for each in asked.takes if (take := await w.takes.get(each)) and take.clip]
    pieces = [piece_of(take) for take in takes]
    found = await measured(bench, [piece.clip for piece in pieces])
    told = [(piece, found[piece.clip]) for piece in pieces if piece.clip in found]
    poster = bench.poster(wish.address)
    if len(told) < 2:
        await poster.answer(wish.address, wish.id, Card(tone=Tone.FAILED, lines=(say("check.failed", locale),)))
        return
    checked = await asyncio.to_thread(compared, told, asked.anchor)
    await _keep(bench, wish, checked)
    missing = [piece.slate for piece in pieces if piece.clip not in found]
    card = _card(wish, checked, missing, await _buttons(bench, wish, takes, checked))
    await poster.answer(wish.address, wish.id, *await _with_strip(bench, wish, card, pieces, checked))


async def _keep(bench: Bench, wish: Wish, checked: Sequence[Checked]) -> None:
    """Write down what is off, before its button is shown."""
    off = ",".join(dict.fromkeys(each.piece.take for each in checked if each.is_off))
    async with bench.work() as w:
        await w.messages.put(f"check/{wish.id}", off, bench.clock.now())


async def found_off(w: Work, stored: Wish) -> Sequence[Take]:
    """The takes that a check found to be off, in the order of the film. Raises `UnknownCheck`."""
    off = await w.messages.action(f"check/{stored.id}")
    if off is None:
        raise UnknownCheck
    return [take for each in off.split(",") if each and (take := await w.takes.get(each))]


def _card(wish: Wish, checked: Sequence[Checked], missing: Sequence[str], buttons: tuple[Button, ...]) -> Card:
    locale = wish.address.locale
    off, total = sum(each.is_off for each in checked), len(checked)
    said = say("check.some_off", locale, count=off, total=total) if off else say("check.holds", locale, count=total)
    left_out = [say("check.not_measured", locale, take=slate) for slate in dict.fromkeys(missing)]
    return Card(
        title=say("check.title", locale, title=wish.answer.title if wish.answer else ""),
        lines=(said, say("check.line", locale, line=f"{LINE:.2f}"), *left_out),
        rows=tuple(_row(each, locale) for each in checked),
        buttons=buttons,
    )


def _row(each: Checked, locale: str) -> Row:
    """``1C-2  off 0.41 · darker``; the anchor needs no number."""
    score = "" if each.is_anchor else f" {each.match.score:.2f}"
    return Row(each.piece.slate, f"{each.word(locale)}{score}", each.cause(locale))


async def _buttons(bench: Bench, wish: Wish, takes: Sequence[Take], checked: Sequence[Checked]) -> tuple[Button, ...]:
    """All that is off at once, with the price of all of it; then each by itself."""
    off = {each.piece.take for each in checked if each.is_off}
    capabilities = await offers(bench.backends)
    async with bench.work() as w:
        due = [(take, await _price(bench, w, take, capabilities)) for take in takes if take.id in off]
    if not due:
        return ()
    locale, prices = wish.address.locale, [price for _, price in due if price is not None]
    total = sum(prices) if len(prices) == len(due) else None
    together = Button(_label([take for take, _ in due], total, locale), action(RESHOOT, wish.id))
    single = [Button(_label([take], price, locale), action("retake", take.id)) for take, price in due[:SINGLE_MOST]]
    return (together, *single) if len(due) > 1 else (together,)


def _label(takes: Sequence[Take], price: int | None, locale: str) -> str:
    names = list(dict.fromkeys(take.slate.shot_name for take in takes))
    shots = say("film.shots", locale, count=len(names)) if len(names) > NAMED_MOST else ", ".join(names)
    return priced(say("button.reshoot", locale, shots=shots), price, locale)


async def _price(bench: Bench, w: Work, take: Take, capabilities: Mapping[str, Capabilities]) -> int | None:
    """Of one more take of the same; None where nobody knows, or what films it is not to be had now."""
    try:
        backend, _ = await filming.films_again(bench.desk, w, take)
    except Declined:
        return None
    brief = offering.adapted(capabilities[backend], replace(take.brief, seed=None))
    return offering.price(capabilities, backend, brief, bench.clock.now())


# ---------------------------------------------------------------- the strip


async def _with_strip(
    bench: Bench, wish: Wish, card: Card, pieces: Sequence[Piece], checked: Sequence[Checked]
) -> tuple[Card, Path | None]:
    """The answer with the strip of its shots, and where that lies; the words alone where it cannot be drawn."""
    clips = [await bench.clips.path(piece.clip) for piece in pieces]
    strip = _strip(wish, pieces, checked)
    try:
        async with bench.clips.scratch() as folder:
            into = folder / f"strip{STRIP}"
            await bench.drawing.check_strip(strip, clips, into)
            digest = await bench.clips.store(into, STRIP)
    except MediaFault as fault:
        log.warning("the strip of check %s was not drawn: %s", wish.id, fault.reason)
        return card, None
    return replace(card, picture=digest), await bench.clips.path(digest)


def _strip(wish: Wish, pieces: Sequence[Piece], checked: Sequence[Checked]) -> CheckStrip:
    """In the order of the film; what could not be measured has its place too."""
    found = {each.piece.take: each for each in checked}
    shots = tuple(_shot(piece, found.get(piece.take), wish.address.locale) for piece in pieces)
    return CheckStrip(wish.answer.title if wish.answer else "", shots, pieces[0].width / pieces[0].height)


def _shot(piece: Piece, found: Checked | None, locale: str) -> CheckShot:
    return CheckShot(
        slate=piece.slate,
        circled=piece.circled,
        frames=piece.frames,
        verdict=found.name if found else "",
        word=found.word(locale) if found else "",
        cause=found.cause(locale) if found else "",
    )
