"""Taking in school breaks, and finding the special days of a municipality."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.almanac.models import SchoolBreak
from booking.almanac.operations import import_breaks
from booking.almanac.queries import as_break, breaks_from, breaks_of, preview_import, special_days
from booking.almanac.rules import Break, BreakKind, DayKind, Fate, SpecialDay
from booking.almanac.sheet import REGION, read_sheet
from tests.conftest import StoppedClock
from tests.factories import NOON

REGION_CODES = {"3401", "3414", "3415", "3416"}
AUTUMN = Break(
    municipality_code="3401",
    kind=BreakKind.AUTUMN,
    first_on=date(2026, 10, 5),
    last_on=date(2026, 10, 9),
)
WINTER = Break(
    municipality_code="3401",
    kind=BreakKind.WINTER,
    first_on=date(2027, 2, 22),
    last_on=date(2027, 2, 26),
)
ELSEWHERE = Break(
    municipality_code="3415",
    kind=BreakKind.AUTUMN,
    first_on=date(2026, 10, 5),
    last_on=date(2026, 10, 9),
)


def _region() -> tuple[Break, ...]:
    return read_sheet(REGION.read_bytes(), known=REGION_CODES)


@contextmanager
def _counting(session: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def _kept(session: Session, day: date) -> list[Break]:
    return [as_break(row) for row in breaks_from(session, day)]


def _days(session: Session, first_on: date, last_on: date, code: str = "3401") -> list[date]:
    return sorted(special_days(session, municipality_code=code, first_on=first_on, last_on=last_on))


def test_importing_twice_does_it_once(session: Session, clock: StoppedClock) -> None:
    first = import_breaks(session, clock, breaks=_region())
    clock.forward(days=1)
    second = import_breaks(session, clock, breaks=_region())

    assert Counter(step.fate for step in first) == {Fate.NEW: 20}
    assert Counter(step.fate for step in second) == {Fate.SAME: 20}
    assert set(session.scalars(select(SchoolBreak.imported_at))) == {NOON}
    assert sorted(map(repr, _kept(session, date(2026, 8, 1)))) == sorted(map(repr, _region()))


def test_a_new_file_replaces_a_school_year_of_a_municipality_and_nothing_else(
    session: Session, clock: StoppedClock
) -> None:
    last_year = Break(
        municipality_code="3401",
        kind=BreakKind.AUTUMN,
        first_on=date(2025, 10, 6),
        last_on=date(2025, 10, 10),
    )
    import_breaks(session, clock, breaks=[last_year, AUTUMN, WINTER, ELSEWHERE])
    longer = Break(**{**vars(AUTUMN), "last_on": date(2026, 10, 12), "source": "The council, May 2026"})
    clock.forward(days=1)

    import_breaks(session, clock, breaks=[longer])

    assert _kept(session, date(2025, 1, 1)) == [last_year, longer, ELSEWHERE]
    changed = session.scalars(select(SchoolBreak).where(SchoolBreak.last_on == longer.last_on)).one()
    assert changed.imported_at == clock()


def test_looking_at_what_a_file_does_changes_nothing(session: Session, clock: StoppedClock) -> None:
    import_breaks(session, clock, breaks=[AUTUMN])

    steps = preview_import(session, breaks=[WINTER])

    assert [step.fate for step in steps] == [Fate.GONE, Fate.NEW]
    assert _kept(session, date(2026, 1, 1)) == [AUTUMN]
    assert [step.fate for step in import_breaks(session, clock, breaks=[WINTER])] == [Fate.GONE, Fate.NEW]


def test_a_break_is_found_from_its_first_day_to_its_last(session: Session, clock: StoppedClock) -> None:
    import_breaks(session, clock, breaks=[AUTUMN, ELSEWHERE])

    assert _days(session, date(2026, 9, 28), date(2026, 10, 4)) == []
    assert _days(session, date(2026, 9, 28), date(2026, 10, 5)) == [date(2026, 10, 5)]
    assert _days(session, date(2026, 10, 7), date(2026, 10, 7)) == [date(2026, 10, 7)]
    assert _days(session, date(2026, 10, 9), date(2026, 10, 30)) == [date(2026, 10, 9)]
    assert _days(session, date(2026, 10, 10), date(2026, 10, 30)) == []
    assert _days(session, date(2026, 10, 1), date(2026, 10, 30), code="3414") == []
    assert [as_break(row) for row in breaks_of(session, "3401", date(2026, 10, 9))] == [AUTUMN]
    assert breaks_of(session, "3401", date(2026, 10, 10)) == []


def test_red_days_half_days_and_breaks_stand_together(session: Session, clock: StoppedClock) -> None:
    import_breaks(session, clock, breaks=_region())

    found = special_days(
        session, municipality_code="3401", first_on=date(2026, 12, 23), last_on=date(2027, 1, 2)
    )

    assert sorted(found) == [*(date(2026, 12, day) for day in range(23, 32)), date(2027, 1, 1)]
    assert found[date(2026, 12, 25)] == [
        SpecialDay(day=date(2026, 12, 25), kind=DayKind.PUBLIC_HOLIDAY, names=("Første juledag",)),
        SpecialDay(day=date(2026, 12, 25), kind=DayKind.SCHOOL_BREAK, names=("christmas",)),
    ]
    assert [day.kind for day in found[date(2026, 12, 31)]] == [DayKind.CUSTOMARY, DayKind.SCHOOL_BREAK]
    assert _days(session, date(2027, 5, 17), date(2027, 5, 17)) == [date(2027, 5, 17)]


def test_a_day_costs_as_many_queries_as_five_years(session: Session, clock: StoppedClock) -> None:
    import_breaks(session, clock, breaks=_region())

    for last_on in (date(2026, 8, 1), date(2031, 8, 1)):
        with _counting(session) as asked:
            _days(session, date(2026, 8, 1), last_on)
        assert len(asked) == 1


@pytest.mark.parametrize(
    "changes",
    [{"last_on": date(2026, 10, 4)}, {"municipality_code": "301"}, {"first_on": AUTUMN.first_on}],
    ids=["ends before it begins", "no municipality", "there already"],
)
def test_the_database_keeps_no_break_that_cannot_be(
    session: Session, clock: StoppedClock, changes: dict[str, object]
) -> None:
    import_breaks(session, clock, breaks=[AUTUMN])
    values = {**vars(AUTUMN), "first_on": date(2026, 10, 6), "imported_at": NOON, **changes}

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(SchoolBreak(**values))
        session.flush()
