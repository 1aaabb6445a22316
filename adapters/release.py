"""This version's number."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """``1.2.3``; ``0`` where it is run from a folder that was never installed."""
    try:
        return version("throughline-bot")
    except PackageNotFoundError:
        return "0"
