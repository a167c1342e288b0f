"""What the pages of a sign-up show: the occasion, where the child stands, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_published_occasion
from booking.activities.rules import Availability, MeetingState, availability
from booking.consent.models import Consent, Wording
from booking.consent.queries import current_wordings
from booking.consent.rules import WordingPurpose
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import is_standing
from booking.errors import Refusal
from booking.libraries.rules import Language, best_text
from booking.people.queries import Municipality, municipalities
from booking.signups.answers import has_been_answered
from booking.signups.guardians import needs_guardian, was_asked
from booking.signups.models import Signup
from booking.signups.queries import count_in
from booking.signups.rules import HOLDS_A_PLACE, IS_LIVE, IS_OVER, SignupState, is_too_late
from booking.signups.turns import check_open

_ANSWERABLE = frozenset({SignupState.AWAITING_EMAIL, SignupState.OFFERED})
_GUARDIAN_CAN_ANSWER = frozenset({SignupState.AWAITING_GUARDIAN, SignupState.OFFERED})


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """All that the page with a form shows; `closed` says why there is no form on it."""

    title: str
    question: str
    occasion: Occasion
    meetings: Sequence[Meeting]
    availability: Availability
    wordings: Mapping[WordingPurpose, Wording]
    municipalities: Sequence[Municipality]
    closed: Refusal | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A sign-up as its own pages show it at one moment, with those that came with the same form.

    `waits_for_guardian` says that a youth's guardian has been asked and has not answered; `place_in_queue`
    is 1 for who is next, and nothing for who waits in no queue; `halves` are yeses that wait for another's.
    `may_say_more` tells whether something besides taking part is left to be asked; `waits_with` is how many
    others of the same form wait for a place for all of them.
    """

    title: str
    signup: Signup
    together: Sequence[Signup]
    occasion: Occasion
    meetings: Sequence[Meeting]
    standing: SignupState
    can_answer: bool
    can_withdraw: bool
    can_disown: bool
    waits_for_guardian: bool
    consents: Sequence[Consent]
    halves: Sequence[HalfYes] = ()
    place_in_queue: int | None = None
    may_say_more: bool = False
    waits_with: int = 0


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Who is signed up for an occasion, as its library sees it."""

    title: str
    occasion: Occasion
    live: Sequence[Signup]
    over: Sequence[Signup]
    taken: int
    waiting: int
    coming: Sequence[Meeting]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What will be called off or moved, and how many families will be told. All dates when none is named."""

    title: str
    occasion: Occasion
    meeting: Meeting | None
    meetings: Sequence[Meeting]
    families: int


def roll_of(occasion: Occasion, signups: Sequence[Signup], *, language: Language, now: datetime) -> Roll:
    """Return the sign-ups of an occasion, those that stand apart from those that are over."""
    live = [signup for signup in signups if signup.state in IS_LIVE]
    return Roll(
        title=best_text(occasion.activity.texts, language).title,
        occasion=occasion,
        live=live,
        over=[signup for signup in signups if signup.state in IS_OVER],
        taken=sum(signup.state in HOLDS_A_PLACE for signup in live),
        waiting=sum(signup.state is SignupState.QUEUED for signup in live),
        coming=_still_on(occasion, now),
    )


def change_of(
    occasion: Occasion, *, families: int, language: Language, now: datetime, meeting: Meeting | None = None
) -> Change:
    """Return what a page before calling off or moving shows."""
    return Change(
        title=best_text(occasion.activity.texts, language).title,
        occasion=occasion,
        meeting=meeting,
        meetings=[meeting] if meeting else _still_on(occasion, now),
        families=families,
    )


def invitation_to(
    session: Session, *, occasion_id: int, language: Language, now: datetime, invited_to: int | None = None
) -> Invitation:
    """Return what the page with the form shows, or raise NotFound for drafts and strangers alike."""
    occasion = get_published_occasion(session, occasion_id, invited_to=invited_to)
    counts = count_in(session, occasion_id)
    text = best_text(occasion.activity.texts, language)
    return Invitation(
        title=text.title,
        question=text.question,
        occasion=occasion,
        meetings=_coming(occasion, now),
        availability=availability(
            capacity=occasion.capacity or 0,
            taken=counts.taken,
            waiting=counts.waiting,
            has_queue=occasion.has_queue,
        ),
        wordings=current_wordings(session, language=language),
        municipalities=municipalities(session),
        closed=_why_closed(occasion, now),
    )


def shown_at(
    signup: Signup,
    *,
    language: Language,
    now: datetime,
    together: Sequence[Signup] = (),
    consents: Sequence[Consent] = (),
    halves: Sequence[HalfYes] = (),
    place_in_queue: int | None = None,
    may_say_more: bool = False,
    waits_with: int = 0,
) -> Shown:
    """Return the sign-up as it stands now: a late answer is late, whether or not a job has noticed."""
    is_late = is_too_late(signup.state, held_until=signup.held_until, now=now)
    standing = SignupState.EXPIRED if is_late else signup.state
    is_live = standing not in IS_OVER
    return Shown(
        title=best_text(signup.occasion.activity.texts, language).title,
        signup=signup,
        together=[each for each in together if each.state is signup.state] or [signup],
        occasion=signup.occasion,
        meetings=_coming(signup.occasion, now),
        standing=standing,
        can_answer=standing in _ANSWERABLE and signup.said_yes_at is None,
        can_withdraw=is_live and any(meeting.ends_at > now for meeting in signup.occasion.meetings),
        can_disown=is_live and not has_been_answered(signup),
        waits_for_guardian=standing in _GUARDIAN_CAN_ANSWER and needs_guardian(signup) and was_asked(signup),
        consents=[each for each in consents if is_standing(each, now)],
        halves=halves if is_live else [],
        place_in_queue=place_in_queue,
        may_say_more=may_say_more,
        waits_with=waits_with,
    )


def _coming(occasion: Occasion, now: datetime) -> list[Meeting]:
    # When all is over or called off, the page still says what it was about.
    return _still_on(occasion, now) or list(occasion.meetings)


def _still_on(occasion: Occasion, now: datetime) -> list[Meeting]:
    return [
        meeting
        for meeting in occasion.meetings
        if meeting.ends_at > now and meeting.state is not MeetingState.CALLED_OFF
    ]


def _why_closed(occasion: Occasion, now: datetime) -> Refusal | None:
    try:
        check_open(occasion, now)
    except Refusal as refusal:
        return refusal
    return None
