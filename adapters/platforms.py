"""The chat platforms that are set up: a poster of each in every process, and a listener where its role is played.

A worker thus posts and shows progress by REST alone, with no listener anywhere near it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from adapters.chat import ChatModule, ChatPoster, ChatSettings, Listener
from adapters.doors import Door
from adapters.settings import Settings
from bot.errors import BadSetting
from bot.intake import Intake
from bot.paperwork import Finding
from bot.ports import WorkFactory
from bot.text import explain

log = logging.getLogger("throughline.platforms")

CORE_ROLES: Final = ("web", "worker")
STOP_SECONDS: Final = 1.2
"""What all listeners together may take to fall silent."""
EXAMINE_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Platform:
    """One that is set up."""

    name: str
    module: ChatModule
    setting: ChatSettings
    poster: ChatPoster

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").title()


def setting_for(settings: Settings, name: str) -> ChatSettings:
    """What that platform is told."""
    own = f"{name.upper()}_"
    return ChatSettings(
        options={key: value for key, value in settings.chat_options.items() if key.startswith(own)},
        table=settings.chats.get(name, {}),
        folder=settings.home / "chats" / name,
        language=settings.language,
        public_url=settings.public_url,
    )


def set_up(settings: Settings, chats: Mapping[str, ChatModule], work: WorkFactory) -> dict[str, Platform]:
    """Those among `chats` that are configured, by name. Raises `BadSetting` for a table that belongs to none or says what
    its platform does not read.
    """
    if fault := _odd_table(settings, chats):
        raise fault
    found: dict[str, Platform] = {}
    for name, module in chats.items():
        setting = setting_for(settings, name)
        if module.configured(setting):
            found[name] = Platform(name, module, setting, module.poster(setting, work))
    return found


def _odd_table(settings: Settings, chats: Mapping[str, ChatModule]) -> BadSetting | None:
    """A misspelt name must not silently be a bot without its settings."""
    for name, table in sorted(settings.chats.items()):
        if name not in chats:
            return BadSetting(
                name=f"chats.{name}", reason=f"there is no such chat platform; there are: {', '.join(chats)}"
            )
        keys: Mapping[str, type] | None = getattr(chats[name], "KEYS", None)
        if keys is not None and (fault := _odd_key(f"chats.{name}", table, keys)):
            return fault
    return None


def _odd_key(where: str, table: Mapping[str, Any], keys: Mapping[str, type]) -> BadSetting | None:
    for key, value in sorted(table.items()):
        if key not in keys:
            known = f"there are: {', '.join(sorted(keys))}" if keys else "this platform has none"
            return BadSetting(name=f"{where}.{key}", reason=f"there is no such setting; {known}")
        if type(value) is not keys[key]:
            expected = "true or false" if keys[key] is bool else keys[key].__name__
            return BadSetting(name=f"{where}.{key}", reason=f"expected {expected}")
    return None


def roles_for(only: str | None, known: Collection[str], configured: Collection[str]) -> tuple[str, ...]:
    """What this process does: all there is, or that one role. Raises `BadSetting` for a role that it cannot play."""
    if only is None:
        return (*CORE_ROLES, *configured)
    if only not in (*CORE_ROLES, *known):
        raise BadSetting(name=f"--only {only}", reason=f"there are: {', '.join((*CORE_ROLES, *known))}")
    if only not in (*CORE_ROLES, *configured):
        raise BadSetting(name=f"--only {only}", reason=f"it is not set up: {token_of(only)} is missing")
    return (only,)


def token_of(name: str) -> str:
    """What a platform's token is called in the environment."""
    return f"{name.upper()}_TOKEN"


@dataclass
class Listening:
    """The listeners of one process."""

    of: Mapping[str, Listener]

    @classmethod
    def to(cls, platforms: Collection[Platform], intake: Intake) -> Listening:
        """A listener for each; nothing is opened yet."""
        return cls({each.name: each.module.listener(each.setting, intake, each.poster) for each in platforms})

    @property
    def hooks(self) -> dict[str, Door]:
        """The webhooks that they want to be called by."""
        return {name: door for each in self.of.values() for name, door in getattr(each, "doors", {}).items()}

    async def start(self) -> None:
        """Begin to hear, all at once. Raises the first `SetupFault`; then none of them hears."""
        begun = await asyncio.gather(*(each.start() for each in self.of.values()), return_exceptions=True)
        fault = next((each for each in begun if isinstance(each, BaseException)), None)
        if fault is not None:
            await self.stop()
            raise fault

    async def stop(self) -> None:
        """Hear no more, within `STOP_SECONDS`; what was heard is stored. Harmless to repeat."""
        stops = [asyncio.ensure_future(each.stop()) for each in self.of.values()]
        if not stops:
            return
        done, slow = await asyncio.wait(stops, timeout=STOP_SECONDS)
        for each in slow:
            each.cancel()
        for each in done:
            if error := each.exception():
                log.warning("a listener did not stop in order: %s", error)


async def close(platforms: Collection[Platform]) -> None:
    """Let go of all posters' connections."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS / 2):
            await asyncio.gather(*(each.poster.close() for each in platforms), return_exceptions=True)


async def examine(settings: Settings, chats: Mapping[str, ChatModule]) -> list[Finding]:
    """What each has to say of itself; one line for those that are not set up."""
    found = await asyncio.gather(*(_examine_one(settings, name, module) for name, module in chats.items()))
    fault = _odd_table(settings, chats)
    odd = [Finding("chats", "error", explain(fault, settings.language))] if fault else []
    return [*odd, *(line for lines in found for line in lines)]


async def _examine_one(settings: Settings, name: str, module: ChatModule) -> Sequence[Finding]:
    setting = setting_for(settings, name)
    if not module.configured(setting):
        return [Finding(name, "ok", f"not set up ({token_of(name)})")]
    try:
        async with asyncio.timeout(EXAMINE_SECONDS):
            return await module.examine(setting)
    except TimeoutError:
        return [Finding(name, "error", f"did not answer within {EXAMINE_SECONDS:.0f} s")]
    except Exception as error:  # noqa: BLE001 - someone else's package must not end the doctor's round
        return [Finding(name, "error", f"could not be examined: {type(error).__name__}")]
