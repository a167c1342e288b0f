"""The page of the rule of ages, and its history."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.consent.age_operations import begin_age_rule
from booking.consent.ages import Ages
from booking.consent.models import AgeRule
from booking.consent.queries import age_rule_at
from booking.consent.standing_queries import ages_of
from booking.consent.texts_queries import age_rules
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account

Arranging = Callable[[], AbstractContextManager[Session]]

PAGE = "/staff/age-rules"
FIRST = Ages(youth_from=13, alone_from=15, photo_own_yes_from=15, adult_from=18)
STRICTER = Ages(youth_from=13, alone_from=16, photo_own_yes_from=12, adult_from=18)
FORM = {
    "youth_from": "13",
    "alone_from": "16",
    "photo_own_yes_from": "12",
    "adult_from": "18",
    "begins_on": "2027-01-01",
}
NEW_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.fixture
def admin(arranging: Arranging, browser: Browser) -> Browser:
    """The browser of an administrator."""
    with arranging() as session:
        account = make_account(session, Role.ADMIN, password_hash=PASSWORD_HASH, name="Bo Bestemt")
    browser.sign_in_as(account)
    return browser


def decide(session: Session, clock: StoppedClock, ages: Ages = STRICTER, **changes: Any) -> AgeRule:
    values: dict[str, Any] = {"begins_on": date(2027, 1, 1), "account_id": make_account(session).id}
    return begin_age_rule(session, clock, ages=ages, **{**values, **changes})


def test_the_house_begins_with_a_rule(session: Session, clock: StoppedClock) -> None:
    assert ages_of(age_rule_at(session, now=clock())) == FIRST


def test_a_new_rule_holds_from_its_day_and_the_old_one_until_then(
    session: Session, clock: StoppedClock
) -> None:
    first = age_rule_at(session, now=clock())

    rule = decide(session, clock)

    assert (rule.begins_at, rule.made_at) == (NEW_YEAR, clock())
    assert age_rule_at(session, now=NEW_YEAR - timedelta(seconds=1)).id == first.id
    assert age_rule_at(session, now=NEW_YEAR).id == rule.id


def test_a_rule_that_begins_today_holds_from_now_on(session: Session, clock: StoppedClock) -> None:
    rule = decide(session, clock, begins_on=date(2026, 11, 24))

    assert rule.begins_at == clock()
    assert age_rule_at(session, now=clock()).id == rule.id
    assert ages_of(age_rule_at(session, now=clock() - timedelta(seconds=1))) == FIRST


def test_of_two_rules_for_one_day_the_later_decision_counts(session: Session, clock: StoppedClock) -> None:
    decide(session, clock)
    clock.forward(hours=1)

    last = decide(session, clock, FIRST)

    assert age_rule_at(session, now=NEW_YEAR).id == last.id


def test_the_same_decision_twice_is_one(session: Session, clock: StoppedClock) -> None:
    account = make_account(session)

    for day in (date(2026, 11, 24), date(2027, 1, 1)):
        one = decide(session, clock, begins_on=day, account_id=account.id)
        clock.forward(minutes=1)
        assert decide(session, clock, begins_on=day, account_id=account.id).id == one.id


def test_rules_are_told_apart_as_in_force_to_come_and_before(session: Session, clock: StoppedClock) -> None:
    first = age_rule_at(session, now=clock())
    today = decide(session, clock, begins_on=date(2026, 11, 24))
    later, soon = decide(session, clock, begins_on=date(2028, 1, 1)), decide(session, clock, FIRST)

    rules = age_rules(session, now=clock())

    assert rules.in_force.id == today.id
    assert [rule.id for rule in rules.coming] == [soon.id, later.id]
    assert [rule.id for rule in rules.past] == [first.id]


def test_the_database_lets_nobody_rewrite_a_rule(session: Session, clock: StoppedClock) -> None:
    decide(session, clock)

    for rewriting in ("UPDATE age_rule SET alone_from = 13", "DELETE FROM age_rule"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(rewriting))

    assert len(session.scalars(select(AgeRule)).all()) == 2


def test_an_administrator_decides_on_a_rule_and_it_is_on_record(admin: Browser, arranging: Arranging) -> None:
    before = admin.get(PAGE).text

    answer = admin.post(PAGE, FORM)

    assert "To come" not in before
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = admin.get(PAGE).text
    assert "The new rule holds from Friday 1 January 2027." in page
    assert page.index("In force now") < page.index("To come") < page.rindex("Bo Bestemt")
    with arranging() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("age_rule_begun", "age_rule")
    assert entry.facts == dict(vars(STRICTER))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"begins_on": "2026-11-23"}, "A rule cannot begin in the past."),
        ({"begins_on": ""}, "Choose the day from which the rule holds."),
        ({"begins_on": "tomorrow"}, "Choose the day from which the rule holds."),
        ({"alone_from": "12"}, "This age cannot be lower than the one above it."),
        ({"adult_from": "15"}, "This age cannot be lower than the one above it."),
        ({"youth_from": "26"}, "Write an age in whole years, from 0 to 25."),
        ({"youth_from": "thirteen"}, "Write an age in whole years, from 0 to 25."),
        ({"youth_from": ""}, "Write an age in whole years, from 0 to 25."),
        ({"youth_from": "99999999999999999999"}, "Write an age in whole years, from 0 to 25."),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_everything_kept(
    admin: Browser, arranging: Arranging, change: dict[str, str], told: str
) -> None:
    answer = admin.post(PAGE, {**FORM, **change})

    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="18"' in answer.text or "adult_from" in change
    with arranging() as session:
        assert len(session.scalars(select(AgeRule)).all()) == 1


def test_the_privacy_officer_reads_the_rules_and_finds_no_form(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        account = make_account(session, Role.PRIVACY_OFFICER, password_hash=PASSWORD_HASH)
    browser.sign_in_as(account)

    page = browser.get(PAGE)

    assert page.status_code == 200
    assert "A new rule" not in page.text
    assert browser.post(PAGE, FORM).status_code == 404
