"""Where workers come from on Linux: a process that has imported what they need, and forks one for every operation.

Four fifths of a short operation are the imports of numpy and PyAV; here they happen once. What is forked is a process like any
other: its own session, limits and end, and nothing of it comes back. ``python -I -m adapters.workers.nursery PROGRAM… --
MODULE…`` with a socket as stdin: every message on it carries three more, by which a worker is steered (see `serve`), spoken to
(its stdin and stdout) and heard (its stderr). It ends when nobody holds the other end, or nobody wanted anything for a while.
"""

from __future__ import annotations

import gc
import importlib
import os
import runpy
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Final, NoReturn

IDLE_SECONDS: Final = 120.0
"""After so long without work it ends: its memory is worth more to others."""
BORN: Final = b"born"
LINES: Final = 3
"""File descriptors that come with a wish for a worker."""
MOST_FILES: Final = 4096


def serve(program: list[str], idle: float = IDLE_SECONDS) -> None:
    """Make workers until stdin ends or nothing was wanted for `idle` seconds.

    On the steering line a worker's birth is said as ``born``. When the other side closes its half, the worker is killed with
    everything that it started, and its exit status (negative: the signal) is said.
    """
    door = socket.socket(fileno=os.dup(0))
    living: dict[int, tuple[socket.socket, int]] = {}
    poll = select.poll()
    poll.register(door, select.POLLIN)
    while events := poll.poll(None if living else idle * 1000):
        for file, _ in events:
            if file != door.fileno():
                poll.unregister(file)
                _bury(*living.pop(file))
                continue
            message, files, _, _ = socket.recv_fds(door, 16, LINES)
            if not message:
                return
            steering, worker = _born(program, files)
            living[steering.fileno()] = steering, worker
            poll.register(steering, select.POLLIN)


def _born(program: list[str], files: list[int]) -> tuple[socket.socket, int]:
    """Fork a worker on those lines."""
    line, speech, last_words = files
    worker = os.fork()
    if worker == 0:
        _become(program, speech, last_words)
    steering = socket.socket(fileno=line)
    for each in (speech, last_words):
        os.close(each)
    with suppress(OSError):
        steering.send(BORN)
    return steering, worker


def _become(program: list[str], speech: int, last_words: int) -> NoReturn:
    """The worker's life, from its first moment to its last."""
    status = 1
    try:
        os.setsid()
        for number, file in enumerate((speech, speech, last_words)):
            os.dup2(file, number)
        os.closerange(3, MOST_FILES)
        _run(program)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may come back into the nursery
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stderr.flush()
        os._exit(status)


def _run(program: list[str]) -> None:
    sys.argv = program[-1:]
    if program[0] == "-m":
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(program[0], run_name="__main__")


def _bury(steering: socket.socket, worker: int) -> None:
    """End it with everything it started, and say how it ended. Until now it was not reaped, so its number is still its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(worker, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it was killed before it could lead a group
        os.kill(worker, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    with steering, suppress(OSError):
        steering.send(str(status).encode())


def main(arguments: list[str]) -> None:
    """Import what workers need, as far as it is there, and begin."""
    os.setsid()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    split = arguments.index("--")
    for module in arguments[split + 1 :]:
        with suppress(ImportError):  # the operation that needs it will say so
            importlib.import_module(module)
    gc.freeze()
    serve(arguments[:split])


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)
