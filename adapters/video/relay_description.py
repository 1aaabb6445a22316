"""A relay's description: a TOML file that says where to send an order, what to put in it, and how to read what comes back.

Shipped ones lie in ``data/relays``, the operator's in the backend's folder (``<data folder>/backends/task_relay``); the latter
win. The format is explained in ``docs/backends/task_relay.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from adapters.video.dialect import known_word
from adapters.video.relay_template import unknown_names
from adapters.video.table import Table
from bot.capabilities import TIERS
from bot.errors import BadSetting
from bot.film import Shape
from bot.paperwork import Phase

SHIPPED: Final = "relays"
_SECTIONS: Final = frozenset(
    {"about", "source", "as_of", "verified", "headers", "submit", "query", "offers", "cancel", "characters"}
)


@dataclass(frozen=True)
class Door:
    """One kind of request: `body` is a template, `answer` JSON pointers by what they lead to."""

    path: str
    method: str
    body: Mapping[str, Any]
    answer: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Offers:
    """What the relay's models can do, as far as the description says."""

    models: tuple[str, ...] = ()
    seconds: tuple[int, ...] | None = None
    shapes: tuple[Shape, ...] | None = None
    resolutions: tuple[str, ...] = ()
    images: bool = False
    last_frame: bool = False
    references: int = 0
    characters: int = 0
    mention: str = ""
    """How a character is named in the words, ``@{id}``."""
    reference_video: bool = False
    """Changes one of its own clips, named by its address, by `strength`."""
    strength: float = 0.5
    words_max: int = 32_000
    hd_from: str = "1080p"
    """The tier from which ``{hd}`` is true."""


@dataclass(frozen=True)
class Description:
    """A whole relay. `verified`: somebody has filmed with it; otherwise it is made from documents alone."""

    name: str
    about: str
    source: str
    verified: bool
    headers: Mapping[str, str]
    submit: Door
    query: Door
    cancel: Door | None
    characters: Door | None
    words: Mapping[str, Phase]
    """The relay's own status words, lower-case; the usual ones are known without."""
    offers: Offers

    def phase(self, word: Any) -> Phase | None:
        """What a status word means; None: nobody has told us."""
        if not isinstance(word, str | int) or isinstance(word, bool):
            return None
        return self.words.get(str(word).strip().lower()) or known_word(str(word))


def find(name: str, folder: Path) -> Description:
    """The description of that name. Raises `BadSetting`."""
    own = folder / f"{name}.toml"
    shipped = files("adapters.video") / "data" / SHIPPED / f"{name}.toml"
    if not name.replace("_", "").replace("-", "").isalnum():
        raise BadSetting(name="task_relay.relay", reason="a name has letters, digits, - and _ alone")
    try:
        text = own.read_text("utf-8") if own.is_file() else shipped.read_text("utf-8")
    except OSError:
        known = ", ".join(names(folder))
        raise BadSetting(
            name="task_relay.relay", reason=f"there is no description {name}; there are: {known}"
        ) from None
    try:
        return read(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(name=f"{name}.toml", reason=str(error)) from None


def names(folder: Path) -> tuple[str, ...]:
    """All descriptions there are."""
    shipped = (files("adapters.video") / "data" / SHIPPED).iterdir()
    own = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted({Path(each.name).stem for each in (*shipped, *own) if each.name.endswith(".toml")}))


def read(name: str, table: Mapping[str, Any]) -> Description:
    """The description in a parsed file. Raises `BadSetting` with the place that is wrong."""
    if strange := sorted(set(table) - _SECTIONS):
        raise BadSetting(name=f"{name}.toml", reason=f"there is no section {strange[0]}")
    top = Table(table, name)
    query = _table(table, "query", name)
    if query is None:
        raise top.bad("query", "a section")
    return Description(
        name=name,
        about=top.text("about"),
        source=top.text("source"),
        verified=top.flag("verified", False),
        headers=_headers(table.get("headers", {}), name),
        submit=_needed(_door(table, "submit", name, "POST", needs=("id",)), top, "submit"),
        query=_needed(_door(table, "query", name, "GET", needs=("status",)), top, "query"),
        cancel=_door(table, "cancel", name, "POST"),
        characters=_door(table, "characters", name, "POST", needs=("id",)),
        words=_words(query, name),
        offers=_offers(_table(table, "offers", name) or {}, name),
    )


def _needed(door: Door | None, top: Table, name: str) -> Door:
    if door is None:
        raise top.bad(name, "a section")
    return door


def _table(table: Mapping[str, Any], section: str, name: str) -> Mapping[str, Any] | None:
    found = table.get(section)
    if found is not None and not isinstance(found, Mapping):
        raise BadSetting(name=f"{name}.{section}", reason="expected a section")
    return found


def _door(table: Mapping[str, Any], section: str, name: str, method: str, needs: tuple[str, ...] = ()) -> Door | None:
    found = _table(table, section, name)
    if found is None:
        return None
    at = Table(found, f"{name}.{section}")
    path, body = at.text("path"), found.get("body", {})
    if not path.startswith("/") or "//" in path or ".." in path:
        raise at.bad("path", "a path that begins with /")
    if strange := unknown_names([path, body]):
        raise BadSetting(name=f"{name}.{section}", reason=f"nobody fills {{{min(strange)}}}")
    answer = {key: _pointers(value, at, f"answer.{key}") for key, value in found.get("answer", {}).items()}
    for need in needs:
        if need not in answer:
            raise at.bad(f"answer.{need}", 'pointers, as ["/id", "/data/id"]')
    return Door(path, at.choice("method", ("GET", "POST", "PUT", "DELETE"), method), body, answer)


def _pointers(value: Any, at: Table, name: str) -> tuple[str, ...]:
    pointers = [value] if isinstance(value, str) else value
    if not isinstance(pointers, list) or not all(isinstance(each, str) and each.startswith("/") for each in pointers):
        raise at.bad(name, 'JSON pointers, as ["/id", "/data/id"]')
    return tuple(pointers)


def _headers(value: Any, name: str) -> Mapping[str, str]:
    fine = isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values())
    if not fine or unknown_names(dict(value)) or any(key.lower() == "authorization" for key in value):
        raise BadSetting(name=f"{name}.headers", reason="expected texts by name; the key is never one of them")
    return dict(value)


def _words(query: Mapping[str, Any], name: str) -> Mapping[str, Phase]:
    words: dict[str, Phase] = {}
    for phase, said in (query.get("words") or {}).items():
        if phase not in list(Phase) or not isinstance(said, list):
            raise BadSetting(name=f"{name}.query.words.{phase}", reason=f"expected a list by phase: {', '.join(Phase)}")
        words.update(dict.fromkeys((str(each).lower() for each in said), Phase(phase)))
    return words


def _offers(table: Mapping[str, Any], name: str) -> Offers:
    at = Table(table, f"{name}.offers")
    shapes, tiers = at.words("shapes"), at.words("resolutions")
    if strange := [each for each in shapes if each not in list(Shape)] + [each for each in tiers if each not in TIERS]:
        raise at.bad("shapes" if strange[0] in shapes else "resolutions", f"names that exist, not {strange[0]}")
    return Offers(
        models=at.words("models"),
        seconds=at.lengths("seconds"),
        shapes=tuple(Shape(each) for each in shapes) or None,
        resolutions=tuple(sorted(tiers, key=lambda tier: TIERS[tier])),
        images=at.flag("images", False),
        last_frame=at.flag("last_frame", False),
        references=int(at.positive("references") or 0),
        characters=int(at.positive("characters") or 0),
        mention=at.text("mention"),
        reference_video=at.flag("reference_video", False),
        strength=at.positive("strength") or 0.5,
        words_max=int(at.positive("words_max") or 32_000),
        hd_from=at.choice("hd_from", tuple(TIERS), "1080p"),
    )
