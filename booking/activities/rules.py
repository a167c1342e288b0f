"""What an activity can be, when an occasion is open for sign-up, and how full it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final, Protocol

from booking.errors import Refusal


class Kind(StrEnum):
    """What sort of activity it is."""

    PILOT = "pilot"
    WORKSHOP = "workshop"
    EVENT = "event"
    DIALOGUE_MEETING = "dialogue_meeting"
    STAFF_TRAINING = "staff_training"
    INTERNAL_MEETING = "internal_meeting"


class Visibility(StrEnum):
    """Who may know of it."""

    PUBLIC = "public"
    BY_LINK = "by_link"
    INTERNAL = "internal"


class Status(StrEnum):
    """How far its page has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Mode(StrEnum):
    """How one comes to an occasion."""

    DROP_IN = "drop_in"
    SIGN_UP = "sign_up"
    SIGN_UP_AND_WALK_IN = "sign_up_and_walk_in"


class MeetingState(StrEnum):
    """What happened to a meeting's date since it was announced."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    CALLED_OFF = "called_off"


class StatisticsResponsibility(StrEnum):
    """Who is responsible for the content, as the national library statistics ask (domain: D1)."""

    OWN = "own"
    COOPERATION = "cooperation"
    EXTERNAL = "external"


class Target(StrEnum):
    """Whom an activity is mainly for, as the national library statistics ask (domain: R60)."""

    CHILDREN = "children"
    YOUTH = "youth"
    ADULTS = "adults"
    ALL = "all"


class Availability(StrEnum):
    """How full an occasion is, in a word: a figure would tell how many children come."""

    AVAILABLE = "available"
    FEW = "few"
    WAITING_LIST = "waiting_list"
    FULL = "full"


class Window(StrEnum):
    """Whether one can sign up for an occasion at the moment."""

    DROP_IN = "drop_in"
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    CLOSED = "closed"
    STARTED = "started"
    CALLED_OFF = "called_off"


class NotYetOpen(Refusal):
    """Sign-up begins later."""

    code: ClassVar[str] = "signup_not_yet_open"


class SignupClosed(Refusal):
    """Sign-up is over."""

    code: ClassVar[str] = "signup_closed"


class AlreadyStarted(Refusal):
    """The first meeting has begun."""

    code: ClassVar[str] = "already_started"


class OccasionCalledOff(Refusal):
    """There is nothing to come to."""

    code: ClassVar[str] = "occasion_called_off"


class NoSignupNeeded(Refusal):
    """One just comes."""

    code: ClassVar[str] = "no_signup_needed"


class Dated(Protocol):
    """A meeting, as far as these rules ask."""

    @property
    def starts_at(self) -> Any: ...  # noqa: ANN401, D102 – a column in models, an instant elsewhere

    @property
    def ends_at(self) -> Any: ...  # noqa: ANN401, D102

    @property
    def state(self) -> Any: ...  # noqa: ANN401, D102


@dataclass(frozen=True, kw_only=True)
class Places:
    """How many places of an occasion are taken and how many children wait; shown to nobody as it is."""

    taken: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class SignupTimes:
    """When an occasion's sign-up opens and closes, and when its first meeting begins."""

    mode: Mode
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime | None


_YOUTH_FROM: Final = 13
_ADULT_FROM: Final = 18

# What is for colleagues never shows on a page for families.
VISIBILITY_OF: Final[Mapping[Kind, Visibility]] = {
    Kind.PILOT: Visibility.PUBLIC,
    Kind.WORKSHOP: Visibility.PUBLIC,
    Kind.EVENT: Visibility.PUBLIC,
    Kind.DIALOGUE_MEETING: Visibility.PUBLIC,
    Kind.STAFF_TRAINING: Visibility.INTERNAL,
    Kind.INTERNAL_MEETING: Visibility.INTERNAL,
}

_REFUSALS: Final[Mapping[Window, type[Refusal]]] = {
    Window.DROP_IN: NoSignupNeeded,
    Window.NOT_YET_OPEN: NotYetOpen,
    Window.CLOSED: SignupClosed,
    Window.STARTED: AlreadyStarted,
    Window.CALLED_OFF: OccasionCalledOff,
}


def target_of(youngest: int | None) -> Target:
    """Return whom something is mainly for, by the age of the youngest: children to 12, youth to 17."""
    if youngest is None:
        return Target.ALL
    if youngest >= _ADULT_FROM:
        return Target.ADULTS
    return Target.YOUTH if youngest >= _YOUTH_FROM else Target.CHILDREN


def first_start(meetings: Iterable[Dated]) -> datetime | None:
    """Return when the first meeting that is on begins, or nothing when all are called off."""
    starts = [each.starts_at for each in meetings if each.state is not MeetingState.CALLED_OFF]
    return min(starts, default=None)


def next_start(meetings: Iterable[Dated], *, now: datetime) -> datetime | None:
    """Return when the next meeting that is on begins, or nothing when none is to come."""
    return first_start([each for each in meetings if each.starts_at > now])


def window_at(now: datetime, times: SignupTimes) -> Window:
    """Return whether one can sign up at the instant; both ends belong to what comes after them."""
    if times.starts_at is None:
        return Window.CALLED_OFF
    if times.mode is Mode.DROP_IN:
        return Window.DROP_IN
    if now >= times.starts_at:
        return Window.STARTED
    if times.opens_at is not None and now < times.opens_at:
        return Window.NOT_YET_OPEN
    return Window.CLOSED if times.closes_at is not None and now >= times.closes_at else Window.OPEN


def check_booking_window(now: datetime, times: SignupTimes) -> None:
    """Let the instant pass when sign-up is open; refuse with the reason and its times otherwise."""
    window = window_at(now, times)
    if window is not Window.OPEN:
        facts = {"opens": times.opens_at, "closed": times.closes_at, "started": times.starts_at}
        raise _REFUSALS[window](**facts)


def availability(*, capacity: int, taken: int, waiting: int, has_queue: bool) -> Availability:
    """Return how full it is: whoever waits goes first, so a place that is kept for them is not free."""
    free = capacity - taken
    if free <= 0 or waiting > 0:
        return Availability.WAITING_LIST if has_queue else Availability.FULL
    return Availability.FEW if free <= max(1, capacity // 5) else Availability.AVAILABLE


def changed_after(before: datetime, now: datetime) -> datetime:
    """Return the instant to note for a change; always a whole second later than the change before.

    Calendars keep whole seconds, and some take an entry anew only when its LAST-MODIFIED has grown.
    """
    return max(now, before + timedelta(seconds=1))
