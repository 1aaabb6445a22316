"""What can be wrong with an operator's decision: leaves of `bot.errors.Declined`, one sentence each."""

from __future__ import annotations

from bot.errors import Declined


class UnknownJob(Declined):
    """Parameter: `job`."""


class NotParked(Declined):
    """It has gone on meanwhile. Parameters: `job`, `state`."""


class AlreadyOwned(Declined):
    """The backend's id belongs to another take. Parameters: `remote`, `backend`."""
