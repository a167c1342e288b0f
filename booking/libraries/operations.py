"""Adding a library, and changing what is told of it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.models import Library, LibraryNote
from booking.libraries.queries import find_library_by_code, find_library_by_slug
from booking.libraries.rules import CodeTaken, LibraryFacts, SlugTaken, check_colour

_PLAIN_FACTS = (
    "slug",
    "code",
    "name",
    "municipality_code",
    "municipality_name",
    "email",
    "phone",
    "street",
    "postcode",
    "town",
    "latitude",
    "longitude",
    "colour",
)


def add_library(session: Session, clock: Clock, *, facts: LibraryFacts) -> Library:
    """Return a new library; refuses SlugTaken, CodeTaken and ColourTooPale."""
    library = Library(notes=[], changed_at=clock())
    _check(session, facts, library)
    _tell(library, facts)
    session.add(library)
    session.flush()
    return library


def change_library(session: Session, clock: Clock, *, library: Library, facts: LibraryFacts) -> bool:
    """Tell the library's facts anew, and return whether any of them changed.

    Refuses SlugTaken, CodeTaken and ColourTooPale.
    """
    _check(session, facts, library)
    if not _tell(library, facts):
        return False
    library.changed_at = clock()
    session.flush()
    return True


def import_libraries(session: Session, clock: Clock, *, libraries: Sequence[LibraryFacts]) -> tuple[int, int]:
    """Add those that are new, change those that differ, and return how many of each."""
    added = changed = 0
    for facts in libraries:
        library = find_library_by_slug(session, facts.slug)
        if library is None:
            add_library(session, clock, facts=facts)
            added += 1
        else:
            changed += change_library(session, clock, library=library, facts=facts)
    return added, changed


def _check(session: Session, facts: LibraryFacts, library: Library) -> None:
    check_colour(facts.colour)
    if find_library_by_slug(session, facts.slug) not in {None, library}:
        raise SlugTaken
    if find_library_by_code(session, facts.code) not in {None, library}:
        raise CodeTaken


def _tell(library: Library, facts: LibraryFacts) -> bool:
    changed = _tell_notes(library, facts)
    for name in _PLAIN_FACTS:
        if getattr(library, name) != getattr(facts, name):
            setattr(library, name, getattr(facts, name))
            changed = True
    return changed


def _tell_notes(library: Library, facts: LibraryFacts) -> bool:
    held = {note.language: (note.accessibility, note.opening) for note in library.notes}
    told = {language: (note.accessibility, note.opening) for language, note in facts.notes.items()}
    if held == told:
        return False
    by_language = {note.language: note for note in library.notes}
    library.notes = [
        _written(by_language.get(language) or LibraryNote(language=language), *words)
        for language, words in told.items()
    ]
    return True


def _written(note: LibraryNote, accessibility: str, opening: str) -> LibraryNote:
    note.accessibility, note.opening = accessibility, opening
    return note
