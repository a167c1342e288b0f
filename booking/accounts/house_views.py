"""The pages about the house itself: its libraries, and the record of who did what."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.accounts.library_forms import LibraryForm
from booking.accounts.messages import ACTION_NAMES, ACTOR_NAMES, SUBJECT_NAMES
from booking.accounts.views import blueprint
from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import record
from booking.audit.queries import recent_entries
from booking.clock import Clock
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.libraries.models import Library
from booking.libraries.operations import add_library, change_library
from booking.libraries.queries import all_libraries, get_library
from booking.libraries.rules import LibraryFacts
from booking.rights import Right
from booking.staff.queries import names_of
from booking.work import reading, unit_of_work

_ON_A_PAGE: Final = 50


@blueprint.get("/staff/libraries")
@staff(Right.MANAGE_LIBRARIES)
def list_libraries() -> ResponseReturnValue:
    with reading() as (session, _clock):
        libraries = all_libraries(session)
    return render_template("libraries/libraries.html", libraries=libraries)


@blueprint.get("/staff/libraries/new")
@staff(Right.MANAGE_LIBRARIES)
def show_new_library() -> ResponseReturnValue:
    return render_template("libraries/library.html", form=LibraryForm(formdata=None), library=None)


@blueprint.post("/staff/libraries")
@staff(Right.MANAGE_LIBRARIES)
def save_new_library() -> ResponseReturnValue:
    form = LibraryForm()
    if not form.validate():
        return _library_page(form, None), 422
    try:
        library = _added(form.to_facts())
    except Refusal as refusal:
        form.refuse(refusal)
        return _library_page(form, None), 422
    flash(gettext("%(library)s is added.", library=library.name), "done")
    return redirect(url_for("accounts.list_libraries"), code=303)


def _added(facts: LibraryFacts) -> Library:
    with unit_of_work() as (session, clock):
        library = add_library(session, clock, facts=facts)
        _note_library(session, clock, "added_library", library)
    return library


@blueprint.get("/staff/libraries/<int:library_id>")
@staff(Right.MANAGE_LIBRARIES)
def show_library(library_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        library = get_library(session, library_id)
    return _library_page(LibraryForm(formdata=None, data=_told(library)), library)


@blueprint.post("/staff/libraries/<int:library_id>")
@staff(Right.MANAGE_LIBRARIES)
def save_library(library_id: int) -> ResponseReturnValue:
    form = LibraryForm()
    with reading() as (session, _clock):
        library = get_library(session, library_id)
    if not form.validate():
        return _library_page(form, library), 422
    try:
        _change(library_id, form.to_facts())
    except Refusal as refusal:
        form.refuse(refusal)
        return _library_page(form, library), 422
    flash(gettext("%(library)s is changed.", library=form.name.data), "done")
    return redirect(url_for("accounts.list_libraries"), code=303)


def _change(library_id: int, facts: LibraryFacts) -> None:
    with unit_of_work() as (session, clock):
        library = get_library(session, library_id)
        if change_library(session, clock, library=library, facts=facts):
            _note_library(session, clock, "changed_library", library)


def _note_library(session: Session, clock: Clock, action: str, library: Library) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="library",
        subject_id=library.id,
        account_id=current_visitor().account_id,
        library_id=library.id,
    )


def _told(library: Library) -> dict[str, object]:
    plain = {name: getattr(library, name) for name in LibraryFacts.__dataclass_fields__ if name != "notes"}
    accessibility = {f"accessibility_{note.language}": note.accessibility for note in library.notes}
    opening = {f"opening_{note.language}": note.opening for note in library.notes}
    return {**plain, **accessibility, **opening}


def _library_page(form: LibraryForm, library: Library | None) -> str:
    return render_template("libraries/library.html", form=form, library=library)


@blueprint.get("/staff/record")
@staff(Right.SEE_AUDIT)
def show_record() -> ResponseReturnValue:
    library_id, before_id = _number("library"), _number("before")
    with reading() as (session, _clock):
        libraries = all_libraries(session)
        found = recent_entries(session, library_id=library_id, before_id=before_id, limit=_ON_A_PAGE + 1)
        names = names_of(session, _account_ids(found))
    return render_template(
        "accounts/record.html",
        libraries=libraries,
        library_id=library_id,
        before_id=before_id,
        **_page_of(found, names, {library.id: library.name for library in libraries}),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    most = 18
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else None


def _account_ids(entries: Iterable[AuditEntry]) -> list[int]:
    acting = {entry.account_id for entry in entries if entry.account_id}
    concerned = {entry.subject_id for entry in entries if entry.subject == "account" and entry.subject_id}
    return sorted(acting | concerned)


def _page_of(
    entries: Sequence[AuditEntry], names: dict[int, str], libraries: dict[int, str]
) -> dict[str, Any]:
    shown = entries[:_ON_A_PAGE]
    return {
        "rows": [_row(entry, names, libraries) for entry in shown],
        "older_than": shown[-1].id if len(entries) > _ON_A_PAGE else None,
    }


def _row(entry: AuditEntry, names: dict[int, str], libraries: dict[int, str]) -> dict[str, Any]:
    known = ACTION_NAMES.get(entry.action)
    return {
        "id": entry.id,
        "at": entry.at,
        "who": names.get(entry.account_id or 0) or gettext(ACTOR_NAMES[entry.actor]),
        "did": gettext(known) if known else entry.action.replace("_", " "),
        "about": _about(entry, names) or "–",
        "where": libraries.get(entry.library_id or 0, "–"),
    }


def _about(entry: AuditEntry, names: dict[int, str]) -> str:
    # A member of staff has a name here; whatever is about a child or a family has only its number.
    if entry.subject == "account":
        return names.get(entry.subject_id or 0, "")
    known = SUBJECT_NAMES.get(entry.subject)
    word = gettext(known) if known else entry.subject.replace("_", " ")
    return f"{word} {entry.subject_id or ''}".strip()
