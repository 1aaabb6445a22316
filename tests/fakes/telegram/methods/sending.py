"""What puts new messages into a chat: sendMessage, sendVideo, sendPhoto, sendDocument, sendMediaGroup, sendChatAction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.formatting import formatted, units
from tests.fakes.telegram.methods.media import media_of, uploaded
from tests.fakes.telegram.methods.register import method
from tests.fakes.telegram.model import Chat, Json, Message
from tests.fakes.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
DATA_BYTES: Final = 64
MOST_BUTTONS: Final = 100


def spend(world: World, chat: Chat, call: Call, count: int = 1) -> None:
    """Count against Telegram's patience."""
    world.patience.spend(chat.id, group=not chat.private, now=world.now(), method=call.method, count=count)


def text_of(call: Call, name: str = "text") -> tuple[str, list[Json]]:
    """The text and its entities, within 4096; raises `Refusal`."""
    text, entities = formatted(call.text(name), call.text("parse_mode"), call.data("entities"))
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad("message is too long")
    return text, entities


def caption_of(source: Json) -> tuple[str, list[Json]]:
    """The caption and its entities, within 1024, of a request's or a media's own fields; raises `Refusal`."""
    words = source.get("caption", ""), source.get("parse_mode", ""), source.get("caption_entities")
    caption, entities = formatted(*words)
    if units(caption) > CAPTION_UNITS:
        raise bad("message caption is too long")
    return caption, entities


def caption_fields(call: Call) -> Json:
    """The same three fields out of a request."""
    entities = call.data("caption_entities")
    return {"caption": call.text("caption"), "parse_mode": call.text("parse_mode"), "caption_entities": entities}


def markup_of(call: Call, *, inline_only: bool = False) -> Json | None:
    """The reply markup, checked; raises `Refusal`."""
    markup: Json | None = call.data("reply_markup")
    if markup is None or "inline_keyboard" not in markup:
        if markup is not None and inline_only:
            raise bad("inline keyboard expected")
        return markup
    rows = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for button in (each for row in rows for each in row):
        _check_button(button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text must be non-empty")
    acts = [name for name in button if name not in ("text", "style", "icon_custom_emoji_id", "disabled")]
    if not acts:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")


def replied(world: World, chat: Chat, call: Call) -> Message | None:
    """The message that it replies to; raises `Refusal` where it is gone and may not be."""
    given = call.data("reply_parameters")
    if not given:
        return None
    target = chat.by_id.get(int(given.get("message_id", 0)))
    if target is None and not given.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    if target is not None and (quote := given.get("quote")) and quote not in target.words:
        raise bad("QUOTE_TEXT_INVALID")
    return target


def thread_of(chat: Chat, call: Call, reply: Message | None) -> Json:
    """Topic and thread of a new message; raises `Refusal` for a topic that is not there."""
    number = call.number("message_thread_id")
    topic = chat.topics.get(number) if number else (reply.topic if reply else None)
    if number and topic is None and not (reply is not None and reply.thread == number):
        raise bad("message thread not found")
    if topic is not None and topic.closed:
        raise bad("TOPIC_CLOSED")
    return {"topic": topic, "thread": topic.id if topic else None}


def where(world: World, call: Call, kind: str) -> tuple[Chat, Json]:
    """The chat, and all that a new message of that kind has beside its content."""
    chat = world.chat_of(call.chat)
    if kind in chat.muted:
        noun = {"text": "text messages"}.get(kind, f"{kind}s")
        raise bad(f"not enough rights to send {noun} to the chat")
    reply = replied(world, chat, call)
    return chat, {"reply_to": reply, "markup": markup_of(call)} | thread_of(chat, call, reply)


@method
async def send_message(world: World, call: Call) -> Json:
    chat, rest = where(world, call, "text")
    text, entities = text_of(call)
    spend(world, chat, call)
    return world.put(chat, world.bot, text=text, entities=entities, **rest).to_json()


async def _send_media(world: World, call: Call, kind: str) -> Json:
    chat, rest = where(world, call, kind)
    caption, entities = caption_of(caption_fields(call))
    source = call.raw.get(kind) or (f"attach://{kind}" if kind in call.files else "")
    media = media_of(world, call, kind, {**call.raw, "media": source})
    spend(world, chat, call)
    return world.put(chat, world.bot, media=media, caption=caption, entities=entities, **rest).to_json()


@method
async def send_video(world: World, call: Call) -> Json:
    return await _send_media(world, call, "video")


@method
async def send_photo(world: World, call: Call) -> Json:
    return await _send_media(world, call, "photo")


@method
async def send_document(world: World, call: Call) -> Json:
    return await _send_media(world, call, "document")


@method
async def send_animation(world: World, call: Call) -> Json:
    return await _send_media(world, call, "animation")


@method
async def send_media_group(world: World, call: Call) -> list[Json]:
    items = call.data("media") or []
    if not 2 <= len(items) <= 10:
        raise bad("group send failed: 2-10 media expected")
    if "reply_markup" in call.raw:
        world.broken.append("sendMediaGroup: an album carries no keyboard")
    chat, rest = where(world, call, "video")
    ready = [(media_of(world, call, str(item.get("type")), item), *caption_of(item)) for item in items]
    spend(world, chat, call, len(ready))
    album = uuid4().hex[:12]
    made = [
        world.put(chat, world.bot, media=media, caption=words, entities=marks, album=album, **rest)
        for media, words, marks in ready
    ]
    return [each.to_json() for each in made]


@method
async def send_chat_action(world: World, call: Call) -> bool:
    chat = world.chat_of(call.chat)
    if call.text("action") not in ("typing", "upload_photo", "record_video", "upload_video", "upload_document"):
        raise bad("wrong parameter action in request")
    if not chat.private:
        spend(world, chat, call)
    return True


__all__ = ["Any", "caption_of", "markup_of", "spend", "text_of", "uploaded"]
