"""The state of the pretended Telegram, and what its people do there."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.flood import Limits, Patience
from tests.fakes.telegram.formatting import cut, detected, units
from tests.fakes.telegram.mailbag import Mailbag
from tests.fakes.telegram.model import Chat, Json, Media, Message, Press, Topic, User
from tests.fakes.telegram.parcels import Parcels, picture_size
from tests.fakes.telegram.refusals import UPGRADED, bad, forbidden

PRESS_SECONDS: Final = 15.0
"""How long a press may wait for its answer; the real server says "query is too old" some time after that."""


class World:
    """Users, chats, messages, updates: everything but the wire."""

    def __init__(self, limits: Limits | None = None, *, local: bool = False, privacy: bool = True) -> None:
        self.bot = User(7_000_000_001, "Throughline", "throughline_bot", is_bot=True)
        self.token = f"{self.bot.id}:AAfake-token-of-the-pretended-server"
        self.privacy = privacy
        self.faults = Faults()
        self.patience = Patience(limits or Limits())
        self.parcels = Parcels(local)
        self.mailbag = Mailbag(self.now)
        self.users: dict[str, User] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.calls: list[Call] = []
        self.broken: list[str] = []
        """Every breach of the API's description, and every habit that Telegram only forgives. Tests assert that it is empty."""
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """By scope (``default``, ``all_private_chats``, ``chat:7`` …) and language code."""
        self.albums: dict[str, list[Message]] = {}
        self._skipped = 0.0
        self._message_ids = itertools.count(101)
        self._people, self._groups = itertools.count(5_000_000_001), itertools.count(1)
        self._press_ids = itertools.count(900_000_000_001)
        self._changed = asyncio.Event()

    # ------------------------------------------------------------ time and watching

    def now(self) -> float:
        """The server's time, seconds since the epoch."""
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let time pass: waits end, presses grow old, updates are forgotten after a day."""
        self._skipped += seconds

    def touch(self) -> None:
        """Something has changed: wake those who watch."""
        self._changed.set()

    async def until(self, true: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Wait until something holds, looking whenever anything changes; its value. Fails after `seconds`."""
        end = time.monotonic() + seconds
        while not (found := true()):
            left = end - time.monotonic()
            assert left > 0, "it did not happen in time"
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
        return found

    # ------------------------------------------------------------ who there is

    def user(self, name: str, language: str = "", *, started: bool = True) -> User:
        """The user of that name, new at the first time. Not `started`: the bot cannot write to them first."""
        if name not in self.users:
            self.users[name] = User(next(self._people), name, f"{name}_here", language, started=started)
        return self.users[name]

    def private(self, user: User) -> Chat:
        """The direct conversation with the bot."""
        return self.chats.setdefault(user.id, Chat(user.id, "private", user=user))

    def group(
        self, title: str, *, admins: Collection[User] = (), forum: bool = False, basic: bool = False, **more: Any
    ) -> Chat:
        """A group that the bot is in: a supergroup unless `basic`; of a `forum` only supergroups have topics."""
        number = next(self._groups)
        chat_id = -(4_000_000 + number) if basic else -1_000_000_000_000 - 2_000_000 - number
        kind = "group" if basic else "supergroup"
        chat = Chat(chat_id, kind, title, forum=forum, admins=list(admins), members=list(admins), **more)
        self.chats[chat.id] = chat
        return chat

    def channel(self, title: str) -> Chat:
        """A channel that the bot is in."""
        chat = Chat(-1_000_000_000_000 - 9_000_000 - next(self._groups), "channel", title)
        self.chats[chat.id] = chat
        return chat

    def topic(self, group: Chat, title: str, creator: User | None = None) -> Topic:
        """A new topic of a forum."""
        author = creator or self.bot
        opened = self.put(group, author, service={"forum_topic_created": {"name": title, "icon_color": 7322096}})
        topic = Topic(opened.id, title, group)
        opened.thread, opened.topic = topic.id, topic
        group.topics[topic.id] = topic
        return topic

    def chat_of(self, chat_id: int | None) -> Chat:
        """The chat that a request names, if the bot may act there; raises `Refusal`."""
        chat = self.chats.get(chat_id or 0)
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to is not None:
            raise bad(UPGRADED, migrate_to_chat_id=chat.moved_to.id)
        if chat.kicked:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if chat.user is not None and chat.user.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.user is not None and not chat.user.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """The message that stands there."""
        chat = self.chats.get(chat_id)
        return chat.by_id.get(message_id) if chat else None

    # ------------------------------------------------------------ messages

    def put(self, chat: Chat, sender: User | None, **content: Any) -> Message:
        """Add a message to a chat, without an update."""
        if chat.kind in ("supergroup", "channel"):
            chat.last_id += 1
            number = chat.last_id
        else:
            number = next(self._message_ids)
        message = Message(number, chat, sender, int(self.now()), posted_at=self.now(), **content)
        chat.by_id[number] = message
        self.touch()
        return message

    async def say(
        self,
        user: User,
        chat: Chat,
        text: str = "",
        *,
        reply_to: Message | None = None,
        photo: bytes | None = None,
        document: bytes | None = None,
        caption: str = "",
        topic: Topic | None = None,
        album: str = "",
        anonymous: bool = False,
        **media: Any,
    ) -> Message:
        """A member writes; the bot sees it as an update if it may. `media`: ``mime="image/png"``, ``kind="sticker"``, ``size=…``.

        `anonymous`: as an administrator who speaks in the group's name.
        """
        words = caption if photo is not None or document is not None or media.get("kind") else text
        content: Json = {
            "reply_to": reply_to,
            "entities": detected(words),
            "album": album,
            "topic": topic,
            "thread": self._thread(chat, topic, reply_to),
            "media": self._attached(photo, document, **media),
        }
        content["caption" if content["media"] else "text"] = words
        if anonymous:
            content["sender_chat"] = chat
        if topic is not None and reply_to is None:
            content["reply_to"] = chat.by_id.get(topic.id)
        if chat.user is not None:
            chat.user.started = True
        speaker = User(1_087_968_824, "Group", "GroupAnonymousBot", is_bot=True) if anonymous else user
        message = self.put(chat, speaker, **content)
        self.deliver(message)
        return message

    @staticmethod
    def _thread(chat: Chat, topic: Topic | None, reply_to: Message | None) -> int | None:
        """In a supergroup a reply belongs to a thread even where there are no topics."""
        if topic is not None:
            return topic.id
        return (reply_to.thread or reply_to.id) if reply_to is not None and chat.kind == "supergroup" else None

    def _attached(
        self,
        photo: bytes | None,
        document: bytes | None,
        *,
        kind: str = "",
        mime: str = "image/jpeg",
        size: int = 0,
    ) -> Media | None:
        content = photo if photo is not None else document
        if content is None and not kind:
            return None
        kind = kind or ("photo" if photo is not None else "document")
        media = self.parcels.store(kind, self.parcels.of_bytes(content or b"", "picture" if photo is None else ""))
        media.size, media.mime = size or media.size, mime
        media.width, media.height = picture_size(content or b"") or (0, 0)
        if kind == "photo":
            small = self.parcels.store("photo", self.parcels.of_bytes(content or b"", ""))
            small.width, small.height, small.size = media.width // 4, media.height // 4, media.size // 8
            media.smaller = (small,)
        return media

    def deliver(self, message: Message) -> int | None:
        """Queue a member's message as an update, if the bot may see it."""
        if message.chat.kicked or message.chat.moved_to is not None or not self.seen(message):
            return None
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        return self.mailbag.put(kind, message.to_json())

    def seen(self, message: Message) -> bool:
        """Whether privacy mode lets the bot see it: commands that may be for it, replies to it, mentions of it."""
        chat = message.chat
        if chat.private or chat.kind == "channel" or not self.privacy or chat.bot_is_admin or message.service:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.bot and not message.reply_to.service:
            return True
        for entity in message.entities:
            word = cut(message.words, entity["offset"], entity["length"]).lower()
            if entity["type"] == "bot_command" and word.partition("@")[2] in ("", self.bot.username):
                return True
            if entity["type"] == "mention" and word == f"@{self.bot.username}":
                return True
        return False

    async def edit(self, message: Message, text: str) -> None:
        """A member edits their own message."""
        setattr(message, "caption" if message.media else "text", text)
        message.entities, message.edited_at = detected(text), self.now()
        if self.seen(message):
            self.mailbag.put("edited_message", message.to_json())

    async def press(self, user: User, message: Message, button: str) -> Press:
        """A member taps the button of that label, or sends that data, as clients can."""
        data = next((each.data for each in message.buttons if each.label == button), button)
        press = Press(str(next(self._press_ids)), user, message, data, self.now())
        self.presses[press.id] = press
        shown = message.to_json()
        if message.id not in message.chat.by_id:
            shown = {"message_id": message.id, "chat": message.chat.to_json(), "date": 0}
        self.mailbag.put(
            "callback_query",
            {
                "id": press.id,
                "from": user.to_json(),
                "message": shown,
                "chat_instance": str(message.chat.id),
                "data": data,
            },
        )
        return press

    def forget(self, message: Message) -> None:
        """It is deleted, by whomever."""
        if message.chat.by_id.pop(message.id, None) is not None:
            message.chat.deleted.append(message)
            self.touch()

    # ------------------------------------------------------------ what befalls the bot

    def block(self, user: User, *, blocked: bool = True) -> None:
        """The user blocks the bot, or lets it in again."""
        user.blocked = blocked
        self._membership(self.private(user), user, "kicked" if blocked else "member")

    def kick(self, group: Chat, by: User | None = None, *, back: bool = False) -> None:
        """The bot is thrown out of a group, or taken in again."""
        group.kicked = not back
        self._membership(group, by or self.user("admin"), "member" if back else "kicked")

    def _membership(self, chat: Chat, by: User, status: str) -> None:
        was = "member" if status == "kicked" else "kicked"
        old, new = (
            {"user": self.bot.to_json(), "status": each} | ({"until_date": 0} if each == "kicked" else {})
            for each in (was, status)
        )
        change = {"chat": chat.to_json(), "from": by.to_json(), "date": int(self.now())}
        self.mailbag.put("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})

    def migrate(self, group: Chat) -> Chat:
        """A basic group becomes a supergroup: a new id, two service messages, and the old id is dead."""
        new = self.group(group.title, admins=group.admins)
        new.members = list(group.members)
        admin = group.admins[0] if group.admins else self.user("admin")
        self.deliver(self.put(group, admin, service={"migrate_to_chat_id": new.id}))
        self.deliver(self.put(new, admin, service={"migrate_from_chat_id": group.id}))
        group.moved_to = new
        return new

    def delete(self, message: Message) -> None:
        """A member deletes a message; bots are not told."""
        self.forget(message)

    @staticmethod
    def length(text: str) -> int:
        """In UTF-16 units, as Telegram counts."""
        return units(text)
