"""The only door in: ``handle(wish) -> Card``. One short function per command; the tables at the end are the whole application.

What a wish changes happens in one transaction together with the mark that it was handled, so a wish that is taken up again
after a crash is either not begun or wholly done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot import (
    answers,
    assembling,
    assembly,
    casting,
    characters,
    commands,
    drawing,
    filming,
    helping,
    ideas,
    likeness,
    means,
    menus,
    settling,
    stages,
    storyboards,
    styling,
    trying,
    verdicts,
    votes,
)
from bot.accounts import Budget, Models
from bot.asking import Answer, Ask, Desk, NotYet
from bot.assembly import BoardOver, EditBoard, Storyboard
from bot.brief import Note
from bot.cards import Card, Tone
from bot.commands import Command, Generate, Stage
from bot.delivery import Delivery
from bot.drawing import DrawingBoard
from bot.editing import EditRoom, takes_its_time
from bot.errors import AttachmentGone, Declined, DeliveryFault, SetupFault, ThroughlineError
from bot.frames import last_frame_of, shot_before
from bot.looks import Canon, Cast, Character, Consent
from bot.offering import offers
from bot.paperwork import Wish
from bot.pictures import bring_in, is_ours, leaves_house, told_of
from bot.ports import Attachments, Backends, Clips, Clock, Gate, Poster, Work, WorkFactory
from bot.text import explain, say
from bot.turns import Turns

log = logging.getLogger("throughline.studio")

PATIENCE: Final = 900.0
"""Seconds for which we try to fetch what was attached before the member is asked to attach it again."""

AT_ONCE: Final = 4
"""So many wishes are handled at once: of a crowd's, the first cards shall be out before the last wish is looked at."""

Handler = Callable[[Desk, Work, Ask, Any], Awaitable[Answer]]


@dataclass
class Studio:
    """Takes wishes up and answers them."""

    work: WorkFactory
    backends: Backends
    delivery: Delivery
    posters: Mapping[str, Poster]
    clock: Clock
    desk: Desk
    attachments: Mapping[str, Attachments] = field(default_factory=dict)
    """What brings in attached pictures, by platform; with it go `gate` and `clips`."""
    gate: Gate | None = None
    clips: Clips | None = None
    board: DrawingBoard | None = None
    """Draws what answers ask to be drawn; without it they go without pictures."""
    editing: EditRoom | None = None
    """Makes what answers ask to be made: films, checks, exports."""
    turns: Turns = field(default_factory=Turns)
    _in_hand: Counter[str] = field(default_factory=Counter)
    _beside: set[asyncio.Task[None]] = field(default_factory=set)
    """Answers that take minutes, of wishes that were found lying."""
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def take_up(self, wish_id: str) -> None:
        """Handle a stored wish and post its answer; harmless to repeat. A fault of ours is answered too, never swallowed.

        What one member asks is handled in the order in which it was taken up; answers do not wait for one another.
        """
        self._in_hand[wish_id] += 1
        try:
            await self._take_up(wish_id)
        finally:
            self._in_hand -= Counter((wish_id,))

    async def take_up_once(self, wish_id: str) -> None:
        """The same, unless somebody here has it in hand."""
        if wish_id not in self._in_hand:
            await self.take_up(wish_id)

    async def _take_up(self, wish_id: str) -> None:
        try:
            wish = await self._in_turn(wish_id)
        except SetupFault as fault:  # the database is away: the wish stays as it is, the sweep takes it up again
            log.error("wish %s waits: %s", wish_id, fault)
            return
        except DeliveryFault as fault:
            log.warning("wish %s waits for what was attached: %s", wish_id, fault.reason)
            return
        if wish is None:
            return
        try:
            await self._answer(wish)
        except DeliveryFault as fault:
            log.warning("wish %s: answer not posted yet: %s", wish.id, fault.reason)
            return
        async with self.work() as w:
            await w.wishes.answered(wish_id)

    async def take_up_open(self) -> int:
        """At start, and now and then: every stored wish without an answer that nobody here has in hand. How many.

        What takes minutes to make is made beside: nobody waits for somebody's film.
        """
        async with self.work() as w:
            waiting = [wish for wish in await w.wishes.open() if wish.id not in self._in_hand]
        for wish in filter(takes_its_time, waiting):
            task = asyncio.create_task(self.take_up(wish.id), name=f"wish {wish.id}")
            self._beside.add(task)
            task.add_done_callback(self._beside.discard)
        await asyncio.gather(*(self.take_up(wish.id) for wish in waiting if not takes_its_time(wish)))
        return len(waiting)

    async def quiet(self) -> None:
        """Until nothing is made beside any more."""
        while self._beside:
            await asyncio.wait(tuple(self._beside))

    async def close(self) -> None:
        """Let go of what is being made beside; its wishes are stored, and are taken up again."""
        for task in tuple(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def handle(self, command: Command, wish: Wish) -> Answer:
        """Do what the command asks, in one transaction. Raises `Declined` with nothing changed."""
        handler = HANDLERS[type(command)]
        capabilities = await self._capabilities()
        told = await self._told(command, capabilities, wish)
        address = await storyboards.place_for(self.work, self.posters, command, wish, self.clock.now())
        async with self.work() as w:
            await w.hold(f"member {wish.member.id}")
            # the time is read when it is this wish's turn: what a member makes has to be in the order of its times
            ask = Ask(wish.member, address, capabilities, self.clock.now(), wish.id, told)
            answer = await handler(self.desk, w, ask, command)
            if not await w.wishes.handled(wish.id, answer.card, answer.job):
                raise _HandledByOther
        return answer

    async def _in_turn(self, wish_id: str) -> Wish | None:
        async with self.turns.turn(partial(self._stored, wish_id), _whose) as wish:
            return await self._handled(wish) if wish and not wish.handled else wish

    async def _stored(self, wish_id: str) -> Wish | None:
        async with self.work() as w:
            return await w.wishes.get(wish_id)

    async def _handled(self, wish: Wish) -> Wish | None:
        """The wish with its answer; None where it cannot be answered yet."""
        locale = wish.address.locale
        try:
            command = await self._with_picture(wish)
            async with self._room:
                await self.handle(command, wish)
        except NotYet:
            return None
        except _HandledByOther:
            pass
        except Declined as declined:
            await self._refuse(wish, explain(declined, locale))
        except (SetupFault, DeliveryFault):
            raise
        except ThroughlineError as fault:
            log.error("wish %s: %s", wish.id, fault)
            await self._refuse(wish, explain(fault, locale))
        except Exception:
            log.exception("wish %s could not be handled", wish.id)
            await self._refuse(wish, say("error.fault", locale))
        return await self._stored(wish.id) or wish

    async def _with_picture(self, wish: Wish) -> Command:
        """The wish's command, with what was attached brought in and named by its digest, in the stored wish too."""
        command = await self._from_last_frame(commands.from_dict(wish.command), wish)
        if isinstance(command, Character):
            return await likeness.made(command, wish, self.work, self.backends, self.clips)
        image = await self._picture_of(command, wish)
        if image is None or not isinstance(command, Generate | Consent):
            return command
        try:
            digest = image if is_ours(image) else await bring_in(image, self.attachments, self.gate, self.clips)
        except DeliveryFault as fault:
            if fault.final or self.clock.now() - wish.at > PATIENCE:
                raise AttachmentGone from fault
            raise
        command = replace(command, image=digest)
        async with self.work() as w:
            await w.wishes.amend(wish.id, commands.to_dict(command))
        return command

    async def _from_last_frame(self, command: Command, wish: Wish) -> Command:
        """The command with the picture that it begins with, where that is the last of the shot before; its own goes first."""
        if not isinstance(command, Generate) or command.start is None or command.image is not None:
            return command
        async with self.work() as w:
            before = await shot_before(w, wish.member.id, wish.address)
        command = replace(command, start=None, image=await last_frame_of(before, self.gate, self.clips))
        async with self.work() as w:
            await w.wishes.amend(wish.id, commands.to_dict(command))
        return command

    async def _picture_of(self, command: Command, wish: Wish) -> str | None:
        """The address of a picture that has to be brought in now. That of a cast member is not before its member consents."""
        if isinstance(command, Generate):
            return None if command.image is None or is_ours(command.image) else command.image
        if not isinstance(command, Consent):
            return None
        async with self.work() as w:
            return await casting.picture_wanted(w, command, wish.member.id)

    async def _told(self, command: Command, capabilities: Mapping[str, Any], wish: Wish) -> tuple[Note, ...]:
        """What is to be told of the picture that it starts from: looked at in time, no transaction waits for that."""
        if self.gate is None or not isinstance(command, _FROM_PICTURES):
            return ()
        try:
            async with self.work() as w:
                image, choice = await self._goes(w, command, wish)
        except Declined:  # the handler says why
            return ()
        if image is None or not leaves_house(capabilities, choice):
            return ()
        return await told_of(image, self.gate, self.clips)

    async def _goes(self, w: Work, command: Command, wish: Wish) -> tuple[str | None, str]:
        """The picture that a command would send, and where to."""
        if isinstance(command, verdicts.Final | verdicts.Draft):
            return await stages.picture_of(self.desk, w, Ask(wish.member, wish.address, {}, 0.0), command)
        wished = await ideas.meant(w, command)
        if wished is None or wished.stage is Stage.ANIMATIC:
            return None, ""
        return wished.image, self.desk.films(wished.stage, wished.model)

    async def _refuse(self, wish: Wish, sentence: str) -> None:
        card = Card(tone=Tone.FAILED, quote=answers.said(wish.command), lines=(sentence,))
        async with self.work() as w:
            await w.wishes.handled(wish.id, card, None)

    async def _answer(self, wish: Wish) -> None:
        for job in await self._opened(wish):
            await self.delivery.open(job)
        if wish.answer is not None and wish.answer.makes:
            await self._make(wish, wish.answer)
        elif wish.answer is not None and wish.answer != Card() and (wish.job is None or not _is_idea(wish)):
            poster = self.posters.get(wish.address.platform)
            if poster is None:
                raise DeliveryFault(f"no poster for {wish.address.platform} in this process")
            await poster.answer(wish.address, wish.id, *await self._pictured(wish, wish.answer))
        if wish.handled:
            await self._refresh(wish)

    async def _opened(self, wish: Wish) -> Sequence[str]:
        """The jobs whose cards the wish has to show: one, or all that were booked together."""
        if wish.job is None:
            return ()
        async with self.work() as w:
            job = await w.jobs.get(wish.job)
            if job and wish.command["name"] == assembly.Reshoot.name:
                return [each.id for each in await assembling.reshot_with(w, wish, job)]
            if job is None or not job.board or wish.command["values"].get("idea") != job.board:
                return [each.id for each in await votes.together(w, job)] if job else ()
            return [each.id for each in await w.jobs.of_board(job.board)]

    async def _make(self, wish: Wish, card: Card) -> None:
        if self.editing is None:
            raise DeliveryFault("nothing is made in this process")
        await self.editing.finish(wish, card)

    async def _pictured(self, wish: Wish, card: Card) -> tuple[Card, Path | None]:
        """The answer with what it asks to be drawn."""
        if not card.picture:
            return card, None
        return await self.board.finished(wish, card) if self.board else (replace(card, picture=""), None)

    async def _refresh(self, wish: Wish) -> None:
        """Commands that change a take's card without a new take: show that card anew."""
        name = wish.command["name"]
        if name not in (commands.Circle.name, commands.Drop.name, verdicts.Vote.name):
            return
        async with self.work() as w:
            job = await w.jobs.of_take(str(wish.command["values"]["take"]))
            counted = await votes.together(w, job) if job and name == verdicts.Vote.name else ()
        if job is not None and not counted:
            await self.delivery.refresh(job)
        await asyncio.gather(*(self.delivery.recount(each) for each in counted))

    async def _capabilities(self) -> Mapping[str, Any]:
        return await offers(self.backends)


def _whose(wish: Wish | None) -> str:
    return wish.member.id if wish else ""


def _is_idea(wish: Wish) -> bool:
    """Its answer asked whether to film it; where a job came of it, that job's card is the answer."""
    return wish.command["name"] in (commands.Idea.name, commands.EditIdea.name, commands.Takes.name, Storyboard.name)


class _HandledByOther(Exception):
    """Another process has handled this wish: its transaction stands, ours is rolled back."""


_FROM_PICTURES: Final = (
    commands.Generate,
    commands.Shoot,
    commands.EditIdea,
    commands.Hone,
    verdicts.Final,
    verdicts.Draft,
)

HANDLERS: Final[Mapping[type[Command], Handler]] = {
    commands.Generate: filming.generate,
    commands.Remix: filming.remix,
    commands.Retake: filming.retake,
    commands.Extend: filming.extend,
    commands.Takes: ideas.takes,
    Storyboard: storyboards.storyboard,
    EditBoard: storyboards.edit_board,
    BoardOver: storyboards.board_over,
    verdicts.Final: stages.final,
    verdicts.Draft: stages.draft,
    verdicts.Approve: stages.approve,
    verdicts.Vote: votes.vote,
    commands.Circle: filming.circle,
    commands.Drop: filming.drop,
    commands.Settle: settling.settle,
    commands.Cancel: filming.cancel,
    commands.Style: styling.style,
    Cast: casting.cast,
    Consent: casting.consent,
    Canon: casting.canon,
    Character: characters.character,
    commands.SessionCommand: answers.session,
    commands.Dailies: answers.dailies,
    commands.ShotStory: answers.shot,
    commands.Queue: answers.queue,
    Budget: means.budget_,
    Models: means.models,
    commands.Help: answers.help_,
    helping.MoreIdeas: trying.more_ideas,
    helping.TryIdea: trying.try_idea,
    commands.Start: answers.start,
    commands.Prompt: menus.prompt,
    commands.More: menus.more,
    verdicts.ShotCard: drawing.shot_card,
    commands.Edit: filming.edit,
    commands.TakeUp: filming.take_up,
    commands.Idea: ideas.idea,
    commands.EditIdea: ideas.edit_idea,
    commands.Hone: ideas.hone,
    commands.Shoot: ideas.shoot,
    commands.Dismiss: ideas.dismiss,
    assembly.Film: assembling.film,
    assembly.Check: assembling.check,
    assembly.Export: assembling.export,
    assembly.Sheet: assembling.sheet,
    assembly.Arrange: assembling.arrange,
    assembly.Reshoot: assembling.reshoot,
}
