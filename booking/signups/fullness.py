"""How full an occasion is, as the page with its form says it; asked anew for everyone who opens the form."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.engine import Engine

from booking.activities.models import Occasion
from booking.activities.rules import availability
from booking.direct import direct_reader
from booking.revision import Catalogue
from booking.signups.models import Signup
from booking.signups.rules import HOLDS_A_PLACE, SignupState

_OCCASION: Final = "occasion_id"


def fullness_reader(engine: Engine) -> Callable[..., str | None]:
    """Return what tells, by the occasion's number, all that its form stands on besides the minute.

    That is the programme, and how full the occasion is; nothing for an occasion that is not there.
    """
    ask = direct_reader(engine, _question())

    def read(**numbers: int) -> str | None:
        row = ask(**numbers)
        if row is None:
            return None
        programme, capacity, has_queue, taken, waiting = row
        full = availability(capacity=capacity or 0, taken=taken, waiting=waiting, has_queue=bool(has_queue))
        return f"{programme} {full.value}"

    return read


def number_in(states: frozenset[SignupState], occasion: BindParameter[int]) -> ScalarSelect[int]:
    """Return what counts an occasion's sign-ups in these states, and touches no others."""
    counted = bindparam(None, sorted(states), expanding=True, literal_execute=True, type_=Signup.state.type)
    stands: ColumnElement[bool] = Signup.state.in_(counted)
    of_it = select(func.count(Signup.id)).where(Signup.occasion_id == occasion, stands)
    return of_it.correlate(None).scalar_subquery()


def _question() -> Select[*tuple[Any, ...]]:
    asked: BindParameter[int] = bindparam(_OCCASION, 0)
    taken, waiting = number_in(HOLDS_A_PLACE, asked), number_in(frozenset({SignupState.QUEUED}), asked)
    return (
        select(Catalogue.programme, Occasion.capacity, Occasion.has_queue, taken, waiting)
        .select_from(Occasion)
        .join(Catalogue, Catalogue.id == Catalogue.id)
        .where(Occasion.id == asked)
    )
