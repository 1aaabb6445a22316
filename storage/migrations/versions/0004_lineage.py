"""Takes are found by what they were made from."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = "ix_takes_made_from"


def upgrade() -> None:
    """An index; no row changes."""
    op.create_index(NAME, "takes", ["made_from"])


def downgrade() -> None:
    """Without it."""
    op.drop_index(NAME, "takes")
