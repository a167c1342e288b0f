"""Changing how the library reaches a family: name, phone, language, and the address itself."""

from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.errors import NotFound
from booking.family.contact_rules import NEW_ADDRESS, Contact, SameAddress, about_address
from booking.links.codes import end_codes
from booking.links.models import Link
from booking.links.operations import issue_link, revoke_links, revoke_links_to, use_once
from booking.links.rules import Purpose
from booking.outbox.operations import take_texts_back, write_letter
from booking.outbox.rules import hidden_address
from booking.people.contact import read_email, read_phone
from booking.people.models import Family, Participant
from booking.people.queries import find_family
from booking.people.reaching import address_of
from booking.people.rules import clean_name
from booking.signups.models import Signup
from booking.tokens import fingerprint

_OF_A_SIGNUP = (Purpose.CONFIRM_EMAIL, Purpose.SIGNUP, Purpose.OFFER)
_OF_A_FAMILY = (Purpose.FAMILY_PAGE, Purpose.FAMILY_FEED, Purpose.NEW_ADDRESS, Purpose.RENEWAL)


def change_contact(session: Session, clock: Clock, *, family: Family, contact: Contact) -> None:
    """Keep how the family is reached from now on. Refuses NameRefused and PhoneNotUnderstood."""
    family.contact_name = clean_name(contact.contact_name, about="contact_name")
    old, family.phone = family.phone, read_phone(contact.phone or "")
    family.language = contact.language
    # Without a number there is nowhere to send it.
    family.wants_sms = contact.wants_sms and family.phone is not None
    if old is not None and (old != family.phone or not family.wants_sms):
        take_texts_back(session, clock, phone=old)
    _note(session, clock, family, "family_contact_changed")


def ask_for_new_address(session: Session, clock: Clock, *, family: Family, email: str) -> None:
    """Write to the new address for somebody there to say yes, and tell the old one; nothing changes yet.

    The address of another family is treated alike, but its letter has no button: only its owner learns that
    it is known. Refuses EmailNotUnderstood and SameAddress.
    """
    wanted = read_email(email)
    if wanted == family.email:
        raise SameAddress
    is_taken = find_family(session, wanted) is not None
    family.new_email = wanted
    revoke_links(session, clock, purpose=Purpose.NEW_ADDRESS, subject_id=family.id)
    secret = issue_link(session, clock, purpose=Purpose.NEW_ADDRESS, subject_id=family.id, lasts=NEW_ADDRESS)
    template = "family_address_taken" if is_taken else "family_address_new"
    facts = {} if is_taken else {"secret": secret}
    _write(session, clock, family, template, address=wanted, act=secret, facts=facts)
    told = {"new_address": hidden_address(wanted)}
    _write(session, clock, family, "family_address_asked", address=address_of(family), act=secret, facts=told)
    _note(session, clock, family, "family_address_asked")


def keep_old_address(session: Session, clock: Clock, *, family: Family) -> None:
    """Forget that the family wanted another address; the letter that went there opens nothing any more."""
    family.new_email = None
    revoke_links(session, clock, purpose=Purpose.NEW_ADDRESS, subject_id=family.id)


def forget_unanswered_addresses(session: Session, clock: Clock) -> int:
    """Forget addresses where nobody answered our letter in time; return how many. Twice is once."""
    waiting = select(Link.subject_id).where(
        Link.purpose == Purpose.NEW_ADDRESS,
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
        Link.expires_at > clock(),
    )
    done = session.execute(
        update(Family)
        .where(Family.new_email.is_not(None), Family.id.not_in(waiting))
        .values(new_email=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def take_new_address(session: Session, clock: Clock, *, secret: str) -> None:
    """Let the family be reached at its new address from now on, as somebody who reads there has said so.

    Links in letters to the old address open nothing any more: perhaps somebody else reads them. The old
    address is told. NotFound when the link was used or taken back, or the address is another family's.
    """
    link = use_once(session, clock, purpose=Purpose.NEW_ADDRESS, secret=secret)
    family = session.get(Family, link.subject_id, with_for_update=True)
    if family is None or family.new_email is None or find_family(session, family.new_email) is not None:
        raise NotFound
    old = address_of(family)
    _move_to(session, family, family.new_email)
    _close_links(session, clock, family)
    told = {"new_address": hidden_address(address_of(family))}
    _write(session, clock, family, "family_address_changed", address=old, act=secret, facts=told)
    _note(session, clock, family, "family_address_changed")


def _move_to(session: Session, family: Family, email: str) -> None:
    try:
        with session.begin_nested():
            family.email, family.new_email = email, None
    except IntegrityError as error:
        # At this very moment somebody signed up with the address: it is that family's.
        raise NotFound from error


def _close_links(session: Session, clock: Clock, family: Family) -> None:
    signups = select(Signup.id).join(Participant, Participant.id == Signup.participant_id)
    numbers = session.scalars(signups.where(Participant.family_id == family.id)).all()
    revoke_links_to(session, clock, purposes=_OF_A_SIGNUP, subject_ids=numbers)
    revoke_links_to(session, clock, purposes=_OF_A_FAMILY, subject_ids=[family.id])
    end_codes(session, purpose=Purpose.FAMILY_PAGE, subject_id=family.id)


def _write(
    session: Session,
    clock: Clock,
    family: Family,
    template: str,
    *,
    address: str,
    act: str,
    facts: dict[str, Any],
) -> None:
    write_letter(
        session,
        clock,
        key=f"{template}:{fingerprint(act)[:32]}",
        template=template,
        address=address,
        language=family.language,
        facts=facts,
        about=about_address(family.id) if address != family.email else None,
    )


def _note(session: Session, clock: Clock, family: Family, action: str) -> None:
    record(session, clock, actor=Actor.FAMILY, action=action, subject="family", subject_id=family.id)
