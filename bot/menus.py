"""What stands behind a take's card: its whole prompt, and what else can be done with it."""

from __future__ import annotations

from bot import lint_card, promotion, votes
from bot.asking import Answer, Ask, Desk, find_take
from bot.backends import split_choice
from bot.cards import Button, Card
from bot.commands import More, Prompt, Stage, action
from bot.delivery import take_view
from bot.film import Shape, Take
from bot.filming import films_again
from bot.paperwork import Capabilities
from bot.ports import Work
from bot.rewording import own_words
from bot.states import Job
from bot.takecard import TakeView, edit_button, kept_chips, priced, prompt_parts
from bot.text import say


async def prompt(desk: Desk, w: Work, ask: Ask, wish: Prompt) -> Answer:
    """Everything that the take's backend is told, part by part, verbatim."""
    view = await _view(desk, w, await find_take(w, ask, wish.take))
    title = say("prompt.title", ask.locale, take=str(view.take.slate))
    return Answer(Card(title=title, prompt=prompt_parts(view, ask.locale), take=view.take.id))


async def more(desk: Desk, w: Work, ask: Ask, wish: More) -> Answer:
    """The rarer things that can be done with the take, and what it hands on that may still be taken away."""
    view = await _view(desk, w, await find_take(w, ask, wish.take))
    take, locale = view.take, ask.locale
    backend, _ = await films_again(desk, w, take)
    caps = ask.capabilities[backend]
    buttons = (
        *_extend(take, view.job, backend, caps, locale),
        *_other_shapes(take, caps, locale),
        *(await _winner(desk, w, ask, view)),
        edit_button(take.id, locale),
        Button(say("button.story", locale), action("shot", take.id)),
        *((Button(say("button.shot_card", locale), action("shot_card", take.id)),) if take.clip else ()),
    )
    buttons = (*buttons, *lint_card.others(view.offers, locale, take.id))
    mine = take.member == ask.member.id or ask.member.moderator
    kept = tuple(chip for chip in kept_chips(view, locale) if mine and chip.action)
    lines = (say("more.kept", locale),) if kept else ()
    title = say("more.title", locale, take=str(take.slate))
    return Answer(Card(title=title, quote=own_words(take), lines=lines, kept=kept, buttons=buttons, take=take.id))


async def _view(desk: Desk, w: Work, take: Take) -> TakeView:
    job = await w.jobs.of_take(take.id)
    assert job is not None  # made in the same transaction as the take
    return await take_view(w, job, desk.readers)


async def _winner(desk: Desk, w: Work, ask: Ask, view: TakeView) -> tuple[Button, ...]:
    """Of takes that were voted on: circle the best, or make it final."""
    best = await votes.winner(w, view.take) if view.job.batch else None
    job = await w.jobs.of_take(best.id) if best else None
    if best is None or job is None or not (best.member == ask.member.id or ask.member.moderator):
        return ()
    circle = Button(say("button.winner_circle", ask.locale, take=str(best.slate)), action("circle", best.id))
    above = promotion.offer(desk, ask.capabilities, best, job, ask.now)
    if above is None or above.stage is not Stage.FINAL:
        return () if best.circled else (circle,)
    label = priced(say("button.winner_final", ask.locale, take=str(best.slate)), above.price, ask.locale)
    final = Button(label, action("final", best.id))
    return (final,) if best.circled else (final, circle)


def _extend(take: Take, job: Job, backend: str, caps: Capabilities, locale: str) -> tuple[Button, ...]:
    if take.clip is None or not caps.extends or split_choice(backend)[0] != job.backend:
        return ()
    return (Button(say("button.extend", locale), action("extend", take.id)),)


def _other_shapes(take: Take, caps: Capabilities, locale: str) -> tuple[Button, ...]:
    others = [shape for shape in caps.shapes or () if shape is not _shape(take)]
    return tuple(
        Button(say("button.shape", locale, shape=say(f"choice.{shape}", locale)), action("retake", take.id, shape))
        for shape in others
    )


def _shape(take: Take) -> Shape | None:
    """The shape asked for, else the one that the clip came in."""
    if take.brief.shape or take.clip is None:
        return take.brief.shape
    ratio = take.clip.width / take.clip.height
    return min(Shape, key=lambda shape: abs(shape.ratio[0] / shape.ratio[1] - ratio))
