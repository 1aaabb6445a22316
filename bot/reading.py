"""A typed command line, for places that have only text: Telegram, the studio's input box, a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.commands import (
    COMMANDS,
    Cancel,
    Circle,
    Command,
    Extend,
    Remix,
    Retake,
    ShotStory,
    Style,
    StyleAction,
    build,
    options,
)
from bot.errors import UnknownCommand, UnknownOption
from bot.looks import WHOLE, Cast, CastAction
from bot.options import Option
from bot.verdicts import Final

_COMMAND_LINE = re.compile(
    r"^/([A-Za-z_]{1,32})(?:@[A-Za-z0-9_]+)?(?:(?:[ \t\n]|[:：][ \t]?|(?=[^\x00-\x7f]))(.*))?$", re.S
)
_TOKEN = re.compile(r"\S+")
_NAMED = re.compile(r"([^:：]+)[:：](.+)", re.S)


def read(text: str) -> Command:
    """A typed command line, ``/generate a fox crosses a snowy forest seconds:6 shape:tall``.

    One-word options are taken off the end and the beginning, ``name:value`` without a space; everything between them is the
    main words, byte for byte. Free-text options (``/style set lens:85mm light:golden hour``) run up to the next option.
    """
    found = _COMMAND_LINE.match(text)
    kind = COMMANDS.get(found.group(1).lower()) if found else None
    if found is None or kind is None:
        raise UnknownCommand(command=text.split(maxsplit=1)[0][:40] if text.strip() else "/")
    rest = found.group(2) or ""
    known = options(kind)
    values: dict[str, str] = {}
    rest = _leading_action(kind, known, rest, values)
    if whole := WHOLE.get((kind.name, values.get("action", ""))):
        return build(kind.name, values | {whole: rest} if rest.strip() else values)
    if any(option.words and not option.main for option in known.values()):
        rest = _named_texts(known, rest, values)
    rest = _tokens_off(known, rest, values)
    main = next((name for name, option in known.items() if option.main), None)
    if rest.strip() and kind is Cast:
        values |= _introduced(rest, values)
    elif rest.strip():
        if main is None:
            raise UnknownOption(option=rest.strip()[:40], command=kind.name, options=", ".join(known) or "-")
        values[main] = rest
    return build(kind.name, values)


def about(command: Command, take: str | None) -> Command:
    """A command line written as a reply speaks of the take (its id) that it replies to, unless it names one."""
    if take is None:
        return command
    if isinstance(command, Remix | Retake | Extend | Cancel | ShotStory | Final) and command.take is None:
        return replace(command, take=take)
    if isinstance(command, Cast) and command.action is CastAction.ADD and not (command.take or command.description):
        return replace(command, take=take)
    if isinstance(command, Style) and command.action is StyleAction.FROM and command.take is None:
        return replace(command, take=take)
    return replace(command, take=take) if isinstance(command, Circle) else command


def _leading_action(kind: type[Command], known: Mapping[str, Option], rest: str, values: dict[str, str]) -> str:
    """``/style set …``: an action word may stand first without its name. Free text without one means ``set``."""
    if "action" not in known:
        return rest
    first = rest.split(maxsplit=1)
    if first and first[0].lower() in known["action"].choices:
        values["action"] = first[0].lower()
        return rest.split(None, 1)[1] if len(first) > 1 else ""
    if first and kind is Style:
        values["action"] = StyleAction.SET
    return rest


def _introduced(rest: str, values: Mapping[str, str]) -> dict[str, str]:
    """``Marek: a stooped man …``: the name, then who it is."""
    name, colon, description, *_ = (*re.split("([:：])", rest, maxsplit=1), "", "")
    if not colon or not description.strip() or "description" in values:
        return {"name": rest.strip()}
    return {"name": name.strip(), "description": description.strip()}


def _named_texts(known: Mapping[str, Option], rest: str, values: dict[str, str]) -> str:
    """Take ``name:free text`` runs out of the words; what stands before the first of them is returned."""
    names = "|".join(re.escape(name) for name in known)
    marks = list(re.finditer(rf"(?:^|(?<=\s))({names})[:：]", rest))
    if not marks:
        return rest
    ends = [*(mark.start() for mark in marks[1:]), len(rest)]
    left = [rest[: marks[0].start()]]
    for mark, end in zip(marks, ends, strict=True):
        text = rest[mark.end() : end].strip()
        if not known[mark.group(1)].words:  # one word is its value; what follows belongs to nobody yet
            text, _, more = text.partition(" ")
            left += [more] if more.strip() else []
        values[mark.group(1)] = text
    return " ".join(part for part in left if part.strip()) if len(left) > 1 else left[0]


def _tokens_off(known: Mapping[str, Option], rest: str, values: dict[str, str]) -> str:
    """Take one-word options off both ends of the words."""
    while (token := _option_token(known, rest, last=True)) is not None:
        name, value, rest = token
        values.setdefault(name, value)
        rest = rest.rstrip(" \t\n")
    while (token := _option_token(known, rest, last=False)) is not None:
        name, value, rest = token
        values.setdefault(name, value)
        rest = rest.lstrip(" \t\n")
    return rest


def _option_token(known: Mapping[str, Option], rest: str, *, last: bool) -> tuple[str, str, str] | None:
    tokens = list(_TOKEN.finditer(rest))
    if not tokens:
        return None
    token = tokens[-1] if last else tokens[0]
    named = _NAMED.fullmatch(token.group())
    option = known.get(named.group(1)) if named else None
    if named is None or option is None or option.main or option.image:
        return None
    name, value = named.groups()
    return name, value, rest[: token.start()] if last else rest[token.end() :]
