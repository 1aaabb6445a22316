"""Chat platforms: what a reply to one of our messages means, and secrets made once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables of their own; nothing that is there changes."""
    op.create_table(
        "messages",
        sa.Column("reference", sa.Text, primary_key=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Replies lose their meaning, and links that were signed their signature."""
    op.drop_table("keys")
    op.drop_table("messages")
