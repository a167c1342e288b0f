"""What this machine remembers beside the database, so that an older copy that was put back is noticed.

A calendar ignores what has a lower sequence than it has seen. A backup that is put back holds such lower
ones, and cannot know it: all that could tell is in the database, and that is what became older. So each
machine keeps a small file beside it, of when the database last told calendars of a change. When the database
says an earlier time than the file, it was put back, and all that calendars know is lifted once.
"""

import fcntl
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.revision import Catalogue
from booking.tokens import new_uid

_REMEMBERED: Final = "identities_raised"
_TOLD: Final = "calendars_told"
# A folder that served several databases, as a developer's does, remembers the last few of them.
_MOST_LINEAGES: Final = 8
_LEAST_STEP: Final = timedelta(milliseconds=1)
_A_SECOND: Final = timedelta(seconds=1)

_log = logging.getLogger("booking.witness")


class Witness:
    """A file that remembers when each database, or a copy of it, last told calendars of a change."""

    def __init__(self, path: Path) -> None:
        """Remember in the file, which need not be there yet; losing it costs nothing until a restore."""
        self._path = path

    def newest(self, lineage: str) -> datetime | None:
        """Return the latest change that this machine knows of, if it knows the database."""
        return self._read().get(lineage)

    def note(self, lineage: str, raised_at: datetime) -> None:
        """Remember the change, unless a later one is known; a folder that cannot be written to is logged."""
        known = self.newest(lineage)
        if known is not None and known >= raised_at:
            return
        try:
            with self._path.with_suffix(".turn").open("ab") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                self._write(lineage, raised_at)
        except OSError as error:
            _log.error("what calendars were told cannot be remembered: %s", type(error).__name__)

    def _write(self, lineage: str, moment: datetime) -> None:
        known = self._read()
        later = max(moment, known.pop(lineage, moment))
        kept = dict([*known.items(), (lineage, later)][-_MOST_LINEAGES:])
        beside = self._path.with_suffix(".new")
        told = {name: at.isoformat() for name, at in kept.items()}
        beside.write_text(json.dumps(told), encoding="utf-8")
        beside.replace(self._path)

    def _read(self) -> dict[str, datetime]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return {name: datetime.fromisoformat(at) for name, at in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


@dataclass(frozen=True, kw_only=True)
class Identities:
    """What a unit of work does last, so that calendars hear of each change, and of no older state as new."""

    witness: Witness
    settled: Callable[[Session, Clock], int]
    lifts: tuple[Callable[[Session, Clock], int], ...]
    # What calendars hear of past the units of work that settle: the time of the latest of each kind.
    told_besides: tuple[Callable[[Session], datetime | None], ...] = ()

    def settle(self, session: Session, clock: Clock) -> None:
        """Raise what calendars know of that which this session changed for their readers."""
        self.settled(session, clock)
        # Some was settled before, with the letters that tell of it.
        if _TOLD in session.info:
            self._lift_if_behind(session, clock)
            self._note(session, clock)

    def mend(self, session: Session, clock: Clock) -> int:
        """Lift everything if an older copy was put back, and return how much that was. Twice is once."""
        done = self._lift_if_behind(session, clock)
        if done or self._was_told_besides(session):
            self._note(session, clock)
        else:
            # What another machine told calendars is remembered here as well.
            session.info[_REMEMBERED] = _standing(session)
        return done

    def lift(self, session: Session, clock: Clock) -> int:
        """Lift everything, as after a restore to a machine that remembers nothing; return how much it was."""
        done = sum(lift(session, clock) for lift in self.lifts)
        self._note(session, clock)
        return done

    def is_behind(self, session: Session) -> bool:
        """Tell whether the database is older than what calendars were told from here."""
        lineage, raised_at = _standing(session)
        newest = self.witness.newest(lineage) if lineage else None
        return newest is not None and (raised_at is None or raised_at < newest)

    def remember(self, session: Session) -> None:
        """Note beside the database what was committed to it."""
        lineage, raised_at = session.info.pop(_REMEMBERED, ("", None))
        if lineage and raised_at is not None:
            self.witness.note(lineage, raised_at)

    def _lift_if_behind(self, session: Session, clock: Clock) -> int:
        if not self.is_behind(session):
            return 0
        _log.warning("an older copy of the database was put back: all calendar entries are lifted")
        newest = self.witness.newest(_standing(session)[0])
        later = clock() if newest is None else max(clock(), newest + _A_SECOND)
        return sum(lift(session, lambda: later) for lift in self.lifts)

    def _was_told_besides(self, session: Session) -> bool:
        # Noted each minute and not each time: families who sign up would wait for each other at this one row.
        _lineage, raised_at = _standing(session)
        latest = [at for told in self.told_besides if (at := told(session)) is not None]
        return bool(latest) and (raised_at is None or max(latest) > raised_at)

    def _note(self, session: Session, clock: Clock) -> None:
        lineage, before = _standing(session, lock=True)
        told: datetime = session.info.pop(_TOLD, clock())
        raised_at = max(clock(), told, told if before is None else before + _LEAST_STEP)
        named = lineage or new_uid()
        session.execute(update(Catalogue).values(lineage=named, raised_at=raised_at))
        session.info[_REMEMBERED] = (named, raised_at)


def note_told(session: Session, changed_at: datetime) -> None:
    """Note that this session tells calendars of a change, and of which time it is."""
    session.info[_TOLD] = max(changed_at, session.info.get(_TOLD, changed_at))


def _standing(session: Session, *, lock: bool = False) -> tuple[str, datetime | None]:
    wanted = select(Catalogue.lineage, Catalogue.raised_at)
    row = session.execute(wanted.with_for_update() if lock else wanted).one()
    return row.lineage, row.raised_at
