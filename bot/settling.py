"""The two takes that settle a contradiction which a card points out: what was stays, or the shot opens a new scene."""

from __future__ import annotations

from typing import Final

from bot.asking import Answer, Ask, Desk, find_take, must_own
from bot.commands import Generate, Remix, Scene, Settle
from bot.errors import UnknownField
from bot.film import Take
from bot.filming import generate, remix, same_backend
from bot.noticing import contradicted
from bot.ports import Work

NEW_SCENE: Final = "scene"


async def settle(desk: Desk, w: Work, ask: Ask, wish: Settle) -> Answer:
    """A next take: the same shot with what was, in the words first used, or the same words as the first shot of a new scene."""
    take = await find_take(w, ask, wish.take)
    must_own(ask, take)
    if wish.how == NEW_SCENE:
        return await _in_new_scene(desk, w, ask, take)
    was = dict(contradicted(take.brief))
    if wish.how not in was:
        raise UnknownField(field=wish.how[:40], fields=", ".join((*was, NEW_SCENE)))
    return await remix(desk, w, ask, Remix(change=was[wish.how], take=take.id))


async def _in_new_scene(desk: Desk, w: Work, ask: Ask, take: Take) -> Answer:
    shot = await w.productions.shot(take.shot)
    assert shot is not None  # a take never outlives its shot
    brief = take.brief
    again = Generate(
        prompt=shot.words,
        image=brief.reference,
        seconds=brief.seconds,
        shape=brief.shape,
        scene=Scene.NEW,
        sound=brief.sound,
        model=await same_backend(desk, w, take),
    )
    return await generate(desk, w, ask, again)
