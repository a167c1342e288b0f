"""What the pages about activities show: cards, weeks, and an activity with its dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.activities.dates import Dates, split_dates
from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.rules import (
    Availability,
    MeetingState,
    Places,
    SignupTimes,
    Status,
    Window,
    availability,
    first_start,
    window_at,
)
from booking.libraries.rules import best_text


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """How one comes to an occasion at the moment, and how full it is when one can sign up."""

    window: Window
    fullness: Availability | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """One date of an activity in a list."""

    activity: Activity
    text: ActivityText
    meeting: Meeting
    entrance: Entrance

    @property
    def is_called_off(self) -> bool:
        """Tell whether this date is not on."""
        return self.meeting.state is MeetingState.CALLED_OFF


@dataclass(frozen=True, kw_only=True)
class Run:
    """An occasion on its activity's page: its dates, and how one comes to it."""

    occasion: Occasion
    dates: Dates[Meeting]
    entrance: Entrance


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An activity on its own page; the long text may be in another language than the title.

    `access` is how one gets in: what the activity itself says, and what the library says of its house.
    """

    activity: Activity
    text: ActivityText
    body: ActivityText
    access: str
    runs: Sequence[Run]


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """A library's activities as its staff see them: drafts, those with dates to come, and the rest."""

    drafts: Sequence[Activity]
    coming: Sequence[tuple[Activity, Meeting]]
    over: Sequence[Activity]


def cards_of(
    meetings: Iterable[Meeting],
    *,
    language: str,
    now: datetime,
    places: Mapping[int, Places],
    starts: Mapping[int, datetime],
) -> list[Card]:
    """Return a card for each date, in the order given; `starts` is when each occasion's first date begins."""
    return [
        Card(
            activity=meeting.occasion.activity,
            text=best_text(meeting.occasion.activity.texts, language),
            meeting=meeting,
            entrance=entrance_to(meeting.occasion, now, places, starts_at=starts.get(meeting.occasion_id)),
        )
        for meeting in meetings
    ]


def entrance_to(
    occasion: Occasion, now: datetime, places: Mapping[int, Places], *, starts_at: datetime | None
) -> Entrance:
    """Return how one comes to the occasion at the instant; `places` holds what was counted.

    `starts_at` is when its first date that is on begins, or nothing when none is.
    """
    times = SignupTimes(
        mode=occasion.mode,
        opens_at=occasion.opens_at,
        closes_at=occasion.closes_at,
        starts_at=None if occasion.called_off_at else starts_at,
    )
    window = window_at(now, times)
    if window is not Window.OPEN or occasion.capacity is None:
        return Entrance(window=window, fullness=None)
    counted = places.get(occasion.id, Places(taken=0, waiting=0))
    fullness = availability(
        capacity=occasion.capacity,
        taken=counted.taken,
        waiting=counted.waiting,
        has_queue=occasion.has_queue,
    )
    return Entrance(window=window, fullness=fullness)


def shown(
    activity: Activity, *, language: str, now: datetime, places: Mapping[int, Places] | None = None
) -> Shown:
    """Return the activity as its page shows it at the instant."""
    text = best_text(activity.texts, language)
    written = [each for each in activity.texts if each.body]
    return Shown(
        activity=activity,
        text=text,
        body=best_text(written, language) if written else text,
        access=_access(activity, language),
        runs=[
            Run(
                occasion=occasion,
                dates=split_dates(occasion.meetings, now),
                entrance=entrance_to(occasion, now, places or {}, starts_at=first_start(occasion.meetings)),
            )
            for occasion in activity.occasions
        ],
    )


def _access(activity: Activity, language: str) -> str:
    noted = [text for text in activity.texts if text.access_note]
    # The library's note is about its own house.
    notes = [] if activity.place_name else activity.library.notes
    said = [best_text(noted, language).access_note] if noted else []
    return " ".join([*said, *([best_text(notes, language).accessibility] if notes else [])])


def own_list(activities: Iterable[Activity], now: datetime) -> OwnList:
    """Return a library's activities in the three heaps that its staff look for."""
    drafts, coming, over = [], [], []
    for activity in activities:
        meetings = [meeting for occasion in activity.occasions for meeting in occasion.meetings]
        following = split_dates(meetings, now).following
        if activity.status is Status.ARCHIVED:
            over.append(activity)
        elif activity.status is Status.DRAFT:
            drafts.append(activity)
        elif following is not None:
            coming.append((activity, following))
        else:
            over.append(activity)
    return OwnList(drafts=drafts, coming=sorted(coming, key=lambda pair: pair[1].starts_at), over=over)
