"""What else goes on when something is planned, and who can answer for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.dates import Slot
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status
from booking.almanac.queries import special_days
from booking.almanac.rules import SpecialDay
from booking.clock import local_date
from booking.libraries.queries import get_library
from booking.libraries.rules import Language, best_text
from booking.planner.looking import Busy, Look, look_at
from booking.staff.models import Account, Membership
from booking.staff.rules import Role


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What dates fall into: special days, and what is taken, with the numbers of those meetings."""

    special: Mapping[date, Sequence[SpecialDay]]
    busy: Sequence[tuple[int, Busy]]


def look_at_dates(
    session: Session,
    *,
    slots: Sequence[Slot],
    library_id: int,
    room: str,
    responsible_id: int | None,
    own: Collection[int],
    besides: Collection[int] = (),
    unticked: Collection[date] = (),
) -> list[Look]:
    """Return the dates with all that is to be known of them; in the same number of questions however many.

    `besides` are the numbers of meetings that are being changed: they do not clash with themselves.
    """
    around = surroundings(session, slots=slots, library_id=library_id, responsible_id=responsible_id, own=own)
    others = [each for number, each in around.busy if number not in besides]
    return look_at(
        slots,
        special=around.special,
        busy=others,
        room=room,
        responsible_id=responsible_id,
        unticked=unticked,
    )


def surroundings(
    session: Session,
    *,
    slots: Sequence[Slot],
    library_id: int,
    responsible_id: int | None,
    own: Collection[int],
) -> Surroundings:
    """Return what is special and what goes on between the first of these dates and the last."""
    library = get_library(session, library_id)
    span = Slot(starts_at=min(slot.starts_at for slot in slots), ends_at=max(slot.ends_at for slot in slots))
    special = special_days(
        session,
        municipality_code=library.municipality_code,
        first_on=local_date(span.starts_at),
        last_on=local_date(span.ends_at),
    )
    busy = busy_in(session, span=span, library_id=library_id, responsible_id=responsible_id, own=own)
    return Surroundings(special=special, busy=busy)


def busy_in(
    session: Session, *, span: Slot, library_id: int, responsible_id: int | None, own: Collection[int]
) -> list[tuple[int, Busy]]:
    """Return what goes on at the library, and what the person answers for, with the meetings' numbers.

    Drafts count: two colleagues may be planning for one room. What is called off or put away does not.
    """
    wanted = (
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(
            Meeting.starts_at < span.ends_at,
            Meeting.ends_at > span.starts_at,
            Meeting.state != MeetingState.CALLED_OFF,
            Activity.status != Status.ARCHIVED,
            or_(Activity.library_id == library_id, Activity.responsible_id == responsible_id),
        )
        .options(
            joinedload(Meeting.occasion).joinedload(Occasion.activity).options(selectinload(Activity.texts))
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [
        (meeting.id, _busy(meeting, library_id=library_id, own=own)) for meeting in session.scalars(wanted)
    ]


def who_can_answer(session: Session, library_ids: Collection[int]) -> Sequence[Account]:
    """Return the librarians of these libraries who still work there, by name."""
    works_there = select(Membership.account_id).where(
        Membership.role == Role.LIBRARIAN, Membership.library_id.in_(library_ids)
    )
    return session.scalars(
        select(Account)
        .where(Account.id.in_(works_there), Account.active.is_(True))
        .order_by(Account.name, Account.id)
    ).all()


def _busy(meeting: Meeting, *, library_id: int, own: Collection[int]) -> Busy:
    activity = meeting.occasion.activity
    is_here = activity.library_id == library_id and not activity.place_name
    return Busy(
        slot=Slot(starts_at=meeting.starts_at, ends_at=meeting.ends_at),
        room=meeting.room if is_here else None,
        responsible_id=activity.responsible_id,
        # What another library plans, and has not shown to anybody, is not told here.
        title=best_text(activity.texts, Language.NB).title if activity.library_id in own else None,
    )
