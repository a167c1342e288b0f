"""A youth who signs up: whether a guardian must sign up instead, must say yes, or need not be asked."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.clock import Clock, local_date
from booking.consent.ages import Answerer, KnownAge, answerer
from booking.consent.queries import age_rule_at
from booking.consent.standing_queries import ages_of
from booking.errors import Refusal
from booking.people.contact import read_email
from booking.people.rules import Newcomer
from booking.signups.asking import Asker, PlaceRequest
from booking.signups.born import YearNeeded


class GuardianSignsUp(Refusal):
    """So young that a guardian signs up."""

    code: ClassVar[str] = "guardian_signs_up"
    field: ClassVar[str | None] = "born"


class GuardianNeeded(Refusal):
    """At this age a guardian has the last word, and nobody is named."""

    code: ClassVar[str] = "guardian_needed"
    field: ClassVar[str | None] = "guardian_email"


class GuardianIsSelf(Refusal):
    """The guardian's address is the youth's own: nobody else would be asked."""

    code: ClassVar[str] = "guardian_is_self"
    field: ClassVar[str | None] = "guardian_email"


@dataclass(frozen=True, kw_only=True)
class Youth:
    """A youth who may ask for a place: whom to ask besides, and what it said of its age."""

    guardian_email: str | None
    age_rule_id: int
    declared_age: int | None


def who_answers(
    session: Session, clock: Clock, *, activity: Activity, request: PlaceRequest, newcomer: Newcomer
) -> Youth | None:
    """Return whom a youth's sign-up waits for besides the youth; nothing where a guardian fills in the form.

    Refuses GuardianSignsUp, GuardianNeeded, GuardianIsSelf, YearNeeded, EmailNotUnderstood and AgeUnclear.
    """
    if request.asker is not Asker.YOUTH:
        return None
    if newcomer.is_by_grade:
        raise YearNeeded
    rule, today = age_rule_at(session, now=clock()), local_date(clock())
    age = KnownAge(birth_year=newcomer.birth_year, has_turned=request.has_turned)
    ages = ages_of(rule)
    whose = answerer(age=age, today=today, ages=ages, guardian_until=activity.guardian_until)
    if whose is Answerer.GUARDIAN:
        raise GuardianSignsUp(age=rule.youth_from)
    return Youth(
        guardian_email=_guardian(request) if whose is Answerer.GUARDIAN_CONFIRMS else None,
        age_rule_id=rule.id,
        declared_age=_declared(request, newcomer.birth_year, today),
    )


def _guardian(request: PlaceRequest) -> str:
    if not request.guardian_email:
        raise GuardianNeeded
    address = read_email_of_guardian(request.guardian_email)
    if address == read_email(request.email):
        raise GuardianIsSelf
    return address


def read_email_of_guardian(text: str) -> str:
    """Return the guardian's address as it is kept. Refuses GuardianNeeded where no letter could go."""
    try:
        return read_email(text)
    except Refusal as refusal:
        raise GuardianNeeded from refusal


def _declared(request: PlaceRequest, birth_year: int, today: date) -> int | None:
    return today.year - birth_year if request.has_turned else None
