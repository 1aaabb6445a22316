"""Reading other people's JSON: whatever it is, it becomes one of our words, never one of Python's errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.video import BackendSettings
from adapters.video.dialect import Page, id_of, links_of, moment_of, page_of, progress_of, report_of, video_of
from adapters.video.dialect_clip import _links_in
from adapters.video.dialect_list import Finder, Sent
from adapters.video.dialect_options import read_options
from adapters.video.openai_videos import OpenAIVideos
from adapters.video.trouble import trouble_of, verdict
from adapters.video.wire import Answer, Redaction
from bot.brief import compile_brief
from bot.errors import BackendFault
from bot.paperwork import Order

NAMES = st.sampled_from([
    "id", "task_id", "object", "status", "progress", "created_at", "error", "code", "message", "msg", "detail", "type",
    "data", "url", "video_url", "urls", "output", "outputs", "videos", "prompt", "size", "seconds", "has_more", "last_id",
    "remixed_from_video_id", "deleted", "retryable",
])  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["video", "failed", "completed", "45%", "1e999", "http://[", "//", "..", '{"error": {"code": 1}}'])
)  # fmt: skip
JSONISH = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=25,
)
STATUSES = st.integers(min_value=200, max_value=599)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "llm_provider-retry-after", "date", "location"]),
    st.sampled_from(
        ["1", "-1", "nan", "inf", "1e400", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 2026", ""]
    ),
)


def answered(status: int, headers: dict[str, str], data: Any) -> Answer:
    """Those bytes as an answer."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode("utf-8", "surrogatepass")
    return Answer(status, httpx.Headers(headers), body)


def said(ask: Callable[[], str]) -> str:
    """What came of it: an answer, or the reason of a fault of ours; anything else is an accident."""
    try:
        return ask()
    except BackendFault as fault:
        return fault.reason


@given(STATUSES, HEADERS, JSONISH | st.binary(max_size=50))
def test_any_answer_is_a_job_or_one_of_our_errors(status: int, headers: dict[str, str], data: Any) -> None:
    answer = answered(status, headers, data)
    backend = OpenAIVideos(read_options(BackendSettings()))
    assert said(lambda: backend._accepted(answer, image=True)).isprintable()
    assert said(lambda: backend._read(answer).reason).isprintable()
    assert isinstance(verdict(answer, Redaction(), image=False, now=0.0), BackendFault)
    assert isinstance(list(_links_in(answer)), list)


@given(HEADERS, JSONISH)
def test_any_list_is_searched_without_an_accident(headers: dict[str, str], data: Any) -> None:
    page = page_of(data)
    finder = Finder(Order("job", compile_brief("words")), Sent("1280x720", 4), 0.0)
    if page is not None:
        finder.look(page, answered(200, headers, data))
    assert finder.result(whole=True).candidates is not None


@given(JSONISH)
def test_any_value_can_be_looked_at(data: Any) -> None:
    progress, moment, video = progress_of(data), moment_of(data), video_of(data)
    assert progress is None or 0 <= progress <= 1
    assert moment is None or moment > 0
    assert trouble_of(data).words is not None
    if video is not None:
        assert report_of(video).phase
        assert all(isinstance(link, str) for link in links_of(video))


@pytest.mark.parametrize(
    ("data", "page"),
    [
        ({"data": [], "has_more": False}, Page((), False, None)),
        ([{"id": "v-1", "status": "queued"}], Page(({"id": "v-1", "status": "queued"},), None, "v-1")),
        ({"data": [{"id": "v-1"}, {"no": "id"}], "last_id": "v-9"}, Page(({"id": "v-1"},), None, "v-9")),
        ({"data": {}}, None),
        ("<html>", None),
    ],
)
def test_reads_pages(data: Any, page: Page | None) -> None:
    assert page_of(data) == page


@pytest.mark.parametrize("value", ["", " ", ".", "..", "a\nb", " a", "x" * 1001, "\ud800", True, None, 1.5, 10**30])
def test_what_is_no_id(value: Any) -> None:
    assert id_of({"id": value}) is None


def test_an_id_may_be_as_long_as_litellm_makes_them() -> None:
    assert id_of({"id": "video_" + "Zm9v" * 60})
