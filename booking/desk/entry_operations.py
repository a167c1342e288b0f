"""Adding children for whom somebody speaks: by phone, at the desk, on paper."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.operations import Leave
from booking.consent.queries import current_wording
from booking.consent.rules import WordingPurpose
from booking.desk.admitting import check_request
from booking.desk.entering import AlreadyThere, DeskRequest
from booking.desk.queries import take_own_occasion
from booking.people.models import Participant
from booking.people.operations import find_or_add_family
from booking.people.rules import Newcomer, check_municipalities
from booking.signups.entering import Entered, Entry, enter
from booking.signups.households import ChildrenRefused, places_for
from booking.signups.looking import Before, Shown, look_before
from booking.signups.models import Mover, Signup
from booking.signups.moving import By, begin_together
from booking.signups.rules import Holds, SignupState
from booking.signups.turns import shorten_holds
from booking.tokens import fingerprint, new_uid


def add_at_desk(
    session: Session,
    clock: Clock,
    *,
    occasion_id: int,
    library_ids: Collection[int],
    account_id: int,
    request: DeskRequest,
    holds: Holds,
) -> Sequence[Signup]:
    """Return the children's sign-ups: they have places, or wait where none is free; a letter says the same.

    They stand or fall together: where there are places for some only, staff choose, and who is left out
    then, as there is no waiting list, is not among those returned. With a reason staff go beyond the grade,
    the age and the time for signing up for a child, and never beyond the places. The same form sent again
    returns what it led to.

    Refuses ChildrenRefused with what is about each child – what the form for families refuses, AlreadyThere,
    and ReasonNeeded for an exception without one –, PlacesForSomeOnly and OccasionFull; NotFound for another
    library's occasion.
    """
    occasion = take_own_occasion(session, occasion_id, library_ids=library_ids)
    newcomers = check_request(clock, occasion, request)
    family = find_or_add_family(
        session,
        clock,
        email=request.email,
        contact_name=request.contact_name,
        phone=request.phone,
        language=request.language,
    )
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=request.language)
    key = fingerprint(f"{occasion.id} {family.id} {request.ask_key}")[:32]
    codes = {each.municipality_code for each in newcomers}
    before = look_before(
        session,
        occasion=occasion,
        family=family,
        municipality_codes=codes,
        ask_key=key,
        shown=Shown(purpose=wording.purpose, language=wording.language, digest=wording.digest),
        now=clock(),
    )
    check_municipalities(codes, known=before.children.municipalities_known)
    repeated = before.of_this_form(key)
    if repeated:
        return repeated
    # A form that lay open until its own sign-up was over asks anew.
    shared = Entered(
        occasion=occasion,
        family=family,
        ask_key=new_uid() if before.key_is_used else key,
        leave=_leave(request, wording.id, account_id),
    )
    entries = _entries(request, newcomers, before, occasion)
    if any(entry.state is SignupState.QUEUED for entry in entries):
        shorten_holds(session, clock, occasion=occasion, holds=holds)
    return _enter(session, clock, entries, shared, request)


def _leave(request: DeskRequest, wording_id: int, account_id: int) -> Leave:
    return Leave(
        wording_id=wording_id,
        capacity=request.capacity,
        established=request.established,
        account_id=account_id,
    )


def _entries(
    request: DeskRequest, newcomers: Sequence[Newcomer], before: Before, occasion: Occasion
) -> list[Entry]:
    known = [before.children.find(each.first_name, each.birth_year) for each in newcomers]
    _check_not_there(request, known, before)
    states = _states(request, before, occasion)
    together = zip(request.children, newcomers, known, states, strict=True)
    return [
        Entry(asked=child, newcomer=newcomer, participant=participant, state=state)
        for child, newcomer, participant, state in together
        if state is not None
    ]


def _check_not_there(request: DeskRequest, known: Sequence[Participant | None], before: Before) -> None:
    there = [
        (child.number, AlreadyThere())
        for child, participant in zip(request.children, known, strict=True)
        if participant is not None and participant.id in before.live
    ]
    if there:
        raise ChildrenRefused(there)


def _states(request: DeskRequest, before: Before, occasion: Occasion) -> list[SignupState | None]:
    standings = places_for(
        len(request.children),
        capacity=occasion.capacity or 0,
        taken=before.counts.taken,
        waiting=before.counts.waiting,
        has_queue=occasion.has_queue,
        if_not_all=request.if_not_all,
    )
    # Whoever speaks for the children is there or on the phone: nothing is left to confirm.
    return [SignupState.CONFIRMED if state is SignupState.AWAITING_EMAIL else state for state in standings]


def _enter(
    session: Session, clock: Clock, entries: Sequence[Entry], shared: Entered, request: DeskRequest
) -> Sequence[Signup]:
    account_id, library_id = shared.leave.account_id, shared.occasion.activity.library_id
    signups = enter(session, clock, entries=entries, shared=shared)
    reasons = {
        signup.id: request.exceptions[entry.asked.number]
        for signup, entry in zip(signups, entries, strict=True)
        if entry.asked.number in request.exceptions
    }
    begin_together(
        session, clock, signups=signups, by=By(mover=Mover.STAFF, account_id=account_id, notes=reasons)
    )
    # One entry, however many children: each one's own history tells who added it, and why.
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="signup_added",
        subject="signup",
        subject_id=signups[0].id,
        account_id=account_id,
        library_id=library_id,
        facts={
            "occasion_id": shared.occasion.id,
            "signup_ids": [signup.id for signup in signups],
            "exceptions": len(reasons),
        },
    )
    return signups
