"""The pages by which staff act on a sign-up for a family that asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.models import Occasion
from booking.activities.queries import get_own_occasion
from booking.activities.rules import MeetingState
from booking.consent.rules import Established
from booking.consent.seal import seal_of
from booking.desk.act_operations import AtDesk, Moved, confirm_at_desk, move_to_occasion, withdraw_at_desk
from booking.desk.forms import LeaveForm, MoveForm, ReasonForm
from booking.desk.messages import WAYS_OF_LEAVE
from booking.desk.operations import note_look
from booking.desk.queries import occasions_to_move_to
from booking.desk.views import blueprint
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language, when
from booking.libraries.rules import Language, best_text
from booking.pages import settings_in_use
from booking.rights import Right
from booking.signups.holding import holds_of
from booking.signups.queries import get_signup_of
from booking.work import unit_of_work

_FORMS: Final[Mapping[str, type[ReasonForm]]] = {
    "confirm": LeaveForm,
    "withdraw": ReasonForm,
    "move": MoveForm,
}
# What staff do with a sign-up that is there.
_ACT: Final = "/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>/<any(confirm, withdraw, move):act>"


@blueprint.get(_ACT)
@staff(Right.SEE_SIGNUPS)
def show_act(occasion_id: int, signup_id: int, act: str) -> ResponseReturnValue:
    return _act_page(_FORMS[act](formdata=None), occasion_id, signup_id, act)


@blueprint.post(_ACT)
@staff(Right.SEE_SIGNUPS)
def do_act(occasion_id: int, signup_id: int, act: str) -> ResponseReturnValue:
    form = _FORMS[act]()
    if not form.validate():
        return _act_page(form, occasion_id, signup_id, act), 422
    try:
        now_at = _act(form, occasion_id, signup_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _act_page(form, occasion_id, signup_id, act), 422
    flash(gettext("Done. The family is told by letter."), "done")
    return redirect(_details(*now_at), code=303)


def _act(form: ReasonForm, occasion_id: int, signup_id: int) -> tuple[int, int]:
    holds = holds_of(settings_in_use())
    desk = AtDesk(
        account_id=current_visitor().account_id,
        library_ids=_own(),
        occasion_id=occasion_id,
        signup_id=signup_id,
        note=form.note,
    )
    with unit_of_work() as (session, clock):
        if isinstance(form, LeaveForm):
            how = Established(form.established.data)
            confirm_at_desk(session, clock, desk=desk, established=how, holds=holds)
        elif isinstance(form, MoveForm):
            moved = move_to_occasion(
                session, clock, desk=desk, to=form.occasion_id, holds=holds, seal=seal_of(settings_in_use())
            )
            _tell_what_stayed(moved)
            return moved.signup.occasion_id, moved.signup.id
        else:
            withdraw_at_desk(session, clock, desk=desk, holds=holds)
    return occasion_id, signup_id


def _tell_what_stayed(moved: Moved) -> None:
    if moved.asks_needs_again:
        flash(
            gettext("What the child needs did not go along. Ask the family, and write it down anew."),
            "problem",
        )


def _act_page(form: ReasonForm, occasion_id: int, signup_id: int, act: str) -> str:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        signup = get_signup_of(session, signup_id, occasion_id=occasion_id)
        now = clock()
        note_look(session, clock, occasion=occasion, account_id=current_visitor().account_id, signup=signup)
        others = occasions_to_move_to(
            session, clock, library_id=occasion.activity.library_id, but=occasion_id
        )
    if isinstance(form, LeaveForm):
        form.established.choices = [(way.value, gettext(words)) for way, words in WAYS_OF_LEAVE.items()]
    if isinstance(form, MoveForm):
        form.to.choices = [(str(each.id), _named(each, now)) for each in others]
    return render_template("desk/act.html", form=form, occasion=occasion, signup=signup, act=act)


def _named(occasion: Occasion, now: datetime) -> str:
    title = best_text(occasion.activity.texts, _language()).title
    coming = [
        each
        for each in occasion.meetings
        if each.starts_at > now and each.state is not MeetingState.CALLED_OFF
    ]
    first = min(coming, key=lambda each: each.starts_at)
    return f"{title} – {when(first.starts_at, first.ends_at)}"


def _details(occasion_id: int, signup_id: int) -> str:
    return url_for(".show_details", occasion_id=occasion_id, signup_id=signup_id)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.SEE_SIGNUPS)


def _language() -> Language:
    return Language(current_language())
