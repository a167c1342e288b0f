"""Half-years by chance through the real operations: late registers, mended ones, a library that joins."""

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.operations import withdraw_facts
from booking.participation.rules import AgeBand, HeadcountBand, HeadcountEntry, Outcome, PersonEntry
from booking.publications.checking import telling_publications, wrong_publications
from booking.publications.queries import publications
from tests.conftest import StoppedClock
from tests.factories import make_library
from tests.participation.test_facts import person
from tests.publications.test_publishing import hold, on_day, publish_all

# The last ones, as more is let out when the half-year is over.
MONTHS = (10, 11, 12)
YOUNG = [band for band in AgeBand if band is not AgeBand.OVER_18]
COUNTED = [band for band in HeadcountBand if band is not HeadcountBand.ADULTS]


def _somebody(chance: Random, library_id: int) -> PersonEntry:
    outcome = chance.choice([Outcome.CAME, Outcome.CAME, Outcome.DID_NOT_COME, Outcome.CANCELLED_LATE])
    number = chance.randrange(30)
    booked = chance.random() < 0.8 or outcome is not Outcome.CAME
    return person(
        f"{library_id}-{number}",
        outcome,
        age_band=YOUNG[number % len(YOUNG)],
        municipality_code=chance.choice(["3401", "3416", "0301"]),
        was_booked=booked,
        booked_at_deadline=booked,
    )


def _meeting(
    session: Session, clock: StoppedClock, chance: Random, library_id: int, month: int, number: int
) -> None:
    """Close a register, or close it anew with others in it; more may have come than there are places."""
    people = [_somebody(chance, library_id) for _ in range(chance.choice([0, 3, 9, 14]))]
    counts = [HeadcountEntry(band=chance.choice(COUNTED), persons=chance.randint(0, 9))]
    hold(
        session,
        clock,
        f"{library_id}-{month}-{number}",
        library_id,
        date(2026, month, 3 + number),
        activity_kind=chance.choice(["pilot", "event"]),
        capacity=chance.choice([None, 0, 3, 8, 12]),
        persons=tuple({each.person_key: each for each in people}.values()),
        headcounts=tuple(counts) if chance.random() < 0.4 else (),
    )


def _pass(
    session: Session, clock: StoppedClock, chance: Random, libraries: Sequence[Library], month: int
) -> None:
    """Let a month pass, with a register of the month before that is late or closed anew, and let it out."""
    for library in libraries:
        for number in range(chance.choice([0, 1, 3])):
            _meeting(session, clock, chance, library.id, month, number)
        if month > MONTHS[0]:
            _meeting(session, clock, chance, library.id, month - 1, chance.randrange(4))
    if chance.random() < 0.3:
        withdraw_facts(session, meeting_uid=f"{libraries[0].id}-{month}-0")
    year, following = (2026, month + 1) if month < MONTHS[-1] else (2027, 1)
    on_day(clock, following, 8, year=year)
    publish_all(session, clock)


@pytest.mark.parametrize("seed", [1, 4])
def test_every_month_is_let_out_and_the_doctor_finds_nothing(
    session: Session, clock: StoppedClock, seed: int
) -> None:
    chance, libraries = Random(seed), [make_library(session) for _ in range(2)]

    for month in MONTHS:
        if month == MONTHS[-1]:
            libraries.append(make_library(session))
        _pass(session, clock, chance, libraries, month)

    let_out = publications(session)
    assert [each.through_on.month for each in let_out] == [12, 11, 10, 9, 8]
    assert not any([*telling_publications(session), *wrong_publications(session)])
