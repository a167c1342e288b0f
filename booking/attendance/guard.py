"""At which libraries the signed-in member of staff may see registers, and when."""

from datetime import datetime
from typing import Any, Final

from flask import current_app

from booking.attendance.door import Reach
from booking.clock import local_date
from booking.doors import current_visitor
from booking.i18n import current_language
from booking.rights import Right
from booking.tokens import keyed_digest
from booking.work import current_clock

# A name that was corrected shows on an open register after so many seconds at most.
_LOOK_ANEW_AFTER: Final = 300


def own_reach() -> Reach:
    """Return where the visitor may take attendance, and where also before and after the day."""
    visitor = current_visitor()
    return Reach(
        at_the_door=visitor.libraries(Right.TAKE_ATTENDANCE), always=visitor.libraries(Right.CLOSE_MEETING)
    )


def closers_reach() -> Reach:
    """Return where the visitor may close a register and open it again."""
    return Reach(at_the_door=frozenset(), always=current_visitor().libraries(Right.CLOSE_MEETING))


def opening_of(meeting_id: int) -> str:
    """Return what a register that was opened carries, and its opening on record: it asks for news with it.

    It is one person's, for one meeting and one day, and opens nothing by itself.
    """
    today = local_date(current_clock()())
    return keyed_digest(_key(), f"opened {current_visitor().account_id} {meeting_id} {today}")


def tag_of(state: tuple[Any, ...], *, now: datetime) -> str:
    """Return the tag of a list in this state: the same while nothing has changed that it shows."""
    slot = int(now.timestamp()) // _LOOK_ANEW_AFTER
    return f'"{keyed_digest(_key(), f"{state} {slot} {current_language()}")[:32]}"'


def _key() -> str:
    return str(current_app.secret_key)
