"""Buttons under a message: short labels three in a row, longer ones two or alone, as many rows as it takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.cards import Button

BUTTONS_MAX: Final = 40
"""Telegram draws up to a hundred; nobody reads more than this."""
LABEL: Final = 60
_WIDTHS: Final = ((3, 12), (2, 20))
"""So many in a row, each at most that wide; a Chinese character is two wide."""
_REACHABLE: Final = re.compile(r"https?://[^/\s]*[^/\s.]\.[^/\s]+", re.I)


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """The inline keyboard; None where there is nothing to tap."""
    drawn = [button for button in buttons if button.label.strip() and (button.action or reachable(button.url))]
    rows = [[_drawn(button) for button in row] for row in _rows(drawn[:BUTTONS_MAX])]
    return InlineKeyboardMarkup(rows) if rows else None


def reachable(url: str) -> bool:
    """Whether Telegram takes it on a button: it refuses the whole message for an address like ``http://localhost``."""
    return bool(_REACHABLE.match(url))


def _drawn(button: Button) -> InlineKeyboardButton:
    label = button.label if len(button.label) <= LABEL else button.label[: LABEL - 1] + "…"
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    return InlineKeyboardButton(label, callback_data=button.action)


def _rows(buttons: Sequence[Button]) -> Iterable[Sequence[Button]]:
    """Short ones first, spread evenly over their rows, each kind in the order given."""
    if len(buttons) <= 2 and all(_width(each.label) <= 20 for each in buttons):
        return [buttons] if buttons else []
    rest, rows = list(buttons), []
    for most, widest in _WIDTHS:
        fitting = [each for each in rest if _width(each.label) <= widest]
        rest = [each for each in rest if _width(each.label) > widest]
        rows += _spread(fitting, most)
    return rows + [[each] for each in rest]


def _spread(buttons: Sequence[Button], most: int) -> list[Sequence[Button]]:
    count = -(-len(buttons) // most)
    rows, start = [], 0
    for row in range(count):
        size = -(-(len(buttons) - start) // (count - row))
        rows.append(buttons[start : start + size])
        start += size
    return rows


def _width(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in label)
