"""Who goes when. Time is moved by hand; the judge is the pretended Telegram's own flood control."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.chat.telegram.pace import Pacer, ToldToWait, Urgency
from bot.errors import DeliveryFault
from tests.adapters.chat.telegram.hours import HandClock
from tests.fakes.telegram.flood import Limits, Patience
from tests.fakes.telegram.refusals import Refusal

GROUP, MEMBER = "-100", "7"


class Stage:
    """A pacer, a clock, and a Telegram that only counts."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.pacer = Pacer(self.clock)
        self.telegram = Patience(Limits())
        self.sent: list[tuple[float, str, str]] = []
        self.took = 0.0
        """Seconds that each request lasts; it counts when half of them are over."""
        self._tasks: list[asyncio.Task[str]] = []

    def sender(self, chat: str, what: str) -> Callable[[], Awaitable[str]]:
        async def send() -> str:
            if self.took:
                await self.clock.sleep(self.took / 2)
            try:
                self.telegram.spend(int(chat), group=chat.startswith("-"), now=self.clock.now(), method=what)
            except Refusal as refusal:
                raise ToldToWait(refusal.parameters["retry_after"]) from None
            self.sent.append((self.clock.now() - 1000.0, chat, what))
            if self.took:
                await self.clock.sleep(self.took / 2)
            return what

        return send

    def send(self, chat: str, what: str, urgency: Urgency, key: str = "") -> asyncio.Task[str]:
        task = asyncio.create_task(self.pacer.turn(chat, key or what, urgency, self.sender(chat, what)))
        self._tasks.append(task)
        return task

    def offer(self, chat: str, what: str, key: str) -> None:
        self.pacer.offer(chat, key, self.sender(chat, what))

    def said(self, chat: str | None = None) -> list[str]:
        return [what for _, where, what in self.sent if chat in (None, where)]

    async def close(self) -> None:
        await self.pacer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    yield stage
    await stage.close()
    assert stage.telegram.disregarded == []


async def test_what_is_sent_comes_back(stage: Stage) -> None:
    first = stage.send(MEMBER, "card", Urgency.ANSWER)
    await stage.clock.move(0.1)
    assert await first == "card"


async def test_the_clip_goes_first_and_progress_last(stage: Stage) -> None:
    for number in range(20):
        stage.send(GROUP, f"card {number}", Urgency.ANSWER)
    await stage.clock.move(30)
    assert len(stage.sent) == 18, "the last two of the minute are kept for clips"
    stage.offer(GROUP, "progress", "p")
    stage.send(GROUP, "ready", Urgency.READY)
    stage.send(GROUP, "end", Urgency.END)
    stage.send(GROUP, "clip", Urgency.CLIP)
    await stage.clock.move(1)
    assert stage.said()[18:] == ["clip"]
    await stage.clock.move(60)
    assert stage.said()[19:] == ["card 18", "card 19", "end", "progress"], "what is ready was ready long ago"


async def test_three_hundred_members_at_one_instant_are_served_at_thirty_a_second(stage: Stage) -> None:
    stage.took = 0.08
    for number in range(300):
        stage.send(str(number + 1), "card", Urgency.ANSWER)
    await stage.clock.move(1.2 * 300 / 30)
    assert len(stage.sent) == 300
    assert stage.telegram.refused == 0


async def test_a_talkative_chat_does_not_hold_up_another(stage: Stage) -> None:
    for number in range(12):
        stage.send(GROUP, f"list {number}", Urgency.ANSWER)
    stage.send(MEMBER, "card", Urgency.ANSWER)
    await stage.clock.move(0.2)
    assert "card" in stage.said()[:3]


async def test_progress_of_a_card_is_the_newest_or_nothing(stage: Stage) -> None:
    for share in range(10):
        stage.offer(MEMBER, f"{share}0 %", "take")
    await stage.clock.move(10)
    assert stage.said() == ["90 %"]


async def test_progress_is_dropped_once_the_end_is_under_way(stage: Stage) -> None:
    stage.took = 2.0
    stage.offer(MEMBER, "40 %", "take")
    await stage.clock.move(0.1)
    stage.offer(MEMBER, "50 %", "take")
    stage.send(MEMBER, "clip", Urgency.CLIP, key="take")
    await stage.clock.move(0.1)
    stage.offer(MEMBER, "60 %", "take")
    await stage.clock.move(0.5)
    assert stage.said() == [], "two things of one card never go out at the same time"
    await stage.clock.move(10)
    assert stage.said() == ["40 %", "clip"]


async def test_progress_that_had_to_wait_too_long_is_stale(stage: Stage) -> None:
    for number in range(18):
        stage.send(GROUP, f"card {number}", Urgency.ANSWER)
    await stage.clock.move(1)
    stage.offer(GROUP, "10 %", "take")
    await stage.clock.move(120)
    assert len(stage.sent) == 18


async def test_forty_takes_in_one_group_never_earn_a_wait_and_no_clip_is_late(stage: Stage) -> None:
    stage.took = 0.3
    asked: dict[str, float] = {}
    for second in range(600):
        for take in range(40):
            stage.offer(GROUP, f"{take}: {second}", f"take {take}")
        if second % 15 == 7:
            asked[f"clip {second}"] = stage.clock.now() - 1000.0
            stage.send(GROUP, f"clip {second}", Urgency.CLIP)
            stage.send(GROUP, f"ready {second}", Urgency.READY)
        await stage.clock.move(1)
    assert stage.telegram.refused == 0
    late = [what for at, _, what in stage.sent if what in asked and at - asked[what] > 0.5]
    assert late == []
    shown = [what for what in stage.said() if ":" in what]
    assert 50 <= len(shown) <= 100, "about half of twenty a minute"
    assert len({what.partition(":")[0] for what in shown}) == 40, "everyone's turn comes"


async def test_a_burst_of_cards_and_clips_in_a_group_keeps_to_its_budget(stage: Stage) -> None:
    stage.took = 1.0
    for number in range(40):
        stage.send(GROUP, f"card {number}", Urgency.ANSWER)
        stage.send(GROUP, f"clip {number}", Urgency.CLIP)
    await stage.clock.move(250)
    assert stage.telegram.refused == 0
    assert sorted(stage.said()[:20]) == sorted(f"clip {number}" for number in range(20))
    assert len(stage.sent) == 80, "twenty clips a minute, then eighteen cards, the rest being kept free for clips"


async def test_told_to_wait_silences_that_chat_alone(stage: Stage) -> None:
    told = True

    async def busy() -> str:
        nonlocal told
        if told:
            told = False
            raise ToldToWait(20)
        return await stage.sender(MEMBER, "card")()

    first = asyncio.create_task(stage.pacer.turn(MEMBER, "card", Urgency.ANSWER, busy))
    await stage.clock.move(0.5)
    stage.send(MEMBER, "clip", Urgency.CLIP)
    stage.send("8", "card", Urgency.ANSWER)
    await stage.clock.move(19)
    assert stage.said() == ["card"]
    assert stage.said("8") == ["card"]
    await stage.clock.move(2)
    assert stage.said(MEMBER) == ["clip", "card"]
    assert await first == "card"


async def test_several_chats_refused_at_once_mean_all_of_them(stage: Stage) -> None:
    async def refuse() -> str:
        raise ToldToWait(10)

    tasks = [asyncio.create_task(stage.pacer.turn(str(chat), "x", Urgency.ANSWER, refuse)) for chat in (1, 2, 3)]
    await stage.clock.move(0.5)
    stage.send("99", "card", Urgency.ANSWER)
    await stage.clock.move(9)
    assert stage.said() == []
    await stage.clock.move(1.5)
    assert stage.said() == ["card"]
    await stage.pacer.close()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_wait_that_is_too_long_is_told_to_who_sent_it(stage: Stage) -> None:
    async def refuse() -> str:
        raise ToldToWait(7200)

    task = asyncio.create_task(stage.pacer.turn(MEMBER, "card", Urgency.ANSWER, refuse))
    await stage.clock.move(0.5)
    with pytest.raises(DeliveryFault, match="7200"):
        await task


async def test_what_waits_in_a_chat_that_is_closed_fails_at_once(stage: Stage) -> None:
    stage.took = 1.0
    waiting = [stage.send(MEMBER, f"card {number}", Urgency.ANSWER) for number in range(9)]
    stage.offer(MEMBER, "10 %", "take")
    await stage.clock.move(1.2)
    stage.pacer.forget(MEMBER, DeliveryFault("blocked", final=True))
    await stage.clock.move(60)
    faults = [task.exception() for task in waiting[4:]]
    assert [isinstance(fault, DeliveryFault) and fault.final for fault in faults] == [True] * 5
    assert len(stage.sent) == 4


async def test_a_fault_of_one_is_nobody_elses(stage: Stage) -> None:
    async def broken() -> str:
        raise KeyError("x")

    stage.pacer.offer(MEMBER, "p", broken)
    task = asyncio.create_task(stage.pacer.turn(MEMBER, "a", Urgency.ANSWER, broken))
    after = stage.send(MEMBER, "card", Urgency.ANSWER)
    await stage.clock.move(5)
    assert isinstance(task.exception(), KeyError)
    assert await after == "card"


async def test_a_caller_who_went_away_is_forgotten(stage: Stage) -> None:
    for number in range(18):
        stage.send(GROUP, f"card {number}", Urgency.ANSWER)
    await stage.clock.move(1)
    gone = stage.send(GROUP, "nobody waits", Urgency.ANSWER)
    await stage.clock.move(1)
    gone.cancel()
    await stage.clock.move(120)
    assert "nobody waits" not in stage.said()


async def test_closing_ends_what_waits(stage: Stage) -> None:
    stage.took = 100.0
    flying = stage.send(MEMBER, "clip", Urgency.CLIP)
    await stage.clock.move(1)
    await stage.pacer.close()
    with pytest.raises(DeliveryFault):
        await flying
    with pytest.raises(DeliveryFault):
        await stage.pacer.turn(MEMBER, "a", Urgency.CLIP, stage.sender(MEMBER, "a"))


async def test_nothing_turns_while_nothing_happens(stage: Stage) -> None:
    stage.took = 50.0
    stage.send(MEMBER, "clip", Urgency.CLIP)
    await stage.clock.move(1)
    before = len(asyncio.all_tasks())
    await stage.clock.settle()
    assert len(asyncio.all_tasks()) == before
    assert stage.pacer._give_turns() == float("inf")
