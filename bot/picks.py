"""`/remix` and its pick-lists: new angles and how a scene may change, each with the words that it stands for.

A pick is a change said for the member: in the language of the take's own words, so that a Chinese brief stays Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from bot import lexicon
from bot.errors import EmptyWords
from bot.fields import asking
from bot.options import Command, arg
from bot.reference import is_chinese


class Angle(StrEnum):
    """Where the camera stands, and how much it sees."""

    WIDE = "wide-shot"
    MEDIUM = "medium-shot"
    CLOSE = "close-up"
    LOW = "low-angle"
    HIGH = "high-angle"
    OVERHEAD = "overhead"
    SHOULDER = "over-the-shoulder"
    VIEW = "point-of-view"
    SIDE = "side-view"
    BEHIND = "from-behind"


class Light(StrEnum):
    """How it is lit."""

    GOLDEN = "golden-hour"
    BLUE = "blue-hour"
    SOFT = "soft-light"
    HARD = "hard-light"
    BACK = "back-light"
    NEON = "neon-light"
    CANDLE = "candle-light"
    MOON = "moonlight"
    LOW_KEY = "low-key"


class Weather(StrEnum):
    """What falls from the sky, or does not."""

    SUN = "sun"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    WIND = "wind"
    STORM = "storm"
    OVERCAST = "overcast"


class Time(StrEnum):
    """The hour, or the season."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    NIGHT = "night"
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Scene(StrEnum):
    """Whether a shot opens a new scene."""

    SAME = "same"
    NEW = "new"


class Stage(StrEnum):
    """How far a take is on its way: the free animatic, the operator's default backend, the final model."""

    ANIMATIC = "animatic"
    DRAFT = "draft"
    FINAL = "final"


class Opening(StrEnum):
    """What a shot begins with, of `/generate`."""

    LAST_FRAME = "last-frame"


Pick = Angle | Light | Weather | Time
_TABLE: Final = {Angle: "picks.angle", Light: "picks.light", Weather: "picks.weather", Time: "picks.time"}


@dataclass(frozen=True, kw_only=True)
class Remix(Command):
    """The same shot with one thing changed, as a new take."""

    name: ClassVar[str] = "remix"
    change: str | None = arg("What should be different.", None, words=True, main=True)
    take: str | None = arg("Which take, by slate.", None, completes=True)
    angle: Angle | None = arg("A new angle.", None, choices=tuple(Angle))
    light: Light | None = arg("Another light.", None, choices=tuple(Light))
    weather: Weather | None = arg("Another weather.", None, choices=tuple(Weather))
    time: Time | None = arg("Another hour or season.", None, choices=tuple(Time))

    def __post_init__(self) -> None:
        """Raises `EmptyWords` where nothing is to change."""
        if not self.change and not any(self.picks):
            raise EmptyWords

    @property
    def picks(self) -> tuple[Pick | None, ...]:
        """What was picked from the lists, in the order in which it is said."""
        return (self.angle, self.time, self.light, self.weather)


@dataclass(frozen=True, kw_only=True)
class Settle(Command):
    """Settle what a card points out as contradicted: what was stays, or a new scene opens."""

    name: ClassVar[str] = "settle"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)
    how: str = arg("The kind that stays as it was, or scene.")


def said(pick: Pick, like: str) -> str:
    """The words of a pick in the language, and the characters, of the words that it joins."""
    english, simplified, traditional = (each.strip() for each in asking()[_TABLE[type(pick)]][pick.value].split("|"))
    if not is_chinese(like):
        return english
    return traditional if lexicon.chinese().simplified(like) != like else simplified


def joined(change: str | None, picks: Iterable[Pick | None], like: str) -> str:
    """One change from the member's own words, byte for byte, and the picks behind them."""
    language = change if change and change.strip() else like
    chosen = [said(pick, language) for pick in picks if pick is not None]
    return ("，" if is_chinese(language) else ", ").join(filter(None, (change, *chosen)))
