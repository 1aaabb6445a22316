"""Every step from an empty database to today's tables, for Alembic. `storage.migrate` runs them.

A new step: change `storage/tables.py`, copy the newest file in `versions`, and write down what has to happen; the tests
tell whether both agree on SQLite and on PostgreSQL. On SQLite a table is changed by making it anew (`batch_alter_table`).
"""
