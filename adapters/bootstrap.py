"""The only file that knows everyone: settings in, a whole Throughline out."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from adapters import doctor, platforms
from adapters.chat import ChatModule, find_chats
from adapters.chat.web.bell import Bell
from adapters.chat.web.offers import Linting
from adapters.chat.web.post import WebPoster
from adapters.chat.web.serve import WebStudio
from adapters.clock import WallClock
from adapters.doors import Doors, DoorServer, Signer
from adapters.engine.dbos_engine import DbosEngine, prepare
from adapters.front import Front
from adapters.home import FULL, check_room, lock_home, open_home
from adapters.media.gate import MediaGate
from adapters.media.room import DrawingRoom, MediaRoom
from adapters.platforms import Listening, Platform
from adapters.release import release
from adapters.settings import Settings
from adapters.terminal import TerminalPoster
from adapters.video import BackendSettings, find_backends, hooks
from adapters.video.registry import Registry
from adapters.video.roster import Roster, assemble
from adapters.video.several import with_namesakes
from bot.asking import Desk
from bot.bench import Bench
from bot.delivery import Delivery
from bot.drawing import DrawingBoard
from bot.editing import EditRoom
from bot.errors import BadSetting, PortTaken, SetupFault
from bot.film import new_id
from bot.fitting import Fitter, no_link
from bot.intake import Intake
from bot.jobs import Driver
from bot.paperwork import Finding
from bot.ports import Clips, Clock, Engine, Gate, Poster, ReadsWords, WorkFactory
from bot.promotion import Promotion
from bot.studio import Studio
from bot.sweep import Sweep
from bot.view import session_view
from storage import backup, keys, migrate, transfer
from storage.clips_s3 import clip_store
from storage.database import Database
from storage.line import Haste

log = structlog.get_logger("throughline")

EMBEDDED: Final = "animatic"
POLL_FILE: Final = 0.3
POLL_SERVER: Final = 0.5
"""Seconds between two looks for new work: what a person may wait, against what an idle look costs."""
ALONE: Final = "alone"
"""What a process is called that holds its data folder by itself: what died in it is taken up again at once."""
ENGINE_GRACE: Final = 2.5
"""Seconds the engine may take to end. All that stops takes 5 at most: an operator's SIGTERM is followed by a SIGKILL."""


@dataclass(frozen=True)
class House:
    """Everything, wired. The roles decide which of it is started."""

    settings: Settings
    database: Database
    work: WorkFactory
    clips: Clips
    gate: Gate
    backends: Registry
    desk: Desk
    engine: Engine
    delivery: Delivery
    studio: Studio
    driver: Driver
    sweep: Sweep
    clock: Clock
    intake: Intake
    platforms: Mapping[str, Platform]
    """The chat platforms that are set up, by name."""
    signer: Signer | None
    """Signs links to clips, where a public address is configured."""

    def check_room(self) -> None:
        """Raises `DiskFull` when the data folder's disk is full."""
        check_room(self.settings.home, FULL)


@dataclass(frozen=True)
class Running:
    """A Throughline that runs."""

    house: House
    url: str | None
    """Where the studio is, if there is one."""
    listening: tuple[str, ...]
    """The chat platforms that are listened to, by their names for people."""
    lost: asyncio.Event
    """Set when another worker declared this one dead: it has stopped and should be started anew."""


def build_backends(settings: Settings, clock: Clock | None = None) -> Roster:
    """Every backend that is set up, with what stands in front of it. Raises `BadSetting` if the default is not among them."""
    backends = {}
    for name, module in with_namesakes(find_backends(), settings.backends).items():
        folder = settings.home / "backends" / name
        hook = f"{settings.public_url}/hooks/{name}" if settings.public_url else None
        setting = BackendSettings(settings.options, settings.backends.get(name, {}), folder, hook)
        if module.configured(setting):
            backends[name] = module.build(setting)
    return assemble(
        backends,
        settings.backend or EMBEDDED,
        EMBEDDED,
        clock or WallClock(),
        tables=settings.backends,
        routing=settings.routing,
        prices=settings.prices,
        stages=settings.stages,
    )


def desk_of(settings: Settings, roster: Roster) -> Desk:
    """What handlers know of the operator's choices."""
    backends = roster.backends
    readers = {name: each for name, each in backends.backends.items() if isinstance(each, ReadsWords)}
    return Desk(
        backends.default,
        backends.embedded,
        roster.offered,
        settings.caps,
        readers,
        backends,
        roster.paused,
        roster.demand,
        settings.stages.final,
        settings.stages.final_resolution,
        settings.quotas,
    )


def _clip_store(settings: Settings) -> Clips:
    return clip_store(settings.home, settings.clips_url, settings.clips_cache, **settings.s3)


def build(
    settings: Settings,
    bell: Bell | None = None,
    on_lost: Callable[[], object] = lambda: None,
    chats: Mapping[str, ChatModule] | None = None,
) -> House:
    """Wire everything; nothing is opened or started yet. `on_lost`: this worker was declared dead by another.

    `chats`: the chat platforms there are, set up or not; by default those that are found.
    """
    clock = WallClock()
    database = Database(settings.database_url)
    engine = DbosEngine(
        settings.database_url,
        rolling_per_member=settings.caps.rolling,
        poll=POLL_FILE if settings.on_sqlite else POLL_SERVER,
        on_lost=on_lost,
    )
    work = database.work_factory(engine.enqueue)
    at_once, later = (database.work_factory(engine.enqueue, haste) for haste in (Haste.AT_ONCE, Haste.LATER))
    clips, gate = _clip_store(settings), MediaGate()
    roster = build_backends(settings, clock)
    backends = roster.backends
    desk = desk_of(settings, roster)
    found = platforms.set_up(settings, find_chats() if chats is None else chats, work)
    attachments = {name: each.poster for name, each in found.items()}
    posters: dict[str, Poster] = {"web": WebPoster(work, bell), "terminal": TerminalPoster(), **attachments}
    signer = (
        Signer(partial(keys.secret, database, "links"), settings.public_url, clock) if settings.public_url else None
    )
    fitter = Fitter(clips, gate, signer.link if signer else no_link)
    delivery = Delivery(work, clips, posters, clock, fitter, desk.readers, Promotion(desk, backends, clock))
    drawing = DrawingRoom()
    board = DrawingBoard(work, clips, drawing)
    bench = Bench(work, backends, posters, clock, desk, clips, gate, MediaRoom(), drawing, fitter)
    editing = EditRoom(bench, ALONE if settings.on_sqlite else new_id())
    studio = Studio(work, backends, delivery, posters, clock, desk, attachments, gate, clips, board, editing)
    return House(
        settings=settings,
        database=database,
        work=work,
        clips=clips,
        gate=gate,
        backends=backends,
        desk=desk,
        engine=engine,
        delivery=delivery,
        studio=studio,
        driver=Driver(later, backends, clips, gate, delivery, clock, tell=studio.take_up_once),
        sweep=Sweep(later, engine, studio, delivery, clock),
        clock=clock,
        intake=Intake(at_once, studio.take_up, desk, clock),
        platforms=found,
        signer=signer,
    )


async def migrate_up(settings: Settings) -> None:
    """Bring our tables and the engine's to this version. Raises `DatabaseFromTheFuture` or `DatabaseUnreachable`."""
    database = Database(settings.database_url)
    try:
        await migrate.upgrade(database)
    finally:
        await database.close()
    await prepare(settings.database_url)


async def make_backup(settings: Settings, file: Path) -> dict[str, int]:
    """Everything in one file; what is in it, by kind. A Throughline that runs is not held up."""
    async with _database(settings.database_url) as database:
        return await backup.backup(database, settings.home, file)


async def restore_backup(settings: Settings, file: Path) -> dict[str, int]:
    """Everything out of that file, into an empty database and data folder. Raises `NotEmpty` or `BackupUnreadable`."""
    async with _database(settings.database_url) as database:
        return await backup.restore(database, settings.home, file)


async def move_to(settings: Settings, url: str) -> dict[str, int]:
    """Every row into another database, which has to be empty; rows by table."""
    async with _database(settings.database_url) as source, _database(url) as target:
        with tempfile.TemporaryDirectory(dir=settings.home) as folder:
            return await transfer.move(source, target, Path(folder))


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """The worker's role: the engine drives jobs, the sweep picks up what lies about. Leaves jobs in their rows at the end."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(house.backends.close)
        stack.callback(house.driver.close)
        await house.engine.start(house.driver)
        stack.push_async_callback(house.engine.stop, ENGINE_GRACE)
        handed = await house.sweep.hand_over()
        if handed:
            log.info("taken up again", jobs=handed)
        sweeping = asyncio.create_task(house.sweep.forever(), name="sweep")
        stack.callback(sweeping.cancel)
        yield


@asynccontextmanager
async def running(
    settings: Settings,
    roles: Collection[str],
    *,
    open_doors: bool = True,
    chats: Mapping[str, ChatModule] | None = None,
) -> AsyncIterator[Running]:
    """A Throughline in these roles. Raises `SetupFault`s with everything that was started stopped again.

    At the end it first falls silent, then the work ends. `open_doors`: links and webhooks are served where something needs it.
    """
    async with AsyncExitStack() as stack:
        open_home(settings)
        lock = lock_home(settings)
        if lock is not None:
            stack.callback(lock.close)
        await migrate_up(settings)
        lost = asyncio.Event()
        bell = Bell()
        house = build(settings, bell, lost.set, chats)
        stack.push_async_callback(house.database.close)
        stack.push_async_callback(platforms.close, house.platforms.values())
        stack.push_async_callback(house.studio.close)
        heard = [each for name, each in house.platforms.items() if name in roles]
        listening = Listening.to(heard, house.intake)
        front = await _front(house, roles, listening, bell, open_doors=open_doors)
        stack.push_async_callback(front.stop)
        if "worker" in roles:
            await stack.enter_async_context(working(house))
        stack.push_async_callback(_fall_silent, listening, house.intake, front)
        await listening.start()
        yield Running(house, front.url, tuple(each.title for each in heard), lost)


async def _fall_silent(listening: Listening, intake: Intake, front: Front) -> None:
    """Nobody is heard any more; what was heard is stored."""
    await listening.stop()
    await front.stop()
    await intake.close()


async def _front(house: House, roles: Collection[str], listening: Listening, bell: Bell, *, open_doors: bool) -> Front:
    """The server of this process, started.

    A port that is taken is no reason for bots to be dumb, nor for a worker beside a studio. It is one where there is nothing
    but the studio, or where a webhook would never be called.
    """
    calls = hooks.doors(house.backends, house.driver.wake) if open_doors and house.signer else {}
    doors = Doors(house.clips, house.signer if open_doors else None, {**calls, **listening.hooks})
    server: WebStudio | DoorServer
    if "web" in roles:
        server = _studio(house, bell, doors)
    elif doors.any_open:
        server = DoorServer(doors, house.settings.web_host, house.settings.web_port)
    else:
        return Front()
    try:
        await server.start()
    except PortTaken as taken:
        if listening.hooks or ("web" in roles and not listening.of):
            raise
        log.warning("nothing is served here: the port is taken", host=house.settings.web_host, fault=str(taken))
        return Front()
    return Front(server)


def _studio(house: House, bell: Bell, doors: Doors) -> WebStudio:
    """The local studio, not yet open."""
    settings = house.settings
    return WebStudio(
        work=house.work,
        clips=house.clips,
        gate=house.gate,
        take_up=house.studio.take_up,
        view=partial(session_view, house.work, house.backends, house.desk),
        host=settings.web_host,
        port=settings.web_port,
        token=settings.web_token.get_secret_value() if settings.web_token else None,
        locale=settings.language,
        version=release(),
        bell=bell,
        doors=(doors.middleware(),) if doors.any_open else (),
        offering=Linting(house.work),
    )


def roles(settings: Settings, only: str | None = None) -> tuple[str, ...]:
    """What a process does: all that is set up, or `only` that. Raises `BadSetting` for a role that it cannot play."""
    chats = find_chats()
    configured = [name for name, module in chats.items() if module.configured(platforms.setting_for(settings, name))]
    return platforms.roles_for(only, chats.keys(), configured)


async def examine(settings: Settings) -> list[Finding]:
    """The doctor's report."""
    findings = [doctor.python(), *doctor.home(settings), doctor.port(settings)]
    findings.append(await doctor.clips(settings, partial(_clip_store, settings)))
    findings += [doctor.faces(), await _examine_database(settings)]
    findings += await platforms.examine(settings, find_chats())
    try:
        backends = build_backends(settings).backends
    except BadSetting as error:
        return [*findings, doctor.fault("backends", error, settings.language)]
    try:
        return [*findings, *await doctor.backends(backends, settings)]
    finally:
        await backends.close()


async def _examine_database(settings: Settings) -> Finding:
    if settings.on_sqlite and not (settings.home / "throughline.sqlite").exists():
        return Finding("database", "ok", "SQLite; will be made at the first start")
    database = Database(settings.database_url)
    try:
        revision = await migrate.current(database)
    except SetupFault as error:
        return doctor.fault("database", error, settings.language)
    finally:
        await database.close()
    kind = "SQLite" if settings.on_sqlite else "PostgreSQL"
    if revision != migrate.newest():
        return Finding(
            "database", "warning", f"{kind}, at revision {revision}; the next start brings it to {migrate.newest()}"
        )
    return Finding("database", "ok", f"{kind}, at revision {revision}")
