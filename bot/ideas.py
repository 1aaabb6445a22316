"""Ideas: what a member might film, shown with its compiled prompt and its price before any money is spent.

An idea is a stored wish. Its id is what the buttons of its card carry, and it becomes a job once (`ports.Wishes.shoot`), or
several where it is an idea for several takes.
"""

from __future__ import annotations

from dataclasses import replace

from bot import budget, filming, lint_card, offering, stages, storyboards
from bot.asking import Answer, Ask, Desk, find_idea
from bot.assembly import Storyboard
from bot.booking import APPROVAL_SECONDS, known_price
from bot.cards import Button, Card, Tone
from bot.commands import Command, Dismiss, EditIdea, Generate, Hone, Idea, Shoot, Takes, action, from_dict, to_dict
from bot.errors import Busy, PriceChanged, PriceNotKnown, UnknownIdea
from bot.linter import Offer
from bot.paperwork import Wish
from bot.ports import Work
from bot.takecard import backend_name, named_parts, note_lines, priced
from bot.text import duration, money, say


async def idea(desk: Desk, w: Work, ask: Ask, wish: Idea) -> Answer:
    """What would be sent now, and what it would cost; nothing is stored but the wish itself."""
    return Answer(await _card(desk, w, ask, wish))


async def takes(desk: Desk, w: Work, ask: Ask, wish: Takes) -> Answer:
    """The same for several takes at once, with the price of all of them; they have to be within the caps together."""
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now, wish.count)
    return Answer(await _card(desk, w, ask, wish))


async def edit_idea(desk: Desk, w: Work, ask: Ask, wish: EditIdea) -> Answer:
    """The idea with other words, as an idea of its own."""
    before = await idea_of(w, await find_idea(w, ask, wish.idea))
    return Answer(await _card(desk, w, ask, replace(before, prompt=wish.prompt)))


async def hone(desk: Desk, w: Work, ask: Ask, wish: Hone) -> Answer:
    """The idea with one of the linter's offers put into its words, as an idea of its own; nothing is spent yet.

    What was tapped is kept as the idea that it made, so that it stays the same however the words are read later.
    """
    before = await idea_of(w, await find_idea(w, ask, wish.idea))
    plan = await filming.planned(desk, w, ask, before)
    words, offer = lint_card.put_in(before.prompt, _offers(ask, plan, before), wish.offer)
    after = replace(before, prompt=words, seconds=offer.seconds or before.seconds)
    await w.wishes.amend(ask.wish, to_dict(after))
    return Answer(await _card(desk, w, ask, after))


def _offers(ask: Ask, plan: filming.Plan, wish: Generate) -> tuple[Offer, ...]:
    """What could be said better in the idea's words."""
    seconds = plan.brief.seconds or ask.capabilities[plan.backend].usual_length
    return lint_card.offers_in(wish.prompt, plan.brief, seconds)


async def shoot(desk: Desk, w: Work, ask: Ask, wish: Shoot) -> Answer:
    """Film it; the idea's card becomes the take's. A second tap, or two at once, end at the same job."""
    stored = await find_idea(w, ask, wish.idea)
    if stored.job is not None:
        return Answer(job=stored.job)
    answer = await _filmed(desk, w, ask, stored)
    assert answer.job is not None  # a shot that is filmed has a job
    if not await w.wishes.shoot(stored.id, answer.job):
        raise Busy  # another process was faster: what was made here is undone with this transaction
    return answer


async def _filmed(desk: Desk, w: Work, ask: Ask, stored: Wish) -> Answer:
    command = from_dict(stored.command)
    if isinstance(command, Storyboard):
        return await storyboards.film(desk, w, ask, stored, command)
    said = await idea_of(w, stored)
    if not isinstance(said, Takes):
        return await filming.generate(desk, w, ask, said, posted=ask.address.pressed, agreed=True)
    await _still_agreed(desk, w, ask, stored, said)
    return await stages.film_takes(desk, w, ask, said)


async def _still_agreed(desk: Desk, w: Work, ask: Ask, stored: Wish, said: Takes) -> None:
    """Raises `PriceChanged` where the tapped button names another price than is true by now, `UnknownIdea` after a day."""
    if ask.now - stored.at > APPROVAL_SECONDS:
        raise UnknownIdea
    plan = await filming.planned(desk, w, ask, said)
    price = _total(known_price(desk, ask, plan.backend, plan.brief), said)
    buttons = stored.answer.buttons if stored.answer else ()
    if _film_label(said, price, stored.address.locale) not in {each.label for each in buttons}:
        raise PriceChanged(price=money(price, ask.locale))


async def dismiss(desk: Desk, w: Work, ask: Ask, wish: Dismiss) -> Answer:
    """The idea's card becomes one line; one that was filmed meanwhile stays what it is."""
    stored = await find_idea(w, ask, wish.idea)
    if stored.job is not None:
        return Answer(job=stored.job)
    return Answer(Card(lines=(say("idea.dismissed", ask.locale),), replaces=True))


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
    if not isinstance(command, Idea | Takes):
        raise UnknownIdea
    return replace(command, prompt=words or command.prompt)


async def meant(w: Work, command: Command) -> Generate | None:
    """What a command films, or would film, anew: itself, or the idea that it names; None for every other command."""
    if isinstance(command, Generate):
        return command
    stored = await w.wishes.get(command.idea) if isinstance(command, Shoot | EditIdea | Hone) else None
    return await idea_of(w, stored) if stored else None


async def _card(desk: Desk, w: Work, ask: Ask, wish: Generate) -> Card:
    plan = await filming.planned(desk, w, ask, wish)
    price = _total(offering.price(ask.capabilities, plan.backend, plan.brief, ask.now), wish)
    if price is None and desk.demand and isinstance(wish, Takes):
        raise PriceNotKnown(backend=plan.backend)
    offers = _offers(ask, plan, wish)
    facts = [backend_name(plan.backend, ask.locale)]
    facts += [duration(plan.brief.seconds, ask.locale)] if plan.brief.seconds else []
    facts += [plan.brief.shape.label] if plan.brief.shape else []
    return Card(
        tone=Tone.WAITING,
        title=_title(wish, ask.locale),
        quote=plan.words,
        lines=(
            say(f"{wish.name}.line", ask.locale),
            *note_lines(plan.brief, ask.locale),
            *lint_card.lines(offers, ask.locale),
        ),
        facts=(*facts, money(price, ask.locale)),
        prompt=named_parts(plan.brief, ask.locale),
        buttons=(*_buttons(ask, wish, price), *lint_card.buttons(offers, ask.locale, ask.wish, name="hone")),
    )


def _title(wish: Generate, locale: str) -> str:
    return say("takes.title", locale, count=wish.count) if isinstance(wish, Takes) else say("idea.title", locale)


def _total(price: int | None, wish: Generate) -> int | None:
    return None if price is None else price * (wish.count if isinstance(wish, Takes) else 1)


def _film_label(wish: Generate, price: int | None, locale: str) -> str:
    if isinstance(wish, Takes):
        return priced(say("button.film_many", locale, count=wish.count), price, locale)
    return say("button.shoot", locale) + (f" {money(price, locale)}" if price else "")


def _buttons(ask: Ask, wish: Generate, price: int | None) -> tuple[Button, ...]:
    return (
        Button(_film_label(wish, price, ask.locale), action("shoot", ask.wish)),
        Button(say("button.edit", ask.locale), action("edit_idea", ask.wish), asks=True, parts=True),
        Button(say("button.dismiss", ask.locale), action("dismiss", ask.wish)),
    )
