"""Putting up an activity: its plan in parts, and what its page lacks before a family may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from booking.activities.asks import NOTHING_MORE, Asks
from booking.activities.audience import Audience
from booking.activities.dates import Series
from booking.activities.rules import Kind, Mode, StatisticsResponsibility, Target, Visibility
from booking.errors import Refusal
from booking.libraries.rules import Language

MOST_PLACES: Final = 1000
DEFAULT_CANCEL_DEADLINE_MINUTES: Final = 120

# The main value that the national statistics ask for; the list of values changes, so it is no enum.
STATISTICS_TYPE: Final[Mapping[Kind, str]] = {
    Kind.PILOT: "workshop",
    Kind.WORKSHOP: "workshop",
    Kind.EVENT: "event",
    Kind.DIALOGUE_MEETING: "debate",
    Kind.STAFF_TRAINING: "training",
    Kind.INTERNAL_MEETING: "internal",
}
STATISTICS_TYPES: Final = ("event", "workshop", "course", "debate", "training", "internal")


class Missing(StrEnum):
    """Something that a page must have before a family may see it."""

    SUMMARY = "summary"
    BODY = "body"
    COMING_MEETING = "coming_meeting"
    ROOM = "room"
    RESPONSIBLE = "responsible"
    ACCESSIBILITY = "accessibility"
    CONTACT = "contact"


class NotReady(Refusal):
    """The page lacks something that a family needs to know."""

    code: ClassVar[str] = "not_ready_to_publish"


class ChangedMeanwhile(Refusal):
    """Somebody else saved the same page while this one lay open."""

    code: ClassVar[str] = "changed_meanwhile"


class StillOn(Refusal):
    """What has dates to come cannot be put away: families count on them."""

    code: ClassVar[str] = "still_on"


class FewerThanTaken(Refusal):
    """There are more children with a place than there would be places."""

    code: ClassVar[str] = "capacity_below_taken"
    field: ClassVar[str | None] = "capacity"


class HasSignups(Refusal):
    """Families signed up; it cannot become something that one just comes to."""

    code: ClassVar[str] = "mode_has_signups"
    field: ClassVar[str | None] = "mode"


class ClosesBeforeOpening(Refusal):
    """Sign-up would close before it opens."""

    code: ClassVar[str] = "closes_before_opening"
    field: ClassVar[str | None] = "closes_on"


@dataclass(frozen=True, kw_only=True)
class Words:
    """An activity's texts in one language; `question` is one that families are asked, or empty."""

    language: Language
    title: str
    summary: str
    body: str
    access_note: str = ""
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """What sort of activity it is, for whom, where, and who answers for it."""

    kind: Kind
    audience: Audience
    visibility: Visibility = Visibility.PUBLIC
    place_name: str | None = None
    responsible_id: int | None = None
    has_second_adult: bool = False
    statistics_type: str = "event"
    statistics_responsibility: StatisticsResponsibility = StatisticsResponsibility.OWN
    statistics_target: Target = Target.CHILDREN
    announced_before: bool = True


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How one comes to an occasion: places, when one can sign up and give back, and who is asked again."""

    mode: Mode
    capacity: int | None
    walk_in_places: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_deadline_minutes: int = DEFAULT_CANCEL_DEADLINE_MINUTES
    has_queue: bool = True
    asks_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that a librarian says when putting up an activity."""

    about: About
    terms: Terms
    series: Series
    room: str
    words: Sequence[Words]
    asks: Asks = NOTHING_MORE


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What is there of all that a page needs; each is true when it is."""

    summary: bool
    body: bool
    coming_meeting: bool
    room: bool
    responsible: bool
    accessibility: bool
    contact: bool


def texts_of(words: Iterable[Words]) -> list[str]:
    """Return all that is said, in whatever language."""
    return [
        text
        for each in words
        for text in (each.title, each.summary, each.body, each.access_note, each.question)
    ]


def missing_before_publishing(there: Readiness) -> tuple[Missing, ...]:
    """Return what the page lacks, in the order in which it is best mended."""
    return tuple(each for each in Missing if not getattr(there, each.value))


def check_terms(terms: Terms, *, taken: int, live: int) -> None:
    """Let terms pass that keep every promise already given.

    Refuses FewerThanTaken, HasSignups when one would just come to what families signed up for, and
    ClosesBeforeOpening.
    """
    if terms.mode is Mode.DROP_IN and live:
        raise HasSignups
    if terms.capacity is not None and terms.capacity < taken:
        raise FewerThanTaken(taken=taken)
    if terms.opens_at and terms.closes_at and terms.closes_at <= terms.opens_at:
        raise ClosesBeforeOpening
