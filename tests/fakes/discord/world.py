"""Everything the fake knows, and how the rest of it finds its way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.discord import payloads, rights
from tests.fakes.discord.clock import Clock, Ids
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import MESSAGE_CONTENT, PRIVILEGED, Gateway, Session, sees
from tests.fakes.discord.heard import Heard
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.nouns import BIGGEST_BY_TIER, DM, MIB, Channel, File, Guild, Message, User
from tests.fakes.discord.pulse import Pulse
from tests.fakes.discord.refusals import Json, Refused

ALL_INTENTS = (1 << 26) - 1


@dataclass
class Call:
    """One request. `files`: name to size. `code`: Discord's own, 0 where it was answered well. `took`: seconds."""

    method: str
    route: str
    json: Json | list[Json] | None = None
    files: dict[str, int] = field(default_factory=dict)
    status: int = 0
    code: int = 0
    at: float = 0.0
    took: float = 0.0
    query: dict[str, str] = field(default_factory=dict)


class World:
    """The state of one fake Discord; `FakeDiscord` adds what tests do with it."""

    def __init__(
        self,
        *,
        token: str = "a-fake-bot-token",
        limits: bool | float = True,
        message_content: bool = False,
        upload_mib: int = 10,
        shards: int = 1,
    ) -> None:
        self.clock = Clock()
        self.ids = Ids(self.clock)
        self.token = token
        self.origin = ""
        self.bot = User(self.ids.make(), "throughline", bot=True)
        self.bot_id = self.application_id = self.bot.id
        self.upload_limit = upload_mib * MIB
        self.message_content = message_content
        self.shards = shards
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Heard] = {}
        self.commands: dict[int | None, list[Json]] = {}
        """What was registered: for None everywhere, else for one guild."""
        self.nonces: dict[str, tuple[float, Message]] = {}
        self.nonce_window = 300.0
        """Seconds that a nonce is remembered; Discord says "the past few minutes"."""
        self.files: dict[int, File] = {}
        """Every file that has an address, by its id."""
        self._bytes: dict[bytes, bytes] = {}
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.unexamined: list[tuple[str, str, Json | list[Json]]] = []
        """Method, route and body of requests that the description was not yet asked about."""
        self.faults = Faults()
        self.limits = Limits(float(limits))
        allowed = ALL_INTENTS & ~PRIVILEGED & ~(0 if message_content else MESSAGE_CONTENT)
        self.gateway = Gateway(token, allowed, self._ready)
        self.gateway.on_change = self.stir
        self.pulse = Pulse()

    def _ready(self, session: Session) -> tuple[Json, list[Json]]:
        houses = [house for house in self.guilds.values() if house.present and session.hears(house.id)]
        about: Json = {"v": 10, "user": {**payloads.user(self.bot), "verified": True, "mfa_enabled": False}}
        about |= {"guilds": [{"id": str(house.id), "unavailable": True} for house in houses], "session_id": session.id}
        about |= {"resume_gateway_url": self.gateway_url, "shard": [session.shard, session.shards]}
        about["application"] = {"id": str(self.application_id), "flags": 0}
        # `unavailable` stands in those that were there before; without it the bot was just invited
        return about, [{**payloads.guild(house, self.bot), "unavailable": False} for house in houses]

    @property
    def gateway_url(self) -> str:
        """Where the gateway is: ``ws://127.0.0.1:…/gw/``."""
        return self.origin.replace("http", "ws", 1) + "/gw/"

    @property
    def api_url(self) -> str:
        """Where REST is: ``http://127.0.0.1:…/api/v10``."""
        return self.origin + "/api/v10"

    # what changes wakes who waits

    def stir(self) -> None:
        """Something changed."""
        self.pulse.stir()

    async def until(self, holds: Callable[[], object], within: float = 5.0) -> None:
        """Wait until it holds; AssertionError after `within` seconds. A crowd better waits on its own `Heard`s."""
        await self.pulse.until(holds, within)

    def now(self) -> float:
        """The fake's time, seconds since 1970."""
        return self.clock.now()

    def keep(self, place: Channel, name: str, data: bytes, kind: str) -> File:
        """A new file with an address; equal bytes are kept once."""
        file = File(self.ids.make(), place.id, name, self._bytes.setdefault(data, data), kind)
        self.files[file.id] = file
        return file

    # finding

    def channel_at(self, number: int) -> Channel:
        """The channel that the bot may at least know of. Raises `Refused` 10003, 50001."""
        place = self.channels.get(number)
        if place is None or place.gone or (place.parent is not None and place.parent.gone):
            raise Refused(10003)
        if place.guild is not None and not place.guild.present:
            raise Refused(50001)
        if place.kind == DM and self.bot not in place.people:
            raise Refused(50001)
        if not place.bot_rights() & rights.VIEW:
            raise Refused(50001)
        return place

    def message_at(self, place: Channel, number: int) -> Message:
        """A message there. Raises `Refused` 10008."""
        if (said := place.history.get(number)) is None:
            raise Refused(10008)
        return said

    def biggest(self, place: Channel, hook: Heard | None = None) -> int:
        """How many bytes a file may have there; by an interaction's hook the member's own allowance counts too."""
        base = self.upload_limit if place.guild is None else self.guild_limit(place.guild)
        return max(base, hook.user.nitro) if hook else base

    def guild_limit(self, guild: Guild) -> int:
        """By what the guild is boosted to."""
        return max(self.upload_limit, BIGGEST_BY_TIER[guild.tier] if guild.tier > 1 else 0)

    # telling

    def tell(self, event: str, place: Channel, data: Json) -> int:
        """An event about a channel, to every session that hears it."""
        guild = place.guild.id if place.guild else None
        return self.gateway.dispatch(event, guild, lambda _: data)

    def tell_message(self, event: str, said: Message) -> None:
        """A message's event, with its content only for those who may read it."""
        place = said.channel
        self.stir()
        if said.ephemeral or (place.guild and not place.guild.present) or not place.bot_rights() & rights.VIEW:
            return
        guild = place.guild.id if place.guild else None
        self.gateway.dispatch(
            event, guild, lambda session: self._message_event(said, sees(session, guild, self.readable(said)))
        )

    def _message_event(self, said: Message, readable: bool | None) -> Json | None:
        if readable is None:
            return None
        data = payloads.message(said, self.origin, self.now(), readable=readable)
        if guild := said.channel.guild:
            data |= {"guild_id": str(guild.id), "member": payloads.member(said.author, with_user=False)}
        return data

    def readable(self, said: Message) -> bool:
        """Whether the app reads it without the message-content intent: its own, direct ones, those that mention it."""
        return said.author is self.bot or said.channel.direct or self.bot in said.mentions

    def broke(self, line: str) -> None:
        """Note a rule that was broken."""
        self.problems.append(line)
