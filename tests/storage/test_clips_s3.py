"""Clips in a bucket: what the server may do to us, what lies at hand, and what an operator is told."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.errors import BadSetting, SetupFault
from bot.errors_operator import ClipsUnreachable
from storage.bucket import Bucket
from storage.clips import LocalClips
from storage.clips_s3 import IN_USE_SECONDS, UNUSED_SECONDS, Copies, S3Clips, clip_store
from storage.s3 import Place, Signed
from tests.fakes.s3_server import BUCKET, KEY, REGION, SECRET, S3Server

FILM = b"\x00\x00\x00\x18ftypmp42" * 10_000
DIGEST = hashlib.sha256(FILM).hexdigest()
NAME = f"house/{DIGEST[:2]}/{DIGEST}.mp4"
QUICK = (0.01, 0.01, 0.01)


@pytest.fixture
async def server() -> AsyncIterator[S3Server]:
    async with S3Server() as running:
        yield running


def place_of(server: S3Server, **other: str) -> Place:
    given = {"endpoint": server.url, "region": REGION, "key": KEY, "secret": SECRET, **other}
    return Place.read(given.pop("url", f"s3://{BUCKET}/house"), **given)


def clips_of(server: S3Server, folder: Path, silence: float = 5.0, **other: str) -> S3Clips:
    return S3Clips(Bucket(place_of(server, **other), QUICK, silence), Copies(folder))


async def keep(clips: S3Clips, body: bytes = FILM) -> str:
    async with clips.scratch() as folder:
        file = folder / "film.mp4"
        file.write_bytes(body)
        return await clips.store(file, ".mp4")


def read(path: Path | None) -> bytes | None:
    return path.read_bytes() if path else None


# ---------------------------------------------------------------- two machines


async def test_what_one_machine_stores_another_reads_and_brings_once(server: S3Server, tmp_path: Path) -> None:
    here, there = clips_of(server, tmp_path / "here"), clips_of(server, tmp_path / "there")
    assert await keep(here) == DIGEST
    assert server.objects == {NAME: FILM}
    found = await asyncio.gather(*(there.path(DIGEST) for _ in range(8)))
    assert {read(path) for path in found} == {FILM}
    assert server.asked["GET"] == 1
    assert read(await here.path(DIGEST)) == FILM
    assert server.asked["GET"] == 1
    assert list((tmp_path / "there" / "scratch").iterdir()) == []


async def test_what_is_there_is_not_sent_again(server: S3Server, tmp_path: Path) -> None:
    await keep(clips_of(server, tmp_path / "here"))
    await keep(clips_of(server, tmp_path / "there"))
    assert server.asked["PUT"] == 1


async def test_a_folder_of_clips_copied_into_the_bucket_is_a_store(server: S3Server, tmp_path: Path) -> None:
    local = LocalClips(tmp_path / "clips")
    (tmp_path / "film").write_bytes(FILM)
    await local.store(tmp_path / "film", ".mp4")
    for file in (tmp_path / "clips").glob("??/*"):
        server.objects[file.relative_to(tmp_path / "clips").as_posix()] = file.read_bytes()
    moved = clips_of(server, tmp_path / "copies", url=f"s3://{BUCKET}")
    found = await moved.path(DIGEST)
    assert (read(found), found and found.suffix) == (FILM, ".mp4")


async def test_a_large_clip_goes_both_ways_in_pieces(server: S3Server, tmp_path: Path) -> None:
    large = os.urandom(1 << 20) * 9 + b"end"
    digest = await keep(clips_of(server, tmp_path / "here"), large)
    assert read(await clips_of(server, tmp_path / "there").path(digest)) == large


async def test_an_empty_file_is_a_file(server: S3Server, tmp_path: Path) -> None:
    digest = await keep(clips_of(server, tmp_path / "here"), b"")
    assert read(await clips_of(server, tmp_path / "there").path(digest)) == b""


# ---------------------------------------------------------------- a server that is ill


async def test_three_faults_of_the_server_are_outlasted(server: S3Server, tmp_path: Path) -> None:
    server.failing = len(QUICK)
    assert await keep(clips_of(server, tmp_path)) == DIGEST
    assert server.objects == {NAME: FILM}


async def test_a_server_that_stays_ill_is_told_and_the_clip_is_not_lost(server: S3Server, tmp_path: Path) -> None:
    clips, server.failing = clips_of(server, tmp_path), 1000
    async with clips.scratch() as folder:
        (folder / "film").write_bytes(FILM)
        with pytest.raises(ClipsUnreachable, match="HTTP 500 InternalError"):
            await clips.store(folder / "film", ".mp4")
        assert (folder / "film").read_bytes() == FILM
    server.failing = 0
    assert await keep(clips) == DIGEST


async def test_nobody_at_the_address_is_told(server: S3Server, tmp_path: Path) -> None:
    clips = clips_of(server, tmp_path, endpoint="http://127.0.0.1:1")
    with pytest.raises(ClipsUnreachable) as told:
        await clips.path(DIGEST)
    assert "127.0.0.1:1" in str(told.value)
    assert isinstance(told.value, SetupFault)


async def test_a_server_that_never_answers_is_given_up(server: S3Server, tmp_path: Path) -> None:
    server.hanging = True
    with pytest.raises(ClipsUnreachable, match="no answer in time"):
        await clips_of(server, tmp_path, silence=0.1).path(DIGEST)


async def test_what_is_at_hand_is_had_without_the_server(server: S3Server, tmp_path: Path) -> None:
    clips = clips_of(server, tmp_path)
    await keep(clips)
    server.failing = 1000
    assert read(await clips.path(DIGEST)) == FILM


async def test_a_clip_that_is_cut_off_is_fetched_again(server: S3Server, tmp_path: Path) -> None:
    server.objects[NAME], server.broken = FILM, 2
    assert read(await clips_of(server, tmp_path).path(DIGEST)) == FILM
    assert server.asked["GET"] == 3


async def test_a_slow_server_is_waited_for_while_it_goes_on(server: S3Server, tmp_path: Path) -> None:
    server.objects[NAME], server.drip = FILM, 0.005
    assert read(await clips_of(server, tmp_path, silence=0.5).path(DIGEST)) == FILM
    assert server.asked["GET"] == 1


async def test_what_is_not_what_its_name_says_is_never_handed_out(
    server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.objects[NAME], server.lies[NAME] = FILM, b"x" * len(FILM)
    clips = clips_of(server, tmp_path)
    with caplog.at_level(logging.ERROR):
        assert await clips.path(DIGEST) is None
    assert "something else" in caplog.text
    server.lies.clear()
    assert read(await clips.path(DIGEST)) == FILM


async def test_a_torn_object_is_mended_by_the_next_who_stores_it(server: S3Server, tmp_path: Path) -> None:
    server.objects[NAME] = FILM[:100]
    await keep(clips_of(server, tmp_path))
    assert server.objects[NAME] == FILM


async def test_what_only_begins_like_a_clip_is_none(server: S3Server, tmp_path: Path) -> None:
    server.objects[f"{NAME}.part"] = FILM
    assert await clips_of(server, tmp_path).path(DIGEST) is None


@pytest.mark.parametrize("lie", [FILM[:-1], FILM + b"x"])
async def test_a_clip_of_another_length_than_was_listed_is_none(server: S3Server, tmp_path: Path, lie: bytes) -> None:
    server.objects[NAME], server.lies[NAME] = FILM, lie
    with pytest.raises(ClipsUnreachable, match="than there should be"):
        await clips_of(server, tmp_path).path(DIGEST)


# ---------------------------------------------------------------- what lies at hand


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[int], Copies]:
    return lambda limit: Copies(tmp_path / "copies", limit)


async def kept(copies: Copies, folder: Path, number: int, age: float) -> str:
    """A copy of 1,000 bytes that was last used so long ago."""
    file = folder / f"{number}"
    file.write_bytes(f"{number:04}".encode() * 250)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    await copies.keep(file, ".mp4")
    found = await copies.path(digest)
    assert found is not None
    os.utime(found, (time.time() - age, time.time() - age))
    return digest


async def test_the_least_recently_used_make_room(copies: Callable[[int], Copies], tmp_path: Path) -> None:
    few = copies(10_000)
    old = [await kept(few, tmp_path, number, 2 * IN_USE_SECONDS - number) for number in range(15)]
    held = sum(file.stat().st_size for file in (tmp_path / "copies").glob("??/*"))
    assert 8_000 <= held <= 10_000
    there = [await few.path(digest) is not None for digest in old]
    assert there == sorted(there)
    assert there[-1]


async def test_what_was_used_within_the_hour_stays_whatever_the_limit(
    copies: Callable[[int], Copies], tmp_path: Path
) -> None:
    none = copies(0)
    used = [await kept(none, tmp_path, number, IN_USE_SECONDS / 2) for number in range(5)]
    idle = await kept(none, tmp_path, 5, 2 * IN_USE_SECONDS)
    await kept(none, tmp_path, 6, 0)
    assert all([await none.path(digest) for digest in used])
    assert await none.path(idle) is None


async def test_to_be_asked_for_is_to_be_used(copies: Callable[[int], Copies], tmp_path: Path) -> None:
    none = copies(0)
    idle = await kept(none, tmp_path, 1, 2 * IN_USE_SECONDS)
    assert await none.path(idle) is not None
    await kept(none, tmp_path, 2, 0)
    assert await none.path(idle) is not None


async def test_what_nobody_used_for_a_month_goes(copies: Callable[[int], Copies], tmp_path: Path) -> None:
    await kept(copies(10_000), tmp_path, 1, UNUSED_SECONDS + 60)
    new = copies(10_000)  # as after a restart
    await kept(new, tmp_path, 2, 0)
    assert len(list((tmp_path / "copies").glob("??/*"))) == 1


# ---------------------------------------------------------------- what an operator is told


@pytest.mark.parametrize(
    ("wrong", "name", "why"),
    [
        ({"key": "ANOTHER"}, "AWS_ACCESS_KEY_ID", "does not accept"),
        ({"secret": "another-secret"}, "AWS_SECRET_ACCESS_KEY", "not the secret"),
        ({"region": "us-east-1"}, "AWS_REGION", f"the bucket is in {REGION}"),
        ({"url": "s3://nowhere"}, "THROUGHLINE_CLIPS_URL", "no bucket nowhere"),
    ],
)
async def test_a_wrong_setting_is_named(
    server: S3Server, tmp_path: Path, wrong: dict[str, str], name: str, why: str
) -> None:
    clips = S3Clips(Bucket(place_of(server, **wrong), QUICK), Copies(tmp_path))
    for ask in (clips.path(DIGEST), keep(clips), clips.examine()):
        with pytest.raises(BadSetting) as told:
            await ask
        assert told.value.params["name"] == name
        assert why in str(told.value.params["reason"])
        assert SECRET not in f"{told.value!r} {told.value}"


@pytest.mark.parametrize(
    ("method", "deed"), [("PUT", "write"), ("LIST", "list"), ("GET", "read"), ("DELETE", "delete")]
)
async def test_the_trial_finds_what_a_key_may_not(server: S3Server, tmp_path: Path, method: str, deed: str) -> None:
    clips = clips_of(server, tmp_path)
    await clips.examine()
    assert server.objects == {}
    assert server.asked == {"PUT": 1, "LIST": 1, "GET": 1, "DELETE": 1}
    server.forbidden = {method}
    with pytest.raises(BadSetting, match=f"may not {deed}"):
        await clips.examine()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"url": "https://films"}, "THROUGHLINE_CLIPS_URL"),
        ({"url": "s3://a"}, "THROUGHLINE_CLIPS_URL"),
        ({"url": "s3://films/../others"}, "THROUGHLINE_CLIPS_URL"),
        ({"url": "s3://films/a b"}, "THROUGHLINE_CLIPS_URL"),
        ({"key": ""}, "AWS_ACCESS_KEY_ID"),
        ({"secret": ""}, "AWS_SECRET_ACCESS_KEY"),
        ({"secret": "two words"}, "AWS_SECRET_ACCESS_KEY"),
        ({"region": "Europe!"}, "AWS_REGION"),
        ({"endpoint": "minio:9000"}, "AWS_ENDPOINT_URL"),
        ({"endpoint": "http://me:word@minio:9000"}, "AWS_ENDPOINT_URL"),
        ({"endpoint": "http://minio:9000/films"}, "AWS_ENDPOINT_URL"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(given: dict[str, str], name: str) -> None:
    usual = {"url": "s3://films", "endpoint": "", "region": "", "key": KEY, "secret": SECRET}
    with pytest.raises(BadSetting) as told:
        Place.read(**{**usual, **given})
    assert told.value.params["name"] == name
    assert "word" not in str(told.value.params["reason"]).replace("password", "")


def test_without_an_endpoint_it_is_amazon(tmp_path: Path) -> None:
    for region, host in (("", "s3.us-east-1.amazonaws.com"), ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn")):
        place = Place.read("s3://films/", endpoint="", region=region, key=KEY, secret=SECRET)
        assert place.root == f"https://{host}/films"
        assert SECRET not in f"{place!r} {place} {Bucket(place)!r} {S3Clips(Bucket(place), Copies(tmp_path))!r}"
    assert isinstance(clip_store(tmp_path, "", 1), LocalClips)


async def test_nothing_secret_is_logged(server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server.failing = 2
    with caplog.at_level(logging.DEBUG):
        await keep(clips_of(server, tmp_path))
    assert "tried again" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, "Signature=", KEY))


# ---------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_signatures_are_those_that_amazon_publishes(query: str, signature: str) -> None:
    place = Place.read(
        "s3://examplebucket",
        endpoint="",
        region="us-east-1",
        key="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    request = httpx.Request("GET", f"https://examplebucket.s3.amazonaws.com/?{query}")
    signed = next(Signed(place, lambda: datetime(2013, 5, 24, tzinfo=UTC)).auth_flow(request))
    assert signed.headers["Authorization"].endswith(f"Signature={signature}")


async def test_a_token_goes_along_signed(server: S3Server, tmp_path: Path) -> None:
    server.token = "for-a-while"
    await keep(clips_of(server, tmp_path, token="for-a-while"))
    with pytest.raises(BadSetting, match="InvalidToken"):
        await keep(clips_of(server, tmp_path), b"another")
