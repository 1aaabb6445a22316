"""What Telegram tells us, as plain data: who said or tapped what, where, and whether it was meant for us. Pure; no rule of ours.

Facts are those of core.telegram.org/bots/api and core.telegram.org/bots/features#privacy-mode.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Document, Message, PhotoSize, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from adapters.chat.telegram.library import PLATFORM, reference
from bot.errors import ImageTooLarge
from bot.people import Address, Member
from bot.text import language

HEARD: Final = ("message", "callback_query", "my_chat_member", "chat_member")
"""The kinds of update that are asked for."""
NAME_MAX: Final = 80
ID_BITS: Final = 52
"""Telegram's ids have no more (core.telegram.org/bots/api#chat, `id`)."""
ANONYMOUS: Final = 1087968824
"""The user id behind which administrators speak in the group's name (core.telegram.org/bots/api#message, `from`)."""
CHANNEL_SPEAKER: Final = 136817688
"""The user id behind which channels speak in groups."""
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|[:：]|[^\x00-\x7f]|\Z)(.*)\Z", re.S)
_GONE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(frozen=True)
class Me:
    """The bot itself."""

    id: int
    username: str


@dataclass(frozen=True)
class Surroundings:
    """What reading needs beside the update. `file_room`: the largest file that can be fetched, in bytes."""

    me: Me
    language: str
    file_room: int


@dataclass(frozen=True)
class Said:
    """A message that a member wrote where the bot could see it."""

    wish: str
    """Id of the wish that it may become."""
    member: Member
    address: Address
    user: int
    """Telegram's id of who wrote it; in a group's name, of the group."""
    words: str
    """The member's own, without the mention of us at either end."""
    command: str = ""
    """Name of a command that is for us, in lower case; `rest` is what follows it, byte for byte."""
    rest: str = ""
    named: bool = False
    """The command was addressed to us by name."""
    foreign: bool = False
    """A command for another bot."""
    image: str = ""
    """Attachment address of a picture."""
    declined: ImageTooLarge | None = None
    """The picture cannot be fetched."""
    odd: bool = False
    """It brings something that is neither words nor a picture."""
    reply_to: str | None = None
    """Reference of the message of ours that it replies to."""
    mentioned: bool = False
    album: str = ""


@dataclass(frozen=True)
class Pressed:
    """A tap on one of our buttons."""

    wish: str
    query: str
    data: str
    member: Member
    address: Address
    user: int


@dataclass(frozen=True)
class Moved:
    """A group has become a supergroup, with another id."""

    old: str
    new: str


@dataclass(frozen=True)
class Left:
    """The bot was removed from a chat, or blocked by a member."""

    chat: str


@dataclass(frozen=True)
class Staffed:
    """A chat's administrators may have changed."""

    chat: str


Event = Said | Pressed | Moved | Left | Staffed


def read(update: Update, around: Surroundings) -> Event | None:
    """What an update tells; None for what is not ours to hear. May raise anything for an update of a shape of its own."""
    if update.message is not None:
        return _message(update.message, around)
    if update.callback_query is not None:
        return _pressed(update.callback_query, around)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.chat_member is not None:
        return Staffed(str(number(update.chat_member.chat.id)))
    return None


def _membership(change: ChatMemberUpdated) -> Event:
    chat = str(number(change.chat.id))
    return Left(chat) if change.new_chat_member.status in _GONE else Staffed(chat)


def _message(message: Message, around: Surroundings) -> Event | None:
    chat = message.chat
    if message.migrate_to_chat_id is not None:
        return Moved(str(number(chat.id)), str(number(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id is not None:
        return Moved(str(number(message.migrate_from_chat_id)), str(number(chat.id)))
    if chat.type not in (ChatType.PRIVATE, *_GROUPS) or message.is_automatic_forward:
        return None
    speaker = _speaker(message, around.language)
    return _said(message, speaker, around) if speaker is not None else None


def _speaker(message: Message, tongue: str) -> Member | None:
    """Who wrote it; None for other bots and for nobody. In a group's or channel's name: that group or channel."""
    user, behalf = message.from_user, message.sender_chat
    if behalf is not None and (user is None or user.id in (ANONYMOUS, CHANNEL_SPEAKER)):
        name = _name(behalf.title or "")
        return Member(f"{PLATFORM}:{number(behalf.id)}", name, language(tongue), behalf.id == message.chat.id)
    return None if user is None or user.is_bot else member_of(user, tongue)


def member_of(user: User, tongue: str) -> Member:
    """A member as Telegram knows them; whether they moderate is not told with a message."""
    return Member(f"{PLATFORM}:{number(user.id)}", _name(user.full_name), language(user.language_code or tongue))


def _name(text: str) -> str:
    """A name as it can be stored: no control characters, no halves of characters."""
    return "".join(each for each in whole(text) if each.isprintable())[:NAME_MAX]


def number(value: int) -> int:
    """An id. Raises `ValueError` for what is none: the library takes anything."""
    if type(value) is not int or value.bit_length() > ID_BITS:
        raise ValueError("no id")
    return value


def text_of(value: str | None) -> str:
    """A text; empty where there is none. Raises `ValueError` for what is none."""
    if not isinstance(value, str | None):
        raise ValueError("no text")
    return whole(value or "")


def whole(text: str) -> str:
    """A text without halves of characters, which JSON can carry and nothing else can."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def address_of(chat: Chat, member: Member, message: int, thread: int | None) -> Address:
    """Where answers go."""
    return Address(
        platform=PLATFORM,
        chat=str(number(chat.id)),
        thread=str(number(thread)) if thread is not None else None,
        message=str(number(message)),
        member=member.id,
        locale=member.locale,
        direct=chat.type == ChatType.PRIVATE,
    )


def _said(message: Message, speaker: Member, around: Surroundings) -> Said | None:
    found, mentioned = without_mention(text_of(message.text) or text_of(message.caption), around.me.username)
    chat, image = message.chat, _image(message)
    odd = image is None and message.effective_attachment is not None
    if not (found or image or odd or mentioned):
        return None  # a service message: somebody joined, something was pinned
    said = Said(
        wish=f"tg-{number(chat.id)}-{number(message.message_id)}",
        member=speaker,
        address=address_of(chat, speaker, message.message_id, _topic(message)),
        user=int(speaker.id.partition(":")[2]),
        words=found,
        odd=odd,
        reply_to=_ours(message, around.me),
        mentioned=mentioned,
        album=text_of(message.media_group_id)[:24],
    )
    return _with_command(_with_image(said, image, around.file_room), around.me)


def without_mention(text: str, username: str) -> tuple[str, bool]:
    """A text without the bot's name at either end, and whether it was named at all."""
    name = rf"@{re.escape(username)}(?!\w)"
    if not username or not re.search(rf"(?<![\w/@]){name}", text, re.I):
        return text, False
    return re.sub(rf"\A\s*{name}[,:]?\s*|\s*(?<![\w/@]){name}\s*\Z", "", text, flags=re.I), True


def _topic(message: Message) -> int | None:
    """Only of a real topic: in other supergroups every chain of replies has a thread id too."""
    return message.message_thread_id if message.is_topic_message else None


def _ours(message: Message, me: Me) -> str | None:
    """The message of ours that it replies to. What opened a topic counts as replied to by all that is said in it: that is none."""
    target = message.reply_to_message
    if target is None or target.forum_topic_created is not None or target.from_user is None:
        return None
    return reference(message.chat.id, target.message_id) if target.from_user.id == me.id else None


def _image(message: Message) -> PhotoSize | Document | None:
    """The largest size of a photo, or a picture sent as a file."""
    if message.photo:
        return max(message.photo, key=lambda each: each.width * each.height)
    document = message.document
    is_picture = document is not None and (document.mime_type or "").startswith("image/")
    return document if is_picture else None


def _with_image(said: Said, image: PhotoSize | Document | None, room: int) -> Said:
    if image is None:
        return said
    if (image.file_size or 0) > room:
        return replace(said, declined=ImageTooLarge(limit=f"{room // 2**20} MB"))
    return replace(said, image=f"{PLATFORM}:{text_of(image.file_id)}")


def _with_command(said: Said, me: Me) -> Said:
    found = _COMMAND.match(said.words)
    if found is None:
        return said
    name, whom, rest = found.groups()
    if whom is not None and whom.lower() != me.username.lower():
        return replace(said, foreign=True)
    return replace(said, command=name.lower(), rest=rest, named=whom is not None)


def _pressed(query: CallbackQuery, around: Surroundings) -> Pressed:
    member = member_of(query.from_user, around.language)
    where = query.message
    if where is None:  # a button that Telegram does not tell the place of is none of ours
        return Pressed("", text_of(query.id), "", member, Address(PLATFORM, "", member=member.id), query.from_user.id)
    thread = _topic(where) if isinstance(where, Message) else None
    address = address_of(where.chat, member, where.message_id, thread)
    address = replace(address, pressed=reference(where.chat.id, where.message_id))
    id_ = text_of(query.id)
    return Pressed(f"tg-q-{id_}"[:50], id_, text_of(query.data), member, address, query.from_user.id)
