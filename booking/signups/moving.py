"""The one function that moves a sign-up, and the letter that tells the family of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState, Visibility
from booking.clock import Clock
from booking.libraries.rules import Language, best_text
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.rules import IS_ANSWERED, SignupState, check_move

# A link that a family got still tells how it went after the last meeting, and then no more.
_LINKS_LAST_AFTER_THE_END: Final = timedelta(days=30)

_LETTERS: Final[Mapping[SignupState, str]] = {
    SignupState.AWAITING_EMAIL: "signup_awaiting_email",
    SignupState.QUEUED: "signup_queued",
    SignupState.OFFERED: "offer_made",
    SignupState.CONFIRMED: "signup_confirmed",
    SignupState.WITHDRAWN: "signup_withdrawn",
    SignupState.DECLINED: "offer_declined",
    SignupState.EXPIRED: "signup_expired",
}
_EXPIRED_LETTERS: Final[Mapping[SignupState | None, str]] = {
    SignupState.OFFERED: "offer_expired",
    SignupState.QUEUED: "signup_queue_ended",
}
# Where a letter's one link leads: to a question that waits for an answer, or else to the sign-up's page.
_ANSWERED_BY: Final[Mapping[SignupState, Purpose]] = {
    SignupState.AWAITING_EMAIL: Purpose.CONFIRM_EMAIL,
    SignupState.OFFERED: Purpose.OFFER,
}


def begin(session: Session, clock: Clock, *, signup: Signup) -> None:
    """Store a new sign-up in its first state, note it, and write the letter. Refuses MoveNotPossible."""
    check_move(None, signup.state)
    session.add(signup)
    _note(session, clock, signup, before=None, mover=Mover.FAMILY)
    _tell(session, clock, signup, before=None)


def move(
    session: Session,
    clock: Clock,
    *,
    signup: Signup,
    wanted: SignupState,
    mover: Mover,
    account_id: int | None = None,
    held_until: datetime | None = None,
    is_told: bool = True,
) -> str | None:
    """Move the sign-up one step, note it, and write the letter; return the secret of the page it leads to.

    With `is_told` false no letter is written, as the caller writes one for the whole family.
    Refuses MoveNotPossible when the table knows no such step.
    """
    before = signup.state
    check_move(before, wanted)
    signup.state, signup.held_until, signup.changed_at = wanted, held_until, clock()
    _note(session, clock, signup, before=before, mover=mover, account_id=account_id)
    return _tell(session, clock, signup, before=before) if is_told else None


def tell_again(session: Session, clock: Clock, *, signup: Signup) -> None:
    """Write to the family that the child is signed up already, with the way to its page; once an hour.

    Whoever has not answered the first letter gets it again, with its button.
    """
    hour = f"{clock():%Y%m%d%H}"
    if signup.state in IS_ANSWERED:
        _write(session, clock, signup, template="signup_already", act=f"already:{hour}", names_child=True)
    else:
        _write(session, clock, signup, template=_LETTERS[signup.state], act=f"again:{hour}")


def page_link(session: Session, clock: Clock, *, signup: Signup, purpose: Purpose = Purpose.SIGNUP) -> str:
    """Return a new secret that opens the sign-up's page until a month after the last meeting."""
    lasts = _until_the_end(signup.occasion, clock())
    return issue_link(session, clock, purpose=purpose, subject_id=signup.id, lasts=lasts)


def occasion_facts(occasion: Occasion, language: Language) -> dict[str, Any]:
    """Return what every letter tells of an occasion: what, when and where."""
    activity = occasion.activity
    return {
        "title": best_text(activity.texts, language).title,
        "slug": activity.slug,
        "occasion_id": occasion.id,
        "library_name": activity.library.name,
        "place_name": activity.place_name,
        "library_email": activity.library.email,
        "library_phone": activity.library.phone,
        "meetings": [
            meeting_facts(meeting)
            for meeting in sorted(occasion.meetings, key=lambda each: each.starts_at)
            if meeting.state is not MeetingState.CALLED_OFF
        ],
    }


def invited_by_letter(session: Session, clock: Clock, occasion: Occasion) -> str | None:
    """Return a secret that leads back to what only the invited may see; nothing where all may come."""
    if occasion.activity.visibility is not Visibility.BY_LINK:
        return None
    lasts = _until_the_end(occasion, clock())
    return issue_link(session, clock, purpose=Purpose.INVITED, subject_id=occasion.activity_id, lasts=lasts)


def meeting_facts(meeting: Meeting) -> dict[str, str]:
    """Return what a letter tells of one date."""
    return {
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "room": meeting.room,
    }


def _note(
    session: Session,
    clock: Clock,
    signup: Signup,
    *,
    before: SignupState | None,
    mover: Mover,
    account_id: int | None = None,
) -> None:
    step = SignupMove(
        signup=signup,
        at=clock(),
        from_state=before,
        to_state=signup.state,
        mover=mover,
        account_id=account_id,
    )
    session.add(step)
    session.flush()


def _tell(session: Session, clock: Clock, signup: Signup, *, before: SignupState | None) -> str:
    state = signup.state
    template = _LETTERS[state]
    if state is SignupState.EXPIRED:
        template = _EXPIRED_LETTERS.get(before, template)
    # A name that a stranger typed goes to nobody: only an answer shows that the family knows of it.
    names_child = state in IS_ANSWERED or before in IS_ANSWERED
    return _write(session, clock, signup, template=template, act=state.value, names_child=names_child)


def _write(
    session: Session, clock: Clock, signup: Signup, *, template: str, act: str, names_child: bool = False
) -> str:
    family = signup.participant.family
    purpose = _ANSWERED_BY.get(signup.state, Purpose.SIGNUP)
    secret = page_link(session, clock, signup=signup, purpose=purpose)
    facts = {
        **occasion_facts(signup.occasion, family.language),
        "invited": invited_by_letter(session, clock, signup.occasion),
        "child": signup.participant.first_name if names_child else None,
        "held_until": signup.held_until.isoformat() if signup.held_until else None,
        "secret": secret,
    }
    write_letter(
        session,
        clock,
        key=f"signup:{signup.id}:{act}",
        template=template,
        address=family.email,
        language=family.language,
        facts=facts,
        library_id=signup.occasion.activity.library_id,
    )
    return secret


def _until_the_end(occasion: Occasion, now: datetime) -> timedelta:
    ends_at = max((meeting.ends_at for meeting in occasion.meetings), default=now)
    return max(ends_at, now) + _LINKS_LAST_AFTER_THE_END - now
