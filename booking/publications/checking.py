"""Holding what was let out against the promise, and against what it was counted from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.publications.audit import Audit
from booking.publications.joint import Joint
from booking.publications.ledger import GROUPINGS, Block, HalfYear
from booking.publications.ledger_queries import blocks_of
from booking.publications.models import Publication, PublishedCell
from booking.publications.protection import Rule, Target
from booking.publications.queries import publications, published_periods
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table


def telling_publications(session: Session) -> Iterator[str | None]:
    """Tell of half-years whose figures, all together, let somebody work out a small count.

    Each month is held against what was promised when it was let out: the least count may have been raised.
    """
    for half_year, several in _half_years(session):
        least_counts = [each.least_count for each in several]
        for month in range(len(several)):
            rule = Rule(least_count=least_counts[month], minds_kinds=False).after(least_counts[:month])
            if telling := _worked_out(_until(half_year, month), rule):
                yield f"{_name(several[month])}: {telling} can be worked out"
        yield None


def publications_below(session: Session, *, least_count: int) -> Iterator[str | None]:
    """Tell of half-years that were let out under a lower least count than this, and what that comes to.

    No promise of then is broken, and nothing can be taken back: whoever raised it should know all the same.
    """
    for half_year, several in _half_years(session):
        lowest = min(each.least_count for each in several)
        if lowest < least_count:
            rule = Rule(least_count=least_count, minds_kinds=False)
            # All of them: nothing that was told can be hidden now.
            closely = len(_known_closely(Audit(Joint(half_year, GROUPINGS[0]).counts(), rule)))
            small = _small_numbers(session, several, rule)
            yield (
                f"{_name(several[-1])}: {lowest} was the least then, and {least_count} is now; "
                f"figures told that are smaller: {small}; counts known more closely than now: {closely}"
            )
        else:
            yield None


def wrong_publications(session: Session) -> Iterator[str | None]:
    """Tell of numbers that are not what they were counted from."""
    for half_year, several in _half_years(session):
        joint, newest = Joint(half_year, GROUPINGS[0]), several[-1]
        cells = session.scalars(select(PublishedCell).where(PublishedCell.publication_id == newest.id))
        for cell in cells:
            place = (Table(cell.table_code), cell.row_code, cell.column_code)
            if cell.value is not None and cell.value != joint.value_at(place):
                yield f"publication {newest.id}: {' '.join(place)} was told as {cell.value}"


def _worked_out(half_year: HalfYear, rule: Rule) -> int:
    """Return how many counts somebody works out more closely than the rule has it, and need not have."""
    joint = Joint(half_year, GROUPINGS[0])
    newest_told = half_year.blocks[-1].told
    # How a small group divides is no cell of the gate’s: it is never told at all.
    divided = sum(newest_told[place] is CellState.NUMBER for place in joint.withheld)
    audit = Audit(joint.counts(), rule)
    closely = _known_closely(audit)
    if closely:
        # What was let out before under a lower one, or is of few places, cannot be hidden any better now.
        newest, names = len(half_year.blocks) - 1, enumerate(joint.cells)
        hideable = {at for at, (month, _parts) in names if month == newest and audit.counts.value(at)}
        audit.look(audit.counts.hidden | hideable)
        hopeless = audit.hopeless()
        audit.look(audit.counts.hidden)
        closely = _known_closely(audit) - hopeless
    return divided + len(closely)


def _known_closely(audit: Audit) -> frozenset[Target]:
    return frozenset(target for target in audit.targets() if audit.demands(target))


def _small_numbers(session: Session, several: Sequence[Publication], rule: Rule) -> int:
    values = session.scalars(
        select(PublishedCell.value).where(PublishedCell.publication_id.in_([each.id for each in several]))
    )
    return sum(value is not None and rule.is_small(value) for value in values)


def _until(half_year: HalfYear, month: int) -> HalfYear:
    """Return the half-year as it was when a month of it was let out."""
    is_last = month == len(half_year.blocks) - 1
    return replace(half_year, blocks=half_year.blocks[: month + 1], is_over=half_year.is_over and is_last)


def _name(publication: Publication) -> str:
    rule = "" if publication.rule_version == Rule.version else f" by rule {publication.rule_version}"
    return f"half-year from {publication.first_on}, let out{rule} through {publication.through_on}"


def _half_years(session: Session) -> Iterator[tuple[HalfYear, Sequence[Publication]]]:
    """Return each half-year that has figures outside, with its publications, the first one first."""
    libraries = session.scalars(select(Library).order_by(Library.slug)).all()
    for period in published_periods(session):
        several = publications(session, period=period)[::-1]
        blocks = tuple(blocks_of(session, period=period))
        yield (
            HalfYear(
                libraries=tuple(each.slug for each in libraries),
                municipalities=_municipalities_in(blocks[-1]),
                blocks=blocks,
                is_over=several[-1].through_on == several[-1].last_on,
            ),
            several,
        )


def _municipalities_in(block: Block) -> tuple[str, ...]:
    """Return those whose residents were told of: a library may stand under another code by now."""
    rows = {row for table, row, _column in block.told if table is Table.RESIDENTS}
    return tuple(sorted(rows - {ALL}))
