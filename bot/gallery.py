"""Ideas that each show one technique: its name, what a member writes to see it, and why it works. Data: ``gallery.toml``.

``/help ideas`` offers them (`bot.trying`), ``docs/ideas.md`` shows what they look like (`adapters.video.animatic.ideas`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from bot.commands import Command, Generate
from bot.reading import read
from bot.text import language, languages

NAME_MAX: Final = 40
"""Characters of a technique's name: it goes into a button."""


@dataclass(frozen=True)
class Telling:
    """A technique in one language."""

    title: str
    words: tuple[str, ...]
    """Messages in their order, as a member would write them: plain words film the next shot, a command is a command."""
    why: str

    def commands(self) -> tuple[Command, ...]:
        """What the messages ask for. Raises `bot.errors.Declined` where a message cannot be read."""
        return tuple(command_of(each) for each in self.words)


@dataclass(frozen=True)
class Technique:
    """One idea of the gallery."""

    name: str
    """Plain ASCII, at most `NAME_MAX` characters: what a button carries, and the name of its stills."""
    group: str
    """A key of `groups`."""
    shows: tuple[str, ...]
    """What a backend that reads words has to understand of them: kinds of `bot.paperwork.Reading.understood`."""
    moments: int
    """Stills of each of its takes: more than one where the technique is something that moves."""
    tellings: Mapping[str, Telling]
    """By language, every one that there is."""

    def told(self, locale: str | None) -> Telling:
        """The technique in the nearest language."""
        return self.tellings[language(locale)]


def command_of(message: str) -> Command:
    """What a message asks for: a command where it begins with one, else the next shot. Raises `bot.errors.Declined`."""
    return read(message) if message.startswith("/") else Generate(prompt=message)


@cache
def techniques() -> tuple[Technique, ...]:
    """All of them, in the order of the file."""
    return tuple(_technique(each) for each in _data()["technique"])


def technique(name: str) -> Technique | None:
    """The one of that name, if there is one."""
    return next((each for each in techniques() if each.name == name), None)


@cache
def groups() -> Mapping[str, Mapping[str, str]]:
    """What the groups are called, by key and language, in the order of the file."""
    return {name: dict(titles) for name, titles in _data()["group"].items()}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot").joinpath("gallery.toml").read_text("utf-8"))


def _technique(data: Mapping[str, Any]) -> Technique:
    tellings = {tag: _telling(data[tag]) for tag in languages()}
    return Technique(data["name"], data["group"], tuple(data["shows"]), data.get("moments", 1), tellings)


def _telling(data: Mapping[str, Any]) -> Telling:
    return Telling(data["title"], tuple(data["words"]), data["why"])
