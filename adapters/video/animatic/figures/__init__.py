"""Silhouettes that walk: one sprite of a figure at one moment, a pure function of its arguments. Worker processes only."""

from adapters.video.animatic.figures.company import KINDS, altitude, footfalls, natural_height, sprite, stride_speed
from adapters.video.animatic.figures.lightness import FigureLight
from adapters.video.animatic.figures.raster import Sprite

__all__ = ["KINDS", "FigureLight", "Sprite", "altitude", "footfalls", "natural_height", "sprite", "stride_speed"]
