"""A brief asked for part by part: what the camera sees, camera, action, dialogue, sound.

The parts are the labelled lines that members may also write by hand (``Camera: …``), so a form and a prompt say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot import lexicon
from bot.asking import Ask, find_idea, find_take
from bot.commands import Command, from_action
from bot.ideas import idea_of
from bot.people import Address, Member
from bot.ports import Work
from bot.reference import is_chinese
from bot.rewording import own_words
from bot.storyboards import board_of
from bot.words import LAYERS, labelled_runs

PARTS: Final = ("prompt", "camera", "action", "dialogue", "sound")
"""In the order in which they are asked for; ``prompt`` is what the camera sees. Labels: ``form.<part>``."""


def parts_of(words: str) -> dict[str, str]:
    """A member's words taken apart by their labelled lines; every part is there, empty where the words have none."""
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    for label, run in labelled_runs(words):
        name = "prompt" if label == "words" else "sound" if label in LAYERS else label
        own = name == "prompt" or label in LAYERS
        parts[name].append(run if own else re.split("[:：]", run, maxsplit=1)[-1].strip())
    return {name: "\n".join(found).strip() for name, found in parts.items()}


def compose(parts: Mapping[str, str]) -> str:
    """Words from parts; what is empty is left out."""
    lines = [parts.get("prompt", "").strip()]
    lines += [f"{_label(name, text)}{text}" for name in PARTS[1:] if (text := parts.get(name, "").strip())]
    return "\n".join(line for line in lines if line)


def _label(name: str, text: str) -> str:
    """In the language, and the characters, of what stands behind it; none before the layers of a sound, they have their own."""
    if labelled_runs(text)[0][0] in LAYERS:
        return ""
    if not is_chinese(text):
        return f"{name.capitalize()}: "
    plain, traditional = _CHINESE[name]
    return f"{traditional if lexicon.chinese().simplified(text) != text else plain}："


_CHINESE: Final = {
    "camera": ("镜头", "鏡頭"),
    "action": ("动作", "動作"),
    "dialogue": ("对白", "對白"),
    "sound": ("声音", "聲音"),
}


def command(action: str, parts: Mapping[str, str]) -> Command:
    """The command behind a button with what its form was filled in with. Raises `UnknownCommand`, `EmptyWords` and the like."""
    return from_action(action, compose(parts))


async def filled_in(w: Work, action: str, member: Member, address: Address) -> dict[str, str]:
    """What the form behind a button is filled in with: the words that it replaces. Raises `UnknownTake` or `UnknownIdea`."""
    return parts_of(await words_behind(w, action, member, address))


async def words_behind(w: Work, action: str, member: Member, address: Address) -> str:
    """The words that a button's own would replace, byte for byte; empty where it replaces none."""
    name, _, subject = action.partition(":")
    ask = Ask(member, address, {}, 0.0)
    if name == "edit_idea":
        return (await idea_of(w, await find_idea(w, ask, subject))).prompt
    if name == "edit_board":
        return (await board_of(w, ask, subject)).text
    return own_words(await find_take(w, ask, subject)) if name == "edit" else ""


async def slate_behind(w: Work, action: str, member: Member, address: Address) -> str:
    """The slate of the take that an action names; empty where it names none. Raises `UnknownTake`."""
    name, _, subject = action.partition(":")
    if name not in ("remix", "edit") or not subject:
        return ""
    return str((await find_take(w, Ask(member, address, {}, 0.0), subject)).slate)
