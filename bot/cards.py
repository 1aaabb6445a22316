"""Card, Button, Progress: a reply before it has a platform.

A card is plain data: a platform's renderer cuts it to what that platform can show, and every text in it that came from a
member or a model (`Card.quote`, `Chip.words`, `PromptPart.text`, `Change`) has to be shown as text, never as markup.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

BUTTON_BYTES = 64  # Telegram's callback_data limit, the tightest of the platforms


class Tone(StrEnum):
    """What a card is, at a glance."""

    PLAIN = "plain"
    WAITING = "waiting"
    ROLLING = "rolling"
    READY = "ready"
    FAILED = "failed"
    PARKED = "parked"


@dataclass(frozen=True)
class Button:
    """A tap. `action` is ids only (at most 64 bytes) and works after any restart: see `commands.from_action`."""

    label: str
    action: str
    asks: bool = False
    """True where words are still missing: the platform opens its own door for them (modal, force-reply, the input box).

    What it asks stands under ``ask.<the action's name>``; words and action come back through `commands.from_action`.
    """
    parts: bool = False
    """With `asks`: the words are asked for part by part (`bot.forms`), filled in with what stands there already.

    `Intake.filled_in` gives what stands there, `forms.command` takes the parts back; a place without forms asks for all in one.
    """
    url: str = ""
    """A link instead of an action: shown as one, opened by the platform, never sent back to us."""

    def __post_init__(self) -> None:
        if len(self.action.encode()) > BUTTON_BYTES:
            raise ValueError(f"button action longer than {BUTTON_BYTES} bytes: {self.action}")


@dataclass(frozen=True)
class Progress:
    """How far a take is. `share` 0..1 or None where the backend does not say."""

    share: float | None = None
    place: int | None = None
    """Place in the queue, from 1; None once it rolls."""
    seconds_left: float | None = None


@dataclass(frozen=True)
class Chip:
    """One thing kept or set, in its own words. With an action it can be taken away.

    Where a chip cannot be tapped by itself, the card behind More offers those with an action as buttons (``button.drop``) or
    as a list; a take's own card only names them.
    """

    kind: str
    words: str
    label: str = ""
    action: str = ""
    colour: str = ""
    """``#rrggbb`` where the words name a colour, to be drawn beside them."""


@dataclass(frozen=True)
class Change:
    """One named thing that differs from the take before."""

    label: str
    new: str
    old: str = ""


@dataclass(frozen=True)
class PromptPart:
    """One named part of the compiled prompt, verbatim."""

    label: str
    text: str
    name: str = ""


@dataclass(frozen=True)
class CardClip:
    """The clip of a finished take."""

    digest: str
    seconds: float
    width: int
    height: int
    media_type: str = "video/mp4"
    poster: str | None = None
    url: str = ""
    """Where it can be watched, when it is too large for the place: a signed link that expires."""


@dataclass(frozen=True)
class Row:
    """One line of a list: a take, a production, a command."""

    title: str
    text: str = ""
    note: str = ""
    action: str = ""
    poster: str | None = None
    begins: float | None = None
    """Seconds into the card's clip at which that begins, of a shot in a film: a place with a player of its own goes there."""
    label: str = ""
    """What its button says, where the place draws one beside it; empty: the place's own word."""


@dataclass(frozen=True)
class Card:
    """A reply. Everything but `tone` may be empty; a renderer shows what is there, in this order."""

    tone: Tone = Tone.PLAIN
    title: str = ""
    """The slate of a take, or the heading of an answer."""
    status: str = ""
    """The state in one or two words, in the member's language."""
    quote: str = ""
    """The member's own words."""
    reply_to: str = ""
    """Slate of the take this one was made from."""
    lines: tuple[str, ...] = ()
    """Throughline's own sentences."""
    facts: tuple[str, ...] = ()
    """Model, length, shape, price, time taken: short, in order of weight."""
    changes: tuple[Change, ...] = ()
    spine: tuple[Chip, ...] = ()
    kept: tuple[Chip, ...] = ()
    progress: Progress | None = None
    clip: CardClip | None = None
    rows: tuple[Row, ...] = ()
    prompt: tuple[PromptPart, ...] = ()
    buttons: tuple[Button, ...] = ()
    take: str = ""
    """Id of the take that the card shows; a reply to the card is a reply to it."""
    revision: int = 0
    """Grows with the job's row: an older card never replaces a newer one."""
    picture: str = ""
    """Digest of a picture in the clip store that is shown with the card, of one that was drawn for it.

    In an answer that waits to be posted: what is to be drawn (`bot.drawing`).
    """
    file: str = ""
    """Digest of a file in the clip store that comes with the card, to be taken home: for places that serve it from there."""
    makes: str = ""
    """In an answer that waits to be posted: what has to be made for it first, which takes its time (`bot.editing`)."""
    replaces: bool = False
    """An answer that takes the place of the message whose button was pressed.

    `Poster.answer` then edits `Address.pressed`, where it is set, instead of posting; where that message is gone, or cannot
    be edited, the card is posted as any other answer.
    """

    @property
    def reply_means(self) -> str:
        """What words in reply to it mean: an action that takes them; empty where they mean nothing of their own."""
        if self.take:
            return f"remix:{self.take}"
        boards = (each.action for each in self.buttons if each.asks and each.action.startswith("edit_board:"))
        return next(boards, "")

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON-ready data."""
        return asdict(self)


def card_from_dict(data: dict[str, Any]) -> Card:
    """The card back from `Card.to_dict`'s data (or its JSON)."""
    plain = dict(data)
    for name, kind in _MANY.items():
        plain[name] = tuple(kind(**each) for each in data.get(name, ()))
    for name in ("lines", "facts"):
        plain[name] = tuple(data.get(name, ()))
    plain["tone"] = Tone(data.get("tone", Tone.PLAIN))
    plain["progress"] = Progress(**data["progress"]) if data.get("progress") else None
    plain["clip"] = CardClip(**data["clip"]) if data.get("clip") else None
    return Card(**plain)


_MANY: dict[str, type[Any]] = {
    "changes": Change,
    "spine": Chip,
    "kept": Chip,
    "rows": Row,
    "prompt": PromptPart,
    "buttons": Button,
}
