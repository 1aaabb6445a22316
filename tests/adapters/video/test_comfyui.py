"""ComfyUI by its own routes: an id of our choosing, pictures, progress, stopping, older builds, what the doctor says."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.video import BackendSettings, comfyui
from adapters.video.comfyui import URL, ComfyUI, build, configured
from adapters.video.comfyui_doctor import exposed
from adapters.video.comfyui_native import id_of
from adapters.video.comfyui_results import NO_CLIP, Result, clip_among, results_of
from adapters.video.http import Api, Site, read_address
from bot.brief import compile_brief
from bot.capabilities import Repeat
from bot.errors import BadOrder, BadSetting, NeverMade, TurnedDown, Unclear, Unreachable
from bot.film import Shape, chance_of, new_id
from bot.paperwork import Order, Phase, Report, Search
from tests.adapters.video.stage_comfyui import PICTURE, TOKEN, filming
from tests.adapters.video.test_comfyui_template import drop
from tests.fakes.comfyui_server import ComfyUIServer
from tests.fakes.fault_proxy import Fault, FaultProxy

WORDS = "A lighthouse at dusk, waves below."


def an_order(model: str | None = None, files: dict[str, Path] | None = None, **changes: Any) -> Order:
    return Order(new_id(), replace(compile_brief(WORDS), **changes), model, files=files or {})


def a_picture(folder: Path, name: str = "fox.png", more: bytes = b"") -> Path:
    picture = folder / name
    picture.write_bytes(PICTURE + more)
    return picture


async def seen(backend: ComfyUI, remote_id: str, *phases: Phase) -> Report:
    """The first report in one of those phases."""
    async with asyncio.timeout(10):
        while True:
            report = await backend.report(remote_id)
            if report.phase in phases:
                return report
            await asyncio.sleep(0.01)


def inputs(server: ComfyUIServer, node: str, number: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = server.jobs[number].graph[node]["inputs"]
    return found


# ---------------------------------------------------------------- the order


async def test_the_id_follows_from_our_job(tmp_path: Path) -> None:
    async with ComfyUIServer() as server, filming(server.url, tmp_path) as backend:
        order = an_order()
        remote_id = await backend.submit(order, None)
        assert remote_id == id_of(order.job) == server.jobs[0].id
        assert str(uuid.UUID(remote_id)) == remote_id
        assert await backend.search(order, 0.0) == Search((remote_id,), complete=True)
        assert await backend.search(an_order(), 0.0) == Search((), complete=True)


async def test_sends_what_was_set_and_leaves_the_rest(tmp_path: Path) -> None:
    async with ComfyUIServer() as server, filming(server.url, tmp_path, negative="text") as backend:
        await backend.submit(an_order(seconds=3, shape=Shape.TALL, seed=42), None)
        assert inputs(server, "6")["text"] == WORDS
        assert inputs(server, "7")["text"] == "text"
        assert inputs(server, "3")["seed"] == 42
        assert {inputs(server, "55")[name] for name in ("width", "height", "length")} == {704, 1280, 73}
        order = an_order()
        await backend.submit(order, None)
        assert inputs(server, "55")["length"] == 121
        assert inputs(server, "55")["width"] == 1280
        assert inputs(server, "3")["seed"] == chance_of(order.job)


async def test_a_picture_is_uploaded_by_what_is_in_it(tmp_path: Path) -> None:
    async with ComfyUIServer() as server, filming(server.url, tmp_path) as backend:
        first, again = a_picture(tmp_path), a_picture(tmp_path, "copy.png")
        other = a_picture(tmp_path, "other.png", b"other")
        for each in (first, again, other):
            await backend.submit(an_order("wan22_image", resolution="720p"), each)
        names = [inputs(server, "97", number)["image"] for number in range(3)]
        assert names[0] == names[1] != names[2]
        assert names[0].startswith("throughline/")
        assert set(server.pictures) == set(names)
        assert inputs(server, "98")["width"] == 1280


async def test_a_picture_sets_the_size_that_it_was_fitted_to(tmp_path: Path) -> None:
    shipped = Path(comfyui.__file__).parent / "data" / "comfyui" / "wan22_image"
    mine = tmp_path / "backends" / "mine"
    shutil.copytree(shipped, mine)
    about = (mine / "map.toml").read_text("utf-8")
    (mine / "map.toml").write_text(about.replace('resolution = "480p"', 'resolution = "720p"'), "utf-8")
    async with ComfyUIServer() as server, filming(server.url, tmp_path) as backend:
        can = (await backend.models())[0].capabilities
        await backend.submit(an_order("mine"), a_picture(tmp_path))
        assert can.size(None, None) == (inputs(server, "98")["width"], inputs(server, "98")["height"]) == (1280, 720)


async def test_a_refused_picture_orders_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "fox.png"
    broken.write_bytes(b"no picture at all")
    async with ComfyUIServer() as server, filming(server.url, tmp_path) as backend:
        with pytest.raises(BadOrder):
            await backend.submit(an_order(), broken)
        assert not server.jobs


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault("POST", r"/upload/image", status=500), NeverMade),
        (Fault("POST", r"/upload/image", reset=True), NeverMade),
        (Fault("POST", r"/upload/image", status=413), BadOrder),
        (Fault("POST", r"/prompt", reset=True), Unclear),
    ],
)
async def test_before_the_order_trouble_is_harmless(tmp_path: Path, fault: Fault, raised: type[Exception]) -> None:
    async with (
        ComfyUIServer() as server,
        FaultProxy(server.url) as proxy,
        filming(proxy.url, tmp_path) as backend,
    ):
        proxy.faults.append(fault)
        with pytest.raises(raised):
            await backend.submit(an_order(), a_picture(tmp_path))
        assert not server.jobs


async def test_nobody_at_the_door_means_never_made(tmp_path: Path) -> None:
    async with filming("http://127.0.0.1:9", tmp_path) as backend:
        with pytest.raises(NeverMade):
            await backend.submit(an_order(), None)
        with pytest.raises(Unreachable):
            await backend.report("x")
        assert (await backend.capabilities()).model == "wan22"
        assert [card.id for card in await backend.models()] == ["wan22", "wan22_image"]


async def test_a_graph_that_does_not_fit_is_told_in_the_words_of_its_nodes(tmp_path: Path) -> None:
    async with ComfyUIServer() as server, filming(server.url, tmp_path, templates=["wan22"]) as backend:
        server.kinds["UNETLoader"].required["unet_name"].remove("wan2.2_ti2v_5B_fp16.safetensors")
        with pytest.raises(BadOrder) as fault:
            await backend.submit(an_order(), None)
        assert "node 37 (UNETLoader): Value not in list: unet_name" in fault.value.reason
        del server.kinds["KSampler"]
        with pytest.raises(BadOrder, match="KSampler does not exist"):
            await backend.submit(an_order(), None)


# ---------------------------------------------------------------- following


async def test_the_place_in_the_queue_is_told(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=20) as server, filming(server.url, tmp_path) as backend:
        ids = [await backend.submit(an_order(), None) for _ in range(3)]
        await seen(backend, ids[0], Phase.ROLLING)
        reports = await backend.reports([*ids, "somebody-else"])
        assert [reports[each].phase for each in ids] == [Phase.ROLLING, Phase.QUEUED, Phase.QUEUED]
        assert [reports[each].place for each in ids] == [None, 1, 2]
        before = len(server.asked)
        await backend.reports(ids)
        assert len(server.asked) == before + 1


async def test_progress_is_heard_while_it_rolls(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=1.0) as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        shares = set()
        async with asyncio.timeout(10):
            while (report := await backend.report(remote_id)).phase in (Phase.QUEUED, Phase.ROLLING):
                shares.add(report.progress)
                await asyncio.sleep(0.02)
        assert report.progress == 1.0
        assert len(shares & {0.2, 0.4, 0.6, 0.8}) >= 2, shares


async def test_without_the_websocket_it_films_all_the_same(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=0.2, mute=True) as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        assert (await seen(backend, remote_id, Phase.ROLLING)).progress is None
        assert (await seen(backend, remote_id, Phase.FINISHED)).progress == 1.0


async def test_a_node_that_breaks_says_why(tmp_path: Path) -> None:
    async with ComfyUIServer(fate="CUDA out of memory") as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        assert (await seen(backend, remote_id, Phase.FAILED)).reason == "KSampler: CUDA out of memory"


async def test_after_a_restart_there_its_jobs_are_lost(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=20) as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        server.restart()
        assert (await backend.report(remote_id)).phase is Phase.LOST


# ---------------------------------------------------------------- the clip


@pytest.mark.parametrize("saves", ["images", "gifs", "video", "videos"])
async def test_the_clip_is_found_wherever_a_node_tells_of_it(tmp_path: Path, saves: str) -> None:
    async with ComfyUIServer(saves=saves) as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        await seen(backend, remote_id, Phase.FINISHED)
        await backend.fetch(remote_id, tmp_path / "clip")
        assert (tmp_path / "clip").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize(("saves", "words"), [("webp", "Save Video"), ("", "without saving a clip")])
async def test_a_workflow_that_saves_no_clip_has_failed_with_a_sentence(tmp_path: Path, saves: str, words: str) -> None:
    async with ComfyUIServer(saves=saves) as server, filming(server.url, tmp_path) as backend:
        remote_id = await backend.submit(an_order(), None)
        assert words in (await seen(backend, remote_id, Phase.FAILED)).reason
        with pytest.raises(TurnedDown):
            await backend.fetch(remote_id, tmp_path / "clip")


def test_the_best_of_several_files_is_the_clip() -> None:
    preview = Result("a.mp4", {}, saved=False)
    webm, first, last = Result("b.webm", {}), Result("c.mp4", {}), Result("d.MP4", {})
    assert clip_among([preview, webm]) is webm
    assert clip_among([first, last, webm, preview]) is last
    assert clip_among([Result("x", {}, "video/mp4")]) == Result("x", {}, "video/mp4")
    assert clip_among([]) == NO_CLIP
    assert results_of({"1": {"images": ["x", None, {"filename": 5}], "text": "y"}, "2": [], "3": None}) == []


# ---------------------------------------------------------------- stopping


async def test_stops_what_waits_and_what_rolls(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=20) as server, filming(server.url, tmp_path) as backend:
        rolling, waiting = [await backend.submit(an_order(), None) for _ in range(2)]
        await seen(backend, rolling, Phase.ROLLING)
        assert await backend.cancel(waiting)
        assert await backend.cancel(rolling)
        assert (await backend.report(waiting)).phase is Phase.CANCELLED
        await seen(backend, rolling, Phase.CANCELLED)
        assert not await backend.cancel(rolling)


# ---------------------------------------------------------------- older builds


async def test_an_older_build_is_followed_by_queue_and_history(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=0.3, old=True) as server, filming(server.url, tmp_path) as backend:
        first, second = [await backend.submit(an_order(), None) for _ in range(2)]
        await seen(backend, first, Phase.ROLLING)
        reports = await backend.reports([first, second])
        assert (reports[first].phase, reports[second].phase, reports[second].place) == (Phase.ROLLING, Phase.QUEUED, 1)
        await seen(backend, second, Phase.FINISHED)
        await backend.fetch(second, tmp_path / "clip")
        assert (await backend.report("nobody")).phase is Phase.LOST


async def test_an_older_build_is_interrupted_only_while_ours_runs(tmp_path: Path) -> None:
    async with ComfyUIServer(film_seconds=20, old=True) as server, filming(server.url, tmp_path) as backend:
        rolling, waiting = [await backend.submit(an_order(), None) for _ in range(2)]
        await seen(backend, rolling, Phase.ROLLING)
        assert await backend.cancel(waiting)
        assert not await backend.cancel("nobody")
        assert server.interrupts == 0
        assert await backend.cancel(rolling)
        assert server.interrupts == 1
        await seen(backend, rolling, Phase.CANCELLED)


@pytest.mark.parametrize("film_seconds", [0.0, 20.0])
async def test_a_build_that_chooses_ids_itself_is_searched_by_label(tmp_path: Path, film_seconds: float) -> None:
    server = ComfyUIServer(film_seconds=film_seconds, old=True, own_ids=True)
    async with server, filming(server.url, tmp_path) as backend:
        order = an_order()
        remote_id = await backend.submit(order, None)
        assert remote_id != id_of(order.job)
        assert (await backend.search(order, 0.0)).candidates == (remote_id,)
        assert await backend.search(an_order(), 0.0) == Search((), complete=True)


# ---------------------------------------------------------------- models, settings, the doctor


async def test_templates_whose_files_are_missing_are_not_offered(tmp_path: Path) -> None:
    async with ComfyUIServer() as server:
        server.kinds["UNETLoader"].required["unet_name"].remove("wan2.2_ti2v_5B_fp16.safetensors")
        async with filming(server.url, tmp_path) as backend:
            assert [card.id for card in await backend.models()] == ["wan22_image"]
            assert (await backend.capabilities()).model == "wan22_image"
        async with filming(server.url, tmp_path, templates=["wan22"]) as backend:
            assert [card.id for card in await backend.models()] == ["wan22"]


async def test_the_doctor_names_what_is_missing_and_the_mend(tmp_path: Path) -> None:
    drop(tmp_path / "backends", "mine")
    drop(tmp_path / "backends", "broken", about='[inputs]\nprompt = "99.text"')
    async with ComfyUIServer() as server, filming(server.url, tmp_path) as backend:
        server.kinds["VAELoader"].required["vae_name"].remove("wan2.2_vae.safetensors")
        findings = [(each.subject, each.level, each.text) for each in await backend.examine()]
    told = "\n".join(" ".join(each) for each in findings)
    assert "ComfyUI 0.3.76 at 127.0.0.1 answers" in told
    assert "comfyui/wan22 warning the model file wan2.2_vae.safetensors is not there: put it into models/vae" in told
    assert "comfyui/wan22_image ok every node and model file is there" in told
    assert "comfyui/mine warning node 3 is a Film, which it does not know" in told
    assert "left out: broken/map.toml" in told
    assert "no node 99" in told


async def test_the_doctor_says_that_a_build_is_old_or_that_nobody_answers(tmp_path: Path) -> None:
    async with ComfyUIServer(old=True) as server, filming(server.url, tmp_path) as backend:
        assert any("older than /api/jobs" in each.text for each in await backend.examine())
    async with filming("http://127.0.0.1:9", tmp_path) as backend:
        assert any("does not answer" in each.text for each in await backend.examine())


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("http://127.0.0.1:8188", False),
        ("http://192.168.1.20:8188", False),
        ("http://gpu.lan:8188", False),
        ("http://gpu:8188", False),
        ("http://8.8.8.8:8188", True),
        ("https://comfy.example.org", True),
    ],
)
def test_a_comfyui_that_all_the_world_can_reach_is_warned_of(address: str, warned: bool) -> None:
    assert bool(exposed(Api(Site(read_address(URL, address))))) is warned
    assert not exposed(Api(Site(read_address(URL, address), {"Authorization": "Bearer x"})))


async def test_a_page_that_is_no_comfyui_is_no_door(tmp_path: Path) -> None:
    async with ComfyUIServer() as server, FaultProxy(server.url) as proxy:
        proxy.faults.append(Fault(status=200, body=b"<html>hello</html>"))
        async with filming(proxy.url, tmp_path) as backend:
            with pytest.raises(Unreachable, match="neither ComfyUI nor"):
                await backend.report("x")


async def test_capabilities_and_settings(tmp_path: Path) -> None:
    assert configured(BackendSettings({URL: "http://127.0.0.1:8188"}))
    assert not configured(BackendSettings())
    with pytest.raises(BadSetting, match=r"comfyui\.door"):
        build(BackendSettings({URL: "http://127.0.0.1:8188"}, {"door": "back"}, tmp_path))
    async with ComfyUIServer(key=TOKEN) as server:
        address = f"{server.url}/api/"
        async with filming(address, tmp_path, key=TOKEN, price_per_second="0.002") as backend:
            can = await backend.capabilities()
            assert (can.free, can.price(5), can.cancels, can.seed) == (False, 10_000, True, True)
            assert can.repeat is Repeat.CHOSEN_ID
            assert TOKEN not in repr(backend)
            await backend.submit(an_order(), None)
        async with filming(server.url, tmp_path) as backend:
            assert (await backend.capabilities()).price(5) is None
            with pytest.raises(NeverMade, match="401"):
                await backend.submit(an_order(), None)
