"""Handing a mail to the next mail server, or to the demonstration's own mailbox."""

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from booking.outbox.rules import Trouble

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Post = Callable[[EmailMessage], None]

_PATIENCE_FOR_GOODBYE_SECONDS = 2
_LASTING_FROM = 500


class NotPosted(Exception):  # noqa: N818 – it tells what to do with one letter
    """The mail did not leave, or nobody knows whether it did, and why."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep the reason."""
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in, and how long that may take.

    Together the two are shorter than a lease: a server that dawdles must not make a second
    worker send the letter too.
    """

    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(repr=False, default=None)
    seconds: float = 60
    seconds_for_receipt: float = 50


class _Conversation(smtplib.SMTP):
    """A conversation that ends in time, and knows whether the mail itself may have been taken."""

    def __init__(self, server: SmtpServer) -> None:
        self.may_have_left = False
        self._ends_at = time.monotonic() + server.seconds
        self._seconds_for_receipt = server.seconds_for_receipt
        super().__init__(server.host, server.port, timeout=server.seconds)

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Say the next thing, and wait for its answer no longer than the whole may take."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.sock is not None:
            self.sock.settimeout(left)
        super().putcmd(cmd, args)

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """Hand over the mail; from here on silence does not mean that it was not taken."""
        self._ends_at += self._seconds_for_receipt
        self.may_have_left = True
        return super().data(msg)


def post_by_smtp(server: SmtpServer) -> Post:
    """Return a post that hands each mail to the server, over a connection of its own."""

    def post(message: EmailMessage) -> None:
        with _reached(server) as conversation:
            _introduce_us(conversation, server)
            _hand_in(conversation, message)
            _say_goodbye(conversation)

    return post


def _reached(server: SmtpServer) -> AbstractContextManager[_Conversation]:
    with _nobody_to_blame():
        return closing(_Conversation(server))


def _introduce_us(conversation: _Conversation, server: SmtpServer) -> None:
    with _nobody_to_blame():
        if server.starttls:
            conversation.starttls(context=ssl.create_default_context())
        if server.user and server.password:
            conversation.login(server.user, server.password)


@contextmanager
def _nobody_to_blame() -> Iterator[None]:
    # Before the letter, whatever goes wrong is between the server and us: the letter waits.
    try:
        yield
    except smtplib.SMTPResponseException:
        raise NotPosted(Trouble.REFUSED_FOR_NOW) from None
    except (OSError, smtplib.SMTPException):
        raise NotPosted(Trouble.NO_ANSWER) from None


def _hand_in(conversation: _Conversation, message: EmailMessage) -> None:
    try:
        conversation.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        raise NotPosted(_judge(max(code for code, _ in refused.recipients.values()))) from None
    except smtplib.SMTPDataError as refused:
        raise NotPosted(_judge(refused.smtp_code)) from None
    except smtplib.SMTPSenderRefused:
        raise NotPosted(Trouble.REFUSED_FOR_NOW) from None
    except smtplib.SMTPNotSupportedError:
        # An address with letters that this server cannot carry (RFC 6531).
        raise NotPosted(Trouble.REFUSED) from None
    except (OSError, smtplib.SMTPException):
        silence = Trouble.NO_RECEIPT if conversation.may_have_left else Trouble.NO_ANSWER
        raise NotPosted(silence) from None


def _judge(code: int) -> Trouble:
    return Trouble.REFUSED if code >= _LASTING_FROM else Trouble.REFUSED_FOR_NOW


def _say_goodbye(conversation: _Conversation) -> None:
    # The mail was taken: what the server makes of our leaving must not send it again.
    with suppress(OSError, smtplib.SMTPException):
        if conversation.sock is not None:
            conversation.sock.settimeout(_PATIENCE_FOR_GOODBYE_SECONDS)
        smtplib.SMTP.putcmd(conversation, "QUIT")
        conversation.getreply()


def post_to_folder(folder: Path) -> Post:
    """Return a post that keeps each mail as a file; the same Message-ID is the same file."""

    def post(message: EmailMessage) -> None:
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whoever looks into the mailbox finds a whole mail or none.
            draft = folder / f"{name}.draft"
            draft.write_bytes(message.as_bytes())
            draft.replace(folder / f"{name}.eml")
        except OSError:
            raise NotPosted(Trouble.NO_ANSWER) from None

    return post
