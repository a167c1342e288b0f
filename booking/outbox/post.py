"""Handing a mail to the next mail server, or to the demonstration's own mailbox."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from booking.outbox.rules import Trouble

Post = Callable[[EmailMessage], None]

_PATIENCE_SECONDS = 30
_LASTING_FROM = 500


class NotPosted(Exception):  # noqa: N818 – it tells what to do with one letter
    """The mail did not leave, and why."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep the reason."""
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(repr=False, default=None)


def post_by_smtp(server: SmtpServer) -> Post:
    """Return a post that hands each mail to the server, over a connection of its own."""

    def post(message: EmailMessage) -> None:
        try:
            _hand_in(server, message)
        except smtplib.SMTPRecipientsRefused as refused:
            raise NotPosted(_judge(max(code for code, _ in refused.recipients.values()))) from None
        except smtplib.SMTPResponseException as refused:
            raise NotPosted(_judge(refused.smtp_code)) from None
        except smtplib.SMTPNotSupportedError:
            raise NotPosted(Trouble.UNWRITABLE) from None
        except (OSError, smtplib.SMTPException):
            raise NotPosted(Trouble.NO_ANSWER) from None

    return post


def _hand_in(server: SmtpServer, message: EmailMessage) -> None:
    with smtplib.SMTP(server.host, server.port, timeout=_PATIENCE_SECONDS) as connection:
        if server.starttls:
            connection.starttls(context=ssl.create_default_context())
        if server.user and server.password:
            connection.login(server.user, server.password)
        connection.send_message(message)


def _judge(code: int) -> Trouble:
    return Trouble.REFUSED if code >= _LASTING_FROM else Trouble.REFUSED_FOR_NOW


def post_to_folder(folder: Path) -> Post:
    """Return a post that keeps each mail as a file; the same Message-ID is the same file."""

    def post(message: EmailMessage) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (folder / f"{name}.eml").write_bytes(message.as_bytes())

    return post
