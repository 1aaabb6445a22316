"""Takes have stages, some are filmed together, and members vote which of those is the best."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was filmed before is a draft, filmed alone."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("stage", sa.Text, nullable=False, server_default=""))
        jobs.add_column(sa.Column("batch", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "votes",
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("take", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("shot", "member", name="pk_votes"),
        sa.ForeignKeyConstraint(["shot"], ["shots.id"], name="fk_votes_shot_shots"),
        sa.ForeignKeyConstraint(["take"], ["takes.id"], name="fk_votes_take_takes"),
    )
    op.create_index("ix_votes_take", "votes", ["take"])


def downgrade() -> None:
    """The votes are forgotten."""
    op.drop_table("votes")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("batch")
        jobs.drop_column("stage")
