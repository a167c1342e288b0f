"""What staff write to families: seen first, to each once and alone, and taken back in time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.queries import get_own_occasion
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.libraries.rules import Language
from booking.notices.models import Notice
from booking.notices.operations import Message, forget_old_notices, send_notice, sign_of, undo_notice
from booking.notices.queries import households_in
from booking.notices.rules import Group, NobodyToWriteTo, NotSeenLikeThis, TooLateToUndo, fill
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.postman import deliver_letters
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import unit_of_work
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.outbox.conftest import RecordingPost

Arranging = Callable[[], AbstractContextManager[Session]]
PLACE = (Group.PLACE,)


class House:
    """An occasion with a family of two that has a place, one that waits, and one that nobody knows."""

    def __init__(self, session: Session) -> None:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        make_meeting(session, occasion=occasion)
        family = make_family(session, email="ola@example.org")
        for name in ("Ada", "Bo"):
            child = make_participant(session, family=family, first_name=name)
            make_signup(session, occasion=occasion, participant=child)
        make_signup(session, occasion=occasion, state=SignupState.QUEUED)
        make_signup(session, occasion=occasion, state=SignupState.OFFERED, held_until=NOON)
        make_signup(session, occasion=occasion, state=SignupState.AWAITING_GUARDIAN, held_until=NOON)
        stranger = make_participant(session, family=make_family(session, verified_at=None))
        make_signup(session, occasion=occasion, participant=stranger, state=SignupState.QUEUED)
        make_signup(session, occasion=occasion, state=SignupState.WITHDRAWN)
        self.library_id, self.occasion_id = library.id, occasion.id
        self.librarian = make_account(session, Role.LIBRARIAN, library=library)
        session.flush()
        session.expunge_all()

    def occasion(self, session: Session) -> Occasion:
        """The occasion, as a view gets it."""
        return get_own_occasion(session, self.occasion_id, library_ids={self.library_id})

    def message(
        self, session: Session, words: str = "Ta med innesko.", groups: tuple[Group, ...] = PLACE
    ) -> Message:
        """A message that was seen as it is now."""
        unseen = Message(words=words, groups=groups, send_key=new_uid(), seen="")
        seen = sign_of(message=unseen, households=households_in(session, self.occasion_id, groups))
        return Message(words=words, groups=groups, send_key=unseen.send_key, seen=seen)

    def send(self, session: Session, clock: StoppedClock, message: Message | None = None) -> Notice:
        """Send a message, as a view does."""
        return send_notice(
            session,
            clock,
            occasion=self.occasion(session),
            message=message or self.message(session),
            account_id=self.librarian.id,
        )


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.template == "notice").order_by(Letter.id)))


@pytest.mark.parametrize(
    "words",
    [
        "{x.__class__}",
        "{child.__class__}",
        "{child!r}",
        "{child:>9999999}",
        "{{7*7}}",
        "%(x)s",
        "{0}",
        "{}",
        "{ child }",
        "{Child}",
        "{%child%}",
        "{{ config }}",
        "${child",
    ],
)
def test_whatever_else_stands_in_braces_comes_out_as_it_is(words: str) -> None:
    assert fill(words, {"child": "Ada"}) == words


def test_known_words_are_filled_in_and_not_read_again() -> None:
    values = {"child": "{place}", "place": "Kvisla", "activity": "A", "when": "nå"}

    assert (
        fill("{child} til {activity} {when}, {place}. {child}", values) == "{place} til A nå, Kvisla. {place}"
    )


@pytest.mark.parametrize(
    ("groups", "families"),
    [
        ((Group.PLACE,), 1),
        ((Group.WAITING,), 1),
        ((Group.OFFERED,), 1),
        ((Group.UNANSWERED,), 1),
        (tuple(Group), 4),
    ],
)
def test_each_family_of_the_groups_gets_one_letter_and_strangers_get_none(
    session: Session, clock: StoppedClock, house: House, groups: tuple[Group, ...], families: int
) -> None:
    notice = house.send(session, clock, house.message(session, groups=groups))

    assert notice.recipients == len(letters(session)) == families
    assert len({letter.address for letter in letters(session)}) == families


def test_a_household_gets_one_letter_about_its_children(
    session: Session, clock: StoppedClock, house: House
) -> None:
    house.send(session, clock)

    [letter] = letters(session)
    assert (letter.address, letter.facts["children"]) == ("ola@example.org", ["Ada", "Bo"])


def test_the_same_form_twice_is_one_message(session: Session, clock: StoppedClock, house: House) -> None:
    message = house.message(session)

    first, second = house.send(session, clock, message), house.send(session, clock, message)

    assert first is second
    assert len(letters(session)) == 1


def test_what_was_not_seen_is_not_sent(session: Session, clock: StoppedClock, house: House) -> None:
    message = house.message(session)
    other_words = Message(
        words="Noe annet.", groups=message.groups, send_key=message.send_key, seen=message.seen
    )
    make_signup(session, occasion=house.occasion(session))

    for unseen in (other_words, message):
        with pytest.raises(NotSeenLikeThis):
            house.send(session, clock, unseen)
    assert letters(session) == []


def test_nobody_is_written_to_where_nobody_stands(
    session: Session, clock: StoppedClock, house: House
) -> None:
    for signup in [
        signup for each in households_in(session, house.occasion_id, PLACE) for signup in each.signups
    ]:
        signup.state = SignupState.WITHDRAWN
    session.flush()

    with pytest.raises(NobodyToWriteTo):
        house.send(session, clock)


def test_letters_wait_half_a_minute_and_then_leave_each_alone(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        house = House(session)
        house.send(session, clock, house.message(session, words="{child}: {{7*7}}", groups=tuple(Group)))
    post = RecordingPost()

    with app.app_context():
        at_once = deliver_letters(post)
        clock.forward(seconds=30)
        later = deliver_letters(post)

    assert (at_once, later) == (0, 4)
    assert all(str(mail["To"]).count("@") == 1 and mail["Cc"] is None for mail in post.handed)
    assert "Ada and Bo: {{7*7}}" in str(post.handed[0].get_body(("plain",)))
    assert "Ada and Bo: {{7*7}}" in str(post.handed[0].get_body(("html",)))


def test_markup_in_the_words_stays_text(app: Flask, clock: StoppedClock, arranging: Arranging) -> None:
    with arranging() as session:
        house = House(session)
        house.send(session, clock, house.message(session, words="<script>alert(1)</script>\n\nHei\ndere"))
    post = RecordingPost()
    clock.forward(seconds=30)

    with app.app_context():
        deliver_letters(post)

    page = str(post.handed[0].get_body(("html",)))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_message_taken_back_in_time_reaches_nobody(
    session: Session, clock: StoppedClock, house: House
) -> None:
    other = house.send(session, clock, house.message(session, groups=(Group.WAITING,)))
    notice = house.send(session, clock, house.message(session, groups=tuple(Group)))
    clock.forward(seconds=29)

    count = undo_notice(session, clock, notice=notice, account_id=house.librarian.id)
    again = undo_notice(session, clock, notice=notice, account_id=house.librarian.id)

    assert (count, again) == (4, 0)
    states = [letter.state for letter in letters(session)]
    assert states == [LetterState.WAITING, *[LetterState.DROPPED] * 4]
    assert other.undone_at is None
    assert [letter.address for letter in letters(session)][1:] == [None] * 4


def test_after_half_a_minute_it_is_too_late(session: Session, clock: StoppedClock, house: House) -> None:
    notice = house.send(session, clock)
    clock.forward(seconds=30)

    with pytest.raises(TooLateToUndo):
        undo_notice(session, clock, notice=notice, account_id=house.librarian.id)
    assert letters(session)[0].state is LetterState.WAITING


def test_it_is_on_record_who_wrote_to_how_many_and_nothing_of_what(
    session: Session, clock: StoppedClock, house: House
) -> None:
    notice = house.send(session, clock)
    undo_notice(session, clock, notice=notice, account_id=house.librarian.id)
    write_down(session)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["notice_sent", "notice_taken_back"]
    assert entries[0].facts == {"notice": notice.id, "families": 1}
    assert entries[0].account_id == house.librarian.id


def test_what_was_written_is_forgotten_a_month_after_the_end(
    session: Session, clock: StoppedClock, house: House
) -> None:
    house.send(session, clock)
    ends_at = house.occasion(session).meetings[0].ends_at

    clock.set(ends_at + timedelta(days=30))
    at_the_end = forget_old_notices(session, clock)
    clock.forward(seconds=1)
    after = forget_old_notices(session, clock)

    assert (at_the_end, after) == (0, 1)
    assert session.scalars(select(Notice)).all() == []


@pytest.mark.race
def test_pressed_eight_times_at_once_it_is_sent_once(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        house = House(session)
        message = house.message(session, groups=tuple(Group))
    start = Barrier(8)

    def press() -> None:
        start.wait()
        with app.app_context(), unit_of_work() as (session, _clock):
            house.send(session, clock, message)

    hands = [Thread(target=press) for _number in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    with arranging() as session:
        assert len(session.scalars(select(Notice)).all()) == 1
        assert len(letters(session)) == 4


@pytest.fixture
def furnished(arranging: Arranging) -> House:
    with arranging() as session:
        return House(session)


def test_staff_see_the_letter_and_how_many_families_get_it_before_it_goes(
    browser: Browser, furnished: House, arranging: Arranging
) -> None:
    browser.sign_in_as(furnished.librarian)
    address = f"/staff/occasions/{furnished.occasion_id}/write"
    browser.get(address)

    looked = browser.post(address, {"words": "{child} trenger {noe}", "groups": ["place"], "send_key": "k"})

    assert looked.status_code == 200
    assert "This goes to 1 family" in looked.text
    assert "trenger {noe}" in looked.text
    assert "ola@example.org" not in looked.text
    with arranging() as session:
        assert letters(session) == []


def test_what_was_seen_is_sent_and_can_be_taken_back(
    browser: Browser, furnished: House, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(furnished.librarian)
    address = f"/staff/occasions/{furnished.occasion_id}/write"
    with arranging() as session:
        message = furnished.message(session)
    typed = {"words": message.words, "groups": ["place"], "send_key": "k", "seen": message.seen}

    sent = browser.post(address, typed)
    page = browser.get(sent.location)
    undone = browser.post(f"{sent.location}/undo", {})

    assert sent.status_code == 303
    assert "Letter" in page.text or "letter" in page.text
    assert "Take it back" in page.text
    assert "It was taken back" in browser.get(undone.location).text
    clock.forward(seconds=30)
    assert "Take it back" not in browser.get(sent.location).text


def test_a_family_that_came_meanwhile_is_shown_before_anything_is_sent(
    browser: Browser, furnished: House, arranging: Arranging
) -> None:
    browser.sign_in_as(furnished.librarian)
    with arranging() as session:
        message = furnished.message(session)
        make_signup(session, occasion=furnished.occasion(session))
    typed = {"words": message.words, "groups": ["place"], "send_key": "k", "seen": message.seen}

    answer = browser.post(f"/staff/occasions/{furnished.occasion_id}/write", typed)

    assert answer.status_code == 422
    assert "This goes to 2 families" in answer.text
    assert "Nothing was sent" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"words": "", "groups": ["place"]}, "Write what the families are to know"),
        ({"words": "Hei", "groups": []}, "Choose at least one group"),
        ({"words": "Hei", "groups": ["everybody"]}, "Choose at least one group"),
        ({"words": "a" * 2001, "groups": ["place"]}, "at most 2,000 characters"),
        ({"words": "Hei \u202eereht", "groups": ["place"]}, "invisible signs"),
    ],
)
def test_what_cannot_be_sent_is_said(
    browser: Browser, furnished: House, typed: dict[str, object], said: str
) -> None:
    browser.sign_in_as(furnished.librarian)

    answer = browser.post(f"/staff/occasions/{furnished.occasion_id}/write", {**typed, "send_key": "k"})

    assert answer.status_code == 422
    assert said in answer.text


def test_each_language_is_shown_as_its_families_get_it(
    browser: Browser, furnished: House, arranging: Arranging
) -> None:
    browser.sign_in_as(furnished.librarian)
    with arranging() as session:
        child = make_participant(session, family=make_family(session, language=Language.NB))
        make_signup(session, occasion=furnished.occasion(session), participant=child)

    page = browser.post(
        f"/staff/occasions/{furnished.occasion_id}/write",
        {"words": "Hei {child}", "groups": ["place"], "send_key": "k"},
    ).text

    assert page.count("Hei Ada") == 2
    assert 'lang="nb"' in page


def test_a_librarian_of_another_library_finds_nothing(
    browser: Browser, furnished: House, arranging: Arranging
) -> None:
    with arranging() as session:
        stranger = make_account(session, Role.LIBRARIAN, library=make_library(session))
    browser.sign_in_as(stranger)

    assert browser.get(f"/staff/occasions/{furnished.occasion_id}/write").status_code == 404
