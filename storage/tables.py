"""The whole data model: who wished what, what was filmed for it, what it cost, and what the studio shows.

Ids are text, times are seconds since the epoch, money is micro-dollars. Words of members are stored as they came. The
tables of the job engine stand beside these (on SQLite in the same file) and are none of our business.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


class ForeignText(sa.TypeDecorator[str]):
    """Text from machines we do not know: NUL and lone surrogates, which no database takes, become U+FFFD."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """What is stored for `value`."""
        return value if value is None else value.translate(_UNSTORABLE)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def _text(name: str, *more: sa.ForeignKey, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *more, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable)


# ---------------------------------------------------------------- what members ask

wishes = sa.Table(
    "wishes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _json("member"),
    _json("address"),
    _json("command"),
    _time("at"),
    _text("state"),  # waiting → handled → answered
    _json("answer", nullable=True),
    _text("job", sa.ForeignKey("jobs.id"), nullable=True),
    sa.Index(None, "state", "at"),
)

spines = sa.Table(
    "spines",
    metadata,
    sa.Column("level", sa.Text, primary_key=True),  # own, channel, server
    sa.Column("holder", sa.Text, primary_key=True),  # a member's id, platform/server/chat, platform/server
    _json("spine"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("changed_by"),
    _time("changed_at"),
)

cast_members = sa.Table(
    "cast_members",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("holder"),  # a member's id, or platform/server
    _text("key", nullable=True),  # the name folded while it stands, so that there is but one of a name
    _text("owner"),
    _text("standing"),
    sa.Column("locked", sa.Boolean, nullable=False),
    _text("pending"),
    sa.Column("version", sa.Integer, nullable=False),  # the newest
    sa.UniqueConstraint("holder", "key"),
    sa.Index(None, "holder", "standing"),
)

cast_versions = sa.Table(
    "cast_versions",
    metadata,
    sa.Column("cast", sa.Text, sa.ForeignKey("cast_members.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    _text("name"),
    _text("description"),
    _text("wardrobe"),
    _text("voice"),
    _text("consent"),
    _text("image", nullable=True),
    _time("consent_at", nullable=True),
    _text("made_from", nullable=True),
    _text("remote"),
    _json("ids"),
    _text("changed_by"),
    _time("changed_at"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    _text("production", sa.ForeignKey("productions.id"), nullable=True),
    _text("last_take", sa.ForeignKey("takes.id"), nullable=True),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("reference", sa.Text, primary_key=True),  # platform/chat/message
    _text("action"),
    _time("at"),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _text("secret"),  # base64
)

# ---------------------------------------------------------------- what is filmed

productions = sa.Table(
    "productions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("member"),
    _text("place"),
    _text("title"),
    _time("opened_at"),
    sa.Column("arranged", sa.JSON(none_as_null=True), nullable=False, server_default="[]"),  # ids of shots
    sa.Index(None, "member", "place", "opened_at"),
)

shots = sa.Table(
    "shots",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("production", sa.ForeignKey("productions.id")),
    sa.Column("scene", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    _text("words"),
    _json("facts"),
    _time("created_at"),
    sa.UniqueConstraint("production", "scene", "number"),
)

takes = sa.Table(
    "takes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("shot", sa.ForeignKey("shots.id")),
    sa.Column("number", sa.Integer, nullable=False),
    _json("brief"),
    _text("member"),
    _text("place"),
    _text("made_from", sa.ForeignKey("takes.id"), nullable=True),
    _text("change"),
    sa.Column("circled", sa.Boolean, nullable=False),
    _time("created_at"),
    # the clip, once there is one
    _text("clip_digest", nullable=True),
    _text("clip_media_type", nullable=True),
    sa.Column("clip_size", sa.BigInteger),
    sa.Column("clip_seconds", sa.Double),
    sa.Column("clip_width", sa.Integer),
    sa.Column("clip_height", sa.Integer),
    _text("clip_poster", nullable=True),
    sa.UniqueConstraint("shot", "number"),
    sa.Index(None, "member", "place", "created_at"),
    sa.Index(None, "member", "created_at"),
    sa.Index(None, "made_from"),
)

votes = sa.Table(
    "votes",
    metadata,
    # one a member for each shot: which of its takes is the best
    sa.Column("shot", sa.Text, sa.ForeignKey("shots.id"), primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    _text("take", sa.ForeignKey("takes.id")),
    _time("at"),
    sa.Index(None, "take"),
)

films = sa.Table(
    "films",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("production", sa.ForeignKey("productions.id")),
    _text("member"),
    _text("place"),
    _json("cut"),
    _time("created_at"),
    _json("clip", nullable=True),
    _text("posted", nullable=True),
    sa.Index(None, "production", "created_at"),
)

measures = sa.Table(
    "measures",
    metadata,
    # what was measured of a clip, by what is in it and by how it was measured
    sa.Column("clip", sa.Text, primary_key=True),
    sa.Column("edition", sa.Integer, primary_key=True),
    _json("found"),
)

# ---------------------------------------------------------------- the work, and the money

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("take", sa.ForeignKey("takes.id")),
    _text("member"),
    _json("address"),
    _text("state"),
    _text("backend"),
    _time("created_at"),
    _text("model", nullable=True),
    sa.Column("price", sa.BigInteger),
    _text("order", nullable=True),
    sa.Column("run", sa.Integer, nullable=False),
    _text("remote_id", nullable=True),  # some backends' ids have more than 220 characters
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("progress", sa.Double),
    sa.Column("cancel_asked", sa.Boolean, nullable=False),
    _text("failure"),
    _text("gate"),
    sa.Column("reason", ForeignText, nullable=False),
    _text("posted", nullable=True),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    _time("intent_at", nullable=True),
    _time("submitted_at", nullable=True),
    _time("rolling_at", nullable=True),
    _time("filmed_at", nullable=True),
    _time("ended_at", nullable=True),
    sa.Column("seconds", sa.Integer),
    sa.Column("cost", sa.BigInteger),
    sa.Column("place", sa.Integer),
    sa.Column("wanted", sa.Text, nullable=False, server_default=""),
    sa.Column("held", sa.Text, nullable=False, server_default=""),
    _time("held_at", nullable=True),
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("batch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("board", sa.Text, nullable=False, server_default=""),
    sa.Column("after", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("take"),
    sa.UniqueConstraint("backend", "remote_id"),
    sa.Index(None, "state", "created_at"),
    sa.Index(None, "member", "state", "created_at"),
    sa.Index(None, "told", "state"),
    sa.Index(None, "cancel_asked", "state"),
    sa.Index(None, "backend", "filmed_at"),
    sa.Index(None, "board"),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("job", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
    # one opening and one closing entry a job: it cannot be both settled and released
    sa.Column("closing", sa.Boolean, primary_key=True),
    _text("kind"),
    _text("member"),
    sa.Column("micros", sa.BigInteger, nullable=False),
    _time("at"),
    sa.Column("place", sa.Text, nullable=False, server_default=""),  # platform/server
    sa.Column("seconds", sa.Integer, nullable=False, server_default="0"),  # of clip, of what is not free
    sa.CheckConstraint("kind = 'reserve' AND NOT closing OR kind IN ('settle', 'release') AND closing", name="kind"),
    sa.CheckConstraint("micros >= 0", name="micros"),
    sa.Index(None, "member", "at"),
    sa.Index(None, "place", "at"),
    sa.Index(None, "at"),
)

# ---------------------------------------------------------------- the studio's own chat

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _json("card"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("cursor", sa.BigInteger, nullable=False),
    sa.Column(
        "first_cursor", sa.BigInteger, nullable=False
    ),  # the order in which posts were made, where times are equal
    _time("at"),
    sa.UniqueConstraint("cursor"),
    sa.Index(None, "place", "cursor"),
    sa.Index(None, "place", "at", "first_cursor"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    # one row. Whoever raises it holds its lock until the commit, so that cursors become visible in their order
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
