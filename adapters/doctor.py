"""``throughline doctor``: what is missing or wrong, before members find out. Spends nothing, changes nothing."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from adapters.chat.web.guard import is_loopback
from adapters.media.faces import ready
from adapters.settings import Settings
from adapters.video import names
from adapters.video.several import missing
from bot.backends import OffersModels, split_choice
from bot.errors import SetupFault, ThroughlineError, TokenNeeded
from bot.paperwork import Finding
from bot.ports import Backend, Backends, Examinable
from bot.text import explain

ROOM_LEAST = 1 << 30
OK, WARNING, ERROR = "ok", "warning", "error"


def python() -> Finding:
    """The interpreter."""
    return Finding("python", OK, f"Python {sys.version.split()[0]}")


def home(settings: Settings) -> list[Finding]:
    """The data folder: there, writable, with room."""
    path = settings.home
    if not path.exists():
        return [Finding("data folder", OK, f"{path} will be made at the first start")]
    try:
        with tempfile.NamedTemporaryFile(dir=path):
            pass
    except OSError as error:
        return [Finding("data folder", ERROR, f"{path} cannot be written: {error.strerror}")]
    free = shutil.disk_usage(path).free
    level, room = (OK, "") if free >= ROOM_LEAST else (WARNING, ": little room for clips")
    return [Finding("data folder", level, f"{path}, {free / (1 << 30):.1f} GiB free{room}")]


def port(settings: Settings) -> Finding:
    """Where the studio will listen."""
    if settings.web_token is None and not is_loopback(settings.web_host):
        return fault("studio", TokenNeeded(host=settings.web_host), settings.language)
    where = f"{settings.web_host}:{settings.web_port}"
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.web_host, settings.web_port))
    except OSError as error:
        return Finding(
            "studio", WARNING, f"{where} cannot be bound now: {error.strerror} (it may be Throughline itself)"
        )
    return Finding("studio", OK, f"will listen on {where}")


async def backends(found: Backends, settings: Settings) -> list[Finding]:
    """Every backend that is set up says how it is; the default is named, and so is what is written for others."""
    lines = [Finding("backends", OK, f"films with {found.default} unless told otherwise"), *_idle(found, settings)]
    asked = [(name, found.get(name)) for name in found.names()]
    able = [(name, backend) for name, backend in asked if isinstance(backend, Examinable)]
    answers = await asyncio.gather(*(backend.examine() for _, backend in able))
    for (name, _), said in zip(able, answers, strict=True):
        lines += [
            each if each.subject.startswith(name) else replace(each, subject=f"{name}: {each.subject}") for each in said
        ]
    return [*lines, *await _unknown_models(found, settings)]


async def _unknown_models(found: Backends, settings: Settings) -> list[Finding]:
    """Models that are named as the default or as a fallback, and that their backend does not offer as far as it tells."""
    named = [("THROUGHLINE_BACKEND", found.default)]
    named += [("[routing] fallback", each) for each in settings.routing.get("fallback", ())]
    lines = []
    for where, choice in named:
        name, model = split_choice(choice)
        offered = await _models_of(found.get(name)) if model else []
        if offered and model not in offered:
            text = f"{where} names {model}, which {name} does not offer; it offers: {', '.join(offered[:12])}"
            lines.append(Finding("backends", ERROR, text))
    return lines


async def _models_of(backend: Backend) -> list[str]:
    return [each.id for each in await backend.models()] if isinstance(backend, OffersModels) else []


def _idle(found: Backends, settings: Settings) -> Iterator[Finding]:
    """Tables and prices in ``throughline.toml`` that are without effect."""
    tables = settings.backends
    for name in sorted({name for name, table in tables.items() if table} - set(found.names())):
        needs = missing(name, tables) or "its address or its key"
        yield Finding(name, WARNING, f"has a table in throughline.toml and is not set up: {needs} is missing")
    used = {split_choice(each)[0] for each in (found.default, settings.stages.draft, settings.stages.final)}
    used |= {split_choice(each)[0] for each in settings.routing.get("fallback", ())}
    for name in found.names():
        if missing(name, tables) and name not in used and not tables.get(name, {}).get("open"):
            mend = f"THROUGHLINE_BACKEND={name}, or open = true in [backends.{name}]"
            yield Finding(name, WARNING, f"is set up, and nobody may film with it: {mend}")
    for name in sorted({row["backend"] for row in settings.prices.get("price", ())} - names() - tables.keys()):
        yield Finding("prices", WARNING, f"[[prices.price]] names {name}; there is no such backend")


def fault(subject: str, error: ThroughlineError, locale: str) -> Finding:
    """A fault as a line of the report."""
    return Finding(subject, ERROR, explain(error, locale))


@runtime_checkable
class Tried(Protocol):
    """A store of clips that is elsewhere. Named by `str`."""

    async def examine(self) -> None:
        """Write, list, read and delete by way of trial. Raises a `SetupFault` that says what stands in the way."""


async def clips(settings: Settings, store: Callable[[], object]) -> Finding:
    """The clip store that `store` gives."""
    folder = settings.home / "clips"
    try:
        found = store()
        if isinstance(found, Tried):
            await found.examine()
            return Finding("clips", OK, f"kept in {found}; written, listed, read and deleted there by way of trial")
    except SetupFault as error:
        return fault("clips", error, settings.language)
    return Finding("clips", OK, f"kept in {folder}" if folder.exists() else "none yet")


def faces() -> Finding:
    """Whether members are warned of pictures that hosted models refuse: an extra, so nothing is wrong without it."""
    if ready():
        return Finding(
            "pictures", OK, "looked at for faces, so that members are warned of what most hosted models refuse"
        )
    return Finding("pictures", OK, "not looked at for faces (pip install throughline-bot[faces])")


def as_lines(findings: Sequence[Finding]) -> str:
    """The report for people."""
    marks = {OK: "ok     ", WARNING: "warning", ERROR: "ERROR  "}
    return "\n".join(f"{marks[each.level]}  {each.subject}: {each.text}" for each in findings)


def healthy(findings: Sequence[Finding]) -> bool:
    """Nothing but warnings at most."""
    return all(each.level != ERROR for each in findings)
