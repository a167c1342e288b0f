"""Calendars behind a link of their own: whoever has the address has the calendar, and nothing else."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Final, cast

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from limits import parse
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.doors import link_holder, same_for_all
from booking.errors import Busy, NotFound
from booking.feeds.etags import Etags
from booking.feeds.messages import CALLED_OFF
from booking.feeds.own_feed_messages import FEEDS, Feed
from booking.feeds.own_queries import Holder
from booking.feeds.own_rules import is_to_be_noted, language_asked
from booking.feeds.render import render_calendar
from booking.i18n import in_language
from booking.limits import is_within, limiter, visitor_address
from booking.links.models import Link
from booking.links.operations import note_fetched
from booking.links.programs import program_of
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.work import current_clock, house, mend_identities, reading, unit_of_work

blueprint = Blueprint("own_feeds", __name__, url_prefix="/calendar")

# Of these, that open nothing. Whoever has an address that opens is never counted, and never refused.
_FAILURES: Final = "100/hour"
_OF: Final = "calendars that are not there"
_SECONDS_TO_RETRY: Final = 3600


@blueprint.errorhandler(NotFound)
def show_nothing(_refusal: NotFound) -> Response:
    """Answer alike for what never was, what was taken back, and what is no address at all."""
    limit, by = parse(_FAILURES), visitor_address()
    # Asked before it is counted: who tries a million addresses must not make the house write as often.
    is_too_often = limiter.enabled and not limiter.limiter.test(limit, _OF, by)
    if is_too_often or not is_within(_FAILURES, of=_OF, by=by):
        return _plain("Too many addresses that are not there\n", 429, {"Retry-After": str(_SECONDS_TO_RETRY)})
    return _plain("Not found\n", 404, {})


@blueprint.get("/f/<token>/<name>.ics")
@link_holder
@same_for_all
def of_family(token: str, name: str) -> ResponseReturnValue:
    del name
    return _calendar(token, Purpose.FAMILY_FEED)


@blueprint.get("/s/<token>/<name>.ics")
@link_holder
@same_for_all
def of_staff(token: str, name: str) -> ResponseReturnValue:
    del name
    return _calendar(token, Purpose.STAFF_FEED)


@blueprint.get("/p/<token>/<name>.ics")
@link_holder
@same_for_all
def of_partner(token: str, name: str) -> ResponseReturnValue:
    del name
    return _calendar(token, Purpose.PARTNER_FEED)


@blueprint.get("/f/<path:token>")
@blueprint.get("/s/<path:token>")
@blueprint.get("/p/<path:token>")
@link_holder
@same_for_all
def of_nobody(token: str) -> ResponseReturnValue:
    del token
    raise NotFound


def _calendar(token: str, purpose: Purpose) -> Response:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=purpose, secret=token)
        answer = _answer(session, clock, link, FEEDS[purpose])
        is_behind = answer.status_code == HTTPStatus.OK and house().identities.is_behind(session)
    if is_behind:
        # A copy from before was put back under our feet: nothing of it may be told before it is lifted.
        mend_identities()
        with reading() as (session, clock):
            answer = _answer(session, clock, link, FEEDS[purpose])
    _note(link)
    return answer


def _answer(session: Session, clock: Clock, link: Link, feed: Feed) -> Response:
    holder = _in_its_language(feed.find(session, clock, link.subject_id), feed)
    asked_for = f"{link.fingerprint} {holder.language}"
    etag = _etags().find(asked_for, holder.made_of)
    if etag is not None and request.if_none_match.contains_weak(etag):
        return _finished(Response(status=304), etag, feed)
    body = _written(session, clock, holder, feed)
    etag = hashlib.sha256(body).hexdigest()
    _etags().put(asked_for, holder.made_of, etag)
    answer = _finished(Response(body, content_type="text/calendar; charset=utf-8"), etag, feed)
    answer.make_conditional(request)
    return answer


def _in_its_language(holder: Holder, feed: Feed) -> Holder:
    if not feed.is_asked_for_in_a_language:
        return holder
    return replace(holder, language=language_asked(request.args.getlist("lang"), holder.language))


def _written(session: Session, clock: Clock, holder: Holder, feed: Feed) -> bytes:
    with in_language(holder.language):
        name, entries = feed.draw(session, clock, holder)
        return render_calendar(entries, name=name, called_off=CALLED_OFF[holder.language])


def _finished(answer: Response, etag: str, feed: Feed) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    if answer.status_code == HTTPStatus.OK:
        answer.headers["Content-Disposition"] = f'inline; filename="{feed.file_name}.ics"'
    return answer


def _note(link: Link) -> None:
    if not is_to_be_noted(link.fetched_at, now=current_clock()()):
        return
    # That it was fetched can be noted another time; the calendar itself is not kept waiting for it.
    with suppress(Busy), unit_of_work() as (session, clock):
        program = program_of(request.user_agent.string)
        note_fetched(session, clock, link_id=link.id, program=program)


def _plain(words: str, status: int, headers: dict[str, str]) -> Response:
    answer = Response(words, status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers.update(headers)
    return answer


def _etags() -> Etags:
    return cast("Etags", current_app.extensions.setdefault("booking.own_feeds", Etags()))
