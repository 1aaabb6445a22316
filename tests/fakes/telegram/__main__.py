"""The pretended Telegram as a process: ``python -m tests.fakes.telegram --port 8081``. Prints one JSON line when it listens."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from tests.fakes.telegram import FakeTelegram, Limits


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--speed", type=float, default=1.0, help="flood control runs that many times as fast")
    parser.add_argument("--unlimited", action="store_true", help="no flood control")
    parser.add_argument("--local", action="store_true", help="as a local Bot API server")
    parser.add_argument("--judge", choices=("all", "book", "none"), default="book", help="who judges the requests")
    return parser.parse_args()


async def main(given: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    limits = Limits(on=not given.unlimited, speed=given.speed)
    judged, typed = given.judge != "none", given.judge == "all"
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with FakeTelegram(limits, port=given.port, local=given.local, judged=judged, typed=typed) as telegram:
        ready = {"url": f"http://127.0.0.1:{telegram.port}", "base_url": telegram.base_url, "token": telegram.token}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(main(_arguments()))
