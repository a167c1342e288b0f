"""Activities from a sheet: each row's fate is shown, and then what can be is put up as drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.activities.dates import Slot, check_in_reach, weekly
from booking.activities.operations import add_activity
from booking.activities.queries import titles_and_starts
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import say
from booking.libraries.queries import all_libraries
from booking.planner.looking import Look, look_at
from booking.planner.queries import Surroundings, surroundings
from booking.planner.sheet import COLUMNS, LARGEST_SHEET, NEEDED, as_csv, read_sheet
from booking.planner.sheet_forms import RowForm, SheetForm, row_form
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.work import reading, unit_of_work


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of a row: a draft with these dates, nothing as it is there, or why it cannot be."""

    number: int
    title: str
    looks: Sequence[Look]
    is_there: bool
    problems: Sequence[str]

    @property
    def is_new(self) -> bool:
        """Tell whether the row becomes a draft."""
        return not self.is_there and not self.problems


@blueprint.get("/staff/activities/sheet")
@staff(Right.PLAN_ACTIVITIES)
def show_sheet() -> ResponseReturnValue:
    return _page(SheetForm(formdata=None))


@blueprint.post("/staff/activities/sheet")
@staff(Right.PLAN_ACTIVITIES)
def read_activities() -> ResponseReturnValue:
    form = SheetForm()
    if not form.validate():
        return _page(form), 422
    if form.library_id.data not in own_libraries():
        abort(404)
    try:
        rows = read_sheet(form.to_content())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form), 422
    if not form.is_looked_at:
        return _looked_at(form, rows)
    return _done(_put_up(rows, form.library_id.data or 0))


def _looked_at(form: SheetForm, rows: list[dict[str, str]]) -> str:
    form.carry(as_csv(rows))
    library_id = form.library_id.data or 0
    forms = [row_form(row, library_id) for row in rows]
    with reading() as (session, clock):
        known, now = titles_and_starts(session, library_id=library_id), clock()
        slots = [slot for each in forms if not _problems(each, now) for slot in weekly(each.thought)]
        who, own = current_visitor().account_id, own_libraries()
        around = (
            surroundings(session, slots=slots, library_id=library_id, responsible_id=who, own=own)
            if slots
            else None
        )
    fates = _fates(forms, known=known, now=now, around=around)
    return render_template("planner/sheet_looked_at.html", form=form, fates=fates)


def _put_up(rows: list[dict[str, str]], library_id: int) -> int:
    forms = [row_form(row, library_id) for row in rows]
    with unit_of_work() as (session, clock):
        known = titles_and_starts(session, library_id=library_id)
        fates = _fates(forms, known=known, now=clock())
        new = [form for form, fate in zip(forms, fates, strict=True) if fate.is_new]
        for form in new:
            form.responsible_id.data = current_visitor().account_id
            add_activity(session, clock, library_id=library_id, plan=form.to_plan())
    return len(new)


def _fates(
    forms: Sequence[RowForm],
    *,
    known: set[tuple[str, datetime]],
    now: datetime,
    around: Surroundings | None = None,
) -> list[Fate]:
    """Return what becomes of each row; one that stands there twice is there already the second time."""
    fates = []
    for number, form in enumerate(forms, start=2):
        problems = _problems(form, now)
        slots = [] if problems else weekly(form.thought)
        what = (form.title.data or "", slots[0].starts_at) if slots else None
        fates.append(
            Fate(
                number=number,
                title=form.title.data or "–",
                looks=_looks(form, slots, around) if around else [],
                is_there=what in known,
                problems=problems,
            )
        )
        known |= {what} if what else set()
    return fates


def _problems(form: RowForm, now: datetime) -> list[str]:
    problems = [say(line.error) for line in form.error_lines]
    if not problems:
        try:
            check_in_reach(form.thought.first_on, now)
        except Refusal as refusal:
            problems.append(say(refusal))
    return list(dict.fromkeys(problems))


def _looks(form: RowForm, slots: Sequence[Slot], around: Surroundings) -> list[Look]:
    return look_at(
        slots,
        special=around.special,
        busy=[each for _number, each in around.busy],
        room=form.room.data or "",
        responsible_id=current_visitor().account_id,
    )


def _page(form: SheetForm) -> str:
    with reading() as (session, _clock):
        libraries = [
            (str(each.id), each.name) for each in all_libraries(session) if each.id in own_libraries()
        ]
    columns = [(names[0], name in NEEDED) for name, names in COLUMNS.items()]
    return render_template(
        "planner/sheet.html",
        form=form,
        libraries=libraries,
        columns=columns,
        most_kilobytes=LARGEST_SHEET // 1000,
    )


def _done(added: int) -> ResponseReturnValue:
    words = ngettext("%(num)s draft is put up.", "%(num)s drafts are put up.", added)
    flash(words, "done")
    return redirect(url_for(".list_own"), code=303)
