"""What a youth's guardian answers by the link in the letter."""

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.operations import Leave, record_permissions
from booking.consent.queries import age_rule_at, wording_shown
from booking.consent.rules import Established, Way, WordingPurpose
from booking.consent.seal import Seal
from booking.links.models import Link
from booking.links.operations import note_used
from booking.signups.agreeing import Terms, needs_of, record_what_was_agreed
from booking.signups.answers import waits_for_answer, withdraw
from booking.signups.asking import LeaveSaid
from booking.signups.guardians import get_guardian, pass_question_on, tell_guardian_yes, was_asked
from booking.signups.models import Signup
from booking.signups.moving import GUARDIAN, move_together
from booking.signups.queries import take_signup
from booking.signups.rules import Holds, SignupState
from booking.signups.turns import offer_free_places

_WAITS_IN = frozenset({SignupState.AWAITING_GUARDIAN, SignupState.OFFERED})


def guardian_says_yes(
    session: Session, clock: Clock, *, link: Link, leave: LeaveSaid, holds: Holds, seal: Seal
) -> None:
    """Give leave to take part, and the youth the place.

    Refuses WordingChanged when the words of the leave were changed after they were shown. Twice is once; when
    it is too late, the place goes on at once.
    """
    signup = take_signup(session, link.subject_id)
    if not _waits(session, clock, signup, holds):
        return
    guardian = get_guardian(session, signup)
    guardian.answered_at = guardian.answered_at or clock()
    given = _leave(session, clock, leave, guardian.id)
    record_permissions(
        session, clock, participants=[signup.participant], occasion_id=signup.occasion_id, leave=given
    )
    _agree(session, clock, signup, leave, seal)
    note_used(session, clock, link=link)
    move_together(session, clock, signups=[signup], wanted=SignupState.CONFIRMED, by=GUARDIAN)
    tell_guardian_yes(session, clock, signup=signup)


def guardian_says_no(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Decline for the youth, and offer the place to who waits next; twice is once."""
    signup = take_signup(session, link.subject_id)
    if not _waits(session, clock, signup, holds):
        return
    guardian = get_guardian(session, signup)
    guardian.answered_at = guardian.answered_at or clock()
    note_used(session, clock, link=link)
    move_together(session, clock, signups=[signup], wanted=SignupState.DECLINED, by=GUARDIAN)
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)


def guardian_takes_back(session: Session, clock: Clock, *, link: Link, holds: Holds) -> None:
    """Take the leave back: the youth's place is given back. Refuses AllIsOver; twice is once."""
    withdraw(session, clock, signup_id=link.subject_id, holds=holds, by=GUARDIAN)


def guardian_asks(session: Session, clock: Clock, *, link: Link, question: str) -> None:
    """Pass a question on to the library, with the address to answer to; once an hour."""
    signup = take_signup(session, link.subject_id)
    pass_question_on(session, clock, signup=signup, question=question)


def _agree(session: Session, clock: Clock, signup: Signup, said: LeaveSaid, seal: Seal) -> None:
    needs_of(signup.occasion.activity, said.agreed)
    terms = Terms(
        capacity=said.capacity,
        established=Established.SELF_DECLARED,
        way=Way.LINK,
        language=said.language,
        shown=said.words_shown,
    )
    record_what_was_agreed(session, clock, signups=[signup], asked=[said.agreed], terms=terms, seal=seal)


def _leave(session: Session, clock: Clock, said: LeaveSaid, guardian_id: int) -> Leave:
    wording = wording_shown(
        session,
        purpose=WordingPurpose.PERMISSION,
        language=said.language,
        digest=said.words_shown.get(WordingPurpose.PERMISSION, ""),
    )
    return Leave(
        wording_id=wording.id,
        capacity=said.capacity,
        established=Established.SELF_DECLARED,
        age_rule_id=age_rule_at(session, now=clock()).id,
        guardian_id=guardian_id,
    )


def _waits(session: Session, clock: Clock, signup: Signup, holds: Holds) -> bool:
    is_asked = was_asked(signup)
    return waits_for_answer(session, clock, signup=signup, states=_WAITS_IN, holds=holds) and is_asked
