"""Finding what belongs to one family: its sign-ups, leave to take part, and consents."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Activity, ActivityText, Occasion
from booking.consent.models import Consent, Permission
from booking.errors import NotFound
from booking.people.models import Family, Participant
from booking.signups.models import Signup


def child_of(family: Family, participant_id: int) -> Participant:
    """Return the family's child of that number, or raise NotFound for everybody else's."""
    for child in family.participants:
        if child.id == participant_id:
            return child
    raise NotFound


def signups_of(session: Session, family: Family) -> Sequence[Signup]:
    """Return all sign-ups of the family's children with what they are for, the newest first."""
    words = selectinload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    occasion = joinedload(Signup.occasion).options(
        joinedload(Occasion.activity).options(joinedload(Activity.library), words),
        selectinload(Occasion.meetings),
    )
    found = select(Signup).where(Signup.participant_id.in_(_numbers(family))).options(occasion)
    return session.scalars(found.order_by(Signup.id.desc())).all()


def get_own_signup(session: Session, family: Family, signup_id: int) -> Signup:
    """Return a sign-up of the family's, or raise NotFound for everybody else's."""
    theirs = Signup.participant_id.in_(_numbers(family))
    signup = session.scalar(select(Signup).where(Signup.id == signup_id, theirs))
    if signup is None:
        raise NotFound
    return signup


def permissions_of(session: Session, family: Family) -> Sequence[Permission]:
    """Return the leave that was given for the family's children, the oldest first, with its words."""
    return session.scalars(
        select(Permission)
        .where(Permission.participant_id.in_(_numbers(family)))
        .options(joinedload(Permission.wording))
        .order_by(Permission.id)
    ).all()


def get_own_consent(session: Session, family: Family, consent_id: int) -> Consent:
    """Return a step of one of the family's consents, also an older one, or raise NotFound."""
    theirs = Consent.participant_id.in_(_numbers(family))
    consent = session.scalar(select(Consent).where(Consent.id == consent_id, theirs))
    if consent is None:
        raise NotFound
    return consent


def _numbers(family: Family) -> list[int]:
    return [child.id for child in family.participants]
