"""Erasing a family everywhere, so that no trace of it is left and no figure changes."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.attendance.forgetting import keep_as_drop_ins
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_rules import about_walk_in
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.picture_operations import ask_to_take_down_of_erased
from booking.family.contact_rules import about_address
from booking.family.shared_rules import about_other_guardian
from booking.links.codes import end_codes
from booking.links.operations import revoke_links_to
from booking.links.rules import Purpose
from booking.outbox.operations import forget_letters_to
from booking.people.models import Family, OtherGuardian
from booking.people.operations import forget_family
from booking.signups.gone import note_gone
from booking.signups.guardians import abouts_of_guardian
from booking.signups.models import Signup

_OF_A_SIGNUP: Final = (Purpose.CONFIRM_EMAIL, Purpose.GUARDIAN_ANSWER, Purpose.SIGNUP, Purpose.OFFER)
_OF_A_FAMILY: Final = (Purpose.FAMILY_PAGE, Purpose.FAMILY_FEED, Purpose.NEW_ADDRESS, Purpose.RENEWAL)


def erase_family(
    session: Session, clock: Clock, *, family_id: int, actor: Actor, account_id: int | None = None
) -> None:
    """Erase the family, its children, their sign-ups, links and letters; twice is once.

    Figures stay: those of closed meetings hold no names, and where a register is still open
    whoever came is counted as a drop-in from now on.
    """
    family = _find_family(session, family_id)
    if family is None:
        return
    for participant in family.participants:
        keep_as_drop_ins(session, clock, participant=participant)
    if actor is not Actor.SYSTEM:
        # Who has everything erased wants the pictures down too; nobody need know whose they were.
        numbers = [participant.id for participant in family.participants]
        ask_to_take_down_of_erased(session, clock, participant_ids=numbers)
    letters = forget_letters_to(
        session,
        clock,
        address=family.email,
        phone=family.phone,
        abouts=[about_address(family.id), *_close_links(session, clock, family)],
    )
    facts = {"participants": len(family.participants), "letters": letters}
    note_gone(session, clock, participant_ids=[participant.id for participant in family.participants])
    forget_family(session, family_id=family_id)
    record(
        session,
        clock,
        actor=actor,
        action="family_erased",
        subject="family",
        subject_id=family_id,
        account_id=account_id,
        facts=facts,
    )


def _find_family(session: Session, family_id: int) -> Family | None:
    return session.scalar(
        select(Family).where(Family.id == family_id).options(selectinload(Family.participants))
    )


def _close_links(session: Session, clock: Clock, family: Family) -> Sequence[str]:
    """Take back every link to what is the family's; return what letters to others about it are about."""
    # A number that becomes free may be given to another row: a link must not lead to a stranger's.
    participant_ids = [participant.id for participant in family.participants]
    found = session.scalars(select(Signup.id).where(Signup.participant_id.in_(participant_ids)))
    signup_ids = found.all()
    came = session.scalars(select(WalkIn.id).where(WalkIn.participant_id.in_(participant_ids)))
    walk_in_ids = came.all()
    revoke_links_to(session, clock, purposes=_OF_A_SIGNUP, subject_ids=signup_ids)
    revoke_links_to(session, clock, purposes=[Purpose.WALK_IN], subject_ids=walk_in_ids)
    revoke_links_to(session, clock, purposes=_OF_A_FAMILY, subject_ids=[family.id])
    end_codes(session, purpose=Purpose.FAMILY_PAGE, subject_id=family.id)
    others = session.scalars(select(OtherGuardian.id).where(OtherGuardian.family_id == family.id)).all()
    revoke_links_to(session, clock, purposes=[Purpose.OTHER_GUARDIAN], subject_ids=others)
    told = [each for number in signup_ids for each in abouts_of_guardian(number)]
    told += [about_other_guardian(number) for number in others]
    return [*told, *(about_walk_in(number) for number in walk_in_ids)]
