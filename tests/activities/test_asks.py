"""What an activity asks of families: what may be asked, and how it is said anew."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.asks import (
    NOTHING_MORE,
    Asks,
    GuardianAgeOutOfReason,
    PhotoChannel,
    channels_among,
    check_asks,
)
from booking.activities.audience import Audience, Span
from booking.activities.dates import Series
from booking.activities.models import Activity
from booking.activities.operations import add_activity, change_asks, change_words
from booking.activities.planning import About, ChangedMeanwhile, Plan, Terms, Words
from booking.activities.queries import get_own_activity
from booking.activities.rows import asks_of, terms_of, words_of
from booking.activities.rules import Kind, Mode
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.consent.rules import WordingPurpose
from booking.libraries.rules import Language
from booking.staff.rules import Role
from booking.versions import seen_as
from booking.wording import TextNotPlain
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

ALL = Asks(
    last_name=True,
    needs=True,
    photo_channels=(PhotoChannel.INTERNAL, PhotoChannel.WEB),
    guardian_until=16,
)
NB = Words(
    language=Language.NB,
    title="Kokkekurs",
    summary="Vi lager mat.",
    body="",
    question="Har du laget mat før?",
)
PLAN = Plan(
    about=About(kind=Kind.WORKSHOP, audience=Audience(grades=Span(least=5, most=7), ages=Span())),
    terms=Terms(mode=Mode.SIGN_UP, capacity=12, asks_again=True),
    series=Series(first_on=date(2026, 12, 1), starts=time(17), ends=time(19), weeks=1),
    room="Kafeen",
    words=[NB],
    asks=ALL,
)


def put_up(session: Session, clock: StoppedClock, plan: Plan = PLAN) -> Activity:
    account = make_account(session, Role.COORDINATOR)
    about = replace(plan.about, responsible_id=account.id)
    library = make_library(session)
    return add_activity(session, clock, library_id=library.id, plan=replace(plan, about=about))


def ask(session: Session, clock: StoppedClock, activity: Activity, asks: Asks, seen: str = "") -> None:
    change_asks(
        session,
        clock,
        activity=activity,
        asks=asks,
        seen=seen or seen_as(asks_of(activity)),
        account_id=activity.responsible_id or 0,
    )


def read_again(session: Session, activity: Activity) -> Activity:
    """Return the activity as the database has it."""
    session.flush()
    session.expunge_all()
    return get_own_activity(session, activity.id, library_ids={activity.library_id})


def test_there_is_a_channel_for_each_text_about_pictures() -> None:
    texts = [purpose.value for purpose in WordingPurpose if purpose.value.startswith("photo_")]

    assert [channel.value for channel in PhotoChannel] == texts


def test_channels_stand_in_one_order_and_each_once() -> None:
    found = channels_among(["photo_press", "photo_internal", "photo_press", "photo_of_everything"])

    assert found == (PhotoChannel.INTERNAL, PhotoChannel.PRESS)


@pytest.mark.parametrize("age", [None, 1, 18])
def test_a_guardian_decides_up_to_eighteen(age: int | None) -> None:
    check_asks(Asks(guardian_until=age))


@pytest.mark.parametrize("age", [-1, 0, 19])
def test_a_guardian_decides_for_nobody_who_is_grown_up(age: int) -> None:
    with pytest.raises(GuardianAgeOutOfReason) as told:
        check_asks(Asks(guardian_until=age))

    assert told.value.facts == {"most": 18}


def test_what_is_planned_to_be_asked_is_asked(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)

    kept = read_again(session, activity)
    assert asks_of(kept) == ALL
    assert words_of(kept) == [NB]
    assert terms_of(kept.occasions[0]).asks_again


def test_nothing_more_is_asked_than_somebody_chose(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock, replace(PLAN, asks=NOTHING_MORE))

    assert asks_of(activity) == NOTHING_MORE
    assert activity.photo_channels == []


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (replace(PLAN, asks=Asks(guardian_until=19)), GuardianAgeOutOfReason),
        (replace(PLAN, words=[replace(NB, question="Har du \u202eallergi?")]), TextNotPlain),
    ],
)
def test_what_cannot_be_asked_is_not_put_up(
    session: Session, clock: StoppedClock, plan: Plan, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        put_up(session, clock, plan)

    assert session.scalars(select(Activity)).all() == []


def test_what_is_asked_can_change_and_is_on_record(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    before = activity.changed_at

    ask(session, clock, activity, Asks(photo_channels=(PhotoChannel.PRESS,)))

    write_down(session)
    assert asks_of(read_again(session, activity)) == Asks(photo_channels=(PhotoChannel.PRESS,))
    assert activity.changed_at == before + timedelta(seconds=1)
    assert session.scalars(select(AuditEntry.action)).all() == ["activity_asks_changed"]


def test_of_two_who_change_what_is_asked_the_second_is_told(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    opened = seen_as(asks_of(activity))
    ask(session, clock, activity, NOTHING_MORE, opened)

    with pytest.raises(ChangedMeanwhile):
        ask(session, clock, activity, ALL, opened)

    assert asks_of(activity) == NOTHING_MORE


def test_an_age_that_makes_no_sense_changes_nothing(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)

    with pytest.raises(GuardianAgeOutOfReason):
        ask(session, clock, activity, Asks(guardian_until=19))

    assert asks_of(activity) == ALL


def test_a_question_changes_with_the_words(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    new = [replace(NB, question="Tar du bussen hjem?")]

    change_words(
        session,
        clock,
        activity=activity,
        words=new,
        seen=seen_as(words_of(activity)),
        account_id=activity.responsible_id or 0,
    )

    assert words_of(read_again(session, activity)) == new
