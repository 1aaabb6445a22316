"""Spines by level, and the cast with its versions."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)
_OWN = "own"


def upgrade() -> None:
    """Each member's spine becomes the first version of their own level."""
    kept = _rows("SELECT member, spine FROM spines")
    op.drop_table("spines")
    spines = op.create_table(
        "spines",
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, primary_key=True),
        sa.Column("spine", _JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
    )
    if kept:
        first = {"level": _OWN, "version": 1, "changed_at": 0.0}
        rows = [{**first, "holder": row.member, "changed_by": row.member, "spine": _read(row.spine)} for row in kept]
        op.bulk_insert(spines, rows)
    _cast()


def downgrade() -> None:
    """What is shared in channels and servers, and every cast, is forgotten."""
    op.drop_table("cast_versions")
    op.drop_table("cast_members")
    kept = _rows("SELECT holder, spine FROM spines WHERE level = 'own'")
    op.drop_table("spines")
    spines = op.create_table(
        "spines", sa.Column("member", sa.Text, primary_key=True), sa.Column("spine", sa.JSON, nullable=False)
    )
    if kept:
        op.bulk_insert(spines, [{"member": row.holder, "spine": _read(row.spine)} for row in kept])


def _cast() -> None:
    op.create_table(
        "cast_members",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("pending", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("holder", "key"),
        sa.Index(None, "holder", "standing"),
    )
    op.create_table(
        "cast_versions",
        sa.Column("cast", sa.Text, sa.ForeignKey("cast_members.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "description", "wardrobe", "voice", "consent")),
        sa.Column("image", sa.Text),
        sa.Column("consent_at", sa.Double),
        sa.Column("made_from", sa.Text),
        sa.Column("remote", sa.Text, nullable=False),
        sa.Column("ids", _JSON, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
    )


def _rows(query: str) -> list[sa.Row[Any]]:
    return list(op.get_bind().execute(sa.text(query)).all())


def _read(value: object) -> object:
    """A spine as data: SQLite gives JSON back as its text where no type tells it otherwise."""
    return json.loads(value) if isinstance(value, str) else value
