"""Finding partners."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.partners.models import Partner
from booking.partners.rules import PartnerFacts, Sector, in_the_alphabet

_SECTORS = tuple(Sector)


def list_partners(session: Session, *, include_retired: bool = False) -> Sequence[Partner]:
    """Return the partners by sector and then by name; those put away only when asked for."""
    wanted = select(Partner) if include_retired else select(Partner).where(Partner.is_active)
    return sorted(session.scalars(wanted), key=_place)


def get_partner(session: Session, partner_id: int) -> Partner:
    """Return the partner, in use or put away, or raise NotFound."""
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise NotFound
    return partner


def partners_by_ids(session: Session, partner_ids: Collection[int]) -> Mapping[int, Partner]:
    """Return the partners of these numbers by their number; an unknown number is left out."""
    found = session.scalars(select(Partner).where(Partner.id.in_(partner_ids))) if partner_ids else ()
    return {partner.id: partner for partner in found}


def find_by_name_key(session: Session, key: str) -> Partner | None:
    """Return the partner whose name a reader would take for this one, if there is one."""
    return session.scalar(select(Partner).where(Partner.name_key == key))


def facts_of(partner: Partner) -> PartnerFacts:
    """Return a row as what is told of the partner."""
    return PartnerFacts(
        name=partner.name,
        sector=partner.sector,
        municipality_code=partner.municipality_code,
        organisation_number=partner.organisation_number,
        website=partner.website,
    )


def _place(partner: Partner) -> tuple[int, str]:
    return _SECTORS.index(partner.sector), in_the_alphabet(partner.name_key)
