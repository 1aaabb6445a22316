"""What the world may reach: one clip per link, for a while; one hook per name. Real server, real requests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from adapters.doors import BODY_MOST, LINK_SECONDS, Door, Doors, DoorServer, Signer
from bot.errors import PortTaken
from bot.errors_operator import ClipsUnreachable
from storage.clips import LocalClips
from tests.adapters.chat.web.stage import staged
from tests.fakes.film_world import FakeClock

KEY = b"k" * 32
FILM = bytes(range(256)) * 40


@dataclass
class Bell:
    """A hook that remembers who rang."""

    status: int = 200
    rung: list[tuple[str, bytes]] = field(default_factory=list)

    async def door(self, headers: Mapping[str, str], body: bytes) -> int:
        self.rung.append((headers.get("X-Telegram-Bot-Api-Secret-Token", ""), body))
        if body == b"break":
            raise ZeroDivisionError
        return self.status


def signer(clock: FakeClock, key: bytes = KEY, root: str = "https://film.example") -> Signer:
    async def fetch_key() -> bytes:
        return key

    return Signer(fetch_key, root, clock)


@dataclass
class House:
    """A server with doors, and whoever knocks."""

    clips: LocalClips
    clock: FakeClock
    bell: Bell
    http: aiohttp.ClientSession
    root: str

    async def store(self, content: bytes, suffix: str = ".mp4") -> str:
        async with self.clips.scratch() as folder:
            (folder / "file").write_bytes(content)
            return await self.clips.store(folder / "file", suffix)

    async def link(self, digest: str, key: bytes = KEY) -> str:
        made = await signer(self.clock, key, self.root).link(digest)
        assert made is not None
        return made

    async def asks(self, url: str, **more: str) -> tuple[int, bytes]:
        async with self.http.get(url, headers=more) as answer:
            return answer.status, await answer.read()

    async def posts(self, path: str, body: object, **more: str) -> int:
        async with self.http.post(self.root + path, data=body, headers=more) as answer:
            return answer.status


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clips, clock, bell = LocalClips(tmp_path), FakeClock(), Bell()
    hooks: dict[str, Door] = {"telegram": bell.door}
    server = DoorServer(Doors(clips, signer(clock), hooks), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield House(clips, clock, bell, http, f"http://127.0.0.1:{server.port}")
    await server.stop()


# ---------------------------------------------------------------- links


async def test_a_link_serves_its_clip_and_says_what_it_is(house: House) -> None:
    digest = await house.store(FILM)
    async with house.http.get(await house.link(digest)) as answer:
        assert (answer.status, await answer.read()) == (200, FILM)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Content-Disposition"] == f'inline; filename="throughline-{digest[:8]}.mp4"'
        assert answer.headers["Accept-Ranges"] == "bytes"
    async with house.http.head(await house.link(digest)) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(FILM)))


async def test_a_player_may_ask_for_a_part_of_it(house: House) -> None:
    link = await house.link(await house.store(FILM))
    assert await house.asks(link, Range="bytes=100-199") == (206, FILM[100:200])
    assert await house.asks(link, Range="bytes=-10") == (206, FILM[-10:])
    assert (await house.asks(link, Range=f"bytes={len(FILM)}-"))[0] == 416


async def test_a_link_expires(house: House) -> None:
    link = await house.link(await house.store(FILM))
    house.clock.time += LINK_SECONDS
    assert (await house.asks(link))[0] == 200
    house.clock.time += 2
    status, said = await house.asks(link)
    assert (status, said) == (410, b"This link has expired.\n")


async def test_a_link_opens_nothing_else(house: House) -> None:
    digest, other = await house.store(FILM), await house.store(b"another film")
    link = await house.link(digest)
    until = re.findall(r"until=(\d+)", link)[0]
    forged = [
        link.replace(digest, other),
        link.replace(f"until={until}", f"until={int(until) + 1}"),
        link.replace(f"until={until}", f"until=0{until}"),
        link.replace("&sig=", "&sig=0"),
        link[:-1],
        link.partition("&")[0],
        link.partition("?")[0],
        link.replace(digest, "../" + digest),
        link.replace(digest, digest.upper()),
        link + "é",
        await house.link(digest, key=b"another key"),
    ]
    assert {(await house.asks(url))[0] for url in forged} == {404}
    assert (await house.asks(link))[0] == 200


async def test_the_zip_of_a_film_is_to_be_kept_not_watched(house: House) -> None:
    digest = await house.store(b"PK, a film", ".zip")
    async with house.http.get(await house.link(digest)) as answer:
        assert (answer.status, await answer.read()) == (200, b"PK, a film")
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="throughline-{digest[:8]}.zip"'


async def test_a_picture_is_not_a_clip(house: House) -> None:
    assert (await house.asks(await house.link(await house.store(b"a still", ".jpg"))))[0] == 404


async def test_a_clip_that_is_gone_is_not_there(house: House) -> None:
    assert (await house.asks(await house.link("ab" * 32)))[0] == 404


class Away(LocalClips):
    """A store that does not answer."""

    async def path(self, digest: str) -> Path | None:
        raise ClipsUnreachable(place="s3://films", reason="no answer in time")


async def test_a_store_that_is_away_is_no_clip_that_is_gone(tmp_path: Path) -> None:
    clock = FakeClock()
    server = DoorServer(Doors(Away(tmp_path), signer(clock), {}), "127.0.0.1", 0)
    await server.start()
    root = f"http://127.0.0.1:{server.port}"
    made = await signer(clock, KEY, root).link("ab" * 32)
    assert made is not None
    async with aiohttp.ClientSession() as http, http.get(made) as answer:
        said = await answer.text()
    await server.stop()
    assert (answer.status, "films" in said) == (503, False)


async def test_the_key_is_asked_for_once_and_never_shown() -> None:
    asked = signer(FakeClock())
    await asked.link("ab" * 32)
    asked.fetch_key = None  # type: ignore[assignment]
    assert await asked.link("ab" * 32)
    assert KEY.decode() not in repr(asked)


# ---------------------------------------------------------------- hooks


async def test_a_hook_is_handed_headers_and_body(house: House) -> None:
    assert await house.posts("/hooks/telegram", b"{}", **{"x-telegram-bot-api-secret-token": "s3cret"}) == 200
    assert house.bell.rung == [("s3cret", b"{}")]
    house.bell.status = 401
    assert await house.posts("/hooks/telegram", b"") == 401


async def test_what_is_no_hook_is_not_there(house: House) -> None:
    assert await house.posts("/hooks/nobody", b"{}") == 404
    assert await house.posts("/hooks/telegram/more", b"{}") == 404
    assert (await house.asks(f"{house.root}/hooks/telegram"))[0] == 405
    assert (await house.asks(f"{house.root}/"))[0] == 404
    assert house.bell.rung == []


async def test_a_body_that_is_too_large_never_reaches_the_door(house: House) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(BODY_MOST // 65536 + 1):
            yield b"x" * 65536

    assert await house.posts("/hooks/telegram", BytesIO(b"x" * (BODY_MOST + 1))) == 413
    assert await house.posts("/hooks/telegram", dripping()) == 413
    assert house.bell.rung == []
    assert await house.posts("/hooks/telegram", BytesIO(b"x" * BODY_MOST)) == 200


async def test_a_door_that_breaks_is_an_error_and_no_more(house: House) -> None:
    assert await house.posts("/hooks/telegram", b"break") == 500
    assert await house.posts("/hooks/telegram", b"{}") == 200


# ---------------------------------------------------------------- where they stand


async def test_in_the_studio_they_need_no_token_of_the_studios(tmp_path: Path) -> None:
    clips, clock, bell = LocalClips(tmp_path / "clips"), FakeClock(), Bell()
    doors = Doors(clips, signer(clock), {"telegram": bell.door})
    async with (
        staged(tmp_path, token="a token of sixteen", doors=(doors.middleware(),)) as stage,
        aiohttp.ClientSession(headers={"Host": "film.example"}) as http,
    ):
        house = House(clips, clock, bell, http, stage.studio.url)
        digest = await house.store(FILM)
        assert await house.asks(await house.link(digest)) == (200, FILM)
        assert await house.posts("/hooks/telegram", b"{}") == 200
        assert (await house.asks(f"{house.root}/clips/{digest}.mp4"))[0] == 421, "the studio still asks who comes"
        assert (await house.asks(f"{house.root}/api/feed", Host="127.0.0.1"))[0] == 401


async def test_a_port_that_is_taken_is_told(house: House, tmp_path: Path) -> None:
    port = int(house.root.rpartition(":")[2])
    with pytest.raises(PortTaken):
        await DoorServer(Doors(LocalClips(tmp_path)), "127.0.0.1", port).start()


def test_without_signer_and_hooks_there_is_nothing_to_open(tmp_path: Path) -> None:
    assert not Doors(LocalClips(tmp_path)).any_open
