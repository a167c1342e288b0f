import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from flask import Flask
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.post import NotPosted, SmtpServer, post_by_smtp, post_to_folder
from booking.outbox.render import Unwritable, render_letter
from booking.outbox.rules import Trouble
from booking.outbox.sender import Sender
from tests.factories import NOON
from tests.processes import free_port

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
Write = Callable[..., Letter]


class Received:
    """A mail server that takes what comes, or answers as it is told."""

    def __init__(self) -> None:
        """Take everything."""
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.answer_to_sender = "250 OK"
        self.answer_to_address = "250 OK"
        self.hangs_up = False
        self.seconds = 0.0

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, mail_options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answer_to_sender

    async def handle_RCPT(  # noqa: N802 – named by the library
        self, server: Any, session: Any, envelope: Envelope, address: str, rcpt_options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer_to_address

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(cast("bytes", envelope.content), policy=default))
        if self.hangs_up:
            server.transport.abort()
        await asyncio.sleep(self.seconds)
        return self.answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        return "421 we never say goodbye"


@pytest.fixture
def received() -> Iterator[tuple[Received, SmtpServer]]:
    """A mail server on this machine."""
    handler = Received()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, SmtpServer(host="127.0.0.1", port=port, starttls=False)
    controller.stop()


def _mail(app: Flask, letter: Letter) -> EmailMessage:
    with app.app_context():
        return render_letter(letter, sender=SENDER, now=NOON)


def _trouble(server: SmtpServer, mail: EmailMessage) -> Trouble:
    with pytest.raises(NotPosted) as refused:
        post_by_smtp(server)(mail)
    return refused.value.trouble


def test_a_mail_arrives_as_text_and_html_under_its_own_identity(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received
    letter = write(session, name="Ærlig Østerås 🎈")

    post_by_smtp(server)(_mail(app, letter))

    [mail] = handler.mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Hello Ærlig Østerås 🎈" in text.get_content()
    assert "Hello Ærlig Østerås 🎈" in html.get_content()
    assert mail["Subject"].endswith("Ærlig Østerås 🎈")
    assert mail["Message-ID"] == f"<{letter.message_id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [address.addr_spec for address in mail["To"].addresses] == ["ada@example.org"]
    assert "Cc" not in mail


@pytest.mark.parametrize(
    ("language", "subject"),
    [(Language.NB, "Hva skjer"), (Language.NN, "Kva skjer"), (Language.EN, "What’s on")],
)
def test_a_letter_is_in_its_readers_language(
    app: Flask, session: Session, write: Write, language: Language, subject: str
) -> None:
    assert _mail(app, write(session, language=language))["Subject"].startswith(subject)


@pytest.mark.parametrize(
    "name", ["Ada\r\nBcc: everybody@example.org", "Ada\nX-Evil: 1", "x" * 3000, "🎈" * 300]
)
def test_no_name_begins_a_header_of_its_own(app: Flask, session: Session, write: Write, name: str) -> None:
    mail = message_from_bytes(_mail(app, write(session, name=name)).as_bytes(), policy=default)

    assert "Bcc" not in mail
    assert "X-Evil" not in mail
    assert mail.get_body(("plain",)) is not None


@pytest.mark.parametrize(
    "address", ["a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", ""]
)
def test_a_letter_goes_to_one_address(app: Flask, session: Session, write: Write, address: str) -> None:
    with pytest.raises(Unwritable):
        _mail(app, write(session, address=address))


def test_html_in_a_name_is_text(app: Flask, session: Session, write: Write) -> None:
    html = _mail(app, write(session, name="<script>alert(1)</script>")).get_body(("html",))

    assert html is not None
    assert "<script>" not in html.get_content()


def test_a_mail_fetches_nothing(app: Flask, session: Session, write: Write) -> None:
    html = _mail(app, write(session)).get_body(("html",))

    assert html is not None
    assert "src=" not in html.get_content()
    assert "url(" not in html.get_content()


def test_a_mail_needs_no_server_that_carries_eight_bits(app: Flask, session: Session, write: Write) -> None:
    assert _mail(app, write(session, name="Ærlig 🎈")).as_bytes().isascii()


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [("451 later", Trouble.REFUSED_FOR_NOW), ("552 too much", Trouble.REFUSED)],
)
def test_a_server_that_says_no_is_understood(
    app: Flask,
    session: Session,
    write: Write,
    received: tuple[Received, SmtpServer],
    answer: str,
    trouble: Trouble,
) -> None:
    handler, server = received
    handler.answer = answer

    with pytest.raises(NotPosted) as refused:
        post_by_smtp(server)(_mail(app, write(session)))

    assert refused.value.trouble is trouble


def test_a_server_that_knows_nobody_of_that_name_is_understood(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received
    handler.answer_to_address = "550 no such person"

    with pytest.raises(NotPosted) as refused:
        post_by_smtp(server)(_mail(app, write(session)))

    assert refused.value.trouble is Trouble.REFUSED


def test_a_server_that_is_away_is_understood(app: Flask, session: Session, write: Write) -> None:
    nowhere = SmtpServer(host="127.0.0.1", port=1, starttls=False)

    with pytest.raises(NotPosted) as refused:
        post_by_smtp(nowhere)(_mail(app, write(session)))

    assert refused.value.trouble is Trouble.NO_ANSWER


def test_a_server_that_will_not_have_us_as_sender_refuses_no_letter(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received
    handler.answer_to_sender = "550 not you"

    assert _trouble(server, _mail(app, write(session))) is Trouble.REFUSED_FOR_NOW


def test_a_server_that_hangs_up_after_the_mail_leaves_doubt(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received
    handler.hangs_up = True

    assert _trouble(server, _mail(app, write(session))) is Trouble.NO_RECEIPT
    assert len(handler.mails) == 1


def test_a_server_that_gives_no_receipt_in_time_leaves_doubt(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received
    handler.seconds = 2

    assert (
        _trouble(replace(server, seconds_for_receipt=-59.5), _mail(app, write(session))) is Trouble.NO_RECEIPT
    )


def test_a_server_that_takes_too_long_before_the_mail_has_not_taken_it(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received

    assert _trouble(replace(server, seconds=0.0001), _mail(app, write(session))) is Trouble.NO_ANSWER
    assert handler.mails == []


def test_a_server_without_the_encryption_that_is_asked_for_gets_no_letter(
    app: Flask, session: Session, write: Write, received: tuple[Received, SmtpServer]
) -> None:
    handler, server = received

    assert _trouble(replace(server, starttls=True), _mail(app, write(session))) is Trouble.NO_ANSWER
    assert handler.mails == []


def test_a_server_that_does_not_know_us_refuses_no_letter(app: Flask, session: Session, write: Write) -> None:
    controller = Controller(
        Received(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
    )
    controller.start()
    server = SmtpServer(
        host="127.0.0.1", port=controller.port, starttls=False, user="library", password="wrong"
    )

    trouble = _trouble(server, _mail(app, write(session)))

    controller.stop()
    assert trouble is Trouble.REFUSED_FOR_NOW


def test_a_mailbox_that_cannot_be_written_lets_the_letter_wait(
    app: Flask, session: Session, write: Write, mailbox: Path
) -> None:
    mailbox.touch()

    with pytest.raises(NotPosted):
        post_to_folder(mailbox)(_mail(app, write(session)))


def test_the_demonstrations_mailbox_keeps_a_repeated_letter_once(
    app: Flask, session: Session, write: Write, mailbox: Path
) -> None:
    post, letter = post_to_folder(mailbox), write(session)

    post(_mail(app, letter))
    post(_mail(app, letter))

    assert len(list(mailbox.glob("*.eml"))) == 1
