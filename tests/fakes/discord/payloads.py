"""The nouns as Discord writes them in JSON."""

from __future__ import annotations

from tests.fakes.discord.clock import iso
from tests.fakes.discord.nouns import DM, GROUP, THREAD, Channel, File, Guild, Message, User
from tests.fakes.discord.refusals import Json

LINK_LIFE = 24 * 3600
"""Seconds that a signed link to an attachment lives (reference, "Signed Attachment CDN URLs"; a day, as seen)."""


def user(who: User) -> Json:
    """A user object."""
    about: Json = {"id": str(who.id), "username": who.name, "discriminator": "0", "global_name": who.name.title()}
    return {**about, "avatar": None, "bot": who.bot, "public_flags": 0}


def member(who: User, permissions: int | None = None, *, with_user: bool = True) -> Json:
    """A guild member; in interactions with permissions, in messages without the user."""
    about: Json = {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    about |= {"nick": None, "avatar": None, "pending": False, "premium_since": None}
    if with_user:
        about["user"] = user(who)
    return about if permissions is None else {**about, "permissions": str(permissions)}


def channel(place: Channel, bot: User) -> Json:
    """A channel object: guild channel, thread or direct message."""
    about: Json = {"id": str(place.id), "type": place.kind, "flags": 0}
    about["last_message_id"] = str(next(reversed(place.history))) if place.history else None
    if place.kind in (DM, GROUP):
        return {
            **about,
            "recipients": [user(who) for who in place.people if who is not bot],
            "name": None,
            "icon": None,
        }
    assert place.guild
    about |= {
        "name": place.name,
        "guild_id": str(place.guild.id),
        "parent_id": str(place.parent.id) if place.parent else None,
    }
    if place.kind == THREAD:
        return about | thread_part(place)
    about |= {"position": 0, "nsfw": False, "topic": None, "rate_limit_per_user": 0, "available_tags": []}
    deny = {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(place.denied)}
    return {**about, "permission_overwrites": [deny] if place.denied else []}


def thread_part(place: Channel) -> Json:
    """What only threads have."""
    times = {"archive_timestamp": "2024-01-01T00:00:00+00:00", "auto_archive_duration": 1440}
    state = {**times, "archived": place.archived, "locked": place.locked}
    return {"thread_metadata": state, "owner_id": "1", "message_count": 0, "member_count": 1, "total_message_sent": 0}


def guild(house: Guild, bot: User) -> Json:
    """A guild as GUILD_CREATE brings it."""
    everyone: Json = {
        "id": str(house.id),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0},
        "hoist": False,
    }
    everyone |= {
        "position": 0,
        "permissions": str(house.bot_rights),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    open_ = [place for place in house.channels if not place.gone]
    lists = ("emojis", "stickers", "features", "voice_states", "presences", "stage_instances", "guild_scheduled_events")
    return {
        **{key: [] for key in lists},
        **brief_guild(house),
        "owner_id": str(house.owner),
        "roles": [everyone],
        "verification_level": 1,
        "mfa_level": 0,
        "nsfw_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "afk_timeout": 300,
        "afk_channel_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "icon": None,
        "banner": None,
        "soundboard_sounds": [],
        "premium_subscription_count": 0,
        "large": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "member_count": len(house.members) + 1,
        "members": [member(bot)],
        "channels": [channel(place, bot) for place in open_ if place.kind != THREAD],
        "threads": [channel(place, bot) for place in open_ if place.kind == THREAD and not place.archived],
    }


def brief_guild(house: Guild) -> Json:
    """What any answer tells of a guild."""
    about: Json = {
        "id": str(house.id),
        "name": house.name,
        "preferred_locale": house.locale,
        "premium_tier": house.tier,
    }
    return {**about, "features": [], "description": None, "vanity_url_code": None}


def link(file: File, origin: str, now: float) -> str:
    """A signed address that works for a day."""
    until = int(now + LINK_LIFE)
    return f"{origin}/attachments/{file.channel}/{file.id}/{file.name}?ex={until:x}&is={int(now):x}&hm={file.id:064x}"


def attachment(file: File, origin: str, now: float) -> Json:
    """An attachment object, its link freshly signed."""
    url = link(file, origin, now)
    about: Json = {"id": str(file.id), "filename": file.name, "size": len(file.data), "url": url, "proxy_url": url}
    if file.description is not None:
        about["description"] = file.description
    if file.kind.startswith(("image/", "video/")):
        about |= {"width": 1280, "height": 720}
    return {**about, "content_type": file.kind}


def message(said: Message, origin: str, now: float, *, readable: bool = True, deep: bool = True) -> Json:
    """A message object. Not `readable`: content, embeds, attachments and components are empty, as without the intent."""
    about: Json = {
        "id": str(said.id),
        "channel_id": str(said.channel.id),
        "type": said.kind,
        "author": user(said.author),
    }
    about |= {"timestamp": iso(said.created), "edited_timestamp": iso(said.edited) if said.edited else None}
    about |= {"tts": False, "pinned": False, "mention_everyone": False, "mention_roles": [], "flags": said.flags}
    about |= {"mentions": [user(who) for who in said.mentions], "content": said.content if readable else ""}
    about["embeds"] = said.embeds if readable else []
    about["attachments"] = [attachment(file, origin, now) for file in said.attachments] if readable else []
    about["components"] = said.components if readable else []
    if said.nonce is not None:
        about["nonce"] = said.nonce
    if said.answers is not None:
        about |= {"interaction_metadata": said.answers, "application_id": said.answers["application_id"]}
        about["webhook_id"] = about["application_id"]
    if said.kind == 19 and deep:
        about |= reply_part(said, origin, now)
    return about


def reply_part(said: Message, origin: str, now: float) -> Json:
    """What a reply tells of what it replies to; null where that is deleted."""
    target = said.reply_to
    if target is None:
        return {"referenced_message": None}
    point: Json = {"type": 0, "message_id": str(target.id), "channel_id": str(target.channel.id)}
    if target.channel.guild:
        point["guild_id"] = str(target.channel.guild.id)
    shown = None if target.gone else message(target, origin, now, readable=target.author.bot, deep=False)
    return {"message_reference": point, "referenced_message": shown}
