"""The letters about sign-ups: one for each household and act, with the way to each child's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState, Visibility
from booking.clock import Clock
from booking.consent.half_queries import half_yeses_of
from booking.consent.shared import OPEN
from booking.libraries.rules import Language, best_text
from booking.links.operations import issue_links
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.reaching import address_of
from booking.signups.agreeing import asks_besides
from booking.signups.invites import told_of_places
from booking.signups.models import Mover, Signup
from booking.signups.rules import SignupState
from booking.signups.texting import text_too

# A link that a family got still tells how it went after the last meeting, and then no more.
_LINKS_LAST_AFTER_THE_END: Final = timedelta(days=30)

_LETTERS: Final[Mapping[SignupState, str]] = {
    SignupState.AWAITING_EMAIL: "signup_awaiting_email",
    SignupState.AWAITING_GUARDIAN: "signup_awaiting_guardian",
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
    SignupState.AWAITING_GUARDIAN: "signup_guardian_silent",
}
# Where a letter's one link leads: to a question that waits for an answer, or else to the sign-up's page.
_ANSWERED_BY: Final[Mapping[SignupState, Purpose]] = {
    SignupState.AWAITING_EMAIL: Purpose.CONFIRM_EMAIL,
    SignupState.OFFERED: Purpose.OFFER,
}
# What a letter about several children is about: the first of these that holds for one of them.
_LEADING: Final = (
    SignupState.AWAITING_EMAIL,
    SignupState.OFFERED,
    SignupState.AWAITING_GUARDIAN,
    SignupState.CONFIRMED,
    SignupState.QUEUED,
)


def template_for(state: SignupState, *, before: SignupState | None, mover: Mover) -> str:
    """Return the letter that tells of a move."""
    if state is SignupState.EXPIRED:
        return _EXPIRED_LETTERS.get(before, _LETTERS[state])
    if state is SignupState.DECLINED and mover is Mover.GUARDIAN:
        return "signup_guardian_declined"
    return _LETTERS[state]


def leading(signups: Sequence[Signup]) -> Signup:
    """Return the sign-up that a letter about these is about: what waits for an answer comes first."""
    return min(signups, key=lambda each: _LEADING.index(each.state) if each.state in _LEADING else 9)


def tell_household(
    session: Session,
    clock: Clock,
    *,
    signups: Sequence[Signup],
    template: str,
    act: str,
    names_children: bool,
    code: str | None = None,
    is_first: bool = False,
    left: Sequence[Signup] = (),
    mover: Mover = Mover.FAMILY,
) -> list[str]:
    """Write one letter about the sign-ups of one household; return the secrets of the pages it leads to.

    The first of them is the one that the letter's button opens. A newer letter about the same asking takes
    the place of one that still waits; `is_first` says that there is none. `left` are places that were given
    up for these: the letter takes their dates out of the family's calendar. The letter knows who moved them:
    where staff spoke for the family, it asks what the form would have asked.
    """
    first = leading(signups)
    occasion, family = first.occasion, first.participant.family
    places = _places(session, clock, first, signups, names_children=names_children)
    facts = {
        **occasion_facts(occasion, family.language),
        "invited": invited_by_letter(session, clock, occasion),
        "child": places[0]["child"],
        "children": [place["child"] for place in places if place["child"]],
        "places": places,
        "held": sum(signup.held_until is not None for signup in signups),
        "waiting": sum(signup.state is SignupState.QUEUED for signup in signups),
        "held_until": first.held_until.isoformat() if first.held_until else None,
        "secret": places[0]["secret"],
        "code": code,
        # Of a youth's pictures the guardian is asked, in a letter of their own.
        "asks_of_pictures": first.guardian_id is None and waits_about_pictures(session, signups=signups),
        "asks_besides": mover is Mover.STAFF
        and asks_besides(occasion.activity)
        and not first.participant.is_own_contact,
        "mover": mover.value,
        "calendar": told_of_places(session, clock, signups=signups, left=left),
    }
    letter = write_letter(
        session,
        clock,
        key=f"signup:{min(each.id for each in signups)}:{act}",
        about=f"ask:{first.ask_key}",
        template=template,
        address=address_of(family),
        language=family.language,
        facts=facts,
        library_id=occasion.activity.library_id,
        is_first=is_first,
    )
    text_too(session, clock, letter=letter, signups=signups)
    return [place["secret"] for place in places if place["secret"]]


def page_link(session: Session, clock: Clock, *, signup: Signup, purpose: Purpose = Purpose.SIGNUP) -> str:
    """Return a new secret that opens the sign-up's page until a month after the last meeting."""
    return _page_links(session, clock, signup.occasion, [signup.id], purpose)[0]


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
    return _page_links(session, clock, occasion, [occasion.activity_id], Purpose.INVITED)[0]


def waits_about_pictures(session: Session, *, signups: Sequence[Signup]) -> bool:
    """Tell whether one question about pictures is left, which is asked of who has a place.

    The database is asked where the activity asks for such pictures, and nowhere else.
    """
    first = signups[0]
    has_place = any(each.state is SignupState.CONFIRMED for each in signups)
    if not has_place or OPEN.isdisjoint(first.occasion.activity.photo_channels):
        return False
    children = [each.participant_id for each in signups]
    found = half_yeses_of(session, participant_ids=children, occasion_id=first.occasion_id)
    return any(half.asked_at is None for half in found)


def meeting_facts(meeting: Meeting) -> dict[str, Any]:
    """Return what a letter tells of one date, and by which number we find it when the letter leaves."""
    return {
        "meeting": meeting.id,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "room": meeting.room,
    }


def until_the_end(occasion: Occasion, now: datetime) -> timedelta:
    """Return how long a link about the occasion lasts: until a month after its last meeting."""
    ends_at = max((meeting.ends_at for meeting in occasion.meetings), default=now)
    return max(ends_at, now) + _LINKS_LAST_AFTER_THE_END - now


def _places(
    session: Session, clock: Clock, first: Signup, signups: Sequence[Signup], *, names_children: bool
) -> list[dict[str, str | None]]:
    in_order = [first, *(each for each in signups if each is not first)]
    # Where a question waits, one link answers it for all; else each child's page has a link of its own.
    purpose = _ANSWERED_BY.get(first.state, Purpose.SIGNUP)
    led_to = in_order[:1] if purpose is not Purpose.SIGNUP else in_order
    secrets = _page_links(session, clock, first.occasion, [each.id for each in led_to], purpose)
    return [
        {
            "child": signup.participant.first_name if names_children else None,
            "state": signup.state.value,
            "secret": secret,
        }
        for signup, secret in zip(in_order, [*secrets, *([None] * len(in_order))], strict=False)
    ]


def _page_links(
    session: Session, clock: Clock, occasion: Occasion, subject_ids: Sequence[int], purpose: Purpose
) -> list[str]:
    lasts = until_the_end(occasion, clock())
    return issue_links(session, clock, purpose=purpose, subject_ids=subject_ids, lasts=lasts)
