"""What an operator should know before members find out: the token, the application's settings, its commands, the gateway.

Flags and fields: Discord's "Application Resource"; the gateway's budget: its "Gateway", "Get Gateway Bot".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord

from adapters.chat import ChatSettings
from adapters.chat.discord.rest import Ask, Rest
from bot.errors import DeliveryFault
from bot.paperwork import Finding

OK, WARNING, ERROR = "ok", "warning", "error"
PATIENCE: Final = 5.0
SCOPES: Final = "bot+applications.commands"
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
).value
FEW_SESSIONS: Final = 20
MAKE_A_BOT: Final = "make a bot at https://discord.com/developers/applications and set DISCORD_TOKEN to its token"


def invite_url(application: str | int) -> str:
    """What a moderator opens to bring the bot into a server, with exactly the rights it needs."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}&scope={SCOPES}"
        f"&permissions={PERMISSIONS}&integration_type=0"
    )


async def examine(setting: ChatSettings) -> Sequence[Finding]:
    """One line for each thing looked at. Never raises."""
    options = setting.options
    if not (token := options.get("DISCORD_TOKEN")):
        return [Finding("discord", WARNING, f"no token: {MAKE_A_BOT}")]
    api, gateway = options.get("DISCORD_API_URL", ""), options.get("DISCORD_GATEWAY_URL", "")
    rest = Rest(token, api, gateway, patience=PATIENCE, pauses=())
    try:
        return await _looked(rest)
    except (ValueError, TypeError, LookupError, AttributeError) as fault:  # an answer in a shape of its own
        return [Finding("discord", ERROR, f"could not be examined: {type(fault).__name__}")]
    finally:
        await rest.close()


async def _looked(rest: Rest) -> list[Finding]:
    try:
        me = await rest.ask(Ask("GET", "/users/@me"))
    except (DeliveryFault, discord.HTTPException) as fault:
        return [_not_let_in(rest, fault)]
    found = [Finding("discord", OK, f"the token is accepted: {me.get('username', '?')}")]
    application = await _ask(rest, "/oauth2/applications/@me")
    if application is None:
        return [*found, Finding("discord: application", WARNING, "its settings could not be read just now")]
    number = str(application.get("id", ""))
    found += [*_application(application), *_commands(await _ask(rest, f"/applications/{number}/commands"))]
    return [*found, _gateway(await _ask(rest, "/gateway/bot")), Finding("discord: invite", OK, invite_url(number))]


def _not_let_in(rest: Rest, fault: Exception) -> Finding:
    if rest.refused:
        mend = "copy it anew from the Bot page of the developer portal and set DISCORD_TOKEN"
        return Finding("discord", ERROR, f"the token is not accepted: {mend}")
    reason = getattr(fault, "reason", "") or type(fault).__name__
    return Finding(
        "discord", ERROR, f"no way through: {reason}. Look at the network, and at DISCORD_API_URL if it is set"
    )


async def _ask(rest: Rest, path: str) -> Any:
    """The answer; None where there is none."""
    try:
        return await rest.ask(Ask("GET", path))
    except (DeliveryFault, discord.HTTPException):
        return None


def _application(data: Mapping[str, Any]) -> list[Finding]:
    subject = "discord: application"
    found = []
    if data.get("interactions_endpoint_url"):
        found.append(
            Finding(subject, ERROR, "commands go to its Interactions Endpoint URL, not to us: empty that field")
        )
    if data.get("bot_require_code_grant"):
        found.append(
            Finding(subject, ERROR, "“Requires OAuth2 Code Grant” is on, so nobody can invite the bot: turn it off")
        )
    if not data.get("bot_public", True):
        found.append(Finding(subject, OK, "“Public Bot” is off: only its owner can invite it"))
    if "1" not in (data.get("integration_types_config") or {"1": {}}):
        mend = "under Installation tick “User Install” if members may take the bot along to other servers"
        found.append(Finding(subject, OK, f"for servers only: {mend}"))
    flags = discord.ApplicationFlags._from_value(int(data.get("flags") or 0))
    content = flags.gateway_message_content or flags.gateway_message_content_limited
    intent = "on; we do not need it, it may be turned off" if content else "off, and not needed"
    return [*found, Finding("discord: message content intent", OK, intent)]


def _commands(data: Any) -> list[Finding]:
    if data is None:
        return [Finding("discord: commands", WARNING, "could not be read just now")]
    if not data:
        return [Finding("discord: commands", OK, "not registered yet: that happens when the bot starts")]
    return [Finding("discord: commands", OK, f"{len(data)} are registered")]


def _gateway(data: Any) -> Finding:
    subject = "discord: gateway"
    if not isinstance(data, Mapping):
        return Finding(subject, WARNING, "its address could not be asked for just now")
    limit = data.get("session_start_limit") or {}
    left, total = int(limit.get("remaining", 0)), int(limit.get("total", 0))
    if left < FEW_SESSIONS:
        hours = int(limit.get("reset_after", 0)) / 3_600_000
        return Finding(
            subject, WARNING, f"only {left} of {total} starts are left for the next {hours:.0f} h: do not restart now"
        )
    return Finding(subject, OK, f"{left} of {total} starts are left today; {int(data.get('shards', 1))} shard(s)")
