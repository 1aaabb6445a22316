"""What can be wrong with a storyboard, a film or its files: one sentence each, nothing changed and nothing spent.

    Declined
    ├── FilmNotJson · FilmTooLarge · FilmFromTheFuture · FilmUnreadable · NoShots · TooManyShots
    └── NothingToCut · NotInFilm · FilmTooLong · ClipGone · OneShotOnly · UnknownFilm · UnknownCheck
    └── ClipUnreadable · ShotWithoutWords · ShotTwice · ShotLength · SceneWithoutShots · InShot

The sentences stand in the catalogues as those of `bot.errors` do.
"""

from __future__ import annotations

from bot.errors import Declined


class FilmNotJson(Declined):
    """What was given as a film.json is no JSON at all."""


class FilmTooLarge(Declined):
    """A film.json of more bytes than it can have. Parameter: `limit`."""


class FilmFromTheFuture(Declined):
    """A film.json of an edition that a newer version wrote. Parameters: `edition`, `known`."""


class FilmUnreadable(Declined):
    """Something in a film.json is missing or is not what it should be. Parameter: `where`, as ``shots[2].seconds``."""


class NoShots(Declined):
    """A storyboard or a film without a single shot."""


class TooManyShots(Declined):
    """More shots than go into one storyboard or one film. Parameters: `count`, `limit`."""


class ShotWithoutWords(Declined):
    """A shot of a storyboard that says nothing. Parameter: `shot`, its number."""


class ShotTwice(Declined):
    """Two shots of a storyboard with one number. Parameter: `shot`."""


class ShotLength(Declined):
    """A length that no shot has. Parameters: `shot`, `value`, `most` (seconds)."""


class SceneWithoutShots(Declined):
    """The last scene of a storyboard says something, but has no shot. Parameter: `words`, the beginning of what it says."""


class InShot(Declined):
    """One shot of a storyboard cannot be filmed as it stands. Parameters: `shot`, `why` (a sentence in the member's language)."""


class NothingToCut(Declined):
    """No take of the production in hand is finished."""


class NotInFilm(Declined):
    """A name in an order stands for no finished take. Parameter: `shot`, as it was written."""


class FilmTooLong(Declined):
    """More pieces than one film takes. Parameters: `count`, `limit`."""


class ClipGone(Declined):
    """The clip of a take is not in the store any more. Parameter: `take`, its slate."""


class OneShotOnly(Declined):
    """Nothing to compare a shot with."""


class UnknownFilm(Declined):
    """No film of that id, or of another place."""


class UnknownCheck(Declined):
    """No check of that id, one of somebody else's, or one whose measures are not kept any more."""


class ClipUnreadable(Declined):
    """A file that is no clip that can be measured. Parameter: `file`."""
