import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import booking
from booking.outbox.models import Letter
from booking.outbox.operations import end_leases, forget_letters_to, forget_old_letters, write_letter
from booking.outbox.post import NotPosted
from booking.outbox.queries import oldest_due_at
from booking.outbox.rules import (
    LEASE,
    MOST_ATTEMPTS,
    NEXT_STATES,
    LetterHasGone,
    LetterState,
    Matter,
    Policy,
    Trouble,
    after_trouble,
    check_move,
    hidden_address,
    matter_of,
    next_try_at,
)
from booking.postman import deliver_letters
from booking.work import reading, unit_of_work
from tests.conftest import StoppedClock
from tests.factories import NOON
from tests.outbox.conftest import RecordingPost

Arranging = Callable[[], AbstractContextManager[Session]]
Write = Callable[..., Letter]


LETTERS = Path(booking.__file__).parent / "templates" / "letters"


class WorkerKilledError(BaseException):
    """What stands for kill -9: nothing that the worker would still do is done."""


def _only_letter(app: Flask) -> Letter:
    with app.app_context(), reading() as (session, _clock):
        return session.scalars(select(Letter)).one()


def _deliver(app: Flask, post: Callable[[EmailMessage], None]) -> int:
    with app.app_context():
        return deliver_letters(post)


@pytest.mark.parametrize("current", LetterState)
@pytest.mark.parametrize("wanted", LetterState)
def test_a_letter_moves_only_along_the_table(current: LetterState, wanted: LetterState) -> None:
    try:
        check_move(current, wanted)
    except LetterHasGone:
        assert wanted not in NEXT_STATES[current]
    else:
        assert wanted in NEXT_STATES[current]


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 2), (2, 4), (5, 32), (9, 360), (12, 360)])
def test_each_failure_waits_twice_as_long_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert (next_try_at(attempts=attempts, now=NOON) - NOON).total_seconds() == minutes * 60


def test_an_address_is_shown_by_its_first_letter_only() -> None:
    assert hidden_address("kari@example.org") == "k…@example.org"


def test_a_letter_leaves_once_and_then_nothing_of_it_is_kept(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    post = RecordingPost()
    with arranging() as session:
        write(session)

    assert (_deliver(app, post), _deliver(app, post)) == (1, 0)

    letter = _only_letter(app)
    assert len(post.handed) == 1
    assert (letter.state, letter.address, letter.facts) == (LetterState.SENT, None, {})


def test_a_letter_written_twice_for_one_act_is_one_letter(session: Session, write: Write) -> None:
    assert write(session).id == write(session, name="Somebody else").id


def test_a_letter_goes_with_the_act_that_it_tells_of(app: Flask, write: Write) -> None:
    with (
        app.app_context(),
        pytest.raises(ZeroDivisionError),
        unit_of_work() as (session, _clock),
    ):
        write(session)
        raise ZeroDivisionError

    assert _deliver(app, RecordingPost()) == 0


def test_a_letter_waits_when_nobody_answers_and_leaves_later(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock
) -> None:
    post = RecordingPost(Trouble.NO_ANSWER, Trouble.REFUSED_FOR_NOW)
    with arranging() as session:
        write(session)

    tries = []
    for minutes in (0, 1, 1, 4):
        clock.forward(minutes=minutes)
        tries.append(_deliver(app, post))

    assert tries == [0, 0, 0, 1]


def test_a_refused_address_is_shown_to_staff_and_stops_nobody_else(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    post = RecordingPost(Trouble.REFUSED)
    with arranging() as session:
        write(session, "first", address="nobody@example.org")
        write(session, "second")

    assert _deliver(app, post) == 1

    with app.app_context(), reading() as (session, _clock):
        states = dict(session.execute(select(Letter.key, Letter.state)).all())
    assert states == {"first": LetterState.PARKED, "second": LetterState.SENT}


@pytest.mark.parametrize(
    "changes",
    [
        {"template": "no_such_letter"},
        {"template": "broken"},
        {"address": "not an address"},
        {"address": "kari@exa\nmple.org"},
        {"name": "\ud800"},
    ],
)
def test_a_letter_that_cannot_be_written_stops_nobody_else(
    app: Flask, arranging: Arranging, write: Write, changes: dict[str, str]
) -> None:
    post = RecordingPost()
    with arranging() as session:
        write(session, "first", **changes)
        write(session, "second")

    assert _deliver(app, post) == 1


def test_when_the_mail_server_is_away_it_is_asked_once_and_then_everything_leaves(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock
) -> None:
    post = RecordingPost(Trouble.NO_ANSWER)
    with arranging() as session:
        for number in range(5):
            write(session, f"letter-{number}")

    first = _deliver(app, post)
    clock.forward(minutes=2)

    assert (first, _deliver(app, post)) == (0, 5)


def test_a_fault_of_ours_while_posting_stops_nobody_else(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    taken: list[EmailMessage] = []

    def post(message: EmailMessage) -> None:
        if not taken:
            taken.append(message)
            raise ZeroDivisionError
        taken.append(message)

    with arranging() as session:
        write(session, "first")
        write(session, "second")

    assert _deliver(app, post) == 1


def test_the_postman_stops_between_two_letters_when_told_to(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    stopped = threading.Event()
    with arranging() as session:
        write(session, "first")
        write(session, "second")

    with app.app_context():
        left = deliver_letters(lambda _message: stopped.set(), stopped=stopped)

    assert left == 1


@pytest.mark.parametrize(
    ("trouble", "policy", "attempts", "state"),
    [
        (Trouble.NO_ANSWER, Policy.REPEAT, 1, LetterState.WAITING),
        (Trouble.NO_ANSWER, Policy.ONCE, 1, LetterState.WAITING),
        (Trouble.NO_ANSWER, Policy.REPEAT, MOST_ATTEMPTS - 1, LetterState.WAITING),
        (Trouble.NO_ANSWER, Policy.REPEAT, MOST_ATTEMPTS, LetterState.PARKED),
        (Trouble.REFUSED_FOR_NOW, Policy.ONCE, 1, LetterState.WAITING),
        (Trouble.REFUSED, Policy.REPEAT, 1, LetterState.PARKED),
        (Trouble.UNWRITABLE, Policy.ONCE, 1, LetterState.PARKED),
        (Trouble.NO_RECEIPT, Policy.REPEAT, 1, LetterState.WAITING),
        (Trouble.NO_RECEIPT, Policy.ONCE, 1, LetterState.UNCERTAIN),
        (Trouble.WORKER_DIED, Policy.ONCE, MOST_ATTEMPTS, LetterState.UNCERTAIN),
        (Trouble.WORKER_DIED, Policy.REPEAT, MOST_ATTEMPTS, LetterState.PARKED),
    ],
)
def test_trouble_decides_where_a_letter_goes(
    trouble: Trouble, policy: Policy, attempts: int, state: LetterState
) -> None:
    assert after_trouble(trouble, policy=policy, attempts=attempts) is state


@pytest.mark.parametrize(
    ("template", "matter"),
    [
        ("signup_confirmed", Matter.SIGNUP),
        ("offer_made", Matter.OFFER),
        ("meeting_moved", Matter.MEETING),
        ("pictures_agreed", Matter.SIGNUP),
        ("besides_said", Matter.SIGNUP),
        ("occasion_back_on", Matter.MEETING),
        ("family_enter", Matter.FAMILY),
        ("password_reset", Matter.ACCOUNT),
    ],
)
def test_staff_see_what_a_letter_is_about(template: str, matter: Matter) -> None:
    assert matter_of(template) is matter


@pytest.mark.parametrize("name", [path.stem for path in sorted(LETTERS.glob("*.txt"))])
def test_every_letter_is_text_and_html(name: str) -> None:
    assert (LETTERS / f"{name}.html").exists()


@pytest.mark.parametrize(("policy", "times"), [(Policy.REPEAT, 2), (Policy.ONCE, 1)])
def test_silence_after_the_letter_repeats_only_what_may_come_twice(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock, policy: Policy, times: int
) -> None:
    handed: list[EmailMessage] = []

    def post(message: EmailMessage) -> None:
        handed.append(message)
        if len(handed) == 1:
            raise NotPosted(Trouble.NO_RECEIPT)

    with arranging() as session:
        write(session, policy=policy)

    for _round in range(3):
        _deliver(app, post)
        clock.forward(hours=1)

    assert len(handed) == times
    assert len({message["Message-ID"] for message in handed}) == 1


def test_a_letter_that_ends_every_worker_is_parked_at_last(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock
) -> None:
    def deadly(_message: EmailMessage) -> None:
        raise WorkerKilledError

    with arranging() as session:
        write(session)
    for _worker in range(MOST_ATTEMPTS):
        with pytest.raises(WorkerKilledError):
            _deliver(app, deadly)
        clock.forward(minutes=3)
        with arranging() as session:
            end_leases(session, clock)

    assert _only_letter(app).state is LetterState.PARKED


def test_a_letter_whose_reader_was_erased_while_it_was_on_its_way_is_dropped(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    def post(_message: EmailMessage) -> None:
        with app.app_context(), unit_of_work() as (session, now):
            forget_letters_to(session, now, address="ada@example.org")
        raise NotPosted(Trouble.REFUSED)

    with arranging() as session:
        write(session)

    _deliver(app, post)

    letter = _only_letter(app)
    assert (letter.state, letter.address, letter.facts) == (LetterState.DROPPED, None, {})


@pytest.mark.parametrize(("days", "state"), [(29, LetterState.PARKED), (31, LetterState.DROPPED)])
def test_a_letter_that_nobody_sees_to_is_given_up_after_a_month(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock, days: int, state: LetterState
) -> None:
    with arranging() as session:
        write(session)
    _deliver(app, RecordingPost(Trouble.REFUSED))
    clock.forward(days=days)

    with arranging() as session:
        forget_old_letters(session, clock)

    letter = _only_letter(app)
    assert letter.state is state
    assert (letter.address is None) is (state is LetterState.DROPPED)


@pytest.mark.parametrize(("days", "forgotten"), [(89, 0), (91, 1)])
def test_that_a_letter_went_is_remembered_for_ninety_days(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock, days: int, forgotten: int
) -> None:
    with arranging() as session:
        write(session)
    _deliver(app, RecordingPost())
    clock.forward(days=days)

    with arranging() as session:
        assert forget_old_letters(session, clock) == forgotten


def test_a_letter_is_overdue_from_when_a_worker_should_have_sent_it(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock
) -> None:
    def deadly(_message: EmailMessage) -> None:
        raise WorkerKilledError

    with arranging() as session:
        nothing_due = oldest_due_at(session)
        write(session)
        written_at = oldest_due_at(session)
    with pytest.raises(WorkerKilledError):
        _deliver(app, deadly)

    with arranging() as session:
        leased_until = oldest_due_at(session)
    assert (nothing_due, written_at, leased_until) == (None, clock(), clock() + LEASE)


def test_a_letter_is_parked_when_trying_again_has_no_end(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock
) -> None:
    post = RecordingPost(*[Trouble.NO_ANSWER] * MOST_ATTEMPTS)
    with arranging() as session:
        write(session)

    for _attempt in range(MOST_ATTEMPTS + 3):
        _deliver(app, post)
        clock.forward(hours=7)

    assert _only_letter(app).state is LetterState.PARKED


@pytest.mark.parametrize(
    ("policy", "state", "times"),
    [(Policy.REPEAT, LetterState.SENT, 2), (Policy.ONCE, LetterState.UNCERTAIN, 1)],
)
def test_a_worker_killed_right_after_sending_repeats_only_what_may_come_twice(
    app: Flask,
    arranging: Arranging,
    write: Write,
    clock: StoppedClock,
    policy: Policy,
    state: LetterState,
    times: int,
) -> None:
    handed: list[EmailMessage] = []

    def post(message: EmailMessage) -> None:
        handed.append(message)
        if len(handed) == 1:
            raise WorkerKilledError

    with arranging() as session:
        write(session, policy=policy)
    with pytest.raises(WorkerKilledError):
        _deliver(app, post)
    assert _deliver(app, post) == 0  # its lease still holds
    clock.forward(minutes=3)
    with arranging() as session:
        assert end_leases(session, clock) == 1

    _deliver(app, post)

    assert _only_letter(app).state is state
    assert len(handed) == times
    assert len({message["Message-ID"] for message in handed}) == 1


@pytest.mark.parametrize("says", [None, Trouble.REFUSED])
def test_a_worker_that_slept_past_its_lease_does_not_speak_for_the_one_that_took_over(
    app: Flask, arranging: Arranging, write: Write, clock: StoppedClock, says: Trouble | None
) -> None:
    fast = RecordingPost(Trouble.REFUSED_FOR_NOW)

    def slow(_message: EmailMessage) -> None:
        clock.forward(minutes=3)
        with app.app_context(), unit_of_work() as (session, now):
            end_leases(session, now)
        deliver_letters(fast)
        if says:
            raise NotPosted(says)

    with arranging() as session:
        write(session)
    _deliver(app, slow)

    letter = _only_letter(app)
    assert (letter.state, letter.last_trouble) == (LetterState.WAITING, "refused_for_now")


@pytest.mark.race
def test_workers_at_once_send_each_letter_once(app: Flask, arranging: Arranging, write: Write) -> None:
    posts = [RecordingPost() for _worker in range(4)]
    start = threading.Barrier(len(posts))
    with arranging() as session:
        for number in range(40):
            write(session, f"greeting-{number}")

    def work(post: RecordingPost) -> None:
        start.wait()
        _deliver(app, post)

    workers = [threading.Thread(target=work, args=(post,)) for post in posts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    sent = [message["Message-ID"] for post in posts for message in post.handed]
    assert len(sent) == 40
    assert len(set(sent)) == 40


def test_letters_to_somebody_who_is_erased_are_emptied(
    session: Session, clock: StoppedClock, write: Write
) -> None:
    letter = write(session)

    assert forget_letters_to(session, clock, address="ada@example.org") == 1

    assert (letter.state, letter.address, letter.facts) == (LetterState.DROPPED, None, {})


def test_writing_a_letter_asks_for_the_postman(session: Session, write: Write) -> None:
    write(session)

    assert session.info["letters_wait"]
    assert write_letter.__doc__
