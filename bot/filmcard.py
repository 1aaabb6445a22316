"""A film as a card: while it is cut, and when it is there."""

from __future__ import annotations

from typing import Final

from bot.cards import Button, Card, CardClip, Row, Tone
from bot.commands import action
from bot.cut import RATE, Cut
from bot.film import Film
from bot.text import duration, money, say

WORDS_MOST: Final = 60
"""Signs of a shot's words beside its timecode."""


def cutting_card(film: Film, locale: str) -> Card:
    """While it is being made."""
    count, length = len(film.cut.pieces), duration(film.cut.seconds, locale)
    return Card(
        tone=Tone.ROLLING,
        title=film.cut.title,
        status=say("film.state", locale),
        lines=(say("film.cutting", locale, count=count, length=length),),
    )


def failed_card(film: Film, sentence: str, locale: str) -> Card:
    """It could not be made, or not be posted."""
    return Card(tone=Tone.FAILED, title=film.cut.title, lines=(sentence,), buttons=(_again(film, locale),), revision=1)


def film_card(film: Film, cost: int | None, locale: str) -> Card:
    """The finished film; `cost`: micro-dollars, of all takes of its shots."""
    assert film.clip is not None  # it is finished
    clip = film.clip
    return Card(
        tone=Tone.READY,
        title=film.cut.title,
        lines=(say("film.levelled", locale),),
        facts=_facts(film, cost, locale),
        clip=CardClip(clip.digest, clip.seconds, clip.width, clip.height, clip.media_type, clip.poster),
        rows=chapter_rows(film.cut),
        buttons=(*_buttons(film, locale), _again(film, locale)),
        revision=2,
    )


def chapter_rows(cut: Cut) -> tuple[Row, ...]:
    """Every piece with its slate, its words in short, and where it begins."""
    return tuple(
        Row(edit.piece.slate, shortened(edit.piece.words), clock(edit.begins), begins=edit.begins / RATE)
        for edit in cut.edits
    )


def clock(frames: int) -> str:
    """Where in the film, as a player counts: ``1:07``."""
    minutes, seconds = divmod(frames // RATE, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def shortened(words: str, most: int = WORDS_MOST) -> str:
    """The beginning of it, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _facts(film: Film, cost: int | None, locale: str) -> tuple[str, ...]:
    cut = film.cut
    count = say("film.one_shot", locale) if len(cut.pieces) == 1 else say("film.shots", locale, count=len(cut.pieces))
    how = (say(f"choice.{cut.transition.value}", locale),) if len(cut.pieces) > 1 else ()
    price = say("film.cost", locale, price=money(cost, locale)) if cost else money(cost, locale)
    return (duration(cut.seconds, locale), count, *how, price)


def _buttons(film: Film, locale: str) -> tuple[Button, ...]:
    check = (Button(say("button.check", locale), action("check")),) if len(film.cut.pieces) > 1 else ()
    return (
        *check,
        Button(say("button.export", locale), action("export", film.id)),
        Button(say("button.sheet", locale), action("sheet", film.id)),
    )


def _again(film: Film, locale: str) -> Button:
    """The shots as they stand then, joined in the same way."""
    return Button(say("button.cut_again", locale), action("film", film.cut.transition.value))
