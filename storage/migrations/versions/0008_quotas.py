"""The ledger knows where it was spent, and how many seconds of clip that were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was spent before counts for its member, and for no place."""
    with op.batch_alter_table("ledger") as ledger:
        ledger.add_column(sa.Column("place", sa.Text, nullable=False, server_default=""))
        ledger.add_column(sa.Column("seconds", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_ledger_place_at", "ledger", ["place", "at"])
    op.create_index("ix_ledger_at", "ledger", ["at"])


def downgrade() -> None:
    """Places and seconds are forgotten."""
    op.drop_index("ix_ledger_at", "ledger")
    op.drop_index("ix_ledger_place_at", "ledger")
    with op.batch_alter_table("ledger") as ledger:
        ledger.drop_column("seconds")
        ledger.drop_column("place")
