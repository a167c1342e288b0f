"""The letters that need a person."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.doors import current_visitor, staff
from booking.outbox.operations import drop_letter as drop
from booking.outbox.operations import send_again as send
from booking.outbox.queries import lately_let_go, troubled_letters
from booking.outbox.rules import LetterHasGone, hidden_address, matter_of
from booking.rights import Right
from booking.work import reading, unit_of_work

_LATELY: Final = timedelta(days=7)

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/staff/letters")
@staff(Right.SEE_LETTERS)
def list_troubled() -> ResponseReturnValue:
    own = _own()
    with reading() as (session, clock):
        let_go = [
            (letter, matter_of(letter.template))
            for letter in lately_let_go(session, library_ids=own, since=clock() - _LATELY)
        ]
        letters = [
            (letter, hidden_address(letter.address or ""), matter_of(letter.template))
            for letter in troubled_letters(session, library_ids=own)
        ]
    return render_template("outbox/troubled.html", letters=letters, let_go=let_go)


@blueprint.post("/staff/letters/<int:letter_id>/send")
@staff(Right.SEE_LETTERS)
def send_again(letter_id: int) -> ResponseReturnValue:
    own = _own()
    try:
        with unit_of_work() as (session, clock):
            send(session, clock, letter_id=letter_id, library_ids=own)
    except LetterHasGone:
        flash(gettext("This letter was dealt with in the meantime."), "notice")
    else:
        flash(gettext("The letter is on its way again."), "done")
    return redirect(url_for(".list_troubled"), code=303)


@blueprint.post("/staff/letters/<int:letter_id>/drop")
@staff(Right.SEE_LETTERS)
def drop_letter(letter_id: int) -> ResponseReturnValue:
    own = _own()
    try:
        with unit_of_work() as (session, clock):
            drop(session, clock, letter_id=letter_id, library_ids=own)
    except LetterHasGone:
        flash(gettext("This letter was dealt with in the meantime."), "notice")
    else:
        flash(gettext("The letter was dropped."), "done")
    return redirect(url_for(".list_troubled"), code=303)


def _own() -> frozenset[int | None]:
    # Held across all libraries, the right is to the letters of the house itself, about accounts:
    # those of a library name its families, which nobody elsewhere may see.
    return frozenset(
        grant.library_id for grant in current_visitor().grants if grant.right is Right.SEE_LETTERS
    )
