"""The gate: which figures of a half-year are let out now, as numbers, hidden or missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from booking.publications.hiding import choose_hidden
from booking.publications.joint import Joint
from booking.publications.ledger import GROUPINGS, HalfYear, Place
from booking.publications.protection import Rule
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table

# Where more of a table would vanish, coarser bands tell more.
_MOST_HIDDEN: Final = Fraction(1, 3)
_BY_BAND: Final = (Table.ATTENDANCES_BY_BAND, Table.UNIQUE_BY_BAND)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is let out in one place."""

    state: CellState
    value: int | None = None


def decide(half_year: HalfYear, rule: Rule, *, held: Mapping[str, frozenset[str]]) -> Mapping[Place, Told]:
    """Return what is let out with the newest month, everything together.

    `held` names the libraries that held a meeting in a month, and so far: where none was, nothing is known.
    """
    for grouping in GROUPINGS:
        joint = Joint(half_year, grouping)
        hidden = _hidden(joint, rule)
        if _share_hidden(half_year, joint, hidden) <= _MOST_HIDDEN or not grouping:
            return {place: _told(joint, place, hidden, held) for place in half_year.places(grouping)}
    message = "the coarsest grouping is always taken"
    raise AssertionError(message)


def _hidden(joint: Joint, rule: Rule) -> frozenset[Place]:
    counts = joint.counts()
    chosen = choose_hidden(counts, rule)
    cells = list(joint.cells.values())
    return joint.withheld.union(place for cell in chosen for place in cells[cell])


def _share_hidden(half_year: HalfYear, joint: Joint, hidden: frozenset[Place]) -> Fraction:
    """Return how much of the tables by band would be seen no more; an older number is still seen."""
    places = [place for place in half_year.places(joint.grouping) if place[0] in _BY_BAND]
    counting = [place for place in places if joint.value_at(place)]
    told = [item for block in half_year.blocks for item in block.told.items()]
    older = {place for place, state in told if state is CellState.NUMBER}
    vanished = sum(place in hidden and place not in older for place in counting)
    return Fraction(vanished, max(len(counting), 1))


def _told(joint: Joint, place: Place, hidden: frozenset[Place], held: Mapping[str, frozenset[str]]) -> Told:
    if place in hidden:
        return Told(state=CellState.HIDDEN)
    value = joint.value_at(place)
    _table, row, column = place
    here = held.get(column, held[ALL])
    if not value and not (here if row == ALL or row not in joint.half_year.libraries else row in here):
        return Told(state=CellState.MISSING)
    return Told(state=CellState.NUMBER, value=value)
