"""Space: stars, a nebula, a ringed planet, a grey ground with craters."""

from __future__ import annotations

import numpy as np
from PIL import Image

from adapters.video.animatic.noise import clouds
from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.sheets import PERIOD, Ink
from adapters.video.animatic.stage import Stage

DUST, PLANET, GAS = hexed("A7A29A"), hexed("C98A5A"), hexed("6A4FA8")


def build(stage: Stage) -> None:
    """Nebula, planet, ridges, regolith."""
    stage.sky, stage.mist = "space", False
    light = stage.light
    _nebula(stage)
    _planet(stage)
    grey = light.lit(DUST)
    hills(stage, Ridge("rim", 18, -0.04, 0.055, 5, 7, 0.5, 0.1, folds=0.7), mix(mix(light.dark, grey, 0.5), DUST, 0.18))
    hills(
        stage, Ridge("plain", 7, 0.015, 0.035, 5, 6, 0.48, 0.05, folds=0.7), mix(mix(light.dark, grey, 0.5), DUST, 0.24)
    )
    hills(stage, Ridge("near", 3, 0.08, 0.03, 6, 6, 0.48, 0.05, folds=0.6), mix(mix(light.dark, grey, 0.5), DUST, 0.30))
    ground(stage, mix(mix(light.dark, grey, 0.5), DUST, 0.36), swell=0.008, waves=8, texture=0.6)


def _nebula(stage: Stage) -> None:
    sheet = stage.sheet(60.0, -1.0, 0.1, fine=0.8)
    noise = clouds(stage.rng("nebula"), (512, 256), 60, octaves=6, gain=0.55, stretch=1.6)
    light = stage.light
    for number, colour in enumerate((mix(GAS, light.haze, 0.4), mix(hexed("2F8F9A"), light.low, 0.4))):
        shifted = np.roll(noise, number * 190, 1)
        mask = np.clip((shifted - 0.52 - 0.04 * number) * 2.4, 0, 0.62)
        wide, high = sheet.size
        x = ((sheet.left + np.arange(wide) / sheet.ppu) / PERIOD * 512 * 2).astype(np.int64) % 512
        y = np.clip(np.arange(high) * 256 // max(high, 1), 0, 255)
        ink = Ink(sheet, Image.fromarray((mask[y][:, x] * 255).astype(np.uint8)))
        sheet.shine(ink, colour, 0.0, 0.9)
    stage.put(sheet)


def _planet(stage: Stage) -> None:
    light = stage.light
    sheet = stage.sheet(50.0, -0.62, 0.0)
    disc, ring, bands = sheet.ink(), sheet.ink(), sheet.ink()
    x, y, radius = 0.34, -0.30, 0.135
    disc.disc(x, y, radius)
    for number, high in enumerate((-0.075, -0.03, 0.02, 0.07)):
        half = float(np.sqrt(radius**2 - high**2)) * 0.98
        bands.rect(x - half, y + high, x + half, y + high + 0.012 + 0.006 * (number % 2), 120)
    ring.line([(x - 0.26, y + 0.055), (x, y + 0.012), (x + 0.26, y - 0.055)], 0.010, 200)
    ring.line([(x - 0.23, y + 0.060), (x, y + 0.026), (x + 0.23, y - 0.040)], 0.004, 150)
    stage.note("planet", 50.0, x, 2 * radius, 2 * radius)
    body = mix(mix(light.lit(PLANET), PLANET, 0.55), light.light, 0.2)
    sheet.paint(disc, [(y - radius, body), (y + radius, mix(body, light.dark, 0.5))])
    sheet.paint(bands, mix(body, light.dark, 0.35))
    shade = sheet.ink()
    shade.disc(x, y, radius)
    dark = sheet.ink()
    dark.disc(x - stage.toward * radius * 0.55, y + radius * 0.25, radius * 1.12, 190)
    soft = sheet.out_of_focus(dark)
    sheet.shade(shade, soft, light.dark)
    sheet.paint(ring, mix(body, light.light, 0.4))
    stage.put(sheet)
