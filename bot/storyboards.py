"""Storyboards: several shots at once, shown with the price of all of them, booked together by one tap, and told of at the end.

A storyboard is an idea (`bot.ideas`): a stored wish whose id the buttons of its card carry, and which becomes jobs once. Every
shot's brief is compiled as if its member had sent them one after another. How it went is told by a wish of its own that is
stored with the booking and waits for the last shot: so it is told once, whatever happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import budget, filming
from bot.asking import Answer, Ask, Desk, NotYet, find_idea
from bot.assembly import BoardOver, EditBoard, Storyboard
from bot.booking import APPROVAL_SECONDS, COMING, TICK, book, known_price
from bot.cards import Button, Card, Row, Tone
from bot.commands import Command, Generate, Scene, Shoot, action, from_dict, to_dict
from bot.errors import Declined, DeliveryFault, PriceChanged, UnknownIdea
from bot.errors_film import InShot
from bot.film import Shape, Shot, Slate, Take
from bot.filming import Plan
from bot.paperwork import Wish
from bot.people import Address
from bot.ports import Poster, Threads, Work, WorkFactory
from bot.states import Job, State
from bot.storyboard_text import Board, BoardShot, changed, read, write
from bot.succession import is_over, wish_of
from bot.takecard import backend_name, note_lines, priced
from bot.text import duration, explain, money, say
from bot.words import checked

NOTES_MOST: Final = 3
TITLE_MOST: Final = 80
"""Characters of a thread's name."""
THREAD_PATIENCE: Final = 120.0
"""Seconds for which a thread is asked for; then the shots go where the storyboard stands."""


@dataclass(frozen=True)
class Planned:
    """One shot as it would be filmed now; nothing of it is stored."""

    said: BoardShot
    wish: Generate
    plan: Plan
    slate: Slate
    """Of the shot, not of a take."""
    chained: bool
    """It begins with the last frame of the shot before."""
    price: int | None
    """Micro-dollars; None: nobody knows."""
    seconds: int | None
    """As long as it will be, as far as anybody knows."""


@dataclass(frozen=True)
class Quote:
    """A whole storyboard as it would be filmed now."""

    board: Board
    shots: tuple[Planned, ...]

    @property
    def price(self) -> int | None:
        """Of all of them; None where that of one is not known."""
        prices = [each.price for each in self.shots if each.price is not None]
        return sum(prices) if len(prices) == len(self.shots) else None

    @property
    def seconds(self) -> int | None:
        """Length of all of them."""
        lengths = [each.seconds for each in self.shots if each.seconds is not None]
        return sum(lengths) if len(lengths) == len(self.shots) else None

    @property
    def backend(self) -> str:
        """The choice that films them."""
        return self.shots[0].plan.backend

    @property
    def shape(self) -> Shape | None:
        """The outline of all of them."""
        return self.shots[0].plan.brief.shape


# ---------------------------------------------------------------- asked


async def storyboard(desk: Desk, w: Work, ask: Ask, wish: Storyboard) -> Answer:
    """Its shots and the price of all; nothing is stored but the wish itself. They have to be within the caps together."""
    found = await quote(desk, w, ask, wish)
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now, len(found.shots))
    return Answer(_card(ask, wish, found))


async def edit_board(desk: Desk, w: Work, ask: Ask, wish: EditBoard) -> Answer:
    """The storyboard with those shots changed, as one of its own; it is kept as the storyboard that it is now."""
    before = await board_of(w, ask, wish.board)
    after = replace(before, text=checked(write(changed(read(before.text), wish.text))))
    await w.wishes.amend(ask.wish, to_dict(after))
    return await storyboard(desk, w, ask, after)


async def board_of(w: Work, ask: Ask, board: str) -> Storyboard:
    """The storyboard of that wish. Raises `UnknownIdea`."""
    command = from_dict((await find_idea(w, ask, board)).command)
    if not isinstance(command, Storyboard):
        raise UnknownIdea
    return command


async def quote(desk: Desk, w: Work, ask: Ask, wish: Storyboard) -> Quote:
    """Every shot compiled after the one before it, with its price. Raises what is wrong, with the number of the shot."""
    board = read(wish.text)
    choice = desk.films(wish.stage, wish.model)
    chains = wish.start is not None and ask.capabilities[choice].images
    after = await filming.so_far(w, ask)
    shots: list[Planned] = []
    for said in board.shots:
        planned, made = await _planned(desk, w, ask, (wish, board, said), after, chains=chains)
        shots.append(planned)
        after = replace(after, last=made, unstored=(*after.unstored, made))
    return Quote(board, tuple(shots))


async def _planned(
    desk: Desk,
    w: Work,
    ask: Ask,
    of: tuple[Storyboard, Board, BoardShot],
    after: filming.Before,
    *,
    chains: bool,
) -> tuple[Planned, Shot]:
    wish, board, said = of
    shot = _shot_of(wish, board, said)
    new = shot.scene is Scene.NEW
    try:
        plan = await filming.planned(desk, w, ask, shot, after)
    except Declined as fault:
        raise InShot(shot=said.number, why=explain(fault, ask.locale)) from fault
    production = after.last.production if after.last else ""
    made = filming.shot_after(after.last, production, new_scene=new, words=plan.words, facts=plan.facts, now=ask.now)
    chained = chains and not new and after.last is not None
    brief = replace(plan.brief, reference=COMING) if chained else plan.brief
    price = known_price(desk, ask, plan.backend, brief)
    seconds = plan.brief.seconds or ask.capabilities[plan.backend].usual_length
    return Planned(said, shot, plan, Slate(made.scene, made.number), chained, price, seconds), made


def _shot_of(wish: Storyboard, board: Board, said: BoardShot) -> Generate:
    """The shot as if it had been asked for by itself."""
    return Generate(
        prompt=said.words,
        seconds=said.seconds,
        shape=wish.shape or board.shape,
        stage=wish.stage,
        model=wish.model,
        scene=Scene.NEW if said.scene_new else None,
    )


def _card(ask: Ask, wish: Storyboard, found: Quote) -> Card:
    facts = [money(found.price, ask.locale)]
    facts += [duration(found.seconds, ask.locale)] if found.seconds else []
    facts += [backend_name(found.backend, ask.locale)]
    facts += [found.shape.label] if found.shape else []
    return Card(
        tone=Tone.WAITING,
        title=_title(len(found.shots), ask.locale),
        quote=found.board.title,
        lines=(say("storyboard.line", ask.locale), *_told(ask, wish, found)),
        facts=tuple(facts),
        rows=_rows(found, ask.locale),
        buttons=(
            Button(_film_label(found.price, ask.locale), action("shoot", ask.wish)),
            Button(say("button.edit", ask.locale), action("edit_board", ask.wish), asks=True),
            Button(say("button.dismiss", ask.locale), action("dismiss", ask.wish)),
        ),
    )


def _title(count: int, locale: str) -> str:
    return say("storyboard.title_one", locale) if count == 1 else say("storyboard.title", locale, count=count)


def _film_label(price: int | None, locale: str) -> str:
    return priced(say("button.film", locale), price, locale)


def _told(ask: Ask, wish: Storyboard, found: Quote) -> tuple[str, ...]:
    lines = []
    if wish.start is not None:
        name = backend_name(found.backend, ask.locale)
        takes_pictures = ask.capabilities[found.backend].images
        key = "storyboard.chained" if takes_pictures else "storyboard.no_pictures"
        lines.append(say(key, ask.locale, backend=name))
    if found.board.style or found.board.cast:
        lines.append(say("storyboard.above", ask.locale))
    notes = [(each.said.number, note) for each in found.shots for note in note_lines(each.plan.brief, ask.locale)]
    said = (say("storyboard.note", ask.locale, shot=shot, note=note) for shot, note in notes[:NOTES_MOST])
    return (*lines, *said)


def _rows(found: Quote, locale: str) -> tuple[Row, ...]:
    return tuple(
        Row(str(each.slate), each.said.words, duration(each.seconds, locale) if each.seconds else "")
        for each in found.shots
    )


# ---------------------------------------------------------------- booked


async def film(desk: Desk, w: Work, ask: Ask, stored: Wish, wish: Storyboard) -> Answer:
    """All shots, in their order, or none; and the wish that tells at the end how it went.

    Raises `PriceChanged` where the tapped button names another price than is true by now, `UnknownIdea` after a day.
    """
    if ask.now - stored.at > APPROVAL_SECONDS:
        raise UnknownIdea
    found = await quote(desk, w, ask, wish)
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now, len(found.shots))
    buttons = stored.answer.buttons if stored.answer else ()
    if _film_label(found.price, stored.address.locale) not in {each.label for each in buttons}:
        raise PriceChanged(price=money(found.price, ask.locale))
    jobs = await _booked(desk, w, ask, stored, found)
    address = replace(ask.address, hook="", pressed=None, message=None)
    over = Wish(wish_of(stored.id), ask.member, address, to_dict(BoardOver(board=stored.id)), jobs[-1].created_at)
    await w.wishes.add(over)
    return Answer(_on_its_way(found, ask.locale), jobs[0].id)


async def _booked(desk: Desk, w: Work, ask: Ask, stored: Wish, found: Quote) -> list[Job]:
    jobs: list[Job] = []
    before = await _standing(w, found.shots[0].plan.last) if found.shots[0].chained else None
    for nth, each in enumerate(found.shots):
        then = replace(ask, now=ask.now + TICK * nth)
        first = await filming.next_shot(w, then, each.plan, each.wish)
        after = before.id if before and each.chained else ""
        jobs.append(await book(desk, w, then, replace(first, agreed=True, board=stored.id, after=after)))
        before = jobs[-1]
    return jobs


async def _standing(w: Work, last: Shot | None) -> Job | None:
    """The job of the take that stands for a shot: the circled one, else the newest."""
    takes = await w.takes.of_shot(last.id) if last else ()
    take = next((each for each in takes if each.circled), takes[-1] if takes else None)
    job = await w.jobs.of_take(take.id) if take else None
    return job if job is not None and job.state is not State.AWAITING_APPROVAL else None


def _on_its_way(found: Quote, locale: str) -> Card:
    """What becomes of the storyboard's card: the shots are on their way."""
    first, last = found.shots[0].slate, found.shots[-1].slate
    told = say("storyboard.filming", locale, count=len(found.shots), first=str(first), last=str(last))
    title = _title(len(found.shots), locale)
    return Card(title=title, quote=found.board.title, lines=(told,), rows=_rows(found, locale), replaces=True)


# ---------------------------------------------------------------- told


async def board_over(desk: Desk, w: Work, ask: Ask, wish: BoardOver) -> Answer:
    """How it went, once its last shot has ended. Raises `NotYet` before."""
    jobs = await w.jobs.of_board(wish.board)
    if not jobs or jobs[0].member != ask.member.id:
        raise UnknownIdea
    if not all(map(is_over, jobs)):
        raise NotYet
    takes = [take for job in jobs if (take := await w.takes.get(job.take))]
    return Answer(_over_card(jobs, takes, ask.locale))


def _over_card(jobs: Sequence[Job], takes: Sequence[Take], locale: str) -> Card:
    came = {job.take for job in jobs if job.state in (State.DONE, State.UNDELIVERED)}
    clips = [take.clip for take in takes if take.id in came and take.clip]
    missing = [str(take.slate) for take in takes if take.id not in came]
    length = duration(sum(clip.seconds for clip in clips), locale)
    key = "storyboard.over" if clips else "storyboard.over_none"
    lines = [say(key, locale, filmed=len(clips), count=len(jobs), length=length)]
    if missing:
        lines.append(say("storyboard.missing", locale, shots=say("list.comma", locale).join(missing)))
    buttons = (Button(say("button.join", locale), action("film")),) if clips else ()
    checks = (Button(say("button.check", locale), action("check")),) if len(clips) > 1 else ()
    title = _title(len(jobs), locale)
    return Card(tone=Tone.READY if clips else Tone.FAILED, title=title, lines=tuple(lines), buttons=(*buttons, *checks))


# ---------------------------------------------------------------- where they go


async def place_for(
    work: WorkFactory, posters: Mapping[str, Poster], command: Command, wish: Wish, now: float
) -> Address:
    """Where the shots of a storyboard go: into a thread of its card where the platform has threads, else where it stands.

    Raises `DeliveryFault` while it may still be had.
    """
    poster = posters.get(wish.address.platform)
    if poster is None or not isinstance(command, Shoot) or not isinstance(poster, Threads):
        return wish.address
    async with work() as w:
        stored = await w.wishes.get(command.idea)
    said = from_dict(stored.command) if stored is not None and stored.job is None else None
    if not isinstance(said, Storyboard):
        return wish.address
    try:
        return await poster.thread(wish.address, _thread_title(read(said.text), wish.address.locale))
    except DeliveryFault as fault:
        if fault.final or now - wish.at > THREAD_PATIENCE:
            return wish.address
        raise


def _thread_title(board: Board, locale: str) -> str:
    words = " ".join((board.title or board.shots[0].words).split())
    return say("storyboard.thread", locale, words=words)[:TITLE_MOST].strip()
