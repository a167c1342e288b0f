"""The pages of staff: who is signed up, and the details of one of them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking.activities.queries import get_own_occasion
from booking.desk.operations import note_look
from booking.doors import current_visitor, staff
from booking.i18n import current_language
from booking.libraries.rules import Language
from booking.rights import Right
from booking.signups.messages import MOVERS, STANDINGS
from booking.signups.queries import get_signup_of, register_of
from booking.signups.rules import IS_LIVE
from booking.signups.showing import roll_of
from booking.work import unit_of_work

blueprint = Blueprint("desk", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for where a sign-up stands, and who moved it."""
    return {"standings": STANDINGS, "movers": MOVERS}


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups")
@staff(Right.SEE_SIGNUPS)
def list_signups(occasion_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.SEE_SIGNUPS))
        signups = register_of(session, occasion_id)
        note_look(session, clock, occasion=occasion, account_id=current_visitor().account_id)
        roll = roll_of(occasion, signups, language=_language(), now=clock())
    return render_template("desk/list.html", roll=roll)


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>")
@staff(Right.SEE_SIGNUPS)
def show_details(occasion_id: int, signup_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.SEE_SIGNUPS))
        signup = get_signup_of(session, signup_id, occasion_id=occasion_id)
        account_id = current_visitor().account_id
        note_look(session, clock, occasion=occasion, account_id=account_id, signup_id=signup_id)
    return render_template(
        "desk/details.html", signup=signup, occasion=occasion, is_live=signup.state in IS_LIVE
    )


def _own(right: Right) -> frozenset[int]:
    return current_visitor().libraries(right)


def _language() -> Language:
    return Language(current_language())
