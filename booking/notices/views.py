"""The pages on which staff write to the families of an occasion."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.queries import get_own_occasion
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language, say
from booking.libraries.rules import Language, best_text
from booking.notices.forms import NoticeForm
from booking.notices.messages import GROUP_NAMES
from booking.notices.operations import Message, send_notice, sign_of, undo_notice
from booking.notices.queries import count_households, get_own_notice, households_in, notices_of
from booking.notices.rules import PLACEHOLDERS, TooLateToUndo, fill
from booking.notices.showing import Sample, samples_of
from booking.outbox.sender import Sender
from booking.pages import settings_in_use
from booking.rights import Right
from booking.tokens import new_uid
from booking.work import reading, unit_of_work

blueprint = Blueprint("notices", __name__)
blueprint.add_app_template_filter(fill, "filled")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A message as it will go out: the sign of it, to how many families, and how it looks."""

    seen: str
    families: int
    samples: list[Sample]


@blueprint.get("/staff/occasions/<int:occasion_id>/write")
@staff(Right.PLAN_ACTIVITIES)
def show_writing(occasion_id: int) -> ResponseReturnValue:
    form = NoticeForm(formdata=None, send_key=new_uid(), groups=["place"])
    return _page(form, occasion_id)


@blueprint.post("/staff/occasions/<int:occasion_id>/write")
@staff(Right.PLAN_ACTIVITIES)
def send(occasion_id: int) -> ResponseReturnValue:
    form = NoticeForm()
    if not form.validate():
        return _page(form, occasion_id), 422
    if not form.seen.data:
        return _page(form, occasion_id, is_looked_at=True)
    try:
        with unit_of_work() as (session, clock):
            occasion = get_own_occasion(session, occasion_id, library_ids=_own())
            who, message = current_visitor().account_id, _message(form)
            notice = send_notice(session, clock, occasion=occasion, message=message, account_id=who)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, occasion_id, is_looked_at=True), 422
    return redirect(url_for(".show_notice", notice_id=notice.id), code=303)


@blueprint.get("/staff/notices/<int:notice_id>")
@staff(Right.PLAN_ACTIVITIES)
def show_notice(notice_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        notice = get_own_notice(session, notice_id, library_ids=_own())
        is_waiting = notice.undone_at is None and clock() < notice.leaves_at
    return render_template("notices/notice.html", notice=notice, is_waiting=is_waiting)


@blueprint.post("/staff/notices/<int:notice_id>/undo")
@staff(Right.PLAN_ACTIVITIES)
def undo(notice_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            notice = get_own_notice(session, notice_id, library_ids=_own())
            undo_notice(session, clock, notice=notice, account_id=current_visitor().account_id)
    except TooLateToUndo as refusal:
        flash(say(refusal), "problem")
    else:
        flash(gettext("It was taken back. Nobody got a letter."), "done")
    return redirect(url_for(".show_notice", notice_id=notice_id), code=303)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.PLAN_ACTIVITIES)


def _message(form: NoticeForm) -> Message:
    return Message(
        words=form.to_words(),
        groups=form.to_groups(),
        send_key=form.send_key.data or "",
        seen=form.seen.data or "",
    )


def _page(form: NoticeForm, occasion_id: int, *, is_looked_at: bool = False) -> str:
    with reading() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        counts = count_households(session, occasion_id)
        earlier = notices_of(session, occasion_id)
        look = _look(session, occasion, form, clock()) if is_looked_at else None
    form.seen.data = look.seen if look and look.families else ""
    form.offer((group, f"{gettext(words)} ({counts[group]})") for group, words in GROUP_NAMES.items())
    return render_template(
        "notices/write.html",
        form=form,
        look=look,
        occasion=occasion,
        title=_title(occasion),
        earlier=earlier,
        placeholders=[f"{{{name}}}" for name in PLACEHOLDERS],
    )


def _look(session: Session, occasion: Occasion, form: NoticeForm, now: datetime) -> Look:
    households = households_in(session, occasion.id, form.to_groups())
    samples = samples_of(occasion, households, words=form.to_words(), sender=_sender(), now=now)
    seen = sign_of(message=_message(form), households=households)
    return Look(seen=seen, families=len(households), samples=samples)


def _sender() -> Sender:
    settings = settings_in_use()
    return Sender(address=settings.mail_from, name="Velkommen inn", base_url=settings.base_url)


def _title(occasion: Occasion) -> str:
    return best_text(occasion.activity.texts, Language(current_language())).title
