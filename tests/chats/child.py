"""`throughline run` in two steps: it imports everything, and begins at the first line on stdin. Half of a start is imports."""

from __future__ import annotations

import sys

import dbos  # noqa: F401  (imported by the engine when it starts)
import discord  # noqa: F401
import telegram  # noqa: F401

import adapters.bootstrap
import adapters.chat.discord.listen
import adapters.chat.discord.post
import adapters.chat.telegram.listen
import adapters.chat.telegram.post  # noqa: F401
from adapters.cli import main

if __name__ == "__main__" and sys.stdin.readline():
    sys.exit(main(["run", *sys.argv[1:]]))
