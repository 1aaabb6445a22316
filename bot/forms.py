"""A brief asked for part by part: what the camera sees, camera, action, dialogue, sound. Pure but for looking up a take.

The parts are the labelled lines that members may also write by hand (``Camera: …``), so a form and a prompt say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.asking import Ask, find_take
from bot.people import Address, Member
from bot.ports import Work
from bot.words import labelled_runs

PARTS: Final = ("prompt", "camera", "action", "dialogue", "sound")
"""In the order in which they are asked for; ``prompt`` is what the camera sees."""


def parts_of(words: str) -> dict[str, str]:
    """A member's words taken apart by their labelled lines; every part is there, empty where the words have none."""
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    for label, run in labelled_runs(words):
        name = "prompt" if label == "words" else label
        parts[name].append(run if name == "prompt" else run.split(":", 1)[-1].split("：", 1)[-1].strip())
    return {name: "\n".join(found).strip() for name, found in parts.items()}


def compose(parts: Mapping[str, str]) -> str:
    """Words from parts; what is empty is left out."""
    lines = [parts.get("prompt", "").strip()]
    lines += [f"{name.capitalize()}: {text}" for name in PARTS[1:] if (text := parts.get(name, "").strip())]
    return "\n".join(line for line in lines if line)


async def filled_in(w: Work, action: str, member: Member, address: Address) -> dict[str, str]:
    """What the form behind a button is filled in with: the words of the take that its action names. Raises `UnknownTake`."""
    _, _, take_id = action.partition(":")
    take = await find_take(w, Ask(member, address, {}, 0.0), take_id)
    shot = await w.productions.shot(take.shot)
    return parts_of(shot.words if shot else "")
