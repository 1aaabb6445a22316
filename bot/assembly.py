"""What is said of more than one shot: a storyboard, the film, how well its shots match, and what an editor takes home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.cut import Transition
from bot.film import Shape
from bot.options import Command, arg
from bot.picks import Opening, Stage


@dataclass(frozen=True, kw_only=True)
class Storyboard(Command):
    """Several shots at once, priced together and filmed in order."""

    name: ClassVar[str] = "storyboard"
    text: str = arg("Shot 1 (4s): … Shot 2: … and so on.", words=True, main=True)
    shape: Shape | None = arg("Outline of the picture.", None, choices=tuple(Shape))
    stage: Stage | None = arg(
        "Animatic is free; draft is the default model; final shows its price first.", None, choices=tuple(Stage)
    )
    model: str | None = arg("Which backend films it.", None, completes=True)
    start: Opening | None = arg("Begin each shot with the last frame of the one before.", None, choices=tuple(Opening))


@dataclass(frozen=True, kw_only=True)
class Film(Command):
    """Your circled takes as one film."""

    name: ClassVar[str] = "film"
    order: str | None = arg("Shots in the order of the film, by slate: 1B 1A 2C-2.", None, words=True, main=True)
    transition: Transition = arg("How shots go over into one another.", Transition.CUT, choices=tuple(Transition))


@dataclass(frozen=True, kw_only=True)
class Check(Command):
    """How well the shots of your film match, measured."""

    name: ClassVar[str] = "check"
    take: str | None = arg(
        "The anchor of its scene; without it each scene's first shot.",
        None,
        main=True,
        completes=True,
    )


@dataclass(frozen=True, kw_only=True)
class Export(Command):
    """Your film as a zip for an editor: clips, lists, sound, subtitles, prompts."""

    name: ClassVar[str] = "export"
    transition: Transition = arg("How shots go over into one another.", Transition.CUT, choices=tuple(Transition))
    film: str | None = arg("Which film, by id; the shots as they stand now if none is named.", None)


@dataclass(frozen=True, kw_only=True)
class EditBoard(Command):
    """The same storyboard with other words, or with shots added or changed by their numbers."""

    name: ClassVar[str] = "edit_board"
    listed: ClassVar[bool] = False
    board: str = arg("Which storyboard: the id of its wish.")
    text: str = arg("Shot 1 (4s): … Shot 2: … and so on.", words=True, main=True)


@dataclass(frozen=True, kw_only=True)
class BoardOver(Command):
    """Tell how a storyboard went, once its last shot has ended."""

    name: ClassVar[str] = "board_over"
    listed: ClassVar[bool] = False
    board: str = arg("Which storyboard: the id of its wish.")


@dataclass(frozen=True, kw_only=True)
class Arrange(Command):
    """Put the shots of the production in hand into the order of the film."""

    name: ClassVar[str] = "arrange"
    listed: ClassVar[bool] = False
    order: str = arg("Shots by slate, with blanks between.", words=True, main=True)


@dataclass(frozen=True, kw_only=True)
class Reshoot(Command):
    """Film again what a check found to be off, and only that."""

    name: ClassVar[str] = "reshoot"
    listed: ClassVar[bool] = False
    check: str = arg("Which check: the id of its wish.", main=True)


@dataclass(frozen=True, kw_only=True)
class Sheet(Command):
    """The contact sheet of a film."""

    name: ClassVar[str] = "sheet"
    listed: ClassVar[bool] = False
    film: str = arg("Which film, by id.", main=True)


ASSEMBLY = (Check, Export)
"""Listed behind the verdicts; a storyboard and the film stand further up."""
ASSEMBLY_BUTTONS = (EditBoard, BoardOver, Arrange, Reshoot, Sheet)
