"""Who stands behind a calendar's link, as far as that is still true, and what it is made of."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.clock import Clock, local_date
from booking.errors import NotFound
from booking.libraries.rules import Language
from booking.partners.models import Partner
from booking.people.models import Family
from booking.revision import Catalogue
from booking.rights import Visitor
from booking.staff.models import Account
from booking.staff.queries import visitor_of

_REVISION = select(Catalogue.revision).scalar_subquery()


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who has a calendar, and a word that changes whenever anything does that the calendar could show."""

    language: Language
    made_of: str
    family: Family | None = None
    visitor: Visitor | None = None
    partner: Partner | None = None


def get_family_holder(session: Session, clock: Clock, family_id: int) -> Holder:
    """Return the family with the revision of all that is on, in one question, or raise NotFound."""
    del clock  # a family's calendar is the same all day: nothing ages out of it
    row = session.execute(select(Family, _REVISION).where(Family.id == family_id)).one_or_none()
    if row is None:
        raise NotFound
    family: Family = row[0]
    chosen = (family.language, family.calendar_title, family.calendar_names, family.calendar_changed_at)
    return Holder(family=family, language=family.language, made_of=f"{row[1]} {chosen}")


def get_account_holder(session: Session, clock: Clock, account_id: int) -> Holder:
    """Return the member of staff with what they may do now, or raise NotFound once they are let go."""
    whole = select(Account, _REVISION).options(joinedload(Account.memberships))
    of_it = whole.where(Account.id == account_id, Account.active, Account.password_hash.is_not(None))
    row = session.execute(of_it).unique().one_or_none()
    if row is None:
        raise NotFound
    account: Account = row[0]
    posts = sorted((each.role.value, each.library_id or 0) for each in account.memberships)
    made_of = f"{row[1]} {local_date(clock())} {account.language} {posts}"
    return Holder(visitor=visitor_of(account), language=account.language, made_of=made_of)


def get_partner_holder(session: Session, clock: Clock, partner_id: int) -> Holder:
    """Return the partner that libraries still work with, or raise NotFound."""
    of_it = select(Partner, _REVISION).where(Partner.id == partner_id, Partner.is_active)
    row = session.execute(of_it).one_or_none()
    if row is None:
        raise NotFound
    made_of = f"{row[1]} {local_date(clock())}"
    return Holder(partner=row[0], language=Language.NB, made_of=made_of)
