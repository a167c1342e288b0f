"""Every figure from facts: the worked examples, and random histories counted one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.participation.figures import Period, Scope
from booking.participation.metric_queries import (
    Measured,
    counts_by,
    measure,
    measure_by_library,
    tallies_by_library,
)
from booking.participation.models import MeetingFact, Visitor
from booking.participation.operations import record_facts, withdraw_facts
from booking.participation.population import GIVEN, read_population
from booking.participation.population_operations import import_population
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
from booking.participation.tallies import OF_PERSONS, Dimension, Measure, sum_of
from tests.conftest import StoppedClock
from tests.factories import make_library
from tests.participation.naive import counts_of, tallies_of
from tests.participation.test_facts import (
    ABSENT,
    AUTUMN,
    CAME,
    meeting,
    person,
    record_all,
    worked_example,
)

EIDSKOG = {"municipality_code": "3416"}


def told(measured: Measured) -> dict[str, str | None]:
    return {
        code: None if value.shown is None else str(value.shown) for code, value in measured.values.items()
    }


def of(*library_ids: int, period: Period = AUTUMN, **changes: object) -> Scope:
    return Scope(library_ids=library_ids, period=period, **changes)  # type: ignore[arg-type]


def import_given(session: Session, clock: StoppedClock) -> None:
    import_population(session, clock, counts=read_population(GIVEN.read_text("utf-8")))


def test_the_first_worked_example_comes_out_as_the_definitions_say(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session, **EIDSKOG)
    import_given(session, clock)
    record_all(session, clock, worked_example(library.id))

    found = measure(session, scope=of(library.id, pilots_only=True))

    figures = told(found)
    assert {code: figures[code] for code in ("sessions", "attendances", "all_attendances", "unique")} == {
        "sessions": "3",
        "attendances": "12",
        "all_attendances": "13",
        "unique": "5",
    }
    assert (figures["named_attendances"], figures["anonymous_attendances"]) == ("9", "3")
    assert (figures["contact_hours"], figures["dose_sessions"], figures["dose_hours"]) == (
        "20.0",
        "1.8",
        "3.0",
    )
    assert (figures["return_rate"], figures["no_show"], figures["late_cancellation"]) == ("60", "18", "9")
    assert (found.tallies.booked, found.tallies.no_shows, found.tallies.late_cancellations) == (11, 2, 1)
    assert (figures["reach"], found.population_year) == ("7.0", 2026)
    # Middles and the rest by hand: visits 3, 1, 1, 2, 2; hours 5, 1½, 1½, 3½, 3½; weeks 4, 1, 1, 4, 3.
    assert (figures["dose_sessions_median"], figures["dose_hours_median"]) == ("2.0", "3.5")
    assert (figures["duration_weeks_median"], figures["breadth_activities"]) == ("3.0", "1.0")
    assert (figures["fill"], figures["queue_conversion"], figures["completion"]) == ("33", None, None)


def test_who_is_new_is_told_meeting_by_meeting(session: Session, clock: StoppedClock) -> None:
    library = make_library(session, **EIDSKOG)
    record_all(session, clock, worked_example(library.id))

    counts = counts_by(session, scope=of(library.id), by=(Dimension.WEEK,), measure=Measure.NEW)

    # E stayed away the first time: its first time is the second meeting.
    assert counts == {("2026-W41",): 3, ("2026-W42",): 2}


@pytest.mark.parametrize("order", [(0, 1, 3), (3, 1, 0), (1, 0, 3)])
def test_who_is_new_does_not_hang_on_the_order_in_which_registers_are_closed(
    session: Session, clock: StoppedClock, order: tuple[int, ...]
) -> None:
    library = make_library(session)
    several = worked_example(library.id)
    record_all(session, clock, [several[place] for place in order])

    weeks = counts_by(session, scope=of(library.id), by=(Dimension.WEEK,), measure=Measure.NEW)
    withdraw_facts(session, meeting_uid="s1")
    later = counts_by(session, scope=of(library.id), by=(Dimension.WEEK,), measure=Measure.NEW)

    assert weeks == {("2026-W41",): 3, ("2026-W42",): 2}
    assert later == {("2026-W42",): 3, ("2026-W44",): 1}


def test_a_fixed_course_is_begun_at_its_first_two_meetings_and_completed_at_three_of_four(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    came = ["AB", "AC", "ABD", "AD"]  # A four times, B twice, C once, D twice and too late to begin
    record_all(
        session,
        clock,
        [
            meeting(
                f"c{place}",
                library.id,
                day=7 * place,
                occasion_id=5,
                is_course=True,
                persons=tuple(person(key, CAME) for key in keys),
            )
            for place, keys in enumerate(came)
        ],
    )

    found = measure(session, scope=of(library.id))

    assert (found.tallies.completed, found.tallies.began_course) == (1, 3)
    assert told(found)["completion"] == "33"


def test_the_queue_is_counted_with_those_who_never_got_a_place(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    offered = person("A", CAME, was_queued=True, was_offered=True)
    stayed_away = person("B", ABSENT, was_queued=True, was_offered=True)
    walked_in = person("C", CAME, was_queued=True, was_booked=False, booked_at_deadline=False)
    facts = meeting("s1", library.id, waited_in_vain=1, asked=6, persons=(offered, stayed_away, walked_in))
    record_facts(session, clock, facts=facts)

    found = measure(session, scope=of(library.id))

    assert (found.tallies.offered_and_came, found.tallies.waited) == (1, 4)
    assert told(found)["queue_conversion"] == "25"
    assert [told(found)[f"funnel_{step}"] for step in ("asked", "permitted", "came")] == ["6", "2", "1"]


def test_partners_are_counted_once_and_sectors_other_than_the_librarys_own_are_told_apart(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    club, school, museum = (
        PartnerEntry(partner_id=number, sector=sector)
        for number, sector in ((1, "voluntary"), (2, "school"), (3, "culture"))
    )
    several = [
        meeting("s1", library.id, partners=(club, school)),
        meeting("s2", library.id, partners=(club,)),
        meeting("s3", library.id, partners=(museum,)),
        meeting("s4", library.id),
    ]
    record_all(session, clock, several)

    found = measure(session, scope=of(library.id))
    by_sector = counts_by(
        session, scope=of(library.id), by=(Dimension.PARTNER_SECTOR,), measure=Measure.SESSIONS
    )
    of_school = measure(session, scope=of(library.id, partner_sectors=["school"]))

    assert found.partners == {"culture": 1, "school": 1, "voluntary": 1}
    assert (found.tallies.with_other_sector, told(found)["other_sector_share"]) == (2, "50")
    assert by_sector == {("culture",): 1, ("none",): 1, ("school",): 1, ("voluntary",): 2}
    assert of_school.tallies.sessions == 1


def test_reach_is_missing_where_nobody_knows_how_many_live_there(
    session: Session, clock: StoppedClock
) -> None:
    known, unknown = make_library(session, **EIDSKOG), make_library(session, municipality_code="9999")
    import_given(session, clock)
    record_all(session, clock, worked_example(known.id))

    both = measure(session, scope=of(known.id, unknown.id))
    one_by_one = measure_by_library(session, scope=of(known.id, unknown.id))

    assert (told(both)["reach"], both.population_year) == (None, None)
    assert (told(one_by_one[known.id])["reach"], told(one_by_one[unknown.id])["reach"]) == ("7.0", None)
    assert one_by_one[unknown.id].tallies.sessions == 0


def test_only_children_of_school_age_who_live_there_are_reached(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session, **EIDSKOG)
    import_given(session, clock)
    small = person("A", CAME, age_band=AgeBand.UNDER_6)
    from_elsewhere = person("B", CAME, municipality_code="3401")
    moved_here = [person("C", CAME, municipality_code=code) for code in ("3401", "3416")]
    record_facts(
        session, clock, facts=meeting("s1", library.id, persons=(small, from_elsewhere, moved_here[0]))
    )
    record_facts(session, clock, facts=meeting("s2", library.id, day=7, persons=(moved_here[1],)))

    found = measure(session, scope=of(library.id))

    assert (found.tallies.unique, found.tallies.residents) == (3, 1)


def test_meetings_have_no_age(session: Session) -> None:
    with pytest.raises(ValueError, match="no age"):
        counts_by(session, scope=of(1), by=(Dimension.AGE_BAND,), measure=Measure.SESSIONS)


def test_one_who_goes_to_two_libraries_is_matched_nowhere(session: Session, clock: StoppedClock) -> None:
    ours, theirs = make_library(session), make_library(session)
    record_facts(session, clock, facts=meeting("s1", ours.id, persons=(person("A", CAME),)))
    record_facts(session, clock, facts=meeting("s2", theirs.id, day=7, persons=(person("A", CAME),)))

    found = measure(session, scope=of(ours.id, theirs.id))

    assert (found.tallies.unique, found.tallies.new, found.tallies.returned) == (2, 2, 0)


def test_a_tick_that_was_a_mistake_leaves_nobody_behind(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    facts = meeting("s1", library.id, persons=(person("A", CAME), person("B", CAME)))
    record_facts(session, clock, facts=facts)

    record_facts(session, clock, facts=replace(facts, persons=facts.persons[:1]))

    assert session.scalars(select(Visitor.person_key)).all() == ["A"]


def test_who_asked_and_was_erased_since_still_counts_when_a_register_is_closed_anew(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    record_facts(session, clock, facts=meeting("s1", library.id, asked=9, waited_in_vain=3))
    withdraw_facts(session, meeting_uid="s1")

    record_facts(session, clock, facts=meeting("s1", library.id, asked=8, waited_in_vain=2))

    fact = session.scalars(select(MeetingFact)).one()
    assert (fact.asked, fact.waited_in_vain) == (9, 3)


# Random histories.

PLACES = ("3401", "3416", "0000")
SECTORS = (("health", 1), ("public_health", 2), ("culture", 3), ("school", 4))
FIRST = date(2025, 11, 20)


def a_person(random: Random, key: str, day: date) -> PersonEntry:
    was_queued = random.random() < 0.3
    age = random.choice([*AgeBand, AgeBand.AGE_6_12, AgeBand.AGE_6_12])
    outcome = random.choice([*Outcome, CAME, CAME, CAME])
    return PersonEntry(
        person_key=key,
        age_band=age,
        municipality_code=random.choice(PLACES),
        outcome=outcome,
        was_booked=random.random() < 0.7,
        booked_at_deadline=random.random() < 0.6,
        was_queued=was_queued,
        was_offered=was_queued and random.random() < 0.5,
        grade_band=random.choice([None, *GradeBand]),
    )


def a_meeting(random: Random, number: int, libraries: Sequence[int]) -> MeetingFacts:
    library_id = random.choice(libraries)
    activity = random.randrange(3)
    starts_at = datetime(FIRST.year, FIRST.month, FIRST.day, 15, tzinfo=UTC) + timedelta(
        days=random.randrange(420), hours=random.randrange(3)
    )
    outcome = random.choice([*MeetingOutcome, MeetingOutcome.HELD, MeetingOutcome.HELD])
    keys = random.sample("ABCDEFGH", random.randrange(6)) if outcome is MeetingOutcome.HELD else []
    bands = random.sample([*HeadcountBand], random.randrange(3)) if outcome is MeetingOutcome.HELD else []
    return meeting(
        f"m{number}",
        library_id,
        activity_id=10 * library_id + activity,
        activity_kind=random.choice(["pilot", "workshop", "event", "staff_training"]),
        occasion_id=100 * library_id + 10 * activity + random.randrange(2),
        is_course=activity == 0,
        outcome=outcome,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=random.choice([45, 60, 90, 120])),
        held_on=starts_at.date(),
        capacity=random.choice([None, 5, 12]),
        asked=random.randrange(9),
        waited_in_vain=random.randrange(3),
        persons=tuple(a_person(random, key, starts_at.date()) for key in keys),
        headcounts=tuple(HeadcountEntry(band=band, persons=random.randrange(1, 5)) for band in bands),
        partners=tuple(
            PartnerEntry(partner_id=partner, sector=sector)
            for sector, partner in random.sample(SECTORS, random.randrange(3))
        ),
    )


def a_scope(random: Random, libraries: Sequence[int]) -> Scope:
    first = date(2025, 8, 1) + timedelta(days=random.randrange(300))
    last = first + timedelta(days=random.randrange(500))
    whole = [
        Period(first=date(2025, 8, 1), last=date(2026, 12, 31)),
        Period(first=date(2026, 1, 1), last=date(2026, 12, 31)),
        Period(first=date(2026, 1, 1), last=date(2026, 7, 31)),
    ]
    return Scope(
        library_ids=random.sample(libraries, random.randrange(1, len(libraries) + 1)),
        period=random.choice([*whole, Period(first=first, last=last), Period(first=first, last=last)]),
        leaving_out=random.choice([(), ("staff_training",)]),
        pilots_only=random.random() < 0.2,
        kinds=random.choice([None, None, ["pilot", "workshop"]]),
        activity_ids=random.choice([None, None, [10 * libraries[0], 10 * libraries[0] + 1]]),
        partner_sectors=random.choice([None, None, None, ["health"], ["school", "culture"], []]),
    )


DIMENSIONS = [
    (),
    *((each,) for each in Dimension),
    (Dimension.LIBRARY, Dimension.AGE_BAND),
    (Dimension.WEEK, Dimension.PARTNER_SECTOR),
    (Dimension.PARTNER_SECTOR, Dimension.GRADE_BAND, Dimension.KIND),
    (Dimension.MONTH, Dimension.MUNICIPALITY),
]


@pytest.mark.parametrize("seed", range(3))
def test_any_history_comes_out_as_it_does_counted_one_by_one(
    session: Session, clock: StoppedClock, seed: int
) -> None:
    random = Random(seed)
    libraries = [make_library(session, municipality_code=code).id for code in ("3401", "3416", "3416")]
    home = dict(zip(libraries, ("3401", "3416", "3416"), strict=True))
    kept: dict[str, MeetingFacts] = {}
    ever: dict[str, MeetingFacts] = {}
    for number in range(30):
        facts = a_meeting(random, random.randrange(number + 1), libraries)
        _replace(session, clock, kept, ever, facts, withdrawn=random.random() < 0.15)

    for _ in range(5):
        scope = a_scope(random, libraries)
        history = list(kept.values())
        expected = tallies_of(history, scope, population={}, home=home)
        assert sum_of(tallies_by_library(session, scope=scope).values()) == expected
        for by in random.sample(DIMENSIONS, 3):
            for what in Measure:
                if what is Measure.SESSIONS and OF_PERSONS & set(by):
                    continue
                counts = counts_by(session, scope=scope, by=by, measure=what)
                assert counts == counts_of(history, scope, by=by, measure=what), (by, what)


def _replace(
    session: Session,
    clock: StoppedClock,
    kept: dict[str, MeetingFacts],
    ever: dict[str, MeetingFacts],
    facts: MeetingFacts,
    *,
    withdrawn: bool,
) -> None:
    # A register that is opened again stays with its library, and nobody asked in it any less.
    former = ever.get(facts.meeting_uid, facts)
    facts = replace(facts, library_id=former.library_id)
    record_facts(session, clock, facts=facts)
    asked, in_vain = max(facts.asked, former.asked), max(facts.waited_in_vain, former.waited_in_vain)
    facts = replace(facts, asked=asked, waited_in_vain=in_vain)
    kept[facts.meeting_uid] = ever[facts.meeting_uid] = facts
    if withdrawn:
        withdraw_facts(session, meeting_uid=facts.meeting_uid)
        del kept[facts.meeting_uid]
