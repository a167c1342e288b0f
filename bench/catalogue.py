"""A catalogue of the size that four libraries fill in a few years: 200 activities of ten dates each."""

from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.audience import Audience, Span
from booking.activities.dates import Series
from booking.activities.operations import add_activity, publish
from booking.activities.planning import About, Plan, Terms, Words
from booking.activities.queries import get_own_activity
from booking.activities.rules import Kind, Mode
from booking.clock import Clock, local_date
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.staff.models import Account

ACTIVITIES = 200


def fill(session: Session, clock: Clock, *, activities: int = ACTIVITIES) -> None:
    """Publish the activities, spread over the libraries, the weekdays and the grades."""
    libraries = session.scalars(select(Library).order_by(Library.id)).all()
    responsible = session.scalars(select(Account.id).order_by(Account.id).limit(1)).one()
    begins = local_date(clock()) + timedelta(days=1)
    for number in range(activities):
        library = libraries[number % len(libraries)]
        added = add_activity(session, clock, library_id=library.id, plan=_plan(number, begins, responsible))
        session.expire_all()
        activity = get_own_activity(session, added.id, library_ids={library.id})
        publish(session, clock, activity=activity, account_id=responsible)


def _plan(number: int, begins: date, responsible_id: int) -> Plan:
    grade = number % 10 + 1
    return Plan(
        about=About(
            kind=Kind.PILOT,
            audience=Audience(grades=Span(least=grade, most=min(grade + 3, 13)), ages=Span()),
            responsible_id=responsible_id,
        ),
        terms=Terms(mode=Mode.SIGN_UP, capacity=12)
        if number % 2
        else Terms(mode=Mode.DROP_IN, capacity=None),
        room=f"Rom {number % 9}",
        series=Series(
            first_on=begins + timedelta(days=number % 28),
            starts=time(10 + number % 9),
            ends=time(11 + number % 9),
            weeks=10,
        ),
        words=[
            Words(
                language=Language.NB,
                title=f"Verksted nummer {number}",
                summary="Lim, tre, stoff og verktøy. Kom når du vil, gå når du vil.",
                body="Hver uke står verkstedet åpent.\n\n- lim\n- saks\n- papir",
            )
        ],
    )
