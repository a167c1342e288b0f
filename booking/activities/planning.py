"""Putting up an activity: its plan, the dates of a weekly course, and what its page lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Generic, TypeVar

from booking.activities.audience import Audience
from booking.activities.rules import Dated, Kind, MeetingState, Mode, Visibility
from booking.clock import instant_at, local_date
from booking.errors import Refusal
from booking.libraries.rules import Language

MOST_WEEKS: Final = 30
MOST_PLACES: Final = 1000
_YEARS_AHEAD: Final = 3
_YEARS_BACK: Final = 5

# The main value that the national statistics ask for; the list of values changes, so it is no enum.
STATISTICS_TYPE: Final[Mapping[Kind, str]] = {
    Kind.PILOT: "workshop",
    Kind.WORKSHOP: "workshop",
    Kind.EVENT: "event",
    Kind.DIALOGUE_MEETING: "debate",
    Kind.STAFF_TRAINING: "training",
    Kind.INTERNAL_MEETING: "internal",
}

Meetings = TypeVar("Meetings", bound=Dated)


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


class MeetingIsOver(Refusal):
    """What has happened can be neither moved nor called off."""

    code: ClassVar[str] = "meeting_is_over"


class MeetingNotOn(Refusal):
    """The meeting is called off; that has to be taken back first."""

    code: ClassVar[str] = "meeting_not_on"


class NewTimeIsPast(Refusal):
    """A meeting can only be moved to a time that is still to come."""

    code: ClassVar[str] = "new_time_is_past"
    field: ClassVar[str | None] = "date_on"


class DateOutOfReach(Refusal):
    """The date is so far away that it must be a slip of the finger."""

    code: ClassVar[str] = "date_out_of_reach"
    field: ClassVar[str | None] = "first_on"


class EndsBeforeStart(Refusal):
    """The end is not after the start."""

    code: ClassVar[str] = "ends_before_start"
    field: ClassVar[str | None] = "ends"


@dataclass(frozen=True, kw_only=True)
class Words:
    """An activity's texts in one language."""

    language: Language
    title: str
    summary: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """A weekly course as it is thought of: the first day, the hours, and how many weeks."""

    first_on: date
    starts: time
    ends: time
    weeks: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that a librarian says when putting up an activity."""

    kind: Kind
    visibility: Visibility = Visibility.PUBLIC
    audience: Audience
    mode: Mode
    capacity: int | None
    walk_in_places: int = 0
    has_queue: bool = True
    has_second_adult: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    room: str
    series: Series
    words: Sequence[Words]


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


@dataclass(frozen=True, kw_only=True)
class Dates(Generic[Meetings]):
    """Meetings as a page shows them: the next one, those after it, and those that are over."""

    following: Meetings | None
    coming: Sequence[Meetings]
    over: Sequence[Meetings]


def texts_of(words: Iterable[Words]) -> list[str]:
    """Return all that is said, in whatever language."""
    return [text for each in words for text in (each.title, each.summary, each.body)]


def split_dates(meetings: Iterable[Meetings], now: datetime) -> Dates[Meetings]:
    """Put the meetings in order, and find the next one that is on; called-off ones stay in their place."""
    in_order = sorted(meetings, key=lambda each: each.starts_at)
    coming = [each for each in in_order if each.ends_at > now]
    is_on = (each for each in coming if each.state is not MeetingState.CALLED_OFF)
    over = [each for each in in_order if each.ends_at <= now]
    return Dates(following=next(is_on, None), coming=coming, over=over)


def weekly(series: Series) -> list[tuple[datetime, datetime]]:
    """Return each week's start and end as instants: 17:00 stays 17:00 when the clock changes.

    Refuses EndsBeforeStart, and TimeDoesNotExist or TimeHappensTwice for the night of the change.
    """
    if series.ends <= series.starts:
        raise EndsBeforeStart
    days = [series.first_on + timedelta(weeks=week) for week in range(series.weeks)]
    return [(instant_at(day, series.starts), instant_at(day, series.ends)) for day in days]


def check_clock_shows(days: Iterable[date], wall_time: time) -> None:
    """Let times pass that each name one instant; TimeDoesNotExist or TimeHappensTwice otherwise."""
    for day in days:
        instant_at(day, wall_time)


def check_in_reach(first_on: date, now: datetime) -> None:
    """Let a date pass that somebody can have meant; refuse DateOutOfReach for others."""
    years = first_on.year - local_date(now).year
    if not -_YEARS_BACK <= years <= _YEARS_AHEAD:
        raise DateOutOfReach


def missing_before_publishing(there: Readiness) -> tuple[Missing, ...]:
    """Return what the page lacks, in the order in which it is best mended."""
    return tuple(each for each in Missing if not getattr(there, each.value))
