"""Templates of a relay's description: what is sent, with places for what we know; and pointers into what comes back. Pure.

A string that is one placeholder and nothing else (``"{seconds}"``) becomes the value with its type; inside other words it
becomes text. What is not known is left out, and so is whatever holds it, so that nothing is sent that nobody set. Values are put
in once and never looked at again: braces in a member's words stay braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

NAMES: Final = frozenset(
    {
        "job", "prompt", "model", "seconds", "seconds_text", "seconds_s", "ratio", "width", "height", "size", "resolution",
        "hd", "seed", "sound", "image", "last_frame", "references", "characters", "reference_video", "strength", "id",
    }
)  # fmt: skip
"""What a template may ask for; see `task_relay` for what each is."""

_PLACE = re.compile(r"\{([a-z_]+)\}")
_LEFT_OUT: Final = object()


def unknown_names(template: Any) -> set[str]:
    """Placeholders in it that nobody fills."""
    if isinstance(template, str):
        return set(_PLACE.findall(template)) - NAMES
    inner = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return set[str]().union(*(unknown_names(each) for each in inner))


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with its places filled; None where nothing is left of it."""
    found = _filled(template, values)
    return None if found is _LEFT_OUT else found


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(template, str):
        return _text(template, values)
    if isinstance(template, Mapping):
        pairs = {key: _filled(each, values) for key, each in template.items()}
        return _whole({key: each for key, each in pairs.items() if each is not _LEFT_OUT}, template)
    if isinstance(template, list):
        items = [each for each in (_filled(each, values) for each in template) if each is not _LEFT_OUT]
        flat = [part for each in items for part in (each if isinstance(each, list) else (each,))]
        return _whole(flat, template)
    return template


def _whole(found: Any, template: Any) -> Any:
    """An object or list of which nothing is left is left out itself, unless it was written empty."""
    return found if found or not template else _LEFT_OUT


def _text(template: str, values: Mapping[str, Any]) -> Any:
    alone = _PLACE.fullmatch(template)
    if alone:
        value = values.get(alone.group(1))
        return _LEFT_OUT if value is None or value == [] else value
    if any(values.get(name) in (None, []) for name in _PLACE.findall(template)):
        return _LEFT_OUT
    return _PLACE.sub(lambda place: str(values[place.group(1)]), template)


def pointed(data: Any, pointers: Sequence[str]) -> Any:
    """What the first JSON pointer (RFC 6901) that leads to something leads to; None if none does."""
    for pointer in pointers:
        value = _at(data, pointer)
        if value is not None and value != "":
            return value
    return None


def _at(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdecimal() and len(name) < 4:
            data = data[int(name)] if int(name) < len(data) else None
        else:
            return None
    return data
