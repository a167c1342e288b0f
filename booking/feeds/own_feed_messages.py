"""The calendars that stand behind links of their own: whose each is, and what it is called and holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.feeds.family_feed_messages import family_entry
from booking.feeds.own_queries import Holder, get_account_holder, get_family_holder, get_partner_holder
from booking.feeds.plan_feed_messages import plan_entry, staff_plan_entry
from booking.feeds.plan_feed_queries import plan_in, without_meetings
from booking.feeds.rules import Entry, span_at
from booking.feeds.staff_feed_messages import partner_entry, staff_entry
from booking.feeds.staff_feed_queries import meetings_for, meetings_with, numbers_at
from booking.links.rules import Purpose
from booking.rights import Right
from booking.signups.booked import entries_of
from booking.signups.booked_queries import households_of
from booking.signups.booked_rules import Standing

Drawn = tuple[str, list[Entry]]
"""A calendar's name and its entries, in the language that is spoken."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One kind of calendar: its address, its file, who may still have it, and what stands in it."""

    endpoint: str
    file_name: str
    find: Callable[[Session, Clock, int], Holder]
    draw: Callable[[Session, Clock, Holder], Drawn]
    # An organisation has no language of its own: whoever gives out the address chooses one.
    is_asked_for_in_a_language: bool = False


def _of_family(session: Session, clock: Clock, holder: Holder) -> Drawn:
    del clock
    assert holder.family is not None  # noqa: S101 – its own finder found it
    booked = [each for theirs in households_of(session, holder.family) for each in entries_of(theirs)]
    # What a family gave back goes out of its calendar; what the library called off is crossed out in it.
    return gettext("The library"), [
        family_entry(each) for each in booked if each.standing is not Standing.LEFT
    ]


def _of_staff(session: Session, clock: Clock, holder: Holder) -> Drawn:
    assert holder.visitor is not None  # noqa: S101 – likewise
    own, span = holder.visitor.libraries(Right.SEE_TODAY), span_at(clock())
    meetings = meetings_for(session, holder.visitor, span)
    plan = plan_in(session, span, shared_only=False) if holder.visitor.may(Right.SEE_PLAN) else ()
    numbers = numbers_at(session, [meeting.occasion_id for meeting in meetings])
    return gettext("Meetings at work"), [
        staff_entry(
            meeting, numbers.get(meeting.occasion_id), is_own=meeting.occasion.activity.library_id in own
        )
        for meeting in meetings
    ] + [staff_plan_entry(item) for item in without_meetings(plan, {each.uid for each in meetings})]


def _of_partner(session: Session, clock: Clock, holder: Holder) -> Drawn:
    assert holder.partner is not None  # noqa: S101 – likewise
    span = span_at(clock())
    plan = plan_in(session, span, shared_only=True)
    tied = [item.meeting_uid for item in plan if item.meeting_uid]
    meetings = meetings_with(session, holder.partner, span, besides=tied)
    name = gettext("Velkommen inn – %(partner)s", partner=holder.partner.name)
    return name, [partner_entry(meeting) for meeting in meetings] + [
        plan_entry(item) for item in without_meetings(plan, {each.uid for each in meetings})
    ]


FEEDS: Final[Mapping[Purpose, Feed]] = {
    Purpose.FAMILY_FEED: Feed(
        endpoint="own_feeds.of_family", file_name="biblioteket", find=get_family_holder, draw=_of_family
    ),
    Purpose.STAFF_FEED: Feed(
        endpoint="own_feeds.of_staff", file_name="treff", find=get_account_holder, draw=_of_staff
    ),
    Purpose.PARTNER_FEED: Feed(
        endpoint="own_feeds.of_partner",
        file_name="samarbeid",
        find=get_partner_holder,
        draw=_of_partner,
        is_asked_for_in_a_language=True,
    ),
}
