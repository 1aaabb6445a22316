"""After the order: how it goes, looking for one whose answer was lost, stopping it, and what the doctor says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate
from time import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.video.dialect_list import PAGE, PAGES_A_TICK
from adapters.video.openai_videos import OpenAIVideos
from bot.brief import compile_brief
from bot.errors import Unclear, Unreachable
from bot.film import Shape
from bot.paperwork import Order, Phase, Report, Search
from tests.adapters.video.stage_openai_videos import KEY, speaking_to
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer, Fault

WORDS = "old professor talks in english then german"


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    async with DialectServer(key=KEY) as server:
        yield server


@pytest.fixture
async def backend(server: DialectServer) -> AsyncIterator[OpenAIVideos]:
    async with speaking_to(server) as backend:
        yield backend


def order(words: str = WORDS, *, remix_of: str | None = None, **options: Any) -> Order:
    return Order("job", compile_brief(words, **options), remix_of=remix_of)


def a_video(status: Any, **more: Any) -> dict[str, Any]:
    return {"id": "v-1", "object": "video", "status": status, **more}


# ---------------------------------------------------------------- how it goes


@pytest.mark.parametrize(
    ("video", "report"),
    [
        (a_video("queued", progress=0), Report(Phase.QUEUED, 0.0)),
        (a_video("NOT_START"), Report(Phase.QUEUED)),
        (a_video("processing", progress=45), Report(Phase.ROLLING, 0.45)),
        (a_video("in-progress", progress="45%"), Report(Phase.ROLLING, 0.45)),
        (a_video("running", progress=0.45), Report(Phase.ROLLING, 0.45)),
        (a_video("running", progress=1), Report(Phase.ROLLING, 0.01)),
        (a_video("running", progress=140.0), Report(Phase.ROLLING, 1.0)),
        (a_video("running", progress="soon"), Report(Phase.ROLLING)),
        (a_video("succeeded"), Report(Phase.FINISHED, 1.0)),
        (a_video("deleted"), Report(Phase.CANCELLED)),
        (a_video("expired"), Report(Phase.EXPIRED)),
        (a_video("failed", error=None), Report(Phase.FAILED)),
        (a_video("failed", error="out of memory"), Report(Phase.FAILED, reason="out of memory")),
        (a_video("failed", error={"message": "out of memory"}), Report(Phase.FAILED, reason="out of memory")),
        (a_video("failed", error={"code": 500, "message": "oops"}), Report(Phase.FAILED, reason="oops")),
        (
            a_video("failed", error={"code": "busy", "message": "x", "retryable": True}),
            Report(Phase.FAILED, reason="x", retryable=True),
        ),
        (
            a_video("failed", progress=37, error={"code": "moderation_blocked", "message": "no"}),
            Report(Phase.REFUSED, 0.37, "result", "no"),
        ),
        (
            a_video("failed", progress=0, error={"code": "content_policy_violation", "message": "no"}),
            Report(Phase.REFUSED, 0.0, "prompt", "no"),
        ),
        (
            a_video("failed", error={"code": "moderation_blocked", "message": "The input image shows a face"}),
            Report(Phase.REFUSED, None, "image", "The input image shows a face"),
        ),
        ({"data": {"task_id": "v-1", "status": "SUCCESS"}}, Report(Phase.FINISHED, 1.0)),
        ({"id": "another id", "status": "processing"}, Report(Phase.ROLLING)),
        ({"id": "v-1", "object": "video.deleted", "deleted": True}, Report(Phase.CANCELLED)),
    ],
)
async def test_understands_every_way_of_saying_it(
    server: DialectServer, backend: OpenAIVideos, video: dict[str, Any], report: Report
) -> None:
    server.script("get", Fault(200, video))
    assert await backend.report("v-1") == report


async def test_an_unknown_word_is_rolling_and_logged_once(server: DialectServer, backend: OpenAIVideos) -> None:
    server.script("get", *[Fault(200, a_video("developing the negative"))] * 3)
    with capture_logs() as logged:
        assert [(await backend.report("v-1")).phase for _ in range(3)] == [Phase.ROLLING] * 3
    assert [entry["status"] for entry in logged] == ["developing the negative"]


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_a_failed_job_is_believed_before_the_status(
    server: DialectServer, backend: OpenAIVideos, status: int
) -> None:
    server.quirks.failed_status = status
    server.fates.append({"code": status, "message": "the model crashed"})
    remote_id = await backend.submit(order(), None)
    assert await backend.report(remote_id) == Report(Phase.FAILED, 0.37, reason="the model crashed")


async def test_after_a_restart_of_the_server_the_job_is_lost(server: DialectServer, backend: OpenAIVideos) -> None:
    remote_id = await backend.submit(order(), None)
    server.book.forget()
    assert await backend.report(remote_id) == Report(Phase.LOST)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, {}),
        Fault(429, {}),
        Fault(401, {}),
        Fault(302, {}),
        Fault(200, text="<html>"),
        Fault(200, []),
        Fault(cut=True),
        Fault(stall=True),
    ],
)
async def test_a_question_without_a_sensible_answer_is_asked_again_later(server: DialectServer, fault: Fault) -> None:
    server.script("get", fault)
    async with speaking_to(server, question_seconds=0.3) as backend:
        with pytest.raises(Unreachable):
            await backend.report("v-1")


# ---------------------------------------------------------------- many at once


async def test_follows_hundreds_of_jobs_in_a_few_questions(server: DialectServer, backend: OpenAIVideos) -> None:
    for number in range(5000):
        server.book.accept({"prompt": f"shot {number}"})
    newest = [f"video_{number}" for number in range(4751, 5001)]
    reports = await backend.reports(newest)
    assert reports.keys() == set(newest)
    assert len(server.asked("list")) == 3


async def test_a_job_that_the_list_lacks_is_not_dug_for_in_every_round(
    server: DialectServer, backend: OpenAIVideos
) -> None:
    for number in range(250):
        server.book.accept({"prompt": f"shot {number}"})
    assert (await backend.reports(["video_250", "gone"])).keys() == {"video_250"}
    assert len(server.asked("list")) == 3
    assert (await backend.reports(["video_250", "gone"])).keys() == {"video_250"}
    assert len(server.asked("list")) == 4


async def test_a_server_without_a_list_says_so_once(server: DialectServer, backend: OpenAIVideos) -> None:
    server.quirks.lists = False
    lists = [backend.lists]
    for _ in range(2):
        assert await backend.reports(["v-1"]) == {}
        lists.append(backend.lists)
    assert lists == [True, False, False]
    assert len(server.asked("list")) == 1


async def test_a_list_in_trouble_is_no_missing_list(server: DialectServer, backend: OpenAIVideos) -> None:
    for fault in (Fault(500, {}), Fault(429, {}), Fault(cut=True)):
        server.script("list", fault)
        with pytest.raises(Unreachable):
            await backend.reports(["v-1"])
    assert backend.lists


# ---------------------------------------------------------------- looking for a lost answer


async def test_finds_the_order_whose_answer_was_lost(server: DialectServer, backend: OpenAIVideos) -> None:
    since = time()
    server.script("create", Fault(cut=True, accept=True))
    with pytest.raises(Unclear):
        await backend.submit(order(), None)
    await backend.submit(order("something else"), None)
    assert await backend.search(order(), since) == Search(("video_1",), complete=True)


async def test_an_order_that_never_arrived_is_certainly_not_there(server: DialectServer, backend: OpenAIVideos) -> None:
    server.script("create", Fault(500, {}))
    with pytest.raises(Unclear):
        await backend.submit(order(), None)
    assert await backend.search(order(), time()) == Search((), complete=True)


async def test_older_takes_of_the_same_words_are_not_it(server: DialectServer, backend: OpenAIVideos) -> None:
    for age in (3600, 30, 1):
        server.book.accept({"prompt": WORDS}).at -= age
    assert await backend.search(order(), time()) == Search(("video_3",), complete=True)


async def test_looks_back_only_as_far_as_needed(server: DialectServer, backend: OpenAIVideos) -> None:
    for number in range(1000):
        server.book.accept({"prompt": f"shot {number}"}).at -= 1000 - number
    assert (await backend.search(order(), time() - 150)).complete
    assert len(server.asked("list")) == 2


async def test_reads_milliseconds_too(server: DialectServer, backend: OpenAIVideos) -> None:
    server.quirks.milliseconds = True
    server.book.accept({"prompt": WORDS}).at -= 60
    server.book.accept({"prompt": WORDS})
    assert await backend.search(order(), time()) == Search(("video_2",), complete=True)


@pytest.mark.parametrize("hours", [-3, 3])
async def test_a_server_whose_clock_is_wrong_does_not_hide_the_order(
    server: DialectServer, backend: OpenAIVideos, hours: int
) -> None:
    server.book.accept({"prompt": WORDS}).at += hours * 3600
    page = {"object": "list", "data": [server.book.object(server.book.jobs[0])], "has_more": False}
    server.script("list", Fault(200, page, headers={"Date": formatdate(time() + hours * 3600, usegmt=True)}))
    assert await backend.search(order(), time()) == Search(("video_1",), complete=True)


async def test_without_prompts_nothing_can_be_known(server: DialectServer, backend: OpenAIVideos) -> None:
    server.quirks.prompts = False
    server.book.accept({"prompt": WORDS})
    assert await backend.search(order(), time()) == Search((), complete=False)


@pytest.mark.parametrize("listed", ["old professor talks…", "old professor talks in  english then german "])
async def test_a_shortened_or_tidied_prompt_leaves_it_open(
    server: DialectServer, backend: OpenAIVideos, listed: str
) -> None:
    server.book.accept({"prompt": listed})
    assert await backend.search(order(), time()) == Search((), complete=False)


async def test_another_shape_or_remix_of_the_same_words_is_not_it(server: DialectServer) -> None:
    since = time()
    async with speaking_to(server, seconds=[4, 8]) as backend:
        wish = order(seconds=8, shape=Shape.TALL)
        await backend.submit(order(seconds=8, shape=Shape.WIDE), None)
        await backend.submit(order(seconds=4, shape=Shape.TALL), None)
        server.book.accept({"prompt": WORDS}, remix_of="v-1")
        assert await backend.search(wish, since) == Search((), complete=True)
        remote_id = await backend.submit(wish, None)
        assert await backend.search(wish, since) == Search((remote_id,), complete=True)


async def test_a_size_that_the_server_rounded_leaves_it_open(server: DialectServer, backend: OpenAIVideos) -> None:
    server.book.accept({"prompt": WORDS, "size": "1280x704"})
    assert await backend.search(order(shape=Shape.WIDE), time()) == Search((), complete=False)


async def test_a_remix_is_found_as_remix_and_as_filmed_anew(server: DialectServer, backend: OpenAIVideos) -> None:
    server.book.accept({"prompt": WORDS}, remix_of="v-1")
    server.book.accept({"prompt": WORDS})
    server.book.accept({"prompt": WORDS}, remix_of="v-2")
    assert await backend.search(order(remix_of="v-1"), time()) == Search(("video_1", "video_2"), complete=True)


@pytest.mark.parametrize("status", [400, 404, 405, 501])
async def test_no_list_means_that_it_cannot_be_known(server: DialectServer, backend: OpenAIVideos, status: int) -> None:
    server.script("list", Fault(status, {"detail": "no"}))
    assert await backend.search(order(), time()) == Search((), complete=False)


async def test_a_list_that_repeats_itself_is_not_whole(server: DialectServer, backend: OpenAIVideos) -> None:
    page = {"data": [{"id": f"v-{n}", "status": "queued", "prompt": "x", "created_at": time()} for n in range(20)]}
    server.script("list", *[Fault(200, page)] * 2)
    assert await backend.search(order(), time()) == Search((), complete=False)


async def test_a_list_in_trouble_is_asked_again(server: DialectServer, backend: OpenAIVideos) -> None:
    server.script("list", Fault(503, {}))
    with pytest.raises(Unreachable):
        await backend.search(order(), time())


# ---------------------------------------------------------------- stopping it


async def test_stops_a_job_where_the_server_can(server: DialectServer) -> None:
    server.quirks.cancels, server.book.film_seconds = True, 60
    async with speaking_to(server, profile="vllm-omni") as backend:
        assert (await backend.capabilities()).cancels
        remote_id = await backend.submit(order(), None)
        assert await backend.cancel(remote_id)
        assert (await backend.report(remote_id)).phase is Phase.CANCELLED
        server.script("delete", Fault(409, {"detail": "cancellation in progress"}), Fault(405, {}), Fault(500, {}))
        assert await backend.cancel(remote_id)
        assert not await backend.cancel(remote_id)
        with pytest.raises(Unreachable):
            await backend.cancel(remote_id)


async def test_elsewhere_a_delete_would_only_forget_the_clip(server: DialectServer, backend: OpenAIVideos) -> None:
    assert not await backend.cancel(await backend.submit(order(), None))
    assert not server.asked("delete")


# ---------------------------------------------------------------- the doctor


async def findings(server: DialectServer, **how: Any) -> dict[str, str]:
    async with speaking_to(server, **how) as backend:
        return {finding.text: finding.level for finding in await backend.examine()}


async def test_a_good_server_is_well(server: DialectServer) -> None:
    said = await findings(server)
    assert set(said.values()) == {"ok"}
    assert f"{server.url} answers; no kind that we know, so the plain dialect is spoken" in said
    assert not server.asked("create")


async def test_a_wrong_key_is_called_one(server: DialectServer) -> None:
    (said,) = (await findings(server, key="tl-wrong-key-000")).items()
    assert said[1] == "error"
    assert "does not accept OPENAI_API_KEY" in said[0]
    assert "tl-wrong" not in said[0]


async def test_a_server_that_is_down_is_called_down() -> None:
    async with DialectServer() as server:
        pass
    (said,) = (await findings(server)).items()
    assert said[1] == "error"
    assert "cannot be reached" in said[0]


async def test_names_what_else_it_finds(server: DialectServer) -> None:
    server.quirks.lists, server.quirks.models = False, ("ltx-2",)
    server.script("models", Fault(200, {"data": [{"id": "ltx-2", "owned_by": "sglang"}]}))
    said = "\n".join(await findings(server, model="wan-2.2", profile="newapi"))
    assert 'profile newapi, but it looks like sglang: consider profile = "sglang"' in said
    assert "the model wan-2.2 is not served there (served: ltx-2)" in said
    assert "it does not list its jobs" in said


async def test_notices_a_server_that_has_moved(server: DialectServer) -> None:
    server.script("models", Fault(301, headers={"Location": "https://new.example/v1?token=abc"}))
    ((said, level),) = (await findings(server)).items()
    assert level == "error"
    assert "https://new.example/v1;" in said


async def test_drivers_may_ask_at_the_same_time(server: DialectServer, backend: OpenAIVideos) -> None:
    made = await asyncio.gather(*(backend.submit(order(f"shot {number}"), None) for number in range(60)))
    assert len(set(made)) == 60
    reports = await asyncio.gather(*(backend.report(remote_id) for remote_id in made))
    assert {report.phase for report in reports} == {Phase.FINISHED}


async def test_the_fake_survives_a_restart_with_its_log(tmp_path: Any) -> None:
    log = tmp_path / "jobs.jsonl"
    async with DialectServer(log=log, quirks=Quirks()) as first, speaking_to(first) as backend:
        remote_id = await backend.submit(order(), None)
    async with DialectServer(log=log) as second, speaking_to(second) as backend:
        assert (await backend.report(remote_id)).phase is Phase.FINISHED
        assert second.book.jobs[0].fields["prompt"] == WORDS


async def test_a_list_of_thousands_is_followed_with_a_constant_number_of_requests(
    server: DialectServer, backend: OpenAIVideos
) -> None:
    ids = [server.book.accept({"prompt": f"shot {number}"}).id for number in range(5 * PAGES_A_TICK * PAGE // 2)]
    heard: set[str] = set()
    for _ in range(3):
        before = len(server.asked("list"))
        heard |= set(await backend.reports(ids))
        assert len(server.asked("list")) - before <= PAGES_A_TICK
    assert heard == set(ids), "three ticks see what is two and a half ticks long"
