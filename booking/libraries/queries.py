"""Finding libraries."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from booking.errors import NotFound
from booking.libraries.models import Library


def _whole() -> Select[Library]:
    return select(Library).options(selectinload(Library.notes))


def get_library(session: Session, library_id: int) -> Library:
    """Return the library with its notes, or raise NotFound."""
    return _found(session.scalar(_whole().where(Library.id == library_id)))


def get_library_by_slug(session: Session, slug: str) -> Library:
    """Return the library with its notes by the word in its address, or raise NotFound."""
    return _found(session.scalar(_whole().where(Library.slug == slug)))


def find_library_by_slug(session: Session, slug: str) -> Library | None:
    """Return the library with its notes by the word in its address, if there is one."""
    return session.scalar(_whole().where(Library.slug == slug))


def find_library_by_code(session: Session, code: str) -> Library | None:
    """Return the library with the short code, if there is one."""
    return session.scalar(_whole().where(Library.code == code))


def all_libraries(session: Session) -> Sequence[Library]:
    """Return every library with its notes, by name."""
    return session.scalars(_whole().order_by(Library.name, Library.id)).all()


def municipality_names(session: Session) -> dict[str, str]:
    """Return the municipalities in which there are libraries: what each is called, by its number."""
    found = select(Library.municipality_code, Library.municipality_name)
    rows = session.execute(found.order_by(Library.municipality_name, Library.id))
    return {row.municipality_code: row.municipality_name for row in rows}


def _found(library: Library | None) -> Library:
    if library is None:
        raise NotFound
    return library
