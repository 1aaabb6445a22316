"""What asks or answers without changing a chat: getMe, getUpdates, webhooks, callback answers, files, who is who."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.formatting import units
from tests.fakes.telegram.mailbag import Webhook
from tests.fakes.telegram.methods.register import method
from tests.fakes.telegram.model import Answer, Chat, Json, User
from tests.fakes.telegram.parcels import DOWNLOAD
from tests.fakes.telegram.refusals import TOO_OLD, bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

ANSWER_UNITS: Final = 200
LONGEST_POLL: Final = 50


@method
async def get_me(world: World, call: Call) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot.to_json() | abilities


@method
async def get_updates(world: World, call: Call) -> list[Json]:
    if (allowed := call.data("allowed_updates")) is not None:
        world.mailbag.allowed = list(allowed)
    timeout = min(LONGEST_POLL, call.number("timeout"))
    return await world.mailbag.take(call.number("offset"), call.number("limit", 100), timeout)


@method
async def set_webhook(world: World, call: Call) -> bool:
    url, secret = call.text("url"), call.text("secret_token")
    loopback = url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
    if url and not url.startswith("https://") and not loopback:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    if (allowed := call.data("allowed_updates")) is not None:
        world.mailbag.allowed = list(allowed)
    if call.flag("drop_pending_updates"):
        world.mailbag.drop()
    world.mailbag.interrupt("terminated by setWebhook request")
    world.mailbag.push_to(Webhook(url, secret, call.number("max_connections", 40)))
    return True


@method
async def delete_webhook(world: World, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        world.mailbag.drop()
    world.mailbag.push_to(Webhook())
    return True


@method
async def get_webhook_info(world: World, call: Call) -> Json:
    hook = world.mailbag.webhook
    found: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.mailbag.pending),
        "allowed_updates": world.mailbag.allowed,
    }
    if hook.url:
        found["max_connections"] = hook.max_connections
    return found | ({"last_error_message": hook.error, "last_error_date": hook.error_at} if hook.error else {})


@method
async def answer_callback_query(world: World, call: Call) -> bool:
    from tests.fakes.telegram.world import PRESS_SECONDS

    press = world.presses.get(call.text("callback_query_id"))
    if press is None or press.answered is not None or world.now() - press.at > PRESS_SECONDS:
        raise bad(TOO_OLD)
    if units(call.text("text")) > ANSWER_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    text, alert, after = call.text("text"), call.flag("show_alert"), world.now() - press.at
    press.answered = Answer(text, alert, after, call.text("url"))
    world.touch()
    return True


@method
async def get_file(world: World, call: Call) -> Json:
    media = world.parcels.by_id.get(call.text("file_id"))
    if media is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if media.size > DOWNLOAD and not world.parcels.local:
        raise bad("file is too big")
    path = str(media.path) if world.parcels.local else f"{media.kind}s/{media.file_id}"
    return {"file_id": media.file_id, "file_unique_id": media.unique_id, "file_size": media.size, "file_path": path}


@method
async def get_chat(world: World, call: Call) -> Json:
    chat = world.chat_of(call.chat)
    accepted = {"unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False}
    more = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": accepted | {"gifts_from_channels": False},
    }
    rights = {"can_send_messages": "text" not in chat.muted, "can_send_videos": "video" not in chat.muted}
    return chat.to_json() | more | ({} if chat.private else {"permissions": _permissions(rights)})


def _permissions(rights: Json) -> Json:
    names = ("audios", "documents", "photos", "videos", "video_notes", "voice_notes", "polls", "other_messages")
    return {f"can_send_{name}": True for name in names} | rights


def membership(world: World, chat: Chat, user: User) -> Json:
    """A user's standing in a chat, as a ChatMember."""
    found: Json = {"user": user.to_json(), "status": "member"}
    if user is world.bot and chat.kicked:
        return found | {"status": "kicked", "until_date": 0}
    if user in chat.admins:
        first = chat.admins[0] is user
        return found | ({"status": "creator", "is_anonymous": False} if first else _administrator())
    if user is world.bot and chat.bot_is_admin:
        return found | _administrator()
    if user is world.bot and chat.muted:
        return found | {"status": "restricted", "is_member": True, "until_date": 0} | _restrictions(chat)
    return found


def _administrator() -> Json:
    rights = (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_send_welcome_messages",
    )
    return {"status": "administrator"} | {name: name == "can_delete_messages" for name in rights}


def _restrictions(chat: Chat) -> Json:
    rights = {
        "can_send_messages": "text" not in chat.muted,
        "can_send_videos": "video" not in chat.muted,
        "can_send_photos": "photo" not in chat.muted,
        "can_send_documents": "document" not in chat.muted,
    }
    others = ("send_audios", "send_video_notes", "send_voice_notes", "send_polls", "send_other_messages")
    more = ("add_web_page_previews", "change_info", "invite_users", "pin_messages", "manage_topics", "edit_tag")
    return {f"can_{name}": True for name in (*others, *more)} | rights | {"can_react_to_messages": True}


@method
async def get_chat_administrators(world: World, call: Call) -> list[Json]:
    chat = world.chat_of(call.chat)
    if chat.private:
        raise bad("there are no administrators in the private chat")
    return [membership(world, chat, user) for user in chat.admins]


@method
async def get_chat_member(world: World, call: Call) -> Json:
    chat = world.chat_of(call.chat)
    people: list[Any] = [world.bot, *world.users.values()]
    found = next((each for each in people if each.id == call.number("user_id")), None)
    if found is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return membership(world, chat, found)


@method
async def leave_chat(world: World, call: Call) -> bool:
    world.chat_of(call.chat).kicked = True
    return True


@method
async def log_out(world: World, call: Call) -> bool:
    return True


@method
async def close(world: World, call: Call) -> bool:
    return True
