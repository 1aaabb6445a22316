"""What may be asked of the look and the cast: `/style`, `/cast`, and what their buttons say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from bot.levels import Level
from bot.options import Command, arg
from bot.spine import FIELDS


class StyleAction(StrEnum):
    """What to do with the spine."""

    SHOW = "show"
    SET = "set"
    ADD = "add"
    CLEAR = "clear"
    PRESETS = "presets"
    FROM = "from"
    EXPORT = "export"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True)
class Style(Command):
    """Your spine: the look in front of every shot, word for word."""

    name: ClassVar[str] = "style"
    action: StyleAction = arg("What to do.", StyleAction.SHOW, choices=tuple(StyleAction))
    look: str | None = arg("Free text.", None, words=True, main=True)
    lens: str | None = arg("85mm lens, anamorphic 2.0x …", None, words=True)
    depth: str | None = arg("Shallow, deep focus …", None, words=True)
    light: str | None = arg("Golden hour, key from camera left …", None, words=True)
    palette: str | None = arg("Three to five colours.", None, words=True)
    mood: str | None = arg("Tense, quiet …", None, words=True)
    grade: str | None = arg("Teal and amber, bleach bypass …", None, words=True)
    stock: str | None = arg("35mm, 16mm, VHS …", None, words=True)
    sound: str | None = arg("The sound bed under every shot.", None, words=True)
    preset: str | None = arg("A ready spine by name.", None, completes=True)
    field: str | None = arg("Which field to clear; all if none is named.", None, completes=True)
    level: Level | None = arg("Your own; for moderators the channel, the server.", None, choices=tuple(Level))
    take: str | None = arg("Which take, by slate.", None, completes=True)
    text: str | None = arg("A spine as text, as /style export gives it.", None, words=True)

    def values(self) -> dict[str, str]:
        """The spine fields that this wish names."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


class CastAction(StrEnum):
    """What to do with the cast."""

    LIST = "list"
    SHOW = "show"
    ADD = "add"
    SET = "set"
    REMOVE = "remove"
    PROPOSE = "propose"
    LOCK = "lock"
    UNLOCK = "unlock"


@dataclass(frozen=True, kw_only=True)
class Cast(Command):
    """The people, animals and things that stay the same from shot to shot."""

    name: ClassVar[str] = "cast"
    action: CastAction = arg("What to do.", CastAction.LIST, choices=tuple(CastAction))
    who: str | None = arg("One word, used in prompts.", None, words=True, main=True, completes=True, alias="name")
    description: str | None = arg("Who it is, used word for word.", None, words=True)
    wardrobe: str | None = arg("What is worn, apart from who it is.", None, words=True)
    voice: str | None = arg("How the voice sounds.", None, words=True)
    image: str | None = arg("A picture of the character.", None, image=True)
    take: str | None = arg("Made from a finished take, by slate.", None, completes=True, alias="from")
    level: Level | None = arg("own, or for moderators server: shared by all.", None, choices=(Level.OWN, Level.SERVER))
    id: str | None = arg("How a backend knows them already: backend:id.", None, words=True)


@dataclass(frozen=True, kw_only=True)
class Consent(Command):
    """The answer to "No real person, or with their consent?"."""

    name: ClassVar[str] = "consent"
    listed: ClassVar[bool] = False
    cast: str = arg("Whose picture.", main=True)
    agreed: bool = arg("Whether there is no real person in it, or they consent.")
    image: str | None = arg("The picture, once it is kept.", None, image=True)


@dataclass(frozen=True, kw_only=True)
class Character(Command):
    """Whether a backend shall make a character of its own of the clip that somebody was made from."""

    name: ClassVar[str] = "character"
    listed: ClassVar[bool] = False
    cast: str = arg("Who.", main=True)
    agreed: bool = arg("Whether it shall, may cost what it costs, and shows no real person without consent.")
    made: str | None = arg("What came of it, once it was asked: see `bot.likeness`.", None, words=True)


@dataclass(frozen=True, kw_only=True)
class Canon(Command):
    """A moderator's word on what a member proposed."""

    name: ClassVar[str] = "canon"
    listed: ClassVar[bool] = False
    cast: str = arg("Which proposal.", main=True)
    approved: bool = arg("Whether it is shared from now on.")


BUTTONS: Final = (Consent, Canon, Character)
"""Those that only buttons say."""

WHOLE: Final[Mapping[tuple[str, str], str]] = {("style", "from"): "take", ("style", "import"): "text"}
"""What all words behind an action are, where they are not the command's main words."""
