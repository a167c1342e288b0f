"""A library's own figures, exact, for its staff: any days, and any part of what it does."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.clock import local_date
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.libraries.models import Library
from booking.libraries.queries import all_libraries
from booking.participation.figures import Period, Scope, half_year_of
from booking.reports.file_render import file_of
from booking.reports.forms import ScopeForm
from booking.reports.operations import note_export
from booking.reports.own_book_wording import own_book
from booking.reports.own_picture_wording import own_pictures
from booking.reports.own_queries import OwnReport, own_report
from booking.reports.own_wording import days_of, parts_of
from booking.reports.rules import LEFT_OUT, chosen_period
from booking.reports.scope_wording import activity_title, choices_of, not_known
from booking.reports.sign_wording import shown
from booking.reports.target_queries import targets_of
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work

blueprint = Blueprint("reports", __name__)

# What links to the same figures carry on: an address may say anything else, and means nothing by it.
_CHOSEN: Final = ("library", "from", "to", "activity", "kind", "sector")


@dataclass(frozen=True, kw_only=True)
class _Own:
    """What stands on the page of a library's own figures, and how it was asked for."""

    form: ScopeForm
    report: OwnReport
    libraries: list[Library]
    targets: dict[str, Decimal]
    status: int


@blueprint.get("/staff/figures")
@staff(Right.SEE_OWN_FIGURES)
def show_own_figures() -> ResponseReturnValue:
    return _own_page("reports/own.html")


@blueprint.get("/staff/figures/sheet")
@staff(Right.SEE_OWN_FIGURES)
def show_own_sheet() -> ResponseReturnValue:
    return _own_page("reports/own_sheet.html")


@blueprint.get("/staff/figures/files/<form>")
@staff(Right.SEE_OWN_FIGURES)
def download_own_figures(form: str) -> ResponseReturnValue:
    own = _own()
    if own.form.error_lines:
        abort(404)
    book = own_book(own.report, own.targets, made_at=current_clock()())
    file = file_of(book, form, current_clock(), table=request.args.get("table"))
    who, where = current_visitor().account_id, own.report.library.id
    with unit_of_work() as (session, clock):
        told: dict[str, Any] = {"what": "own", "form": file.form, "rows": file.rows}
        note_export(session, clock, account_id=who, library_id=where, **told)
    return file.answer


def _own_page(template: str) -> tuple[str, int]:
    own = _own()
    page = render_template(
        template,
        form=own.form,
        report=own.report,
        libraries=own.libraries,
        days=days_of(own.report.scope.period),
        parts=parts_of(own.report, own.targets),
        pictures=own_pictures(own.report, local_date(current_clock()())),
        book=own_book(own.report, own.targets, made_at=current_clock()()),
        choices=choices_of(own.report),
        not_known=not_known(),
        title_of=activity_title,
        shown=shown,
        address={name: request.args[name] for name in _CHOSEN if request.args.get(name)},
    )
    return page, own.status


def _own() -> _Own:
    form = ScopeForm(request.args)
    period, status = _chosen(form)
    mine = current_visitor().libraries(Right.SEE_OWN_FIGURES)
    with reading() as (session, clock):
        libraries = [library for library in all_libraries(session) if library.id in mine]
        asked = request.args.get("library")
        library = next((each for each in libraries if asked in {None, "", each.slug}), None)
        if library is None:
            abort(404)
        scope = _scope(None if form.error_lines else form, library, period)
        report = own_report(session, library=library, scope=scope, now=clock())
        targets = targets_of(session, period=period, library_id=library.id) if _is_whole(scope) else {}
    return _Own(form=form, report=report, libraries=libraries, targets=targets, status=status)


def _is_whole(scope: Scope) -> bool:
    # What the project set itself is about everything that a library does, not about a part of it.
    return scope.activity_ids is None and scope.kinds is None and scope.partner_sectors is None


def _scope(form: ScopeForm | None, library: Library, period: Period) -> Scope:
    chosen = form.to_scope() if form else {}
    return Scope(library_ids=[library.id], period=period, leaving_out=LEFT_OUT, **chosen)


def _chosen(form: ScopeForm) -> tuple[Period, int]:
    today = local_date(current_clock()())
    if form.validate():
        try:
            return chosen_period(first=form.first.data, last=form.last.data, today=today), 200
        except Refusal as refusal:
            form.refuse(refusal)
    return half_year_of(today), 422
