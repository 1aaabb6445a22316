"""Shots for the picture's tests: small, short, with the figures that most tests want."""

from __future__ import annotations

from dataclasses import replace

from adapters.video.animatic.spec import Figure, Garment, Line, ShotSpec

SHAPES = {"wide": (256, 144), "tall": (144, 256), "square": (176, 176), "portrait": (160, 200)}
WALKER = Figure("person", "Mara", gait="walk", wardrobe=(Garment("coat"), Garment("scarf", (196, 60, 48))))
WAITING = Figure("person", "Jonas", wardrobe=(Garment("hat"),))
FOX = Figure("fox", "fox", gait="walk")
SMALL = ShotSpec(
    width=256, height=144, seconds=1.0, slate="2B-3", place="mountains", figures=(WALKER,), move="static", seed=5, place_seed=8,
)  # fmt: skip
SPOKEN = replace(SMALL, dialogue=(Line("Mara", "You were never supposed to come back.", 0.0, 1.0),))
