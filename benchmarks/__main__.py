"""``make bench``: every figure, or those named (``make bench ARGS="start brief"``). Exits 0 even if a promise is missed."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from benchmarks import answering, chats, chats_joining, compiling, crowd, drawing, figures, filming, following, starting
from benchmarks.figures import Figure

MEASURES: Final[Mapping[str, Callable[[], AsyncIterator[Figure]]]] = {
    "brief": compiling.measure,
    "start": starting.measure,
    "bars": drawing.bars,
    "animatic": drawing.animatic,
    "fit": drawing.fit,
    "shot_card": drawing.shot_card,
    "check_features": drawing.check_features,
    "film": filming.measure,
    "wish": answering.measure,
    "crowd": crowd.measure,
    "crowd_postgres": crowd.measure_on_postgres,
    "following": following.measure,
    "chats": chats.measure,
    "joining": chats_joining.measure,
}
ASIDE: Final[Mapping[str, Callable[[], AsyncIterator[Figure]]]] = {"chats_quick": chats.quick}
"""Only when named."""


async def main(names: list[str]) -> None:
    """Print the table line by line, as it becomes known."""
    print(f"{figures.machine()}\n\n{figures.head()}", flush=True)
    missed = []
    for name in names:
        async for figure in {**MEASURES, **ASIDE}[name]():
            print(figures.line(figure), flush=True)
            if figure.met is False:
                missed.append(figure.name)
    print(f"\nMISSED: {'; '.join(missed)}" if missed else "\nEvery promise kept.")


def chosen() -> list[str]:
    """What the command line names; everything if it names nothing."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description="Measure Throughline on this machine.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"what to measure: {', '.join((*MEASURES, *ASIDE))}")
    names: list[str] = parser.parse_args().names or list(MEASURES)
    if unknown := set(names) - MEASURES.keys() - ASIDE.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join((*MEASURES, *ASIDE))}")
    return names


if __name__ == "__main__":
    asyncio.run(main(chosen()))
