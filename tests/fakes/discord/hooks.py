"""Answers to interactions: the first one by callback, the others by the interaction's own webhook."""

from __future__ import annotations

from tests.fakes.discord import messages
from tests.fakes.discord.heard import (
    AUTOCOMPLETE,
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    FORM,
    MESSAGE,
    MODAL,
    UPDATE,
    Heard,
)
from tests.fakes.discord.messages import Uploads
from tests.fakes.discord.modals import read_modal
from tests.fakes.discord.nouns import EPHEMERAL, LOADING, Message
from tests.fakes.discord.refusals import Json, Refused, need, need_length
from tests.fakes.discord.world import World

PATIENCE, LIFE = 3.0, 15 * 60.0
"""Seconds for the first answer; seconds that the token lives ("Receiving and Responding")."""
GUEST_FOLLOWUPS = 5


def answer(world: World, heard: Heard, body: Json, uploads: Uploads) -> None:
    """The first answer. Raises `Refused` 10062 (too late), 40060 (not the first), or for a form that is not taken."""
    late = world.now() - heard.created
    if heard.acknowledged:
        raise Refused(40060)
    if late > PATIENCE:
        raise Refused(10062)
    kind, data = body.get("type"), body.get("data") or {}
    need(
        isinstance(kind, int) and kind in allowed(heard), "type", f"Not an answer to this: {kind}", "BASE_TYPE_CHOICES"
    )
    assert isinstance(kind, int)
    open_answer(world, heard, kind, data, uploads)
    heard.kind, heard.acknowledged_within = kind, late
    heard.pulse.stir()
    world.stir()


def allowed(heard: Heard) -> set[int]:
    """Which kinds of answer this interaction takes."""
    if heard.type == AUTOCOMPLETE:
        return {CHOICES}
    plain = {MESSAGE, DEFERRED}
    from_message = {DEFERRED_UPDATE, UPDATE} if heard.source else set()
    return plain | from_message | (set() if heard.type == FORM else {MODAL})


def open_answer(world: World, heard: Heard, kind: int, data: Json, uploads: Uploads) -> None:
    """What the member sees at once."""
    if kind == CHOICES:
        heard.choices = read_choices(data)
    elif kind == MODAL:
        heard.modal = read_modal(data)
    elif kind == MESSAGE:
        heard.show(say(world, heard, data, uploads))
    elif kind == DEFERRED:
        heard.show(think(world, heard, data))
    else:
        heard.show(heard.source)
        if kind == UPDATE and heard.source:
            messages.change(world, heard.source, data, uploads, heard)


def read_choices(data: Json) -> list[tuple[str, object]]:
    """Up to 25 choices with names of up to 100 characters. Raises a `bad_form`."""
    choices = data.get("choices")
    need(isinstance(choices, list), "data.choices", "This field is required", "BASE_TYPE_REQUIRED")
    assert isinstance(choices, list)
    need(len(choices) <= 25, "data.choices", "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    for number, choice in enumerate(choices):
        need_length(choice.get("name"), f"data.choices.{number}.name", 1, 100)
        if isinstance(choice.get("value"), str):
            need_length(choice["value"], f"data.choices.{number}.value", 1, 100)
    return [(choice["name"], choice["value"]) for choice in choices]


def say(world: World, heard: Heard, data: Json, uploads: Uploads) -> Message:
    """A message for all, or for this member alone."""
    private = bool((data.get("flags") or 0) & EPHEMERAL) or heard.hushed
    data = {**data, "flags": (data.get("flags") or 0) | EPHEMERAL} if private else data
    return messages.create(world, heard.channel, data, uploads, hook=heard, reader=heard.user if private else None)


def think(world: World, heard: Heard, data: Json) -> Message:
    """The app is thinking; whether for all or for one is settled now."""
    said = Message(world.ids.make(), heard.channel, world.bot, created=world.now(), flags=LOADING)
    said.answers, said.kind = messages.about_hook(world, heard), 20
    if (data.get("flags") or 0) & EPHEMERAL or heard.hushed:
        said.flags, said.reader = LOADING | EPHEMERAL, heard.user
    messages.stand(world, said)
    return said


def hook_at(world: World, token: str) -> Heard:
    """The interaction whose token this is. Raises `Refused` 50027 (expired), 10015 (unknown, or not answered yet)."""
    heard = world.interactions.get(token)
    if heard is None:
        raise Refused(50027)
    if world.now() - heard.created > LIFE:
        raise Refused(50027)
    if not heard.acknowledged:
        raise Refused(10015)
    return heard


def find(heard: Heard, name: str) -> Message:
    """`@original`, or a follow-up by its id. Raises `Refused` 10008."""
    known = {str(said.id): said for said in heard.answers}
    found = heard.original if name == "@original" else known.get(name)
    if found is None or found.gone:
        raise Refused(10008)
    return found


def follow_up(world: World, heard: Heard, body: Json, uploads: Uploads) -> Message:
    """One more message; the first after "thinking" takes its place. Raises `Refused` 40094 for a guest's sixth."""
    if heard.thinking and heard.kind == DEFERRED:
        assert heard.original
        return messages.change(world, heard.original, body, uploads, heard)
    if heard.guest and len(heard.followups) >= GUEST_FOLLOWUPS:
        raise Refused(40094)
    said = say(world, heard, body, uploads)
    heard.followups.append(said)
    said.pulses.append(heard.pulse)
    heard.pulse.stir()
    return said


def edit(world: World, heard: Heard, name: str, body: Json, uploads: Uploads) -> Message:
    """Change an answer."""
    said = find(heard, name)
    if said.author is not world.bot:
        raise Refused(50005)
    return messages.change(world, said, body, uploads, heard)


def callback_body(heard: Heard, message: Json | None) -> Json:
    """What `?with_response=true` brings back."""
    about: Json = {"id": str(heard.id), "type": heard.type}
    if heard.original is not None and heard.kind in (MESSAGE, DEFERRED, UPDATE, DEFERRED_UPDATE):
        about |= {"response_message_id": str(heard.original.id), "response_message_loading": heard.thinking}
        about["response_message_ephemeral"] = heard.original.ephemeral
    body: Json = {"interaction": about}
    if heard.kind in (MESSAGE, UPDATE, DEFERRED):
        body["resource"] = {"type": heard.kind, "message": message}
    return body
