"""The pages that show figures: a library's own, and what everybody may know."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from booking.activities.models import Meeting
from booking.clock import local_date
from booking.doors import current_visitor, public, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.rules import best_text
from booking.participation.figures import Period, half_year_of
from booking.reports.forms import PeriodForm
from booking.reports.queries import SafeFigures, own_figures, safe_figures
from booking.reports.rules import all_together, chosen_period
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


@blueprint.get("/staff/figures/all")
@staff(Right.SEE_ALL_FIGURES)
def show_all_figures() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    period, status = _chosen(form)
    with reading() as (session, clock):
        libraries = safe_figures(session, period=period, now=clock())
    return _safe_page("reports/all.html", libraries, period, form=form), status


@blueprint.get("/participation")
@public
def show_participation() -> ResponseReturnValue:
    # Everybody gets the same breakdown: two periods of one's own choosing could be held against each other.
    period = half_year_of(local_date(current_clock()()))
    with reading() as (session, clock):
        libraries = safe_figures(session, period=period, now=clock())
    return _safe_page("reports/participation.html", libraries, period)


def _chosen(form: PeriodForm) -> tuple[Period, int]:
    today = local_date(current_clock()())
    if form.validate():
        try:
            return chosen_period(first=form.first.data, last=form.last.data, today=today), 200
        except Refusal as refusal:
            form.refuse(refusal)
    return half_year_of(today), 422


def _safe_page(
    template: str, libraries: Sequence[SafeFigures], period: Period, form: PeriodForm | None = None
) -> str:
    return render_template(
        template,
        form=form,
        period=period,
        libraries=libraries,
        total=all_together([each.meetings for each in libraries]),
        meeting_words=meeting_words(),
        written=written,
    )


def _title_of(meeting: Meeting) -> str:
    return str(best_text(meeting.occasion.activity.texts, current_language()).title)
