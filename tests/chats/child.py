"""A place where processes of `throughline run` come from: it imports everything once, and makes one for every line on stdin.

It says ``born <pid>``, then whatever that process says when it is ready, and ``ended <status>`` when it is gone. A start from
nothing is four fifths imports, and these tests start it a hundred times.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Final

from adapters.chat import find_chats
from adapters.cli import main
from adapters.video import find_backends

LATER: Final = (
    "alembic.autogenerate",
    "alembic.command",
    "dbos",
    "dbos._sys_db_sqlite",
    "discord.ext.commands",
    "telegram.ext",
    "adapters.bootstrap",
    "adapters.chat.discord.listen",
    "adapters.chat.discord.post",
    "adapters.chat.telegram.listen",
    "adapters.chat.telegram.post",
)
"""What Throughline itself imports only when it starts."""


def breed(arguments: list[str]) -> None:
    """One at a time, until stdin ends."""
    while os.read(0, 1):
        child = os.fork()
        if child == 0:
            os._exit(main(["run", *arguments]))
        os.write(1, f"born {child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"ended {status}\n".encode())


if __name__ == "__main__":
    for name in LATER:
        import_module(name)
    find_chats()
    find_backends()
    breed(sys.argv[1:])
