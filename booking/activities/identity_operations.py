"""Giving each meeting a new time of change, and a higher sequence, when its readers see a change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.rules import MeetingState, Status, Visibility
from booking.activities.touched import take_touched
from booking.clock import Clock
from booking.identity import Identity, Sight, identity_after, lifted
from booking.libraries.models import Library
from booking.witness import note_told

_Renewal = Callable[[Row[Any], Sight], Identity]

_OF_A_MEETING: tuple[Any, ...] = (
    Meeting.id,
    Meeting.shown_sequence,
    Meeting.shown_at,
    Meeting.shown_as,
    Meeting.starts_at,
    Meeting.ends_at,
    Meeting.room,
    Meeting.state,
    Occasion.mode,
    Activity.id.label("activity_id"),
    Activity.slug,
    Activity.status,
    Activity.visibility,
    Activity.published_at,
    Activity.place_name,
    Activity.grade_from,
    Activity.grade_to,
    Activity.age_from,
    Activity.age_to,
    Library.name,
    Library.street,
    Library.postcode,
    Library.town,
    Library.latitude,
    Library.longitude,
)


def settle_identities(session: Session, clock: Clock) -> int:
    """Raise what calendars know the touched meetings by; return of how many a reader sees something else.

    The last thing in each unit of work. Whoever writes letters about meetings that were just changed calls
    it before, so that letter and calendar say the same; twice is once.
    """
    touched = take_touched(session)
    if touched is None:
        return 0

    def renewed(row: Row[Any], sight: Sight) -> Identity:
        return identity_after(_identity(row), sight, clock(), was_seen=row.published_at is not None)

    return _renew(session, touched.condition(), renewed)


def settle_unmarked(session: Session, clock: Clock) -> int:
    """Give meetings of which no sight is stored theirs, as after an upgrade; return how many there were."""

    def renewed(row: Row[Any], sight: Sight) -> Identity:
        return identity_after(_identity(row), sight, clock(), was_seen=False)

    return _renew(session, Meeting.shown_as == "", renewed)


def lift_identities(session: Session, clock: Clock) -> int:
    """Lift all meetings above whatever calendars may have seen of them; return how many.

    Needed once, when an older copy of the database was put back.
    """
    take_touched(session)

    def renewed(row: Row[Any], sight: Sight) -> Identity:
        return lifted(_identity(row), sight, clock())

    return _renew(session, Meeting.id.is_not(None), renewed)


def _renew(session: Session, condition: ColumnElement[bool], renewed: _Renewal) -> int:
    wanted = _of_meetings(condition)
    # On PostgreSQL: whoever changes the library and whoever changes the title see each other's change.
    session.execute(wanted.with_only_columns(Meeting.id).with_for_update(of=Meeting)).all()
    rows = session.execute(wanted.with_only_columns(*_OF_A_MEETING)).all()
    words = _words_of(session, {row.activity_id for row in rows})
    changes: list[dict[str, Any]] = [
        {"id": row.id, "shown_sequence": new.sequence, "shown_at": new.changed_at, "shown_as": new.seen}
        for row in rows
        if (new := renewed(row, _sight(row, words.get(row.activity_id, ())))) != _identity(row)
    ]
    if changes:
        session.execute(update(Meeting), changes)
        _tell_rows_at_hand(session, changes)
        note_told(session, max(change["shown_at"] for change in changes))
        take_touched(session)
    return len(changes)


def _of_meetings(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Meeting.id)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .join(Activity.library)
        .where(condition)
        .order_by(Meeting.id)
    )


def _words_of(session: Session, activity_ids: Iterable[int]) -> Mapping[int, tuple[object, ...]]:
    found: dict[int, list[object]] = {}
    texts = (ActivityText.activity_id, ActivityText.language, ActivityText.title, ActivityText.summary)
    for number, *text in session.execute(
        select(*texts).where(ActivityText.activity_id.in_(activity_ids)).order_by(*texts)
    ):
        found.setdefault(number, []).append(text)
    return {number: tuple(told) for number, told in found.items()}


def _sight(row: Row[Any], words: Iterable[object]) -> Sight:
    house = (row.name, row.street, row.postcode, row.town)
    # What is elsewhere than at the library does not change when the library does.
    place = (row.place_name,) if row.place_name else (*house, row.latitude, row.longitude)
    is_put_away = row.published_at is not None and row.status is not Status.PUBLISHED
    is_hidden = row.published_at is not None and row.visibility is not Visibility.PUBLIC
    is_called_off = row.state is MeetingState.CALLED_OFF
    return Sight(
        moment=(row.starts_at, row.ends_at, is_called_off, is_put_away, is_hidden, row.room, *place),
        words=(row.slug, row.mode, row.grade_from, row.grade_to, row.age_from, row.age_to, *words),
    )


def _identity(row: Row[Any]) -> Identity:
    return Identity(sequence=row.shown_sequence, changed_at=row.shown_at, seen=row.shown_as)


def _tell_rows_at_hand(session: Session, changes: Iterable[Mapping[str, Any]]) -> None:
    for values in changes:
        meeting = session.identity_map.get(session.identity_key(Meeting, values["id"]))
        for name in ("shown_sequence", "shown_at", "shown_as") if meeting is not None else ():
            set_committed_value(meeting, name, values[name])
