"""A library's own figures, exact, for its staff."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from booking.activities.models import Meeting
from booking.clock import local_date
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.rules import best_text
from booking.participation.figures import Period, half_year_of
from booking.reports.forms import PeriodForm
from booking.reports.queries import own_figures
from booking.reports.rules import chosen_period
from booking.reports.wording import lines_of, meeting_words, written
from booking.rights import Right
from booking.work import current_clock, reading

blueprint = Blueprint("reports", __name__)


@blueprint.get("/staff/figures")
@staff(Right.SEE_OWN_FIGURES)
def show_own_figures() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    period, status = _chosen(form)
    library_ids = current_visitor().libraries(Right.SEE_OWN_FIGURES)
    with reading() as (session, clock):
        libraries = own_figures(session, library_ids=library_ids, period=period, now=clock())
    page = render_template(
        "reports/own.html",
        form=form,
        period=period,
        libraries=[(own, lines_of(own)) for own in libraries],
        meeting_words=meeting_words(),
        title_of=_title_of,
        written=written,
    )
    return page, status


def _chosen(form: PeriodForm) -> tuple[Period, int]:
    today = local_date(current_clock()())
    if form.validate():
        try:
            return chosen_period(first=form.first.data, last=form.last.data, today=today), 200
        except Refusal as refusal:
            form.refuse(refusal)
    return half_year_of(today), 422


def _title_of(meeting: Meeting) -> str:
    return str(best_text(meeting.occasion.activity.texts, current_language()).title)
