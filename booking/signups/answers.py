"""What a family answers by a link: yes, no, give the place back, or «this was not me»."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.operations import forget_permission
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.operations import note_used, revoke_links
from booking.links.rules import Purpose
from booking.outbox.operations import forget_letters_to
from booking.people.models import Participant
from booking.people.operations import forget_family, forget_participant, verify_family
from booking.signups.models import Mover, Signup
from booking.signups.moving import move
from booking.signups.queries import asked_together, take_signup
from booking.signups.rules import IS_ANSWERED, IS_OVER, AllIsOver, Holds, SignupState, is_too_late
from booking.signups.turns import end_late, offer_free_places


def say_yes(session: Session, clock: Clock, *, link: Link, holds: Holds) -> str | None:
    """Confirm the place that waits for this answer; return the secret of its page.

    Whoever answers reads the address's letters, so the family is verified by it. Nothing is returned,
    and nothing changes, when it was answered before; when it is too late, the place goes on at once.
    """
    signup = take_signup(session, link.subject_id)
    if not _waits_for_answer(session, clock, signup, link, holds):
        return None
    note_used(session, clock, link=link)
    verify_family(clock, family=signup.participant.family)
    secrets = [
        move(session, clock, signup=each, wanted=SignupState.CONFIRMED, mover=Mover.FAMILY)
        for each in _together(session, signup)
    ]
    return secrets[0]


def say_no(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Decline the place that was offered, and offer it to who waits next; twice is once."""
    signup = take_signup(session, link.subject_id)
    if not _waits_for_answer(session, clock, signup, link, holds):
        return
    note_used(session, clock, link=link)
    for each in _together(session, signup):
        move(session, clock, signup=each, wanted=SignupState.DECLINED, mover=Mover.FAMILY)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)


def withdraw(
    session: Session,
    clock: Clock,
    *,
    signup_id: int,
    holds: Holds,
    mover: Mover = Mover.FAMILY,
    account_id: int | None = None,
) -> None:
    """Give the place back, and offer it to who waits next; twice gives back one place.

    Refuses AllIsOver when the last meeting is over, and NotFound for a sign-up that was erased.
    """
    signup = take_signup(session, signup_id)
    if signup.state in IS_OVER:
        return
    if clock() >= max((meeting.ends_at for meeting in signup.occasion.meetings), default=clock()):
        raise AllIsOver
    move(session, clock, signup=signup, wanted=SignupState.WITHDRAWN, mover=mover, account_id=account_id)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)


def disown(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Erase what a stranger entered under the address of somebody else, and give the place on.

    A family that has answered for the sign-up withdraws it instead: NotFound.
    """
    signup = take_signup(session, link.subject_id)
    if has_been_answered(signup):
        raise NotFound
    for purpose in (Purpose.CONFIRM_EMAIL, Purpose.OFFER, Purpose.SIGNUP):
        revoke_links(session, clock, purpose=purpose, subject_id=signup.id)
    occasion, child = signup.occasion, signup.participant
    forget_permission(session, participant_id=child.id, occasion_id=occasion.id)
    _erase(session, clock, signup, child)
    record(
        session,
        clock,
        actor=Actor.FAMILY,
        action="signup_disowned",
        subject="occasion",
        subject_id=occasion.id,
        library_id=occasion.activity.library_id,
    )
    offer_free_places(session, clock, occasion=occasion, holds=holds)


def has_been_answered(signup: Signup) -> bool:
    """Tell whether somebody who reads the address's letters has said yes to this sign-up."""
    return any(step.to_state in IS_ANSWERED for step in signup.moves)


_WAITS_IN = {Purpose.CONFIRM_EMAIL: SignupState.AWAITING_EMAIL, Purpose.OFFER: SignupState.OFFERED}


def _waits_for_answer(session: Session, clock: Clock, signup: Signup, link: Link, holds: Holds) -> bool:
    if signup.state is not _WAITS_IN[link.purpose]:
        return False
    if not is_too_late(signup.state, held_until=signup.held_until, now=clock()):
        return True
    end_late(session, clock, occasion=signup.occasion)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)
    return False


def _together(session: Session, signup: Signup) -> Sequence[Signup]:
    together = [each for each in asked_together(session, signup) if each.state is signup.state]
    for each in together:
        set_committed_value(each, "occasion", signup.occasion)
    return together


def _erase(session: Session, clock: Clock, signup: Signup, child: Participant) -> None:
    family = child.family
    session.delete(signup)
    session.flush()
    if not session.scalar(select(func.count(Signup.id)).where(Signup.participant_id == child.id)):
        forget_participant(session, participant_id=child.id)
    siblings = select(func.count(Participant.id)).where(Participant.family_id == family.id)
    if family.verified_at is None and not session.scalar(siblings):
        # Letters that have not left yet would be the next ones to somebody who just said no.
        forget_letters_to(session, clock, address=family.email)
        forget_family(session, family_id=family.id)
