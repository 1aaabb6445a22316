"""A studio on a stage: the real web adapter, storage in memory, and a film crew that plays a script."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.chat.web import Bell, WebPoster, WebStudio
from bot.cards import Button, Card, CardClip, Change, Chip, Progress, PromptPart, Row, Tone
from bot.film import Slate
from bot.palette import colour
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.spine import FIELDS, Spine, preset
from bot.spine_text import imported
from bot.text import duration, money, say
from tests.adapters.chat.web.cutter import Cutter
from tests.adapters.chat.web.props import FakeClips, FakeGate, Reel, until
from tests.adapters.chat.web.troupe import Reader, Troupe
from tests.fakes.storage import FakeStore

TOKEN = "a token for tests"
STATES = {"rolling": "rolling", "failed": "cancelled"}
CAST = (("subject", "a detective"), ("wardrobe", "trench coat"), ("place", "empty street"))


@dataclass
class Take:
    """A take in the crew's hands."""

    id: str
    slate: Slate
    words: str
    source: Slate | None = None
    change: Change | None = None
    state: str = "rolling"
    circled: bool = False
    kept: dict[str, str] = field(default_factory=lambda: dict(CAST))
    reel: Reel | None = None
    revision: int = 1


class Crew:
    """Plays what the core, the engine and a backend would do, by a script; `hold` keeps takes rolling while it is set."""

    def __init__(self, store: FakeStore, poster: WebPoster, reel: Reel | None, locale: str) -> None:
        self.store, self.poster, self.reel, self.locale = store, poster, reel, locale
        self.takes: dict[str, Take] = {}
        self.spine = Spine()
        self.titles = ["No Return Address"]
        self.title = 0
        self.hold = asyncio.Event()
        self.lengths: tuple[int, ...] = (4, 6, 8, 10)
        self.heard: list[Wish] = []
        self.image: str | None = None
        self.troupe = Troupe()
        self.cutter = Cutter(self._answer)
        self.reader = Reader()
        self.origins: dict[str, str] = {}
        self.stages: list[dict[str, Any]] = []

    async def take_up(self, wish_id: str) -> None:
        """What the lead's function does: handle the stored wish, answer with a card."""
        async with self.store.work() as w:
            wish = await w.wishes.get(wish_id)
        assert wish is not None, "a wish is stored before it is handled"
        self.heard.append(wish)
        name, values = wish.command["name"], dict(wish.command["values"])
        await getattr(self, f"_{name}", self._answer)(wish, values)

    async def _show(self, wish: Wish, take: Take, share: float | None = None) -> None:
        take.revision += 1
        await self.poster.show(wish.address, take.id, self.card(take, share), None)

    async def _generate(self, wish: Wish, values: dict[str, Any]) -> None:
        self.image = values.get("image")
        shot = len({take.slate.shot for take in self.takes.values()})
        await self._roll(wish, Take(f"take{len(self.takes)}", Slate(1, shot, 1), values["prompt"]))

    async def _remix(self, wish: Wish, values: dict[str, Any]) -> None:
        source = self.takes[values["take"]]
        slate = replace(source.slate, take=source.slate.take + 1)
        change = Change("umbrella", "teal", "red")
        await self._roll(wish, Take(f"take{len(self.takes)}", slate, values["change"], source.slate, change))

    async def _roll(self, wish: Wish, take: Take) -> None:
        self.takes[take.id] = take
        for share in (None, 0.0, 0.25, 0.5):
            await self._show(wish, take, share)
        await until(lambda: not self.hold.is_set() or take.state != "rolling", 60)
        if take.state == "rolling":
            take.state, take.reel = "ready", self.reel
            await self._show(wish, take)

    async def _cancel(self, wish: Wish, values: dict[str, Any]) -> None:
        take = self.takes[values["take"]]
        take.state = "failed"
        await self._show(wish, take)

    async def _circle(self, wish: Wish, values: dict[str, Any]) -> None:
        take = self.takes[values["take"]]
        take.circled = not take.circled
        await self._show(wish, take)

    async def _drop(self, wish: Wish, values: dict[str, Any]) -> None:
        take = self.takes[values["take"]]
        take.kept.pop(values["kind"], None)
        await self._show(wish, take)

    async def _style(self, wish: Wish, values: dict[str, Any]) -> None:
        action = values.pop("action")
        if action == "clear":
            self.spine = self.spine.clear(*filter(None, [values.get("field")]))
        elif "preset" in values:
            self.spine = preset(values["preset"])
        elif action == "import":
            self.spine = imported(values["text"])
        elif action == "from":
            self.spine = Spine(look=f"as in {values['take']}")
        elif action == "add":
            self.spine = self.spine.add(**values)
        else:
            self.spine = self.spine.set(**values)
        await self._answer(wish, values)

    async def _cast(self, wish: Wish, values: dict[str, Any]) -> None:
        self.troupe.hear(values)

    async def _consent(self, wish: Wish, values: dict[str, Any]) -> None:
        self.troupe.agree(values)

    async def _arrange(self, wish: Wish, values: dict[str, Any]) -> None:
        await self.cutter.arrange(wish, values["order"].split())

    async def _film(self, wish: Wish, values: dict[str, Any]) -> None:
        newest = {take.slate.shot_name: take for take in self.takes.values() if take.reel}
        cut = self.cutter.film(self.title_now, [str(newest[name].slate) for name in self.cutter.sorted(newest)], values)
        await self.poster.show(wish.address, "film", cut, None)

    async def _check(self, wish: Wish, values: dict[str, Any]) -> None:
        self.cutter.measured = True
        await self._answer(wish, values)

    async def _session(self, wish: Wish, values: dict[str, Any]) -> None:
        if values["action"] == "new":
            self.titles.append(values["title"])
            self.title = len(self.titles) - 1
        if values["action"] == "switch":
            self.title = int(values["title"])
        await self._answer(wish, values)

    async def _answer(self, wish: Wish, values: dict[str, Any]) -> None:
        rows = (Row("/generate", "Film the next shot of your production."),) if wish.command["name"] == "help" else ()
        card = Card(title=wish.command["name"], lines=("Done.",), rows=rows)
        await self.poster.show(wish.address, wish.id, card, None)

    def card(self, take: Take, share: float | None) -> Card:
        """The take's card in its state, with all that a card can carry."""
        words, chips = self._part("words", take.words), self._spine_chips()
        spine = (self._part("spine", self.spine.render()),) if self.spine.render() else ()
        change = (self._part("change", take.words),) if take.source else ()
        card = Card(
            tone=Tone(take.state),
            title=str(take.slate),
            status="" if take.state == "ready" else self._say(f"state.{STATES[take.state]}"),
            quote=take.words,
            reply_to=str(take.source or ""),
            facts=(self._say("backend.colour_bars"), duration(2, self.locale), "16:9", money(0, self.locale)),
            changes=(take.change,) if take.change else (),
            spine=chips,
            kept=tuple(Chip(kind, said, "", f"drop:{take.id}:{kind}") for kind, said in take.kept.items()),
            prompt=(*spine, *(change or (words,))),
            take=take.id,
            revision=take.revision,
        )
        return replace(card, **self._by_state(take, share))

    def _by_state(self, take: Take, share: float | None) -> dict[str, Any]:
        if take.state == "rolling":
            return {
                "progress": Progress(share, seconds_left=50.0),
                "buttons": (Button(self._say("button.cancel"), f"cancel:{take.id}"),),
            }
        if take.state == "failed":
            return {"lines": (f"{self._say('state.cancelled_line')} {self._say('cost.nothing')}",)}
        reel = take.reel
        clip = CardClip(reel.digest, reel.seconds, reel.width, reel.height, poster=reel.poster) if reel else None
        remix = Button(self._say("button.remix"), f"remix:{take.id}", asks=True)
        circle = Button(self._say(f"button.{'uncircle' if take.circled else 'circle'}"), f"circle:{take.id}")
        following = Button(self._say("button.next"), "generate", asks=True)
        again = (following, Button(self._say("button.retake"), f"retake:{take.id}"))
        return {"clip": clip, "buttons": (remix, *again, circle)}

    @property
    def title_now(self) -> str:
        """Of the production in hand."""
        return self.titles[self.title]

    def _say(self, key: str) -> str:
        return say(key, self.locale)

    def _part(self, name: str, text: str) -> PromptPart:
        return PromptPart(self._say(f"part.{name}"), text, name)

    def _spine_chips(self) -> tuple[Chip, ...]:
        return tuple(
            Chip(name, words)
            for name, value in self.spine.filled().items()
            for words in (self.spine.anchors() if name == "palette" else (value,))
        )

    async def view(self, member: Member, address: Address) -> dict[str, Any]:
        """The session panel."""
        newest = {take.slate.shot_name: take for take in self.takes.values()}
        last = next(reversed(self.takes.values()), None)
        return {
            "production": {
                "id": str(self.title),
                "title": self.titles[self.title],
                "shots": len(newest),
                "scene": 1,
                "seconds": sum(take.reel.seconds for take in newest.values() if take.reel),
            },
            "spine": {
                "text": self.spine.render(),
                "anchors": list(self.spine.anchors()),
                "colours": [colour(each) for each in self.spine.anchors()],
                "fields": [
                    {
                        "name": f,
                        "label": self._say(f"spine.{f}"),
                        "value": self.spine.value(f),
                        "placeholder": "",
                        "origin": self.origins.get(f, "own" if self.spine.value(f) else ""),
                    }
                    for f in FIELDS
                ],
            },
            "cast": self.troupe.view({name: take.words for name, take in newest.items()}),
            "storyboard": [self._panel(newest[name]) for name in self.cutter.sorted(newest)],
            **self.cutter.view([name for name, take in newest.items() if take.reel]),
            "carried": self._carried(last) if last else [],
            "options": {
                "shapes": ["wide", "tall", "square", "portrait"],
                "seconds": list(self.lengths),
                "images": True,
                "backends": [
                    {"name": "bars", "label": self._say("backend.colour_bars"), "free": True, "price_per_second": None}
                ],
                "stages": self.stages,
                "default": "bars",
            },
            "productions": [{"id": str(n), "title": title} for n, title in enumerate(self.titles)],
            "locale": self.locale,
        }

    def _carried(self, take: Take) -> list[dict[str, str]]:
        return [
            {"kind": kind, "label": self._say(f"kind.{kind}"), "words": said, "action": f"drop:{take.id}:{kind}"}
            for kind, said in take.kept.items()
        ]

    def _panel(self, take: Take) -> dict[str, Any]:
        poster = take.reel.poster if take.reel else None
        return {
            "slate": str(take.slate),
            "take": take.id,
            "poster": poster,
            "state": take.state,
            "circled": take.circled,
            "words": take.words,
            "name": take.slate.shot_name,
            "match": self.cutter.match(take.slate.shot_name) if take.reel else None,
        }


@dataclass
class Stage:
    """The studio with everything around it."""

    studio: WebStudio
    crew: Crew
    store: FakeStore
    clips: FakeClips
    gate: FakeGate
    bell: Bell
    poster: WebPoster

    @property
    def address(self) -> Address:
        """Where the studio's cards go."""
        return Address(platform="web", chat="studio", member="web:local")

    async def post(self, key: str, card: Card) -> None:
        """A card from anywhere."""
        await self.poster.show(self.address, key, card, None)

    async def wishes(self) -> list[dict[str, Any]]:
        """The commands that were stored, oldest first."""
        async with self.store.work() as w:
            return [dict(wish.command) for wish in await w.wishes.open()]


@asynccontextmanager
async def staged(folder: Path, reel: Reel | None = None, **options: Any) -> AsyncIterator[Stage]:
    """A started studio on a free port; `options` go to `WebStudio`."""
    store, bell, clips, gate = FakeStore(), Bell(), FakeClips(folder), FakeGate()
    poster = WebPoster(store.work, bell, now=time.time)
    given = {"host": "127.0.0.1", "port": 0, "token": None, "locale": "en", **options}
    crew = Crew(store, poster, reel, given["locale"])
    given.setdefault("offering", crew.reader)
    studio = WebStudio(
        work=store.work,
        clips=clips,
        gate=gate,
        take_up=crew.take_up,
        view=crew.view,
        bell=bell,
        version="0.1.0",
        **given,
    )
    await studio.start()
    try:
        yield Stage(studio, crew, store, clips, gate, bell, poster)
    finally:
        await studio.stop()
