"""What every command handler is given and gives back: the desk (what does not change between wishes), the ask, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.backends import split_choice
from bot.brief import Note
from bot.budget import Caps, Quotas
from bot.cards import Card
from bot.commands import Stage
from bot.errors import (
    BackendPaused,
    FinalNotOffered,
    NothingToRemix,
    NotYours,
    UnknownBackend,
    UnknownIdea,
    UnknownTake,
)
from bot.film import Production, Slate, Take, new_id
from bot.paperwork import Capabilities, Wish
from bot.people import Address, Member
from bot.ports import Backends, Readers, Work
from bot.session import Session
from bot.text import say


@dataclass(frozen=True)
class Desk:
    """The operator's choices that handlers need."""

    default: str
    """Backend that films when nobody says otherwise."""
    embedded: str
    offered: tuple[str, ...]
    """Backends that members may name."""
    caps: Caps = field(default_factory=Caps)
    readers: Readers = field(default_factory=dict)
    backends: Backends | None = None
    """Where prices are asked for while a member types; without it none is shown there."""
    paused: frozenset[str] = frozenset()
    """Backends that rest, and that nothing stands in for."""
    demand: bool = False
    """What has no price is not filmed."""
    final: str = ""
    """The choice that films finals; empty: there is none."""
    final_resolution: str = ""
    """The tier in which it films them, where it offers that tier; empty: its own."""
    quotas: Quotas = field(default_factory=Quotas)

    def choose(self, name: str | None) -> str:
        """The named choice, or the default; the last part of a model's name will do where it is one model's alone.

        Raises `UnknownBackend` for one that is not offered, `BackendPaused`.
        """
        chosen = self._meant(name.strip()) if name else self.default
        if chosen not in self.offered:
            raise UnknownBackend(backend=chosen[:80], backends=", ".join(self.offered))
        if split_choice(chosen)[0] in self.paused:
            others = [each for each in self.offered if split_choice(each)[0] not in self.paused]
            raise BackendPaused(backend=chosen, backends=", ".join(others))
        return chosen

    def films(self, stage: Stage | None, name: str | None) -> str:
        """The choice of a stage; a draft goes where its member says. Raises what `choose` and `choose_final` raise."""
        if stage is Stage.FINAL:
            return self.choose_final()
        return self.embedded if stage is Stage.ANIMATIC else self.choose(name)

    def choose_final(self) -> str:
        """The choice that films finals, whether or not members may name it. Raises `FinalNotOffered` or `BackendPaused`."""
        if not self.final:
            raise FinalNotOffered
        if split_choice(self.final)[0] in self.paused:
            raise BackendPaused(backend=self.final, backends=", ".join(self.offered))
        return self.final

    def stage_of(self, choice: str) -> Stage:
        """What a take is that this choice films without being asked for a final."""
        free = choice == self.embedded != self.default
        return Stage.ANIMATIC if free else Stage.DRAFT

    def again(self, choice: str, wanted: str = "") -> str:
        """The same choice once more, while it is offered; else its backend; else what was wanted then; else the default."""
        return next((each for each in (choice, split_choice(choice)[0], wanted) if each in self.offered), self.default)

    def _meant(self, name: str) -> str:
        """What was said in short: ``omni-1.2`` for ``gemini_omni/gemini-omni-1.2``, in any case of letters."""
        if name in self.offered:
            return name
        said = name.casefold()
        exact = [each for each in self.offered if each.casefold() == said]
        short = [each for each in self.offered if each.casefold().endswith((f"/{said}", f"-{said}"))]
        return next((found[0] for found in (exact, short) if len(found) == 1), name)


@dataclass(frozen=True)
class Ask:
    """One wish being handled: who, from where, and what the backends can do at this moment."""

    member: Member
    address: Address
    capabilities: Mapping[str, Capabilities]
    now: float
    wish: str = ""
    """Id of the wish that is handled."""
    told: tuple[Note, ...] = ()
    """What has to be told of the picture that it starts from."""

    @property
    def locale(self) -> str:
        """The language of the answer."""
        return self.address.locale

    @property
    def place(self) -> str:
        """What productions belong to beside the member."""
        return self.address.place


@dataclass(frozen=True)
class Answer:
    """The card that answers, or the job whose card does."""

    card: Card = field(default_factory=Card)
    job: str | None = None


class NotYet(Exception):
    """There is nothing to answer yet: the wish stays as it is, and is taken up again."""


async def production_in_hand(w: Work, ask: Ask) -> tuple[Session, Production]:
    """The session and its production; the first wish in a place opens one."""
    session = await w.sessions.get(ask.member.id, ask.place)
    found = await w.productions.get(session.production) if session.production else None
    if found is None:
        return session, await open_production(w, ask, say("session.first_title", ask.locale))
    return session, found


async def open_production(w: Work, ask: Ask, title: str) -> Production:
    """Start a production; the caller puts it into the session."""
    production = Production(new_id(), ask.member.id, ask.place, title, ask.now)
    await w.productions.add(production)
    return production


async def find_idea(w: Work, ask: Ask, name: str) -> Wish:
    """The stored wish of that idea. Raises `UnknownIdea`: those of others, or of another place, are unknown."""
    stored = await w.wishes.get(name)
    if stored is None or stored.member.id != ask.member.id or stored.address.place != ask.place:
        raise UnknownIdea
    return stored


async def find_take(w: Work, ask: Ask, name: str) -> Take:
    """A take by id, or by slate in the production in hand. Raises `UnknownTake`; takes elsewhere are unknown, not forbidden.

    A member's own takes of other places are found in a direct conversation, where nobody else sees them: a clip that could
    only be sent there has its buttons there.
    """
    by_id = await w.takes.get(name.strip())
    if by_id is not None:
        mine_alone = by_id.member == ask.member.id and ask.address.direct
        if by_id.place != ask.place and not mine_alone:
            raise UnknownTake(take=name[:80])
        return by_id
    slate = Slate.read(name[:80])
    session = await w.sessions.get(ask.member.id, ask.place)
    takes = await w.takes.of_production(session.production) if session.production else ()
    for take in reversed(takes):
        if take.slate == slate or (not slate.take and take.slate.shot_name == slate.shot_name):
            return take
    raise UnknownTake(take=name[:80])


async def latest(w: Work, ask: Ask) -> Take:
    """The take that was shown last. Raises `NothingToRemix`."""
    session = await w.sessions.get(ask.member.id, ask.place)
    take = await w.takes.get(session.last_take) if session.last_take else None
    if take is None:
        raise NothingToRemix
    return take


def must_own(ask: Ask, take: Take) -> None:
    """Raises `NotYours` for another member's take, unless a moderator asks."""
    if take.member != ask.member.id and not ask.member.moderator:
        raise NotYours(take=str(take.slate))
