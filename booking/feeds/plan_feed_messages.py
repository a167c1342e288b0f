"""What the calendars of staff and of partners say of the plan: what it is, its days, and when it was done."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from flask_babel import gettext

from booking.clock import instant_at
from booking.feeds.rules import Entry
from booking.i18n import short_date, spoken_language
from booking.pages import public_url
from booking.plan.messages import KIND_NAMES
from booking.plan.models import PlanItem
from booking.plan.queries import facts_of
from booking.plan.rules import ItemFacts, ItemState
from booking.plan.showing import title_of
from booking.tokens import derived_uid

_A_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


def staff_plan_entry(item: PlanItem) -> Entry:
    """Return an item of the plan for who works with it, and the way to the page of the plan."""
    # Another identity than in partners' calendars: the two lead to different pages.
    return replace(plan_entry(item), uid=derived_uid("staff", item.uid), url=public_url("plan.show_plan"))


def plan_entry(item: PlanItem) -> Entry:
    """Return an item of the plan for a partner: whole days, or a follow-up meeting at its time."""
    facts = facts_of(item)
    starts_at, ends_at = _times(facts)
    return Entry(
        uid=item.uid,
        sequence=item.shown_sequence,
        made_at=item.made_at,
        changed_at=item.shown_at,
        starts_at=starts_at,
        ends_at=ends_at,
        is_called_off=item.state is ItemState.CALLED_OFF,
        title=title_of(facts, spoken_language()).text,
        description=_said(facts),
        place="",
        geo=None,
        url=public_url("whats_on.show_home"),
        is_private=True,
        is_all_day=facts.starts_at is None,
    )


def _times(facts: ItemFacts) -> tuple[datetime, datetime]:
    if facts.starts_at is not None and facts.ends_at is not None:
        return facts.starts_at, facts.ends_at
    return instant_at(facts.first_on, _MIDNIGHT), instant_at(facts.last_on + _A_DAY, _MIDNIGHT)


def _said(facts: ItemFacts) -> str:
    kind = gettext("%(kind)s in the plan of the project.", kind=gettext(KIND_NAMES[facts.kind]))
    if facts.done_on is None:
        return str(kind)
    return f"{kind}\n{gettext('Done on %(day)s.', day=short_date(facts.done_on))}"
