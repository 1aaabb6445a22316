"""Orders over the dialect, through real HTTP to a strict server: what is sent, and what every answer to it means."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from adapters.video import BackendSettings
from adapters.video.openai_videos import build, configured
from bot.brief import Brief, compile_brief
from bot.errors import (
    BackendFault,
    BadOrder,
    NeverMade,
    OutOfQuota,
    RefusedByRules,
    Unclear,
    WrongKey,
)
from bot.film import Shape
from bot.paperwork import Order
from bot.ports import FitsPictures, ListsMany
from tests.adapters.video.stage_openai_videos import KEY, speaking_to
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer, Fault

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "openai.openapi.yaml"
WORDS = (
    '  Dialogue: "Wo ist mein Hut?"\n一只鸵鸟抢走爸爸的帽子，爸爸追着它跑 👨‍👩‍👧\r\n\tVikings Go To War — North Sea \n '
)


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    async with DialectServer(key=KEY) as server:
        yield server


def order(words: str = WORDS, *, remix_of: str | None = None, model: str | None = None, **options: Any) -> Order:
    return Order("job", compile_brief(words, **options), model=model, remix_of=remix_of)


def png(folder: Path, width: int, height: int) -> Path:
    """The head of a PNG: enough for whoever only measures it."""
    file = folder / "reference.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0")
    return file


async def refused(server: DialectServer, *faults: Fault, reference: Path | None = None, **table: Any) -> BackendFault:
    """How an order ends when the server answers it like that."""
    server.script("create", *faults)
    async with speaking_to(server, **table) as backend:
        with pytest.raises(BackendFault) as caught:
            await backend.submit(order(), reference)
    return caught.value


def an_error(message: str, *, code: str | None = None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


# ---------------------------------------------------------------- what is sent


async def test_sends_nothing_that_nobody_set(server: DialectServer) -> None:
    async with speaking_to(server) as backend:
        assert await backend.submit(order(), None) == "video_1"
    (asked,) = server.asked("create")
    assert asked.fields == {"prompt": WORDS}
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert asked.headers["authorization"] == f"Bearer {KEY}"


async def test_sends_what_was_set(server: DialectServer) -> None:
    async with speaking_to(server, model="wan-2.2", shapes={"tall": "704x1280"}) as backend:
        await backend.submit(order(seconds=8, shape=Shape.TALL), None)
        await backend.submit(order(model="ltx-2", shape=Shape.WIDE), None)
    first, second = (asked.fields for asked in server.asked("create"))
    assert first == {"prompt": WORDS, "model": "wan-2.2", "seconds": "8", "size": "704x1280"}
    assert second == {"prompt": WORDS, "model": "ltx-2", "size": "1280x720"}


async def test_speaks_json_where_told_to(server: DialectServer) -> None:
    async with speaking_to(server, json=True) as backend:
        await backend.submit(order(seconds=8), None)
    (asked,) = server.asked("create")
    assert asked.headers["content-type"] == "application/json"
    assert asked.fields == {"prompt": WORDS, "seconds": "8"}


async def test_sends_seconds_as_a_number_where_told_to() -> None:
    async with DialectServer() as server, speaking_to(server, json=True, seconds_as="int") as backend:
        with pytest.raises(BadOrder, match="string of digits"):
            await backend.submit(order(seconds=8), None)
    assert server.asked("create")[0].fields["seconds"] == 8


async def test_a_server_without_a_key_gets_none() -> None:
    async with DialectServer() as server, speaking_to(server, key="") as backend:
        await backend.submit(order(), None)
    assert "authorization" not in server.asked("create")[0].headers


@pytest.mark.parametrize(
    ("options", "table", "size"),
    [
        ({}, {}, (1280, 720)),
        ({"shape": Shape.TALL}, {}, (720, 1280)),
        ({}, {"shapes": {"wide": "1344x768"}}, (1344, 768)),
        ({}, {"size": "832x480"}, (832, 480)),
    ],
)
async def test_a_picture_goes_with_its_size(
    server: DialectServer, tmp_path: Path, options: Any, table: Any, size: tuple[int, int]
) -> None:
    wish = order(reference="sha", **options)
    async with speaking_to(server, json=True, **table) as backend:
        assert isinstance(backend, FitsPictures)
        assert backend.size_for(wish.brief) == size
        await backend.submit(wish, png(tmp_path, *size))
    (asked,) = server.asked("create")
    assert asked.fields["size"] == f"{size[0]}x{size[1]}"
    assert asked.files["input_reference"] == ("image/png", png(tmp_path, *size).read_bytes())


async def test_without_a_picture_or_a_shape_the_server_decides_the_size(server: DialectServer) -> None:
    async with speaking_to(server) as backend:
        assert backend.size_for(Brief(())) is None
        assert isinstance(backend, ListsMany)


async def test_a_gateway_that_routes_by_model_gets_it(server: DialectServer) -> None:
    server.quirks.models = ("minimax/h3",)
    assert isinstance(await refused(server), BadOrder)
    async with speaking_to(server, model="minimax/h3") as backend:
        assert await backend.submit(order(), None)


@pytest.mark.skipif(not SPEC.exists(), reason="the API specification is not beside the repository")
@pytest.mark.parametrize("as_json", [False, True])
async def test_what_is_sent_is_what_the_specification_asks_for(
    server: DialectServer, tmp_path: Path, as_json: bool
) -> None:
    async with speaking_to(server, model="sora-2", json=as_json) as backend:
        made = await backend.submit(order(seconds=4, shape=Shape.WIDE), None)
        await backend.submit(order(seconds=12, shape=Shape.TALL, reference="sha"), png(tmp_path, 720, 1280))
        await backend.submit(order(remix_of=made), None)
    bodies = [(as_json and not seen.files, seen) for seen in server.asked("create")]
    for is_json, seen in bodies:
        schema = "CreateVideoJsonBody" if is_json else "CreateVideoMultipartBody"
        files = {name: "bytes" for name, _ in seen.files.items()}
        assert_fits(schema, {**seen.fields, **files})
    assert_fits("CreateVideoRemixBody", server.asked("remix")[0].fields)
    assert_fits("VideoResource", server.book.object(server.book.jobs[0]))


def assert_fits(schema: str, data: dict[str, Any]) -> None:
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    known = set(spec["components"]["schemas"][schema]["properties"])
    assert set(data) <= known | {"quality"}
    whole = {"$ref": f"#/components/schemas/{schema}", "components": spec["components"]}
    Draft202012Validator(whole).validate(data)


# ---------------------------------------------------------------- what an answer means


async def test_no_connection_means_never_made() -> None:
    async with DialectServer() as server:
        pass
    assert isinstance(await refused(server), NeverMade)


async def test_too_many_requests_means_later(server: DialectServer) -> None:
    body = an_error("Rate limit reached", code="rate_limit_exceeded", kind="requests")
    for headers, least, most in [
        ({"Retry-After": "7"}, 7, 7),
        ({"llm_provider-retry-after": "3.5"}, 3.5, 3.5),
        ({"Retry-After": formatdate(time() + 30, usegmt=True)}, 28, 31),
        ({"Retry-After": "999999"}, 3600, 3600),
        ({"Retry-After": "-5"}, 0, 0),
    ]:
        fault = await refused(server, Fault(429, body, headers=headers))
        assert isinstance(fault, NeverMade)
        assert fault.retry_after is not None
        assert least <= fault.retry_after <= most
    fault = await refused(server, Fault(429, body, headers={"Retry-After": "soon"}))
    assert isinstance(fault, NeverMade)
    assert fault.retry_after is None


HIDDEN = 'litellm.RateLimitError: RateLimitError: OpenAIException - {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}'  # noqa: E501
NESTED_RULES = 'litellm.BadRequestError: OpenAIException - {"error": {"message": "Your request was blocked", "code": "moderation_blocked"}}'  # noqa: E501


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (429, an_error("You exceeded your current quota", code="insufficient_quota"), OutOfQuota),
        (429, an_error(HIDDEN, code="429", kind="throttling_error"), OutOfQuota),
        (403, an_error("用户额度不足", code="insufficient_user_quota"), OutOfQuota),
        (402, {"detail": "pay first"}, OutOfQuota),
        (429, an_error("Quota exceeded for requests per minute"), NeverMade),
        (401, an_error("Incorrect API key provided"), WrongKey),
        (403, {"detail": "Forbidden by access policy"}, WrongKey),
        (400, an_error("No connected db.", code="400", kind="no_db_connection"), WrongKey),
        (400, an_error("Unknown parameter: 'safety_checker'"), BadOrder),
        (404, {"detail": "Not Found"}, BadOrder),
        (405, {"detail": "Method Not Allowed"}, BadOrder),
        (413, "<html><title>413 Request Entity Too Large</title></html>", BadOrder),
        (415, {}, BadOrder),
        (422, {"detail": [{"loc": ["body", "size"], "msg": "bad size", "input": "moderation"}]}, BadOrder),
        (400, an_error("It may violate our usage policies", code="moderation_blocked"), RefusedByRules),
        (400, an_error(NESTED_RULES, code="400"), RefusedByRules),
        (422, {"detail": "blocked by the safety system"}, RefusedByRules),
        (408, an_error("litellm.Timeout: the provider did not answer"), Unclear),
        (409, {}, Unclear),
        (500, an_error("The server had an error"), Unclear),
        (502, "<html>Bad Gateway</html>", Unclear),
        (503, an_error("overloaded", code="moderation_blocked"), Unclear),
        (307, {}, Unclear),
        (200, {"object": "video", "status": "queued"}, Unclear),
        (200, {"id": "", "object": "video"}, Unclear),
        (200, {"id": "..", "object": "video"}, Unclear),
        (200, {"id": {"a": 1}}, Unclear),
        (200, "<html>welcome</html>", Unclear),
        (200, [], Unclear),
        (204, "", Unclear),
    ],
)
async def test_every_other_answer_has_its_meaning(
    server: DialectServer, status: int, body: Any, fault: type[BackendFault]
) -> None:
    said = Fault(status, text=body) if isinstance(body, str) else Fault(status, body)
    assert type(await refused(server, said)) is fault
    assert len(server.asked("create")) == 1


async def test_the_gate_is_the_picture_only_if_there_was_one(server: DialectServer, tmp_path: Path) -> None:
    no_faces = Fault(400, an_error("The image shows a human face", code="moderation_blocked"))
    for reference, gate in [(png(tmp_path, 1280, 720), "image"), (None, "prompt")]:
        fault = await refused(server, no_faces, reference=reference)
        assert isinstance(fault, RefusedByRules)
        assert (fault.gate, fault.reason) == (gate, "HTTP 400: The image shows a human face")


@pytest.mark.parametrize(
    "fault", [Fault(accept=True, cut=True), Fault(500, accept=True), Fault(stall=True, accept=True)]
)
async def test_a_lost_answer_is_unclear_and_the_order_is_not_repeated(server: DialectServer, fault: Fault) -> None:
    assert isinstance(await refused(server, fault, order_seconds=0.3), Unclear)
    assert len(server.book.jobs) == 1
    assert len(server.asked("create")) == 1


async def test_a_job_in_the_answer_is_believed_before_the_status(server: DialectServer) -> None:
    server.script("create", Fault(500, {"id": "v-9", "object": "video", "status": "failed", "error": {"code": 500}}))
    server.script("create", Fault(202, {"id": 4711, "status": "pending"}), Fault(200, {"data": {"task_id": "t-1"}}))
    async with speaking_to(server) as backend:
        assert [await backend.submit(order(), None) for _ in range(3)] == ["v-9", "4711", "t-1"]


async def test_without_a_server_the_order_is_turned_down_in_plain_words() -> None:
    for options in ({"OPENAI_API_KEY": KEY}, {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://api.openai.com/v1"}):
        setting = BackendSettings(options)
        assert configured(setting)
        backend = build(setting)
        with pytest.raises(BadOrder, match="OpenAI's own Videos API ended on 2026-09-24"):
            await backend.submit(order(), None)
        (finding,) = await backend.examine()
        assert finding.level == "error"
        assert "OPENAI_BASE_URL" in finding.text
        await backend.close()
    assert not configured(BackendSettings({"OPENAI_API_KEY": "  "}))


async def test_words_that_no_wire_carries_are_turned_down(server: DialectServer) -> None:
    async with speaking_to(server) as backend:
        with pytest.raises(BadOrder):
            await backend.submit(order("half an emoji \ud83d"), None)
        with pytest.raises(BadOrder, match="cannot be read"):
            await backend.submit(order(), Path("no such picture"))
    assert not server.seen


# ---------------------------------------------------------------- remix


async def test_a_remix_by_id_says_the_whole_brief(server: DialectServer) -> None:
    async with speaking_to(server) as backend:
        made = await backend.submit(order("in daylight"), None)
        assert await backend.submit(order("in daylight\nat night", remix_of=made), None) == "video_2"
    (asked,) = server.asked("remix")
    assert (asked.path, asked.fields) == (made, {"prompt": "in daylight\nat night"})
    assert server.book.jobs[1].remix_of == made


@pytest.mark.parametrize(
    ("answer", "remembered"),
    [
        (Fault(404, {"detail": "Not Found"}), True),
        (Fault(405, {"detail": "Method Not Allowed"}), True),
        (Fault(501, text="nope"), True),
        (Fault(500, an_error("litellm.NotImplementedError: video remix is not implemented")), True),
        (Fault(404, an_error("Video 'v-1' not found")), False),
        (Fault(400, an_error("the source video has expired")), False),
    ],
)
async def test_where_no_remix_was_made_the_take_is_filmed_anew(
    server: DialectServer, answer: Fault, remembered: bool
) -> None:
    server.script("remix", answer)
    async with speaking_to(server) as backend:
        assert (await backend.capabilities()).remixes
        assert await backend.submit(order(remix_of="v-1", seconds=4), None) == "video_1"
        assert (await backend.capabilities()).remixes is not remembered
    (asked,) = server.asked("create")
    assert asked.fields == {"prompt": WORDS, "seconds": "4"}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Fault(500, an_error("The server had an error"), accept=True), Unclear),
        (Fault(cut=True, accept=True), Unclear),
        (Fault(429, an_error("slow down")), NeverMade),
        (Fault(400, an_error("no", code="moderation_blocked")), RefusedByRules),
        (Fault(401, an_error("who?")), WrongKey),
    ],
)
async def test_where_a_remix_may_have_been_made_nothing_else_is_ordered(
    server: DialectServer, answer: Fault, fault: type[BackendFault]
) -> None:
    server.script("remix", answer)
    async with speaking_to(server) as backend:
        with pytest.raises(fault):
            await backend.submit(order(remix_of="v-1"), None)
    assert not server.asked("create")


async def test_a_server_said_to_have_no_remix_is_not_asked_for_one(server: DialectServer) -> None:
    async with speaking_to(server, remix=False) as backend:
        assert not (await backend.capabilities()).remixes
        await backend.submit(order(remix_of="v-1"), None)
    assert not server.asked("remix")


async def test_a_job_with_an_odd_id_is_asked_for_by_exactly_that_id() -> None:
    quirks = Quirks(id_form="a/b?c=ü&#%2F{n}")
    async with DialectServer(key=KEY, quirks=quirks) as server, speaking_to(server) as backend:
        remote_id = await backend.submit(order(), None)
        assert remote_id == "a/b?c=ü&#%2F1"
        assert (await backend.report(remote_id)).phase == "finished"
