"""The picture a member attached, brought into the house: fetched, looked at, stored by its digest; and what is told of it.

A picture that may show a face is filmed as asked. Its member is told that most hosted models refuse it, and of the road in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from bot.brief import Brief, Note
from bot.capabilities import Capabilities
from bot.errors import DeliveryFault
from bot.ports import Attachments, Clips, Gate
from bot.states import Job, State

SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
FACE: Final = Note("face")
"""Told while the take is waited for; a clip that is there was not refused."""
WORDS_ALONE: Final = Note("words_alone")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@runtime_checkable
class SeesFaces(Protocol):
    """A gate that can tell whether a picture may show a face: found by `isinstance`, as what a backend may offer is."""

    async def may_show_face(self, file: Path) -> bool:
        """Within seconds; False where it cannot tell. Never raises."""


def is_ours(image: str) -> bool:
    """Whether it is in the clip store already: a digest, not an address on a platform."""
    return _DIGEST.fullmatch(image) is not None


async def bring_in(address: str, attachments: Mapping[str, Attachments], gate: Gate | None, clips: Clips | None) -> str:
    """The digest of what is attached at ``<platform>:<what the platform needs>``.

    Raises `AttachmentGone`, `NotAnImage`, `ImageTooLarge`, or `DeliveryFault` where it may be had later, or elsewhere.
    """
    platform = address.partition(":")[0]
    source = attachments.get(platform)
    if source is None or gate is None or clips is None:
        raise DeliveryFault(f"nothing brings in what was attached on {platform} in this process")
    async with clips.scratch() as folder:
        file = folder / "attached"
        await source.fetch(address, file)
        found = await gate.picture(file)
        return await clips.store(file, SUFFIXES.get(found.media_type, ".img"))


async def told_of(image: str, gate: Gate | None, clips: Clips | None) -> tuple[Note, ...]:
    """What the member has to be told of a picture in the store before it leaves the house."""
    if gate is None or clips is None or not is_ours(image) or not isinstance(gate, SeesFaces):
        return ()
    path = await clips.path(image)
    return (FACE,) if path is not None and await gate.may_show_face(path) else ()


def leaves_house(capabilities: Mapping[str, Capabilities], choice: str) -> bool:
    """Whether a picture sent there goes to anything that is not inside Throughline; what picks may pick that."""
    caps = capabilities[choice]
    return not all(capabilities[each].embedded for each in caps.among or (choice,))


def in_words(brief: Brief, job: Job | None) -> Brief:
    """The brief to be said in other words: without the picture, where that is what was refused."""
    if job is None or job.state is not State.REFUSED or job.gate != "image" or brief.reference is None:
        return brief
    return replace(brief, reference=None)


def left_out(before: Brief, after: Brief) -> Brief:
    """`after`, which tells that it is made without the picture of the one before."""
    if before.reference is None or after.reference is not None:
        return after
    return replace(after, notes=(WORDS_ALONE, *after.notes))


def still_told(brief: Brief, caps: Capabilities) -> tuple[Note, ...]:
    """Those of its notes that are true of the next take of the same picture too."""
    return (FACE,) if FACE in brief.notes and brief.reference is not None and not caps.embedded else ()
