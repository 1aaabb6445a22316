"""A worker that does whatever a decoder may do on a hostile file. Run as a program by the tests beside it."""

import errno
import os
import subprocess
import sys
import time
from typing import Any

from adapters.workers.child import Tell, serve
from bot.errors import ImageTooLarge


def count(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Tell of each step, and print to the wrong place meanwhile."""
    for step in range(request["steps"]):
        sys.stdout.write('{"result": "not this"}\n')
        sys.stdout.flush()
        tell(step / request["steps"])
    return {"counted": request["steps"]}


def work(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Take a fifth of a second; say when."""
    begun = time.time()
    time.sleep(0.2)
    return {"begun": begun, "ended": time.time()}


def surroundings(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """What a worker can see, and what it may use."""
    import resource

    limits = {
        name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_FSIZE")
    }
    return {
        "environment": dict(os.environ),
        "limits": limits,
        "nice": os.nice(0),
        "group": os.getpgid(0) == os.getpid(),
        "parent": os.getppid(),
    }


def hang(_request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Never end, and leave a child that does not either; the progress is the pid of each, in turn."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    tell(float(os.getpid()))
    tell(float(child.pid))
    while True:
        time.sleep(1)


def crash(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Die as a segfault does."""
    sys.stderr.write("x" * 100_000 + " frame 7 was bad")
    sys.stderr.flush()
    os.abort()


def eat(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Ask for more memory than anybody should."""
    return {"size": len(bytearray(8 << 30))}


def refuse(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Decline with a fault that has a parameter."""
    raise ImageTooLarge(limit="40 MP")


def fill_disk(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Find no room to write."""
    raise OSError(errno.ENOSPC, "No space left on device")


def gabble(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """Answer, but not in JSON: the third descriptor is the copy that answers go to."""
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, b"what?\n")
        except OSError:
            continue
    return {}


if __name__ == "__main__":
    serve({
        "count": count, "work": work, "surroundings": surroundings, "hang": hang, "crash": crash, "eat": eat,
        "refuse": refuse, "fill_disk": fill_disk, "gabble": gabble,
    })  # fmt: skip
