"""Who and what there is in the pretended Telegram: users, chats, topics, messages, buttons, files; and how each looks as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(eq=False)
class User:
    """A person, or a bot."""

    id: int
    name: str
    username: str = ""
    language: str = ""
    is_bot: bool = False
    blocked: bool = False
    """Has blocked the bot."""
    started: bool = True
    """Has pressed Start: without that a bot cannot write first."""

    def to_json(self) -> Json:
        found: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            found["username"] = self.username
        return found | ({"language_code": self.language} if self.language else {})


@dataclass(eq=False)
class Media:
    """A file in Telegram's keeping. `path` is where the fake keeps the bytes."""

    kind: str
    file_id: str
    unique_id: str
    size: int
    path: Path
    width: int = 0
    height: int = 0
    duration: int = 0
    supports_streaming: bool = False
    name: str = ""
    mime: str = ""
    thumbnail: Media | None = None
    cover: Media | None = None
    smaller: tuple[Media, ...] = ()
    """Of a photo: its smaller sizes, smallest first."""

    @property
    def bytes(self) -> bytes:
        """The content."""
        return self.path.read_bytes()

    def to_json(self) -> Any:
        """As it stands in a message under its kind; a photo is a list of sizes, the largest last."""
        if self.kind == "photo":
            return [each.one() for each in (*self.smaller, self)]
        return self.one()

    def one(self) -> Json:
        """One file."""
        found: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}
        if self.kind in ("photo", "video", "animation", "thumbnail"):
            found |= {"width": self.width, "height": self.height}
        if self.kind in ("video", "animation", "voice"):
            found["duration"] = self.duration
        if self.kind == "sticker":
            found |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        if self.kind not in ("photo", "thumbnail", "sticker"):
            found |= {name: value for name, value in (("file_name", self.name), ("mime_type", self.mime)) if value}
        if self.thumbnail is not None:
            found["thumbnail"] = self.thumbnail.one()
        if self.cover is not None:
            found["cover"] = [self.cover.one()]
        return found


@dataclass(frozen=True)
class Button:
    """One inline button."""

    label: str
    data: str = ""
    url: str = ""
    more: Json = field(default_factory=dict)


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its id is the id of the message that opened it."""

    id: int
    title: str
    chat: Chat
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A conversation. `messages`: what stands there now, by everyone, oldest first."""

    id: int
    kind: str
    """private, group, supergroup or channel."""
    title: str = ""
    user: User | None = None
    """Of a private chat."""
    forum: bool = False
    admins: list[User] = field(default_factory=list)
    members: list[User] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    by_id: dict[int, Message] = field(default_factory=dict)
    deleted: list[Message] = field(default_factory=list)
    kicked: bool = False
    moved_to: Chat | None = None
    muted: set[str] = field(default_factory=set)
    """What the bot may not send: text, photo, video, document."""
    bot_is_admin: bool = False
    last_id: int = 0
    """Of a supergroup: message ids are counted per chat."""

    @property
    def messages(self) -> list[Message]:
        return list(self.by_id.values())

    @property
    def posted(self) -> list[Message]:
        """The bot's own messages that stand there now."""
        return [each for each in self.messages if each.sender is not None and each.sender.is_bot]

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def to_json(self) -> Json:
        if self.user is not None:
            found: Json = {"id": self.id, "type": "private", "first_name": self.user.name}
            return found | ({"username": self.user.username} if self.user.username else {})
        return {"id": self.id, "type": self.kind, "title": self.title} | ({"is_forum": True} if self.forum else {})


@dataclass(eq=False)
class Message:
    """What stands in a chat; an edit changes it in place and counts in `edited`."""

    id: int
    chat: Chat
    sender: User | None
    date: int
    text: str = ""
    caption: str = ""
    entities: list[Json] = field(default_factory=list)
    """Of the text or of the caption."""
    media: Media | None = None
    markup: Json | None = None
    reply_to: Message | None = None
    thread: int | None = None
    topic: Topic | None = None
    album: str = ""
    edited: int = 0
    edited_at: float = 0.0
    posted_at: float = 0.0
    sender_chat: Chat | None = None
    service: Json = field(default_factory=dict)
    """Of a service message: its one field (``forum_topic_created``, ``migrate_to_chat_id`` …)."""

    @property
    def words(self) -> str:
        """Text or caption, whichever it has."""
        return self.caption if self.media else self.text

    @property
    def video(self) -> Media | None:
        return self.media if self.media and self.media.kind == "video" else None

    @property
    def photo(self) -> Media | None:
        return self.media if self.media and self.media.kind == "photo" else None

    @property
    def rows(self) -> list[list[Button]]:
        """The inline keyboard."""
        keyboard = (self.markup or {}).get("inline_keyboard", [])
        return [[_button(each) for each in row] for row in keyboard]

    @property
    def buttons(self) -> list[Button]:
        """The inline keyboard's buttons in reading order."""
        return [each for row in self.rows for each in row]

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.buttons]

    @property
    def asks(self) -> bool:
        """Opens the reply box by itself (ForceReply)."""
        return bool((self.markup or {}).get("force_reply"))

    def to_json(self, *, nested: bool = True) -> Json:
        """As an update or an answer shows it; a message replied to shows no further reply."""
        found: Json = {"message_id": self.id, "chat": self.chat.to_json(), "date": self.date}
        found |= self.service
        if self.sender is not None:
            found["from"] = self.sender.to_json()
        if self.sender_chat is not None:
            found["sender_chat"] = self.sender_chat.to_json()
        if self.edited_at:
            found["edit_date"] = int(self.edited_at)
        if self.thread is not None:
            found |= {"message_thread_id": self.thread} | ({"is_topic_message": True} if self.topic else {})
        if self.reply_to is not None and nested:
            found["reply_to_message"] = self.reply_to.to_json(nested=False)
        return found | self._content()

    def _content(self) -> Json:
        found: Json = {}
        if self.media is not None:
            found[self.media.kind] = self.media.to_json()
            found |= {
                name: value for name, value in (("caption", self.caption), ("caption_entities", self.entities)) if value
            }
        elif self.text:
            found |= {"text": self.text} | ({"entities": self.entities} if self.entities else {})
        if self.album:
            found["media_group_id"] = self.album
        if self.markup and "inline_keyboard" in self.markup:
            found["reply_markup"] = self.markup
        return found


def _button(data: Json) -> Button:
    more = {name: value for name, value in data.items() if name not in ("text", "callback_data", "url")}
    return Button(str(data.get("text", "")), str(data.get("callback_data", "")), str(data.get("url", "")), more)


@dataclass
class Answer:
    """How a press was answered."""

    text: str
    alert: bool
    after: float
    """Seconds after the press."""
    url: str = ""


@dataclass(eq=False)
class Press:
    """A tap on a button; `answered` is None until the bot answers."""

    id: str
    user: User
    message: Message | None
    data: str
    at: float
    answered: Answer | None = None
