"""Statements put into words once, for what a storm of sign-ups asks and writes in its units of work."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.orm import Session

from booking.direct import Direct, Row
from booking.lines import line_of


def hole(name: str, like: Any) -> BindParameter[Any]:  # noqa: ANN401 – any column
    """Return the place of a value that is given each time, of the type of a column that it is like."""
    return bindparam(name, None, type_=like.type)


class Prepared:
    """A statement whose values are holes, told within a session's transaction.

    What waits in the session is not written first, and the session does not hear of what is written.
    """

    def __init__(self, statement: Executable) -> None:
        """Keep the statement; it is put into words when it is told for the first time."""
        self._direct: Final = Direct(lambda _database: statement)

    def rows(self, session: Session, given: Mapping[str, Any]) -> list[Row]:
        """Return what comes back."""
        line = line_of(session)
        return self._direct.asked(line.driver, line.dialect, given)

    def row(self, session: Session, given: Mapping[str, Any]) -> Row | None:
        """Return the first row that comes back, or nothing."""
        found = self.rows(session, given)
        return found[0] if found else None

    def write(self, session: Session, given: Mapping[str, Any]) -> None:
        """Write what tells nothing back."""
        line = line_of(session)
        self._direct.told(line.driver, line.dialect, given)
