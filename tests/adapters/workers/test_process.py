"""A worker that crashes, hangs, eats memory or chatters takes one operation with it and nothing else."""

import asyncio
import itertools
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from adapters.workers.child import Limits
from adapters.workers.lines import FORKS
from adapters.workers.process import Workers
from bot.errors import DiskFull, ImageTooLarge, MediaFault

ODD = str(Path(__file__).with_name("odd_worker.py"))
HOST = """
import asyncio
from adapters.workers.process import Workers
workers = Workers({odd!r}, prepared={prepared!r})
asyncio.run(workers.run("hang", {{}}, timeout=600, on_progress=lambda pid: print(int(pid), flush=True)))
"""
Prepared = tuple[str, ...]


@pytest.fixture(params=[(), ("json", "no_such_module")], ids=["from nothing", "from a nursery"])
def prepared(request: pytest.FixtureRequest) -> Prepared:
    """Every test once with processes that start from nothing, once with those that are forked from a prepared one."""
    modules: Prepared = request.param
    return modules


def is_gone(pid: int) -> bool:
    """Whether a process has ended: it is not there any more, or only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def open_files() -> int:
    """How many this process has open; 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


async def until_gone(pids: list[int], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not all(map(is_gone, pids)):
        assert time.monotonic() < deadline, f"still there: {pids}"
        await asyncio.sleep(0.01)


async def test_it_tells_how_far_it_is_and_then_answers(prepared: Prepared) -> None:
    told: list[float] = []
    answer = await Workers(ODD, prepared=prepared).run("count", {"steps": 4}, timeout=10, on_progress=told.append)
    assert told == [0, 0.25, 0.5, 0.75]
    assert answer == {"counted": 4}


async def test_no_more_than_two_work_at_once(prepared: Prepared) -> None:
    workers = Workers(ODD, at_once=2, prepared=prepared)
    spans = await asyncio.gather(*(workers.run("work", {}, timeout=10) for _ in range(5)))
    most = max(sum(other["begun"] <= span["begun"] < other["ended"] for other in spans) for span in spans)
    assert most == 2


async def test_it_sees_no_secret_and_lives_within_limits(monkeypatch: pytest.MonkeyPatch, prepared: Prepared) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-workers")
    seen = await Workers(ODD, limits=Limits(nice=7), prepared=prepared).run("surroundings", {}, timeout=10)
    assert "sk-not-for-workers" not in seen["environment"].values()
    assert seen["limits"] == {"RLIMIT_AS": 2 << 30, "RLIMIT_CORE": 0, "RLIMIT_FSIZE": 256 << 20}
    assert seen["nice"] >= 7
    assert seen["group"]


async def test_a_crash_is_a_fault_with_its_last_words(prepared: Prepared) -> None:
    with pytest.raises(MediaFault, match="frame 7 was bad") as caught:
        await Workers(ODD, prepared=prepared).run("crash", {}, timeout=10)
    assert len(caught.value.reason) < 5000


async def test_a_worker_that_takes_too_long_is_killed_with_all_it_started(prepared: Prepared) -> None:
    pids: list[float] = []
    with pytest.raises(MediaFault, match="hang took longer than 1 s"):
        await Workers(ODD, prepared=prepared).run("hang", {}, timeout=1, on_progress=pids.append)
    await until_gone([int(pid) for pid in pids])
    assert len(pids) == 2


async def test_cancelling_kills_it_at_once(prepared: Prepared) -> None:
    pids: asyncio.Queue[float] = asyncio.Queue()
    task = asyncio.create_task(Workers(ODD, prepared=prepared).run("hang", {}, timeout=60, on_progress=pids.put_nowait))
    running = [int(await pids.get()), int(await pids.get())]
    assert not any(map(is_gone, running))
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_gone(running)
    assert time.monotonic() - begun < 1


async def test_it_dies_with_the_process_that_asked(prepared: Prepared) -> None:
    host = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST.format(odd=ODD, prepared=prepared), stdout=asyncio.subprocess.PIPE
    )
    assert host.stdout is not None
    worker, grandchild = int(await host.stdout.readline()), int(await host.stdout.readline())
    host.kill()
    await host.wait()
    await until_gone([worker])
    os.kill(grandchild, signal.SIGKILL)


async def test_too_much_memory_is_a_fault_of_that_one_operation(prepared: Prepared) -> None:
    workers = Workers(ODD, prepared=prepared)
    with pytest.raises(MediaFault, match="memory"):
        await workers.run("eat", {}, timeout=10)
    assert await workers.run("count", {"steps": 1}, timeout=10) == {"counted": 1}


@pytest.mark.parametrize(("op", "fault"), [("refuse", ImageTooLarge), ("fill_disk", DiskFull), ("gabble", MediaFault)])
async def test_faults_come_back_as_what_they_are(op: str, fault: type[Exception], prepared: Prepared) -> None:
    with pytest.raises(fault):
        await Workers(ODD, prepared=prepared).run(op, {}, timeout=10)


async def test_a_fault_keeps_what_its_sentence_needs(prepared: Prepared) -> None:
    with pytest.raises(ImageTooLarge) as caught:
        await Workers(ODD, prepared=prepared).run("refuse", {}, timeout=10)
    assert caught.value.params == {"limit": "40 MP"}


async def test_nothing_is_left_open(prepared: Prepared) -> None:
    open_before = open_files()
    workers = Workers(ODD, prepared=prepared)
    for _ in itertools.repeat(None, 5):
        await workers.run("count", {"steps": 1}, timeout=10)
    assert open_files() <= open_before + 1


async def test_a_nursery_that_was_killed_is_opened_again() -> None:
    if not FORKS:
        pytest.skip("there are no nurseries on this system")
    workers = Workers(ODD, prepared=("json",))
    first = (await workers.run("surroundings", {}, timeout=10))["parent"]
    assert (await workers.run("surroundings", {}, timeout=10))["parent"] == first
    os.kill(first, signal.SIGKILL)
    assert (await workers.run("surroundings", {}, timeout=10))["parent"] not in (first, os.getpid())


async def test_a_nursery_ends_when_nothing_is_wanted_for_a_while() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        idle = f"from adapters.workers.nursery import serve; serve([{ODD!r}], idle=0.2)"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", idle, stdin=theirs.fileno())
        assert await asyncio.wait_for(process.wait(), 10) == 0
