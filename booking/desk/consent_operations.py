"""What staff do about consents, shields and text messages when a family asks for it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent, withdraw_pictures
from booking.consent.models import Consent
from booking.consent.rules import Way, WordingPurpose
from booking.desk.queries import take_own_signup
from booking.errors import NotFound
from booking.outbox.operations import take_texts_back
from booking.people.operations import shield


def take_consent_back_at_desk(
    session: Session,
    clock: Clock,
    *,
    consent_id: int,
    signup_id: int,
    occasion_id: int,
    library_ids: Collection[int],
    account_id: int,
) -> WordingPurpose:
    """Take a consent back because the family asks for it, at once, and return what it was; twice is once.

    NotFound for another library's, and for what is about another child or occasion.
    """
    signup = take_own_signup(session, signup_id, occasion_id=occasion_id, library_ids=library_ids)
    consent = session.get(Consent, consent_id)
    if consent is None or consent.participant_id != signup.participant_id:
        raise NotFound
    if consent.occasion_id not in {None, occasion_id}:
        raise NotFound
    withdraw_consent(
        session,
        clock,
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        way=Way.DESK,
        account_id=account_id,
    )
    return consent.purpose


def shield_at_desk(
    session: Session,
    clock: Clock,
    *,
    is_shielded: bool,
    signup_id: int,
    occasion_id: int,
    library_ids: Collection[int],
    account_id: int,
) -> None:
    """Show a child with a chosen name only, or no longer, because the family asks; the reason is never asked.

    With the shield goes every yes to pictures. Twice is once; NotFound for another library's.
    """
    signup = take_own_signup(session, signup_id, occasion_id=occasion_id, library_ids=library_ids)
    child = signup.participant
    if child.is_shielded == is_shielded:
        return
    shield(clock, family=child.family, participant=child, is_shielded=is_shielded)
    if is_shielded:
        withdraw_pictures(session, clock, participant_ids=[child.id], way=Way.DESK, account_id=account_id)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="shield_changed",
        subject="participant",
        subject_id=child.id,
        account_id=account_id,
        library_id=signup.occasion.activity.library_id,
    )


def stop_texts_at_desk(
    session: Session,
    clock: Clock,
    *,
    signup_id: int,
    occasion_id: int,
    library_ids: Collection[int],
    account_id: int,
) -> None:
    """Send no more text messages to a family that says stop, those that wait among them; letters go on.

    Twice is once; NotFound for another library's.
    """
    signup = take_own_signup(session, signup_id, occasion_id=occasion_id, library_ids=library_ids)
    family = signup.participant.family
    if not family.wants_sms:
        return
    family.wants_sms = False
    if family.phone is not None:
        take_texts_back(session, clock, phone=family.phone)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="texts_stopped",
        subject="family",
        subject_id=family.id,
        account_id=account_id,
        library_id=signup.occasion.activity.library_id,
    )
