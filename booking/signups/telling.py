"""Telling every family of an occasion what became of its dates: one letter each, and its calendar too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from booking.activities.identity_operations import settle_identities
from booking.activities.models import Meeting
from booking.clock import Clock
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.people.reaching import address_of
from booking.signups.booked import Household
from booking.signups.booked_queries import households_with
from booking.signups.invites import Told, told_of_dates
from booking.signups.letters import invited_by_letter, occasion_facts, page_link
from booking.signups.models import Signup
from booking.signups.rules import IS_ANSWERED
from booking.signups.texting import text_too


@dataclass(frozen=True, kw_only=True)
class News:
    """What families are told: by which letter, with which facts, and of which dates that are on or off."""

    template: str
    facts: Mapping[str, Any]
    on: Sequence[Meeting] = ()
    off: Sequence[Meeting] = ()
    with_links: bool = False


def tell_families(session: Session, clock: Clock, signups: Sequence[Signup], news: News) -> int:
    """Write one letter to each household that these sign-ups of one occasion belong to; return how many."""
    # By its number: one household gets one letter, however many of its children come.
    by_family: dict[int, list[Signup]] = {}
    for signup in signups:
        by_family.setdefault(signup.participant.family_id, []).append(signup)
    calendars = _calendars(session, clock, signups, news)
    for number, theirs in by_family.items():
        places = [_place(session, clock, signup) for signup in theirs] if news.with_links else []
        facts = {**news.facts, "places": places, "calendar": calendars.get(number, [])}
        letter = _write(session, clock, theirs[0], template=news.template, facts=facts)
        text_too(session, clock, letter=letter, signups=theirs)
    return len(by_family)


def _calendars(session: Session, clock: Clock, signups: Sequence[Signup], news: News) -> dict[int, Told]:
    if not (news.on or news.off):
        return {}
    # The letter tells the sequence that the calendar will show: what was just changed is given its new one.
    settle_identities(session, clock)
    by_family = groupby(sorted(households_with(session, signups), key=_number), key=_number)
    meetings, are_on = news.on or news.off, bool(news.on)
    return {
        number: told_of_dates(theirs, meetings=meetings, now=clock(), are_on=are_on)
        for number, theirs in by_family
    }


def _write(
    session: Session, clock: Clock, signup: Signup, *, template: str, facts: Mapping[str, Any]
) -> Letter:
    occasion, family = signup.occasion, signup.participant.family
    return write_letter(
        session,
        clock,
        key=f"{template}:{occasion.id}:{family.id}:{clock().timestamp():.6f}",
        template=template,
        address=address_of(family),
        language=family.language,
        facts={
            **occasion_facts(occasion, family.language),
            "invited": invited_by_letter(session, clock, occasion),
            **facts,
        },
        library_id=occasion.activity.library_id,
    )


def _place(session: Session, clock: Clock, signup: Signup) -> dict[str, str | None]:
    return {
        "child": signup.participant.first_name if signup.state in IS_ANSWERED else None,
        "secret": page_link(session, clock, signup=signup),
    }


def _number(household: Household) -> int:
    return household.family.id
