"""The doors through which backends call us: who calls is proved by the backend's own code, and a call only wakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

import structlog

from adapters.video.registry import Registry
from bot.backends import TakesHooks
from bot.errors import BackendFault, NotGenuine

Door = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""Headers and body of a call to the HTTP status of its answer."""
Wake = Callable[[str, Collection[str]], int]
"""`Crew.wake`."""

log = structlog.get_logger("throughline")


def doors(backends: Registry, wake: Wake) -> dict[str, Door]:
    """A door for every backend that takes calls, by its name."""
    able = {name: backend for name, backend in backends.backends.items() if isinstance(backend, TakesHooks)}
    return {name: _door(name, backend, wake) for name, backend in able.items()}


def _door(name: str, backend: TakesHooks, wake: Wake) -> Door:
    async def called(headers: Mapping[str, str], body: bytes) -> int:
        try:
            remote_ids = await backend.hook({key.lower(): value for key, value in headers.items()}, body)
        except NotGenuine as fault:
            log.warning("a call was not genuine", backend=name, reason=fault.reason)
            return 401
        except BackendFault as fault:
            log.warning("a call could not be read", backend=name, reason=fault.reason)
            return 400
        woken = wake(name, remote_ids)
        log.debug("called", backend=name, jobs=len(remote_ids), woken=woken)
        return 204

    return called
