"""As many empty databases of one kind as a kill test has houses."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.postgres import new_database

NewDatabase = Callable[[Path], str]
"""The URL of an empty database for the house in that folder."""


@pytest.fixture(params=DATABASES)
def databases(request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """SQLite files in the folders, or databases on one PostgreSQL server, dropped after the test."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield lambda folder: f"sqlite+aiosqlite:///{folder}/throughline.sqlite"
        else:
            server: str = request.getfixturevalue("postgres_url")
            yield lambda _: stack.enter_context(new_database(server)).replace("postgresql://", "postgresql+psycopg://")
