"""The command menu: setMyCommands and its relatives, by scope and language (core.telegram.org/bots/api#setmycommands)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.formatting import units
from tests.fakes.telegram.methods.register import method
from tests.fakes.telegram.model import Json
from tests.fakes.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

SCOPES: Final = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)


def key_of(world: World, call: Call) -> tuple[str, str]:
    """Scope and language of a request; raises `Refusal`."""
    scope: Any = call.data("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in scope:
        world.chat_of(int(scope["chat_id"]))
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return ":".join([kind, *(str(scope[name]) for name in ("chat_id", "user_id") if name in scope)]), language


@method
async def set_my_commands(world: World, call: Call) -> bool:
    given = call.data("commands") or []
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for each in given:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(each.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(each.get("description", "")).strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[key_of(world, call)] = [dict(each) for each in given]
    world.touch()
    return True


@method
async def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(key_of(world, call), [])


@method
async def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(key_of(world, call), None)
    return True
