"""What changes or removes what stands in a chat: editMessage…, deleteMessage, deleteMessages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.methods.media import media_of, uploaded
from tests.fakes.telegram.methods.register import method
from tests.fakes.telegram.methods.sending import caption_fields, caption_of, markup_of, spend, text_of
from tests.fakes.telegram.model import Chat, Json, Media, Message
from tests.fakes.telegram.refusals import NOT_MODIFIED, bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

DELETE_SECONDS: Final = 48 * 3600


def _target(world: World, call: Call) -> tuple[Chat, Message]:
    """The bot's own message that is to be edited; raises `Refusal`."""
    chat = world.chat_of(call.chat)
    message = chat.by_id.get(call.number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    ours = message.sender is world.bot and not message.service
    if not ours or (message.markup and "inline_keyboard" not in message.markup):
        raise bad("message can't be edited")
    return chat, message


def _changed(
    world: World, message: Message, content: tuple[str, list[Json]], markup: Json | None, media: Media | None
) -> Json:
    """Put the new content in place; raises `Refusal` where nothing is new."""
    words, entities = content
    same = (
        media is message.media and words == message.words and entities == message.entities and markup == message.markup
    )
    if same:
        raise bad(NOT_MODIFIED)
    message.media, message.entities, message.markup = media, entities, markup
    message.caption, message.text = (words, "") if media else ("", words)
    message.edited += 1
    message.edited_at = world.now()
    world.touch()
    return message.to_json()


@method
async def edit_message_text(world: World, call: Call) -> Json:
    chat, message = _target(world, call)
    text, entities = text_of(call)
    markup = markup_of(call, inline_only=True)
    if message.media is not None:
        raise bad("there is no text in the message to edit")
    spend(world, chat, call)
    return _changed(world, message, (text, entities), markup, None)


@method
async def edit_message_caption(world: World, call: Call) -> Json:
    chat, message = _target(world, call)
    caption, entities = caption_of(caption_fields(call))
    markup = markup_of(call, inline_only=True)
    if message.media is None:
        raise bad("there is no caption in the message to edit")
    spend(world, chat, call)
    return _changed(world, message, (caption, entities), markup, message.media)


@method
async def edit_message_media(world: World, call: Call) -> Json:
    chat, message = _target(world, call)
    given = call.data("media")
    if not isinstance(given, dict):
        raise bad("media must be non-empty")
    caption, entities = caption_of(given)
    markup = markup_of(call, inline_only=True)
    if "video" in chat.muted and given.get("type") == "video":
        raise bad("not enough rights to send videos to the chat")
    source = str(given.get("media", ""))
    if message.album and given.get("type") not in ("photo", "video"):
        raise bad("can't edit message media to this type in an album")
    media = media_of(world, call, str(given.get("type")), given)
    if uploaded(world, call, source) is None and message.media and message.media.file_id == source:
        media = message.media
    spend(world, chat, call)
    return _changed(world, message, (caption, entities), markup, media)


@method
async def edit_message_reply_markup(world: World, call: Call) -> Json:
    chat, message = _target(world, call)
    markup = markup_of(call, inline_only=True)
    spend(world, chat, call)
    return _changed(world, message, (message.words, message.entities), markup, message.media)


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.by_id.get(message_id)
    if message is None:
        raise bad("message to delete not found")
    ours = message.sender is world.bot or chat.private or chat.bot_is_admin
    if not ours or world.now() - message.posted_at > DELETE_SECONDS:
        raise bad("message can't be deleted for everyone" if ours else "message can't be deleted")
    world.forget(message)


@method
async def delete_message(world: World, call: Call) -> bool:
    _delete(world, world.chat_of(call.chat), call.number("message_id"))
    return True


@method
async def delete_messages(world: World, call: Call) -> bool:
    chat = world.chat_of(call.chat)
    for message_id in call.data("message_ids") or []:
        if message_id in chat.by_id:
            _delete(world, chat, message_id)
    return True
