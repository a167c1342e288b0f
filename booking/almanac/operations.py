"""Taking in school breaks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.almanac.models import SchoolBreak
from booking.almanac.queries import as_break, hold_municipalities, rows_beside
from booking.almanac.rules import Break, Fate, Step, compare
from booking.clock import Clock


def import_breaks(session: Session, clock: Clock, *, breaks: Sequence[Break]) -> Sequence[Step]:
    """Let the breaks replace those of their municipalities and school years, and return what became of each.

    Doing it twice does it once: what is as before keeps its row, and the time when it was imported.
    """
    hold_municipalities(session, breaks)
    rows = {as_break(row).key: row for row in rows_beside(session, breaks)}
    steps = compare([as_break(row) for row in rows.values()], breaks)
    for step in steps:
        if step.fate is Fate.GONE:
            session.delete(rows[step.is_now.key])
        elif step.fate is not Fate.SAME:
            _write(session, clock, rows.get(step.is_now.key), step.is_now)
    session.flush()
    return steps


def _write(session: Session, clock: Clock, row: SchoolBreak | None, told: Break) -> None:
    if row is None:
        row = SchoolBreak(municipality_code=told.municipality_code, kind=told.kind, first_on=told.first_on)
        session.add(row)
    row.last_on, row.source, row.imported_at = told.last_on, told.source, clock()
