"""Setting the stage: guilds, channels, threads, people; and what befalls them."""

from __future__ import annotations

from tests.fakes.discord import messages, payloads, rights, routes
from tests.fakes.discord.nouns import FORUM, GROUP, MIB, TEXT, THREAD, Channel, Guild, Message, User
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.world import World


class Places(World):
    """Who and where."""

    def guild(
        self, name: str, *, tier: int = 0, installed: bool = True, locale: str = "en-US", external: bool = True
    ) -> Guild:
        """A guild. Not `installed`: only members who have the app on their own account can use it there; not `external`:
        the guild lets such apps answer ephemerally only."""
        house = Guild(self.ids.make(1 << 22), name, tier, locale, installed)
        if not external:
            house.member_rights &= ~rights.EXTERNAL_APPS
        self.guilds[house.id] = house
        if installed:
            self.gateway.dispatch("GUILD_CREATE", house.id, lambda _: payloads.guild(house, self.bot))
        return house

    def channel(self, guild: Guild, name: str) -> Channel:
        """A text channel."""
        return self._open(Channel(self.ids.make(), name, TEXT, guild), "CHANNEL_CREATE")

    def forum(self, guild: Guild, name: str = "projects") -> Channel:
        """A forum: it takes posts, never messages."""
        return self._open(Channel(self.ids.make(), name, FORUM, guild), "CHANNEL_CREATE")

    def thread(
        self, parent: Channel, name: str = "a thread", *, archived: bool = False, locked: bool = False
    ) -> Channel:
        """A thread, or in a forum a post."""
        place = Channel(self.ids.make(), name, THREAD, parent.guild, parent, archived=archived, locked=locked)
        return self._open(place, "THREAD_CREATE")

    def post(self, forum: Channel, name: str = "a post") -> Channel:
        """A post of a forum."""
        assert forum.kind == FORUM, f"{forum.name} is no forum"
        return self.thread(forum, name)

    def _open(self, place: Channel, event: str) -> Channel:
        assert place.guild is not None
        self.channels[place.id] = place
        place.guild.channels.append(place)
        if place.guild.present:
            self.tell(event, place, payloads.channel(place, self.bot))
        return place

    def user(self, name: str, *, locale: str = "en-US", installed: bool = False, nitro_mib: int = 0) -> User:
        """A person. `installed`: the app stands on their own account and goes with them everywhere."""
        who = User(self.ids.make(), name, locale, installed=installed, nitro=nitro_mib * MIB)
        self.users[who.id] = who
        return who

    def dm(self, person: User) -> Channel:
        """The direct messages of this person and the bot."""
        return routes.direct(self, person.id)

    def group_dm(self, *people: User) -> Channel:
        """A group's direct messages, without the bot: only user installs work there."""
        place = Channel(self.ids.make(), "a group", GROUP, people=list(people))
        self.channels[place.id] = place
        return place

    # what may be done

    def moderator(self, person: User, guild: Guild, *names: str) -> None:
        """This member may do more than others there: manage messages, unless other rights are named."""
        guild.special[person.id] = guild.member_rights | rights.bits(*(names or ("manage_messages",)))

    def revoke(self, channel: Channel, *names: str) -> None:
        """The bot may no longer do this there (``"send_messages"``, ``"view_channel"``)."""
        channel.denied |= rights.bits(*names)
        self._changed(channel)

    def grant(self, channel: Channel, *names: str) -> None:
        """The bot may do this there (again); some rights belong to the whole guild."""
        channel.denied &= ~rights.bits(*names)
        if channel.guild:
            channel.guild.bot_rights |= rights.bits(*names)
        self._changed(channel)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """The thread is put away; `locked`: and only moderators can bring it back."""
        thread.archived, thread.locked = True, locked
        self._changed(thread)

    def _changed(self, place: Channel) -> None:
        event = "THREAD_UPDATE" if place.kind == THREAD else "CHANNEL_UPDATE"
        self.tell(event, place, payloads.channel(place, self.bot))

    # what befalls them

    def delete(self, thing: Message | Channel) -> None:
        """A message, or a channel with all that stands in it, is gone."""
        if isinstance(thing, Message):
            messages.remove(self, thing)
            return
        thing.gone = True
        event = "THREAD_DELETE" if thing.kind == THREAD else "CHANNEL_DELETE"
        self.tell(event, thing, payloads.channel(thing, self.bot))

    def close_dms(self, person: User) -> None:
        """The bot cannot write to this person any more (50007)."""
        person.closed = True

    def open_dms(self, person: User) -> None:
        """It can again."""
        person.closed = False

    def kick(self, guild: Guild) -> None:
        """The bot is removed from the guild."""
        guild.present = False
        data: Json = {"id": str(guild.id)}
        self.gateway.dispatch("GUILD_DELETE", guild.id, lambda _: data)

    def skip(self, seconds: float) -> None:
        """So many seconds go by at once, for tokens, nonces, links, old messages and rate limits."""
        self.clock.skip(seconds)
        self.limits.skip(seconds)
        for heard in self.interactions.values():
            heard.pulse.stir()
        self.stir()

    async def drop_gateway(self, code: int = 4000, *, forget: bool = False) -> None:
        """Every gateway connection breaks off. `forget`: no session can be resumed, clients have to identify anew."""
        await self.gateway.drop(code, forget=forget)
