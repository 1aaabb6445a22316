"""What the doctor finds at a dialect server: can it be reached, does it take the key, which kind is it, does it list.

Nothing here costs money: ``GET /models``, ``GET /videos?limit=1`` and FastAPI's ``/openapi.json``, each within 5 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.video.dialect import page_of
from adapters.video.dialect_options import DialectOptions
from adapters.video.dialect_profiles import AUTO, by_description, by_host, by_models, models_in
from adapters.video.trouble import trouble_in
from adapters.video.wire import Answer, NoAnswer, NoConnection, Wire, bare
from bot.paperwork import Finding

SECONDS: Final = 5.0
ENDED: Final = (
    "OpenAI's own Videos API ended on 2026-09-24. Set OPENAI_BASE_URL to a server that still speaks it, "
    "such as vLLM-Omni, SGLang or LiteLLM."
)


def is_openai(options: DialectOptions) -> bool:
    """The vendor that no longer serves its own dialect."""
    return options.base is not None and options.base.host.lower() == "api.openai.com"


class Doctor:
    """Examines one server for one backend."""

    def __init__(self, subject: str, options: DialectOptions, wire: Wire | None) -> None:
        self._subject, self._options, self._wire = subject, options, wire

    async def examine(self) -> Sequence[Finding]:
        """All findings. Never raises."""
        if self._wire is None or is_openai(self._options):
            return [self._finding("error", ENDED)]
        models = await self._try(self._wire, "models")
        if isinstance(models, str):
            return [self._finding("error", f"{bare(self._wire.base)} cannot be reached: {models}")]
        trouble = self._trouble(models)
        if trouble is not None:
            return [trouble]
        return [
            self._finding("ok", f"{bare(self._wire.base)} answers; {await self._kind(self._wire, models)}"),
            *self._model(models),
            await self._listing(self._wire),
        ]

    def _finding(self, level: str, text: str) -> Finding:
        return Finding(self._subject, level, text)

    async def _try(self, wire: Wire, *path: str, **params: str | int) -> Answer | str:
        """The answer, or why there is none."""
        try:
            return await wire.ask("GET", *path, params=params or None, seconds=SECONDS)
        except (NoConnection, NoAnswer) as error:
            return self._options.redaction.clean(str(error))

    def _trouble(self, answer: Answer) -> Finding | None:
        """What keeps this server from being used at all."""
        said = self._options.redaction.clean(trouble_in(answer).message)
        if answer.status in (401, 403) or (answer.status == 400 and trouble_in(answer).of_key):
            return self._finding("error", f"the server does not accept OPENAI_API_KEY: {said}")
        if 300 <= answer.status < 400:
            there = self._options.redaction.clean(answer.headers.get("location", "elsewhere"))
            return self._finding(
                "error", f"the server sends us on to {there}; set OPENAI_BASE_URL to where it really is"
            )
        if answer.status >= 500:
            return self._finding("error", f"the server is in trouble: HTTP {answer.status} {said}".rstrip())
        return None

    def _model(self, models: Answer) -> list[Finding]:
        """A model that is set but not served, or a door that looks wrong."""
        if models.status == 404 and self._options.base is not None and self._options.base.path == "/":
            return [self._finding("warning", "nothing is served there; OPENAI_BASE_URL usually ends in /v1")]
        served, model = models_in(models.data), self._options.model
        if model is None or not served or model in served:
            return []
        names = self._options.redaction.clean(", ".join(sorted(served)), 200)
        return [self._finding("warning", f"the model {model} is not served there (served: {names})")]

    async def _listing(self, wire: Wire) -> Finding:
        answer = await self._try(wire, "videos", limit=1)
        if isinstance(answer, Answer) and answer.ok and page_of(answer.data) is not None:
            return self._finding("ok", "it lists its jobs: a lost answer can be looked up")
        if isinstance(answer, Answer) and (trouble := self._trouble(answer)):
            return trouble
        return self._finding(
            "warning", "it does not list its jobs: a shot whose answer is lost waits for you to decide"
        )

    async def _kind(self, wire: Wire, models: Answer) -> str:
        """The profile in use, and the one that it looks like."""
        profile = self._options.profile
        seen = await probe(wire, models)
        if profile == AUTO:
            return f"found to be {seen}" if seen else "no kind that we know, so the plain dialect is spoken"
        if seen is None or seen == profile:
            return f"profile {profile}"
        return f'profile {profile}, but it looks like {seen}: consider profile = "{seen}"'


async def probe(wire: Wire, models: Answer | None = None) -> str | None:
    """Which kind of server it is, by its address, its models, and the description that FastAPI servers publish.

    Two questions at most, which cost nothing. None: no kind that we know, or no answer.
    """
    named = by_host(wire.base.host)
    if named:
        return named
    try:
        models = models or await wire.ask("GET", "models", seconds=SECONDS)
        return by_models(models) or by_description(
            await wire.ask_at(wire.base.copy_with(raw_path=b"/openapi.json"), SECONDS)
        )
    except (NoConnection, NoAnswer):
        return None
