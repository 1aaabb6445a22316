"""Every way it can go wrong, and the one sentence each has for people.

    ThroughlineError
    ├── Declined                    bad input: one sentence, nothing changed
    │   ├── EmptyWords · WordsTooLong · ControlCharacters · BriefTooLong
    │   ├── UnknownTake · UnknownIdea · UnknownField · UnknownPreset · UnknownProduction · UnknownCommand · UnknownOption
    │   ├── OfferGone · UnknownBackend · BadValue · SecondsNotOffered · ShapeNotOffered · ImageNotOffered
    │   ├── ResolutionNotOffered · SoundNotOffered · LastFrameNotOffered · ReferencesNotOffered · PictureNeeded
    │   ├── ExtendNotOffered · ExtendedTooLong · BackendPaused · ModelRetired · PriceNotKnown
    │   ├── NotAnImage · PictureMoves · ImageTooLarge · AttachmentGone · NotYours · NothingToRemix · NothingToCancel
    │   ├── SpineUnreadable · ModeratorsOnly · NothingShared · TakeNotFinished · NobodyThere
    │   ├── NameTooLong · NameNotPlain · NameReserved · NameTaken · UnknownCast · NotYourCast · CastLocked · TooManyCast
    │   ├── TooManyWaiting · TooManyToday · Busy
    │   └── FinalNotOffered · FinalAlready · NotYoursToFilm · NothingToApprove · PriceChanged · NoVoteHere
    ├── BackendFault                a fault outside, at the video backend
    │   ├── NeverMade               certainly not accepted, may be sent again (after `retry_after` seconds)
    │   ├── TurnedDown              certainly not accepted, and sending it again would not help
    │   │   ├── WrongKey · OutOfQuota · BadOrder
    │   ├── RefusedByRules          one of the three gates said no (`gate`: image, prompt or result)
    │   ├── Unclear                 we cannot know whether it was accepted: look before acting
    │   ├── Unreachable             a question (not an order) got no answer: ask again later
    │   └── NotGenuine              a call that claims to come from the backend, and does not prove it
    ├── DeliveryFault               the platform would not take the card or the clip; `final` says whether to try again
    │   └── TooLarge                the place takes files of at most `limit` bytes: fit the clip again
    ├── MediaFault                  a file that cannot be read as what it should be
    └── SetupFault                  what an operator has to mend: one sentence, exit code 2
        └── DatabaseFromTheFuture · DatabaseUnreachable · HomeMissing · HomeInUse · PortTaken · TokenNeeded
            · BadSetting · DiskFull · ProbeFailed

The sentence of a leaf stands in every language's catalogue (`bot/text/*.toml`) under ``error.<key>``; its parameters are the
keyword arguments that the error was raised with.
"""

from __future__ import annotations

import re
from typing import ClassVar


class ThroughlineError(Exception):
    """The root. Keyword arguments become the parameters of the sentence."""

    key: ClassVar[str] = "fault"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.key = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(", ".join(f"{name}={value}" for name, value in params.items()))

    def __str__(self) -> str:
        return f"{self.key} ({super().__str__()})" if self.params else self.key


class Declined(ThroughlineError):
    """Bad input: answered in one sentence; nothing was changed and nothing was spent."""


class EmptyWords(Declined):
    """No words where words are needed."""


class WordsTooLong(Declined):
    """More characters than a wish may have. Parameters: `length`, `limit`."""


class ControlCharacters(Declined):
    """Characters that no one can see or print. Parameter: `found`, as ``U+0007``."""


class BriefTooLong(Declined):
    """Spine and words together exceed what the backend takes; they are never trimmed. Parameters: `length`, `limit`, `backend`."""


class UnknownTake(Declined):
    """No such take here. Parameter: `take`."""


class UnknownIdea(Declined):
    """No such idea of this member's here."""


class OfferGone(Declined):
    """The words of that take are read otherwise by now, so what a button offered is not offered any more."""


class UnknownField(Declined):
    """No such spine field. Parameters: `field`, `fields`."""


class UnknownPreset(Declined):
    """No such preset. Parameters: `preset`, `presets`."""


class UnknownProduction(Declined):
    """No such production of this member here. Parameter: `production`."""


class UnknownCommand(Declined):
    """Parameter: `command`."""


class UnknownOption(Declined):
    """A command was given an option it does not have. Parameters: `option`, `command`, `options`."""


class UnknownBackend(Declined):
    """No such backend is set up. Parameters: `backend`, `backends`."""


class BadValue(Declined):
    """An option's value cannot be read. Parameters: `option`, `value`, `expected`."""


class SecondsNotOffered(Declined):
    """Parameters: `seconds`, `offered`, `backend`."""


class ShapeNotOffered(Declined):
    """Parameters: `shape`, `offered`, `backend`."""


class ImageNotOffered(Declined):
    """The backend takes no reference image. Parameter: `backend`."""


class ExtendNotOffered(Declined):
    """The backend cannot go on after a clip. Parameter: `backend`."""


class ResolutionNotOffered(Declined):
    """Parameters: `resolution`, `offered`, `backend`."""


class SoundNotOffered(Declined):
    """The backend films with sound only, or without it only. Parameter: `backend`."""


class LastFrameNotOffered(Declined):
    """The backend takes no picture of the last frame. Parameter: `backend`."""


class ReferencesNotOffered(Declined):
    """More reference pictures than the backend takes. Parameters: `limit`, `backend`."""


class PictureNeeded(Declined):
    """The backend does not film from words alone. Parameter: `backend`."""


class ExtendedTooLong(Declined):
    """The clip and what follows would be longer than the backend makes. Parameters: `limit`, `backend`."""


class BackendPaused(Declined):
    """The operator lets it rest. Parameters: `backend`, `backends`."""


class ModelRetired(Declined):
    """Its provider has ended it. Parameters: `backend`, `day`."""


class PriceNotKnown(Declined):
    """The operator demands a price, and there is none. Parameter: `backend`."""


class NotAnImage(Declined):
    """The reference image cannot be read as JPEG, PNG or WebP."""


class PictureMoves(NotAnImage):
    """The reference image is an animation: nobody could say which of its frames would be filmed."""


class ImageTooLarge(Declined):
    """Too many pixels or bytes. Parameter: `limit`."""


class AttachmentGone(Declined):
    """What was attached can no longer be fetched from the platform."""


class NotYours(Declined):
    """Only the member who asked, or a moderator, may do this. Parameter: `take`."""


class NothingToRemix(Declined):
    """There is no finished take to start from."""


class FinalNotOffered(Declined):
    """The operator named no final model."""


class FinalAlready(Declined):
    """It was filmed on the final model, or is about to be. Parameter: `take`."""


class NotYoursToFilm(Declined):
    """Only the member who asked may agree to its price. Parameter: `take`."""


class NothingToApprove(Declined):
    """It no longer waits for its member's word. Parameter: `take`."""


class PriceChanged(Declined):
    """What was tapped would cost something else by now. Parameter: `price`."""


class NoVoteHere(Declined):
    """It is not one of several takes of one idea, or has no clip yet. Parameter: `take`."""


class NothingToCancel(Declined):
    """Nothing of this member's is waiting or rolling."""


class SpineUnreadable(Declined):
    """Not a spine as text. Parameters: `line` (the first that cannot be read), `fields`."""


class ModeratorsOnly(Declined):
    """What is shared in a channel or server is set by its moderators."""


class NothingShared(Declined):
    """One talks to the bot alone: there is neither channel nor server."""


class TakeNotFinished(Declined):
    """There is no clip of it. Parameter: `take`."""


class NobodyThere(Declined):
    """The words of the take name nobody to make a cast member of. Parameter: `take`."""


class NameTooLong(Declined):
    """Parameter: `limit`."""


class NameNotPlain(Declined):
    """A cast name is one word of letters and digits. Parameter: `name`."""


class NameReserved(Declined):
    """A word that means something else in prompts or commands. Parameter: `name`."""


class NameTaken(Declined):
    """There is one of that name already. Parameter: `name`."""


class UnknownCast(Declined):
    """Nobody of that name here. Parameters: `name`, `names`."""


class NotYourCast(Declined):
    """Only its owner or a moderator may. Parameter: `name`."""


class CastLocked(Declined):
    """Only its owner or a moderator may change it while it is locked. Parameter: `name`."""


class TooManyCast(Declined):
    """Parameter: `limit`."""


class TooManyWaiting(Declined):
    """Parameter: `limit`."""


class TooManyToday(Declined):
    """Parameter: `limit`."""


class Busy(Declined):
    """The wish could not be stored in time; nothing was started."""


class BackendFault(ThroughlineError):
    """Something went wrong at the video backend. `reason` is the backend's own words, for the log and the card."""

    def __init__(self, reason: str = "", **params: object) -> None:
        self.reason = reason
        super().__init__(reason=reason, **params)


class NeverMade(BackendFault):
    """The order certainly was not accepted and may be sent again, `retry_after` seconds from now (None: our own pace)."""

    def __init__(self, reason: str = "", retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(reason)


class TurnedDown(BackendFault):
    """The order certainly was not accepted; sending it again would not help."""


class WrongKey(TurnedDown):
    """The backend does not accept our key."""


class OutOfQuota(TurnedDown):
    """The operator's account at the backend is used up."""


class BadOrder(TurnedDown):
    """The backend could not make sense of the order."""


class RefusedByRules(BackendFault):
    """A gate of the backend's rules said no: `gate` is ``image``, ``prompt`` or ``result``."""

    def __init__(self, gate: str, reason: str = "") -> None:
        self.gate = gate
        super().__init__(reason, gate=gate)


class Unclear(BackendFault):
    """We cannot know whether the order was accepted. Look before acting."""


class Unreachable(BackendFault):
    """A question got no (sensible) answer: ask again later."""


class NotGenuine(BackendFault):
    """A call that claims to come from the backend has a wrong, old or missing signature."""


class DeliveryFault(ThroughlineError):
    """The platform would not take the card or the clip. `final`: trying again would not help."""

    def __init__(self, reason: str = "", final: bool = False) -> None:
        self.reason, self.final = reason, final
        super().__init__(reason=reason)


class TooLarge(DeliveryFault):
    """The place takes files of at most `limit` bytes: fit the clip again."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"larger than {limit} bytes")


class MediaFault(ThroughlineError):
    """A media file could not be read or made. `reason` is for the log."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(reason=reason)


class SetupFault(ThroughlineError):
    """What an operator has to mend before Throughline can run."""


class DatabaseFromTheFuture(SetupFault):
    """The database was made by a newer Throughline. Parameter: `revision`."""


class DatabaseUnreachable(SetupFault):
    """Parameters: `url` (without its password), `reason`."""


class HomeMissing(SetupFault):
    """The data folder is not there and could not be made, or cannot be written. Parameters: `path`, `reason`."""


class HomeInUse(SetupFault):
    """Another Throughline runs on the same data folder. Parameter: `path`."""


class PortTaken(SetupFault):
    """Parameters: `host`, `port`."""


class TokenNeeded(SetupFault):
    """A bind address beyond loopback demands an access token. Parameter: `host`."""


class BadSetting(SetupFault):
    """Parameters: `name`, `reason`."""


class ProbeFailed(SetupFault):
    """A backend was tried out and brought no clip. Parameters: `backend`, `reason`."""


class DiskFull(SetupFault):
    """Parameter: `path`."""
