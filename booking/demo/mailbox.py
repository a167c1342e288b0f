"""The mailbox of the demonstration: letters that would have gone out, kept as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import chain
from pathlib import Path

_MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One letter as its reader gets it."""

    name: str
    subject: str
    to: str
    sent_at: datetime
    text: str
    html: str


def newest_mails(folder: Path) -> Sequence[Mail]:
    """Return the letters in the mailbox, the newest first."""
    files = sorted(_files(folder), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file) for file in files[:_MOST_SHOWN]]


def find_mail(folder: Path, name: str) -> Mail | None:
    """Return the letter of that name, if there is one."""
    file = next((file for file in _files(folder) if file.stem == name), None)
    return _read(file) if file else None


def _files(folder: Path) -> Iterator[Path]:
    return chain(folder.glob("*.eml"), folder.glob("*.sms"))


def _read(file: Path) -> Mail:
    return _read_text(file) if file.suffix == ".sms" else _read_mail(file)


def _read_text(file: Path) -> Mail:
    number, _, words = file.read_text(encoding="utf-8").partition("\n")
    sent_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Mail(name=file.stem, subject="SMS", to=number, sent_at=sent_at, text=words, html="")


def _read_mail(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    return Mail(
        name=file.stem,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=message["Date"].datetime,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
