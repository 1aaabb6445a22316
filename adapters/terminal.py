"""Filming from a terminal: ``throughline generate`` without a chat.

The wish goes the same way as a member's: stored, handled, driven by the engine. If another Throughline already runs on the
data folder, that one films; else this process does.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from adapters.home import open_home
from bot import commands
from bot.backends import split_choice
from bot.cards import Card
from bot.commands import Generate
from bot.errors import HomeInUse, UnknownBackend
from bot.film import new_id
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.spine import Spine
from bot.states import Job, State
from bot.takecard import take_card

if TYPE_CHECKING:
    from adapters.bootstrap import House
    from adapters.settings import Settings

BAR_CELLS = 24
LOOK_EVERY = 0.2
CANCEL_WITHIN = 8.0


class TerminalPoster:
    """`ports.Poster` for wishes from a terminal: the command itself watches the row and fetches the clip."""

    platform = "terminal"
    pace = 3600.0
    still_pixels = 0

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Nothing to show: nobody but the command looks."""
        return posted or key

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Nothing to show."""

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """Nothing to say: the command says it."""

    async def room(self, address: Address) -> int | None:
        """Any size."""
        return None

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """Nothing to post: the clip is in the store."""
        return posted or key


class NotFilmed(Exception):
    """The take ended without a clip; the text is the card's sentence."""


@dataclass(frozen=True)
class Request:
    """What the command line asked for."""

    prompt: str
    out: Path
    seconds: int | None = None
    shape: str | None = None
    style: str | None = None
    backend: str | None = None
    seed: int | None = None
    image: Path | None = None
    show_prompt: bool = False


@asynccontextmanager
async def house_for(settings: Settings, *, drives: bool = True) -> AsyncIterator[House]:
    """This process as a worker; where a Throughline runs on the data folder, that one films, and this one only asks and watches.

    `drives`: False where nothing is to be filmed.
    """
    from adapters import bootstrap

    async with AsyncExitStack() as stack:
        try:
            if not drives:
                raise HomeInUse
            running = bootstrap.running(settings, ("worker",), open_doors=False)
            house = (await stack.enter_async_context(running)).house
        except HomeInUse:
            open_home(settings)
            await bootstrap.migrate_up(settings)
            house = bootstrap.build(settings)
            stack.push_async_callback(house.database.close)
            stack.push_async_callback(house.backends.close)
        yield house


async def film(house: House, request: Request, screen: TextIO = sys.stderr) -> Path:
    """Film one shot and write the clip to `request.out`. Raises `Declined`, `SetupFault` or `NotFilmed`."""
    writable(request.out)
    asking = asyncio.ensure_future(_ask(house, request, screen))
    try:
        job = await asyncio.shield(asking)
        ended = await _watch(house, job, screen)
    except asyncio.CancelledError:
        await asyncio.shield(_stop(house, asking))
        raise
    return await _hand_over(house, ended, request.out)


def writable(out: Path) -> None:
    """Say so now, not after the money is spent."""
    folder = out.parent
    if not folder.is_dir():
        raise NotFilmed(f"The folder {folder} is not there, so the clip could not be written.")
    if out.is_dir():
        raise NotFilmed(f"{out} is a folder; name a file for the clip.")


async def _ask(house: House, request: Request, screen: TextIO) -> Job:
    """Store the wish and handle it, as a member of its own: nothing is carried over between two calls."""
    desk = replace(house.desk, caps=replace(house.desk.caps, approve_above=None))  # nobody could tap here
    if request.backend is not None:
        if split_choice(request.backend)[0] not in house.backends.names():
            raise UnknownBackend(backend=request.backend, backends=", ".join(house.backends.names()))
        desk = replace(desk, default=request.backend, offered=(request.backend, *house.backends.names()))
    asker = f"terminal:{new_id()}"
    member, address = Member(asker), Address("terminal", asker, member=asker, locale=house.settings.language)
    command = commands.build("generate", await _values(house, request))
    assert isinstance(command, Generate)
    wish = Wish(new_id(), member, address, commands.to_dict(command), house.clock.now())
    async with house.work() as w:
        await w.wishes.add(wish)
        if request.style:
            await w.sessions.set_spine(asker, Spine().set(look=request.style))
    try:
        answer = await replace(house.studio, desk=desk).handle(command, wish)
    finally:
        async with house.work() as w:  # nobody takes it up a second time, whatever happens to this command
            await w.wishes.handled(wish.id, Card(), None)
            await w.wishes.answered(wish.id)
    async with house.work() as w:
        job = await w.jobs.get(answer.job or "")
        take = await w.takes.get(job.take) if job else None
    assert job is not None
    assert take is not None  # both made by the handler's transaction
    if request.show_prompt:
        screen.write(f"{take.brief.text}\n")
    return job


async def _values(house: House, request: Request) -> dict[str, object]:
    values: dict[str, object] = {
        "prompt": request.prompt,
        "seconds": request.seconds,
        "shape": request.shape,
        "seed": request.seed,
        "model": request.backend,
    }
    if request.image is not None:
        values["image"] = await _stored_image(house, request.image)
    return values


async def _stored_image(house: House, image: Path) -> str:
    if not await asyncio.to_thread(image.is_file):
        raise NotFilmed(f"There is no picture at {image}.")
    await house.gate.picture(image)
    async with house.clips.scratch() as folder:
        copy = folder / "image"
        await asyncio.to_thread(shutil.copyfile, image, copy)
        return await house.clips.store(copy, image.suffix.lower() or ".png")


async def _watch(house: House, job: Job, screen: TextIO) -> Job:
    bar = _Bar(screen)
    while True:
        async with house.work() as w:
            row = await w.jobs.get(job.id)
        assert row is not None
        bar.draw(row)
        if row.state.ended or row.state.parked:
            bar.end()
            return row
        house.check_room()
        await house.clock.sleep(LOOK_EVERY)


async def _hand_over(house: House, job: Job, out: Path) -> Path:
    async with house.work() as w:
        take = await w.takes.get(job.take)
    assert take is not None
    path = await house.clips.path(take.clip.digest) if take.clip else None
    if path is None or job.state not in (State.DONE, State.UNDELIVERED):
        raise NotFilmed(await sentence_of(house, job))
    part = out.with_name(f".{out.name}.{new_id()}.part")
    try:
        await asyncio.to_thread(shutil.copyfile, path, part)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotFilmed(f"The clip could not be written to {out}: {error.strerror}. It is kept at {path}.") from None
    return out


async def sentence_of(house: House, job: Job) -> str:
    from bot.delivery import take_view

    async with house.work() as w:
        card = take_card(await take_view(w, job, {}), house.clock.now(), house.settings.language)
    return " ".join(card.lines) or card.status


async def _stop(house: House, asking: asyncio.Future[Job]) -> None:
    """Interrupted: cancel the take, and give its driver a moment to tell the backend."""
    job_id = (await asking).id
    async with house.work() as w:
        await w.jobs.ask_cancel(job_id)
    until = house.clock.now() + CANCEL_WITHIN
    while house.clock.now() < until:
        async with house.work() as w:
            row = await w.jobs.get(job_id)
        if row is None or row.state.ended:
            return
        await house.clock.sleep(LOOK_EVERY)


class _Bar:
    """24 cells, one second of film. On anything but a terminal, one line a state."""

    def __init__(self, screen: TextIO) -> None:
        self._screen, self._live, self._last = screen, screen.isatty(), ""

    def draw(self, job: Job) -> None:
        cells = round((job.progress or 0.0) * BAR_CELLS)
        share = f"{round((job.progress or 0.0) * 100):3d} %" if job.progress is not None else "     "
        state = job.state.value if not job.attempts else f"{job.state.value}, attempt {job.attempts + 1}: {job.reason}"
        text = f"{'▰' * cells}{'▱' * (BAR_CELLS - cells)} {share}  {state}" if self._live else state
        if text == self._last:
            return
        self._last = text
        self._screen.write(f"\r\x1b[K{text}" if self._live else f"{text}\n")
        self._screen.flush()

    def end(self) -> None:
        if self._live:
            self._screen.write("\r\x1b[K")
            self._screen.flush()
