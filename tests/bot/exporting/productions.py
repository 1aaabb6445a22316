"""A small production, filmed: two shots of one scene and a remix, with their jobs and the cut of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.brief import compile_brief, with_change
from bot.cast import CastMember
from bot.continuity import Facts, Kind
from bot.cut import Cut, Piece, Transition
from bot.film import Clip, Production, Shape, Shot, Slate, Take
from bot.people import Address
from bot.spine import Spine
from bot.states import Job, State

WORDS = "Mara lights the lamp.\nCamera: slow push in\nDialogue: Mara: “It was never out.”\nSound: a match"
SPINE = Spine(look="16mm, warm", palette="amber, walnut brown")
MARA = CastMember(
    "c1",
    "web:1",
    "web:1",
    "Mara",
    "A woman of forty with a scar",
    "a red coat",
    "low and calm",
    image="e" * 64,
    consent="yes",
)
PRODUCTION = Production("p1", "web:1", "web/1", "The Lamp", 0.0)


def shot(number: int, words: str = WORDS) -> Shot:
    """Shot `number` of scene 1."""
    return Shot(f"s{number}", "p1", 1, number, words, Facts(), 0.0)


def take(number: int, words: str = WORDS, **known: Any) -> Take:
    """The first take of that shot, with its clip."""
    brief = compile_brief(
        words, spine=SPINE, cast=(MARA,), kept=((Kind.PLACE, "a library"),), seconds=4, shape=Shape.WIDE
    )
    clip = Clip(f"{number}" * 64, "video/mp4", 1000, 4.0, 1280, 720)
    found = Take(f"t{number}", f"s{number}", Slate(1, number, 1), brief, "web:1", "web/1", clip=clip)
    return replace(found, **known)


def remix(number: int, change: str = "at night", **known: Any) -> Take:
    """A second take of that shot, with one change."""
    first = take(number)
    brief = with_change(first.brief, change)
    return take(number, id=f"r{number}", slate=Slate(1, number, 2), brief=brief, change=change, **known)


def job(of: Take, **known: Any) -> Job:
    """What filmed it."""
    made = Job(f"j-{of.id}", of.id, "web:1", Address("web", "1"), State.DONE, "animatic", 0.0, cost=120_000)
    return replace(made, **known)


def cut_of(*takes: Take, transition: Transition = Transition.CUT) -> Cut:
    """Those takes in their order."""
    return Cut("The Lamp", tuple(map(_piece, takes)), transition)


def _piece(of: Take) -> Piece:
    assert of.clip
    return Piece(of.id, str(of.slate), of.slate.scene, WORDS, of.clip.digest, round(of.clip.seconds * 24), 1280, 720)
