"""Inside a worker process: confine oneself, run one operation, answer in JSON lines on stdout. Standard library only.

The request is one line on stdin, ``{"op", "request", "limits"}``; stdin then stays open for as long as somebody waits
for the answer. Answers are lines: any number of ``{"progress": 0..1}``, then one ``{"result": {…}}`` or one
``{"fault": name, "params": {…}}``.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, TextIO

from bot.errors import DiskFull, MediaFault, ThroughlineError

MIB = 1024 * 1024
PR_SET_PDEATHSIG = 1  # linux/prctl.h

Tell = Callable[[float], None]
"""Say how far the operation is, 0..1."""

Operation = Callable[[dict[str, Any], Tell], dict[str, Any]]


@dataclass(frozen=True)
class Limits:
    """What one worker may use. Where the system has no such limit, the wall-clock timeout on our side remains."""

    memory: int = 2048 * MIB
    """Address space, bytes."""
    cpu: int = 60
    """Seconds of processor time."""
    file: int = 256 * MIB
    """Largest file it may write, bytes."""
    nice: int = 5

    def to_dict(self) -> dict[str, int]:
        """JSON-ready data."""
        return asdict(self)


def serve(operations: Mapping[str, Operation]) -> None:
    """Run the one operation asked for on stdin and leave the process. Does not return."""
    answers = _keep_stdout_for_answers()
    ask = json.loads(sys.stdin.buffer.readline())
    _end_with_the_asker()
    _confine(Limits(**ask["limits"]))
    answer = _answer(operations[ask["op"]], ask["request"], lambda done: _say(answers, {"progress": round(done, 4)}))
    _say(answers, answer)
    os._exit(0)  # the answer is out: tearing down numpy and FFmpeg in order would only cost time


def _answer(operation: Operation, request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    try:
        return {"result": operation(request, tell)}
    except ThroughlineError as fault:
        return _fault(fault)
    except MemoryError:
        return _fault(MediaFault("it needs more memory than a worker may have"))
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            return _fault(DiskFull(path=str(request.get("into", ""))))
        return _fault(MediaFault(f"{type(fault).__name__}: {fault}"))
    except Exception as fault:  # noqa: BLE001 - decoders raise whatever they like on hostile files
        traceback.print_exc()
        return _fault(MediaFault(f"{type(fault).__name__}: {fault}"))


def _fault(fault: ThroughlineError) -> dict[str, Any]:
    return {"fault": type(fault).__name__, "params": {name: str(value) for name, value in fault.params.items()}}


def _say(answers: TextIO, data: dict[str, Any]) -> None:
    answers.write(json.dumps(data) + "\n")
    answers.flush()


def _keep_stdout_for_answers() -> TextIO:
    """Libraries that print go to stderr, so that only answers reach the other side."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _end_with_the_asker() -> None:
    """Nobody waits any more when stdin ends (every system) or when the asking process dies (Linux, even in C code)."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch_stdin, daemon=True).start()


def _watch_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


def _confine(limits: Limits) -> None:
    """POSIX resource limits. A limit that this system does not know, or that is lower already, is left as it is."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(limits.nice)
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))
