"""How Alembic works here: on the connection and in the transaction that `storage.migrate` hands over, on our tables alone."""

from __future__ import annotations

from alembic import context

from storage.migrate import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
with context.begin_transaction():
    context.run_migrations()
