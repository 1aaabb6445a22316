"""`/style`: show, set, add to and clear the spine, one's own or a shared one; ready ones; a take's; as text."""

from __future__ import annotations

from dataclasses import replace

from bot import palette
from bot.asking import Answer, Ask, Desk, find_take
from bot.cards import Button, Card, Chip, PromptPart, Row
from bot.commands import action
from bot.drawing import palette_of
from bot.errors import EmptyWords, ModeratorsOnly, NothingShared
from bot.levels import Level, Look, holder_of, merged
from bot.looks import Style, StyleAction
from bot.ports import Work
from bot.session import look_of
from bot.spine import Spine, preset, presets
from bot.spine_text import exported, imported
from bot.text import say


async def style(desk: Desk, w: Work, ask: Ask, wish: Style) -> Answer:
    """What `wish.action` says, of the level that it names."""
    if wish.action is StyleAction.PRESETS:
        return Answer(_presets_card(ask.locale))
    level = wish.level or Level.OWN
    holder = holder_of(level, ask.member.id, ask.address)
    if holder is None:
        raise NothingShared
    before = (await w.spines.get(level, holder)).spine
    if wish.action is StyleAction.EXPORT:
        return Answer(_export_card(before if wish.level else (await _look(w, ask)).spine, ask.locale))
    after, told = await _changed(w, ask, wish, before)
    if after != before:
        if level is not Level.OWN and not ask.member.moderator:
            raise ModeratorsOnly
        await w.spines.put(level, holder, after, ask.member.id, ask.now)
    if wish.level in (None, Level.OWN):
        card = spine_card(await _look(w, ask), ask.locale, told)
        taken = await find_take(w, ask, wish.take or "") if wish.action is StyleAction.FROM else None
        return Answer(replace(card, picture=palette_of(taken)) if taken else card)
    kept = await w.spines.get(level, holder)
    return Answer(_shared_card(level, kept.spine, kept.version, ask.locale))


async def _look(w: Work, ask: Ask) -> Look:
    return await look_of(w, ask.member.id, ask.address)


async def _changed(w: Work, ask: Ask, wish: Style, before: Spine) -> tuple[Spine, str]:
    """The spine after the wish, and what has to be said of where it comes from."""
    match wish.action:
        case StyleAction.CLEAR:
            return before.clear(*([wish.field] if wish.field else wish.values())), ""
        case StyleAction.FROM:
            take = await find_take(w, ask, wish.take or "")
            return take.brief.spine, say("style.taken", ask.locale, take=str(take.slate))
        case StyleAction.IMPORT:
            return imported(wish.text or wish.look or ""), ""
        case StyleAction.ADD:
            values = wish.values()
            if not values:
                raise EmptyWords
            own = wish.level in (None, Level.OWN)
            return (_onto(before, (await _look(w, ask)).spine, values) if own else before.add(**values)), ""
        case StyleAction.SET:
            return _set(before, wish), ""
    return before, ""


def _onto(own: Spine, seen: Spine, values: dict[str, str]) -> Spine:
    """Added behind what the member sees there, wherever that came from."""
    return own.set(**{name: seen.add(**{name: value}).value(name) for name, value in values.items()})


def _set(spine: Spine, wish: Style) -> Spine:
    values = wish.values()
    if not wish.preset and not values:
        raise EmptyWords
    spine = preset(wish.preset) if wish.preset else spine
    return spine.set(**values) if values else spine


# ---------------------------------------------------------------- cards


def spine_card(look: Look, locale: str, told: str = "") -> Card:
    """The spine as it goes in front of the member's shots there, each field with where it comes from."""
    rendered = look.spine.render()
    lines = [told] if told else []
    lines += [say("style.shown" if rendered else "style.none", locale)]
    lines += [say("style.inherited", locale)] if look.inherited() else []
    return Card(
        title=say("style.title", locale),
        lines=tuple(lines),
        spine=chips(look, locale),
        prompt=(PromptPart(say("part.spine", locale), rendered, "spine"),) if rendered else (),
        buttons=(Button(say("button.presets", locale), action("style", "presets")),),
    )


def chips(look: Look, locale: str) -> tuple[Chip, ...]:
    """A chip a field, the palette's anchors one by one with their colours."""
    found: list[Chip] = []
    for name, value in look.spine.filled().items():
        label = origin_label(say(f"spine.{name}", locale), look.origins.get(name, Level.OWN), locale)
        if name == "palette":
            found += [Chip(name, each, label, colour=palette.colour(each)) for each in look.spine.anchors()]
        else:
            found.append(Chip(name, value, label))
    return tuple(found)


def origin_label(label: str, level: Level, locale: str) -> str:
    """A field's name, and the level it comes from where that is not the member's own."""
    return label if level is Level.OWN else say(f"origin.{level.value}", locale, label=label)


def _shared_card(level: Level, spine: Spine, version: int, locale: str) -> Card:
    rendered = spine.render()
    said = say("style.shared", locale, version=version) if rendered else say("style.none_shared", locale)
    return Card(
        title=say(f"style.title_{level.value}", locale),
        lines=(said,),
        spine=chips(merged({Level.OWN: spine}), locale),
        prompt=(PromptPart(say("part.spine", locale), rendered, "spine"),) if rendered else (),
    )


def _export_card(spine: Spine, locale: str) -> Card:
    card = Card(title=say("style.export", locale))
    if not spine.filled():
        return replace(card, lines=(say("style.none", locale),))
    part = PromptPart(say("part.spine", locale), exported(spine), "spine")
    return replace(card, lines=(say("style.export_line", locale),), prompt=(part,))


def _presets_card(locale: str) -> Card:
    rows = tuple(
        Row(say(f"preset.{name}", locale), spine.render(), name, action("style", "set", name))
        for name, spine in presets().items()
    )
    return Card(title=say("style.presets", locale), lines=(say("style.presets_line", locale),), rows=rows)
