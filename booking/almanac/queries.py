"""Finding what is special about days."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.almanac.models import SchoolBreak
from booking.almanac.red_days import special_in
from booking.almanac.rules import Break, SpecialDay, Step, compare
from booking.libraries.models import Library


def special_days(
    session: Session, *, municipality_code: str, first_on: date, last_on: date
) -> Mapping[date, Sequence[SpecialDay]]:
    """Return the special days of a span in a municipality, both ends included; one question."""
    found = special_days_of_each(
        session, municipality_codes={municipality_code}, first_on=first_on, last_on=last_on
    )
    return found[municipality_code]


def special_days_of_each(
    session: Session, *, municipality_codes: Collection[str], first_on: date, last_on: date
) -> Mapping[str, Mapping[date, Sequence[SpecialDay]]]:
    """Return the special days of a span for each of the municipalities; one question for all of them."""
    rows = session.scalars(
        select(SchoolBreak)
        .where(
            SchoolBreak.municipality_code.in_(municipality_codes),
            SchoolBreak.last_on >= first_on,
            SchoolBreak.first_on <= last_on,
        )
        .order_by(SchoolBreak.first_on)
    )
    breaks = [as_break(row) for row in rows]
    return {
        code: special_in(first_on, last_on, [each for each in breaks if each.municipality_code == code])
        for code in municipality_codes
    }


def breaks_from(session: Session, day: date) -> Sequence[SchoolBreak]:
    """Return every municipality's breaks that are not over on the day, in their order."""
    return session.scalars(
        select(SchoolBreak)
        .where(SchoolBreak.last_on >= day)
        .order_by(SchoolBreak.municipality_code, SchoolBreak.first_on)
    ).all()


def breaks_of(session: Session, municipality_code: str, on_or_after: date) -> Sequence[SchoolBreak]:
    """Return a municipality's breaks that are not over on the day, in their order."""
    return session.scalars(
        select(SchoolBreak)
        .where(SchoolBreak.municipality_code == municipality_code, SchoolBreak.last_on >= on_or_after)
        .order_by(SchoolBreak.first_on)
    ).all()


def rows_beside(session: Session, breaks: Iterable[Break]) -> Sequence[SchoolBreak]:
    """Return what is kept of the municipalities that the breaks are about."""
    codes = {each.municipality_code for each in breaks}
    return session.scalars(select(SchoolBreak).where(SchoolBreak.municipality_code.in_(codes))).all()


def hold_municipalities(session: Session, breaks: Iterable[Break]) -> None:
    """Let nobody else change the breaks of these municipalities before the unit of work ends."""
    codes = {each.municipality_code for each in breaks}
    libraries = select(Library.id).where(Library.municipality_code.in_(codes))
    session.execute(libraries.order_by(Library.id).with_for_update(key_share=True))


def preview_import(session: Session, *, breaks: Sequence[Break]) -> Sequence[Step]:
    """Return what becomes of each break when these are imported, and change nothing."""
    return compare([as_break(row) for row in rows_beside(session, breaks)], breaks)


def as_break(row: SchoolBreak) -> Break:
    """Return a row as the value that it keeps."""
    return Break(
        municipality_code=row.municipality_code,
        kind=row.kind,
        first_on=row.first_on,
        last_on=row.last_on,
        source=row.source,
    )
