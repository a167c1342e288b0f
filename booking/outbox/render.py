"""Turning a letter's row into the mail that a family reads: text and HTML, in their language."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import css_inline
from flask import current_app
from jinja2 import Template, TemplateError

from booking.i18n import in_language
from booking.outbox.invite_render import CalendarPart, calendar_parts
from booking.outbox.models import Letter
from booking.outbox.sender import Sender
from booking.outbox.short import MOST_PARTS, parts_of, plain, without_accents

# Every server can carry seven bits; eight would need its word for it (RFC 6152).
_POLICY = SMTP.clone(cte_type="7bit")
_LENGTHS_OF_A_TITLE = (100, 60, 40, 20)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


class Unwritable(Exception):  # noqa: N818 – it parks one letter and stops nothing
    """The letter cannot be made into a mail, now or later."""


def render_letter(letter: Letter, *, sender: Sender, now: datetime) -> EmailMessage:
    """Return the mail, to this one address. Raises Unwritable when no mail can be made of it.

    The Message-ID comes from the row, so a letter that is sent twice is the same letter twice
    (RFC 5322 section 3.6.4); Auto-Submitted keeps answering machines quiet (RFC 3834 section 5).
    """
    try:
        with in_language(letter.language):
            return _mail(letter, sender, now)
    except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
        raise Unwritable(type(error).__name__) from error


def render_text(letter: Letter, *, sender: Sender) -> str:
    """Return the words of a text message, in two parts at most. Raises Unwritable when there are none.

    What is too long loses the end of its title first, then its accents; if that does not help, or for
    whoever is shielded, it only tells to look at the e-mail.
    """
    try:
        with in_language(letter.language):
            values = _values(letter, sender)
            neutral = _text_template("shielded").render(values)
            if letter.facts.get("is_shielded"):
                return plain(neutral)
            return _short_enough(_text_template(letter.template), values) or plain(neutral)
    except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
        raise Unwritable(type(error).__name__) from error


def _text_template(name: str) -> Template:
    return current_app.jinja_env.get_template(f"letters/{name}.sms")


def _short_enough(template: Template, values: dict[str, Any]) -> str | None:
    title = str(values["title"])
    shown = [title if len(title) <= most else f"{title[: most - 3]}..." for most in _LENGTHS_OF_A_TITLE]
    typed = [plain(template.render({**values, "title": each})) for each in shown]
    words = [*typed, *(without_accents(each) for each in typed)]
    return next((each for each in words if parts_of(each) <= MOST_PARTS), None)


def _mail(letter: Letter, sender: Sender, now: datetime) -> EmailMessage:
    values = _values(letter, sender)
    text = _template(letter, "txt")
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = _subject(text, values)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=letter.address or "")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.message_id}@{sender.address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language.value
    message.set_content(text.render(values).strip() + "\n")
    message.add_alternative(_INLINER.inline(_template(letter, "html").render(values)), subtype="html")
    for part in calendar_parts(letter, sender):
        _add_calendar(message, part)
    _name_boundaries(message, letter.message_id)
    message.as_bytes()  # what cannot be written is found here, not in the middle of sending
    return message


def _add_calendar(message: EmailMessage, part: CalendarPart) -> None:
    # Beside the words it is the same thing said to a calendar; what more there is hangs on the letter.
    shape: dict[str, Any] = {"subtype": "calendar", "cte": "base64", "params": {"method": part.method}}
    if part.file_name:
        message.add_attachment(part.text, filename=part.file_name, **shape)
    else:
        message.add_alternative(part.text, **shape)


def _name_boundaries(message: EmailMessage, message_id: str) -> None:
    # Left to chance, the same letter sent twice would not be the same bytes.
    in_pieces = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(in_pieces):
        part.set_boundary(f"=_{number}_{message_id}")


def _values(letter: Letter, sender: Sender) -> dict[str, Any]:
    return {
        "service_name": sender.name,
        "base_url": sender.base_url,
        "html_language": letter.language.value,
        "language": letter.language.value,
        **letter.facts,
    }


def _template(letter: Letter, kind: str) -> Template:
    return current_app.jinja_env.get_template(f"letters/{letter.template}.{kind}")


def _subject(text: Template, values: dict[str, Any]) -> str:
    words = "".join(text.blocks["subject"](text.new_context(values)))
    # A line break in a subject would begin a header of the sender's choosing.
    return " ".join(words.split())
