"""Storyboards are filmed together, films are cut, and clips are measured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """What was filmed before belongs to no storyboard; productions stand in the order of their slates."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("board", sa.Text, nullable=False, server_default=""))
        jobs.add_column(sa.Column("after", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_jobs_board", "jobs", ["board"])
    with op.batch_alter_table("productions") as productions:
        productions.add_column(sa.Column("arranged", _JSON, nullable=False, server_default="[]"))
    op.create_table(
        "films",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("production", sa.Text, nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("cut", _JSON, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("clip", _JSON),
        sa.Column("posted", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_films"),
        sa.ForeignKeyConstraint(["production"], ["productions.id"], name="fk_films_production_productions"),
    )
    op.create_index("ix_films_production_created_at", "films", ["production", "created_at"])
    op.create_table(
        "measures",
        sa.Column("clip", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("found", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("clip", "edition", name="pk_measures"),
    )


def downgrade() -> None:
    """Films and orders of shots are forgotten; their clips lie on in the clip store."""
    op.drop_table("measures")
    op.drop_table("films")
    with op.batch_alter_table("productions") as productions:
        productions.drop_column("arranged")
    op.drop_index("ix_jobs_board", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("after")
        jobs.drop_column("board")
