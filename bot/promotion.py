"""From stage to stage: the same brief on the model above, animatic to draft, draft to final; and what that would cost.

What is told stays byte for byte; only what concerns quality follows the model: the resolution tier, and a length that it does not
film goes to the nearest one upward, which the card says. A backend that finishes a draft of its own by its id would be told of
that draft in `orders.order_for`, where a take that is made from another one of the same backend is found; none in the tree has
such an id today (`Capabilities.draft` names a cheaper *model*), so a final is always filmed from its brief.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot import offering
from bot.asking import Desk
from bot.brief import Brief
from bot.capabilities import TIERS, Capabilities
from bot.commands import Stage
from bot.errors import Declined
from bot.film import Take
from bot.ports import Backends, Clock
from bot.states import Job


@dataclass(frozen=True)
class Stages:
    """The operator's choices: what films drafts (empty: the default backend) and finals (empty: there are none)."""

    draft: str = ""
    final: str = ""
    final_resolution: str = ""

    def __post_init__(self) -> None:
        if self.final_resolution not in ("", *TIERS):
            raise ValueError(f"final_resolution is one of {', '.join(TIERS)}")


@dataclass(frozen=True)
class Offer:
    """The next stage of a take. `price`: micro-dollars; None: nobody knows."""

    stage: Stage
    price: int | None


Above = Callable[[Take, Job], Awaitable[Offer | None]]
"""What a finished take can become; None: nothing."""


async def nothing_above(take: Take, job: Job) -> Offer | None:
    """Where there are no stages."""
    return None


def next_choice(desk: Desk, job: Job) -> tuple[Stage, str] | None:
    """The stage above the job's, and the choice that films it."""
    if job.stage == Stage.FINAL:
        return None
    if job.stage == Stage.ANIMATIC and desk.stage_of(desk.embedded) is Stage.ANIMATIC:
        return Stage.DRAFT, desk.default
    return (Stage.FINAL, desk.final) if desk.final else None


def brief_for(desk: Desk, stage: Stage, caps: Capabilities, source: Brief) -> Brief:
    """The source's brief as that stage's model films it: the same words, its own quality."""
    tier = desk.final_resolution if stage is Stage.FINAL else ""
    offered = tier if tier in caps.resolutions else None
    return offering.adapted(caps, offering.with_options(caps, source, offered, source.sound))


def offer(desk: Desk, capabilities: Mapping[str, Capabilities], take: Take, job: Job, now: float) -> Offer | None:
    """The next stage with its price; None where there is none, or its model does not film such a brief."""
    above = next_choice(desk, job)
    if above is None:
        return None
    stage, choice = above
    brief = brief_for(desk, stage, capabilities[choice], take.brief)
    try:
        offering.must_film(capabilities, choice, brief, now)
    except Declined:
        return None
    return Offer(stage, offering.price(capabilities, choice, brief, now))


@dataclass(frozen=True)
class Promotion:
    """`Above` for what shows cards: asks the backends at that moment."""

    desk: Desk
    backends: Backends
    clock: Clock

    async def __call__(self, take: Take, job: Job) -> Offer | None:
        """See `offer`."""
        above = next_choice(self.desk, job)
        if above is None:
            return None
        caps = await offering.capabilities_of(self.backends, above[1])
        known = {each: await offering.capabilities_of(self.backends, each) for each in caps.among}
        return offer(self.desk, {above[1]: caps, **known}, take, job, self.clock.now())
