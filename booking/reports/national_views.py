"""The yearly national statistics of a library, for its own staff: the form, and the meetings behind it."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.clock import local_date
from booking.doors import current_visitor, staff
from booking.pages import settings_in_use
from booking.reports.file_render import File, file_of
from booking.reports.forms import YearForm
from booking.reports.national_form import form_in_use
from booking.reports.national_queries import NationalReport, national_report, own_library_or_first
from booking.reports.national_wording import national_book
from booking.reports.operations import note_export
from booking.reports.rules import statistics_year
from booking.reports.sign_wording import shown
from booking.reports.views import blueprint
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work


@blueprint.get("/staff/figures/year")
@staff(Right.SEE_OWN_FIGURES)
def show_year() -> ResponseReturnValue:
    form = YearForm(request.args)
    year, status = _year(form)
    report = _report(year)
    book = national_book(report, made_at=current_clock()())
    address = {"library": report.library.slug, "year": year}
    page = render_template(
        "reports/year.html", form=form, report=report, book=book, shown=shown, address=address
    )
    return page, status


@blueprint.get("/staff/figures/year/files/<form>")
@staff(Right.SEE_OWN_FIGURES)
def download_year(form: str) -> ResponseReturnValue:
    asked = YearForm(request.args)
    if not asked.validate():
        abort(404)
    report = _report(_year(asked)[0])
    book = national_book(report, made_at=current_clock()())
    file = file_of(book, form, current_clock(), table=request.args.get("table"))
    _note(file, report.library.id)
    return file.answer


def _year(form: YearForm) -> tuple[int, int]:
    usual = statistics_year(local_date(current_clock()()))
    if not form.validate():
        return usual, 422
    return form.year.data or usual, 200


def _report(year: int) -> NationalReport:
    own = current_visitor().libraries(Right.SEE_OWN_FIGURES)
    form = form_in_use(settings_in_use().instance)
    with reading() as (session, clock):
        library = own_library_or_first(session, request.args.get("library"), library_ids=own)
        if library is None:
            abort(404)
        return national_report(session, library=library, year=year, form=form, now=clock())


def _note(file: File, library_id: int) -> None:
    with unit_of_work() as (session, clock):
        note_export(
            session,
            clock,
            account_id=current_visitor().account_id,
            what="national",
            form=file.form,
            rows=file.rows,
            library_id=library_id,
        )
