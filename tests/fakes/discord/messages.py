"""Making and changing messages by the platform's rules, whoever asks: the bot's token or an interaction's."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field

from tests.fakes.discord import rights
from tests.fakes.discord.components import check_components, refuse_old_form
from tests.fakes.discord.heard import Heard
from tests.fakes.discord.nouns import (
    CATEGORY,
    EPHEMERAL,
    FORUM,
    LOADING,
    THREAD,
    V2,
    Channel,
    File,
    Message,
    User,
    every,
    media_of,
)
from tests.fakes.discord.payloads import link
from tests.fakes.discord.refusals import Json, Refused, bad_form, need, need_length
from tests.fakes.discord.world import World

MENTION = re.compile(r"@everyone|@here|<@[!&]?\d+>")
PERSON = re.compile(r"<@!?(\d+)>")
SETTABLE = V2 | EPHEMERAL | 1 << 2 | 1 << 12
"""Flags that an app may set: V2, ephemeral (interactions), suppressed embeds, suppressed notifications."""


@dataclass
class Upload:
    """One file of a form."""

    name: str
    data: bytes = field(repr=False)
    kind: str


Uploads = dict[int, Upload]


def check_place(world: World, place: Channel, body: Json, uploads: Uploads) -> None:
    """Whether the bot may say this there by its own token. Raises `Refused`."""
    if place.kind == FORUM:
        raise Refused(40058)
    if place.kind == CATEGORY:
        raise Refused(50008)
    may = place.bot_rights()
    if place.kind == THREAD and place.locked and not may & rights.MANAGE_THREADS:
        raise Refused(50083, status=403) if place.archived else Refused(50013)
    send = rights.SEND_IN_THREADS if place.kind == THREAD else rights.SEND
    wanted = send | (rights.ATTACH if uploads else 0) | (rights.EMBED if body.get("embeds") else 0)
    if wanted & ~may:
        raise Refused(50013)
    if body.get("message_reference") and not may & rights.HISTORY:
        raise Refused(160002)
    if place.direct and any(who.closed for who in place.people):
        raise Refused(50007)


def check_form(world: World, body: Json, uploads: Uploads, biggest: int, standing: Message | None) -> None:
    """The form itself: sizes, lengths, flags, components, references to uploads. Raises `Refused`."""
    if any(len(upload.data) > biggest for upload in uploads.values()):
        raise Refused(40005)
    need(len(uploads) <= 10, "attachments", "Must be 10 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    need_length(body.get("content") or "", "content", 0, 2000)
    if body.get("nonce") is not None:
        need(len(str(body["nonce"])) <= 25, "nonce", "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    need(len(body.get("embeds") or []) <= 10, "embeds", "Must be 10 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    v2 = is_v2(body, standing)
    if v2:
        before = {"content": standing.content, "embeds": standing.embeds} if standing else {}
        refuse_old_form(body, before)
    if body.get("components"):
        check_components(body["components"], v2=v2)


def is_v2(body: Json, standing: Message | None) -> bool:
    """Whether the message has, or gets, new components. Raises where the flag is taken away."""
    had, asked = bool(standing and standing.flags & V2), body.get("flags")
    if had and asked is not None and not asked & V2:
        raise bad_form("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "Cannot remove the IS_COMPONENTS_V2 flag")
    return had or bool((asked or 0) & V2)


def create(
    world: World, place: Channel, body: Json, uploads: Uploads, *, hook: Heard | None = None, reader: User | None = None
) -> Message:
    """A new message of the bot. `hook`: by this interaction; `reader`: for these eyes only. Raises `Refused`."""
    check_form(world, body, uploads, world.biggest(place, hook), None)
    said = Message(world.ids.make(), place, world.bot, reader=reader, created=world.now())
    said.flags = (body.get("flags") or 0) & SETTABLE & ~(0 if reader else EPHEMERAL)
    said.nonce = str(body["nonce"]) if body.get("nonce") is not None else None
    if hook is not None:
        said.answers, said.kind = about_hook(world, hook), 20 if hook.type == 2 else 0
    else:
        said.reply_to, said.kind = referenced(world, place, body)
    fill(world, said, body, uploads)
    refuse_empty(said)
    stand(world, said)
    return said


def stand(world: World, said: Message) -> None:
    """Put it where it belongs; a thread that was archived is open again."""
    if not said.ephemeral:
        said.channel.history[said.id] = said
    if said.channel.archived:
        said.channel.archived = False
    world.tell_message("MESSAGE_CREATE", said)


def referenced(world: World, place: Channel, body: Json) -> tuple[Message | None, int]:
    """What it replies to. Raises a `bad_form` where that does not exist and the bot did not say that this is all right."""
    if not (reference := body.get("message_reference")):
        return None, 0
    target = place.history.get(int(reference["message_id"]))
    if target is None and reference.get("fail_if_not_exists", True):
        raise bad_form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
    return target, 19 if target else 0


def about_hook(world: World, hook: Heard) -> Json:
    """`interaction_metadata`, with the application it belongs to."""
    owners = hook.payload["authorizing_integration_owners"]
    asker = {"id": str(hook.user.id), "username": hook.user.name, "discriminator": "0", "avatar": None}
    about: Json = {"id": str(hook.id), "type": hook.type, "user": asker, "authorizing_integration_owners": owners}
    return {**about, "application_id": str(world.application_id)}


def change(world: World, said: Message, body: Json, uploads: Uploads, hook: Heard | None = None) -> Message:
    """An edit, all or nothing. Raises `Refused`."""
    check_form(world, body, uploads, world.biggest(said.channel, hook), said)
    draft = copy.copy(said)
    draft.flags = (said.flags & ~LOADING) | ((body.get("flags") or 0) & V2)
    fill(world, draft, body, uploads)
    refuse_empty(draft)
    vars(said).update(vars(draft))
    said.edited, said.edits = world.now(), said.edits + 1
    if not said.ephemeral:
        world.tell_message("MESSAGE_UPDATE", said)
    stir(world, said)
    return said


def remove(world: World, said: Message) -> None:
    """It is gone."""
    said.gone = True
    for file in said.attachments:
        world.files.pop(file.id, None)
    place = said.channel
    if place.history.pop(said.id, None):
        place.deleted.append(said)
        data: Json = {"id": str(said.id), "channel_id": str(place.id)}
        world.tell("MESSAGE_DELETE", place, {**data, "guild_id": str(place.guild.id)} if place.guild else data)
    stir(world, said)


def stir(world: World, said: Message) -> None:
    """Wake who waits for anything, and who waits for this message."""
    world.stir()
    for pulse in said.pulses:
        pulse.stir()


def fill(world: World, said: Message, body: Json, uploads: Uploads) -> None:
    """Write what the body says onto the message."""
    said.attachments = attached(world, said, body, uploads)
    if "content" in body:
        said.content = body["content"] or ""
    if "embeds" in body:
        said.embeds = body["embeds"] or []
    if "components" in body:
        said.components = resolved(world, said, body["components"] or [])
    check_shown(world, said)
    ping(world, said, body)


def attached(world: World, said: Message, body: Json, uploads: Uploads) -> list[File]:
    """The files it has after this: those listed, or without a list those it had and all that came."""
    make = {number: world.keep(said.channel, *vars(upload).values()) for number, upload in uploads.items()}
    if body.get("attachments") is None:
        return [*said.attachments, *make.values()]
    had = {file.id: file for file in said.attachments}
    kept: list[File] = []
    for number, about in enumerate(body["attachments"]):
        file = make.pop(int(about["id"]), None) or had.get(int(about["id"]))
        if file is None:
            raise bad_form(f"attachments.{number}.id", "ATTACHMENT_NOT_FOUND", "Attachment not found")
        file.description = about.get("description", file.description)
        file.name = about.get("filename") or file.name
        kept.append(file)
    if make:
        world.broke(f"uploaded and not listed in attachments: {[file.name for file in make.values()]}")
    return kept


def resolved(world: World, said: Message, components: list[Json]) -> list[Json]:
    """Components as they come back: uploads have addresses. Raises a `bad_form` for an upload that is not there."""
    components = copy.deepcopy(components)
    by_name = {file.name: file for file in said.attachments}
    for part in every(components):
        for media in media_of(part):
            if media["url"].startswith("attachment://"):
                name = media["url"].removeprefix("attachment://")
                file = by_name.get(name)
                if file is None:
                    raise bad_form(
                        "components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"{name}: not found"
                    )
                media.update(
                    url=link(file, world.origin, world.now()), attachment_id=str(file.id), content_type=file.kind
                )
                media["proxy_url"] = media["url"]
    return components


def check_shown(world: World, said: Message) -> None:
    """Note an upload that nobody will see: with V2 only what a component refers to is shown."""
    if not said.flags & V2:
        return
    shown = {media.get("attachment_id") for part in every(said.components) for media in media_of(part)}
    # a kept attachment may be shown by its address, as it came back in an earlier answer
    urls = " ".join(said.shown)
    for file in said.attachments:
        if str(file.id) not in shown and f"/{file.id}/" not in urls:
            world.broke(f"{file.name} is attached, and no component shows it")


def ping(world: World, said: Message, body: Json) -> None:
    """Whom it makes a sound for; text that would ping, sent without `allowed_mentions`, is noted."""
    words = said.text
    found, allowed = MENTION.findall(words), body.get("allowed_mentions")
    if found and allowed is None and ("content" in body or "components" in body):
        world.broke(f"allowed_mentions is missing beside {found}")
    people = [who for number in PERSON.findall(words) if (who := world.users.get(int(number)))]
    said.mentions = list(dict.fromkeys(people))
    parse, named = (allowed or {}).get("parse"), {int(number) for number in (allowed or {}).get("users") or ()}
    free = allowed is None or "users" in (parse or ())
    said.pinged = [who for who in said.mentions if free or who.id in named]
    if said.reply_to and (allowed is None or allowed.get("replied_user")):
        said.pinged.append(said.reply_to.author)


def refuse_empty(said: Message) -> None:
    """Raise `Refused` 50006 where there is nothing on it."""
    if not (said.content or said.embeds or said.components or said.attachments):
        raise Refused(50006)
