"""Asking for a place, and giving places on when nobody answered in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.activities.audience import audience_of, check_may_come
from booking.activities.models import Occasion
from booking.clock import Clock, local_date
from booking.consent.models import Wording
from booking.consent.operations import record_permission
from booking.consent.queries import wording_shown
from booking.consent.rules import Capacity, Established, WordingPurpose
from booking.people.models import Participant
from booking.people.operations import find_or_add_family, find_or_add_participant
from booking.signups.asking import Answer, PlaceRequest
from booking.signups.models import Signup
from booking.signups.moving import begin, tell_again
from booking.signups.queries import (
    Counts,
    get_signup,
    look_before,
    occasions_with_late_answers,
    occasions_with_queues,
    take_occasion,
)
from booking.signups.rules import Holds, SignupState, check_unanswered, hold_until, place_or_queue
from booking.signups.turns import check_open, end_late, offer_free_places
from booking.tokens import fingerprint, new_uid


@dataclass(frozen=True, kw_only=True)
class _Newcomer:
    occasion: Occasion
    child: Participant
    ask_key: str
    wording: Wording


def request_place(
    session: Session, clock: Clock, *, occasion: Occasion, request: PlaceRequest, holds: Holds
) -> Answer:
    """Return where the child stands: a place is held, or it waits; a letter says the same.

    The occasion comes from `take_occasion`, so nobody else counts its places meanwhile. The same form
    sent again is answered as before. A child that is signed up already is answered as if it were new,
    and only a letter tells the owner of the address. Refuses what the window, the audience, the names,
    the words of the permission, too many unanswered letters, or a full occasion without a queue refuse.
    """
    starts_at = _check_open_for(occasion, request.birth_year, clock())
    child = _find_child(session, clock, request)
    ask_key = fingerprint(f"{occasion.id} {child.family_id} {request.ask_key}")[:32]
    before = look_before(session, occasion_id=occasion.id, participant=child, ask_key=ask_key, now=clock())
    live = get_signup(session, before.live_id) if before.live_id else None
    if live is not None and live.ask_key == ask_key:
        return Answer(state=live.state, held_until=live.held_until)
    # From here on known or new, a child gets the same refusals and the same answer.
    check_unanswered(before.unanswered)
    wording = wording_shown(
        session, purpose=WordingPurpose.PERMISSION, language=request.language, digest=request.wording_shown
    )
    answer = _answer_newcomer(
        occasion, before.counts, hold_until(now=clock(), hours=holds.hold_hours, starts_at=starts_at)
    )
    if live is not None:
        tell_again(session, clock, signup=live)
        return answer
    # A form that lay open until its own sign-up was over asks anew.
    key = new_uid() if before.key_is_used else ask_key
    newcomer = _Newcomer(occasion=occasion, child=child, ask_key=key, wording=wording)
    _begin(session, clock, newcomer, answer, holds)
    return answer


def end_holds(session: Session, clock: Clock) -> int:
    """Give on each place that was not answered for in time, and end queues that nothing can serve.

    Return how many sign-ups ended. Doing it twice does it once.
    """
    late = occasions_with_late_answers(session, now=clock())
    # Turns are taken in one order by everybody, so that no two wait for each other.
    in_order = sorted({*late, *occasions_with_queues(session)})
    return sum(
        end_late(session, clock, occasion=take_occasion(session, occasion_id)) for occasion_id in in_order
    )


def serve_queues(session: Session, clock: Clock, *, holds: Holds) -> int:
    """Offer every free place for which somebody waits; return how many were offered. Twice is once."""
    return sum(
        offer_free_places(session, clock, occasion=take_occasion(session, occasion_id), holds=holds)
        for occasion_id in occasions_with_queues(session)
    )


def _check_open_for(occasion: Occasion, birth_year: int, now: datetime) -> datetime:
    starts_at = check_open(occasion, now)
    activity = occasion.activity
    audience = audience_of(
        grade_from=activity.grade_from,
        grade_to=activity.grade_to,
        age_from=activity.age_from,
        age_to=activity.age_to,
    )
    check_may_come(audience, birth_year, local_date(starts_at))
    return starts_at


def _find_child(session: Session, clock: Clock, request: PlaceRequest) -> Participant:
    family = find_or_add_family(
        session,
        clock,
        email=request.email,
        contact_name=request.contact_name,
        phone=request.phone,
        language=request.language,
    )
    return find_or_add_participant(
        session,
        clock,
        family=family,
        first_name=request.first_name,
        last_name=None,
        birth_year=request.birth_year,
        municipality_code=request.municipality_code,
    )


def _answer_newcomer(occasion: Occasion, counts: Counts, until: datetime) -> Answer:
    state = place_or_queue(
        capacity=occasion.capacity or 0,
        taken=counts.taken,
        waiting=counts.waiting,
        has_queue=occasion.has_queue,
    )
    return Answer(state=state, held_until=None if state is SignupState.QUEUED else until)


def _begin(session: Session, clock: Clock, newcomer: _Newcomer, answer: Answer, holds: Holds) -> None:
    record_permission(
        session,
        clock,
        participant=newcomer.child,
        occasion_id=newcomer.occasion.id,
        language=newcomer.wording.language,
        capacity=Capacity.PARENT,
        established=Established.SELF_DECLARED,
        wording=newcomer.wording,
    )
    signup = Signup(
        occasion=newcomer.occasion,
        participant=newcomer.child,
        uid=new_uid(),
        ask_key=newcomer.ask_key,
        state=answer.state,
        asked_at=clock(),
        held_until=answer.held_until,
        changed_at=clock(),
    )
    begin(session, clock, signup=signup)
    if answer.state is SignupState.QUEUED:
        _shorten_holds(session, newcomer.occasion, clock(), holds)


def _shorten_holds(session: Session, occasion: Occasion, now: datetime, holds: Holds) -> None:
    # Somebody waits from now on: the letters said that a place is then held for a shorter time.
    until = now + timedelta(hours=holds.hold_hours_while_others_wait)
    session.execute(
        update(Signup)
        .where(
            Signup.occasion_id == occasion.id,
            Signup.state == SignupState.AWAITING_EMAIL,
            Signup.held_until > until,
        )
        .values(held_until=until)
        .execution_options(synchronize_session="fetch")
    )
