"""Jobs know how long a clip was ordered, what it really cost, who was asked first, and why they wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = ("wanted", "held")


def upgrade() -> None:
    """More columns for jobs; those that are there know nothing of them."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("seconds", sa.Integer))
        jobs.add_column(sa.Column("cost", sa.BigInteger))
        jobs.add_column(sa.Column("place", sa.Integer))
        for name in WORDS:
            jobs.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        jobs.add_column(sa.Column("held_at", sa.Double))


def downgrade() -> None:
    """The actual costs are forgotten here; the ledger keeps them."""
    with op.batch_alter_table("jobs") as jobs:
        for name in ("held_at", "held", "wanted", "place", "cost", "seconds"):
            jobs.drop_column(name)
