"""Ideas: what a member might film, shown with its compiled prompt and its price before any money is spent.

An idea is a stored wish. Its id is what the buttons of its card carry, and it becomes a job once (`ports.Wishes.shoot`).
"""

from __future__ import annotations

from dataclasses import replace

from bot import filming, offering
from bot.asking import Answer, Ask, Desk
from bot.cards import Button, Card, Tone
from bot.commands import Command, Dismiss, EditIdea, Generate, Idea, Shoot, action, from_dict
from bot.errors import Busy, UnknownIdea
from bot.paperwork import Wish
from bot.ports import Work
from bot.takecard import backend_name, named_parts, note_lines
from bot.text import duration, money, say


async def idea(desk: Desk, w: Work, ask: Ask, wish: Idea) -> Answer:
    """What would be sent now, and what it would cost; nothing is stored but the wish itself."""
    return Answer(await _card(desk, w, ask, wish))


async def edit_idea(desk: Desk, w: Work, ask: Ask, wish: EditIdea) -> Answer:
    """The idea with other words, as an idea of its own."""
    before = await idea_of(w, await find_idea(w, ask, wish.idea))
    return Answer(await _card(desk, w, ask, replace(before, prompt=wish.prompt)))


async def shoot(desk: Desk, w: Work, ask: Ask, wish: Shoot) -> Answer:
    """Film it; the idea's card becomes the take's. A second tap, or two at once, end at the same job."""
    stored = await find_idea(w, ask, wish.idea)
    if stored.job is not None:
        return Answer(job=stored.job)
    said = await idea_of(w, stored)
    answer = await filming.generate(desk, w, ask, said, posted=ask.address.pressed)
    assert answer.job is not None  # a shot that is filmed has a job
    if not await w.wishes.shoot(stored.id, answer.job):
        raise Busy  # another process was faster: what was made here is undone with this transaction
    return answer


async def dismiss(desk: Desk, w: Work, ask: Ask, wish: Dismiss) -> Answer:
    """The idea's card becomes one line; one that was filmed meanwhile stays what it is."""
    stored = await find_idea(w, ask, wish.idea)
    if stored.job is not None:
        return Answer(job=stored.job)
    return Answer(Card(lines=(say("idea.dismissed", ask.locale),), replaces=True))


async def find_idea(w: Work, ask: Ask, name: str) -> Wish:
    """The stored wish of that idea. Raises `UnknownIdea`: those of others, or of another place, are unknown."""
    stored = await w.wishes.get(name)
    if stored is None or stored.member.id != ask.member.id or stored.address.place != ask.place:
        raise UnknownIdea
    return stored


async def idea_of(w: Work, stored: Wish) -> Generate:
    """What the idea would film, whatever was edited on the way. Raises `UnknownIdea` for a wish that is no idea."""
    words: str | None = None
    command = from_dict(stored.command)
    while isinstance(command, EditIdea):
        words = words or command.prompt
        before = await w.wishes.get(command.idea)
        if before is None:
            raise UnknownIdea
        command = from_dict(before.command)
    if not isinstance(command, Idea):
        raise UnknownIdea
    return replace(command, prompt=words or command.prompt)


async def meant(w: Work, command: Command) -> Generate | None:
    """What a command films, or would film, anew: itself, or the idea that it names; None for every other command."""
    if isinstance(command, Generate):
        return command
    stored = await w.wishes.get(command.idea) if isinstance(command, Shoot | EditIdea) else None
    return await idea_of(w, stored) if stored else None


async def _card(desk: Desk, w: Work, ask: Ask, wish: Generate) -> Card:
    plan = await filming.planned(desk, w, ask, wish)
    price = offering.price(ask.capabilities, plan.backend, plan.brief, ask.now)
    facts = [backend_name(plan.backend, ask.locale)]
    facts += [duration(plan.brief.seconds, ask.locale)] if plan.brief.seconds else []
    facts += [plan.brief.shape.label] if plan.brief.shape else []
    return Card(
        tone=Tone.WAITING,
        title=say("idea.title", ask.locale),
        quote=wish.prompt,
        lines=(say("idea.line", ask.locale), *note_lines(plan.brief, ask.locale)),
        facts=(*facts, money(price, ask.locale)),
        prompt=named_parts(plan.brief, ask.locale),
        buttons=_buttons(ask, price),
    )


def _buttons(ask: Ask, price: int | None) -> tuple[Button, ...]:
    cost = f" {money(price, ask.locale)}" if price else ""
    return (
        Button(say("button.shoot", ask.locale) + cost, action("shoot", ask.wish)),
        Button(say("button.edit", ask.locale), action("edit_idea", ask.wish), asks=True, parts=True),
        Button(say("button.dismiss", ask.locale), action("dismiss", ask.wish)),
    )
