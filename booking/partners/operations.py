"""Adding a partner to the register, changing what is told of it, putting it away and bringing it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.partners.models import Partner
from booking.partners.queries import facts_of, find_by_name_key
from booking.partners.rules import (
    OrganisationNumberTaken,
    PartnerChangedMeanwhile,
    PartnerFacts,
    PartnerNameTaken,
    check_facts,
    name_key,
    tidied_facts,
)


def add_partner(session: Session, clock: Clock, *, facts: PartnerFacts, account_id: int) -> Partner:
    """Return a new partner.

    Refuses what `check_facts` refuses, PartnerNameTaken and OrganisationNumberTaken; the names and numbers of
    partners put away are taken too.
    """
    told = tidied_facts(facts)
    check_facts(told)
    now, key = clock(), name_key(told.name)
    partner = Partner(**asdict(told), name_key=key, version=1, is_active=True, made_at=now, changed_at=now)
    with _alone_in_the_register(session, key, own_id=None):
        session.add(partner)
    _note(session, clock, "partner_added", partner.id, account_id)
    return partner


def change_partner(
    session: Session, clock: Clock, *, partner: Partner, facts: PartnerFacts, version: int, account_id: int
) -> None:
    """Tell the partner's facts anew; telling what stands already changes nothing.

    Refuses what `add_partner` refuses, and PartnerChangedMeanwhile when the version is no longer the one that
    was seen.
    """
    told = tidied_facts(facts)
    check_facts(told)
    if facts_of(partner) == told:
        return
    key = name_key(told.name)
    with _alone_in_the_register(session, key, own_id=partner.id):
        # One statement decides: of two who save at once, the database lets one pass.
        saved = session.scalar(
            update(Partner)
            .where(Partner.id == partner.id, Partner.version == version)
            .values(**asdict(told), name_key=key, version=Partner.version + 1, changed_at=clock())
            .returning(Partner.id)
        )
    if saved is None:
        raise PartnerChangedMeanwhile
    session.refresh(partner)
    _note(session, clock, "partner_changed", partner.id, account_id)


def retire_partner(session: Session, clock: Clock, *, partner: Partner, account_id: int) -> None:
    """Put the partner away: nobody is offered it any more, and what it took part in stays. Twice is once."""
    if _turn(session, clock, partner, is_active=False):
        _note(session, clock, "partner_retired", partner.id, account_id)


def bring_back(session: Session, clock: Clock, *, partner: Partner, account_id: int) -> None:
    """Take the partner into use again. Twice is once."""
    if _turn(session, clock, partner, is_active=True):
        _note(session, clock, "partner_brought_back", partner.id, account_id)


def _turn(session: Session, clock: Clock, partner: Partner, *, is_active: bool) -> bool:
    # The version stays: whoever is changing the facts meanwhile overwrites nothing.
    turned = session.scalar(
        update(Partner)
        .where(Partner.id == partner.id, Partner.is_active.is_(not is_active))
        .values(is_active=is_active, changed_at=clock())
        .returning(Partner.id)
    )
    session.refresh(partner)
    return turned is not None


@contextmanager
def _alone_in_the_register(session: Session, key: str, *, own_id: int | None) -> Iterator[None]:
    """Write in the block; refuses PartnerNameTaken or OrganisationNumberTaken when the database does."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        namesake = find_by_name_key(session, key)
        is_name = namesake is not None and namesake.id != own_id
        raise (PartnerNameTaken if is_name else OrganisationNumberTaken) from None


def _note(session: Session, clock: Clock, action: str, partner_id: int, account_id: int) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="partner",
        subject_id=partner_id,
        account_id=account_id,
    )
