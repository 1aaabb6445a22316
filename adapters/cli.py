"""The command ``throughline``: run, generate, doctor, migrate.

Exit codes: 0 done · 1 it could not be done, one line says why · 2 the operator has to mend something, one line says what ·
130 interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adapters import logs
from adapters.release import release
from adapters.settings import Settings, load
from bot.errors import Declined, SetupFault, ThroughlineError
from bot.text import explain


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, run, and turn every fault into one line."""
    options = parser().parse_args(arguments)
    language = "en"
    try:
        settings = load()
        language = settings.language
        _logs(settings, quiet=options.command != "run")
        return _leave(asyncio.run(_exit_code(options.action, settings, options)), options.command)
    except Declined as declined:
        return _said(explain(declined, language), 1)
    except SetupFault as fault:
        return _said(explain(fault, language), 2)
    except ThroughlineError as fault:
        return _said(explain(fault, language), 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    from adapters import film_cli

    top = argparse.ArgumentParser(prog="throughline", description="AI video whose shots belong together.")
    top.add_argument("--version", action="version", version=f"Throughline {release()}")
    commands = top.add_subparsers(dest="command", required=True)
    running = _command(commands, "run", run, "start Throughline; the studio's address is printed")
    only = "just one role (web, worker, discord, telegram); the others run elsewhere on the same database"
    running.add_argument("--only", metavar="ROLE", help=only)
    filming = _command(commands, "generate", generate, "film one shot into a file")
    filming.add_argument("prompt", help="what the camera sees")
    filming.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the clip goes")
    filming.add_argument("--seconds", type=int, metavar="N", help="length of the take")
    filming.add_argument("--shape", metavar="SHAPE", help="wide, tall, square or portrait")
    filming.add_argument("--style", metavar="TEXT", help="the spine, as free text")
    filming.add_argument("--backend", metavar="NAME", help="which backend films it")
    filming.add_argument("--seed", type=int, metavar="N", help="makes chance repeatable")
    filming.add_argument("--image", type=Path, metavar="FILE", help="a picture to start from")
    filming.add_argument("--show-prompt", action="store_true", help="print the compiled prompt to stderr")
    film_cli.declare_storyboard(_command(commands, "storyboard", storyboard, "film a whole storyboard into one file"))
    film_cli.declare_film(_command(commands, "film", whole_film, "film a film.json again, on any backend"))
    examining = _command(commands, "doctor", doctor, "say what is missing or wrong")
    examining.add_argument("--json", action="store_true", help="as JSON")
    listing = _command(commands, "backends", backends, "what films here, what it can and what it costs; try one out")
    listing.add_argument(
        "what", nargs="?", choices=("list", "probe"), default="list", help="probe: film one short clip"
    )
    listing.add_argument("name", nargs="?", metavar="NAME", help="a backend, or backend/model")
    listing.add_argument("--yes", action="store_true", help="probe without asking")
    listing.add_argument("--json", action="store_true", help="the list as JSON")
    deciding = _command(commands, "jobs", jobs, "takes that are parked, and what an operator decides about them")
    deciding.add_argument("what", nargs="?", choices=("parked", "adopt", "refund", "retry"), default="parked")
    deciding.add_argument("job", nargs="?", metavar="JOB", help="which one, by its id")
    deciding.add_argument("remote", nargs="?", metavar="ID", help="adopt: the backend's own id of the order")
    deciding.add_argument("--json", action="store_true", help="the list as JSON")
    checking = _command(commands, "check", check, "how well clips match the first of them, measured")
    checking.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the anchor, then the clips to compare")
    checking.add_argument("--json", action="store_true", help="as JSON")
    moving = _command(commands, "migrate", migrate, "bring the database to this version, or move it to another one")
    moving.add_argument("--to", metavar="URL", help="move everything into this empty database")
    keeping = _command(commands, "backup", backup, "everything into one file; Throughline may go on running")
    keeping.add_argument("file", type=Path, metavar="FILE", help="where it goes (a tar)")
    bringing = _command(commands, "restore", restore, "everything out of a backup, into an empty data folder")
    bringing.add_argument("file", type=Path, metavar="FILE", help="the backup")
    return top


Action = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]


def _command(commands: Any, name: str, action: Action, help: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    added.set_defaults(action=action)
    return added


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Everything that is set up, or one role, until SIGTERM or Ctrl-C."""
    from adapters import bootstrap

    roles = bootstrap.roles(settings, options.only)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait())
    async with AsyncExitStack() as stack:
        starting = asyncio.ensure_future(stack.enter_async_context(bootstrap.running(settings, roles)))
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():  # a platform that does not answer must not keep us from leaving
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            return 0
        everything = await starting
        print(_begun(everything.url, everything.listening), flush=True)
        lost = asyncio.create_task(everything.lost.wait())
        await asyncio.wait({stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
    return 1 if everything.lost.is_set() else 0


def _begun(url: str | None, listening: Sequence[str]) -> str:
    """What runs, in one line."""
    *others, last = listening or ("",)
    names = f"{', '.join(others)} and {last}" if others else last
    if url is None:
        return f"Listening on {names}" if names else "Throughline is working."
    return f"The studio is open at {url}" + (f"; listening on {names}" if names else "")


async def generate(settings: Settings, options: argparse.Namespace) -> int:
    """Film one shot into a file; the file's path alone goes to stdout."""
    from adapters.terminal import NotFilmed, Request, film, house_for

    request = Request(
        prompt=options.prompt,
        out=options.output,
        seconds=options.seconds,
        shape=options.shape,
        style=options.style,
        backend=options.backend,
        seed=options.seed,
        image=options.image,
        show_prompt=options.show_prompt,
    )
    async with house_for(settings) as house:
        try:
            path = await film(house, request)
        except NotFilmed as why:
            return _said(str(why), 1)
    print(path)
    return 0


async def storyboard(settings: Settings, options: argparse.Namespace) -> int:
    """Film a storyboard's file."""
    from adapters import film_cli

    return await film_cli.storyboard(settings, options)


async def whole_film(settings: Settings, options: argparse.Namespace) -> int:
    """Film a film.json again."""
    from adapters import film_cli

    return await film_cli.film(settings, options)


async def doctor(settings: Settings, options: argparse.Namespace) -> int:
    """The report; exit code 1 if anything is an error."""
    from adapters import bootstrap
    from adapters import doctor as checks

    findings = await bootstrap.examine(settings)
    if options.json:
        print(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2))
    else:
        print(checks.as_lines(findings))
    return 0 if checks.healthy(findings) else 1


async def backends(settings: Settings, options: argparse.Namespace) -> int:
    """The table, or one clip from one of them."""
    from adapters import backends_cli

    probe, name = options.what == "probe", options.name or ""
    if probe and not name:
        return _said("Which one? throughline backends probe NAME; throughline backends lists them.", 2)
    return await backends_cli.run(settings, probe=probe, name=name, sure=options.yes, as_json=options.json)


async def check(settings: Settings, options: argparse.Namespace) -> int:
    """How well the clips match the first one."""
    from adapters import check_cli

    return await check_cli.run(options.files, as_json=options.json, locale=settings.language)


async def jobs(settings: Settings, options: argparse.Namespace) -> int:
    """The parked ones, or one decision."""
    from adapters import jobs_cli

    what, job, remote = options.what, options.job or "", options.remote or ""
    if what != "parked" and not job:
        return _said(f"Which one? throughline jobs {what} JOB; throughline jobs lists them.", 2)
    if what == "adopt" and not remote:
        return _said("As what? throughline jobs adopt JOB ID, with the backend's own id of the order.", 2)
    return await jobs_cli.run(settings, what, job, remote, as_json=options.json)


async def migrate(settings: Settings, options: argparse.Namespace) -> int:
    """Bring the database to this version; move it, where that is asked."""
    from adapters import bootstrap, home

    home.open_home(settings)
    lock = home.lock_home(settings) if options.to else None
    await bootstrap.migrate_up(settings)
    print("The database is at this version.")
    if options.to:
        rows = await bootstrap.move_to(settings, options.to)
        print(f"{sum(rows.values())} rows moved. Set DATABASE_URL to the new database from now on.")
    if lock is not None:
        lock.close()
    return 0


async def backup(settings: Settings, options: argparse.Namespace) -> int:
    """One file with everything."""
    from adapters import bootstrap, home

    home.open_home(settings)
    found = await bootstrap.make_backup(settings, options.file)
    print(f"{options.file}: {_counted(found)}")
    return 0


async def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Everything back."""
    from adapters import bootstrap, home

    home.open_home(settings)
    lock = home.lock_home(settings)
    found = await bootstrap.restore_backup(settings, options.file)
    print(f"Restored: {_counted(found)}")
    if lock is not None:
        lock.close()
    return 0


def _counted(found: dict[str, int]) -> str:
    """What people count by."""
    return ", ".join(f"{found.get(name, 0)} {name}" for name in ("productions", "shots", "takes", "clips"))


async def _exit_code(action: Action, settings: Settings, options: argparse.Namespace) -> int:
    return await action(settings, options)


def _leave(code: int, command: str) -> int:
    """A worker leaves at once: a library's thread that still waits for a dead database must not hold the exit up."""
    if command == "run":
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _logs(settings: Settings, *, quiet: bool) -> None:
    secrets = [secret.get_secret_value() for secret in settings.secrets]
    logs.set_up("warning" if quiet else settings.log_level, as_json=settings.log_json, secrets=secrets)


def _said(sentence: str, code: int) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return code
