"""The page of a guardian whose child just came: what it is, and yes or no."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.attendance.leave_operations import guardian_answers_no, guardian_answers_yes
from booking.attendance.views import blueprint
from booking.attendance.walk_in_forms import LeaveAnswerForm
from booking.attendance.walk_in_queries import get_asked_for, is_erased
from booking.attendance.wording import title_of
from booking.consent.queries import current_wording
from booking.consent.rules import WordingPurpose
from booking.doors import link_holder
from booking.errors import NotFound, Refusal
from booking.i18n import current_language
from booking.libraries.rules import Language
from booking.limits import limiter
from booking.links.queries import find_ended_link, follow_link
from booking.links.rules import Purpose
from booking.work import reading, unit_of_work


@blueprint.get("/walk-ins/<token>")
@link_holder
def show_leave_page(token: str) -> ResponseReturnValue:
    return _is_over(token) or _page(token, LeaveAnswerForm(formdata=None))


@blueprint.post("/walk-ins/<token>/yes")
@link_holder
@limiter.limit("30/hour")
def say_yes(token: str) -> ResponseReturnValue:
    form = LeaveAnswerForm()
    if not form.validate():
        return _is_over(token) or (_page(token, form), 422)
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.WALK_IN, secret=token)
            said = form.to_said(Language(current_language()))
            guardian_answers_yes(session, clock, link=link, said=said, digest=form.digest.data or "")
    except NotFound:
        # Read before midnight, and answered after it.
        return _is_over(token) or abort(404)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(token, form), 422
    return redirect(url_for(".show_leave_page", token=token), code=303)


@blueprint.post("/walk-ins/<token>/no")
@link_holder
@limiter.limit("30/hour")
def say_no(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.WALK_IN, secret=token)
            guardian_answers_no(session, clock, link=link)
    except NotFound:
        return _is_over(token) or abort(404)
    return redirect(url_for(".show_leave_page", token=token), code=303)


def _is_over(token: str) -> ResponseReturnValue | None:
    """Answer who comes after the name was erased: that the child was welcome, and that nothing is kept."""
    with reading() as (session, clock):
        link = find_ended_link(session, clock, purpose=Purpose.WALK_IN, secret=token)
        if link is None or not is_erased(session, link.subject_id):
            return None
    return render_template("attendance/leave_over.html"), 410


def _page(token: str, form: LeaveAnswerForm) -> str:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.WALK_IN, secret=token)
        walk_in = get_asked_for(session, link.subject_id)
        wording = current_wording(
            session, purpose=WordingPurpose.PERMISSION, language=Language(current_language())
        )
    form.show(wording.digest)
    return render_template(
        "attendance/leave.html",
        form=form,
        walk_in=walk_in,
        title=title_of(walk_in.meeting),
        words=wording.words,
        token=token,
    )
