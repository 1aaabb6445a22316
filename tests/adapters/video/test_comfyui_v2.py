"""ComfyUI through the Comfy API v2: behind the real comfy-api-proxy, and what only other hosts do."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.video.comfyui import ComfyUI
from adapters.video.comfyui_v2 import label_at
from bot.capabilities import Repeat
from bot.errors import BadOrder, NeverMade, OutOfQuota, Unclear, WrongKey
from bot.paperwork import Phase
from tests.adapters.video.stage_comfyui import TOKEN, filming, proxied
from tests.adapters.video.test_comfyui import WORDS, a_picture, an_order, inputs, seen
from tests.fakes.comfyui_server import ComfyUIServer
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.needs import require


@asynccontextmanager
async def process(server: ComfyUIServer, token: str) -> AsyncIterator[str]:
    """The address of the real proxy as operators run it: a process of its own."""
    require(importlib.util.find_spec("comfy_api_proxy") is not None, "comfy-api-proxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--comfyui", server.url, "--port", str(port), "--token", token)
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "comfy_api_proxy.cli",
        *options,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await answering(f"http://127.0.0.1:{port}/api/v2/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        await running.wait()


async def answering(address: str) -> None:
    """Wait until something answers there."""
    async with asyncio.timeout(20), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                await client.get(address)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return


@asynccontextmanager
async def faulty_host(tmp_path: Path, **server: Any) -> AsyncIterator[tuple[ComfyUIServer, FaultProxy, ComfyUI]]:
    """The proxy in this process, with a place for faults in front of it."""
    async with (
        ComfyUIServer(**server) as comfy,
        proxied(comfy) as url,
        FaultProxy(url) as proxy,
        filming(proxy.url, tmp_path) as backend,
    ):
        yield comfy, proxy, backend


def says(code: str, message: str = "No.") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": None}}


# ---------------------------------------------------------------- the real proxy, as a process


async def test_films_from_words_and_a_picture_through_the_real_proxy(tmp_path: Path) -> None:
    async with (
        ComfyUIServer(film_seconds=0.6) as server,
        process(server, TOKEN) as url,
        filming(f"{url}/api/v2", tmp_path, key=TOKEN) as backend,
    ):
        order = an_order("wan22_image", seconds=2)
        remote_id = await backend.submit(order, a_picture(tmp_path))
        assert inputs(server, "93")["text"] == WORDS
        assert inputs(server, "97")["image"] in server.pictures
        assert (await backend.search(order, time.time())).candidates == (remote_id,)
        shares = set()
        async with asyncio.timeout(20):
            while (report := await backend.report(remote_id)).phase in (Phase.QUEUED, Phase.ROLLING):
                shares.add(report.progress)
                await asyncio.sleep(0.02)
        assert report.phase is Phase.FINISHED
        assert any(share and share < 1 for share in shares), shares
        await backend.fetch(remote_id, tmp_path / "clip")
        assert (tmp_path / "clip").read_bytes()[4:8] == b"ftyp"


async def test_a_second_order_with_the_same_key_finds_the_first(tmp_path: Path) -> None:
    async with (
        ComfyUIServer(film_seconds=20) as server,
        process(server, TOKEN) as url,
        filming(url, tmp_path, key=TOKEN) as backend,
    ):
        order = an_order()
        assert await backend.submit(order, None) == await backend.submit(order, None)
        assert len(server.jobs) == 1
        assert any("not accept" not in each.text and "Comfy API v2" in each.text for each in await backend.examine())


# ---------------------------------------------------------------- following and stopping


async def test_a_wrong_token_is_a_wrong_key(tmp_path: Path) -> None:
    async with (
        ComfyUIServer() as server,
        proxied(server, TOKEN) as url,
        filming(url, tmp_path, key="wrong-token-123") as backend,
    ):
        with pytest.raises(WrongKey):
            await backend.submit(an_order(), None)
        assert any("does not accept COMFYUI_API_KEY" in each.text for each in await backend.examine())


async def test_stops_what_waits_and_what_rolls_there_too(tmp_path: Path) -> None:
    async with faulty_host(tmp_path, film_seconds=20) as (_, _, backend):
        rolling, waiting = [await backend.submit(an_order(), None) for _ in range(2)]
        await seen(backend, rolling, Phase.ROLLING)
        reports = await backend.reports([rolling, waiting])
        assert (reports[waiting].phase, reports[waiting].place) == (Phase.QUEUED, 1)
        assert await backend.cancel(waiting)
        assert await backend.cancel(rolling)
        assert (await backend.report(waiting)).phase is Phase.CANCELLED
        await seen(backend, rolling, Phase.CANCELLED)


async def test_a_job_that_ends_between_two_looks_of_the_proxy_has_not_expired(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (_, proxy, backend):
        remote_id = await backend.submit(an_order(), None)
        await seen(backend, remote_id, Phase.FINISHED)
        expired = Fault(
            "GET", r"/jobs/", times=1, reaches=True, change=lambda job: {**job, "status": "expired", "outputs": []}
        )
        proxy.faults.append(expired)
        assert (await backend.report(remote_id)).phase is Phase.FINISHED
        assert expired.struck == 1


async def test_what_comfyui_forgot_has_expired(tmp_path: Path) -> None:
    async with faulty_host(tmp_path, film_seconds=20) as (server, _, backend):
        remote_id = await backend.submit(an_order(), None)
        server.restart()
        assert (await backend.report(remote_id)).phase is Phase.EXPIRED
        assert not await backend.reports([remote_id])


async def test_at_most_eight_streams_are_listened_to(tmp_path: Path) -> None:
    async with faulty_host(tmp_path, film_seconds=20) as (_, proxy, backend):
        ids = [await backend.submit(an_order(), None) for _ in range(10)]
        proxy.faults.append(Fault("GET", r"/jobs\?", reaches=True, change=_all_rolling))
        for _ in range(3):
            await backend.reports(ids)
            await asyncio.sleep(0.05)
        assert 1 <= proxy.asked("GET", "/events$") <= 8


def _all_rolling(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "jobs": [{**job, "status": "running"} for job in answer["jobs"]]}


# ---------------------------------------------------------------- orders that go wrong


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (422, says("invalid_workflow"), BadOrder),
        (422, says("workflow_format_ui"), BadOrder),
        (422, says("missing_asset"), BadOrder),
        (429, says("queue_full"), NeverMade),
        (402, says("insufficient_credits"), OutOfQuota),
        (401, says("unauthorized"), WrongKey),
        (403, says("forbidden"), WrongKey),
        (503, says("upstream_unreachable"), Unclear),
    ],
)
async def test_its_codes_mean_what_they_say(tmp_path: Path, status: int, body: Any, raised: type[Exception]) -> None:
    async with faulty_host(tmp_path) as (server, proxy, backend):
        proxy.faults.append(Fault("POST", r"/jobs$", status=status, body=body))
        with pytest.raises(raised):
            await backend.submit(an_order(), None)
        assert not server.jobs


async def test_a_graph_that_does_not_fit_is_told_in_the_words_of_its_nodes_here_too(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (server, _, backend):
        server.kinds["UNETLoader"].required["unet_name"].clear()
        with pytest.raises(BadOrder, match=r"node 37 \(UNETLoader\): Value not in list"):
            await backend.submit(an_order(), None)


async def test_with_comfyui_gone_behind_the_proxy_nothing_is_sent_and_no_key_is_lost(tmp_path: Path) -> None:
    async with ComfyUIServer() as gone:
        pass
    async with proxied(gone) as url, filming(url, tmp_path, door="v2") as backend:
        with pytest.raises(NeverMade):
            await backend.submit(an_order(), None)


async def test_a_key_that_is_taken_without_a_job_is_never_sent_again(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (_, proxy, backend):
        order, now = an_order(), time.time()
        assert (await backend.search(order, now)).complete
        proxy.faults.append(Fault("POST", r"/jobs$", status=422, body=says("idempotency_key_reuse")))
        with pytest.raises(Unclear):
            await backend.submit(order, None)
        assert not (await backend.search(order, now)).complete
        assert (await backend.search(an_order(), now)).complete


async def test_a_list_that_was_cut_is_not_believed_to_be_whole(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (_, proxy, backend):
        proxy.faults.append(Fault("GET", r"/jobs\?", status=200, body={"jobs": [], "truncated": True}))
        assert not (await backend.search(an_order(), time.time())).complete


# ---------------------------------------------------------------- what other hosts do


@pytest.mark.parametrize(
    ("host", "label"), [("127.0.0.1", "text"), ("cloud.comfy.org", "none"), ("mine.run.comfy.app", "map")]
)
def test_the_label_fits_the_host(host: str, label: str) -> None:
    assert label_at(host) == label


async def test_a_refused_label_is_written_in_another_way_and_remembered(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (_, proxy, backend):
        no = says("invalid_request", "'metadata' must be a map.")
        proxy.faults.append(Fault("POST", r"/jobs$", times=1, status=422, body=no))
        with pytest.raises(NeverMade) as fault:
            await backend.submit(an_order(), None)
        assert fault.value.retry_after == 0.0
        with pytest.raises(NeverMade):  # the real proxy, in turn, wants no map
            await backend.submit(an_order(), None)
        order = an_order()
        assert await backend.submit(order, None)
        assert (await backend.search(order, time.time())).complete
        assert not (await backend.search(order, time.time() - 86_400)).complete


async def test_a_host_without_a_list_is_asked_job_by_job(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (server, proxy, backend):
        proxy.faults.append(Fault("GET", r"/jobs\?", status=501, body=says("not_implemented")))
        remote_id = await backend.submit(order := an_order(), None)
        assert not await backend.reports([remote_id])
        assert not backend.lists
        assert (await backend.search(order, time.time())).complete
        with pytest.raises(Unclear):
            await backend.submit(order, None)
        assert not (await backend.search(order, time.time())).complete
        assert len(server.jobs) == 1
        assert (await seen(backend, remote_id, Phase.FINISHED)).progress == 1.0


async def test_what_it_can_do_names_the_key(tmp_path: Path) -> None:
    async with faulty_host(tmp_path) as (_, _, backend):
        assert (await backend.capabilities()).repeat is Repeat.REJECTS
