"""Adding a child for whom somebody speaks: by phone, at the desk, on paper."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.rules import OccasionCalledOff, first_start
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.consent.operations import Leave
from booking.consent.queries import current_wording
from booking.consent.rules import WordingPurpose
from booking.desk.entering import AlreadyThere, DeskRequest, ReasonNeeded
from booking.desk.queries import take_own_occasion
from booking.people.operations import find_or_add_family
from booking.people.rules import Newcomer, check_municipalities
from booking.signups.asking import PlaceRequest
from booking.signups.entering import Entered, Entry, enter
from booking.signups.fitting import check_children
from booking.signups.households import ChildrenRefused, places_for
from booking.signups.looking import Before, Shown, look_before
from booking.signups.models import Mover, Signup
from booking.signups.moving import By, begin_together
from booking.signups.rules import SignupState
from booking.signups.turns import check_open
from booking.tokens import fingerprint


def add_at_desk(
    session: Session,
    clock: Clock,
    *,
    occasion_id: int,
    library_ids: Collection[int],
    account_id: int,
    request: DeskRequest,
) -> Signup:
    """Return the child's sign-up: it has a place, or it waits where none is free; a letter says the same.

    With a reason staff go beyond the grade, the age and the time for signing up, and never beyond the places.
    Refuses what the form for families refuses, AlreadyThere, and ReasonNeeded for an exception without one;
    NotFound for another library's occasion.
    """
    occasion = take_own_occasion(session, occasion_id, library_ids=library_ids)
    newcomer = _check(clock, occasion, request)
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
    before = look_before(
        session,
        occasion=occasion,
        family=family,
        municipality_codes={newcomer.municipality_code},
        ask_key=key,
        shown=Shown(purpose=wording.purpose, language=wording.language, digest=wording.digest),
        now=clock(),
    )
    check_municipalities({newcomer.municipality_code}, known=before.children.municipalities_known)
    repeated = before.of_this_form(key)
    if repeated:
        return repeated[0]
    leave = _leave(request, wording.id, account_id)
    shared = Entered(occasion=occasion, family=family, ask_key=key, leave=leave)
    entry = _entry(request, newcomer, before, occasion)
    return _enter(session, clock, entry, shared, request)


def _check(clock: Clock, occasion: Occasion, request: DeskRequest) -> Newcomer:
    if request.is_exception and not request.reason:
        raise ReasonNeeded
    starts_at = first_start(occasion.meetings)
    if starts_at is None or occasion.called_off_at is not None:
        raise OccasionCalledOff
    day = None if request.is_exception else local_date(check_open(occasion, clock()))
    asked = PlaceRequest(
        ask_key=request.ask_key,
        email=request.email,
        contact_name=request.contact_name,
        phone=request.phone,
        language=request.language,
        children=(request.child,),
        words_shown={},
    )
    try:
        return check_children(occasion.activity, asked, today=local_date(clock()), day=day)[0]
    except ChildrenRefused as refused:
        # The form is about one child: the reason stands beside its own field.
        raise refused.refusals[0][1] from None


def _leave(request: DeskRequest, wording_id: int, account_id: int) -> Leave:
    return Leave(
        wording_id=wording_id,
        capacity=request.capacity,
        established=request.established,
        account_id=account_id,
    )


def _entry(request: DeskRequest, newcomer: Newcomer, before: Before, occasion: Occasion) -> Entry:
    known = before.children.find(newcomer.first_name, newcomer.birth_year)
    if known is not None and known.id in before.live:
        raise AlreadyThere
    state = _state(occasion, before)
    return Entry(asked=request.child, newcomer=newcomer, participant=known, state=state)


def _enter(session: Session, clock: Clock, entry: Entry, shared: Entered, request: DeskRequest) -> Signup:
    account_id = shared.leave.account_id
    signup = enter(session, clock, entries=[entry], shared=shared)[0]
    by = By(mover=Mover.STAFF, account_id=account_id, note=request.reason)
    begin_together(session, clock, signups=[signup], by=by)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="signup_added",
        subject="signup",
        subject_id=signup.id,
        account_id=account_id,
        library_id=shared.occasion.activity.library_id,
        facts={"occasion_id": shared.occasion.id, "exception": request.is_exception},
    )
    return signup


def _state(occasion: Occasion, before: Before) -> SignupState:
    standings = places_for(
        1,
        capacity=occasion.capacity or 0,
        taken=before.counts.taken,
        waiting=before.counts.waiting,
        has_queue=occasion.has_queue,
        if_not_all=None,
    )
    # Whoever speaks for the child is there or on the phone: nothing is left to confirm.
    return SignupState.QUEUED if standings[0] is SignupState.QUEUED else SignupState.CONFIRMED
