"""Whether children for whom somebody speaks may come, and for whom an exception is made."""

from collections.abc import Sequence
from datetime import datetime

from booking.activities.models import Occasion
from booking.activities.rules import OccasionCalledOff, first_start
from booking.clock import Clock, local_date
from booking.desk.entering import DeskRequest, ReasonNeeded
from booking.errors import Refusal
from booking.people.rules import Newcomer
from booking.signups.asking import PlaceRequest
from booking.signups.fitting import check_children
from booking.signups.households import ChildrenRefused
from booking.signups.turns import check_open


def check_request(clock: Clock, occasion: Occasion, request: DeskRequest) -> Sequence[Newcomer]:
    """Return what is told of each child, as it is kept.

    Refuses ChildrenRefused with the reason for each child for whom no exception is made, or made without a
    reason; OccasionCalledOff where nobody can come.
    """
    starts_at = first_start(occasion.meetings)
    if starts_at is None or occasion.called_off_at is not None:
        raise OccasionCalledOff
    refusals, newcomers = _refused_as_asked(occasion, request, clock()), list[Newcomer]()
    try:
        newcomers = check_children(
            occasion.activity,
            _as_asked(request),
            today=local_date(clock()),
            day=local_date(starts_at),
            excepted=request.exceptions,
        )
    except ChildrenRefused as refused:
        refusals += refused.refusals
    if refusals:
        raise ChildrenRefused(sorted(refusals, key=lambda refusal: refusal[0]))
    return newcomers


def _refused_as_asked(occasion: Occasion, request: DeskRequest, now: datetime) -> list[tuple[int, Refusal]]:
    closed = _why_closed(occasion, now)
    refusals: list[tuple[int, Refusal]] = []
    for child in request.children:
        if child.number in request.exceptions:
            refusals += [] if request.exceptions[child.number] else [(child.number, ReasonNeeded())]
        elif closed is not None:
            refusals.append((child.number, closed))
    return refusals


def _why_closed(occasion: Occasion, now: datetime) -> Refusal | None:
    try:
        check_open(occasion, now)
    except Refusal as refusal:
        return refusal
    return None


def _as_asked(request: DeskRequest) -> PlaceRequest:
    return PlaceRequest(
        ask_key=request.ask_key,
        email=request.email,
        contact_name=request.contact_name,
        phone=request.phone,
        language=request.language,
        children=request.children,
        words_shown={},
    )
