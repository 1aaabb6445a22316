"""Who says what, and when, in the words of the animatic: `bot.speech` finds the lines, here they become subtitles and babble."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.video.animatic.spec import Line
from bot import speech
from bot.speech import Said as Said  # noqa: PLC0414 - what the animatic reads words with
from bot.speech import spoken as spoken  # noqa: PLC0414
from bot.speech import without as without  # noqa: PLC0414


def laid_out(lines: Sequence[Said], seconds: float) -> tuple[Line, ...]:
    """The lines with their times."""
    return tuple(Line(each.who, each.words, each.begins, each.ends) for each in speech.laid_out(lines, seconds))
