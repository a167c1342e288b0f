"""Finding yeses that end soon, of families that still come to something."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.consent.models import Consent, RenewalAsk
from booking.consent.rules import Capacity
from booking.consent.standing import ASKED_BEFORE_THE_END, IS_STANDING
from booking.consent.standing_queries import is_newest
from booking.errors import NotFound
from booking.family.own_consents import OwnConsent, own_consents
from booking.libraries.rules import Language, best_text
from booking.people.models import Family, Participant
from booking.signups.models import Signup
from booking.signups.rules import IS_LIVE


def families_to_ask(session: Session, *, now: datetime, most: int) -> Sequence[int]:
    """Return the families that have a yes which ends soon and were not asked about it.

    Only those who still come to something: of the others everything is erased before long, and nobody is
    asked about what would go all the same.
    """
    sibling = aliased(Participant)
    comes = exists().where(
        Signup.participant_id == sibling.id,
        sibling.family_id == Family.id,
        Signup.state.in_(IS_LIVE),
        Meeting.occasion_id == Signup.occasion_id,
        Meeting.ends_at > now,
        Meeting.state != MeetingState.CALLED_OFF,
    )
    return session.scalars(
        select(Family.id)
        .join(Participant, Participant.family_id == Family.id)
        .join(Consent, Consent.participant_id == Participant.id)
        .where(_to_ask_about(now), Family.email.is_not(None), Family.verified_at.is_not(None), comes)
        .distinct()
        .order_by(Family.id)
        .limit(most)
    ).all()


def endings_of(session: Session, *, family_id: int, now: datetime) -> Sequence[tuple[Consent, Participant]]:
    """Return the yeses of a family that end soon and of which it was not asked, with whose they are."""
    found = session.execute(
        select(Consent, Participant)
        .join(Participant, Participant.id == Consent.participant_id)
        .where(Participant.family_id == family_id, _to_ask_about(now))
        .order_by(Participant.id, Consent.id)
    )
    return [(consent, child) for consent, child in found]


def titles_of(session: Session, *, occasion_ids: Collection[int], language: Language) -> dict[int, str]:
    """Return what each occasion is called in the language."""
    if not occasion_ids:
        return {}
    words = joinedload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    whole = joinedload(Occasion.activity).options(words)
    found = session.scalars(select(Occasion).where(Occasion.id.in_(occasion_ids)).options(whole)).unique()
    return {occasion.id: best_text(occasion.activity.texts, language).title for occasion in found}


def family_of(session: Session, family_id: int) -> Family:
    """Return the family with its children, or raise NotFound."""
    whole = select(Family).where(Family.id == family_id).options(selectinload(Family.participants))
    family = session.scalar(whole)
    if family is None:
        raise NotFound
    return family


def what_ends_soon(
    session: Session, now: datetime, *, family: Family, language: Language
) -> Sequence[tuple[OwnConsent, Participant]]:
    """Return what a family is asked about anew, each with the child that it is about."""
    children = {child.id: child for child in family.participants}
    own = own_consents(session, now, children=children, titles={}, language=language)
    ending = [each for each in own if each.renewal is not None]
    numbers = {each.consent.occasion_id for each in ending if each.consent.occasion_id}
    titles = titles_of(session, occasion_ids=numbers, language=language)
    return [
        (
            replace(each, title=titles.get(each.consent.occasion_id or 0)),
            children[each.consent.participant_id],
        )
        for each in ending
    ]


def get_consent_of_family(session: Session, consent_id: int, *, family_id: int) -> Consent:
    """Return a consent of one of the family's children, or raise NotFound."""
    consent = session.get(Consent, consent_id)
    child = session.get(Participant, consent.participant_id) if consent else None
    if consent is None or child is None or child.family_id != family_id:
        raise NotFound
    return consent


def _to_ask_about(now: datetime) -> ColumnElement[bool]:
    is_near = (Consent.expires_at > now) & (Consent.expires_at <= now + ASKED_BEFORE_THE_END)
    is_asked = exists().where(RenewalAsk.consent_id == Consent.id)
    # What a guardian said for a youth who is its own contact, the youth cannot say again.
    is_theirs = (Consent.capacity == Capacity.SELF) | Participant.is_own_contact.is_(False)
    return is_theirs & Consent.step.in_(IS_STANDING) & is_near & is_newest() & ~is_asked
