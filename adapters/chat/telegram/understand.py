"""What a message or a tap asks for: a command, a question where words are missing, one sentence, or nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from adapters.chat.telegram.library import PLATFORM
from adapters.chat.telegram.updates import Said
from bot.commands import COMMANDS, Command, Generate, Help, Idea, Remix, build, from_action, options
from bot.errors import Declined, EmptyWords, UnknownCommand
from bot.looks import Cast, CastAction
from bot.reading import about, read

ACTION_BYTES: Final = 64
OF_A_TAKE: Final = frozenset({"remix", "retake", "extend", "cancel", "final"})
"""A typed command may mean the newest take; a button always says which."""
PORTRAYED: Final = frozenset({CastAction.ADD, CastAction.SET})
"""What is asked of the cast with a picture: it is kept once its member has said whose it is."""
IDEAS: Final = "start.ideas"
OLD_BUTTON: Final = "ack.too_old"
NO_TAKE: Final = "ack.not_a_take"
NO_PICTURE: Final = "ack.no_picture"
USELESS_PICTURE: Final = "ack.useless_picture"


@dataclass(frozen=True)
class Wanted:
    """A command to store. `note`: key of a sentence that the member is told besides."""

    command: Command
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """Words are missing for this action: a question goes out, and its answer completes it."""

    action: str


@dataclass(frozen=True)
class Told:
    """Nothing is stored; the member is told the sentence of this key. `mild`: not again within a while."""

    key: str
    mild: bool = True


Outcome = Wanted | Asked | Told | None


def understood(said: Said, meaning: str | None) -> Outcome:
    """What a message asks for. `meaning`: of the message that it replies to, see `ports.Messages`. Raises `Declined`.

    In a group it takes a command, a reply to one of our messages, or our name; in a direct conversation everything counts.
    """
    if said.foreign or not _for_us(said, meaning):
        return None
    if said.declined is not None:
        raise said.declined
    if said.command:
        return _commanded(said, meaning)
    if meaning:
        return _replied(said, meaning)
    if said.reply_to and not (said.address.direct or said.mentioned):
        return Told(NO_TAKE) if said.words.strip() else None
    return _written(said)


def _for_us(said: Said, meaning: str | None) -> bool:
    """A command without our name that we do not know is some other bot's."""
    if said.address.direct or said.mentioned or said.named:
        return True
    return said.command in COMMANDS if said.command else bool(said.reply_to or meaning)


def _commanded(said: Said, meaning: str | None) -> Outcome:
    take = take_of(meaning)
    try:
        command = about(read(f"/{said.command}{said.rest}"), take)
    except EmptyWords:
        return Asked(_asking(said, take))
    return _pictured(command, said)


def _asking(said: Said, take: str | None) -> str:
    """The action that the answer to the question completes. Raises `EmptyWords` where no question helps."""
    if said.command in (Generate.name, Idea.name):
        return with_picture(said.command, said.image)
    action = f"{said.command}:{take}" if take else said.command
    if not asks(action):
        raise EmptyWords
    return action


def _replied(said: Said, meaning: str) -> Outcome:
    name, _, rest = meaning.partition(":")
    if not said.words.strip():
        if said.image and name in (Generate.name, Idea.name):
            return Asked(with_picture(name, said.image))
        return _written(said) if said.address.direct else None
    if name in (Generate.name, Idea.name):
        image = said.image or (rest if rest.startswith(f"{PLATFORM}:") else "")
        return Wanted(build(name, {"prompt": said.words, "image": image}))
    return _pictured(from_action(meaning, said.words), said)


def _written(said: Said) -> Outcome:
    """Plain words are an idea: nothing is spent on a greeting. Raises `UnknownCommand` for what only looks like a command."""
    if said.words.lstrip().startswith("/"):
        raise UnknownCommand(command=said.words.split()[0][:40])
    if said.words.strip():
        return _pictured(build(Idea.name, {"prompt": said.words}), said)
    if said.image:
        return Asked(with_picture(Idea.name, said.image))
    if said.odd:
        return Told(IDEAS) if said.address.direct else None
    return Wanted(Help()) if said.mentioned else None


def _pictured(command: Command, said: Said) -> Wanted:
    """The command with the picture, where it takes one; else the member is told that it was left out."""
    if not said.image:
        return Wanted(command)
    if isinstance(command, Generate) or (isinstance(command, Cast) and command.action in PORTRAYED):
        return Wanted(replace(command, image=said.image))
    return Wanted(command, NO_PICTURE if isinstance(command, Remix) else USELESS_PICTURE)


def with_picture(name: str, image: str) -> str:
    """The action of a question that keeps hold of a picture: ``idea:telegram:<file_id>``."""
    return f"{name}:{image}" if image else name


def take_of(meaning: str | None) -> str | None:
    """Id of the take that a message of ours shows."""
    name, _, rest = (meaning or "").partition(":")
    return rest or None if name in ("remix", "edit") else None


def asks(action: str) -> bool:
    """Whether only words are missing."""
    kind = COMMANDS.get(action.partition(":")[0])
    if kind is None or not any(option.words and option.main for option in options(kind).values()):
        return False
    try:
        from_action(action)
    except EmptyWords:
        try:
            from_action(action, "words")
        except Declined:
            return False
        return True
    except Declined:
        return False
    return False


def tapped(data: str) -> Outcome:
    """What a button says; what cannot be read is an old button, or none of ours."""
    name, _, subject = data.partition(":")
    if len(data.encode("utf-8", "replace")) > ACTION_BYTES or (name in OF_A_TAKE and not subject.strip()):
        return Told(OLD_BUTTON, mild=False)
    if asks(data):
        return Asked(data)
    try:
        return Wanted(from_action(data))
    except Declined:
        return Told(OLD_BUTTON, mild=False)
