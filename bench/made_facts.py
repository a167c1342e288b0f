"""Facts as they might be of many attendances over ten years, put straight into the tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from random import Random
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.models import Library
from booking.libraries.operations import import_libraries
from booking.libraries.region import read_region
from booking.participation.models import (
    HeadcountFact,
    MeetingFact,
    MonthFact,
    PartnerFact,
    PersonFact,
    Visitor,
)
from booking.participation.month_sums import reckoned_month
from booking.participation.months import month_number
from booking.participation.population import GIVEN, read_population
from booking.participation.population_operations import import_population
from booking.participation.reckoning import reckoned
from booking.participation.rules import (
    AgeBand,
    GradeBand,
    HeadcountBand,
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    Outcome,
    PartnerEntry,
    PersonEntry,
)

YEARS = 10
FIRST_YEAR = 2017
MEETINGS_IN_A_ROW = 10
NAMED, ANONYMOUS = 11, 3
AT_ONCE = 5_000
KINDS = ("pilot", "event", "event", "workshop")
SECTORS = ("school", "health", "voluntary", "culture")
BANDS = ((AgeBand.AGE_6_12, GradeBand.GRADE_5_7), (AgeBand.AGE_13_15, GradeBand.GRADE_8_10))
FIRST_MEETINGS = """
UPDATE visitor SET first_fact_id = (
    SELECT meeting_fact.id FROM person_fact JOIN meeting_fact ON meeting_fact.id = meeting_fact_id
    WHERE visitor_id = visitor.id AND person_fact.outcome = 'came' ORDER BY starts_at, meeting_uid LIMIT 1)
"""


def fill(session: Session, clock: Clock, *, attendances: int) -> None:
    """Make facts of so many attendances, spread over the libraries and the years."""
    import_libraries(session, clock, libraries=read_region())
    import_population(session, clock, counts=read_population(GIVEN.read_text("utf-8")))
    libraries = session.scalars(select(Library.id).order_by(Library.id)).all()
    rows = attendances // ((NAMED + ANONYMOUS) * MEETINGS_IN_A_ROW)
    persons = rows * NAMED // 4
    visitors = _add_visitors(session, libraries, persons)
    random = Random(7)
    number = 0
    for facts in _in_parts(facts_of_rows(random, rows, libraries, visitors)):
        _keep(session, clock, facts, number)
        number += len(facts)
        print(f"\r{number * (NAMED + ANONYMOUS):,} attendances", end="", flush=True)
    print()
    session.execute(text(FIRST_MEETINGS))
    _add_up_months(session, libraries)


def _add_up_months(session: Session, libraries: Sequence[int]) -> None:
    # The last rows of meetings end in the year after.
    months = range(month_number(date(FIRST_YEAR, 1, 1)), month_number(date(FIRST_YEAR + YEARS, 12, 1)))
    for library_id, month in product(libraries, months):
        values = reckoned_month(session, library_id=library_id, month=month)
        if values["size"]:
            session.execute(insert(MonthFact).values(library_id=library_id, month=month, **values))


def _add_visitors(session: Session, libraries: Sequence[int], persons: int) -> dict[int, list[int]]:
    by_library: dict[int, list[int]] = {library_id: [] for library_id in libraries}
    rows = []
    for number in range(1, persons + 1):
        library_id = libraries[number % len(libraries)]
        by_library[library_id].append(number)
        rows.append({"id": number, "library_id": library_id, "person_key": str(number)})
    session.execute(insert(Visitor), rows)
    return by_library


def facts_of_rows(
    random: Random, rows: int, libraries: Sequence[int], visitors: Mapping[int, list[int]]
) -> Iterator[MeetingFacts]:
    """One row of weekly meetings after the other: most come most times, and return for another row."""
    for row in range(rows):
        library_id = libraries[row % len(libraries)]
        begins = date(FIRST_YEAR, 1, 10) + timedelta(days=row * (365 * YEARS) // rows)
        known = visitors[library_id]
        around = len(known) * row // rows
        window = known[max(0, around - 400) : around + 400]
        group = random.sample(window, NAMED + 4)
        band = random.choice(BANDS)
        partner = row % 12
        for week in range(MEETINGS_IN_A_ROW):
            starts_at = datetime(begins.year, begins.month, begins.day, 15, tzinfo=UTC) + timedelta(
                weeks=week
            )
            yield MeetingFacts(
                meeting_uid=f"{row}-{week}",
                library_id=library_id,
                activity_id=row // 4,
                activity_kind=KINDS[row // 4 % len(KINDS)],
                outcome=MeetingOutcome.HELD,
                held_on=starts_at.date(),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=random.choice((60, 90, 120))),
                capacity=15,
                statistics_type="workshop",
                statistics_responsibility="own",
                statistics_target="children",
                announced_before=True,
                occasion_id=row,
                is_course=row % 2 == 0,
                asked=len(group) + 1,
                waited_in_vain=1,
                persons=tuple(_person(random, visitor, band) for visitor in group),
                headcounts=(HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=ANONYMOUS),),
                partners=(PartnerEntry(partner_id=partner, sector=SECTORS[partner % len(SECTORS)]),),
            )


def _person(random: Random, visitor: int, band: tuple[AgeBand, GradeBand]) -> PersonEntry:
    came = random.random() < NAMED / (NAMED + 4)
    return PersonEntry(
        person_key=str(visitor),
        age_band=band[0],
        grade_band=band[1],
        municipality_code=("3401", "3414", "3415", "3416")[visitor % 4],
        outcome=Outcome.CAME if came else Outcome.DID_NOT_COME,
        was_booked=True,
        booked_at_deadline=True,
        was_queued=visitor % 5 == 0,
        was_offered=visitor % 5 == 0,
    )


def _in_parts(facts: Iterator[MeetingFacts]) -> Iterator[list[MeetingFacts]]:
    while part := list(islice(facts, AT_ONCE)):
        yield part


def _keep(session: Session, clock: Clock, facts: Sequence[MeetingFacts], number: int) -> None:
    told = {"recorded_at": clock(), "is_withdrawn": False}
    meetings, persons, headcounts, partners = [], [], [], []
    for fact_id, each in enumerate(facts, start=number + 1):
        entries = {"persons", "headcounts", "partners"}
        own = {name: value for name, value in vars(each).items() if name not in entries}
        meetings.append({"id": fact_id, **own, **reckoned(each), **told})
        persons += [{"meeting_fact_id": fact_id, **_row(entry)} for entry in each.persons]
        headcounts += [{"meeting_fact_id": fact_id, **vars(entry)} for entry in each.headcounts]
        partners += [{"meeting_fact_id": fact_id, **vars(entry)} for entry in each.partners]
    for table, rows in (
        (MeetingFact, meetings),
        (PersonFact, persons),
        (HeadcountFact, headcounts),
        (PartnerFact, partners),
    ):
        session.execute(insert(table), rows)


def _row(entry: PersonEntry) -> dict[str, Any]:
    told = {name: value for name, value in vars(entry).items() if name != "person_key"}
    return {**told, "visitor_id": int(entry.person_key)}
