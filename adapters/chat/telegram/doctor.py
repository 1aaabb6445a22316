"""What is missing or wrong with the bot on Telegram. Asks, changes nothing, never raises."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from adapters.chat import ChatSettings
from adapters.chat.telegram.library import addresses
from adapters.chat.telegram.webhook import is_wanted as webhook_is_wanted
from adapters.chat.telegram.webhook import secret as webhook_secret
from adapters.chat.telegram.wire import Wire, open_bot, wire_of
from bot.errors import BadSetting
from bot.paperwork import Finding

OK: Final = "ok"
WARNING: Final = "warning"
ERROR: Final = "error"
MANY_WAITING: Final = 500
LOOK: Final = "Look at the network, and at TELEGRAM_API_URL if it is set (it begins with http:// or https://)"
PATIENCE: Final = 10.0
"""Seconds for an answer."""


async def findings(setting: ChatSettings) -> Sequence[Finding]:
    """One line each; the first error ends it, for nothing can be asked after it."""
    found: list[Finding] = []
    if not setting.options.get("TELEGRAM_TOKEN", "").strip():
        return [Finding("telegram token", ERROR, "TELEGRAM_TOKEN is not set; @BotFather gives one")]
    wire = wire_of(setting)
    try:
        bot = open_bot(wire)
    except (TelegramError, ValueError) as error:
        return [Finding("telegram token", ERROR, wire.scrubbed(f"TELEGRAM_TOKEN cannot be used: {error}"))]
    try:
        async for each in _asked(bot, setting, wire):
            found.append(each)  # noqa: PERF401 - what was found before an error stays
    except InvalidToken:
        found.append(
            Finding("telegram token", ERROR, f"not accepted by {_host(wire)}; take TELEGRAM_TOKEN from @BotFather")
        )
    except TelegramError as error:
        found.append(
            Finding(
                "telegram", ERROR, wire.scrubbed(f"no way through to {_host(wire)}: {str(error).rstrip('.')}. {LOOK}")
            )
        )
    except Exception as error:  # noqa: BLE001 - an address that is none fails in ways of its own
        found.append(Finding("telegram", ERROR, wire.scrubbed(f"{_host(wire)} cannot be asked: {error!r}. {LOOK}")))
    finally:
        await bot.request.shutdown()
    return found


async def _asked(bot: Bot, setting: ChatSettings, wire: Wire) -> AsyncIterator[Finding]:
    me = await bot.get_me(read_timeout=PATIENCE)
    yield Finding("telegram token", OK, f"accepted by {_host(wire)} as @{me.username}")
    yield _privacy(me)
    yield _groups(me)
    webhook = await bot.get_webhook_info(read_timeout=PATIENCE)
    yield _way_in(webhook, setting)
    yield _waiting(webhook)
    yield _menu(len(await bot.get_my_commands(read_timeout=PATIENCE)))
    yield _sizes(wire)


def _privacy(me: User) -> Finding:
    if me.can_read_all_group_messages:
        text = "off: every message of every group is sent to us. @BotFather /setprivacy Enable, then add the bot anew"
        return Finding("telegram privacy mode", WARNING, text)
    return Finding("telegram privacy mode", OK, "on, as it should be: in groups it hears what is said to it")


def _groups(me: User) -> Finding:
    if me.can_join_groups:
        return Finding("telegram groups", OK, "it may be added to groups")
    return Finding("telegram groups", WARNING, "it may not be added to groups; @BotFather /setjoingroups Enable")


def _odd_secret(setting: ChatSettings) -> str:
    """What is wrong with the operator's own; one that we make ourselves is right."""
    try:
        if setting.options.get("TELEGRAM_WEBHOOK_SECRET", "").strip():
            webhook_secret(setting)
    except BadSetting as bad:
        return f"TELEGRAM_WEBHOOK_SECRET: {bad.params['reason']}"
    return ""


def _way_in(webhook: WebhookInfo, setting: ChatSettings) -> Finding:
    by_webhook = webhook_is_wanted(setting)
    if by_webhook and not setting.public_url:
        return Finding("telegram updates", ERROR, "webhook = true needs THROUGHLINE_PUBLIC_URL")
    if by_webhook and (fault := _odd_secret(setting)):
        return Finding("telegram updates", ERROR, fault)
    if by_webhook and webhook.last_error_message:
        return Finding("telegram updates", WARNING, f"Telegram's last call to us failed: {webhook.last_error_message}")
    if by_webhook:
        return Finding("telegram updates", OK, "by webhook")
    if webhook.url:
        host = urlsplit(webhook.url).hostname
        text = f"asked for by us, but a webhook to {host} is set: nothing comes until it is taken away; a start does so"
        return Finding("telegram updates", WARNING, text)
    return Finding("telegram updates", OK, "asked for by us, no webhook in the way")


def _waiting(webhook: WebhookInfo) -> Finding:
    count = webhook.pending_update_count
    level = OK if count < MANY_WAITING else WARNING
    return Finding("telegram backlog", level, f"{count} updates wait to be taken (Telegram keeps them for a day)")


def _menu(count: int) -> Finding:
    if count:
        return Finding("telegram commands", OK, f"{count} in the menu")
    return Finding("telegram commands", WARNING, "none in the menu yet; they are set at the first start")


def _sizes(wire: Wire) -> Finding:
    if wire.local and not wire.url.strip():
        return Finding("telegram files", ERROR, "local = true needs a Bot API server of your own: set TELEGRAM_API_URL")
    if wire.shared_disk and not wire.local:
        return Finding("telegram files", WARNING, "shared_disk = true counts only together with local = true")
    mode = "local Bot API server" if wire.local else "Telegram's own server"
    return Finding(
        "telegram files", OK, f"clips up to {wire.room // 1_000_000} MB ({mode}); larger ones are fitted or split"
    )


def _host(wire: Wire) -> str:
    """Where the Bot API is, without a password; also of an address that is none."""
    whole = addresses(wire.url)[0].removesuffix("/bot")
    return re.sub(r"^[^/]*//(?:[^/@]*@)?", "", whole) or "TELEGRAM_API_URL"
