"""The page on which an administrator sees the school breaks, and takes in new ones."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.almanac.forms import SheetForm
from booking.almanac.messages import say_break
from booking.almanac.models import SchoolBreak
from booking.almanac.operations import import_breaks
from booking.almanac.queries import breaks_from, preview_import
from booking.almanac.rules import BreakKind, changes_anything, school_year_begins
from booking.almanac.sheet import COLUMNS, LARGEST_SHEET, read_sheet
from booking.clock import local_date
from booking.doors import staff
from booking.errors import Refusal
from booking.libraries.queries import municipality_names
from booking.rights import Right
from booking.work import reading, unit_of_work

blueprint: Final = Blueprint("almanac", __name__)


@blueprint.get("/staff/school-breaks")
@staff(Right.MANAGE_LIBRARIES)
def show_breaks() -> ResponseReturnValue:
    return _breaks_page(SheetForm(formdata=None))


@blueprint.post("/staff/school-breaks")
@staff(Right.MANAGE_LIBRARIES)
def import_sheet() -> ResponseReturnValue:
    form = SheetForm()
    if not form.validate():
        return _breaks_page(form), 422
    try:
        content = form.to_content()
        if not form.is_looked_at:
            return _looked_at(form, content)
        _take_in(content)
    except Refusal as refusal:
        form.refuse(refusal)
        return _breaks_page(form), 422
    flash(gettext("The school breaks are saved."), "done")
    return redirect(url_for("almanac.show_breaks"), code=303)


def _take_in(content: bytes) -> None:
    with unit_of_work() as (session, clock):
        import_breaks(session, clock, breaks=read_sheet(content, known=municipality_names(session)))


def _looked_at(form: SheetForm, content: bytes) -> str:
    with reading() as (session, _clock):
        names = municipality_names(session)
        steps = preview_import(session, breaks=read_sheet(content, known=names))
    form.carry(content.decode("utf-8-sig"))
    return render_template(
        "almanac/looked_at.html",
        form=form,
        steps=steps,
        names=names,
        say_break=say_break,
        changes_anything=changes_anything(steps),
    )


def _breaks_page(form: SheetForm) -> str:
    with reading() as (session, clock):
        names = municipality_names(session)
        breaks = breaks_from(session, school_year_begins(local_date(clock())))
    return render_template(
        "almanac/breaks.html",
        form=form,
        municipalities=_by_municipality(names, breaks),
        say_break=say_break,
        columns=COLUMNS,
        kinds=list(BreakKind),
        most_kilobytes=LARGEST_SHEET // 1000,
    )


def _by_municipality(
    names: Mapping[str, str], breaks: Sequence[SchoolBreak]
) -> list[tuple[str, str, list[SchoolBreak]]]:
    return [
        (code, name, [each for each in breaks if each.municipality_code == code])
        for code, name in names.items()
    ]
