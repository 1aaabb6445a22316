"""The Bot API's methods, by name. Each takes the world and a call and returns the result as JSON, or raises `Refusal`."""

from __future__ import annotations

from tests.fakes.telegram.methods import commands, editing, fetching, sending
from tests.fakes.telegram.methods.register import METHODS, Method

__all__ = ["METHODS", "Method", "commands", "editing", "fetching", "sending"]
