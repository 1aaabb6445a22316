"""Cards to show, as the core makes them."""

from __future__ import annotations

from bot.cards import Button, Card, CardClip, Change, Chip, Progress, Tone

FOX = "a fox in the snow, blue hour"
CLIP = CardClip(digest="d" * 64, seconds=6.0, width=320, height=180)
TAPS = ("Remix", "Next shot", "Retake", "Circle", "Final $0.63", "Show the prompt", "More")


def buttons(*labels: str) -> tuple[Button, ...]:
    """Buttons whose actions say what they are."""
    return tuple(Button(label, f"do:{number}") for number, label in enumerate(labels))


def rolling(share: float | None = 0.56, revision: int = 2, take: str = "t1", title: str = "1B-2") -> Card:
    """A take that rolls."""
    return Card(
        tone=Tone.ROLLING,
        title=title,
        status="rolling",
        quote=FOX,
        facts=("animatic", "6 s", "$0.14"),
        progress=Progress(share, seconds_left=50.0),
        buttons=buttons("Cancel", "Show the prompt"),
        take=take,
        revision=revision,
    )


def refused(take: str = "t1") -> Card:
    """A take that a gate refused."""
    return Card(
        tone=Tone.FAILED,
        title="1C-3",
        status="not filmed",
        quote="the lamp shatters",
        lines=("This take could not be filmed. You paid nothing; $0.14 is back.",),
        buttons=buttons("Change the words", "Show the prompt"),
        take=take,
        revision=9,
    )


def ready(take: str = "t1", title: str = "1C-2", quote: str = "same shot, at night", url: str = "") -> Card:
    """A finished take."""
    clip = CardClip(CLIP.digest, CLIP.seconds, CLIP.width, CLIP.height, url=url)
    return Card(
        tone=Tone.READY,
        title=title,
        status="ready",
        quote=quote,
        changes=(Change("Time of day", "night", "golden hour"),),
        kept=(Chip("place", "a harbour", "Place", "drop:t1:place"), Chip("subject", "a fox", "Subject")),
        facts=("omni 1.2 flash, draft", "6 s", "$0.14"),
        clip=clip,
        buttons=buttons(*TAPS),
        take=take,
        revision=8,
    )
