"""The postman: takes one letter after the other out of the outbox, and sees it off."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from traceback import extract_tb

from booking.outbox.models import Letter
from booking.outbox.operations import claim_next, note_failed, note_posted, note_unwanted
from booking.outbox.post import NotPosted, Post, SmtpServer, post_by_smtp, post_to_folder
from booking.outbox.render import render_letter, render_text
from booking.outbox.rules import Channel, Trouble
from booking.outbox.sender import Sender
from booking.outbox.sms import Gateway, Texting, text_by_gateway, text_to_folder
from booking.pages import settings_in_use
from booking.signups.sending import still_holds
from booking.work import current_clock, unit_of_work

_logger = logging.getLogger("booking.postman")


@contextmanager
def whatever_happens(what: str) -> Iterator[None]:
    """Let what fails in the block fail by itself, and write down where it did."""
    # Where it went wrong is written down, never what was said there: that may name a child.
    try:
        yield
    except Exception as error:  # noqa: BLE001 – the next letter, job and minute come all the same
        place = extract_tb(error.__traceback__)[-1]
        _logger.error(  # noqa: TRY400 – see above
            "%s failed: %s in %s, line %s", what, type(error).__name__, place.filename, place.lineno
        )


@dataclass(frozen=True)
class _Ways:
    """How letters leave; nothing stands for text messages where the installation sends none."""

    post: Post
    texting: Texting | None


def deliver_letters(
    post: Post | None = None, texting: Texting | None = None, *, stopped: Event | None = None
) -> int:
    """Send every letter that is due, one after the other, until told to stop; return how many left.

    When the mail server is away the other mails wait too: asking it again for each of them would
    only take the time of whatever else the minute brings. So it is with text messages.
    """
    ways = _Ways(post or post_in_use(), texting or texting_in_use())
    left, silent = 0, frozenset[Channel]()
    while not _is_over(stopped) and (letter := _claim(silent)) is not None:
        trouble = _deliver(letter, ways)
        left += trouble is None
        silent |= {letter.channel} if trouble is Trouble.NO_ANSWER else frozenset()
    return left


def _is_over(stopped: Event | None) -> bool:
    return stopped is not None and stopped.is_set()


def post_in_use() -> Post:
    """Return the mail server of this installation; in a demonstration, its mailbox."""
    settings = settings_in_use()
    if settings.demo or settings.smtp_host is None:
        return post_to_folder(settings.instance / "mailbox")
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return post_by_smtp(server)


def texting_in_use() -> Texting | None:
    """Return the gateway of this installation, in a demonstration its mailbox; nothing where it has none."""
    settings = settings_in_use()
    if settings.demo:
        return text_to_folder(settings.instance / "mailbox")
    if settings.sms_gateway_url is None:
        return None
    gateway = Gateway(
        url=settings.sms_gateway_url, token=settings.sms_gateway_token or "", sender=settings.sms_sender
    )
    return text_by_gateway(gateway)


def _claim(silent: frozenset[Channel]) -> Letter | None:
    while True:
        # One at a time: after a day without mail there may be many that hold no longer.
        with unit_of_work() as (session, clock):
            letter = claim_next(session, clock, silent=silent)
            if letter is None or still_holds(session, clock, letter=letter):
                return letter
        _logger.info("letter %s: let go, as it holds no longer", letter.id)


def _deliver(letter: Letter, ways: _Ways) -> Trouble | None:
    if letter.channel is Channel.SMS and ways.texting is None:
        with unit_of_work() as (session, clock):
            note_unwanted(session, clock, letter_id=letter.id, attempt=letter.attempts)
        return Trouble.REFUSED
    trouble = _try(letter, ways)  # no lock is held while another machine is talked to
    with unit_of_work() as (session, clock):
        if trouble is None:
            note_posted(session, clock, letter_id=letter.id, attempt=letter.attempts)
        else:
            note_failed(session, clock, letter_id=letter.id, attempt=letter.attempts, trouble=trouble)
    _logger.info("letter %s: %s", letter.id, trouble.value if trouble else "sent")
    return trouble


def _try(letter: Letter, ways: _Ways) -> Trouble | None:
    trouble: Trouble | None = Trouble.UNWRITABLE
    with whatever_happens(f"letter {letter.id}"):
        send = _written(letter, ways)
        try:
            send()
        except NotPosted as not_posted:
            trouble = not_posted.trouble
        else:
            trouble = None
    return trouble


def _written(letter: Letter, ways: _Ways) -> Callable[[], None]:
    if letter.channel is Channel.SMS and ways.texting is not None:
        words = render_text(letter, sender=_sender())
        return partial(ways.texting, letter.address or "", words, letter.message_id)
    return partial(ways.post, render_letter(letter, sender=_sender(), now=current_clock()()))


def _sender() -> Sender:
    settings = settings_in_use()
    return Sender(address=settings.mail_from, name="Velkommen inn", base_url=settings.base_url)
