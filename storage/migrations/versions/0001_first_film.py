"""The first film: wishes, sessions, productions with shots and takes, jobs, the ledger, the studio's chat."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Names of constraints come from the naming convention in `storage.tables`."""
    _film()
    _work()
    _asking()
    _studio()


def downgrade() -> None:
    """Everything goes; what refers to others first."""
    for table in (
        "cursors",
        "posts",
        "sessions",
        "spines",
        "wishes",
        "ledger",
        "jobs",
        "takes",
        "shots",
        "productions",
    ):
        op.drop_table(table)


def _film() -> None:
    op.create_table(
        "productions",
        sa.Column("id", sa.Text, primary_key=True),
        _needed("member", sa.Text),
        _needed("place", sa.Text),
        _needed("title", sa.Text),
        _needed("opened_at", sa.Double),
        sa.Index(None, "member", "place", "opened_at"),
    )
    op.create_table(
        "shots",
        sa.Column("id", sa.Text, primary_key=True),
        _needed("production", sa.Text, sa.ForeignKey("productions.id")),
        _needed("scene", sa.Integer),
        _needed("number", sa.Integer),
        _needed("words", sa.Text),
        _needed("facts", sa.JSON),
        _needed("created_at", sa.Double),
        sa.UniqueConstraint("production", "scene", "number"),
    )
    op.create_table(
        "takes",
        sa.Column("id", sa.Text, primary_key=True),
        _needed("shot", sa.Text, sa.ForeignKey("shots.id")),
        _needed("number", sa.Integer),
        _needed("brief", sa.JSON),
        _needed("member", sa.Text),
        _needed("place", sa.Text),
        sa.Column("made_from", sa.Text, sa.ForeignKey("takes.id")),
        _needed("change", sa.Text),
        _needed("circled", sa.Boolean),
        _needed("created_at", sa.Double),
        sa.Column("clip_digest", sa.Text),
        sa.Column("clip_media_type", sa.Text),
        sa.Column("clip_size", sa.BigInteger),
        sa.Column("clip_seconds", sa.Double),
        sa.Column("clip_width", sa.Integer),
        sa.Column("clip_height", sa.Integer),
        sa.Column("clip_poster", sa.Text),
        sa.UniqueConstraint("shot", "number"),
        sa.Index(None, "member", "place", "created_at"),
        sa.Index(None, "member", "created_at"),
    )


def _work() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        _needed("take", sa.Text, sa.ForeignKey("takes.id")),
        _needed("member", sa.Text),
        _needed("address", sa.JSON),
        _needed("state", sa.Text),
        _needed("backend", sa.Text),
        _needed("created_at", sa.Double),
        sa.Column("model", sa.Text),
        sa.Column("price", sa.BigInteger),
        sa.Column("order", sa.Text),
        _needed("run", sa.Integer),
        sa.Column("remote_id", sa.Text),
        _needed("attempts", sa.Integer),
        sa.Column("progress", sa.Double),
        _needed("cancel_asked", sa.Boolean),
        _needed("failure", sa.Text),
        _needed("gate", sa.Text),
        _needed("reason", sa.Text),
        sa.Column("posted", sa.Text),
        _needed("told", sa.Boolean),
        _needed("revision", sa.Integer),
        *(sa.Column(step, sa.Double) for step in ("intent_at", "submitted_at", "rolling_at", "filmed_at", "ended_at")),
        sa.UniqueConstraint("take"),
        sa.UniqueConstraint("backend", "remote_id"),
        sa.Index(None, "state", "created_at"),
        sa.Index(None, "member", "state", "created_at"),
        sa.Index(None, "told", "state"),
        sa.Index(None, "cancel_asked", "state"),
        sa.Index(None, "backend", "filmed_at"),
    )
    op.create_table(
        "ledger",
        sa.Column("job", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("closing", sa.Boolean, primary_key=True),
        _needed("kind", sa.Text),
        _needed("member", sa.Text),
        _needed("micros", sa.BigInteger),
        _needed("at", sa.Double),
        sa.CheckConstraint(
            "kind = 'reserve' AND NOT closing OR kind IN ('settle', 'release') AND closing", name="kind"
        ),
        sa.CheckConstraint("micros >= 0", name="micros"),
        sa.Index(None, "member", "at"),
    )


def _asking() -> None:
    op.create_table(
        "wishes",
        sa.Column("id", sa.Text, primary_key=True),
        _needed("member", sa.JSON),
        _needed("address", sa.JSON),
        _needed("command", sa.JSON),
        _needed("at", sa.Double),
        _needed("state", sa.Text),
        sa.Column("answer", sa.JSON),
        sa.Column("job", sa.Text, sa.ForeignKey("jobs.id")),
        sa.Index(None, "state", "at"),
    )
    op.create_table(
        "spines",
        sa.Column("member", sa.Text, primary_key=True),
        _needed("spine", sa.JSON),
    )
    op.create_table(
        "sessions",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("production", sa.Text, sa.ForeignKey("productions.id")),
        sa.Column("last_take", sa.Text, sa.ForeignKey("takes.id")),
    )


def _studio() -> None:
    op.create_table(
        "posts",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        _needed("card", sa.JSON),
        _needed("revision", sa.Integer),
        _needed("cursor", sa.BigInteger),
        _needed("first_cursor", sa.BigInteger),
        _needed("at", sa.Double),
        sa.UniqueConstraint("cursor"),
        sa.Index(None, "place", "cursor"),
        sa.Index(None, "place", "at", "first_cursor"),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text, primary_key=True),
        _needed("value", sa.BigInteger),
    )


def _needed(name: str, kind: type[sa.types.TypeEngine[Any]], *more: sa.ForeignKey) -> sa.Column[Any]:
    return sa.Column(name, kind, *more, nullable=False)
