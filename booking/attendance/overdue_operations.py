"""Reminding staff, the next working day, of registers that nobody closed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.almanac.red_days import red_days
from booking.attendance.overdue_models import OverdueReminder
from booking.attendance.overdue_queries import not_told_of, who_may_close
from booking.attendance.overdue_rules import is_working_day, next_working_day
from booking.clock import Clock, local_date, local_time
from booking.libraries.rules import Language, best_text
from booking.outbox.operations import write_letter
from booking.outbox.rules import Policy
from booking.staff.models import Account

# A letter before the working day begins would be the last thing somebody reads at night.
_FROM_HOUR: Final = 7


def remind_of_registers(session: Session, clock: Clock) -> int:
    """Write to those who may close the registers left open since the last working day; return how many.

    One letter each for a library and a day; done twice it is once.
    """
    now = clock()
    today = local_date(now)
    red = red_days((today.year - 1, today.year, today.year + 1))
    if local_time(now).hour < _FROM_HOUR or not is_working_day(today, red=red):
        return 0
    due: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in not_told_of(session, now=now):
        if next_working_day(local_date(meeting.ends_at), red=red) <= today:
            due[meeting.occasion.activity.library_id].append(meeting)
    return sum(_tell(session, clock, library_id, meetings, today) for library_id, meetings in due.items())


def _tell(session: Session, clock: Clock, library_id: int, meetings: Sequence[Meeting], today: date) -> int:
    accounts = who_may_close(session, library_id=library_id)
    if not accounts:
        return 0
    claimed = _claim(session, clock, meetings)
    mine = [meeting for meeting in meetings if meeting.id in claimed]
    for account in accounts if mine else ():
        _write(session, clock, account, mine, key=f"registers:{library_id}:{today}:{account.id}")
    return len(accounts) if mine else 0


def _claim(session: Session, clock: Clock, meetings: Sequence[Meeting]) -> set[int]:
    # Another worker may be at it: whose row is kept writes the letter.
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    rows = [{"meeting_id": meeting.id, "told_at": clock()} for meeting in meetings]
    kept = insert(OverdueReminder).values(rows).on_conflict_do_nothing(index_elements=["meeting_id"])
    return set(session.scalars(kept.returning(OverdueReminder.meeting_id)))


def _write(
    session: Session, clock: Clock, account: Account, meetings: Sequence[Meeting], *, key: str
) -> None:
    library = meetings[0].occasion.activity.library
    write_letter(
        session,
        clock,
        key=key,
        template="register_overdue",
        address=account.email,
        language=account.language,
        policy=Policy.ONCE,
        library_id=library.id,
        facts={
            "name": account.name,
            "library_name": library.name,
            "meetings": [_told(meeting, account.language) for meeting in meetings],
        },
    )


def _told(meeting: Meeting, language: Language) -> dict[str, object]:
    return {
        "meeting_id": meeting.id,
        "title": best_text(meeting.occasion.activity.texts, language).title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
    }
