"""The last frame of the shot before as the first of the next: the strongest continuity, where a backend takes a picture."""

from __future__ import annotations

from pathlib import Path

from bot.errors import DeliveryFault, NothingToRemix, TakeNotFinished
from bot.film import Take
from bot.ledger import name
from bot.people import Address
from bot.ports import Clips, Gate, Work


async def shot_before(w: Work, member: str, address: Address) -> Take:
    """The take that stands for the last shot of the production in hand: the circled one, else the newest with a clip.

    Raises `NothingToRemix` where there is no shot, `TakeNotFinished` where no take of it has come out yet.
    """
    session = await w.sessions.get(member, address.place)
    last = await w.productions.last_shot(session.production) if session.production else None
    if last is None:
        raise NothingToRemix
    takes = [take for take in await w.takes.of_shot(last.id) if take.clip is not None]
    if not takes:
        raise TakeNotFinished(take=name(last))
    return next((take for take in takes if take.circled), takes[-1])


async def last_frame_of(take: Take, gate: Gate | None, clips: Clips | None) -> str:
    """The digest of the clip's last frame, in the clip store. Raises `MediaFault`, `TakeNotFinished`, `DeliveryFault`."""
    if gate is None or clips is None:
        raise DeliveryFault("nothing takes a frame out of a clip in this process")
    clip: Path | None = await clips.path(take.clip.digest) if take.clip else None
    if clip is None:
        raise TakeNotFinished(take=str(take.slate))
    async with clips.scratch() as folder:
        frame = folder / "last.png"
        await gate.last_frame(clip, frame)
        return await clips.store(frame, ".png")
