"""What can be wrong with an operator's decision, or with what they bring: leaves of `bot.errors`, one sentence each."""

from __future__ import annotations

from bot.errors import Declined, SetupFault


class UnknownJob(Declined):
    """Parameter: `job`."""


class NotParked(Declined):
    """It has gone on meanwhile. Parameters: `job`, `state`."""


class AlreadyOwned(Declined):
    """The backend's id belongs to another take. Parameters: `remote`, `backend`."""


class NotEmpty(SetupFault):
    """A backup, or another database, is brought into an empty one only. Parameter: `database`."""


class BackupUnreadable(SetupFault):
    """Parameter: `reason`."""


class ClipsUnreachable(SetupFault):
    """The bucket that clips are kept in does not answer; what needed it is tried again. Parameters: `place`, `reason`."""
