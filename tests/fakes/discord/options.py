"""What a member fills in for a command, as their app checks it and as Discord sends it on."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import payloads
from tests.fakes.discord.nouns import Channel, User
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.rest import guess
from tests.fakes.discord.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 6, 7, 10, 11
TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: User,
    CHANNEL: Channel,
    NUMBER: (int, float),
    ATTACHMENT: (bytes, tuple),
}


def find_command(world: World, channel: Channel, user: User, name: str, kind: int) -> Json:
    """The registered command, usable by this member in this place; AssertionError where their app would not offer it."""
    guild = channel.guild.id if channel.guild else None
    offered = [*world.commands.get(guild, []), *world.commands.get(None, [])] if guild else world.commands.get(None, [])
    found = [about for about in offered if about["name"] == name and about["type"] == kind]
    assert found, f"{name!r} was never registered; there is {[about['name'] for about in offered]}"
    contexts, kinds = found[0]["contexts"], set(found[0]["integration_types"] or [0])
    here = 0 if channel.guild else (1 if world.bot in channel.people else 2)
    assert contexts is None or here in contexts, f"{name!r} is not offered in context {here}"
    by_guild = 0 in kinds and (channel.guild.present if channel.guild else here == 1)
    assert by_guild or (1 in kinds and user.installed), f"{name!r} is not installed for {user.name} in {channel.name}"
    return found[0]


def fill(world: World, place: Channel, about: Json, given: dict[str, Any]) -> tuple[list[Json], Json]:
    """The options of a command, and what they refer to (`resolved`)."""
    declared = {option["name"]: option for option in about["options"]}
    unknown = set(given) - set(declared)
    assert not unknown, f"{about['name']} has no option {sorted(unknown)}; it has {list(declared)}"
    missing = [name for name, option in declared.items() if option.get("required") and given.get(name) is None]
    assert not missing, f"{about['name']} needs {missing}"
    resolved: Json = {}
    values = {name: value for name, value in given.items() if value is not None}
    return [one_option(world, place, declared[name], value, resolved) for name, value in values.items()], resolved


def one_option(world: World, place: Channel, option: Json, value: Any, resolved: Json) -> Json:
    """One option, checked as the member's app does."""
    kind = option["type"]
    fits = isinstance(value, TYPES[kind]) and (kind == BOOLEAN or not isinstance(value, bool))
    assert fits, f"{option['name']} cannot be {value!r}"
    if choices := [choice["value"] for choice in option.get("choices") or []]:
        assert value in choices, f"{option['name']} offers {choices}, not {value!r}"
    check_bounds(option, value)
    base: Json = {"name": option["name"], "type": kind}
    return {**base, "value": refer(world, place, kind, value, resolved)}


def check_bounds(option: Json, value: Any) -> None:
    """Lengths of text, sizes of numbers."""
    if option["type"] == STRING:
        low, high, measure = option.get("min_length") or 0, option.get("max_length") or 6000, len(value)
    elif option["type"] in (INTEGER, NUMBER):
        low, high, measure = option.get("min_value", -(2**53)), option.get("max_value", 2**53), value
    else:
        return
    assert low <= measure <= high, f"{option['name']}: {measure} is not between {low} and {high}"


def refer(world: World, place: Channel, kind: int, value: Any, resolved: Json) -> Any:
    """The value on the wire: people, channels and files by their ids."""
    if kind == ATTACHMENT:
        return attach(world, place, value, resolved)
    if kind == USER:
        resolved.setdefault("users", {})[str(value.id)] = payloads.user(value)
    if kind == CHANNEL:
        resolved.setdefault("channels", {})[str(value.id)] = payloads.channel(value, world.bot)
    return str(value.id) if kind in (USER, CHANNEL) else value


def attach(world: World, place: Channel, value: bytes | tuple[str, bytes], resolved: Json) -> str:
    """An uploaded file, kept by the fake; its id."""
    name, data = value if isinstance(value, tuple) else ("picture.png", value)
    file = world.keep(place, name, data, guess(name, "application/octet-stream"))
    resolved.setdefault("attachments", {})[str(file.id)] = payloads.attachment(file, world.origin, world.now())
    return str(file.id)
