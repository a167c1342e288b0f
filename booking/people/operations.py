"""The only place where a name is stored, and where a family is forgotten."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.clock import Clock
from booking.db import Base
from booking.libraries.rules import Language
from booking.lines import line_of
from booking.people.contact import read_email, read_phone
from booking.people.models import Family, Guardian, Participant
from booking.people.rules import Newcomer, clean_name
from booking.prepared import Prepared, hole
from booking.rows import adopt, fresh, store, unsaid
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


def add_family_at_door(
    session: Session, clock: Clock, *, contact_name: str, phone: str | None, language: Language
) -> Family:
    """Return a new family of which nobody has told an address. Refuses NameRefused and PhoneNotUnderstood."""
    family = Family(
        email=None,
        contact_name=clean_name(contact_name, about="guardian_name") if contact_name.strip() else "",
        phone=read_phone(phone or ""),
        language=language,
        known_since=clock(),
    )
    session.add(family)
    session.flush()
    return family


def tell_contact(session: Session, *, family: Family, name: str, language: Language) -> None:
    """Keep who speaks for a family of which nobody knew that. Refuses NameRefused."""
    family.contact_name, family.language = clean_name(name, about="guardian_name"), language
    session.flush()


def add_participants(
    session: Session,
    clock: Clock,
    *,
    family: Family,
    newcomers: Sequence[Newcomer],
    is_followed: bool = True,
) -> list[Participant]:
    """Return the family's new children in the order in which they were told of, each with its family.

    What is kept of them was checked with `check_newcomer`. Those that are not followed are for reading only.
    """
    children = [
        fresh(
            Participant,
            family_id=family.id,
            person_key=new_uid(),
            first_name=newcomer.first_name,
            last_name=newcomer.last_name,
            birth_year=newcomer.birth_year,
            is_by_grade=newcomer.is_by_grade,
            municipality_code=newcomer.municipality_code,
            is_shielded=newcomer.is_shielded,
            is_own_contact=newcomer.is_own_contact,
            known_since=clock(),
        )
        for newcomer in newcomers
    ]
    store(session, children, is_followed=is_followed)
    for child in children:
        set_committed_value(child, "family", family)
    return children


def tell_more(
    session: Session,
    clock: Clock,
    *,
    family: Family,
    participant: Participant,
    last_name: str | None = None,
    is_shielded: bool = False,
) -> None:
    """Add to a known child what was not known before; what is there stays, and shielding is not taken off."""
    participant.last_name = participant.last_name or last_name
    if is_shielded:
        shield(clock, family=family, participant=participant, is_shielded=True)
    session.flush()


def shield(clock: Clock, *, family: Family, participant: Participant, is_shielded: bool) -> None:
    """Show the child with a chosen name only, or as all others; its calendar then says another thing."""
    if participant.is_shielded is not is_shielded:
        participant.is_shielded = is_shielded
        family.calendar_changed_at = clock()


def note_age(session: Session, *, participant: Participant, age: int, today: date) -> None:
    """Keep that somebody said to have turned so many years by the day."""
    participant.declared_age, participant.declared_on = age, today
    session.flush()


def find_or_add_guardian(session: Session, clock: Clock, *, participant: Participant, email: str) -> Guardian:
    """Return the guardian that a youth named, by address. Refuses EmailNotUnderstood."""
    address = read_email(email)
    of_the_youth = select(Guardian).where(
        Guardian.participant_id == participant.id, Guardian.email == address
    )
    known = session.scalar(of_the_youth)
    if known is not None:
        return known
    guardian = Guardian(participant_id=participant.id, email=address, known_since=clock())
    session.add(guardian)
    session.flush()
    return guardian


def verify_family(session: Session, clock: Clock, *, family: Family) -> None:
    """Note that somebody who reads the address's letters has answered one; the first time counts."""
    if family.verified_at is None:
        now = clock()
        _VERIFY.write(session, {"family_id": family.id, "now": now})
        set_committed_value(family, "verified_at", now)


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
    # One statement finds, adds or refreshes, and locks: two tabs of a new family meet here and take turns,
    # so that neither adds the same child twice.
    kept = _keeping(line_of(session).dialect.name).rows(session, values)[0]
    return adopt(session, Family, kept)


@cache
def _keeping(dialect: str) -> Prepared:
    insert = insert_postgresql if dialect == "postgresql" else insert_sqlite
    told = {name: hole(name, _FAMILY.c[name]) for name in ("email", *_TYPED, "known_since")}
    new = insert(_FAMILY).values({**unsaid(_FAMILY), **told})
    kept = {
        name: case((_FAMILY.c.verified_at.is_(None), new.excluded[name]), else_=_FAMILY.c[name])
        for name in _TYPED
    }
    one = new.on_conflict_do_update(index_elements=[_FAMILY.c.email], set_=kept)
    return Prepared(one.returning(*_FAMILY.c))


_FAMILY: Final = Base.metadata.tables[Family.__tablename__]
_VERIFY: Final = Prepared(
    update(_FAMILY)
    .where(_FAMILY.c.id == hole("family_id", _FAMILY.c.id), _FAMILY.c.verified_at.is_(None))
    .values(verified_at=hole("now", _FAMILY.c.verified_at))
)
