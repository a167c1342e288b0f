"""Notes of what children need: sealed, read on record, forgotten in time, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.rules import MeetingState
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent
from booking.consent.models import NeedsNote
from booking.consent.needs import Need, Needs
from booking.consent.needs_operations import (
    Reader,
    erase_needs,
    forget_needs,
    keep_needs,
    read_all_needs,
    read_needs,
)
from booking.consent.rules import Way
from booking.errors import NotFound
from booking.people.models import Participant
from tests.conftest import StoppedClock
from tests.consent.saying import NEEDS, SEAL, occasion_in_a_week, say_yes
from tests.factories import make_account, make_activity, make_meeting, make_participant

Arranging = Callable[[], AbstractContextManager[Session]]
CANARY = "kanarifuglefrø i den blå boksen"
TOLD = Needs(choices=(Need.NO_NUTS, Need.WHEELCHAIR), line=CANARY)
THE_DAY = {"days": 7}


def tell(session: Session, clock: Clock, occasion: Occasion, told: Needs = TOLD) -> Participant:
    child = make_participant(session)
    say_yes(session, clock, child, occasion, NEEDS)
    keep_needs(session, clock, occasion_id=occasion.id, needs={child.id: told}, seal=SEAL)
    return child


def at_the_library(session: Session, occasion: Occasion) -> Reader:
    account = make_account(session)
    return Reader(account_id=account.id, library_ids=frozenset({occasion.activity.library_id}))


def looks(session: Session) -> list[AuditEntry]:
    write_down(session)
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_on_the_day_the_library_reads_what_a_child_needs_and_each_look_is_on_record(
    session: Session, clock: StoppedClock
) -> None:
    occasion = occasion_in_a_week(session)
    child, reader = tell(session, clock, occasion), at_the_library(session, occasion)
    clock.forward(**THE_DAY)

    told = [
        read_needs(session, clock, participant_id=child.id, occasion_id=occasion.id, reader=reader, seal=SEAL)
        for _look in range(2)
    ]

    assert told == [TOLD, TOLD]
    for entry in looks(session):
        assert (entry.action, entry.subject, entry.subject_id) == ("needs_seen", "participant", child.id)
        assert (entry.account_id, entry.library_id) == (reader.account_id, occasion.activity.library_id)
        assert entry.facts == {"occasion_id": occasion.id}
    assert len(looks(session)) == 2


def test_a_list_of_needs_puts_a_look_at_each_child_on_record(session: Session, clock: StoppedClock) -> None:
    occasion, other = occasion_in_a_week(session), occasion_in_a_week(session)
    ada, bo, elsewhere = (tell(session, clock, each) for each in (occasion, occasion, other))
    content = make_participant(session)
    clock.forward(**THE_DAY)

    told = read_all_needs(
        session,
        clock,
        occasion_id=occasion.id,
        reader=at_the_library(session, occasion),
        seal=SEAL,
        participant_ids=[ada.id, bo.id, content.id, elsewhere.id],
    )

    assert told == {ada.id: TOLD, bo.id: TOLD}
    assert [entry.subject_id for entry in looks(session)] == [ada.id, bo.id]


@pytest.mark.parametrize("wait", [{"days": 0}, {"days": 6}, {"days": 8}])
def test_on_other_days_the_library_finds_nothing_and_the_responsible_does(
    session: Session, clock: StoppedClock, wait: dict[str, float]
) -> None:
    account = make_account(session)
    occasion = occasion_in_a_week(session, activity=make_activity(session, responsible_id=account.id))
    child = tell(session, clock, occasion)
    clock.forward(**wait)

    responsible = Reader(account_id=account.id, library_ids=frozenset())
    told = read_needs(
        session, clock, participant_id=child.id, occasion_id=occasion.id, reader=responsible, seal=SEAL
    )

    assert told == TOLD
    with pytest.raises(NotFound):
        read_needs(
            session,
            clock,
            participant_id=child.id,
            occasion_id=occasion.id,
            reader=at_the_library(session, occasion),
            seal=SEAL,
        )
    assert len(looks(session)) == 1


def test_another_library_finds_nothing_even_on_the_day(session: Session, clock: StoppedClock) -> None:
    occasion, other = occasion_in_a_week(session), occasion_in_a_week(session)
    child = tell(session, clock, occasion)
    clock.forward(**THE_DAY)

    for occasion_id in (occasion.id, other.id, 999_999):
        with pytest.raises(NotFound):
            read_needs(
                session,
                clock,
                participant_id=child.id,
                occasion_id=occasion_id,
                reader=at_the_library(session, other),
                seal=SEAL,
            )
    assert looks(session) == []


@pytest.mark.parametrize("called_off", ["meeting", "occasion"])
def test_what_was_called_off_has_no_day(session: Session, clock: StoppedClock, called_off: str) -> None:
    occasion = occasion_in_a_week(session)
    child = tell(session, clock, occasion)
    if called_off == "meeting":
        occasion.meetings[0].state = MeetingState.CALLED_OFF
    else:
        occasion.called_off_at = clock()
    session.flush()
    clock.forward(**THE_DAY)

    with pytest.raises(NotFound):
        read_needs(
            session,
            clock,
            participant_id=child.id,
            occasion_id=occasion.id,
            reader=at_the_library(session, occasion),
            seal=SEAL,
        )


def test_what_is_told_without_the_box_is_not_kept(session: Session, clock: StoppedClock) -> None:
    occasion, child = occasion_in_a_week(session), make_participant(session)

    keep_needs(session, clock, occasion_id=occasion.id, needs={child.id: TOLD}, seal=SEAL)

    assert session.scalars(select(NeedsNote)).all() == []


def test_what_is_told_anew_replaces_the_note_and_nothing_erases_it(
    session: Session, clock: StoppedClock
) -> None:
    occasion = occasion_in_a_week(session)
    child, reader = tell(session, clock, occasion), at_the_library(session, occasion)
    clock.forward(**THE_DAY)
    anew = Needs(choices=(Need.VEGETARIAN,))

    keep_needs(session, clock, occasion_id=occasion.id, needs={child.id: anew}, seal=SEAL)
    keep_needs(session, clock, occasion_id=occasion.id, needs={}, seal=SEAL)
    told = read_needs(
        session, clock, participant_id=child.id, occasion_id=occasion.id, reader=reader, seal=SEAL
    )
    keep_needs(session, clock, occasion_id=occasion.id, needs={child.id: Needs()}, seal=SEAL)

    assert told == anew
    assert session.scalars(select(NeedsNote)).all() == []


def test_a_note_whose_consent_stands_no_longer_is_not_read(session: Session, clock: StoppedClock) -> None:
    occasion = occasion_in_a_week(session)
    child, reader = tell(session, clock, occasion), at_the_library(session, occasion)
    (note,) = session.scalars(select(NeedsNote))
    kept = (note.participant_id, note.occasion_id, note.sealed, note.written_at)
    withdraw_consent(
        session, clock, participant_id=child.id, purpose=NEEDS, occasion_id=occasion.id, way=Way.LINK
    )
    # As an old copy of the database would bring it back.
    names = ("participant_id", "occasion_id", "sealed", "written_at")
    session.add(NeedsNote(**dict(zip(names, kept, strict=True))))
    session.flush()
    clock.forward(**THE_DAY)

    with pytest.raises(NotFound):
        read_needs(session, clock, participant_id=child.id, occasion_id=occasion.id, reader=reader, seal=SEAL)


def test_needs_are_erased_with_the_place(session: Session, clock: StoppedClock) -> None:
    occasion = occasion_in_a_week(session)
    gone, stays = tell(session, clock, occasion), tell(session, clock, occasion)

    for _twice in range(2):
        erase_needs(session, participant_ids=[gone.id], occasion_id=occasion.id)

    assert session.scalars(select(NeedsNote.participant_id)).all() == [stays.id]


def test_needs_are_forgotten_a_week_after_the_last_meeting(session: Session, clock: StoppedClock) -> None:
    soon, later = occasion_in_a_week(session), occasion_in_a_week(session)
    last = make_meeting(session, occasion=later, starts_at=clock() + timedelta(days=30))
    tell(session, clock, soon)
    kept = tell(session, clock, later)
    ends_at = soon.meetings[0].ends_at

    clock.set(ends_at + timedelta(days=7, seconds=-1))
    too_early = forget_needs(session, clock)
    clock.forward(seconds=1)
    forgotten, again = forget_needs(session, clock), forget_needs(session, clock)

    assert (too_early, forgotten, again) == (0, 1, 0)
    assert session.scalars(select(NeedsNote.participant_id)).all() == [kept.id]
    clock.set(last.ends_at + timedelta(days=7))
    assert forget_needs(session, clock) == 1


def test_needs_for_what_never_got_a_date_are_forgotten_too(session: Session, clock: StoppedClock) -> None:
    occasion = occasion_in_a_week(session)
    tell(session, clock, occasion)
    session.execute(text("DELETE FROM meeting"))

    clock.forward(days=6)
    too_early = forget_needs(session, clock)
    clock.forward(days=1)

    assert (too_early, forget_needs(session, clock)) == (0, 1)


def test_the_raw_database_tells_nothing_of_what_a_child_needs(session: Session, clock: StoppedClock) -> None:
    tell(session, clock, occasion_in_a_week(session))
    write_down(session)

    raw = " ".join(
        str(row)
        for table in ("needs_note", "consent", "audit_entry", "participant")
        for row in session.execute(text(f"SELECT * FROM {table}"))
    )

    assert "gAAAAA" in raw
    for secret in ("kanarifugl", "boksen", "no_nuts", "wheelchair"):
        assert secret not in raw
