import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.post import NotPosted, SmtpServer, post_by_smtp, post_to_folder
from booking.outbox.render import Sender, Unwritable, render_letter
from booking.outbox.rules import Trouble
from tests.factories import NOON

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
Write = Callable[..., Letter]


class Received:
    """A mail server that takes what comes, or answers as it is told."""

    def __init__(self) -> None:
        """Take everything."""
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.answer_to_address = "250 OK"

    async def handle_RCPT(  # noqa: N802 – named by the library
        self, server: Any, session: Any, envelope: Envelope, address: str, rcpt_options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer_to_address

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(cast("bytes", envelope.content), policy=default))
        return self.answer


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


def test_the_demonstrations_mailbox_keeps_a_repeated_letter_once(
    app: Flask, session: Session, write: Write, mailbox: Path
) -> None:
    post, letter = post_to_folder(mailbox), write(session)

    post(_mail(app, letter))
    post(_mail(app, letter))

    assert len(list(mailbox.glob("*.eml"))) == 1
