"""How the camera moves: every move is a function of the time since the shot began, so that an extended take goes on with it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from adapters.video.animatic.camera import SAFE, Camera, Pose
from adapters.video.animatic.noise import shake
from adapters.video.animatic.spec import FPS

WHIP_AT = 1.2
"""Seconds from the start of the first take to the middle of the whip."""
WAYS = {
    "dolly_out": -1.0, "zoom_out": -1.0, "pan_left": -1.0, "pan_right": 1.0, "crane_down": -1.0, "tilt_down": -1.0,
    "track_left": -1.0, "track_right": 1.0,
}  # fmt: skip
"""Which way, for moves that have two."""


def progress(seconds: float) -> float:
    """How far a move has come, 0..1, from the time since the shot began alone, so that an extended take goes on with it."""
    eased = 1 - (1 + seconds / 1.6) * math.exp(-seconds / 1.6)
    return 0.78 * eased + 0.22 * min(seconds / 24, 1.5)


def moved(camera: Camera, seconds: float) -> Pose:
    """Where the move of the shot has brought the camera after so many seconds."""
    done, reach = progress(seconds), camera.framing.reach
    wide = min(1.0, camera.width / camera.unit / 1.7)
    move, way = camera.spec.move, WAYS.get(camera.spec.move, 1.0)
    onward = done if way > 0 else 1 - done
    pose = Pose()
    match move.split("_")[0]:
        case "dolly":
            pose = Pose(z=(-0.07 + 0.25 * done if way > 0 else 0.18 - 0.25 * done) * reach)
        case "zoom":
            pose = Pose(zoom=1 + 0.34 * (done if way > 0 else 1.05 - done) * reach)
        case "pan":
            pose = Pose(yaw=(done - 0.5) * 0.36 * wide * way)
        case "whip":
            pose = _whipped(seconds, wide * camera.spec.direction)
        case "orbit":
            pose = _orbiting((done - 0.5) * (0.35 + 0.65 * reach) * wide * camera.spec.direction)
        case "crane":
            pose = Pose(y=(0.10 - 0.26 * onward) * reach, z=0.05 * done * reach)
        case "tilt":
            pose = Pose(pitch=_tilt(camera, onward))
        case "handheld":
            pose = _handheld(camera, seconds)
    return pose


def _whipped(seconds: float, way: float) -> Pose:
    turned = 1 / (1 + math.exp(-(seconds - WHIP_AT) * 16))
    return Pose(yaw=(turned - 1) * 0.62 * way, smear=turned * (1 - turned) * 16 / FPS * 0.62)


def _orbiting(angle: float) -> Pose:
    z = (1 - math.cos(angle)) * 0.6
    x = math.sin(angle) * 0.9
    return Pose(x=x, z=z, yaw=-x / (1 - z))


def _tilt(camera: Camera, done: float) -> float:
    """From looking down to looking up, as far as the figure stays whole."""
    if not (camera.framing.whole and camera.subject.height):
        return (done - 0.6) * 0.30
    edge = SAFE * camera.seen_height
    top = (camera.height - camera.seen_height) / 2
    foot = camera.horizon + camera.foot * camera.unit
    head = foot - camera.subject.height * camera.unit
    low = max((top + edge - head) / camera.unit, -0.30)
    high = (top + camera.seen_height - edge - foot) / camera.unit
    return low + (high - low) * done


def _handheld(camera: Camera, seconds: float) -> Pose:
    amount = 0.011 * (0.6 + 0.4 * camera.framing.reach)
    time = np.array([seconds])

    def unrest(purpose: str) -> float:
        slow = shake(camera.spec.seed, purpose, time, 0.55)
        quick = shake(camera.spec.seed, purpose + "-quick", time, 0.17)
        return amount * float(slow[0] + 0.35 * quick[0])

    return Pose(yaw=unrest("yaw"), pitch=unrest("pitch") * 0.8, z=0.05 * progress(seconds) * camera.framing.reach)


def followed(camera: Camera, pose: Pose, frame: int) -> Pose:
    """The camera goes along: all the way in a tracking shot, else just enough to keep the figure in the frame."""
    move, seconds = camera.spec.move, camera.seconds(frame)
    tracking = move in ("track_left", "track_right")
    if not camera.subject.speed:
        way = WAYS[move] if tracking else 0.0
        return replace(pose, x=pose.x + way * (progress(seconds) - 0.5) * 0.55 * camera.framing.reach)
    place = camera.subject_at(frame)
    room = camera.seen_width / camera.unit / 2 * 0.34
    seen = camera.subject.start if tracking or not camera.framing.whole else room * math.tanh(place / room)
    return replace(pose, x=pose.x + place - seen)
