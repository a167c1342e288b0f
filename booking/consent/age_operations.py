"""Deciding from which age somebody answers for themselves, from a day on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.consent.age_rules import begins_at, check_ages
from booking.consent.ages import Ages
from booking.consent.models import AgeRule
from booking.consent.standing_queries import ages_of


def begin_age_rule(
    session: Session, clock: Clock, *, ages: Ages, begins_on: date, account_id: int
) -> AgeRule:
    """Return the rule that holds from the day on; those before it stay, with what was agreed under them.

    The newest rule once more is no new one. Refuses RuleInThePast, AgeOutOfReason and AgesOutOfOrder.
    """
    check_ages(ages)
    starts_at = begins_at(begins_on, now=clock())
    newest = session.scalars(select(AgeRule).order_by(AgeRule.id.desc()).limit(1)).one()
    if ages_of(newest) == ages and local_date(newest.begins_at) == begins_on:
        return newest
    rule = AgeRule(begins_at=starts_at, account_id=account_id, made_at=clock(), **vars(ages))
    session.add(rule)
    session.flush()
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="age_rule_begun",
        subject="age_rule",
        subject_id=rule.id,
        account_id=account_id,
        facts=dict(vars(ages)),
    )
    return rule
