"""What is on, for other programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from booking.activities.models import Meeting
from booking.api import answer_render as answers
from booking.api.catalogue_queries import Page, activities_page, dates_page, library_slugs
from booking.api.catalogue_rows import ACTIVITY_COLUMNS, DATE_COLUMNS, activity_row, date_row
from booking.api.catalogue_rules import WantedDates, read_wanted_dates
from booking.api.rules import Format
from booking.api.views import VERSION, address_after, blueprint
from booking.doors import public, same_for_all
from booking.pages import public_url
from booking.work import reading


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One list: what it is called, where its rows come from, and what stands in them."""

    name: str
    columns: Sequence[str]
    find: Callable[..., Page]
    row: Callable[..., dict[str, Any]]


_MEETINGS = _Kind(name="meetings", columns=DATE_COLUMNS, find=dates_page, row=date_row)
_ACTIVITIES = _Kind(name="activities", columns=ACTIVITY_COLUMNS, find=activities_page, row=activity_row)


@blueprint.get(f"{VERSION}/meetings")
@public
@same_for_all
def list_meetings() -> ResponseReturnValue:
    return _list(_MEETINGS, answers.format_wanted())


@blueprint.get(f"{VERSION}/meetings.csv")
@public
@same_for_all
def meetings_csv() -> ResponseReturnValue:
    return _list(_MEETINGS, Format.CSV)


@blueprint.get(f"{VERSION}/activities")
@public
@same_for_all
def list_activities() -> ResponseReturnValue:
    return _list(_ACTIVITIES, answers.format_wanted())


@blueprint.get(f"{VERSION}/activities.csv")
@public
@same_for_all
def activities_csv() -> ResponseReturnValue:
    return _list(_ACTIVITIES, Format.CSV)


def _list(kind: _Kind, form: Format) -> ResponseReturnValue:
    with reading() as (session, clock):
        args = {name: request.args.getlist(name) for name in request.args}
        wanted = read_wanted_dates(args, libraries=library_slugs(session))
        page = kind.find(session, wanted, now=clock())
    rows = [_row(kind, meeting, wanted) for meeting in page.meetings]
    following = address_after(wanted.after + len(rows)) if page.has_more and rows else None
    if form is Format.CSV:
        answer = answers.as_csv(kind.columns, rows, name=kind.name, keep=answers.FOR_ALL)
        return answers.with_next(answer, following)
    return answers.as_json({kind.name: rows, "next": following}, keep=answers.FOR_ALL)


def _row(kind: _Kind, meeting: Meeting, wanted: WantedDates) -> dict[str, Any]:
    page = public_url("whats_on.show_activity", slug=meeting.occasion.activity.slug)
    return kind.row(meeting, language=wanted.language, page=page)
