"""Saying yes to what is asked besides, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.consent.consent_operations import Yes, record_consents
from booking.consent.models import Consent
from booking.consent.operations import forget_agreements, publish_wording
from booking.consent.queries import age_rule_at, current_wording, current_wordings
from booking.consent.rules import (
    Capacity,
    ChildAnswer,
    ConsentChanged,
    Established,
    Step,
    Way,
    WordingPurpose,
)
from booking.consent.standing_queries import consents_in, history_of, newest_consents, texts_shown
from booking.libraries.rules import Language
from booking.people.operations import forget_participant
from booking.tokens import fingerprint
from tests.conftest import StoppedClock
from tests.consent.saying import (
    NEEDS,
    NEWS,
    PRESS,
    SOCIAL,
    WEB,
    occasion_in_a_week,
    said_at,
    say_yes,
    steps,
    texts,
)
from tests.factories import make_account, make_family, make_participant

END_OF_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def test_each_ticked_box_is_one_row_that_tells_who_when_how_and_to_which_words(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    account = make_account(session)

    say_yes(
        session,
        clock,
        ada,
        occasion,
        WEB,
        NEEDS,
        NEWS,
        child_answer=ChildAnswer.YES,
        way=Way.PHONE,
        established=Established.BY_PHONE,
        account_id=account.id,
    )

    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    words = texts(session, [NEEDS, NEWS, WEB])
    assert [(row.purpose, row.occasion_id, row.wording_id, row.expires_at) for row in rows] == [
        (NEEDS, occasion.id, words[NEEDS], None),
        (NEWS, None, words[NEWS], clock() + timedelta(days=365)),
        (WEB, occasion.id, words[WEB], END_OF_YEAR),
    ]
    rule = age_rule_at(session, now=clock())
    for row in rows:
        assert (row.participant_id, row.library_id) == (ada.id, occasion.activity.library_id)
        assert (row.step, row.at, row.child_answer) == (Step.GIVEN, clock(), ChildAnswer.YES)
        assert (row.capacity, row.established, row.way) == (
            Capacity.PARENT,
            Established.BY_PHONE,
            Way.PHONE,
        )
        assert (row.account_id, row.age_rule_id) == (account.id, rule.id)


def test_whoever_ticks_nothing_leaves_nothing_behind(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)

    with counting(session) as asked:
        record_consents(
            session,
            clock,
            yeses=[Yes(participant=ada, purposes=frozenset())],
            texts={},
            said=said_at(session, clock, occasion),
        )

    assert steps(session, ada) == []
    assert len(asked) == 1  # the rule of ages, for what is said


def test_many_children_take_two_questions(session: Session, clock: StoppedClock) -> None:
    family, occasion = make_family(session), occasion_in_a_week(session)
    children = [make_participant(session, family=family, first_name=name) for name in "ABCDEFGH"]
    said, words = said_at(session, clock, occasion), texts(session, [WEB, SOCIAL, NEWS])

    with counting(session) as asked:
        record_consents(
            session,
            clock,
            yeses=[Yes(participant=child, purposes=frozenset(words)) for child in children],
            texts=words,
            said=said,
        )

    assert [statement.split()[0] for statement in asked] == ["SELECT", "INSERT"]
    assert all(len(steps(session, child)) == 3 for child in children)


@pytest.mark.parametrize(
    ("child_answer", "is_shielded", "birth_year", "expected"),
    [
        (ChildAnswer.YES, False, 2016, [NEWS, WEB]),
        (ChildAnswer.NOT_ASKED, False, 2016, [NEWS, WEB]),
        (ChildAnswer.NO, False, 2016, [NEWS]),
        (ChildAnswer.UNSURE, False, 2016, [NEWS]),
        (ChildAnswer.YES, True, 2016, [NEWS]),
        (ChildAnswer.NOT_ASKED, False, 2010, [NEWS]),
    ],
)
def test_one_no_to_pictures_is_enough_and_shielding_is_one(
    session: Session,
    clock: StoppedClock,
    child_answer: ChildAnswer,
    is_shielded: bool,
    birth_year: int,
    expected: list[WordingPurpose],
) -> None:
    child = make_participant(session, is_shielded=is_shielded, birth_year=birth_year)

    say_yes(session, clock, child, occasion_in_a_week(session), WEB, NEWS, child_answer=child_answer)

    assert steps(session, child) == [(purpose, Step.GIVEN) for purpose in expected]


def test_what_stands_is_told_by_the_newest_step_and_by_the_clock(
    session: Session, clock: StoppedClock
) -> None:
    ada, bo, cy = (make_participant(session) for _child in range(3))
    occasion, other = occasion_in_a_week(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, SOCIAL, NEWS)
    say_yes(session, clock, bo, other, WEB)
    say_yes(session, clock, cy, occasion, PRESS)

    assert consents_in(session, occasion_id=occasion.id, now=clock()) == {
        ada.id: {WEB, SOCIAL},
        cy.id: {PRESS},
    }
    assert consents_in(session, occasion_id=occasion.id, now=clock(), participant_ids=[cy.id]) == {
        cy.id: {PRESS}
    }
    assert consents_in(session, occasion_id=occasion.id, now=END_OF_YEAR) == {}


def test_pictures_of_a_shielded_child_never_stand(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, NEEDS)

    ada.is_shielded = True
    session.flush()

    assert consents_in(session, occasion_id=occasion.id, now=clock()) == {ada.id: {NEEDS}}


def test_the_same_yes_twice_is_one_and_a_later_one_renews_it(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, NEWS)

    say_yes(session, clock, ada, occasion, WEB, NEWS)
    assert len(steps(session, ada)) == 2

    clock.forward(days=1)
    say_yes(session, clock, ada, occasion, WEB, NEWS)

    assert steps(session, ada)[2:] == [(NEWS, Step.RENEWED)]
    news = newest_consents(session, participant_ids=[ada.id])[ada.id, NEWS, None]
    assert news.expires_at == clock() + timedelta(days=365)


def test_new_words_replace_what_was_agreed_and_leave_it_on_record(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB)
    old = current_wording(session, purpose=WEB, language=Language.EN).id

    new = publish_wording(session, clock, purpose=WEB, language=Language.EN, words="Pictures, yes.").id
    before = [row.wording_id for row in history_of(session, participant_id=ada.id)]
    say_yes(session, clock, ada, occasion, WEB)

    assert before == [old]
    history = history_of(session, participant_id=ada.id)
    assert [(row.step, row.wording_id) for row in history] == [
        (Step.GIVEN, old),
        (Step.REPLACED, old),
        (Step.GIVEN, new),
    ]
    assert consents_in(session, occasion_id=occasion.id, now=clock()) == {ada.id: {WEB}}


def test_the_childs_own_no_takes_back_what_stood(session: Session, clock: StoppedClock) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB, NEWS)

    say_yes(session, clock, ada, occasion, child_answer=ChildAnswer.UNSURE)
    say_yes(session, clock, ada, occasion, child_answer=ChildAnswer.NO)

    assert steps(session, ada) == [(NEWS, Step.GIVEN), (WEB, Step.GIVEN), (WEB, Step.WITHDRAWN)]


def test_nobody_agrees_to_words_that_were_changed_or_never_shown(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    shown = {
        purpose: current_wording(session, purpose=purpose, language=Language.NN).digest
        for purpose in (WEB, NEWS)
    }

    with counting(session) as asked:
        read = texts_shown(session, shown=shown, language=Language.NN)

    assert len(asked) == 1
    assert set(read) == {WEB, NEWS}
    for wrong in ({WEB: fingerprint("other words")}, {WEB: ""}):
        with pytest.raises(ConsentChanged) as told:
            texts_shown(session, shown=shown | wrong, language=Language.NN)
        assert (told.value.code, told.value.field) == ("wording_changed", "consents")
    assert texts_shown(session, shown={}, language=Language.NN) == {}

    never_shown = Yes(participant=ada, purposes=frozenset({WEB, NEWS}))
    said = said_at(session, clock, occasion)
    record_consents(session, clock, yeses=[never_shown], texts={NEWS: read[NEWS]}, said=said)
    assert steps(session, ada) == [(NEWS, Step.GIVEN)]


def test_the_record_of_a_childs_consents_can_be_narrowed_to_one_occasion(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion, other = (
        make_participant(session),
        occasion_in_a_week(session),
        occasion_in_a_week(session),
    )
    say_yes(session, clock, ada, occasion, WEB, NEWS)
    say_yes(session, clock, ada, other, SOCIAL)

    everything = history_of(session, participant_id=ada.id)
    of_one = history_of(session, participant_id=ada.id, occasion_id=occasion.id)

    assert [row.purpose for row in everything] == [NEWS, WEB, SOCIAL]
    assert [row.purpose for row in of_one] == [NEWS, WEB]
    assert all(row.wording.words for row in everything)
    shown = newest_consents(session, participant_ids=[ada.id], with_words=True)
    assert shown[ada.id, WEB, occasion.id].wording.purpose is WEB


def test_the_database_lets_nobody_rewrite_a_consent_and_erases_it_with_the_child(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, WEB)

    for rewriting in ("UPDATE consent SET step = 'withdrawn'", "UPDATE consent SET wording_id = 1"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(rewriting))

    assert steps(session, ada) == [(WEB, Step.GIVEN)]
    forget_participant(session, participant_id=ada.id)
    assert session.scalars(select(Consent)).all() == []


def test_what_a_stranger_said_yes_to_can_be_forgotten_and_what_was_said_before_stays(
    session: Session, clock: StoppedClock
) -> None:
    ada, occasion = make_participant(session), occasion_in_a_week(session)
    say_yes(session, clock, ada, occasion, NEWS)
    clock.forward(days=1)
    say_yes(session, clock, ada, occasion, NEWS, WEB)

    forget_agreements(session, participant_id=ada.id, occasion_id=occasion.id, said_at=clock())

    assert steps(session, ada) == [(NEWS, Step.GIVEN)]


@pytest.mark.parametrize("language", list(Language))
def test_all_words_in_use_are_found_at_once(
    session: Session, clock: StoppedClock, language: Language
) -> None:
    new = publish_wording(session, clock, purpose=WEB, language=language, words="Pictures, yes.")

    with counting(session) as asked:
        words = current_wordings(session, language=language)

    assert len(asked) == 1
    assert set(words) == set(WordingPurpose)
    assert words[WEB].id == new.id
