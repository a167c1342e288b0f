"""What the project sets itself: entered by whoever coordinates, for a half-year, a library or all of them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.clock import local_date
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.libraries.models import Library
from booking.libraries.queries import all_libraries
from booking.participation.figures import Period, half_year_of
from booking.participation.metrics import METRICS
from booking.reports.halves import half_called, half_code, halves_to_set
from booking.reports.metric_messages import METRIC_WORDS, UNIT_WORDS
from booking.reports.operations import set_targets
from booking.reports.region_wording import half_words
from booking.reports.target_forms import TARGETED, TargetsForm
from booking.reports.target_queries import targets_of
from booking.reports.target_wording import written_amount
from booking.reports.views import blueprint
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work


@blueprint.get("/staff/figures/targets")
@staff(Right.SET_TARGETS)
def show_targets() -> ResponseReturnValue:
    period = _period()
    with reading() as (session, _clock):
        library = _library(session)
        kept = targets_of(session, period=period, library_id=library.id if library else None)
    form = TargetsForm(formdata=None, data={code: written_amount(amount) for code, amount in kept.items()})
    return _page(form, period, library)


@blueprint.post("/staff/figures/targets")
@staff(Right.SET_TARGETS)
def save_targets() -> ResponseReturnValue:
    form, period = TargetsForm(), _period()
    with reading() as (session, _clock):
        library = _library(session)
    if not form.validate():
        return _page(form, period, library), 422
    try:
        _save(form, period, library)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, period, library), 422
    flash(gettext("The targets are saved."), "done")
    slug = library.slug if library else None
    return redirect(url_for(".show_targets", half=half_code(period), library=slug), code=303)


def _save(form: TargetsForm, period: Period, library: Library | None) -> None:
    with unit_of_work() as (session, clock):
        set_targets(
            session,
            clock,
            library_id=library.id if library else None,
            period=period,
            amounts=form.to_amounts(),
            account_id=current_visitor().account_id,
        )


def _page(form: TargetsForm, period: Period, library: Library | None) -> str:
    with reading() as (session, clock):
        libraries = all_libraries(session)
        halves = halves_to_set(local_date(clock()))
    return render_template(
        "reports/targets.html",
        form=form,
        half=half_code(period),
        half_name=half_words(period),
        halves=[(half_code(each), half_words(each)) for each in halves],
        library=library,
        libraries=libraries,
        fields=[
            (form[code], gettext(METRIC_WORDS[code][0]), gettext(UNIT_WORDS[METRICS[code].unit]))
            for code in TARGETED
        ],
    )


def _period() -> Period:
    asked = request.args.get("half")
    period = half_called(asked) if asked else half_year_of(local_date(current_clock()()))
    if period is None:
        abort(404)
    return period


def _library(session: Session) -> Library | None:
    slug = request.args.get("library")
    if not slug:
        return None
    found = next((each for each in all_libraries(session) if each.slug == slug), None)
    return found or abort(404)
