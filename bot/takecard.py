"""A take as a card, in whatever state its job stands. The same facts in the same order on every platform."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import lint_card, linter, palette
from bot.backends import ROUTER
from bot.booking import NOT_NOW, UNANSWERED
from bot.brief import Brief
from bot.cards import Button, Card, CardClip, Change, Chip, Progress, PromptPart, Tone
from bot.changes import Change as Difference
from bot.commands import Stage, action
from bot.film import Take
from bot.noticing import contradicted
from bot.paperwork import Capabilities, Reading
from bot.pictures import FACE
from bot.promotion import Offer
from bot.remixing import differences
from bot.rewording import is_remix
from bot.states import Job, State
from bot.text import duration, money, say

_TONES = {
    State.AWAITING_APPROVAL: Tone.WAITING,
    State.RESERVED: Tone.WAITING,
    State.SUBMITTING: Tone.WAITING,
    State.DONE: Tone.READY,
    State.AMBIGUOUS: Tone.PARKED,
    State.UNDELIVERED: Tone.PARKED,
}


@dataclass(frozen=True)
class TakeView:
    """All that a take's card is made from, read in one transaction."""

    take: Take
    job: Job
    words: str
    """The shot's words, or the change asked for."""
    source: str = ""
    """Slate of the take it was made from."""
    before: Brief | None = None
    """The brief of that take."""
    ahead_own: int = 0
    ahead_others: int = 0
    usual: float | None = None
    """How long its model usually takes, seconds."""
    kept_now: frozenset[str] = frozenset()
    """Kinds that the shot still hands on; a chip whose kind is not among them was removed."""
    reading: Reading | None = None
    """Which words its backend understood, where it can tell."""
    above: Offer | None = None
    """The next stage that its brief can be filmed at."""
    votes: int = 0
    """Of those that were cast between the takes that were filmed together with it."""
    offers: tuple[linter.Offer, ...] = ()
    """What the linter would say otherwise."""


def take_card(view: TakeView, now: float, locale: str) -> Card:
    """The card, in the member's language."""
    job, take = view.job, view.take
    return Card(
        tone=_tone(job.state),
        title=str(take.slate),
        status=say(f"state.{job.state.value}", locale),
        quote=view.words,
        reply_to=view.source,
        lines=_lines(view, locale),
        facts=_facts(view, locale),
        changes=_changes(view, locale),
        spine=_spine_chips(take.brief, locale),
        kept=kept_chips(view, locale),
        progress=_progress(view, now) if job.state.underway else None,
        clip=_clip(take) if job.state in (State.DONE, State.UNDELIVERED, State.DELIVERING) else None,
        prompt=prompt_parts(view, locale),
        buttons=_buttons(view, locale),
        take=take.id,
        revision=job.revision,
    )


def _changes(view: TakeView, locale: str) -> tuple[Change, ...]:
    """What a remix changed, each field from what it was; the change as a whole where it names no field."""
    take = view.take
    if not take.change or not is_remix(take.brief):
        return ()
    named = differences(view.before, take.change) if view.before else ()
    shown = tuple(Change(_label(each, locale), each.new, each.old) for each in named)
    return shown or (Change(say("card.change", locale), take.change),)


def _label(change: Difference, locale: str) -> str:
    """The thing itself where only its colour changes."""
    if change.tinted:
        return change.thing.capitalize()
    return say(f"field.{change.field.value}", locale)


def prompt_parts(view: TakeView, locale: str) -> tuple[PromptPart, ...]:
    """The compiled prompt, each part named in the member's language and verbatim; then which words were understood."""
    parts = [*named_parts(view.take.brief, locale)]
    if view.reading is not None:
        understood = ", ".join(dict.fromkeys(word for _, word in view.reading.understood))
        read = {"understood": understood, "missed": ", ".join(view.reading.missed)}
        parts += [PromptPart(say(f"part.{name}", locale), words, name) for name, words in read.items() if words]
    return tuple(parts)


def named_parts(brief: Brief, locale: str) -> tuple[PromptPart, ...]:
    """A brief as its named parts, verbatim and in the order in which they are sent."""
    return tuple(PromptPart(say(f"part.{part.name.value}", locale), part.text, part.name.value) for part in brief.parts)


def _tone(state: State) -> Tone:
    return Tone.FAILED if state.ended and state is not State.DONE else _TONES.get(state, Tone.ROLLING)


def _lines(view: TakeView, locale: str) -> tuple[str, ...]:
    lines = _news(view, locale)
    if view.job.state.ended and view.job.state is not State.DONE:
        return lines
    rest = (say("card.kept_rest", locale),) if _named(view, locale) else ()
    return (*lines, *rest, *_notes(view, locale), *lint_card.lines(_offered(view), locale))


def _offered(view: TakeView) -> tuple[linter.Offer, ...]:
    """What is offered for a next take: nothing where the card needs its room for what went wrong, or waits for a tap."""
    state = view.job.state
    return view.offers if state.underway or state in (State.DONE, State.RESERVED, State.UNDELIVERED) else ()


def _named(view: TakeView, locale: str) -> tuple[Change, ...]:
    """The changes of fields; none where the change is only said as a whole."""
    whole = say("card.change", locale)
    return tuple(each for each in _changes(view, locale) if each.label != whole)


def _notes(view: TakeView, locale: str) -> tuple[str, ...]:
    """What was made to fit, and who took it instead of whom: nothing is changed silently."""
    job, brief = view.job, view.take.brief
    if job.filmed_at is not None:
        brief = replace(brief, notes=tuple(note for note in brief.notes if note != FACE))
    notes = [*note_lines(brief, locale)]
    if job.wanted not in ("", ROUTER):
        names = {"wanted": backend_name(job.wanted, locale), "backend": backend_name(job.choice, locale)}
        notes.append(say("note.detour", locale, **names))
    return tuple(notes)


def note_lines(brief: Brief, locale: str) -> tuple[str, ...]:
    """What its member has to be told about the brief."""
    return tuple(say(f"note.{note.key}", locale, **dict(note.params)) for note in brief.notes)


def _news(view: TakeView, locale: str) -> tuple[str, ...]:
    job = view.job
    if job.state in (State.RESERVED, State.SUBMITTING) and job.attempts and not job.held:
        return (say("queue.again", locale, backend=backend_name(job.backend, locale), attempts=job.attempts + 1),)
    if job.state is State.RESERVED:
        return (_waiting_line(view, locale),)
    if job.state is State.AWAITING_APPROVAL:
        return (say("approve.final" if job.stage == Stage.FINAL else "approve.above", locale),)
    if job.state.parked:
        return (say(f"state.{job.state.value}_line", locale),)
    if not job.state.ended or job.state is State.DONE:
        return ()
    happened = f"{_what_happened(job, locale)} {_what_it_cost(job, locale)}"
    by_picture = job.state is State.REFUSED and job.gate == "image" and view.take.brief.reference is not None
    return (happened, say("refused.image_road", locale)) if by_picture else (happened,)


def _waiting_line(view: TakeView, locale: str) -> str:
    if view.job.held:
        return say(f"queue.held_{view.job.held}", locale, backend=backend_name(view.job.choice, locale))
    if not view.ahead_own and not view.ahead_others:
        return say("queue.next", locale)
    return say("queue.ahead", locale, own=view.ahead_own, others=view.ahead_others)


def _what_happened(job: Job, locale: str) -> str:
    if job.state is State.REFUSED:
        return say(f"refused.{job.gate}", locale)
    if job.state is State.FAILED:
        sentence = say(f"failure.{job.failure}", locale, backend=job.backend)
        return sentence + (say("failure.reason", locale, reason=job.reason) if job.reason else "")
    if job.failure in _NEVER_HELD:
        return say(f"failure.{job.failure}", locale)
    return say(f"state.{job.state.value}_line", locale)


def _what_it_cost(job: Job, locale: str) -> str:
    if job.failure in _NEVER_HELD:
        return say("cost.nothing", locale)
    if job.cost:
        return say("cost.told", locale, price=money(job.cost, locale))
    if job.price == 0:
        return say("cost.free", locale)
    if job.price is None:
        return say("cost.unknown_spent" if job.paid else "cost.nothing", locale)
    return say("cost.spent" if job.paid else "cost.back", locale, price=money(job.price, locale))


def _facts(view: TakeView, locale: str) -> tuple[str, ...]:
    job, take = view.job, view.take
    facts = [job.model or backend_name(job.backend, locale)]
    seconds = take.clip.seconds if take.clip else take.brief.seconds
    if seconds:
        facts.append(duration(seconds, locale))
    if take.brief.shape:
        facts.append(take.brief.shape.label)
    if take.brief.resolution:
        facts.append(take.brief.resolution)
    facts.append(money(job.price if job.cost is None else job.cost, locale))
    if view.votes:
        facts.append(say("vote.count", locale, count=view.votes))
    if job.state is State.DONE and job.submitted_at and job.filmed_at:
        facts.append(say("card.filmed_in", locale, time=duration(max(1.0, job.filmed_at - job.submitted_at), locale)))
    return tuple(facts)


def backend_name(name: str, locale: str) -> str:
    """The embedded backends have a name in every language; the others go by their own."""
    return say(f"backend.{name}", locale) if name in _NAMED else name


def price_line(caps: Capabilities, locale: str) -> str:
    """What filming costs there: ``free``, ``$0.02 a second``, ``price not known``."""
    micros = caps.micros_a_second
    return say("price.per_second", locale, price=money(micros, locale)) if micros else money(micros, locale)


_NEVER_HELD = frozenset({NOT_NOW, UNANSWERED})
_NAMED = frozenset({"animatic", "auto", "colour_bars"})


def _spine_chips(brief: Brief, locale: str) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    for name, value in brief.spine.filled().items():
        label = say(f"spine.{name}", locale)
        if name == "palette":
            chips += [Chip(name, words, label, colour=palette.colour(words)) for words in brief.spine.anchors()]
        else:
            chips.append(Chip(name, value, label))
    return tuple(chips)


def kept_chips(view: TakeView, locale: str) -> tuple[Chip, ...]:
    """What was carried over into the take; what its shot still hands on can be taken away."""
    return tuple(
        Chip(
            kind,
            words,
            say(f"kind.{kind}", locale),
            action("drop", view.take.id, kind) if kind in view.kept_now else "",
        )
        for kind, words in view.take.brief.kept
    )


def _progress(view: TakeView, now: float) -> Progress:
    job = view.job
    if job.state is State.RESERVED:
        return Progress(0.0, place=view.ahead_own + view.ahead_others + 1)
    left = None
    if view.usual and job.submitted_at and job.state in (State.SUBMITTED, State.ROLLING):
        left = max(1.0, view.usual - (now - job.submitted_at))
    return Progress(job.progress, seconds_left=left, place=job.place)


def _clip(take: Take) -> CardClip | None:
    clip = take.clip
    if clip is None:
        return None
    return CardClip(clip.digest, clip.seconds, clip.width, clip.height, clip.media_type, clip.poster)


def _buttons(view: TakeView, locale: str) -> tuple[Button, ...]:
    """What helps in that state, what the linter offers, then what settles a contradiction that the card points out."""
    usual = (*_usual_buttons(view, locale), *lint_card.buttons(_offered(view), locale, view.take.id))
    was = contradicted(view.take.brief)
    if not was or (view.job.state.ended and view.job.state is not State.DONE):
        return usual
    keeps = (
        Button(say("button.keep", locale, old=_short(old)), action("settle", view.take.id, kind)) for kind, old in was
    )
    return (*usual, *keeps, Button(say("button.new_scene", locale), action("settle", view.take.id, "scene")))


def _short(words: str, most: int = 28) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _usual_buttons(view: TakeView, locale: str) -> tuple[Button, ...]:
    """What helps in that state, in the order in which it is likely to be wanted."""
    state, take = view.job.state, view.take.id
    prompt = Button(say("button.prompt", locale), action("prompt", take))
    if state in (State.DONE, State.UNDELIVERED):
        circle = say("button.uncircle" if view.take.circled else "button.circle", locale)
        return (
            Button(say("button.remix", locale), action("remix", take), asks=True),
            Button(say("button.next", locale), action("generate"), asks=True),
            Button(say("button.retake", locale), action("retake", take)),
            Button(circle, action("circle", take)),
            *_above(view, locale),
            *((Button(say("button.vote", locale), action("vote", take)),) if view.job.batch else ()),
            prompt,
            Button(say("button.more", locale), action("more", take)),
        )
    if state is State.AWAITING_APPROVAL:
        film = Button(priced(say("button.film", locale), view.job.price, locale), action("approve", take))
        return (film, Button(say("button.dismiss", locale), action("cancel", take)), prompt)
    if state.ended:
        again = Button(say("button.again", locale), action("retake", take))
        return (
            (edit_button(take, locale), prompt)
            if state is State.REFUSED or view.job.failure in _NEVER_HELD
            else (again, edit_button(take, locale), prompt)
        )
    if state.parked:
        return (prompt,)
    return Button(say("button.cancel", locale), action("cancel", take)), prompt


def _above(view: TakeView, locale: str) -> tuple[Button, ...]:
    """The next stage, with its price: ``Final $0.63``."""
    if view.above is None:
        return ()
    cost = f" {money(view.above.price, locale)}" if view.above.price else ""
    name = view.above.stage.value
    return (Button(say(f"button.{name}", locale) + cost, action(name, view.take.id)),)


def priced(label: str, price: int | None, locale: str) -> str:
    """What a button does, with what it costs: ``Film it · $0.63``."""
    return f"{label} · {money(price, locale)}" if price else label


def edit_button(take: str, locale: str) -> Button:
    """The same shot again with other words, asked for part by part."""
    return Button(say("button.words", locale), action("edit", take), asks=True, parts=True)
