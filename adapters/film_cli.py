"""Whole films from a terminal: ``throughline storyboard FILE -o film.mp4``, ``throughline film rebuild film.json -o film.mp4``.

The price of all comes first. Then every take goes the same way as a member's: booked, driven by the engine, kept; and those that
came out are cut into one file. A take that fails does not lose the others, but for the exit code, which is 1 then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from adapters.film_orders import BoardOrder, FileOrder, Line, Offer, Order, desk_for
from adapters.settings import Settings
from adapters.terminal import CANCEL_WITHIN, LOOK_EVERY, NotFilmed, house_for, sentence_of, writable
from bot import cutting, leaving, storyboard_text
from bot.asking import Ask, Desk
from bot.backends import split_choice
from bot.cut import Cut, Transition
from bot.errors import MediaFault, UnknownBackend
from bot.exporting import film_reading
from bot.film import Shape, Take, new_id
from bot.offering import offers
from bot.people import Address, Member
from bot.picks import Opening
from bot.states import Job, State
from bot.text import money

if TYPE_CHECKING:
    from adapters.bootstrap import House

FILE_MAX: Final = 16 * 1024 * 1024
"""Bytes of a file that is read at all."""


class _Enough(Exception):
    """Everything is known that was to be known: nothing of it is kept."""


@dataclass(frozen=True)
class Wanted:
    """What the command line says beside the film itself."""

    out: Path | None
    """None: only the price."""
    backend: str | None = None
    sure: bool = False
    as_json: bool = False


def declare_storyboard(command: argparse.ArgumentParser) -> None:
    """The options of ``throughline storyboard``."""
    command.add_argument("file", type=Path, metavar="FILE", help="lines as Style: …, Cast: name = …, Shot 1 (4s): …")
    command.add_argument("--shape", choices=[each.value for each in Shape], help="outline of the picture")
    begin = "last-frame: each shot begins with the last frame of the one before"
    command.add_argument("--start", choices=[each.value for each in Opening], help=begin)
    _declare(command)


def declare_film(command: argparse.ArgumentParser) -> None:
    """The options of ``throughline film``."""
    command.add_argument("what", choices=("rebuild",), help="rebuild: film a film.json again")
    command.add_argument("file", type=Path, metavar="FILE", help="film.json of an export")
    _declare(command)


def _declare(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--output", type=Path, metavar="FILE", help="where the film goes")
    where.add_argument("--price", action="store_true", help="say what it costs, and film nothing")
    command.add_argument("--backend", metavar="NAME", help="which backend films it")
    over = "how shots go over into one another"
    command.add_argument("--transition", choices=[each.value for each in Transition], help=over)
    command.add_argument("--yes", action="store_true", help="film it at any price without asking")
    command.add_argument("--json", action="store_true", help="the result as JSON")


async def storyboard(settings: Settings, options: argparse.Namespace) -> int:
    """Film a storyboard's file. Raises `Declined` for what is wrong with it."""
    try:
        board = storyboard_text.read(_text(options.file))
        shape = Shape(options.shape) if options.shape else None
        start = Opening(options.start) if options.start else None
        order = BoardOrder(board, shape, start, Transition(options.transition or Transition.CUT))
        return await _run(settings, order, _wanted(options))
    except NotFilmed as why:
        return _said(str(why))


async def film(settings: Settings, options: argparse.Namespace) -> int:
    """Film a film.json again. Raises `Declined` for what is wrong with it."""
    try:
        found = film_reading.read(_bytes(options.file))
        order = FileOrder(found, Transition(options.transition) if options.transition else found.transition)
        return await _run(settings, order, _wanted(options))
    except NotFilmed as why:
        return _said(str(why))


def _wanted(options: argparse.Namespace) -> Wanted:
    out = None if options.price else options.output
    if out is not None:
        writable(out)
    return Wanted(out, options.backend, options.yes, options.json)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(FILE_MAX + 1)
    except OSError as error:
        raise NotFilmed(f"{file} cannot be read: {error.strerror}.") from None


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotFilmed(f"{file} is no text in UTF-8.") from None


# ---------------------------------------------------------------- the way of a film


@dataclass
class _Set:
    """One film on its way."""

    house: House
    order: Order
    wanted: Wanted
    desk: Desk
    screen: TextIO = field(default_factory=lambda: sys.stderr)
    board: str = field(default_factory=new_id)

    async def ask(self) -> Ask:
        """As a member of its own: nothing is carried over between two calls."""
        asker = f"terminal:{self.board}"
        address = Address("terminal", asker, member=asker, locale=self.house.settings.language)
        return Ask(Member(asker), address, await offers(self.house.backends), self.house.clock.now(), self.board)

    def say(self, words: str) -> None:
        self.screen.write(f"{words}\n")
        self.screen.flush()

    async def jobs(self) -> Sequence[Job]:
        """In the order of their booking."""
        async with self.house.work() as w:
            return await w.jobs.of_board(self.board)


async def _run(settings: Settings, order: Order, wanted: Wanted) -> int:
    async with house_for(settings, drives=wanted.out is not None) as house:
        names = house.backends.names()
        if wanted.backend is not None and split_choice(wanted.backend)[0] not in names:
            raise UnknownBackend(backend=wanted.backend, backends=", ".join(names))
        on_set = _Set(house, order, wanted, desk_for(house.desk, wanted.backend))
        offer = await _offered(on_set)
        if wanted.out is None:
            _print(_priced(offer) if wanted.as_json else _sum(offer))
            return 0
        await _agree(on_set, offer)
        return await _film(on_set, offer, wanted.out)


async def _offered(on_set: _Set) -> Offer:
    """What it will be, and for how much; kept only where it is to be filmed."""
    ask, offer = await on_set.ask(), None
    try:
        async with on_set.house.work() as w:
            offer = await on_set.order.prepare(w, on_set.desk, ask)
            if on_set.wanted.out is None:
                raise _Enough
    except _Enough:
        pass
    assert offer is not None  # prepared, or an error was raised
    return offer


async def _agree(on_set: _Set, offer: Offer) -> None:
    """The price comes first; what costs nothing is not asked about. Raises `NotFilmed`."""
    on_set.say(_sum(offer))
    if offer.price == 0 or on_set.wanted.sure:
        return
    if not sys.stdin.isatty():
        raise NotFilmed("Nothing was filmed: --yes films it at that price without asking.")
    on_set.screen.write("Film it? [y/N] ")
    on_set.screen.flush()
    answer = await asyncio.to_thread(sys.stdin.readline)
    if answer.strip().lower() not in ("y", "yes"):
        raise NotFilmed("Nothing was filmed, and nothing was spent.")


async def _film(on_set: _Set, offer: Offer, out: Path) -> int:
    booking = asyncio.ensure_future(_booked(on_set))
    try:
        await asyncio.shield(booking)
        jobs = await _watched(on_set)
    except asyncio.CancelledError:
        await asyncio.shield(_stopped(on_set, booking))
        raise
    takes = await _takes(on_set, jobs)
    reasons = {job.id: await sentence_of(on_set.house, job) for job in jobs if takes[job.take].clip is None}
    cut = _cut(on_set.order, [takes[job.take] for job in jobs])
    if not cut.pieces:
        raise NotFilmed(f"No shot was filmed. {next(iter(reasons.values()))}")
    await _joined(on_set, cut, out)
    if on_set.wanted.as_json:
        _print(_result(out, cut, offer.lines, [(job, takes[job.take], reasons.get(job.id)) for job in jobs]))
    else:
        _print(str(out))
    if reasons:
        missing = "; ".join(f"{takes[job.take].slate}: {reasons[job.id]}" for job in jobs if job.id in reasons)
        return _said(f"Filmed {len(jobs) - len(reasons)} of {len(jobs)}; the film is cut from those. {missing}")
    return 0


async def _booked(on_set: _Set) -> None:
    ask = await on_set.ask()
    async with on_set.house.work() as w:
        await w.hold(f"member {ask.member.id}")
        await on_set.order.book(w, on_set.desk, ask)


async def _watched(on_set: _Set) -> Sequence[Job]:
    """Until nothing more comes of any of them; every change of state is told."""
    told: dict[str, State] = {}
    slates: dict[str, str] = {}
    while True:
        jobs = await on_set.jobs()
        if not slates:
            slates = {take: str(each.slate) for take, each in (await _takes(on_set, jobs)).items()}
        for job in jobs:
            if told.get(job.id) is not job.state:
                told[job.id] = job.state
                on_set.say(f"{slates[job.take]:8} {job.state.value}")
        if all(job.state.ended or job.state.parked for job in jobs):
            return jobs
        on_set.house.check_room()
        await on_set.house.clock.sleep(LOOK_EVERY)


async def _takes(on_set: _Set, jobs: Sequence[Job]) -> dict[str, Take]:
    async with on_set.house.work() as w:
        found = [await w.takes.get(job.take) for job in jobs]
    return {take.id: take for take in found if take is not None}


async def _stopped(on_set: _Set, booking: asyncio.Future[None]) -> None:
    """Interrupted: cancel all of them, and give their drivers a moment to tell the backend."""
    await asyncio.wait({booking})
    clock = on_set.house.clock
    async with on_set.house.work() as w:
        await leaving.leave(w, f"terminal/terminal:{on_set.board}", clock.now())
    until = clock.now() + CANCEL_WITHIN
    while clock.now() < until and not all(job.state.ended for job in await on_set.jobs()):
        await clock.sleep(LOOK_EVERY)


# ---------------------------------------------------------------- what came of it


def _cut(order: Order, takes: Sequence[Take]) -> Cut:
    """Of those that came out."""
    there = [takes[at] for at in order.in_order(len(takes)) if takes[at].clip is not None]
    return Cut(order.title, tuple(map(cutting.piece_of, there)), order.transition)


async def _joined(on_set: _Set, cut: Cut, out: Path) -> None:
    """Write the film. Raises `NotFilmed`."""
    from adapters.media.room import MediaRoom

    clips = on_set.house.clips
    files = [path for piece in cut.pieces if (path := await clips.path(piece.clip))]
    async with clips.scratch() as folder:
        joined, part = folder / "film.mp4", out.with_name(f".{out.name}.{on_set.board}.part")
        try:
            await MediaRoom().film(cut, files, joined)
            await asyncio.to_thread(shutil.copyfile, joined, part)
            part.replace(out)
        except MediaFault as fault:
            raise NotFilmed(f"The clips are kept, but they could not be cut into a film: {fault.reason}") from None
        except OSError as error:
            part.unlink(missing_ok=True)
            raise NotFilmed(f"The film could not be written to {out}: {error.strerror}.") from None


def _sum(offer: Offer) -> str:
    length = "" if offer.seconds is None else f", {offer.seconds} s"
    shots = "1 shot" if len(offer.lines) == 1 else f"{len(offer.lines)} shots"
    return f"{shots}{length}, filmed by {offer.backend}: {money(offer.price, 'en')}"


def _priced(offer: Offer) -> str:
    shots = [asdict(line) for line in offer.lines]
    return _json({"backend": offer.backend, "price": offer.price, "seconds": offer.seconds, "shots": shots})


def _result(out: Path, cut: Cut, lines: Sequence[Line], came: Sequence[tuple[Job, Take, str | None]]) -> str:
    shots = [_shot(line, *each) for line, each in zip(lines, came, strict=True)]
    spent = [job.spent for job, _, _ in came]
    price = None if None in spent else sum(each or 0 for each in spent)
    return _json({"film": str(out), "seconds": cut.seconds, "frames": cut.frames, "price": price, "shots": shots})


def _shot(line: Line, job: Job, take: Take, why: str | None) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "slate": str(take.slate),
        "words": line.words,
        "state": job.state.value,
        "price": job.spent,
    }
    return {**plain, **({"seconds": take.clip.seconds, "clip": take.clip.digest} if take.clip else {"why": why})}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _print(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _said(sentence: str) -> int:
    sys.stderr.write(f"{' '.join(sentence.split())}\n")
    return 1
