"""`/help ideas`: a few ideas at a time that can be tried in this place, each showing one technique (`bot.gallery`).

Trying one spends nothing: it answers with an idea's own card (`bot.ideas`), or a storyboard's, whose price is said and whose
button films it; what belongs before and behind it stands above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, zip_longest
from typing import Any, Final

from bot import ideas, storyboards
from bot.asking import Answer, Ask, Desk
from bot.assembly import Storyboard
from bot.capabilities import Capabilities
from bot.cards import Button, Card, Row
from bot.commands import Command, Extend, Generate, Idea, Remix, Retake, Style, Takes, action, to_dict
from bot.errors import UnknownIdea
from bot.gallery import Technique, Telling, command_of, groups, technique, techniques
from bot.helping import MoreIdeas, TryIdea
from bot.ports import Work
from bot.text import say

PAGE: Final = 4
"""So many ideas stand on a card, so that each has its button everywhere."""


@dataclass(frozen=True)
class _Tried:
    """The message of a technique that films first, those before it and those behind."""

    asked: Idea | Takes | Storyboard
    before: tuple[str, ...]
    after: tuple[str, ...]


async def first_ideas(desk: Desk, w: Work, ask: Ask) -> Answer:
    """The first few, those first that go on from what the member has here."""
    return Answer(await _page(desk, w, ask, 0))


async def more_ideas(desk: Desk, w: Work, ask: Ask, wish: MoreIdeas) -> Answer:
    """The next few, in the place of those that were shown."""
    return Answer(replace(await _page(desk, w, ask, wish.after), replaces=True))


async def try_idea(desk: Desk, w: Work, ask: Ask, wish: TryIdea) -> Answer:
    """What it would film here now, and its price. The stored wish is kept as the idea that it is, which its buttons name.

    Raises `UnknownIdea` for one that the gallery no longer has.
    """
    found = technique(wish.idea)
    if found is None:
        raise UnknownIdea
    told = found.told(ask.locale)
    tried = _tried(told)
    await w.wishes.amend(ask.wish, to_dict(tried.asked))
    answer = await _priced(desk, w, ask, tried.asked)
    lines = (told.why, *_around(tried, ask.locale), *answer.card.lines)
    buttons = (*answer.card.buttons, *_looks(told, ask.locale))
    return replace(answer, card=replace(answer.card, title=told.title, lines=lines, buttons=buttons))


async def _priced(desk: Desk, w: Work, ask: Ask, asked: Idea | Takes | Storyboard) -> Answer:
    if isinstance(asked, Storyboard):
        return await storyboards.storyboard(desk, w, ask, asked)
    return await (ideas.takes(desk, w, ask, asked) if isinstance(asked, Takes) else ideas.idea(desk, w, ask, asked))


# ---------------------------------------------------------------- a few at a time


async def _page(desk: Desk, w: Work, ask: Ask, after: int) -> Card:
    begun = bool(await w.takes.newest(ask.member.id, ask.place, 1))
    able = [each for each in techniques() if _fits(each.told(ask.locale), ask.capabilities[desk.default])]
    order = [
        *_mixed(able, lambda each: _goes_on(each) is begun),
        *_mixed(able, lambda each: _goes_on(each) is not begun),
    ]
    shown = order[after : after + PAGE]
    rest = Button(say("button.more_ideas", ask.locale), action("more_ideas", str(after + PAGE)))
    return Card(
        title=say("ideas.title", ask.locale),
        lines=(say("ideas.line", ask.locale),),
        rows=tuple(_row(each, ask.locale) for each in shown),
        buttons=(rest,) if after + PAGE < len(order) else (),
    )


def _mixed(found: Sequence[Technique], wanted: Callable[[Technique], bool]) -> Iterator[Technique]:
    """One of each group, then the second of each, and so on."""
    piles = [[each for each in found if each.group == group and wanted(each)] for group in groups()]
    return (each for each in chain.from_iterable(zip_longest(*piles)) if each is not None)


def _goes_on(each: Technique) -> bool:
    """Whether it is about more than one shot."""
    return each.group in ("onward", "change", "several")


def _fits(told: Telling, caps: Capabilities) -> bool:
    """Whether the model that films here can do all of it."""
    return all(_can(command, caps) for command in told.commands())


def _can(command: Command, caps: Capabilities) -> bool:
    if isinstance(command, Extend):
        return caps.extends
    if isinstance(command, Retake | Generate) and command.shape is not None:
        return command.shape in (caps.shapes or ())
    return True


def _row(each: Technique, locale: str) -> Row:
    told = each.told(locale)
    tried = _tried(told)
    words = tried.asked.text if isinstance(tried.asked, Storyboard) else tried.asked.prompt
    note = next(iter(tried.after), "")
    return Row(told.title, words, note, action("try", each.name), label=say("button.try_idea", locale))


# ---------------------------------------------------------------- one of them


def _tried(told: Telling) -> _Tried:
    """Raises `UnknownIdea` where none of its messages films anything anew."""
    for at, command in enumerate(told.commands()):
        if isinstance(command, Generate | Storyboard):
            return _Tried(_as_idea(command), told.words[:at], told.words[at + 1 :])
    raise UnknownIdea


def _as_idea(command: Generate | Storyboard) -> Idea | Takes | Storyboard:
    if isinstance(command, Takes | Storyboard | Idea):
        return command
    values: dict[str, Any] = {each.name: getattr(command, each.name) for each in fields(command)}
    return Idea(**values)


def _around(tried: _Tried, locale: str) -> Iterator[str]:
    """What is written before it, and then."""
    yield from (say("ideas.first", locale, words=each) for each in tried.before)
    for each in tried.after:
        command = command_of(each)
        if isinstance(command, Remix) and command.change:
            yield say("ideas.reply", locale, words=command.change)
        else:
            yield say("ideas.then", locale, words=each if each.startswith("/") else f"/generate {each}")


def _looks(told: Telling, locale: str) -> tuple[Button, ...]:
    """A ready spine that it begins with can be put on by a tap."""
    return tuple(
        Button(say("button.look", locale), action("style", "set", command.preset))
        for command in told.commands()
        if isinstance(command, Style) and command.preset
    )
