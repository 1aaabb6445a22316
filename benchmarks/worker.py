"""A worker as it is, with a window in it: answers ``state`` and ``memory`` on its standard input, one JSON line each."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from adapters import logs
from adapters.bootstrap import House, running
from adapters.settings import load

PAGE = 4096


async def main() -> None:
    """Work until the standard input ends."""
    settings = load()
    logs.set_up("warning", as_json=False, secrets=[])
    async with running(settings, ("worker",)) as everything:
        print("ready", flush=True)
        while question := await asyncio.to_thread(sys.stdin.readline):
            answer = memory() if question.strip() == "memory" else state(everything.house)
            print(json.dumps(answer), flush=True)


def state(house: House) -> dict[str, Any]:
    """Jobs followed, seconds of processor that all threads have used, seconds of the wall."""
    return {"following": house.driver.following, "cpu": time.process_time(), "wall": time.perf_counter()}


def memory() -> dict[str, Any]:
    """Resident bytes of this process after a collection; None where there is no ``/proc``."""
    gc.collect()
    statm = Path("/proc/self/statm")
    return {"resident": int(statm.read_text("ascii").split()[1]) * PAGE if statm.exists() else None}


if __name__ == "__main__":
    asyncio.run(main())
