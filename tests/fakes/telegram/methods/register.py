"""How a function becomes a method of the Bot API: ``@method`` on ``async def send_message`` makes ``sendMessage``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

Method = Callable[["World", Call], Awaitable[Any]]
METHODS: dict[str, Method] = {}


def method(function: Method) -> Method:
    """Put a function among the methods, under its own name in camel case."""
    first, *rest = function.__name__.split("_")
    METHODS[first + "".join(word.capitalize() for word in rest)] = function
    return function
