"""The house itself: who may import whom, how long things may get, what the repository may say, what tests stand on."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.needs import require

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ("bot", "adapters", "storage")
WINGS = ("chat", "video", "media", "engine")
MODULES = sorted(path for top in (*HOUSE, "tests", "benchmarks") for path in (ROOT / top).rglob("*.py"))
LONGEST_FUNCTION, LONGEST_FILE = 60, 400
COMMON_PLACES = ("app", "opt", "srv", "usr", "var")


def name_of(path: Path) -> str:
    """`bot/film.py` -> `bot.film`, `bot/__init__.py` -> `bot`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, source: str) -> Iterator[str]:
    """The full name of every module, and of every name taken from a module, that the source imports anywhere in it."""
    package = name_of(path).split(".") if path.name == "__init__.py" else name_of(path).split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def wing_of(module: str) -> str | None:
    """`adapters.chat.web.render` -> `chat`; None for what is in no wing of adapters."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "adapters" and parts[1] in WINGS else None


def objection(importer: str, imported: str) -> str | None:
    """Why the module `importer` may not import `imported`; None if it may."""
    top, other = importer.partition(".")[0], imported.partition(".")[0]
    if top == "bot" and other != "bot" and other not in sys.stdlib_module_names:
        return "bot imports the standard library only"
    if top == "storage" and other == "adapters":
        return "storage imports bot, never adapters"
    if top == "adapters" and other == "storage" and importer != "adapters.bootstrap":
        return "only adapters.bootstrap imports storage"
    if wing_of(importer) and wing_of(imported) and wing_of(importer) != wing_of(imported):
        return "chat, video, media and engine do not import each other"
    if top in HOUSE and other in ("tests", "benchmarks"):
        return "what runs does not import what tests it"
    return None


def test_everyone_imports_only_whom_they_may() -> None:
    objections = [
        f"{name_of(path)} imports {imported}: {reason}"
        for path in MODULES
        for imported in imports_of(path, path.read_text(encoding="utf-8"))
        if (reason := objection(name_of(path), imported))
    ]
    assert not objections, "\n".join(objections)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("bot/film.py", "import httpx"),
        ("bot/film.py", "from storage import jobs"),
        ("storage/jobs.py", "from adapters.settings import Settings"),
        ("adapters/cli.py", "def main():\n    import storage.jobs"),
        ("adapters/chat/web/post.py", "from adapters.media import probe"),
        ("adapters/chat/web/post.py", "from ...media import probe"),
        ("adapters/video/__init__.py", "from .. import engine"),
        ("adapters/bootstrap.py", "from tests import fakes"),
    ],
)
def test_a_forbidden_import_is_noticed(file: str, line: str) -> None:
    path = ROOT / file
    assert any(objection(name_of(path), imported) for imported in imports_of(path, line))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("bot/film.py", "from dataclasses import dataclass"),
        ("bot/film.py", "from . import spine"),
        ("storage/jobs.py", "from bot.film import Shot"),
        ("adapters/bootstrap.py", "from storage import jobs"),
        ("adapters/chat/web/post.py", "from .render import page"),
        ("adapters/video/colour_bars.py", "import av"),
    ],
)
def test_a_fair_import_is_left_alone(file: str, line: str) -> None:
    path = ROOT / file
    assert not any(objection(name_of(path), imported) for imported in imports_of(path, line))


@pytest.mark.parametrize("module", ["adapters.cli", "adapters.bootstrap"])
def test_the_main_process_never_loads_numpy_or_av(module: str) -> None:
    found = "import adapters.video; adapters.video.find_backends()"
    show = f"import sys, {module}; {found}; print(sorted({{'numpy', 'av'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "[]\n", run.stderr


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_nothing_is_too_long_to_read() -> None:
    too_long = [thing for path in MODULES for thing in long_things(path)]
    assert not too_long


def long_things(path: Path) -> Iterator[str]:
    """What in a module is longer than a reader should have to bear, as `module.name: lines`."""
    source = path.read_text(encoding="utf-8")
    if (lines := source.count("\n")) > LONGEST_FILE:
        yield f"{name_of(path)}: {lines}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{name_of(path)}.{node.name}: {lines}"


def published_files() -> list[Path]:
    """The files that git tracks or would track; none where this is not a git checkout."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        return []
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_repository_names_no_package_registry_and_no_machine() -> None:
    files = published_files()
    if not files:
        pytest.skip("this is not a git checkout")
    registry = rb"pypi\.org|pythonhosted\.org|--(extra-)?index-url|--find[-]links|file:///[a-z]"
    # where a service usually lives is no secret, and the documents may well name it
    private = [path for path in (ROOT, Path.home()) if path.parts[1] not in COMMON_PLACES and len(path.parts) > 2]
    forbidden = re.compile(b"|".join([registry, *(re.escape(os.fsencode(path)) for path in private)]))
    named = [f"{path.relative_to(ROOT)}: {hit[0]!r}" for path in files if (hit := forbidden.search(path.read_bytes()))]
    assert not named, "\n".join(named)


async def test_each_database_is_real_and_fresh(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE slates (name TEXT PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO slates VALUES ('2B-3 鸵鸟')"))
        assert (await connection.scalar(text("SELECT name FROM slates"))) == "2B-3 鸵鸟"
    await engine.dispose()


@pytest.mark.postgres
def test_postgres_is_a_recent_one_and_does_not_run_as_root(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, pg_backend_pid()").fetchone()
    assert row is not None
    assert row[0] >= 180000
    if (process := Path(f"/proc/{row[1]}")).exists():
        assert process.stat().st_uid != 0


def test_what_is_missing_skips_here_and_fails_where_all_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THROUGHLINE_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="a crane is missing"):
        require(False, "a crane")
    monkeypatch.setenv("THROUGHLINE_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="a crane is missing"):
        require(False, "a crane")
    require(True, "a crane")
