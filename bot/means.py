"""What a member has to film with: what is left of the budget, and what films here for how much."""

from __future__ import annotations

from collections.abc import Sequence

from bot import budget
from bot.accounts import Budget, Models
from bot.asking import Answer, Ask, Desk
from bot.backends import split_choice
from bot.cards import Card, Row
from bot.ports import Work
from bot.takecard import backend_name, price_line
from bot.text import money, say


async def budget_(desk: Desk, w: Work, ask: Ask, wish: Budget) -> Answer:
    """Spent in a day and in thirty, every quota that holds here, and the caps."""
    found = await budget.left(w, desk.quotas, ask.member.id, ask.place, ask.now)
    spent = [await w.ledger.spent(ask.now - span, member=ask.member.id) for span in (budget.DAY, budget.MONTH)]
    rows = [
        Row(say("budget.spent_day", ask.locale), money_spent(spent[0].micros, ask.locale)),
        Row(say("budget.spent_month", ask.locale), money_spent(spent[1].micros, ask.locale)),
        *(_quota(each, ask.locale) for each in found),
        await _takes(desk, w, ask),
    ]
    lines = () if found else (say("budget.no_quota", ask.locale),)
    return Answer(Card(title=say("budget.title", ask.locale), lines=lines, rows=tuple(rows)))


async def _takes(desk: Desk, w: Work, ask: Ask) -> Row:
    made = await w.takes.count_since(ask.member.id, ask.now - budget.DAY)
    text = say("budget.takes_text", ask.locale, made=made, limit=desk.caps.takes_a_day)
    note = say("budget.caps", ask.locale, rolling=desk.caps.rolling, waiting=desk.caps.waiting)
    return Row(say("budget.takes", ask.locale), text, note)


def _quota(left: budget.Left, locale: str) -> Row:
    title = say(f"budget.{left.whose}", locale, hours=round(left.span / 3600))
    parts = []
    if left.money is not None:
        room = money_spent(max(0, left.money - left.spent.micros), locale)
        parts.append(say("budget.left", locale, left=room, limit=money_spent(left.money, locale)))
    if left.seconds is not None:
        room_seconds = max(0, left.seconds - left.spent.seconds)
        parts.append(say("budget.left_seconds", locale, left=room_seconds, limit=left.seconds))
    return Row(title, say("list.comma", locale).join(parts))


def money_spent(micros: int, locale: str) -> str:
    """An amount, where nothing is ``$0.00`` and not "free"."""
    return money(micros, locale) if micros else say("price.dollars", locale, dollars="0.00")


async def models(desk: Desk, w: Work, ask: Ask, wish: Models) -> Answer:
    """Every choice that members may name, the default first, with its price and lengths."""
    named = dict.fromkeys((desk.default, *desk.offered))
    rows = tuple(_model(desk, ask, choice) for choice in named if choice in ask.capabilities)
    return Answer(Card(title=say("models.title", ask.locale), lines=(say("models.line", ask.locale),), rows=rows))


def _model(desk: Desk, ask: Ask, choice: str) -> Row:
    caps = ask.capabilities[choice]
    notes = [price_line(caps, ask.locale)]
    notes += [say("models.default", ask.locale)] if choice == desk.default else []
    notes += [say("models.paused", ask.locale)] if split_choice(choice)[0] in desk.paused else []
    can = _can(caps.seconds, ask.locale)
    can += [say("models.pictures", ask.locale)] if caps.images else []
    can += [say("models.extends", ask.locale)] if caps.extends else []
    comma = say("list.comma", ask.locale)
    return Row(backend_name(choice, ask.locale), comma.join(can), comma.join(notes))


def _can(seconds: Sequence[int] | None, locale: str) -> list[str]:
    if not seconds:
        return []
    shortest, longest = min(seconds), max(seconds)
    span = f"{shortest}" if shortest == longest else f"{shortest}–{longest}"
    return [say("models.seconds", locale, span=span)]
