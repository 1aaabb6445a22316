"""Whatever ComfyUI, or what stands in its place, may say: it is read without falling over, and no bar goes astray."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.video.comfyui_native import Native
from adapters.video.comfyui_progress import Shares
from adapters.video.comfyui_results import clip_among, ended, job_in, refusal_of, results_of
from adapters.video.comfyui_v2 import V2, moment
from adapters.video.comfyui_v2 import results_of as results_of_v2
from adapters.video.http import Api, Site, read_address
from adapters.video.wire import Redaction
from bot.paperwork import Phase, Report

NAMES = st.sampled_from(
    [
        "status",
        "messages",
        "outputs",
        "error",
        "details",
        "node_errors",
        "errors",
        "class_type",
        "filename",
        "type",
        "url",
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=5),
    max_leaves=20,
)
API = Api(Site(read_address("COMFYUI_URL", "http://127.0.0.1:8188")))


@given(ANYTHING, st.sampled_from(Phase))
def test_any_job_is_read(said: Any, phase: Phase) -> None:
    report = ended(phase, said, results_of(said), Redaction())
    assert isinstance(report, Report)
    assert report.phase is not Phase.FINISHED or not isinstance(clip_among(results_of(said)), str)
    assert isinstance(refusal_of(said), str)
    assert job_in({"x": said}, "x") is None or isinstance(said, dict)
    assert job_in({"x": {"status": {"messages": said, "status_str": "error"}}}, "x")
    assert job_in(said, "x") is None or isinstance(said, dict)


@given(st.dictionaries(NAMES, ANYTHING, max_size=6), ANYTHING)
def test_any_job_of_the_v2_is_read(said: dict[str, Any], name: Any) -> None:
    job = {**said, "created_at": name, "outputs": [said, {"name": name, "url": "/x", "content_type": name}]}
    assert all(isinstance(each.where["url"], str) for each in results_of_v2(job))
    assert moment(job) is None or isinstance(moment(job), float)
    door = V2(API)
    report = door._read("x", {**job, "status": "queued", "queue_position": name, "progress": said, "error": name})
    assert report.phase is Phase.QUEUED
    assert report.place is None or report.place > 0


@given(
    st.lists(st.fixed_dictionaries({"id": st.text(max_size=3), "status": ANYTHING, "priority": ANYTHING}), max_size=4)
)
def test_any_queue_is_read(jobs: list[dict[str, Any]]) -> None:

    async def listed() -> dict[str, Report]:
        door = Native(API)
        found = door._listed(jobs, [job["id"] for job in jobs])
        await door.close()
        return found

    assert all(report.phase in (Phase.QUEUED, Phase.ROLLING) for report in asyncio.run(listed()).values())


@given(st.lists(st.tuples(st.sampled_from(["3", "85", "x"]), ANYTHING, ANYTHING), max_size=12))
def test_a_bar_only_ever_moves_on_and_never_to_its_end(steps: list[tuple[str, Any, Any]]) -> None:
    shares, before = Shares(), 0.0
    shares.expect("job", {"3": {"class_type": "KSampler"}, "85": {"class_type": "KSamplerAdvanced"}})
    for node, value, most in steps:
        shares.stepped("job", node, value, most)
        share = shares.share("job") or 0.0
        assert before <= share < 1
        before = share


def test_two_samplers_are_one_bar() -> None:
    shares = Shares()
    shares.expect(
        "job", {"1": {"class_type": "KSampler"}, "2": {"class_type": "KSampler"}, "3": {"class_type": "VAEDecode"}}
    )
    for node, value in (("1", 10), ("3", 10), ("2", 5)):
        shares.stepped("job", node, value, 10)
    assert shares.share("job") == 0.75
