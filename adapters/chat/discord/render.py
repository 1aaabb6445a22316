"""Card → a Discord message made of components: one frame with a coloured stripe, the same facts in the same order as anywhere.

Limits (Discord, "Component Reference"): 40 components and 4000 characters in all texts together. What matters least gives way:
rows of a list first, then the prompt, which becomes a file; never the slate, the status or the buttons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.chat.discord import parts
from adapters.chat.discord.marks import code, label, line, plain, quote, units
from adapters.chat.discord.parts import Component, Ids
from bot.cards import Button, Card, Chip, Progress, PromptPart, Row, Tone
from bot.text import say

V2: Final = 1 << 15
"""Message flag: made of components (Discord, "Message Flags")."""
EPHEMERAL: Final = 1 << 6
AMBER, TEAL, CORAL, GREY = 0xE6A94A, 0x68B9AD, 0xEF8269, 0x737373
COLOURS: Final = {
    Tone.PLAIN: GREY,
    Tone.WAITING: AMBER,
    Tone.ROLLING: AMBER,
    Tone.READY: TEAL,
    Tone.FAILED: CORAL,
    Tone.PARKED: CORAL,
}
CELLS: Final = 12
PROMPT_FILE: Final = "prompt.txt"
PROMPT_MOST: Final = 2400
SECTIONS_MOST: Final = 5
TEXT_SAFE: Final = parts.TEXT_MOST - 50
"""Room for what Discord may count differently from us."""
NO_MENTIONS: Final = {"parse": [], "replied_user": False}


@dataclass(frozen=True)
class Native:
    """A message, ready to be sent."""

    components: tuple[Component, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    """Small files of its own (a prompt too long to be shown), by name."""

    def body(self, flags: int = 0) -> dict[str, Any]:
        """The JSON of a message that pings nobody."""
        return {"components": list(self.components), "flags": V2 | flags, "allowed_mentions": NO_MENTIONS}


@dataclass(frozen=True)
class Look:
    """What a card does not know itself: who reads it where and when."""

    locale: str = "en"
    now: float = 0.0
    member: str = ""
    """Discord's id of the member it is for; empty where that goes without saying."""
    clips: Sequence[str] = ()
    """File names of the message's own attachments that play inside it."""
    files: Sequence[str] = ()
    """Those of attachments to be taken home."""


def render(card: Card, look: Look) -> Native:
    """The card as a message. Pure."""
    ids = Ids()
    buttons = _buttons(card, look, ids)
    head, body = _head(card, look), _body(card, look)
    room = TEXT_SAFE - units(head) - units(body)
    prompt, files = _prompt(card, look, min(room, PROMPT_MOST))
    room -= sum(units(each.get("content", "")) for each in prompt)
    inside = [
        *([parts.text(head)] if head else []),
        *([parts.gallery(look.clips)] if look.clips else []),
        *([parts.text(body)] if body else []),
        *(parts.file(name) for name in look.files),
        *_rows(card.rows, look, room, ids if len(buttons) <= 10 else None),
        *prompt,
        *parts.rows_of(buttons),
    ]
    menu = _removable(card, look)
    if len([*parts.every([*inside, *menu])]) < parts.COMPONENTS_MOST:
        inside += menu
    return Native((parts.container(inside or [parts.text("…")], COLOURS[card.tone]),), files)


def clip_name(card: Card, suffix: str, part: int = 0, of: int = 1) -> str:
    """What a clip is called in the chat: its slate, ``1A-2.mp4``, ``1A-2-part-1.mp4``."""
    slate = re.sub(r"[^A-Za-z0-9-]+", "-", card.title).strip("-")[:40] or "take"
    return f"{slate}-part-{part + 1}{suffix}" if of > 1 else f"{slate}{suffix}"


def _buttons(card: Card, look: Look, ids: Ids) -> list[Component]:
    """The way to a clip that is too large for the place comes first."""
    url = card.clip.url if card.clip else ""
    watch = [parts.link(say("discord.watch", look.locale), url)] if url.startswith(("http://", "https://")) else []
    return watch + [parts.button(each, ids) for each in card.buttons[: parts.BUTTONS_MOST - len(watch)]]


def _head(card: Card, look: Look) -> str:
    """Slate, status, for whom, and the member's own words."""
    named = [line(card.title, 150), line(card.status, 60) if card.tone is not Tone.READY or not card.title else ""]
    whose = [
        say("discord.for", look.locale, member=f"<@{look.member}>") if look.member else "",
        say("shot.from", look.locale, take=line(card.reply_to, 60)) if card.reply_to.strip() else "",
    ]
    heading, small = " · ".join(filter(None, named)), " · ".join(filter(None, whose))
    words = quote(card.quote, 900) if label(card.quote) else ""
    return "\n".join(filter(None, [heading and f"### {heading}", small and f"-# {small}", words]))


def _body(card: Card, look: Look) -> str:
    """Throughline's own sentences, what changed, what was kept, how far it is, facts."""
    shown = [plain(each, 700) for each in card.lines[:4] if label(each)]
    shown += _changes(card)
    if card.progress is not None:
        shown.append(_bar(card.progress))
    shown += [f"-# {each}" for each in (_chips(card, look), _facts(card, look)) if each]
    return _joined(shown, 2200)


def _changes(card: Card) -> list[str]:
    """``Umbrella: ~~red~~ **teal**``. A change that only repeats the member's words is not said twice."""
    said: list[str] = []
    for each in card.changes[:6]:
        old, new, name = line(each.old, 90), line(each.new, 90), line(each.label, 40)
        if not (old or new) or (not old and each.new.strip() == card.quote.strip()):
            continue
        said.append(" ".join(filter(None, [name and f"{name}:", old and f"~~{old}~~", new and f"**{new}**"])))
    return said


def _bar(progress: Progress) -> str:
    """``▰▰▰▰▰▰▰▱▱▱▱▱ **56 %**``: twelve cells; without a known share an empty bar alone."""
    share = min(1.0, max(0.0, progress.share or 0.0))
    full = int(share * CELLS)
    percent = f" **{int(share * 100)} %**" if progress.share is not None else ""
    return "▰" * full + "▱" * (CELLS - full) + percent


def _facts(card: Card, look: Look) -> str:
    """When it will be ready (Discord's own clock counts down), the place in the queue, then the card's facts."""
    facts = [line(each, 80) for each in card.facts[:8]]
    if card.progress is not None and card.progress.place:
        facts.insert(0, say("discord.place", look.locale, place=card.progress.place))
    if card.progress is not None and card.progress.seconds_left is not None:
        at = -(-int(look.now + max(0.0, card.progress.seconds_left)) // 5) * 5
        facts.insert(0, say("discord.ready", look.locale, when=f"<t:{at}:R>"))
    return " · ".join(filter(None, facts))


def _chips(card: Card, look: Look) -> str:
    """On a take one small line of what was kept; on an answer all of them, by name."""
    if card.tone is not Tone.PLAIN:
        kept = ", ".join(filter(None, (line(each.words, 60) for each in card.kept[:6])))
        return say("discord.kept", look.locale, things=kept) if kept else ""
    named = [_chip(each) for each in (*card.spine, *card.kept)[:20]]
    return "\n-# ".join(filter(None, named))


def _chip(chip: Chip) -> str:
    name, words = line(chip.label, 40), line(chip.words, 160)
    return f"{name}: {words}" if name and words else words


def _rows(rows: Sequence[Row], look: Look, room: int, ids: Ids | None) -> list[Component]:
    """A list: each line with its button (`ids`: where there is room for them), or one menu for all of them."""
    tappable = [row for row in rows if row.action]
    lines, left = _lines(rows, room - 60)
    if not lines:
        return []
    if ids and 0 < len(tappable) <= SECTIONS_MOST and len(rows) <= SECTIONS_MOST and not left:
        return [_section(row, words, look, ids) for row, words in zip(rows, lines, strict=True)]
    if left:
        lines.append("-# " + say("discord.more", look.locale, count=left))
    shown = [parts.text("\n".join(lines))]
    choices = {row.action: parts.choice(row.title, row.action, row.note or row.text) for row in tappable}
    return [*shown, *([parts.select("pick", say("discord.pick", look.locale), [*choices.values()])] if choices else [])]


def _section(row: Row, words: str, look: Look, ids: Ids) -> Component:
    if not row.action:
        return parts.text(words)
    says = row.label or say("discord.choose", look.locale)
    return parts.section(words, parts.button(Button(says, row.action), ids))


def _lines(rows: Sequence[Row], room: int) -> tuple[list[str], int]:
    """As many rows as fit, and how many do not."""
    lines: list[str] = []
    for at, row in enumerate(rows):
        words = _row(row)
        room -= units(words) + 1
        if room < 0 or at >= parts.CHOICES_MOST:
            return lines, len(rows) - at
        lines.append(words)
    return lines, 0


def _row(row: Row) -> str:
    first = " ".join(filter(None, [f"**{line(row.title, 100)}**" if label(row.title) else "", line(row.text, 200)]))
    note = line(row.note, 120)
    return "\n".join(filter(None, [first, f"-# {note}" if note else ""])) or "…"


def _prompt(card: Card, look: Look, room: int) -> tuple[list[Component], dict[str, bytes]]:
    """The compiled prompt, part by part and verbatim; only on the card that answers for it: a take's card has a button."""
    told = [part for part in card.prompt if part.text.strip()] if card.tone is Tone.PLAIN else []
    if not told:
        return [], {}
    shown = "\n".join(
        f"**{line(part.label, 60)}**\n{code(part.text)}" if label(part.label) else code(part.text) for part in told
    )
    if units(shown) <= room:
        return [parts.text(shown)], {}
    note = parts.text("-# " + say("discord.prompt_file", look.locale))
    return [note, parts.file(PROMPT_FILE)], {PROMPT_FILE: _as_file(told)}


def _as_file(told: Sequence[PromptPart]) -> bytes:
    return "\n\n".join(f"{part.label}\n\n{part.text}" if part.label else part.text for part in told).encode()


def _removable(card: Card, look: Look) -> list[Component]:
    """What was kept and can be taken away, once there is a clip to judge it by (and on answers): one menu."""
    if card.tone not in (Tone.READY, Tone.PLAIN):
        return []
    chips = {each.action: each for each in (*card.spine, *card.kept) if each.action}
    choices = [parts.choice(each.words, action, each.label) for action, each in chips.items()]
    return [parts.select("kept", say("discord.take_away", look.locale), choices)] if choices else []


def _joined(lines: Sequence[str], limit: int) -> str:
    """Lines as they fit, from the first."""
    kept: list[str] = []
    for each in lines:
        limit -= units(each) + 1
        if limit < 0:
            break
        kept.append(each)
    return "\n".join(kept)
