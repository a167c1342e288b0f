"""From facts to figures: the worked example of the definitions, and what may not change them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.participation.figures import MeetingCounts, Period, Scope
from booking.participation.metric_queries import tallies_by_library
from booking.participation.metrics import values_of
from booking.participation.models import (
    HeadcountFact,
    MeetingFact,
    MonthFact,
    PartnerFact,
    PersonFact,
    Visitor,
)
from booking.participation.operations import record_facts, withdraw_facts
from booking.participation.queries import (
    meeting_counts_by_library,
    person_entries_of,
    recorded_uids,
)
from booking.participation.rules import (
    AgeBand,
    HeadcountBand,
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    Outcome,
    PersonEntry,
)
from booking.participation.tallies import Tallies
from tests.conftest import StoppedClock
from tests.factories import make_library

AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
STARTS_AT = datetime(2026, 10, 6, 15, 0, tzinfo=UTC)

CAME, ABSENT = Outcome.CAME, Outcome.DID_NOT_COME
IN_TIME, LATE = Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE


def person(key: str, outcome: Outcome, **changes: object) -> PersonEntry:
    """A child of six to twelve from the municipality, who had a place at the deadline."""
    values: dict[str, object] = {
        "person_key": key,
        "age_band": AgeBand.AGE_6_12,
        "municipality_code": "3416",
        "outcome": outcome,
        "was_booked": True,
        "booked_at_deadline": outcome is not IN_TIME,
        "was_queued": False,
    }
    return PersonEntry(**{**values, **changes})  # type: ignore[arg-type]


def meeting(
    uid: str, library_id: int, *, hours: float = 1.5, day: int = 0, **changes: object
) -> MeetingFacts:
    starts_at = STARTS_AT + timedelta(days=day)
    values: dict[str, object] = {
        "meeting_uid": uid,
        "library_id": library_id,
        "activity_id": 7,
        "activity_kind": "pilot",
        "outcome": MeetingOutcome.HELD,
        "held_on": starts_at.date(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "capacity": 12,
        "statistics_type": "workshop",
        "statistics_responsibility": "own",
        "statistics_target": "children",
        "announced_before": True,
    }
    return MeetingFacts(**{**values, **changes})  # type: ignore[arg-type]


def youth(persons: int) -> HeadcountEntry:
    return HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=persons)


def worked_example(library_id: int) -> list[MeetingFacts]:
    """The three meetings held and the one called off of domain.md D4."""
    walk_in = person("F", CAME, was_booked=False, booked_at_deadline=False)
    return [
        meeting(
            "s1",
            library_id,
            persons=(
                *(person(key, CAME) for key in "ABC"),
                person("E", ABSENT),
                person("D", IN_TIME),
            ),
            headcounts=(youth(2), HeadcountEntry(band=HeadcountBand.ADULTS, persons=1)),
        ),
        meeting(
            "s2",
            library_id,
            day=7,
            persons=(person("A", CAME), person("E", CAME), person("B", LATE), walk_in),
        ),
        meeting("s3", library_id, day=14, outcome=MeetingOutcome.DID_NOT_HAPPEN),
        meeting(
            "s4",
            library_id,
            day=21,
            hours=2,
            persons=(*(person(key, CAME) for key in "ACF"), person("B", ABSENT)),
            headcounts=(youth(1),),
        ),
    ]


def record_all(session: Session, clock: StoppedClock, several: list[MeetingFacts]) -> None:
    for facts in several:
        record_facts(session, clock, facts=facts)


def autumn_of(*library_ids: int, period: Period = AUTUMN, **changes: object) -> Scope:
    return Scope(library_ids=library_ids, period=period, **changes)  # type: ignore[arg-type]


def figures_of(session: Session, library_id: int, period: Period = AUTUMN) -> Tallies:
    return tallies_by_library(session, scope=autumn_of(library_id, period=period))[library_id]


def test_the_worked_example_comes_out_as_the_definitions_say(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    record_all(session, clock, worked_example(library.id))

    found = figures_of(session, library.id)

    assert (found.sessions, found.named_attendances, found.anonymous_attendances) == (3, 9, 3)
    assert (found.attendances, found.all_attendances, found.unique) == (12, 13, 5)
    assert values_of(found)["contact_hours"].shown == Decimal("20.0")
    assert (found.booked, found.no_shows, found.late_cancellations) == (11, 2, 1)
    assert [values_of(found)[code].shown for code in ("no_show", "late_cancellation")] == [18, 9]


def test_facts_recorded_twice_count_once_and_a_correction_replaces_them_all(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    first = worked_example(library.id)[0]
    record_all(session, clock, [first, first])

    once = figures_of(session, library.id)
    record_facts(session, clock, facts=replace(first, persons=(person("A", CAME),), headcounts=()))
    corrected = figures_of(session, library.id)

    assert (once.sessions, once.attendances) == (1, 5)
    assert (corrected.sessions, corrected.attendances, corrected.booked) == (1, 1, 1)
    assert session.scalar(select(func.count()).select_from(PersonFact)) == 1
    assert session.scalar(select(func.count()).select_from(HeadcountFact)) == 0


def test_withdrawn_facts_count_nowhere_until_they_are_recorded_anew(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    facts = worked_example(library.id)[0]
    record_facts(session, clock, facts=facts)

    withdraw_facts(session, meeting_uid="s1")
    withdraw_facts(session, meeting_uid="never recorded")
    without = figures_of(session, library.id), recorded_uids(session, scope=autumn_of(library.id))
    kept = person_entries_of(session, "s1")
    record_facts(session, clock, facts=facts)

    assert without == (Tallies(), frozenset())
    assert sorted(kept, key=lambda entry: entry.person_key) == sorted(
        facts.persons, key=lambda entry: entry.person_key
    )
    assert figures_of(session, library.id).attendances == 5


def test_a_meeting_to_which_nobody_came_was_held_and_one_that_did_not_happen_was_not(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    record_all(
        session,
        clock,
        [
            meeting("s1", library.id, outcome=MeetingOutcome.NOBODY_CAME),
            meeting("s2", library.id, outcome=MeetingOutcome.DID_NOT_HAPPEN),
        ],
    )

    counts = meeting_counts_by_library(session, scope=autumn_of(library.id))

    assert counts == {library.id: MeetingCounts(held=1, did_not_happen=1)}
    assert figures_of(session, library.id) == Tallies(sessions=1, places=12)


def test_figures_keep_to_the_library_and_to_the_days(session: Session, clock: StoppedClock) -> None:
    ours, theirs = make_library(session), make_library(session)
    record_all(
        session,
        clock,
        [
            meeting("first day", ours.id, held_on=AUTUMN.first, persons=(person("A", CAME),)),
            meeting("last day", ours.id, held_on=AUTUMN.last, persons=(person("A", CAME),)),
            meeting("before", ours.id, held_on=date(2026, 7, 31), persons=(person("A", CAME),)),
            meeting("after", ours.id, held_on=date(2027, 1, 1), persons=(person("A", CAME),)),
            meeting("elsewhere", theirs.id, persons=(person("A", CAME),)),
        ],
    )

    found = tallies_by_library(session, scope=autumn_of(ours.id, theirs.id))

    assert (found[ours.id].attendances, found[ours.id].unique) == (2, 1)
    assert (found[theirs.id].attendances, found[theirs.id].unique) == (1, 1)
    assert recorded_uids(session, scope=autumn_of(ours.id)) == {"first day", "last day"}


def test_grown_ups_with_a_name_are_no_youth_but_are_participants(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    grown_up = person("G", CAME, age_band=AgeBand.OVER_18)
    record_facts(session, clock, facts=meeting("s1", library.id, persons=(grown_up, person("A", CAME))))

    found = figures_of(session, library.id)

    assert (found.attendances, found.all_attendances, found.unique) == (1, 2, 1)
    assert values_of(found)["contact_hours"].shown == Decimal("1.5")


@pytest.mark.parametrize("outcome", [Outcome.NOT_KNOWN, LATE, IN_TIME])
def test_only_who_is_known_to_have_stayed_away_is_a_no_show(
    session: Session, clock: StoppedClock, outcome: Outcome
) -> None:
    library = make_library(session)
    record_facts(session, clock, facts=meeting("s1", library.id, persons=(person("A", outcome),)))

    found = figures_of(session, library.id)

    assert (found.no_shows, found.attendances) == (0, 0)
    assert found.booked == (0 if outcome is IN_TIME else 1)


def test_no_column_of_a_fact_can_hold_a_name(session: Session) -> None:
    tables = (MeetingFact, PersonFact, HeadcountFact, PartnerFact, Visitor, MonthFact)
    columns = [column for table in tables for column in table.__table__.columns]

    assert not [column.name for column in columns if column.info]
    assert {key.target_fullname for column in columns for key in column.foreign_keys} == {
        "library.id",
        "meeting_fact.id",
        "visitor.id",
    }


def test_kinds_can_be_left_out(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    training = meeting("s1", library.id, activity_kind="staff_training", persons=(person("A", CAME),))
    record_facts(session, clock, facts=training)

    scope = autumn_of(library.id, leaving_out=["staff_training"])

    assert tallies_by_library(session, scope=scope) == {library.id: Tallies()}
    assert meeting_counts_by_library(session, scope=scope) == {library.id: MeetingCounts()}
    assert figures_of(session, library.id).sessions == 1
