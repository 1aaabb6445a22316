"""Structured logs on stderr, without secrets and without members' words.

What is written by `logging` (the core, libraries) and by `structlog` (adapters) goes through the same processors; the last but
one of them blanks every secret that the settings hold, wherever it turns up.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

BLANK = "•••"
_LOUD_LIBRARIES = ("httpx", "httpcore", "aiohttp.access", "alembic", "aiosqlite", "asyncio")


def set_up(level: str = "info", *, as_json: bool = False, secrets: Iterable[str] = ()) -> None:
    """Configure both loggings, once at start."""
    blank = _blanker([secret for secret in secrets if len(secret) >= 4])
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        blank,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, blank, last]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _LOUD_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


def _blanker(secrets: list[str]) -> Processor:
    """Replace every secret in every text of an event."""

    def blank(_logger: Any, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            text = value if isinstance(value, str) else None
            if text is None and isinstance(value, tuple | list | dict | BaseException):
                text = str(value)
            if text is not None and any(secret in text for secret in secrets):
                for secret in secrets:
                    text = text.replace(secret, BLANK)
                event[key] = text
        return event

    return blank
