"""Taking a yes back, and its end by itself, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import write_down
from booking.consent.ending_operations import expire_consents, withdraw_consent, withdraw_pictures
from booking.consent.models import Consent, NeedsNote
from booking.consent.needs import Need, Needs
from booking.consent.needs_operations import keep_needs
from booking.consent.rules import Capacity, Established, Step, Way, WordingPurpose
from booking.consent.standing import CONSENTS
from booking.consent.standing_queries import consents_in, newest_consents
from tests.conftest import StoppedClock
from tests.consent.saying import NEEDS, NEWS, SEAL, SOCIAL, WEB, occasion_in_a_week, say_yes, steps
from tests.factories import make_account, make_participant

END_OF_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)


def entries(session: Session) -> list[AuditEntry]:
    write_down(session)
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_taking_back_ends_a_consent_at_once_and_nothing_else(session: Session, clock: StoppedClock) -> None:
    ada, bo, occasion = make_participant(session), make_participant(session), occasion_in_a_week(session)
    for child in (ada, bo):
        say_yes(session, clock, child, occasion, WEB, SOCIAL)

    stood = withdraw_consent(
        session, clock, participant_id=ada.id, purpose=WEB, occasion_id=occasion.id, way=Way.LINK
    )

    assert stood
    assert consents_in(session, occasion_id=occasion.id, now=clock()) == {
        ada.id: {SOCIAL},
        bo.id: {WEB, SOCIAL},
    }
    ended = newest_consents(session, participant_ids=[ada.id])[ada.id, WEB, occasion.id]
    assert (ended.step, ended.at, ended.way, ended.capacity) == (
        Step.WITHDRAWN,
        clock(),
        Way.LINK,
        Capacity.PARENT,
    )


def test_taking_back_twice_is_once(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, NEWS)

    answers = [
        withdraw_consent(
            session, clock, participant_id=ada.id, purpose=purpose, occasion_id=None, way=Way.FAMILY_PAGE
        )
        for purpose in (NEWS, NEWS, WEB)
    ]

    assert answers == [True, False, False]
    assert steps(session, ada) == [(NEWS, Step.GIVEN), (NEWS, Step.WITHDRAWN)]
    assert len(entries(session)) == 1


def test_staff_take_back_on_request_and_it_is_on_record_without_a_name(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion, account = make_participant(session), occasion_in_a_week(session), make_account(session)
    say_yes(session, clock, ada, occasion, WEB)

    withdraw_consent(
        session,
        clock,
        participant_id=ada.id,
        purpose=WEB,
        occasion_id=occasion.id,
        way=Way.PHONE,
        account_id=account.id,
    )

    ended = newest_consents(session, participant_ids=[ada.id])[ada.id, WEB, occasion.id]
    assert (ended.established, ended.account_id) == (Established.BY_PHONE, account.id)
    (entry,) = entries(session)
    assert (entry.actor, entry.action, entry.account_id) == (Actor.STAFF, "consent_withdrawn", account.id)
    assert (entry.subject, entry.subject_id) == ("participant", ada.id)
    assert entry.library_id == occasion.activity.library_id
    assert entry.facts == {"purpose": "photo_web", "occasion_id": occasion.id}


def test_what_was_taken_back_can_be_said_again(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB)
    withdraw_consent(
        session, clock, participant_id=ada.id, purpose=WEB, occasion_id=occasion.id, way=Way.LINK
    )

    say_yes(session, clock, ada, occasion, WEB)

    assert [step for _purpose, step in steps(session, ada)] == [Step.GIVEN, Step.WITHDRAWN, Step.GIVEN]


def test_with_the_consent_to_it_a_note_of_needs_is_erased(session: Session, clock: StoppedClock) -> None:
    ada, bo, occasion = make_participant(session), make_participant(session), occasion_in_a_week(session)
    for child in (ada, bo):
        say_yes(session, clock, child, occasion, NEEDS)
    told = {child.id: Needs(choices=(Need.NO_NUTS,)) for child in (ada, bo)}
    keep_needs(session, clock, occasion_id=occasion.id, needs=told, seal=SEAL)

    withdraw_consent(
        session, clock, participant_id=ada.id, purpose=NEEDS, occasion_id=occasion.id, way=Way.LINK
    )

    assert session.scalars(select(NeedsNote.participant_id)).all() == [bo.id]


def test_shielding_takes_back_every_yes_to_pictures(session: Session, clock: StoppedClock) -> None:
    ada, bo = make_participant(session), make_participant(session)
    occasion, other = occasion_in_a_week(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, SOCIAL, NEWS)
    say_yes(session, clock, ada, other, WEB)
    say_yes(session, clock, bo, other, WEB)

    ended = [
        withdraw_pictures(session, clock, participant_ids=[ada.id], way=Way.FAMILY_PAGE) for _try in range(2)
    ]

    assert ended == [3, 0]
    assert consents_in(session, occasion_id=occasion.id, now=clock()) == {}
    assert consents_in(session, occasion_id=other.id, now=clock()) == {bo.id: {WEB}}
    assert newest_consents(session, participant_ids=[ada.id])[ada.id, NEWS, None].step is Step.GIVEN


def test_the_end_of_a_consent_is_noted_when_its_time_is_over_and_once(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, NEWS)
    say_yes(session, clock, make_participant(session), occasion, SOCIAL)
    withdraw_consent(session, clock, participant_id=ada.id, purpose=NEWS, occasion_id=None, way=Way.LINK)

    clock.set(END_OF_YEAR - timedelta(seconds=1))
    too_early = expire_consents(session, clock)
    clock.forward(seconds=1)
    ended, again = expire_consents(session, clock), expire_consents(session, clock)

    assert (too_early, ended, again) == (0, 2, 0)
    assert steps(session, ada)[-1] == (WEB, Step.EXPIRED)
    expired = newest_consents(session, participant_ids=[ada.id])[ada.id, WEB, occasion.id]
    assert (expired.way, expired.at, expired.account_id) == (Way.BY_ITSELF, END_OF_YEAR, None)
    assert entries(session)[1:] == []  # only what somebody took back is an act


def test_a_renewed_consent_does_not_end_with_its_first_year(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, NEWS)
    clock.forward(days=200)
    say_yes(session, clock, ada, occasion, NEWS)

    clock.forward(days=364)
    kept = expire_consents(session, clock)
    clock.forward(days=1)

    assert (kept, expire_consents(session, clock)) == (0, 1)


def test_consent_to_needs_ends_a_week_after_the_last_meeting_wherever_it_was_moved(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, NEEDS)
    keep_needs(session, clock, occasion_id=occasion.id, needs={ada.id: Needs(line="Gul boks")}, seal=SEAL)
    (meeting,) = occasion.meetings
    meeting.starts_at += timedelta(days=60)
    meeting.ends_at += timedelta(days=60)
    session.flush()

    clock.set(meeting.ends_at + timedelta(days=7, seconds=-1))
    too_early = expire_consents(session, clock)
    clock.forward(seconds=1)
    ended = expire_consents(session, clock)

    assert (too_early, ended) == (0, 1)
    assert steps(session, ada) == [(NEEDS, Step.GIVEN), (NEEDS, Step.EXPIRED)]
    assert session.scalars(select(NeedsNote)).all() == []


@pytest.mark.parametrize("purpose", CONSENTS)
def test_every_consent_can_be_given_and_taken_back(
    session: Session, clock: StoppedClock, purpose: WordingPurpose
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, purpose)
    (row,) = session.scalars(select(Consent)).all()

    assert withdraw_consent(
        session, clock, participant_id=ada.id, purpose=purpose, occasion_id=row.occasion_id, way=Way.LINK
    )
