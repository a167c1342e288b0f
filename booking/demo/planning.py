"""What else a visitor of the demonstration should meet: a partner, a draft, and a date that is called off."""

from datetime import time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities import operations as activities
from booking.activities import partner_operations
from booking.activities.audience import Audience, Span
from booking.activities.dates import Series, split_dates
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.planning import About, Plan, Terms, Words
from booking.activities.queries import get_own_meeting, take_own_activity
from booking.activities.rules import Kind, Mode
from booking.clock import Clock, local_date
from booking.libraries.rules import Language
from booking.partners.operations import add_partner
from booking.partners.rules import PartnerFacts, PartnerRole, Sector
from booking.signups.changes import call_off_meeting


def tie_a_partner(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Let a chess club that nobody has heard of take part in the activity."""
    facts = PartnerFacts(
        name="Granlia sjakklubb",
        sector=Sector.VOLUNTARY,
        municipality_code=None,
        organisation_number=None,
        website="https://sjakk.example.org",
    )
    partner = add_partner(session, clock, facts=facts, account_id=account_id)
    whole = take_own_activity(session, activity.id, library_ids={activity.library_id})
    partner_operations.add_partner(
        session,
        clock,
        activity=whole,
        partner_id=partner.id,
        role=PartnerRole.CO_ORGANISER,
        account_id=account_id,
    )


def leave_a_draft(session: Session, clock: Clock, *, library_id: int, account_id: int) -> None:
    """Put up a draft that still lacks what one will do together."""
    plan = Plan(
        about=About(
            kind=Kind.EVENT, audience=Audience(grades=Span(), ages=Span(least=13)), responsible_id=account_id
        ),
        terms=Terms(mode=Mode.DROP_IN, capacity=None),
        series=Series(
            first_on=local_date(clock()) + timedelta(days=20), starts=time(17), ends=time(19), weeks=4
        ),
        room="Kafeen",
        words=[
            Words(
                language=Language.NB, title="Strikkekafé", summary="Ta med garn, eller lån av oss.", body=""
            )
        ],
    )
    activities.add_activity(session, clock, library_id=library_id, plan=plan)


def call_one_off(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Call off the activity's second date to come."""
    meetings = session.scalars(
        select(Meeting).join(Meeting.occasion).where(Occasion.activity_id == activity.id)
    ).all()
    coming = split_dates(meetings, clock()).coming
    if len(coming) > 1:
        meeting = get_own_meeting(session, coming[1].id, library_ids={activity.library_id})
        call_off_meeting(session, clock, meeting=meeting, account_id=account_id)
