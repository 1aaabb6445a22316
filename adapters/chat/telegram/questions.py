"""What is asked where words are missing, in the member's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from adapters.chat.telegram.marked import units
from bot.text import DEFAULT, catalogue, say

ROOM: Final = 4000
"""UTF-16 units that question and words may have together; Telegram takes 4096."""


@dataclass(frozen=True)
class Question:
    """`words`: what stands there now, to be copied and changed; they are never cut, so they may be left out."""

    text: str
    placeholder: str
    words: str = ""


def question(action: str, slate: str, words: str, locale: str) -> Question:
    """The question for an action. `slate`: of the take it is about; `words`: those that the answer replaces."""
    name = action.partition(":")[0]
    placeholder = say(_known(f"placeholder.{name}", "placeholder.words"), locale)
    if name == "remix" and not slate:
        return Question(f"{say('form.change', locale)} {say('ask.words', locale)}", placeholder)
    text = say(_known(f"ask.{'generate' if name == 'idea' else name}", "ask.words"), locale, take=slate)
    if name in ("edit", "edit_idea", "edit_board") and units(text) + units(words) > ROOM:
        return Question(say("ask.words", locale), placeholder)
    return Question(text, placeholder, words)


def _known(key: str, otherwise: str) -> str:
    return key if key in catalogue(DEFAULT) else otherwise
