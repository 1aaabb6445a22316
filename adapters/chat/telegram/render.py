"""Card → a Telegram message: text or caption with its entities, and the keyboard under it.

The facts stand in the same order everywhere: slate and state, the member's words as a quote, what changed, what was kept, how far
it is, time left and price, our own sentences, lists, the prompt. What does not fit is cut by its weight; slate, state and
buttons always stay. Lengths are in UTF-16 units, 4096 for a message and 1024 for a caption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from telegram import InlineKeyboardMarkup, MessageEntity

from adapters.chat.telegram.keyboard import keyboard, reachable
from adapters.chat.telegram.marked import Marked, clean, head, joined, plain, units, whole, words
from bot.cards import Button, Card, Change, Progress, PromptPart, Row, Tone
from bot.text import duration, say

MESSAGE: Final = 4096
CAPTION: Final = 1024
CELLS: Final = 12
ROWS_MAX: Final = 25
TAPS_MAX: Final = 10
"""Rows shown of a list in which every row can be tapped."""
LONG_QUOTE: Final = 280
_LEAST: Final = 24
"""A text is cut to no less than that; below it is left out."""


@dataclass(frozen=True)
class Page:
    """One message, ready to be sent.

    `document`: text to come with it as a file, named `name`; `photo`: a picture to come with it; `file`: something to take home,
    under its own name. The text is the caption then.
    """

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    document: str = ""
    name: str = ""
    photo: Path | None = None
    file: Path | None = None

    @property
    def is_media(self) -> bool:
        """The message is a file or a picture with a caption, not a text."""
        return bool(self.document) or self.photo is not None or self.file is not None

    @property
    def look(self) -> int:
        """Equal for pages that look the same."""
        return hash((self.text, self.entities, self.keyboard, self.document))


@dataclass(frozen=True)
class _Block:
    """A part of the text: the lower its `weight`, the later it is cut. `make` gives it within so many units, or nothing."""

    weight: int
    make: Callable[[int], Marked]


def message(card: Card, locale: str, *, files: bool = True) -> Page:
    """The card as a message of its own; a prompt that is too long for one comes as a file, or is cut without `files`."""
    page, complete = _page(card, locale, MESSAGE, with_prompt=_tells_all(card))
    if complete or not files or card.tone is not Tone.PLAIN or not card.prompt:
        return page
    return _with_file(card, locale)


def caption(card: Card, locale: str) -> Page:
    """The card under its clip."""
    return _page(card, locale, CAPTION, with_prompt=False)[0]


def captioned(card: Card, locale: str, picture: Path) -> Page:
    """The card under a picture that was drawn for it."""
    return replace(caption(card, locale), photo=picture)


def bundled(card: Card, locale: str, file: Path) -> Page:
    """The card under a file to take home."""
    return replace(caption(card, locale), file=file)


def asking(question: str, present: str = "") -> Page:
    """A question, with the words that stand there now as text that a tap copies."""
    asked = plain(head(question, CAPTION))
    shown = whole(head(clean(present), MESSAGE - asked.size - 1), MessageEntity.PRE) if present.strip() else Marked()
    text = joined((asked, shown), "\n")
    return Page(text.text, tuple(text.entities()))


def part_card(card: Card, number: int, count: int, locale: str) -> Card:
    """What stands under one part of a clip that had to be split evenly: the first bears the whole card, the others their number."""
    clip = card.clip and replace(card.clip, seconds=card.clip.seconds / count)
    if number == 1:
        return replace(card, clip=clip)
    title = say("telegram.part", locale, slate=card.title, number=number, count=count)
    return Card(tone=card.tone, title=title, clip=clip, take=card.take, revision=card.revision)


def _with_file(card: Card, locale: str) -> Page:
    with_note = (*card.lines, say("telegram.prompt_file", locale))
    page, _ = _page(card, locale, CAPTION, with_prompt=False, lines=with_note)
    content = "\n\n".join(f"{part.label}\n{part.text}" for part in card.prompt)
    name = "".join(char for char in card.title if char.isalnum() or char in " -_")[:40].strip() or "prompt"
    return Page(page.text, page.entities, page.keyboard, content, f"{name}.txt")


def _page(
    card: Card, locale: str, limit: int, *, with_prompt: bool, lines: Sequence[str] | None = None
) -> tuple[Page, bool]:
    blocks = list(_blocks(card, locale, card.lines if lines is None else lines))
    if with_prompt:
        blocks.append(_Block(8, lambda room: _prompt(card.prompt, room)))
    text = _fitted(blocks, limit)
    complete = not with_prompt or _prompt(card.prompt, MESSAGE * 100).text in text.text
    if not text.text.strip():
        text = Marked("…")
    return Page(text.text, tuple(text.entities()), keyboard(_buttons(card, locale))), complete


def _fitted(blocks: Sequence[_Block], limit: int) -> Marked:
    """The weighty ones first, each in what room is left; then in the order in which they are read."""
    found: dict[int, Marked] = {}
    room = limit
    for place, block in sorted(enumerate(blocks), key=lambda each: each[1].weight):
        piece = block.make(room - bool(found))
        if piece and piece.size <= room - bool(found):
            room -= piece.size + bool(found)
            found[place] = piece
    return joined((found[place] for place in sorted(found)), "\n")


def _tells_all(card: Card) -> bool:
    """Answers and ideas show prompt and spine; a take's own card has a button for them."""
    return not card.take or card.tone is Tone.PLAIN


def _blocks(card: Card, locale: str, lines: Sequence[str]) -> Iterator[_Block]:
    yield _Block(0, lambda _: _heading(card))
    yield _Block(6, lambda room: _quote(card.quote, room))
    for change in card.changes:
        if change.old or change.new.strip() != card.quote.strip():
            yield _fixed(5, _change(change, locale))
    yield _Block(7, lambda room: _cut(_kept(card, locale), room))
    if card.progress is not None:
        yield _fixed(2, _bar(card.progress))
    yield _Block(3, lambda room: _cut(" · ".join(_facts(card, locale)), room))
    yield _Block(1, lambda room: _cut("\n".join(lines), room))
    yield from _links(card)
    yield from (_fixed(4, row) for row in _rows(card.rows, locale))
    if _tells_all(card) and not card.prompt:
        yield from (_fixed(8, _labelled(chip.label, chip.words, locale)) for chip in card.spine)


def _fixed(weight: int, piece: Marked) -> _Block:
    return _Block(weight, lambda room: piece if piece.size <= room else Marked())


def _cut(text: str, room: int) -> Marked:
    return plain(head(clean(text), room)) if text and room >= min(_LEAST, units(text)) else Marked()


def _heading(card: Card) -> Marked:
    title = words(head(" ".join(card.title.split()), 200), MessageEntity.BOLD)
    status = "" if card.tone is Tone.READY else head(" ".join(card.status.split()), 100)
    return joined((title, plain(status)), " ")


def _quote(text: str, room: int) -> Marked:
    text = clean(text)
    if not text.strip() or room < min(_LEAST, units(text)):
        return Marked()
    shown = head(text, room)
    long = units(shown) > LONG_QUOTE or shown.count("\n") > 4
    return words(shown).inside(MessageEntity.EXPANDABLE_BLOCKQUOTE if long else MessageEntity.BLOCKQUOTE)


def _change(change: Change, locale: str) -> Marked:
    old, new = (head(clean(text), 200) for text in (change.old, change.new))
    shown = joined((words(old, MessageEntity.STRIKETHROUGH), words(new, MessageEntity.BOLD)), " ")
    return plain(say("telegram.labelled", locale, label=change.label)) + shown


def _kept(card: Card, locale: str) -> str:
    things = dict.fromkeys(chip.label or chip.words for chip in card.kept)
    return say("telegram.kept", locale, things=say("telegram.comma", locale).join(things)) if things else ""


def _bar(progress: Progress) -> Marked:
    """Twelve cells and the share; nothing where nobody can say, or while it waits."""
    if progress.share is None or (progress.place is not None and not progress.share):
        return Marked()
    share = min(1.0, max(0.0, progress.share))
    full = int(share * CELLS)
    return Marked("▰" * full + "▱" * (CELLS - full) + "  ") + Marked(f"{share:.0%}".replace("%", " %")).inside("bold")


def _facts(card: Card, locale: str) -> Iterator[str]:
    if card.progress is not None and card.progress.seconds_left is not None:
        yield say("queue.left", locale, time=duration(card.progress.seconds_left, locale))
    if card.progress is not None and card.progress.place is not None:
        yield say("telegram.place", locale, place=card.progress.place)
    yield from card.facts
    if card.reply_to:
        yield say("telegram.from", locale, take=card.reply_to)


def _links(card: Card) -> Iterator[_Block]:
    """Addresses that Telegram would not take on a button stand in the text."""
    urls = [button.url for button in card.buttons] + ([card.clip.url] if card.clip else [])
    yield from (_fixed(1, Marked(clean(url))) for url in dict.fromkeys(urls) if url and not reachable(url))


def _rows(rows: Sequence[Row], locale: str) -> Iterator[Marked]:
    shown = _shown(rows)
    yield from (_row(row) for row in shown)
    if len(rows) > len(shown):
        yield plain(say("telegram.more", locale, count=len(rows) - len(shown)))


def _shown(rows: Sequence[Row]) -> Sequence[Row]:
    return rows[: TAPS_MAX if any(row.action for row in rows) else ROWS_MAX]


def _row(row: Row) -> Marked:
    title = head(" ".join(clean(row.title).split()), 80)
    command = not row.action and title.startswith("/")
    named = plain(title) if command else words(title, MessageEntity.BOLD)
    note = joined((words(head(" ".join(clean(row.text).split()), 160)), words(head(clean(row.note), 80))), " · ")
    return joined((named, note), "  ")


def _labelled(label: str, text: str, locale: str) -> Marked:
    return plain(say("telegram.labelled", locale, label=label)) + words(head(clean(text), 300))


def _prompt(parts: Sequence[PromptPart], room: int) -> Marked:
    """Every part under its name; the one that does not fit is cut, those after it are left out."""
    shown = Marked()
    for part in parts:
        named = words(part.label, MessageEntity.BOLD) + Marked("\n")
        left = room - shown.size - named.size - bool(shown)
        text = clean(part.text)
        if left < min(_LEAST, units(text)) or not text.strip():
            break
        shown = joined((shown, named + whole(head(text, left), MessageEntity.PRE)), "\n")
    return shown


def _buttons(card: Card, locale: str) -> list[Button]:
    """A row's own button bears its title; what was carried over can be taken away where a card tells all."""
    taps = [Button(" ".join(row.title.split())[:40], row.action) for row in _shown(card.rows) if row.action]
    if card.clip is not None and card.clip.url and card.clip.url not in {button.url for button in card.buttons}:
        taps.insert(0, Button(say("telegram.watch", locale), "", url=card.clip.url))
    drops = [Button(f"✕ {chip.label}", chip.action) for chip in card.kept if chip.action and _tells_all(card)]
    return [*taps, *card.buttons, *drops]
