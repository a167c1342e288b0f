"""The dates of a letter, said to a calendar by a real mail server, and read strictly (RFC 5546, RFC 6047)."""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import vobject
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from booking.outbox.models import Letter
from booking.outbox.post import SmtpServer, post_by_smtp
from booking.outbox.render import render_letter
from tests.factories import NOON
from tests.outbox.test_mail import SENDER, Received, received

__all__ = ["received"]

Write = Callable[..., Letter]
WORDS = ["text/plain", "text/html"]


def entry(number: int = 1, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "uid": f"date-{number}",
        "sequence": number,
        "starts_at": f"2026-12-0{number}T16:00:00+00:00",
        "ends_at": f"2026-12-0{number}T18:00:00+00:00",
        "title": "Spillkveld",
        "names": [],
        "place": "Granlia bibliotek, Storgata 1",
        "slug": "spillkveld",
    }
    return {**values, **changes}


def told(*entries: dict[str, Any], method: str = "REQUEST") -> dict[str, Any]:
    return {"method": method, "entries": list(entries) or [entry()]}


def mail_of(app: Flask, letter: Letter) -> EmailMessage:
    with app.app_context():
        return render_letter(letter, sender=SENDER, now=NOON)


def kinds(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def raw_of(part: EmailMessage) -> bytes:
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw


def calendars(mail: EmailMessage) -> Iterator[tuple[EmailMessage, Any]]:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            assert isinstance(part, EmailMessage)
            yield part, Calendar.from_ical(raw_of(part))


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_one_date_stands_beside_the_words_as_mail_programs_want_it(
    app: Flask,
    session: Session,
    write: Write,
    received: tuple[Received, SmtpServer],
    method: str,
    status: str,
) -> None:
    handler, server = received
    letter = write(session, facts={"name": "Ada", "calendar": [told(method=method)]})

    post_by_smtp(server)(mail_of(app, letter))

    [mail] = handler.mails
    assert kinds(mail) == ["multipart/alternative", *WORDS, "text/calendar"]
    ((part, calendar),) = calendars(mail)
    assert part["Content-Transfer-Encoding"] == "base64"
    assert dict(part["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert part["Content-Disposition"] is None
    assert calendar["METHOD"] == method
    (event,) = calendar.walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("date-1", 1, status)
    assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert event["ATTENDEE"] == "mailto:ada@example.org"
    assert event["ATTENDEE"].params == {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    assert event.decoded("DTSTAMP") == letter.written_at
    assert "METHOD" not in event


def test_many_dates_hang_on_the_letter_and_the_next_one_stands_beside_its_words(
    app: Flask, session: Session, write: Write
) -> None:
    entries = [entry(1), entry(2), entry(3)]
    mail = mail_of(app, write(session, facts={"name": "Ada", "calendar": [told(*entries)]}))

    assert kinds(mail) == [
        "multipart/mixed",
        "multipart/alternative",
        *WORDS,
        "text/calendar",
        "text/calendar",
    ]
    (beside, one), (hanging, all_of_them) = calendars(mail)
    assert beside["Content-Disposition"] is None
    assert hanging.get_filename() == "treff.ics"
    assert [event["UID"] for event in one.walk("VEVENT")] == ["date-1"]
    assert [event["UID"] for event in all_of_them.walk("VEVENT")] == ["date-1", "date-2", "date-3"]
    assert {part["Content-Type"].params["method"] for part in (beside, hanging)} == {"REQUEST"}


def test_a_place_given_up_for_another_one_is_taken_out_of_the_calendar_too(
    app: Flask, session: Session, write: Write
) -> None:
    both = [told(entry(1)), told(entry(2), method="CANCEL")]
    mail = mail_of(app, write(session, facts={"name": "Ada", "calendar": both}))

    (beside, on), (hanging, off) = calendars(mail)
    assert (beside["Content-Disposition"], hanging.get_filename()) == (None, "1-treff.ics")
    assert (on["METHOD"], off["METHOD"]) == ("REQUEST", "CANCEL")


def test_the_same_letter_is_the_same_bytes(app: Flask, session: Session, write: Write) -> None:
    letter = write(session, facts={"name": "Ada", "calendar": [told(entry(1), entry(2))]})

    assert mail_of(app, letter).as_bytes() == mail_of(app, letter).as_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "x\r\nATTENDEE:mailto:eva@example.org",
        "x\rX-EVIL:1",
        "x\u2028X-EVIL:1",
        "🎈" * 300,
        'a;b,c\\d "e" <f> æøå',
    ],
)
def test_no_text_begins_a_property_of_its_own(app: Flask, session: Session, write: Write, text: str) -> None:
    hostile = entry(title=text, names=[text], place=text)
    mail = message_from_bytes(
        mail_of(app, write(session, facts={"name": "Ada", "calendar": [told(hostile)]})).as_bytes(),
        policy=default,
    )

    ((part, calendar),) = calendars(mail)
    raw = raw_of(part)
    (event,) = calendar.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ada@example.org"
    assert "X-EVIL" not in event
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert vobject.readOne(raw.decode()).vevent.uid.value == "date-1"


def test_without_a_title_the_calendar_hears_of_the_library_only(
    app: Flask, session: Session, write: Write
) -> None:
    neutral = entry(title=None, place="", slug=None)
    mail = mail_of(app, write(session, facts={"name": "Ada", "calendar": [told(neutral)]}))

    ((_part, calendar),) = calendars(mail)
    (event,) = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == ("The library", "")
    assert event["URL"] == "http://127.0.0.1:8000/my"


def test_a_letter_goes_without_dates_that_cannot_be_written(
    app: Flask, session: Session, write: Write
) -> None:
    broken = told(entry(starts_at="yesterday"))

    assert kinds(mail_of(app, write(session, facts={"name": "Ada", "calendar": [broken]}))) == [
        "multipart/alternative",
        *WORDS,
    ]


def test_most_letters_tell_no_calendar_anything(app: Flask, session: Session, write: Write) -> None:
    assert kinds(mail_of(app, write(session))) == ["multipart/alternative", *WORDS]
