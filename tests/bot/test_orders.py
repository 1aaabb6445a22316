"""Orders: what goes on from a clip names it, what names a picture brings it, and the row keeps all of it but the files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.brief import compile_brief
from bot.capabilities import Edit, Extension, Pictures
from bot.film import Shape
from bot.orders import order_from_text, order_to_text
from bot.paperwork import Order
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeClock


@dataclass
class Curious(FakeBackend):
    """Remembers what was in the files it was handed."""

    handed: list[dict[str, bytes]] = field(default_factory=list)

    async def submit(self, order: Order, reference: Path | None) -> str:
        files = {digest: path.read_bytes() for digest, path in order.files.items()}
        first = {"first": reference.read_bytes()} if reference else {}
        self.handed.append({**files, **first})
        return await super().submit(order, reference)


def a_chat(folder: Path) -> tuple[Chat, Curious]:
    backend = Curious(clock=FakeClock())
    return Chat(folder, backend), backend


def stored(chat: Chat, words: bytes) -> str:
    digest = hashlib.sha256(words).hexdigest()
    (chat.clips.root / digest).write_bytes(words)
    return digest


def orders(backend: FakeBackend) -> list[Order]:
    return list(backend.accepted.values())


def test_an_order_comes_back_from_its_row() -> None:
    brief = replace(compile_brief("a fox", seconds=8), last_frame="l", references=("r",), sound=False, resolution="4k")
    order = Order("j", brief, "m", "1A-1", extend_of="r-1", source="d", change="at night", files={"d": Path("x")})
    assert order_from_text(order_to_text(order)) == order
    assert order_from_text(order_to_text(order)).files == {}


async def test_a_remix_names_its_clip_and_a_retake_of_it_does_not(tmp_path: Path) -> None:
    chat, backend = a_chat(tmp_path)
    backend.can = replace(backend.can, remixes=True)
    first = await chat.says("a fox")
    await chat.taps("Remix", first, "at night")
    await chat.says("/retake")

    assert [order.remix_of for order in orders(backend)] == [None, "fake-1", None]
    assert orders(backend)[1].change == "at night"
    assert all("a fox" in order.brief.text for order in orders(backend))


async def test_going_on_names_the_clip_that_it_goes_on_from(tmp_path: Path) -> None:
    chat, backend = a_chat(tmp_path)
    backend.can = replace(backend.can, extends=True, remixes=True)
    await chat.says("a fox")
    await chat.says("/extend")

    assert [(order.extend_of, order.remix_of) for order in orders(backend)] == [(None, None), ("fake-1", None)]
    assert backend.handed == [{}, {}]


async def test_where_the_clip_is_uploaded_its_file_goes_along(tmp_path: Path) -> None:
    chat, backend = a_chat(tmp_path)
    backend.can = replace(backend.can, extends=True, remixes=True, edit=Edit.BY_UPLOAD, extension=Extension.BY_UPLOAD)
    first = await chat.says("a fox")
    clip = (await chat.take(first)).clip
    assert clip is not None
    await chat.taps("Remix", first, "at night")
    await chat.says("/extend 1A-1")

    assert [list(files) for files in backend.handed] == [[], [clip.digest], [clip.digest]]


async def test_pictures_are_brought_along_and_frames_are_fitted(tmp_path: Path) -> None:
    chat, backend = a_chat(tmp_path)
    backend.can = replace(
        backend.can, resolution="720p", pictures=Pictures(last=True, references=2, exact=True), resolutions=("720p",)
    )
    first, last, face = (stored(chat, each) for each in (b"first", b"last", b"face"))
    chat.engine.frozen = True
    card = await chat.says("/generate a fox shape:tall")
    job = await chat.job(card)
    take = chat.store.rows.takes[job.take]
    brief = replace(take.brief, reference=first, last_frame=last, references=(face,))
    chat.store.rows.takes[job.take] = replace(take, brief=brief)
    await chat.driver(job.id)

    assert backend.handed == [{"first": b"first", last: b"last", face: b"face"}]
    assert sorted(chat.gate.fitted) == [(640, 360), (720, 1280), (720, 1280)], "a face is written anew, in its own size"
    assert brief.shape is Shape.TALL
