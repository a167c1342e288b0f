import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.post import NotPosted
from booking.outbox.render import render_text
from booking.outbox.rules import Channel, LetterState, Policy, Trouble, hidden_address
from booking.outbox.sender import Sender
from booking.outbox.short import parts_of, plain, waking_hour
from booking.outbox.sms import Gateway, text_by_gateway, text_to_folder
from booking.postman import deliver_letters
from booking.settings import Settings
from booking.staff.rules import Role
from booking.work import unit_of_work
from tests.browser import Browser
from tests.factories import make_account, make_library
from tests.outbox.conftest import RecordingPost
from tests.processes import free_port

Write = Callable[..., Letter]
Thing = TypeVar("Thing")
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
FACTS = {
    "title": "Spillkveld",
    "library_name": "Kvisla bibliotek",
    "place_name": None,
    "meetings": [{"starts_at": "2026-12-01T16:00:00+00:00", "ends_at": "2026-12-01T18:00:00+00:00"}],
}


class RecordingPhone:
    """A gateway that keeps what it is handed, after failing as often as it is told to."""

    def __init__(self, *troubles: Trouble) -> None:
        """Fail with each of the troubles once, then succeed."""
        self.handed: list[tuple[str, str, str]] = []
        self._troubles = list(troubles)

    def __call__(self, number: str, words: str, identity: str) -> None:
        """Keep the message, or fail."""
        if self._troubles:
            raise NotPosted(self._troubles.pop(0))
        self.handed.append((number, words, identity))


@pytest.fixture
def text(write: Write) -> Write:
    """Write a reminder by text message."""

    def write_one(session: Session, key: str = "sms-1", **changes: object) -> Letter:
        values = {"template": "reminder", "address": "+4740000001", "channel": Channel.SMS, "facts": FACTS}
        return write(session, key, **{**values, **changes})

    return write_one


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("æøåÆØÅé" * 22, 1),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("č" * 70, 1),
        ("č" * 71, 2),
        ("č" * 134, 2),
        ("č" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_a_phone_counts_them(words: str, parts: int) -> None:
    assert parts_of(words) == parts


def test_typographic_signs_and_line_breaks_do_not_make_a_message_longer() -> None:
    assert plain("«Kom» – ikke\n glem…\xa017.00’") == '"Kom" - ikke glem... 17.00\''


@pytest.mark.parametrize(
    ("now", "hour"),
    [
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 6, 59, tzinfo=UTC), datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 19, 59, tzinfo=UTC), datetime(2026, 11, 24, 19, 59, tzinfo=UTC)),
        (datetime(2026, 11, 24, 20, 0, tzinfo=UTC), datetime(2026, 11, 25, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), datetime(2026, 11, 25, 7, 0, tzinfo=UTC)),
        # The night of the clock change: eight o'clock in Oslo is six in UTC the day after.
        (datetime(2027, 3, 27, 21, 0, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
    ],
)
def test_no_phone_rings_at_night(now: datetime, hour: datetime) -> None:
    assert waking_hour(now) == hour


def test_a_message_tells_what_when_and_where(app: Flask, session: Session, text: Write) -> None:
    words = render_text(text(session), sender=SENDER)

    assert words.startswith("Velkommen inn: remember Spillkveld, ")
    assert "17:00" in words
    assert "Kvisla bibliotek" in words
    assert "\n" not in words


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("sign", ["a", "č", "😀"])
@pytest.mark.parametrize(
    "template", ["reminder", "offer_made", "signup_called_off", "meeting_called_off", "meeting_moved"]
)
def test_a_message_has_two_parts_at_most_however_long_a_title_is(
    app: Flask, session: Session, text: Write, language: Language, sign: str, template: str
) -> None:
    meeting = {"starts_at": "2026-12-01T16:00:00+00:00", "room": sign * 100}
    facts = {
        **FACTS,
        "place_name": sign * 160,
        "title": sign * 100,
        "was": meeting,
        "moves": [{"was": meeting, "now": meeting}],
        "held_until": "2026-12-01T16:00:00+00:00",
    }

    words = render_text(text(session, template=template, language=language, facts=facts), sender=SENDER)

    assert parts_of(words) <= 2


def test_a_long_title_is_cut_before_anything_else_is_lost(app: Flask, session: Session, text: Write) -> None:
    facts = {**FACTS, "title": "Čáhkkeheapmi " * 7}

    words = render_text(text(session, facts=facts), sender=SENDER)

    assert "ahkkeheapmi" in words
    assert "Kvisla bibliotek" in words


@pytest.mark.parametrize(
    "template", ["reminder", "offer_made", "signup_called_off", "meeting_called_off", "meeting_moved"]
)
@pytest.mark.parametrize(
    ("language", "what_to_do"),
    [
        (Language.EN, "we have sent you an e-mail. Open it as soon as you can"),
        (Language.NB, "Vi har sendt deg en e-post. Åpne den så snart du kan"),
        (Language.NN, "Vi har sendt deg ein e-post. Opne han så snart du kan"),
    ],
)
def test_of_a_shielded_child_nothing_is_told_but_what_to_do(
    app: Flask, session: Session, text: Write, template: str, language: Language, what_to_do: str
) -> None:
    shielded = {"is_shielded": True, "held_until": "2026-12-01T16:00:00+00:00"}

    words = render_text(text(session, template=template, language=language, facts=shielded), sender=SENDER)

    assert words.startswith(f"Velkommen inn: {what_to_do}")
    assert not set("0123456789") & set(words)
    assert parts_of(words) == 1


def test_text_messages_and_mails_leave_by_their_own_ways(app: Flask, write: Write, text: Write) -> None:
    _arrange(app, lambda session: (write(session, "mail-1"), text(session)))
    post, phone = RecordingPost(), RecordingPhone()

    with app.app_context():
        left = deliver_letters(post, phone)

    assert left == 2
    assert [str(mail["To"]) for mail in post.handed] == ["ada@example.org"]
    assert [number for number, _words, _identity in phone.handed] == ["+4740000001"]
    assert _states(app) == [LetterState.SENT, LetterState.SENT]


def test_a_gateway_that_is_away_holds_no_mail_up(app: Flask, write: Write, text: Write) -> None:
    _arrange(app, lambda session: (text(session), text(session, "sms-2"), write(session, "mail-1")))
    post, phone = RecordingPost(), RecordingPhone(Trouble.NO_ANSWER)

    with app.app_context():
        deliver_letters(post, phone)

    assert len(post.handed) == 1
    assert phone.handed == []
    assert _states(app) == [LetterState.WAITING, LetterState.WAITING, LetterState.SENT]


def test_a_refused_number_is_shown_to_staff_by_its_last_digits(
    app: Flask,
    text: Write,
    arranging: Callable[[], AbstractContextManager[Session]],
    browser: Browser,
) -> None:
    with arranging() as session:
        library = make_library(session)
        text(session, library_id=library.id)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
    with app.app_context():
        deliver_letters(RecordingPost(), RecordingPhone(Trouble.REFUSED))
    browser.sign_in_as(librarian)

    page = browser.get("/staff/letters").text

    assert "…01" in page
    assert "+4740000001" not in page
    assert "Text message" in page


@pytest.mark.parametrize(
    ("policy", "state"), [(Policy.ONCE, LetterState.UNCERTAIN), (Policy.REPEAT, LetterState.WAITING)]
)
def test_a_message_without_receipt_is_in_doubt(
    app: Flask, text: Write, policy: Policy, state: LetterState
) -> None:
    _arrange(app, lambda session: text(session, policy=policy))

    with app.app_context():
        deliver_letters(RecordingPost(), RecordingPhone(Trouble.NO_RECEIPT))

    assert _states(app) == [state]


def test_without_a_gateway_a_message_is_dropped_and_its_number_forgotten(
    app: Flask, text: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    _arrange(app, text)
    monkeypatch.setitem(app.extensions, "booking.settings", _real(app))

    with app.app_context():
        left = deliver_letters(RecordingPost())

    assert left == 0
    assert _states(app) == [LetterState.DROPPED]
    assert _addresses(app) == [None]


def test_a_newer_letter_takes_the_place_of_a_message_about_the_same(
    session: Session, write: Write, text: Write
) -> None:
    old = text(session, about="ask:1")
    letter = write(session, "mail-2", about="ask:1")
    new = text(session, "sms-2", about="ask:1")

    assert [each.state for each in (old, letter, new)] == [
        LetterState.DROPPED,
        LetterState.WAITING,
        LetterState.WAITING,
    ]


@pytest.mark.parametrize(
    ("address", "shown"), [("+4740000001", "…01"), ("ada@example.org", "a…@example.org")]
)
def test_a_number_is_hidden_as_an_address_is(address: str, shown: str) -> None:
    assert hidden_address(address) == shown


def test_a_message_becomes_one_file_however_often_it_is_sent(mailbox: Path) -> None:
    for _time in range(2):
        text_to_folder(mailbox)("+4740000001", "Husk å komme", "an-id")

    assert [file.name for file in mailbox.iterdir()] == ["an-id.sms"]
    assert (mailbox / "an-id.sms").read_text(encoding="utf-8") == "+4740000001\nHusk å komme\n"


def test_a_full_disk_lets_a_message_wait(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotPosted) as not_posted:
        text_to_folder(tmp_path / "file")("+4740000001", "Husk", "an-id")

    assert not_posted.value.trouble is Trouble.NO_ANSWER


def test_the_demonstration_shows_text_messages_in_its_mailbox(
    app: Flask, text: Write, browser: Browser
) -> None:
    letter = _arrange(app, text)
    with app.app_context():
        deliver_letters()

    page = browser.get("/demo/mailbox").text
    message = browser.get(f"/demo/mailbox/{letter.message_id}").text

    assert "+4740000001" in page
    assert "remember Spillkveld" in message
    assert "as a mail program" not in message


class Received:
    """What a gateway got, and what it is to answer."""

    def __init__(self) -> None:
        """Answer that all is well."""
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.status = 202
        self.hangs_up = False
        self.seconds = 0.0
        self.over = threading.Event()


@pytest.fixture
def gateway() -> Iterator[tuple[Received, Gateway]]:
    """A gateway on this machine."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.requests.append((self.path, dict(self.headers), body))
            received.over.wait(received.seconds)
            if received.hangs_up:
                return
            self.send_response(received.status)
            self.send_header("Location", "https://elsewhere.example.org/")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/v1/send?plain=1"
    yield received, Gateway(url=url, token="a token", sender="Bibliotek")
    received.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_gateway_gets_the_message_with_its_token_and_its_identity(
    gateway: tuple[Received, Gateway],
) -> None:
    received, at = gateway

    text_by_gateway(at)("+4740000001", "Husk å komme", "an-id")

    [(path, headers, body)] = received.requests
    assert path == "/v1/send?plain=1"
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer a token", "an-id")
    assert body == {"id": "an-id", "from": "Bibliotek", "to": "+4740000001", "text": "Husk å komme"}


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (302, Trouble.REFUSED),
        (400, Trouble.REFUSED),
        (401, Trouble.REFUSED_FOR_NOW),
        (404, Trouble.REFUSED),
        (422, Trouble.REFUSED),
        (429, Trouble.REFUSED_FOR_NOW),
        (500, Trouble.REFUSED_FOR_NOW),
        (503, Trouble.REFUSED_FOR_NOW),
    ],
)
def test_what_a_gateway_answers_tells_whether_to_try_again(
    gateway: tuple[Received, Gateway], status: int, trouble: Trouble
) -> None:
    received, at = gateway
    received.status = status

    with pytest.raises(NotPosted) as not_posted:
        text_by_gateway(at)("+4740000001", "Husk", "an-id")

    assert not_posted.value.trouble is trouble
    assert len(received.requests) == 1


def test_a_gateway_that_hangs_up_may_have_taken_the_message(gateway: tuple[Received, Gateway]) -> None:
    received, at = gateway
    received.hangs_up = True

    with pytest.raises(NotPosted) as not_posted:
        text_by_gateway(at)("+4740000001", "Husk", "an-id")

    assert not_posted.value.trouble is Trouble.NO_RECEIPT


def test_a_gateway_that_dawdles_is_left_standing(gateway: tuple[Received, Gateway]) -> None:
    received, at = gateway
    received.seconds = 20
    hasty = Gateway(url=at.url, token=at.token, sender=at.sender, seconds=0.2)

    with pytest.raises(NotPosted) as not_posted:
        text_by_gateway(hasty)("+4740000001", "Husk", "an-id")

    assert not_posted.value.trouble is Trouble.NO_RECEIPT


def test_a_gateway_that_is_not_there_lets_the_message_wait() -> None:
    nobody = Gateway(url=f"http://127.0.0.1:{free_port()}/", token="a token", sender="Bibliotek")

    with pytest.raises(NotPosted) as not_posted:
        text_by_gateway(nobody)("+4740000001", "Husk", "an-id")

    assert not_posted.value.trouble is Trouble.NO_ANSWER


def test_a_gateways_token_is_shown_nowhere() -> None:
    assert "hush" not in repr(Gateway(url="https://sms.example.org", token="hush", sender="Bibliotek"))


def _arrange(app: Flask, act: Callable[[Session], Thing]) -> Thing:
    with app.app_context(), unit_of_work() as (session, _clock):
        return act(session)


def _states(app: Flask) -> list[LetterState]:
    return _arrange(app, lambda session: list(session.scalars(select(Letter.state).order_by(Letter.id))))


def _addresses(app: Flask) -> list[str | None]:
    return _arrange(app, lambda session: list(session.scalars(select(Letter.address).order_by(Letter.id))))


def _real(app: Flask) -> Settings:
    settings: Settings = app.extensions["booking.settings"]
    return replace(settings, demo=False)
