"""The service with the lock taken out, to see that a stampede can go wrong: never for serving."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

import booking.family.views
import booking.limits
from booking import create_app
from booking.activities.models import Occasion
from booking.activities.queries import get_published_occasion
from booking.work import Work, current_clock, database

# Between counting and keeping there is so little that a crowd seldom meets there: it is made wider. Each
# worker keeps a pace of its own, as four in step would fill twenty places to the last one and no further.
_SLOWLY: Final = 0.005 * (1 + os.getpid() % 5)


@contextmanager
def _without_a_turn() -> Iterator[Work]:
    told = current_clock()

    def slow_clock() -> datetime:
        time.sleep(_SLOWLY)
        return told()

    with Session(database.engine, expire_on_commit=False) as session, session.begin():
        yield Work(session, slow_clock)


def _read_only(session: Session, occasion_id: int, *, invited_to: int | None = None) -> Occasion:
    return get_published_occasion(session, occasion_id, invited_to=invited_to)


booking.limits.unit_of_work = _without_a_turn  # what the form is taken in
booking.family.views.take_open_occasion = _read_only
app = create_app()
