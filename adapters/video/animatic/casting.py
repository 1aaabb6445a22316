"""The figures of a shot as part after part speaks of them: who stays, who comes, who takes whose place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adapters.video.animatic.cues import Passage
from adapters.video.animatic.spec import Figure
from adapters.video.animatic.speech import Said
from adapters.video.animatic.subjects import MOST, Who, led, people_of, pronoun_of, same, spread
from adapters.video.animatic.wardrobe import dressed, moved
from adapters.video.animatic.words import Cue
from bot import lexicon
from bot.brief import PartName

_INSTEAD = frozenset({"instead", "replace", "replaced", "swap", "become", "becomes", "make", "turn", "换", "改", "变"})
_ADDED = frozenset(
    {
        "add",
        "adding",
        "plus",
        "with",
        "beside",
        "joined",
        "another",
        "second",
        "next",
        "alongside",
        "加",
        "再",
        "旁",
        "添",
    }
)
_EXTRA = Figure("person", "listener", gait="still")


@dataclass
class Cast:
    """Figures so far, at most `MOST`, gaits empty where no verb was said."""

    figures: list[Figure] = field(default_factory=list)
    _crew: list[Who] = field(default_factory=list)

    def leave(self) -> None:
        """Everybody goes."""
        self.figures = []

    def in_frame(self, arrangement: str) -> tuple[Figure, ...]:
        """The figures to be drawn. Over the shoulder there are always two: who is seen, then whose shoulder it is."""
        figures = spread(self.figures)
        if arrangement == "over_shoulder" and figures:
            return (*reversed(figures),) if len(figures) > 1 else (*figures, _EXTRA)
        if arrangement == "two" and len(figures) == 1 and figures[0].kind in ("person", "child"):
            return (*figures, replace(figures[0], name=f"{figures[0].name} 2", wardrobe=()))
        return figures

    def take_in(self, passage: Passage) -> list[Cue]:
        """Let one part bring, change or remove figures; returns the cues that had a say."""
        removed = self._remove(passage)
        crew = people_of(passage)
        if passage.name is PartName.CAST:
            crew = led(passage, crew)
        speaker = next((said.speaker for said in passage.speech if said.speaker), "")
        if speaker and not crew and not self.figures:
            self.figures = [Figure("person", speaker, gait="")]
        meant = not crew or passage.seen.pointer
        if meant and not self.figures and passage.name is not PartName.CARRIED and (who := pronoun_of(passage)):
            self.figures = [who]
        places = self._join(passage, crew)
        self._crew = [who for who, index in zip(crew, places, strict=True) if index < len(self.figures)]
        indices = [index for index in places if index < len(self.figures)]
        used = dressed(passage, self._crew, self.figures, indices) + moved(passage, self._crew, self.figures, indices)
        self._ride(passage, crew)
        mine, names = {who.first for who in self._crew}, {who.figure.name for who in self._crew}
        mentioned = [cue for cue in passage.of("subject") if cue.first in mine or cue.entry.base in names]
        return removed + used + mentioned

    def _remove(self, passage: Passage) -> list[Cue]:
        gone = [cue for cue in passage.gone if cue.kind == "subject"]
        for cue in gone:
            everybody = cue.entry.base in ("people", "person", "human", "人", "人物")
            self.figures = [each for each in self.figures if not everybody and cue.value != each.kind]
        return gone

    def _join(self, passage: Passage, crew: Sequence[Who]) -> list[int]:
        """Where each one stands among the figures; `MOST` or more for who does not fit in."""
        places: list[int] = []
        change = passage.name is PartName.CHANGE
        for who in crew:
            index = same(who, self.figures)
            if index is None and change and self.figures and not self._is_added(passage, who):
                index = self._replaced(places)
                self.figures[index] = replace(who.figure, gait=self.figures[index].gait)
            elif index is None:
                index = len(self.figures)
                if index < MOST:
                    self.figures.append(who.figure)
            places.append(index)
        return places

    def _replaced(self, places: Sequence[int]) -> int:
        """The one just spoken of ("replace the fox with a wolf"), else the first."""
        return places[-1] if places and places[-1] < len(self.figures) else 0

    def _is_added(self, passage: Passage, who: Who) -> bool:
        low = [token.low for token in passage.tokens]
        return not _INSTEAD & set(low) and bool(_ADDED & set(low[max(0, who.first - 4) : who.first]))

    def _ride(self, passage: Passage, crew: Sequence[Who]) -> None:
        """Who drives a car is inside it; who rides a bicycle is on it: one figure, with the rider's name and clothes."""
        driving = [cue.behind for cue in passage.of("gait") if cue.value == "drive"]
        if len(self.figures) != MOST or not any(0 <= who.first - behind <= 4 for who in crew for behind in driving):
            return
        rider, mount = self.figures
        if rider.kind in ("person", "child") and mount.kind in ("car", "bicycle", "boat", "plane", "train"):
            self.figures = [replace(mount, gait="drive", name=rider.name, wardrobe=(*rider.wardrobe, *mount.wardrobe))]

    def hear(self, lines: Sequence[Said]) -> None:
        """A speaker with a name is in the frame: the nameless one there is, or one more."""
        for name in dict.fromkeys(said.speaker for said in lines if said.speaker):
            if any(name.casefold() == figure.name.casefold() for figure in self.figures):
                continue
            nameless = [index for index, figure in enumerate(self.figures) if _is_nameless(figure)]
            if nameless:
                self.figures[nameless[0]] = replace(self.figures[nameless[0]], name=name)
            elif len(self.figures) < MOST:
                self.figures.append(Figure("person", name, gait=""))

    def named_in(self, passage: Passage) -> list[tuple[int, str]]:
        """Figures of this part that no table lists (names, stand-ins), with where they stand."""
        listed = {cue.first: cue.entry.base for cue in passage.of("subject")}
        return [
            (who.start, _spelling(passage, who, listed.get(who.first, "")))
            for who in self._crew
            if listed.get(who.first) != who.figure.name
        ]


def _spelling(passage: Passage, who: Who, base: str) -> str:
    """The words for somebody: the cast name that leads, else the stretch of the text."""
    return who.figure.name if base else passage.text[who.start : passage.tokens[who.behind - 1].end]


def _is_nameless(figure: Figure) -> bool:
    name = figure.name
    return figure.kind in ("person", "child") and (
        name in ("he", "she") or name in lexicon.words_of("generic") or name in lexicon.words_of("generic", "zh")
    )
