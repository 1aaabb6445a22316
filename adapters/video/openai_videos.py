"""The ``POST /v1/videos`` dialect: self-hosted servers, gateways and relays that speak what OpenAI began and left.

What neither the member nor the operator set is not sent. Orders are multipart (vLLM-Omni takes nothing else) unless the
operator says JSON. An order is sent once; its answer is believed body before status, and what it means when it fails is
in `trouble`. Settings are in `dialect_options`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.video import BackendSettings
from adapters.video.dialect import id_of, phase_of, report_of, video_of
from adapters.video.dialect_clip import ClipDesk
from adapters.video.dialect_doctor import ENDED, Doctor, is_openai, probe
from adapters.video.dialect_list import Finder, Listing, Sent
from adapters.video.dialect_options import DialectOptions, Size, read_options
from adapters.video.dialect_orders import (
    CHARACTERS_MOST,
    body_of,
    extension_of,
    must_be_text,
    read_picture,
    size_for,
)
from adapters.video.dialect_profiles import AUTO, Frame, Profile
from adapters.video.download import Download, Fence
from adapters.video.standard_webhooks import check
from adapters.video.trouble import trouble_in, verdict
from adapters.video.wire import Answer, NoAnswer, NoConnection, Wire, read_json
from bot.brief import Brief
from bot.capabilities import Characters, Follow, Hook
from bot.errors import BadOrder, NeverMade, TurnedDown, Unclear, Unreachable
from bot.paperwork import Capabilities, Finding, Order, Phase, Report, Search

EXTENDED_MOST: Final = 120
"""Seconds of a clip after all its extensions, by OpenAI's guide."""
PROBE_EVERY: Final = 60.0
"""Seconds between two tries to find out which kind of server it is, while none has answered."""
ABSENT_SECONDS: Final = 30.0
"""How long a job that the list does not show is not looked for beyond the first page of it."""

log = structlog.get_logger()


def configured(setting: BackendSettings) -> bool:
    """A server or a key is set; with a key alone the doctor says that a server is needed."""
    return any(setting.options.get(name, "").strip() for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"))


def build(setting: BackendSettings) -> OpenAIVideos:
    """The backend. Raises `BadSetting`."""
    return OpenAIVideos(read_options(setting))


class OpenAIVideos:
    """A `Backend` that lists many jobs, can be examined and wants pictures fitted (`size_for`)."""

    name = "openai_videos"

    def __init__(self, options: DialectOptions) -> None:
        self._options = options
        self._clean = options.redaction.clean
        self._wire = _wire(options)
        self._list = Listing(self._ask, offered=options.lists)
        self._clips = self._desk(self._wire) if self._wire else None
        self._remixes: bool | None = None
        """False once the server has said that it has no such door."""
        self._edits: bool | None = None
        self._found: str | None = None
        self._probed = float("-inf")
        self._absent: dict[str, float] = {}
        self._strange: set[str] = set()

    def __repr__(self) -> str:
        return f"OpenAIVideos({self._options!r})"

    def _desk(self, wire: Wire) -> ClipDesk:
        fence = Fence(wire.base, self._options.allowed_hosts)
        download = Download(wire, fence, self._options.clip_bytes_max, self._options.fetch_seconds)
        return ClipDesk(wire, download, self._options.redaction, self._video, self._read)

    @property
    def lists(self) -> bool:
        """As far as we know, the server lists its jobs; while False, `reports` answers with nothing."""
        return self._list.available

    async def capabilities(self) -> Capabilities:
        """From the settings and the profile; the first time a server is asked which kind it is, for some seconds at most."""
        options, profile = self._options, await self._profile()
        return Capabilities(
            seconds=options.seconds,
            shapes=options.shapes,
            images=options.images,
            words_max=options.words_max,
            remixes=self._changes(profile),
            extends=profile.extends,
            extended_max=EXTENDED_MOST if profile.extends else None,
            characters=Characters.IDS if profile.characters else Characters.NONE,
            characters_max=CHARACTERS_MOST if profile.characters else None,
            cancels=profile.cancel,
            seed=True if profile.seed else None,
            model=options.model,
            resolutions=options.resolutions,
            follow=Follow(hook=Hook.STANDARD if options.hook_secret else Hook.NONE),
            micros_per_second=options.micros_per_second,
            usual_seconds=options.usual_seconds,
        )

    async def _profile(self) -> Profile:
        """What the server is; asked again now and then while nobody has answered."""
        if self._options.profile == AUTO and self._wire is not None and self._found is None:
            now = time.monotonic()
            if now - self._probed > PROBE_EVERY:
                self._probed = now
                self._found = await probe(self._wire)
        return self._options.known_as(self._found)

    def _changes(self, profile: Profile) -> bool:
        """As far as we know, it can change one of its own clips."""
        edits = profile.edits is not False and self._edits is not False
        return edits or (profile.remix is not False and self._remixes is not False)

    def size_for(self, brief: Brief) -> Size | None:
        """Width and height that an order with this brief asks for; None: the server decides.

        A reference picture has to be of exactly this size; whoever holds it fits it before `submit`.
        """
        return size_for(self._options, brief)

    # ------------------------------------------------------------ the order

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `ports.Backend.submit`. A remix that the server certainly did not take is filmed anew, from the merged brief."""
        must_be_text(order.brief.text)
        picture = await read_picture(reference)
        profile = await self._profile()
        if order.extend_of is not None and profile.extends:
            told = extension_of(order, self._options, profile)
            return self._accepted(await self._order("videos", "extensions", json=told), image=False)
        if order.remix_of is not None:
            remote_id = await self._changed(order, order.remix_of, profile)
            if remote_id is not None:
                return remote_id
        answer = await self._order("videos", **body_of(order, self._options, profile, picture))
        return self._accepted(answer, image=picture is not None)

    async def _changed(self, order: Order, source: str, profile: Profile) -> str | None:
        """The id of the changed clip, by the first door that the server has; None: certainly nothing was made."""
        if profile.edits is not False and self._edits is not False:
            told = {"prompt": order.brief.text, "video": {"id": source}}
            remote_id = await self._tried("_edits", "edits", ("videos", "edits"), told)
            if remote_id is not None:
                return remote_id
        if profile.remix is False or self._remixes is False:
            return None
        return await self._tried("_remixes", "remix", ("videos", source, "remix"), {"prompt": order.brief.text})

    async def _tried(self, known: str, what: str, path: tuple[str, ...], told: dict[str, Any]) -> str | None:
        """The id that a door gave, or None: certainly nothing was made. `known`: where it is kept that there is no such door."""
        answer = await self._order(*path, json=told)
        if not answer.ok and _no_such_door(answer):
            setattr(self, known, False)
            log.info("the backend has no such door; takes are filmed anew", backend=self.name, door=what)
            return None
        try:
            return self._accepted(answer, image=False)
        except BadOrder as fault:
            log.info("a change was turned down; filmed anew", backend=self.name, door=what, reason=fault.reason)
            return None

    async def _order(self, *path: str, **body: Any) -> Answer:
        if self._wire is None:
            raise BadOrder(ENDED)
        try:
            return await self._wire.order(*path, **body)
        except NoConnection as error:
            raise NeverMade(self._clean(str(error))) from None
        except NoAnswer as error:
            raise Unclear(self._clean(str(error))) from None

    def _accepted(self, answer: Answer, *, image: bool) -> str:
        """The backend's id of the order. Raises what its refusal means."""
        data = answer.data
        if isinstance(data, dict) and (answer.ok or data.get("object") == "video"):
            remote_id = id_of(data) or id_of(data.get("data"))
            if remote_id is not None:
                return remote_id
        if answer.ok:
            raise Unclear("the order was answered without an id")
        raise verdict(answer, self._options.redaction, image=image, now=time.time())

    # ------------------------------------------------------------ questions

    async def _ask(self, method: str, *path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        if self._wire is None:
            raise Unreachable(ENDED)
        try:
            return await self._wire.ask(method, *path, params=params)
        except (NoConnection, NoAnswer) as error:
            raise Unreachable(self._clean(str(error))) from None

    async def search(self, order: Order, since: float) -> Search:
        """See `ports.Backend.search`. Not complete where the list lacks, hides or shortens what tells jobs apart."""
        options = self._options
        plain = (
            await self._profile()
        ).frame is Frame.SIZE  # what is said otherwise comes back in words of the server's own
        size = self.size_for(order.brief) if plain else None
        sent = Sent(
            size=f"{size[0]}x{size[1]}" if size else None,
            seconds=order.brief.seconds,
            sizes=frozenset(f"{width}x{height}" for width, height in options.sizes.values()),
            lengths=frozenset(options.seconds or ()),
        )
        finder = Finder(order, sent, since)
        return finder.result(whole=await self._list.walk(finder.look))

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        return self._read(await self._video(remote_id))

    async def _video(self, remote_id: str) -> Answer:
        return await self._ask("GET", "videos", remote_id)

    def _read(self, answer: Answer) -> Report:
        video = video_of(answer.data)
        if video is not None:
            return self._told(video)
        if answer.status in (404, 410):
            return Report(Phase.LOST)
        raise Unreachable(self._clean(f"HTTP {answer.status}: {trouble_in(answer).message}"))

    def _told(self, video: Mapping[str, Any]) -> Report:
        """The report in the Video object, fit to be shown; a status that we do not know is logged once."""
        report = report_of(video)
        if phase_of(video) is None and (word := self._clean(str(video.get("status")), 40)) not in self._strange:
            self._strange.add(word)
            log.warning("unknown status counts as rolling", backend=self.name, status=word)
        reason = self._clean(report.reason) if report.reason else ""
        return Report(report.phase, report.progress, report.gate, reason, report.retryable) if reason else report

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """See `ports.ListsMany`. Nothing from a server without a list, which `lists` then says."""
        found: dict[str, Report] = {}
        now = time.monotonic()
        self._absent = {remote_id: until for remote_id, until in self._absent.items() if until > now}
        sought = {remote_id for remote_id in remote_ids if remote_id not in self._absent}
        wanted = frozenset(remote_ids)

        def look(page: Any, _: Answer) -> bool:
            for video in page.videos:
                remote_id = id_of(video)
                if remote_id in wanted:
                    found[remote_id] = self._told(video)
            return found.keys() >= sought

        if wanted and await self._list.stroll(look):
            self._absent.update(dict.fromkeys(sought - found.keys(), now + ABSENT_SECONDS))
        return found

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`; also raises `RefusedByRules` (gate ``result``) and `DiskFull`."""
        if self._clips is None:
            raise TurnedDown(ENDED)
        await self._clips.fetch(remote_id, into)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`. DELETE, only where it stops the work: elsewhere it would only forget the clip."""
        if not (await self._profile()).cancel:
            return False
        answer = await self._ask("DELETE", "videos", remote_id)
        if answer.ok or answer.status == 409:  # vLLM-Omni: a cancellation is in progress
            return True
        if answer.status in (400, 404, 405, 410, 422, 501):
            return False
        raise Unreachable(self._clean(f"HTTP {answer.status}: {trouble_in(answer).message}"))

    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        """See `bot.backends.MakesCharacters`; the server gets the clip, of two to four seconds."""
        if not (await self._profile()).characters:
            raise BadOrder("this server makes no characters")
        film = await asyncio.to_thread(clip.read_bytes)
        answer = await self._order(
            "videos", "characters", files={"name": (None, name[:80]), "video": ("clip.mp4", film, "video/mp4")}
        )
        found = id_of(answer.data)
        if not answer.ok or found is None:
            raise verdict(answer, self._options.redaction, image=False, now=time.time())
        return found

    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        """See `bot.backends.TakesHooks`: Standard Webhooks; the body names the job and nothing that is believed."""
        check(self._options.hook_secret, headers, body, time.time())
        said = read_json(body)
        remote_id = id_of(said.get("data")) if isinstance(said, dict) else None
        return (remote_id,) if remote_id else ()

    async def examine(self) -> Sequence[Finding]:
        """See `ports.Examinable`."""
        return await Doctor(self.name, self._options, self._wire).examine()

    async def close(self) -> None:
        """Let go of all connections."""
        if self._wire is not None:
            await self._wire.close()


def _wire(options: DialectOptions) -> Wire | None:
    """None where there is no server to speak to."""
    if options.base is None or is_openai(options):
        return None
    return Wire(
        options.base,
        options.authorization,
        question_seconds=options.question_seconds,
        order_seconds=options.order_seconds,
    )


def _no_such_door(answer: Answer) -> bool:
    """Whether the server has no remix at all, as against not knowing the take that is to be remixed."""
    trouble = trouble_in(answer)
    if answer.status in (405, 501) or trouble.of_missing_door:
        return True
    return answer.status == 404 and (answer.data is None or trouble.message.strip(" .").lower() == "not found")
