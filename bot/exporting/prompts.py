"""``prompts.md``: what each take of the film was filmed from, part by part and word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.exporting.names import one_line
from bot.film import Take, chance_of
from bot.states import Job
from bot.takecard import backend_name, named_parts
from bot.text import duration, say


def prompts(title: str, takes: Sequence[Take], jobs: Mapping[str, Job], locale: str) -> str:
    """The prompts in the order of the takes, each take once; `jobs`: by take."""
    blocks = [f"# {one_line(title) or 'Throughline'}"]
    for take in {take.id: take for take in takes}.values():
        blocks += _take(take, jobs.get(take.id), locale)
    return "\n\n".join(blocks) + "\n"


def _take(take: Take, job: Job | None, locale: str) -> Iterator[str]:
    yield f"## {take.slate}"
    if facts := " · ".join(_facts(take, job, locale)):
        yield facts
    for part in named_parts(take.brief, locale):
        yield f"### {part.label}\n\n{_verbatim(part.text)}"


def _facts(take: Take, job: Job | None, locale: str) -> Iterator[str]:
    if job:
        yield job.model or backend_name(job.backend, locale)
    if seconds := take.clip.seconds if take.clip else take.brief.seconds:
        yield duration(seconds, locale)
    if take.brief.shape:
        yield take.brief.shape.label
    if take.brief.seed is not None:
        yield say("export.seed", locale, seed=take.brief.seed)
    elif job:
        yield say("export.thrown", locale, seed=chance_of(job.id))


def _verbatim(text: str) -> str:
    """A block of code, fenced by more backticks than stand in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
