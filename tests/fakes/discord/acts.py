"""What members do: commands, presses, forms, words."""

from __future__ import annotations

import contextlib
from typing import Any

from tests.fakes.discord import heard as types
from tests.fakes.discord import options, payloads, rights
from tests.fakes.discord.heard import Heard
from tests.fakes.discord.modals import UPLOAD
from tests.fakes.discord.nouns import BUTTON, SELECTS, Channel, Message, User, every
from tests.fakes.discord.places import Places
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.rest import guess

SLASH, MESSAGE_MENU = 1, 3
PATIENCE = 3.0


class Acts(Places):
    """Members at their apps. Each act returns when it has a first answer, or when 3 seconds went by without one."""

    async def slash(self, user: User, channel: Channel, name: str, /, **given: Any) -> Heard:
        """A slash command; pictures as bytes or as ``("name.png", bytes)``; subcommands after a space. AssertionError for
        a command, an option or a value that the member's app would not offer."""
        return await self._ask(self._slash(user, channel, name, given))

    def _slash(self, user: User, channel: Channel, name: str, given: dict[str, Any]) -> Heard:
        base, *subs = name.split(" ")
        about = options.find_command(self, channel, user, base, SLASH)
        leaf = about
        for sub in subs:
            leaf = next(option for option in leaf["options"] if option["name"] == sub)
        filled, resolved = options.fill(self, channel, leaf, given)
        for sub in reversed(subs):
            filled = [{"name": sub, "type": 1 if sub == subs[-1] else 2, "options": filled}]
        data: Json = {"id": about["id"], "name": base, "type": SLASH, "options": filled, "resolved": resolved}
        return self._interaction(types.COMMAND, user, channel, data)

    async def autocomplete(self, user: User, channel: Channel, name: str, /, **given: Any) -> Heard:
        """The choices for the last option given, as far as it is typed."""
        about = options.find_command(self, channel, user, name, SLASH)
        declared = {option["name"]: option for option in about["options"]}
        focus = list(given)[-1]
        assert declared[focus].get("autocomplete"), f"{name} does not complete {focus}"
        typed = [{"name": key, "type": declared[key]["type"], "value": value} for key, value in given.items()]
        typed[-1]["focused"] = True
        data: Json = {"id": about["id"], "name": name, "type": SLASH, "options": typed}
        return await self._ask(self._interaction(types.AUTOCOMPLETE, user, channel, data))

    async def message_command(self, user: User, message: Message, name: str) -> Heard:
        """A command of a message's own menu."""
        about = options.find_command(self, message.channel, user, name, MESSAGE_MENU)
        shown = payloads.message(message, self.origin, self.now())
        data: Json = {"id": about["id"], "name": name, "type": MESSAGE_MENU, "target_id": str(message.id)}
        data["resolved"] = {"messages": {str(message.id): shown}}
        return await self._ask(self._interaction(types.COMMAND, user, message.channel, data))

    async def press(self, user: User, message: Message | Heard, name: str, values: list[str] | None = None) -> Heard:
        """A button, by its label or custom id; or a select with the values chosen."""
        said = message.original if isinstance(message, Heard) else message
        assert said is not None, "there is no message to press on"
        assert not said.gone, "the message is gone"
        assert not said.ephemeral or said.reader is user, f"{user.name} does not see this message"
        part = find_component(said, name)
        data: Json = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part.get("id", 0)}
        if part["type"] in SELECTS:
            data["values"] = values or []
        return await self._ask(self._interaction(types.COMPONENT, user, said.channel, data, source=said))

    async def submit(self, user: User, opened: Heard, values: dict[str, Any] | None = None) -> Heard:
        """Send a form that was opened, filled in by custom id or label; what is not named stays as it stood."""
        modal = opened.modal
        assert modal is not None, "no form was opened"
        resolved: Json = {}
        given = {name: self._uploaded(opened, name, value, resolved) for name, value in (values or {}).items()}
        data: Json = {"custom_id": modal.custom_id, "components": modal.filled(given)}
        if resolved:
            data["resolved"] = resolved
        return await self._ask(self._interaction(types.FORM, user, opened.channel, data, source=opened.source))

    def _uploaded(self, opened: Heard, name: str, value: Any, resolved: Json) -> Any:
        assert opened.modal
        if opened.modal.field(name).part["type"] != UPLOAD:
            return value
        files = value if isinstance(value, list) else [value]
        return [options.attach(self, opened.channel, file, resolved) for file in files]

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Words (and files) in a channel, as a reply if told; the app gets them emptied as the real one does."""
        said = Message(self.ids.make(), channel, user, text, created=self.now())
        named = [who for who in self.users.values() if f"<@{who.id}>" in text]
        if reply_to is not None:
            said.reply_to, said.kind = reply_to, 19
            # a reply to an interaction's answer never mentions the app, ping or not
            if ping and reply_to.answers is None:
                named.append(reply_to.author)
        said.mentions = list(dict.fromkeys(named))
        said.attachments = [self.keep(channel, name, data, guess(name, "")) for name, data in (files or {}).items()]
        return self._stand(said)

    def bot_says(
        self, channel: Channel, text: str = "", *, components: list[Json] | None = None, flags: int = 0
    ) -> Message:
        """A message that the bot posted at some time before: it stands there, and nobody is asked whether it may."""
        said = Message(self.ids.make(), channel, self.bot, text, components or [], flags=flags, created=self.now())
        return self._stand(said)

    def _stand(self, said: Message) -> Message:
        said.channel.history[said.id] = said
        said.channel.archived = False
        self.tell_message("MESSAGE_CREATE", said)
        return said

    # the interaction itself

    async def _ask(self, heard: Heard) -> Heard:
        """Send it off and wait for the first answer."""
        guild = heard.channel.guild.id if heard.channel.guild and heard.channel.guild.present else None
        if self.gateway.dispatch("INTERACTION_CREATE", guild, lambda _: heard.payload):
            with contextlib.suppress(AssertionError):
                await heard.until(lambda: heard.acknowledged or self.now() - heard.created > PATIENCE, PATIENCE + 0.2)
        return heard

    def interaction(self, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None) -> Heard:
        """One that no gateway carries: it is known to REST, and waits for its answer there."""
        return self._interaction(kind, user, channel, data, source)

    def _interaction(self, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None) -> Heard:
        number = self.ids.make()
        house = channel.guild
        guest = self.bot not in channel.people if house is None else not house.present
        token = f"interaction-{number:x}"
        payload: Json = {
            "id": str(number),
            "application_id": str(self.application_id),
            "type": kind,
            "token": token,
            "version": 1,
        }
        payload |= {
            "data": data,
            **self._where(channel),
            **self._who(user, channel),
            "locale": user.locale,
            "entitlements": [],
        }
        limit = max(self.upload_limit if house is None else self.guild_limit(house), user.nitro)
        payload |= {"attachment_size_limit": limit, "app_permissions": str(self._app_rights(channel, guest))}
        payload["authorizing_integration_owners"] = owners(user, channel, guest)
        if source is not None:
            payload["message"] = payloads.message(source, self.origin, self.now())
        heard = Heard(number, token, kind, user, channel, self.now(), payload, source, guest)
        heard.hushed = guest and house is not None and not house.member_rights & rights.EXTERNAL_APPS
        self.interactions[token] = heard
        return heard

    def _where(self, channel: Channel) -> Json:
        shown = payloads.channel(channel, self.bot)
        base: Json = {"channel_id": str(channel.id), "channel": shown}
        if channel.guild is None:
            return {**base, "context": 1 if self.bot in channel.people else 2}
        shown["permissions"] = str(rights.EVERYONE)
        house = channel.guild
        guild = {"id": str(house.id), "locale": house.locale, "features": []}
        return {**base, "context": 0, "guild_id": str(house.id), "guild_locale": house.locale, "guild": guild}

    def _who(self, user: User, channel: Channel) -> Json:
        if channel.guild is None:
            return {"user": payloads.user(user)}
        channel.guild.members.setdefault(user.id, user)
        may = channel.guild.special.get(user.id, channel.guild.member_rights)
        return {"member": payloads.member(user, may)}

    @staticmethod
    def _app_rights(channel: Channel, guest: bool) -> int:
        """A guest has what everyone may do, less what only a member of the guild can: it cannot post by itself."""
        if not guest:
            return channel.bot_rights()
        return (
            rights.ATTACH | rights.EMBED | (channel.guild.member_rights & rights.EXTERNAL_APPS if channel.guild else 0)
        )


def owners(user: User, channel: Channel, guest: bool) -> Json:
    """By which installs it came (`authorizing_integration_owners`)."""
    by_user = {"1": str(user.id)} if user.installed else {}
    if guest:
        return by_user
    return {"0": str(channel.guild.id) if channel.guild else "0", **by_user}


def find_component(said: Message, name: str) -> Json:
    """A button or select of a message, by label or custom id; AssertionError where it cannot be pressed."""
    found = [
        part
        for part in every(said.components)
        if part["type"] in (BUTTON, *SELECTS) and name in (part.get("label"), part.get("custom_id"))
    ]
    assert found, f"nothing to press called {name!r}; there is {said.labels}"
    assert found[0].get("custom_id"), f"{name!r} is a link"
    assert not found[0].get("disabled"), f"{name!r} is greyed out"
    return found[0]
