"""New rows written at once: in their order, with their numbers, and each a change where pages show it."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import DateTime, inspect, select
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.db import UtcDateTime
from booking.links.models import MailedCode
from booking.links.rules import Purpose
from booking.people.models import Participant
from booking.revision import Catalogue, raise_if_changed
from booking.rows import adopt, fresh, note, store, store_once
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.tokens import new_uid
from tests.factories import make_family, make_occasion, make_participant


def a_code(clock: Clock, fingerprint: str) -> MailedCode:
    return MailedCode(
        fingerprint=fingerprint,
        purpose=Purpose.SIGN_UP_CODE,
        subject_id=1,
        digest="d",
        issued_at=clock(),
        expires_at=clock() + timedelta(hours=1),
    )


def test_rows_get_their_numbers_in_their_order_and_what_nobody_said_is_as_the_table_says(
    session: Session, clock: Clock
) -> None:
    codes = [a_code(clock, f"f{number}") for number in range(5)]

    store(session, codes)

    kept = session.execute(select(MailedCode.id, MailedCode.fingerprint).order_by(MailedCode.id)).all()
    assert [tuple(row) for row in kept] == [(code.id, code.fingerprint) for code in codes]
    assert [(code.tries, code.used_at) for code in codes] == [(0, None)] * 5


def test_a_row_that_is_followed_is_changed_by_setting_it(session: Session, clock: Clock) -> None:
    family = make_family(session)
    child = Participant(
        family_id=family.id,
        person_key=new_uid(),
        first_name="Ada",
        birth_year=2016,
        is_by_grade=False,
        municipality_code="0000",
        is_shielded=False,
        is_own_contact=False,
        known_since=clock(),
    )

    store(session, [child], is_followed=True)
    child.first_name = "Bo"
    session.flush()

    assert session.scalars(select(Participant.first_name).where(Participant.id == child.id)).one() == "Bo"


def test_a_row_that_the_database_refuses_is_refused_as_ever(session: Session, clock: Clock) -> None:
    store(session, [a_code(clock, "same")])

    with pytest.raises(IntegrityError):
        store(session, [a_code(clock, "same")])


def test_what_pages_count_is_a_new_revision_of_the_same_programme(session: Session, clock: Clock) -> None:
    occasion = make_occasion(session)
    child = make_participant(session)
    raise_if_changed(session)
    before = session.execute(select(Catalogue.revision, Catalogue.programme)).one()
    signup = Signup(
        occasion_id=occasion.id,
        participant_id=child.id,
        uid=new_uid(),
        ask_key="key",
        state=SignupState.CONFIRMED,
        asked_at=clock(),
        changed_at=clock(),
    )

    store(session, [signup])
    raise_if_changed(session)

    after = session.execute(select(Catalogue.revision, Catalogue.programme)).one()
    assert after.revision != before.revision
    assert after.programme == before.programme


def test_sqlite_is_told_an_instant_as_sqlalchemy_would_tell_it_and_never_a_naive_one() -> None:
    dialect = sqlite_dialect()
    write = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    as_ever = DateTime().dialect_impl(dialect).bind_processor(dialect)
    instant = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))

    assert write is not None
    assert as_ever is not None
    assert write(instant) == as_ever(datetime(2026, 6, 30, 22, 30)) == "2026-06-30 22:30:00.000000"  # noqa: DTZ001 – as the table holds it
    with pytest.raises(ValueError, match="time zone"):
        write(datetime(2026, 7, 1))  # noqa: DTZ001 – what is refused


def test_a_row_is_written_once_for_a_key_and_a_column_that_is_not_there_is_refused(
    session: Session, clock: Clock
) -> None:
    assert store_once(session, a_code(clock, "same"), key="fingerprint")
    assert not store_once(session, a_code(clock, "same"), key="fingerprint")

    with pytest.raises(TypeError, match="no such column"):
        note(session, MailedCode, [{"fingerprints": "misspelled"}])


def test_a_fresh_row_holds_what_was_told_and_what_the_table_says(session: Session, clock: Clock) -> None:
    family, now = make_family(session), clock()
    told = {"family_id": family.id, "person_key": new_uid(), "first_name": "Ada", "known_since": now}

    child = fresh(Participant, **told, birth_year=2016, municipality_code="0000", is_by_grade=False)
    store(session, [child])

    kept = session.scalars(select(Participant).where(Participant.id == child.id)).one()
    columns = [column.key for column in inspect(Participant).column_attrs]
    assert {name: getattr(child, name) for name in columns} == {name: getattr(kept, name) for name in columns}


def test_a_fresh_row_has_no_column_that_the_table_has_not() -> None:
    with pytest.raises(TypeError, match="no such column"):
        fresh(Participant, nickname="Ada")


def test_a_row_that_the_database_told_of_is_followed_as_if_it_had_been_loaded(session: Session) -> None:
    number = make_participant(session).id
    told = session.execute(select(*Participant.__table__.c).where(Participant.id == number)).one()
    session.expunge_all()

    child = adopt(session, Participant, told)
    child.first_name = "Bo"
    session.flush()

    assert session.get(Participant, number) is child
    name = select(Participant.__table__.c.first_name).where(Participant.__table__.c.id == number)
    assert session.scalar(name) == "Bo"
    session.delete(child)
    session.flush()
    assert session.scalar(name) is None
