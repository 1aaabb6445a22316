"""The listener's own `Bot`. An update that the library cannot read would take the whole batch with it; here it is passed over."""

from __future__ import annotations

import logging
from typing import Any, Final

from telegram import Update
from telegram.request import HTTPXRequest

from adapters.chat.telegram.library import Discreet, QuietBot, addresses

log = logging.getLogger("throughline.telegram")

ID: Final = "update_id"
PATIENCE: Final = 10.0
"""Seconds for connecting, and for an answer beyond the time that a long poll takes."""


class Sifting(Discreet):
    """Of a batch of updates, those that the library can read are handed over whole, the others as their ids alone."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Raises `TelegramError`."""
        data = Discreet.parse_json_payload(payload)
        if isinstance(data.get("result"), list):
            data["result"] = [readable(each) for each in data["result"] if has_id(each)]
        return data


def has_id(data: object) -> bool:
    """Whether it is an update at all: without its id it could be neither handled once nor confirmed."""
    return isinstance(data, dict) and isinstance(data.get(ID), int) and not isinstance(data[ID], bool)


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """The update, or its bare id where the library cannot read it."""
    try:
        Update.de_json(data)
    except Exception as odd:  # noqa: BLE001 - whatever it is, one update must not stop those behind it
        log.warning("telegram: update %s passed over, it cannot be read: %s", data[ID], type(odd).__name__)
        return {ID: data[ID]}
    return data


class Ears(QuietBot):
    """The bot, and the lines that it speaks on."""

    def __init__(self, token: str, api_url: str = "") -> None:
        """Nothing is sent yet. Raises `telegram.error.InvalidToken` where there is no token at all."""
        base, files = addresses(api_url)
        calls, updates = _patient(Discreet, 32), _patient(Sifting, 2)
        super().__init__(token, base_url=base, base_file_url=files, request=calls, get_updates_request=updates)
        self._lines = (calls, updates)

    async def hang_up(self) -> None:
        """Let go of the connections, which the library does only for a bot that was greeted by Telegram."""
        for line in self._lines:
            await line.shutdown()


def _patient(kind: type[Discreet], connections: int) -> HTTPXRequest:
    return kind(
        connection_pool_size=connections,
        connect_timeout=PATIENCE,
        pool_timeout=PATIENCE,
        read_timeout=PATIENCE,
        write_timeout=PATIENCE,
    )
