"""The only place where a name is stored, and where a family is forgotten."""

from typing import Any, Final

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.clock import Clock, local_date
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.models import Family, Participant
from booking.people.queries import look_into_family
from booking.people.rules import check_birth_year, check_municipality, clean_name
from booking.tokens import new_uid

# What somebody types of themselves; it stays as it is once the address was shown to be theirs.
_TYPED: Final = ("contact_name", "phone", "language")


def find_or_add_family(
    session: Session,
    clock: Clock,
    *,
    email: str,
    contact_name: str,
    phone: str | None,
    language: Language,
) -> Family:
    """Return the family of the address, locked until the unit of work ends.

    What a family has shown to be its own is not overwritten: whoever types an address has not shown
    that it is theirs. Refuses NameRefused, EmailNotUnderstood and PhoneNotUnderstood.
    """
    values = {
        "email": read_email(email),
        "contact_name": clean_name(contact_name, about="contact_name"),
        "phone": read_phone(phone or ""),
        "language": language,
        "known_since": clock(),
    }
    return _kept_family(session, values)


def find_or_add_participant(
    session: Session,
    clock: Clock,
    *,
    family: Family,
    first_name: str,
    last_name: str | None,
    birth_year: int,
    municipality_code: str,
) -> Participant:
    """Return the family's child of that name and year of birth; a child that is known stays as it is.

    It comes with its family loaded. Refuses NameRefused, BirthYearNotPlausible and MunicipalityUnknown,
    whether or not the child is known: a refusal must not tell.
    """
    name = clean_name(first_name, about="first_name")
    surname = clean_name(last_name, about="last_name") if last_name else None
    check_birth_year(birth_year, today=local_date(clock()))
    children = look_into_family(session, family_id=family.id, municipality_code=municipality_code)
    check_municipality(municipality_code, is_known=children.knows_municipality)
    known = children.find(name, birth_year)
    if known is not None:
        set_committed_value(known, "family", family)
        return known
    child = Participant(
        family=family,
        person_key=new_uid(),
        first_name=name,
        last_name=surname,
        birth_year=birth_year,
        municipality_code=municipality_code,
        known_since=clock(),
    )
    session.add(child)
    session.flush()
    return child


def verify_family(clock: Clock, *, family: Family) -> None:
    """Note that somebody who reads the address's letters has answered one; the first time counts."""
    if family.verified_at is None:
        family.verified_at = clock()


def forget_family(session: Session, *, family_id: int) -> None:
    """Erase the family, its participants, and all that hangs on them; twice is once.

    Figures stay as they are: they hold a random key, and its tie to a person goes with the participant.
    """
    # The database cascades. Rows that the session knows are told that they are gone.
    session.execute(
        delete(Family).where(Family.id == family_id).execution_options(synchronize_session="fetch")
    )


def forget_participant(session: Session, *, participant_id: int) -> None:
    """Erase one participant and all that hangs on it; twice is once."""
    session.execute(
        delete(Participant)
        .where(Participant.id == participant_id)
        .execution_options(synchronize_session="fetch")
    )


def _kept_family(session: Session, values: dict[str, Any]) -> Family:
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    new = insert(Family).values(**values)
    # One statement finds, adds or refreshes, and locks: two tabs of a new family meet here and take turns,
    # so that neither adds the same child twice.
    kept = {
        name: case((Family.verified_at.is_(None), new.excluded[name]), else_=getattr(Family, name))
        for name in _TYPED
    }
    statement = new.on_conflict_do_update(index_elements=[Family.email], set_=kept).returning(Family)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()
