"""What a family's own page shows: who needs an answer, and where everything of each child stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.clock import Clock
from booking.consent.models import Permission
from booking.consent.shared_models import HalfYes
from booking.family.besides_rules import left_to_ask
from booking.family.my_queries import permissions_of, signups_of
from booking.family.own_consents import OwnConsent, own_consents
from booking.family.shared_queries import halves_about
from booking.libraries.rules import Language, best_text
from booking.links.models import Link
from booking.links.queries import find_live_link
from booking.links.rules import Purpose
from booking.people.models import Family, Participant
from booking.signups.agreeing import asked_at
from booking.signups.models import Signup
from booking.signups.queue_queries import places_in_queue
from booking.signups.rules import IS_OVER, SignupState, is_too_late

_ANSWERABLE = frozenset({SignupState.AWAITING_EMAIL, SignupState.OFFERED})


@dataclass(frozen=True, kw_only=True)
class OwnSignup:
    """One sign-up as its family sees it now, and what can be done about it."""

    title: str
    child: Participant
    signup: Signup
    occasion: Occasion
    meetings: Sequence[Meeting]
    standing: SignupState
    permission: Permission | None
    can_answer: bool
    can_withdraw: bool
    place_in_queue: int | None
    halves: Sequence[HalfYes]
    may_say_more: bool


@dataclass(frozen=True, kw_only=True)
class OwnChild:
    """One child with all that is its own: what is coming, what is over, and what was agreed to."""

    child: Participant
    coming: Sequence[OwnSignup]
    over: Sequence[OwnSignup]
    consents: Sequence[OwnConsent]


@dataclass(frozen=True, kw_only=True)
class OwnQuestion:
    """What waits for one answer: the first of the sign-ups of one form, and the names of all."""

    first: OwnSignup
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """A family's own page at one moment; `calendar` is the link behind its own calendar, if it has one."""

    family: Family
    children: Sequence[OwnChild]
    waiting: Sequence[OwnQuestion]
    calendar: Link | None


def page_of(session: Session, clock: Clock, family: Family, *, language: Language) -> OwnPage:
    """Return all that the family's page shows, in as many questions for five children as for one."""
    now = clock()
    permissions = {(each.participant_id, each.occasion_id): each for each in permissions_of(session, family)}
    by_number = {child.id: child for child in family.participants}
    found = signups_of(session, family)
    queue = places_in_queue(session, found)
    pictures = halves_about(session, found)
    titles = {each.occasion_id: _title(each, language) for each in found}
    consents = own_consents(session, now, children=by_number, titles=titles, language=language)
    signups = [
        _seen(
            signup,
            place_in_queue=queue.get(signup.id),
            halves=pictures.get(signup.id, ()),
            child=by_number[signup.participant_id],
            permission=permissions.get((signup.participant_id, signup.occasion_id)),
            consents=consents,
            language=language,
            now=now,
        )
        for signup in found
    ]
    children = sorted(family.participants, key=attrgetter("id"))
    return OwnPage(
        family=family,
        children=[_own_child(child, signups, consents) for child in children],
        waiting=_questions([each for each in _by_date(signups) if each.can_answer]),
        calendar=find_live_link(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id),
    )


def _questions(answerable: Iterable[OwnSignup]) -> list[OwnQuestion]:
    # Children who were asked for together are answered for together.
    by_form: dict[tuple[int, str, SignupState], list[OwnSignup]] = {}
    for own in answerable:
        key = (own.occasion.id, own.signup.ask_key, own.standing)
        by_form.setdefault(key, []).append(own)
    return [
        OwnQuestion(first=together[0], names=[own.child.first_name for own in together])
        for together in by_form.values()
    ]


def _own_child(child: Participant, signups: Iterable[OwnSignup], consents: Iterable[OwnConsent]) -> OwnChild:
    own = [each for each in signups if each.child is child]
    return OwnChild(
        child=child,
        coming=_by_date([each for each in own if _is_coming(each)]),
        over=[each for each in own if not _is_coming(each)],
        consents=[each for each in consents if each.consent.participant_id == child.id],
    )


def _seen(
    signup: Signup,
    *,
    child: Participant,
    permission: Permission | None,
    language: Language,
    now: datetime,
    place_in_queue: int | None,
    halves: Sequence[HalfYes],
    consents: Sequence[OwnConsent],
) -> OwnSignup:
    is_late = is_too_late(signup.state, held_until=signup.held_until, now=now)
    standing = SignupState.EXPIRED if is_late else signup.state
    occasion = signup.occasion
    is_ahead = any(meeting.ends_at > now for meeting in occasion.meetings)
    return OwnSignup(
        title=_title(signup, language),
        child=child,
        signup=signup,
        occasion=occasion,
        meetings=_still_on(occasion, now) or list(occasion.meetings),
        standing=standing,
        place_in_queue=place_in_queue,
        halves=halves,
        permission=permission,
        can_answer=standing in _ANSWERABLE and signup.said_yes_at is None,
        can_withdraw=standing not in IS_OVER and is_ahead,
        may_say_more=is_ahead and _may_say_more(signup, child, permission, halves, consents),
    )


def _title(signup: Signup, language: Language) -> str:
    return best_text(signup.occasion.activity.texts, language).title


def _may_say_more(
    signup: Signup,
    child: Participant,
    permission: Permission | None,
    halves: Sequence[HalfYes],
    consents: Sequence[OwnConsent],
) -> bool:
    if child.is_own_contact or signup.state is not SignupState.CONFIRMED:
        return False
    about = (signup.participant_id, signup.occasion_id)
    standing = {
        each.consent.purpose
        for each in consents
        if each.stands and (each.consent.participant_id, each.consent.occasion_id) == about
    }
    left = left_to_ask(
        asked=asked_at(signup.occasion),
        said=frozenset(standing | {half.purpose for half in halves}),
        capacity=permission.capacity if permission else None,
        is_shielded=child.is_shielded,
    )
    return not left.is_nothing


def _still_on(occasion: Occasion, now: datetime) -> list[Meeting]:
    return [
        meeting
        for meeting in occasion.meetings
        if meeting.ends_at > now and meeting.state is not MeetingState.CALLED_OFF
    ]


def _is_coming(signup: OwnSignup) -> bool:
    return signup.can_withdraw


def _by_date(signups: Iterable[OwnSignup]) -> list[OwnSignup]:
    return sorted(
        signups, key=lambda each: each.meetings[0].starts_at if each.meetings else each.signup.asked_at
    )
