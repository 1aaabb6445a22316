"""The pretended Telegram by remote control, for when it is a process of its own.

Every verb is ``POST /control/<verb>`` with a JSON object; `RemoteTelegram` speaks it::

    async with RemoteTelegram("http://127.0.0.1:8081") as telegram:
        await telegram.ask("say", user="ines", text="/generate a fox")              # in the direct conversation
        await telegram.ask("say", user="ines", group="set", text="/generate a fox")
        await telegram.ask("press", user="ines", chat=5000000001, message=101, button="Cancel")
        state = await telegram.ask("state", chat=5000000001)                        # messages, deleted
        await telegram.ask("fault", method="sendVideo", what="reset after", times=1)
        await telegram.ask("skip", seconds=60) · ("block", user="ines") · ("kick", group="set") · ("migrate", group="set")
        report = await telegram.ask("report")    # broken, disregarded, calls by method, refused, pending, polls, chats

``say`` takes a list under ``many`` too: ``ask("say", many=[{"user": "m1", "text": "…"}, …])``; pictures as base64 under ``photo``.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.telegram.model import Chat, Json, Media, Message

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World


def control_routes(world: World) -> list[web.RouteDef]:
    """For an aiohttp application."""
    control = Control(world)

    async def handle(request: web.Request) -> web.Response:
        verb = getattr(control, f"do_{request.match_info['verb']}", None)
        if verb is None:
            return web.json_response({"error": "no such verb"}, status=404)
        body = await request.json() if request.can_read_body else {}
        try:
            return web.json_response(await verb(**body))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            return web.json_response({"error": repr(wrong)}, status=400)

    return [web.post("/control/{verb}", handle)]


class Control:
    """One method per verb."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _chat(self, user: str = "", group: str = "", chat: int = 0) -> Chat:
        if chat:
            return self.world.chats[chat]
        if not group:
            return self.world.private(self.world.user(user))
        alive = [each for each in self.world.chats.values() if each.title == group and each.moved_to is None]
        return alive[-1] if alive else self.world.group(group)

    async def do_group(self, title: str, admins: list[str] | None = None, **more: bool) -> Json:
        people = [self.world.user(each) for each in admins or []]
        return {"chat": self.world.group(title, admins=people, **more).id}

    async def do_say(self, many: list[Json] | None = None, **one: Any) -> Any:
        if many is not None:
            return [await self._say(**each) for each in many]
        return await self._say(**one)

    async def _say(self, user: str, text: str = "", *, group: str = "", chat: int = 0, **more: Any) -> Json:
        where = self._chat(user, group, chat)
        speaker = self.world.user(user, more.pop("language", ""))
        target = where.by_id[more.pop("reply_to")] if more.get("reply_to") else None
        picture = b64decode(more.pop("photo")) if more.get("photo") else None
        said = await self.world.say(speaker, where, text, reply_to=target, photo=picture, **more)
        return {"chat": where.id, "message": said.id, "at": self.world.now()}

    async def do_press(self, user: str, chat: int, message: int, button: str) -> Json:
        press = await self.world.press(self.world.user(user), self.world.chats[chat].by_id[message], button)
        return {"id": press.id, "at": press.at}

    async def do_pressed(self, id: str) -> Json | None:
        answer = self.world.presses[id].answered
        return {"text": answer.text, "alert": answer.alert, "after": answer.after} if answer else None

    async def do_state(self, user: str = "", group: str = "", chat: int = 0) -> Json:
        where = self._chat(user, group, chat)
        return {
            "chat": where.id,
            "messages": [shown(each) for each in where.messages],
            "deleted": [shown(each) for each in where.deleted],
        }

    async def do_fault(self, method: str, what: int | str, **more: Any) -> bool:
        self.world.faults.add(method, what, **more)
        return True

    async def do_skip(self, seconds: float) -> bool:
        self.world.skip(seconds)
        return True

    async def do_block(self, user: str, blocked: bool = True) -> bool:
        self.world.block(self.world.user(user), blocked=blocked)
        return True

    async def do_kick(self, group: str, back: bool = False) -> bool:
        self.world.kick(self._chat(group=group), back=back)
        return True

    async def do_migrate(self, group: str) -> Json:
        return {"chat": self.world.migrate(self._chat(group=group)).id}

    async def do_delete(self, chat: int, message: int) -> bool:
        self.world.delete(self.world.chats[chat].by_id[message])
        return True

    async def do_calls(self, since: float = 0.0) -> list[Json]:
        return [
            {"method": each.method, "chat": each.chat, "status": each.status, "at": each.at, "ended": each.ended}
            for each in self.world.calls
            if each.at >= since
        ]

    async def do_report(self) -> Json:
        return {
            "broken": self.world.broken,
            "disregarded": self.world.patience.disregarded,
            "refused": self.world.patience.refused,
            "calls": dict(Counter(each.method for each in self.world.calls)),
            "statuses": {str(key): n for key, n in Counter(each.status for each in self.world.calls).items()},
            "pending": len(self.world.mailbag.pending),
            "polls": self.world.mailbag.polls,
            "chats": {str(each.id): len(each.messages) for each in self.world.chats.values()},
        }


def shown(message: Message) -> Json:
    """A message as plain data."""
    return {
        "id": message.id,
        "from": message.sender.name if message.sender else "",
        "ours": bool(message.sender and message.sender.is_bot),
        "text": message.text,
        "caption": message.caption,
        "buttons": [{"label": each.label, "data": each.data, "url": each.url} for each in message.buttons],
        "media": _media(message.media),
        "reply_to": message.reply_to.id if message.reply_to else None,
        "edited": message.edited,
        "edited_at": message.edited_at,
        "at": message.posted_at,
        "thread": message.thread,
    }


def _media(media: Media | None) -> Json | None:
    if media is None:
        return None
    names = ("kind", "size", "width", "height", "duration", "supports_streaming", "unique_id")
    return {name: getattr(media, name) for name in names} | {"thumbnail": media.thumbnail is not None}


class RemoteTelegram:
    """The other end of the remote control."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.base_url, self.file_url = f"{self.url}/bot", f"{self.url}/file/bot"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def ask(self, verb: str, /, **body: Any) -> Any:
        """One verb; its answer. An error is an assertion that fails."""
        assert self._session is not None
        async with self._session.post(f"{self.url}/control/{verb}", json=body) as answer:
            found = await answer.json()
            assert answer.status == 200, found
            return found
