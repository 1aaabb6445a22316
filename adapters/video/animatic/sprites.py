"""Sprites on the canvas: laid in, turned over for wet ground, out of focus, enlarged; and the shadows below them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from adapters.video.animatic.blocking import Actor, measured
from adapters.video.animatic.camera import even
from adapters.video.animatic.canvas import Canvas, Cel, Plane
from adapters.video.animatic.figures import Sprite
from adapters.video.animatic.light import Light


def lay(canvas: Canvas, one: Sprite, foot: tuple[float, float], opacity: int = 256) -> None:
    """Blend a sprite in with its foot on a pixel (to the nearest pixel: sprites are drawn anew for every frame)."""
    left, top = round(foot[0] - one.foot[0]), round(foot[1] - one.foot[1])
    high, wide = one.y.shape
    x0, y0 = max(0, even(left + 0.99)), max(0, even(top + 0.99))
    x1, y1 = min(canvas.width, (left + wide) // 2 * 2), min(canvas.height, (top + high) // 2 * 2)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    rows, columns = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
    alpha = one.alpha[rows, columns]
    half = _half(alpha)
    canvas.lay(
        Cel(
            _multiplied(one.y[rows, columns], alpha), _premultiplied(one.cb[rows, columns][::2, ::2], half),
            _premultiplied(one.cr[rows, columns][::2, ::2], half), alpha, half,
        ),
        x0, y0, opacity,
    )  # fmt: skip


def _half(alpha: Plane) -> Plane:
    total = alpha[::2, ::2].astype(np.uint16)
    total += alpha[1::2, 1::2]
    total += alpha[1::2, ::2]
    total += alpha[::2, 1::2]
    total += 2
    total >>= 2
    return total.astype(np.uint8)


def _multiplied(values: Plane, alpha: Plane) -> Plane:
    product = values * alpha.astype(np.uint16)
    product += 128
    return ((product + (product >> 8)) >> 8).astype(np.uint8)


def _premultiplied(chroma: Plane, alpha: Plane) -> Plane:
    away = chroma.astype(np.int16)
    away -= 128
    away *= (alpha >> 1).astype(np.int16) + (alpha & 1)
    away >>= 7
    away += 128
    return away.astype(np.uint8)


def flipped(one: Sprite) -> Sprite:
    """Upside down, standing on the same foot, for wet ground."""
    high = one.y.shape[0]
    planes = (np.ascontiguousarray(plane[::-1]) for plane in (one.y, one.cb, one.cr, one.alpha))
    y, cb, cr, alpha = planes
    fade = np.linspace(1, 0.15, high)[:, None]
    return Sprite(y, cb, cr, (alpha * fade).astype(np.uint8), (one.foot[0], high - one.foot[1]))


def blurred(one: Sprite, radius: float, times: int) -> Sprite:
    """A small sprite as it looks out of focus, at its full size. Colour spreads first, so that no foreign edge shows."""
    pad = int(radius * 3) + 1
    soft = ImageFilter.GaussianBlur(radius)
    alpha = np.pad(one.alpha, pad)
    weight = np.asarray(Image.fromarray(alpha).filter(soft), np.float32) + 0.5
    planes = []
    for plane in (one.y, one.cb, one.cr):
        spread = Image.fromarray((np.pad(plane, pad).astype(np.float32) * alpha / 255).astype(np.uint8)).filter(soft)
        planes.append(np.clip(np.asarray(spread, np.float32) * 255 / weight, 0, 255).astype(np.uint8))
    planes.append(np.clip(weight - 0.5, 0, 255).astype(np.uint8))
    size = (alpha.shape[1] * times, alpha.shape[0] * times)
    y, cb, cr, mask = (np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)) for plane in planes)
    return Sprite(y, cb, cr, mask, ((one.foot[0] + pad) * times, (one.foot[1] + pad) * times))


def enlarged(one: Sprite, times: int) -> Sprite:
    """A sprite that was drawn smaller, at its full size."""
    size = (one.y.shape[1] * times, one.y.shape[0] * times)
    y, cb, cr, mask = (
        np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))
        for plane in (one.y, one.cb, one.cr, one.alpha)
    )
    return Sprite(y, cb, cr, mask, (one.foot[0] * times, one.foot[1] * times))


def cast_shadow(canvas: Canvas, foot: tuple[float, float], actor: Actor, pixels: float, light: Light) -> None:
    """A soft dark patch that ties the feet to the ground."""
    _, left, right = measured(actor.figure, actor.bust)
    wide = max(8, even(min(left + right, 1.6) * pixels * 0.75))
    high = max(4, even(wide * 0.10))
    ground = foot[1] + actor.hover * pixels / max(actor.height, 1e-6)
    x, y = even(foot[0] - wide / 2 + (right - left) * pixels * 0.3 * actor.facing), even(ground - high * 0.55)
    mask = _ellipse(wide, high)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(canvas.width, x + wide), min(canvas.height, y + high)
    if x1 - x0 >= 2 and y1 - y0 >= 2:
        canvas.tint(np.ascontiguousarray(mask[y0 - y : y1 - y, x0 - x : x1 - x]), light.dark * 0.5, x0, y0, 170)


@lru_cache(maxsize=32)
def _ellipse(wide: int, high: int) -> Plane:
    x, y = (np.linspace(-1, 1, count, dtype=np.float32) for count in (wide, high))
    return np.asarray(np.clip(1 - x[None, :] ** 2 - y[:, None] ** 2, 0, 1) * 235, np.uint8)
