"""Finding the special days of a municipality."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from booking.almanac.models import SchoolBreak
from booking.almanac.red_days import half_days, public_holidays
from booking.almanac.rules import Break, DayKind, SpecialDay, Step, compare, days_between
from booking.libraries.models import Library


def special_days(
    session: Session, *, municipality_code: str, first_on: date, last_on: date
) -> Mapping[date, Sequence[SpecialDay]]:
    """Return the special days from the first to the last, by day: red days, then breaks, then half days.

    Plain days are not in it, and plain Sundays are plain days. One query, however long the time.
    """
    breaks = session.scalars(
        _in_order().where(
            SchoolBreak.municipality_code == municipality_code,
            SchoolBreak.last_on >= first_on,
            SchoolBreak.first_on <= last_on,
        )
    )
    found: dict[date, list[SpecialDay]] = {}
    for special in (*_red(first_on, last_on), *_free(breaks, first_on, last_on), *_half(first_on, last_on)):
        found.setdefault(special.day, []).append(special)
    return dict(sorted(found.items()))


def _red(first_on: date, last_on: date) -> list[SpecialDay]:
    return [
        SpecialDay(day=day, kind=DayKind.PUBLIC_HOLIDAY, names=names)
        for day, names in public_holidays(range(first_on.year, last_on.year + 1)).items()
        if first_on <= day <= last_on
    ]


def _free(breaks: Iterable[SchoolBreak], first_on: date, last_on: date) -> list[SpecialDay]:
    return [
        SpecialDay(day=day, kind=DayKind.SCHOOL_BREAK, names=(each.kind.value,))
        for each in breaks
        for day in days_between(max(first_on, each.first_on), min(last_on, each.last_on))
    ]


def _half(first_on: date, last_on: date) -> list[SpecialDay]:
    return [
        SpecialDay(day=day, kind=DayKind.CUSTOMARY, names=(custom.value,))
        for day, custom in half_days(range(first_on.year, last_on.year + 1)).items()
        if first_on <= day <= last_on
    ]


def breaks_of(session: Session, municipality_code: str, on_or_after: date) -> Sequence[Break]:
    """Return a municipality's school breaks that end on the day or later, the first one first."""
    found = _in_order().where(
        SchoolBreak.municipality_code == municipality_code, SchoolBreak.last_on >= on_or_after
    )
    return [break_of(each) for each in session.scalars(found)]


def all_breaks(session: Session, on_or_after: date) -> Sequence[Break]:
    """Return every municipality's school breaks that end on the day or later, by place and time."""
    found = _in_order().where(SchoolBreak.last_on >= on_or_after)
    return [break_of(each) for each in session.scalars(found)]


def rows_beside(session: Session, breaks: Iterable[Break]) -> Sequence[SchoolBreak]:
    """Return what is kept of the municipalities that the breaks are about."""
    codes = {each.municipality_code for each in breaks}
    return session.scalars(_in_order().where(SchoolBreak.municipality_code.in_(codes))).all()


def hold_municipalities(session: Session, breaks: Iterable[Break]) -> None:
    """Let nobody else change the breaks of these municipalities before the unit of work ends."""
    codes = {each.municipality_code for each in breaks}
    libraries = select(Library.id).where(Library.municipality_code.in_(codes))
    session.execute(libraries.order_by(Library.id).with_for_update(key_share=True))


def preview_import(session: Session, *, breaks: Sequence[Break]) -> Sequence[Step]:
    """Return what becomes of each break when these are imported, and change nothing."""
    return compare([break_of(row) for row in rows_beside(session, breaks)], breaks)


def break_of(row: SchoolBreak) -> Break:
    """Return a row as the plain break that it keeps."""
    return Break(
        municipality_code=row.municipality_code,
        kind=row.kind,
        first_on=row.first_on,
        last_on=row.last_on,
        source=row.source,
    )


def _in_order() -> Select[SchoolBreak]:
    return select(SchoolBreak).order_by(SchoolBreak.municipality_code, SchoolBreak.first_on, SchoolBreak.kind)
