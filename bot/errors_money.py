"""What stands in the way of spending: leaves of `bot.errors.Declined`, one sentence each."""

from __future__ import annotations

from bot.errors import Declined


class QuotaSpent(Declined):
    """Something that the operator allows in so many hours is used up. Parameter: `hours`."""


class MemberQuotaSpent(QuotaSpent):
    """What one member may spend."""


class ServerQuotaSpent(QuotaSpent):
    """What may be spent in this server or group."""


class HouseQuotaSpent(QuotaSpent):
    """What may be spent by everybody together."""
