"""The page of pictures that are to be taken down, as somebody's yes has ended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.picture_operations import note_taken_down
from booking.desk.messages import TAKEN_DOWN_FOR, TAKING_DOWN
from booking.desk.operations import note_pictures_seen
from booking.desk.picture_queries import pictures_to_go
from booking.desk.views import blueprint
from booking.doors import current_visitor, staff
from booking.i18n import current_language
from booking.libraries.rules import Language
from booking.rights import Right
from booking.work import unit_of_work


@blueprint.get("/staff/pictures")
@staff(Right.SEE_SIGNUPS)
def list_pictures() -> ResponseReturnValue:
    own = _own()
    with unit_of_work() as (session, clock):
        to_do, done = pictures_to_go(session, library_ids=own, language=Language(current_language()))
        named = {each.task.library_id for each in to_do if each.child}
        note_pictures_seen(session, clock, account_id=current_visitor().account_id, library_ids=named)
    return render_template(
        "desk/pictures.html", to_do=to_do, done=done, what_to_do=TAKING_DOWN, reasons=TAKEN_DOWN_FOR
    )


@blueprint.post("/staff/pictures/<int:task_id>/done")
@staff(Right.SEE_SIGNUPS)
def pictures_are_down(task_id: int) -> ResponseReturnValue:
    account_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        note_taken_down(session, clock, task_id=task_id, library_ids=_own(), account_id=account_id)
    flash(gettext("Thank you. The family sees on its page that it is done."), "done")
    return redirect(url_for(".list_pictures"), code=303)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.SEE_SIGNUPS)
