"""Finding half yeses, and what rests on the yes of an other guardian."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from booking.consent.models import Consent
from booking.consent.shared_models import Accord, HalfYes
from booking.consent.standing import IS_STANDING
from booking.consent.standing_queries import is_newest
from booking.people.models import OtherGuardian, Participant


def half_yeses_of(
    session: Session, *, participant_ids: Collection[int], occasion_id: int | None = None
) -> Sequence[HalfYes]:
    """Return what waits for these children, of one occasion or of all, in the order in which it was said."""
    waiting = select(HalfYes).where(HalfYes.participant_id.in_(participant_ids))
    if occasion_id is not None:
        waiting = waiting.where(HalfYes.occasion_id == occasion_id)
    return session.scalars(waiting.order_by(HalfYes.id)).all()


def take_half_yeses(session: Session, *, participant_id: int, occasion_id: int) -> Sequence[HalfYes]:
    """Return what waits for a child at an occasion, the child held until the unit of work ends.

    Of two who answer at once the second finds what the first has left.
    """
    hold_children(session, participant_ids=[participant_id])
    waiting = select(HalfYes).where(
        HalfYes.participant_id == participant_id, HalfYes.occasion_id == occasion_id
    )
    again = waiting.order_by(HalfYes.id).execution_options(populate_existing=True)
    return session.scalars(again).all()


def asked_of(session: Session, *, other_guardian_id: int) -> Sequence[HalfYes]:
    """Return what an other guardian is asked, in the order in which it was said."""
    theirs = select(HalfYes).where(HalfYes.other_guardian_id == other_guardian_id)
    return session.scalars(theirs.order_by(HalfYes.occasion_id, HalfYes.id)).all()


def hold_children(session: Session, *, participant_ids: Collection[int]) -> None:
    """Let nobody else answer about these children until the unit of work ends.

    In the order of their numbers, so that two never wait for each other. Rows that point at a child may be
    written meanwhile: whoever signs a child up holds its occasion, which an answer needs too.
    """
    held = select(Participant.id).where(Participant.id.in_(participant_ids)).order_by(Participant.id)
    session.execute(held.with_for_update(key_share=True)).all()


def resting_on(session: Session, *, other_guardian_id: int) -> Sequence[Consent]:
    """Return the consents whose newest step rests on this guardian's yes; perhaps their time is over."""
    return session.scalars(
        select(Consent)
        .join(Accord, Accord.consent_id == Consent.id)
        .where(Accord.other_guardian_id == other_guardian_id, Consent.step.in_(IS_STANDING), is_newest())
        .order_by(Consent.id)
    ).all()


def accords_of(session: Session, *, participant_ids: Collection[int]) -> Mapping[int, Accord]:
    """Return what the consents of these children rest on, by the number of the consent."""
    theirs = select(Accord).join(Consent, Consent.id == Accord.consent_id)
    found = session.scalars(theirs.where(Consent.participant_id.in_(participant_ids)))
    return {accord.consent_id: accord for accord in found}


def guardians_without_cause(
    session: Session, *, most: int, only: int | None = None
) -> Sequence[OtherGuardian]:
    """Return other guardians of whom nothing is asked, and on whose yes nothing rests any more.

    With `only` it is about the one with that number.
    """
    is_asked = exists().where(HalfYes.other_guardian_id == OtherGuardian.id)
    has_said = exists().where(
        Accord.other_guardian_id == OtherGuardian.id,
        Consent.id == Accord.consent_id,
        Consent.step.in_(IS_STANDING),
        is_newest(),
    )
    without = select(OtherGuardian).where(~is_asked, ~has_said)
    if only is not None:
        without = without.where(OtherGuardian.id == only)
    return session.scalars(without.order_by(OtherGuardian.id).limit(most)).all()
