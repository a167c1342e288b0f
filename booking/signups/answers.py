"""What a family or a guardian answers: yes, no, give the place back, or «this was not me»."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.needs_operations import erase_needs
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.operations import note_used, revoke_links
from booking.links.rules import Purpose
from booking.outbox.operations import forget_letters_to
from booking.people.models import Participant
from booking.people.operations import forget_family, forget_participant, verify_family
from booking.people.reaching import address_of
from booking.signups.agreeing import forget_unanswered
from booking.signups.gone import note_gone
from booking.signups.guardians import ask_guardian, needs_guardian
from booking.signups.letters import page_link
from booking.signups.models import Signup
from booking.signups.moving import FAMILY, By, move_together
from booking.signups.queries import asked_together, take_signup, take_together
from booking.signups.rules import (
    IS_ANSWERED,
    IS_LIVE,
    IS_OVER,
    AllIsOver,
    Holds,
    SignupState,
    hold_until,
    is_too_late,
)
from booking.signups.turns import end_late, offer_free_places

_WAITS_IN = {Purpose.CONFIRM_EMAIL: SignupState.AWAITING_EMAIL, Purpose.OFFER: SignupState.OFFERED}


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a yes led to: the secret of the first one's page, and the children who have their place now."""

    secret: str
    children: tuple[str, ...] = ()


def say_yes(session: Session, clock: Clock, *, link: Link, holds: Holds) -> Receipt | None:
    """Confirm the places that wait for this answer; return who has a place now, and the way to its page.

    Whoever answers reads the address's letters, so the family is verified by it. Nothing is returned,
    and nothing changes, when it was answered before; when it is too late, the places go on at once.
    """
    asked = take_together(session, link.subject_id)
    receipt = _yes(session, clock, asked, waits_in=_WAITS_IN[link.purpose], holds=holds)
    if receipt is not None:
        note_used(session, clock, link=link)
    return receipt


def say_yes_by_code(session: Session, clock: Clock, *, signup_id: int, holds: Holds) -> Receipt | None:
    """Confirm as `say_yes` does, for who typed the code from the letter."""
    asked = take_together(session, signup_id)
    return _yes(session, clock, asked, waits_in=SignupState.AWAITING_EMAIL, holds=holds)


def say_no(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Decline the place that was offered, and offer it to who waits next; twice is once."""
    signup = take_signup(session, link.subject_id)
    if not _waits(session, clock, signup, SignupState.OFFERED, holds):
        return
    note_used(session, clock, link=link)
    together = _together(session, signup)
    move_together(session, clock, signups=together, wanted=SignupState.DECLINED, by=FAMILY)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)


def withdraw(session: Session, clock: Clock, *, signup_id: int, holds: Holds, by: By = FAMILY) -> None:
    """Give the place back, and offer it to who waits next; twice gives back one place.

    Refuses AllIsOver when the last meeting is over, and NotFound for a sign-up that was erased.
    """
    signup = take_signup(session, signup_id)
    if signup.state in IS_OVER:
        return
    if clock() >= max((meeting.ends_at for meeting in signup.occasion.meetings), default=clock()):
        raise AllIsOver
    move_together(session, clock, signups=[signup], wanted=SignupState.WITHDRAWN, by=by)
    # What a child needs there is nobody's business once it does not come.
    erase_needs(session, participant_ids=[signup.participant_id], occasion_id=signup.occasion_id)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)


def disown(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Erase what a stranger entered under the address of somebody else, and give the places on.

    All children of the same form go. A family that has answered for one of them withdraws it instead:
    NotFound.
    """
    signup = take_signup(session, link.subject_id)
    together = asked_together(session, signup)
    if any(has_been_answered(each) for each in together):
        raise NotFound
    occasion = signup.occasion
    for each in together:
        for purpose in (Purpose.CONFIRM_EMAIL, Purpose.OFFER, Purpose.SIGNUP, Purpose.GUARDIAN_ANSWER):
            revoke_links(session, clock, purpose=purpose, subject_id=each.id)
        forget_unanswered(session, signups=[each])
        _erase(session, clock, each, each.participant)
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


def waits_for_answer(
    session: Session, clock: Clock, *, signup: Signup, states: frozenset[SignupState], holds: Holds
) -> bool:
    """Tell whether the sign-up stands where an answer is waited for; what is too late goes on at once."""
    if signup.state not in states:
        return False
    if not is_too_late(signup.state, held_until=signup.held_until, now=clock()):
        return True
    end_late(session, clock, occasion=signup.occasion, holds=holds)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)
    return False


def _yes(
    session: Session, clock: Clock, asked: Sequence[Signup], *, waits_in: SignupState, holds: Holds
) -> Receipt | None:
    signup = asked[0]
    if not _waits(session, clock, signup, waits_in, holds):
        return None
    verify_family(session, clock, family=signup.participant.family)
    if needs_guardian(signup):
        secret = _yes_of_a_youth(session, clock, signup, holds)
        return Receipt(secret=secret) if secret else None
    together = sorted((each for each in asked if each.state is waits_in), key=lambda each: each.id)
    beside = [each for each in asked if each.state in IS_LIVE - {waits_in}]
    secrets = move_together(
        session, clock, signups=together, wanted=SignupState.CONFIRMED, by=FAMILY, beside=beside
    )
    return Receipt(secret=secrets[0], children=tuple(each.participant.first_name for each in together))


def _yes_of_a_youth(session: Session, clock: Clock, signup: Signup, holds: Holds) -> str | None:
    # The place is the youth's when the guardian has said yes; until then it is held.
    if signup.state is SignupState.OFFERED:
        if signup.said_yes_at is not None:
            return None
        signup.said_yes_at = clock()
        ask_guardian(session, clock, signup=signup)
        return page_link(session, clock, signup=signup)
    until = _guardian_has_until(signup, clock(), holds)
    secrets = move_together(
        session,
        clock,
        signups=[signup],
        wanted=SignupState.AWAITING_GUARDIAN,
        by=FAMILY,
        held_until=until,
    )
    ask_guardian(session, clock, signup=signup)
    return secrets[0]


def _guardian_has_until(signup: Signup, now: datetime, holds: Holds) -> datetime:
    starts_at = min((meeting.starts_at for meeting in signup.occasion.meetings), default=now)
    return hold_until(now=now, hours=holds.guardian_hours, starts_at=max(starts_at, now))


def _waits(session: Session, clock: Clock, signup: Signup, state: SignupState, holds: Holds) -> bool:
    return waits_for_answer(session, clock, signup=signup, states=frozenset({state}), holds=holds)


def _together(session: Session, signup: Signup) -> Sequence[Signup]:
    return [each for each in asked_together(session, signup) if each.state is signup.state]


def _erase(session: Session, clock: Clock, signup: Signup, child: Participant) -> None:
    family = child.family
    note_gone(session, clock, participant_ids=[child.id])
    session.delete(signup)
    session.flush()
    if not session.scalar(select(func.count(Signup.id)).where(Signup.participant_id == child.id)):
        forget_participant(session, participant_id=child.id)
    siblings = select(func.count(Participant.id)).where(Participant.family_id == family.id)
    if family.verified_at is None and not session.scalar(siblings):
        # Letters that have not left yet would be the next ones to somebody who just said no.
        forget_letters_to(session, clock, address=address_of(family), phone=family.phone)
        forget_family(session, family_id=family.id)
