"""The video server of the kill tests: a process of its own, which outlives everybody."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 60.0
"""Seconds after which a test gives up waiting; on a quiet machine everything happens within a few."""
ROOT = Path(__file__).resolve().parents[2]


class TooLate(AssertionError):
    """Something did not happen within `PATIENCE`."""


@dataclass
class Server:
    """The fake of the ``/v1/videos`` dialect in a process of its own; `log` has one line for every accepted order."""

    url: str
    log: Path

    def accepted(self, words: str) -> int:
        """How many orders with these words it took."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return sum(words in json.loads(line)["fields"]["prompt"] for line in lines)

    def script(self, route: str, times: int = 1, **fault: Any) -> None:
        """Let the next requests go wrong."""
        body = {"route": route, "fault": fault, "times": times}
        httpx.post(f"{self.url}/_faults", json=body, trust_env=False).raise_for_status()


@contextmanager
def video_server(folder: Path, film_seconds: float, **quirks: Any) -> Iterator[Server]:
    """Start it, wait until it answers, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / f"orders-{port}.jsonl"
    program = ("-m", "tests.fakes.dialect_server", "--port", str(port), "--log", str(log))
    options = ("--film-seconds", str(film_seconds), "--quirks", json.dumps(quirks))
    process = subprocess.Popen([sys.executable, *program, *options], cwd=ROOT)
    try:
        server = Server(f"http://127.0.0.1:{port}", log)
        _wait_for(f"{server.url}/_state")
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            httpx.get(url, trust_env=False)
            return
        time.sleep(0.05)
    raise TooLate(f"{url} does not answer")
