"""How much is hidden of half-years by chance, how long it takes, and what an outsider makes of it.

python -m bench.attack [half-years] [months] [fullness]

Autumns have five months; seven are a spring. With a fullness, so much of the places at each meeting is taken,
and the outsider knows how many there are; without, none is limited. Seconds are of work, not by the clock.
"""

import sys
import time
from random import Random

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from booking.db import Base
from booking.publications.shown import CellState
from tests.publications.autumns import Autumn
from tests.publications.collector import Collector
from tests.publications.reader import reads_all

AUTUMN = 5
LIBRARIES = ("eidskog", "granlia", "kongsvinger", "odal")


def attack(seed: int, months: int, fullness: float | None) -> tuple[int, int]:
    """Let one half-year out and attack it; return the narrowest range of a hidden figure, and of a growth."""
    first_month = 1 if months > AUTUMN else 13 - months
    autumn = Autumn(
        Random(seed), libraries=LIBRARIES, months=months, first_month=first_month, fullness=fullness
    )
    began = time.process_time()
    autumn.pass_by()
    took = time.process_time() - began
    figures = [figure for told in autumn.told for figure in told.values()]
    hidden = sum(figure.state is CellState.HIDDEN for figure in figures)
    collector = Collector(autumn)
    shares = _shares_read(autumn, collector)
    narrowest = [
        min((high - low for low, high in ranges), default=9999)
        for ranges in (
            [collector.outsider.range_of(collector.sum_of(names)) for _name, names in found]
            for found in (collector.hidden(), collector.growth())
        )
    ]
    print(
        f"half-year {seed}, {months} months: {len(figures)} figures, {hidden} hidden, {shares} shares, "
        f"{took / months:.1f} s a month; "
        f"narrowest range of a hidden figure {narrowest[0]}, of a small growth {narrowest[1]}",
        flush=True,
    )
    return narrowest[0], narrowest[1]


def _shares_read(autumn: Autumn, collector: Collector) -> int:
    """Let her read the shares of every month, and reach, as the house tells them; return how many."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(
        engine, tables=[Base.metadata.tables[name] for name in ("publication", "published_cell")]
    )
    with Session(engine) as session:
        return reads_all(session, autumn, collector)


if __name__ == "__main__":
    HALF_YEARS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    MONTHS = int(sys.argv[2]) if len(sys.argv) > 2 else AUTUMN  # noqa: PLR2004 – the second word
    FULLNESS = float(sys.argv[3]) if len(sys.argv) > 3 else None  # noqa: PLR2004 – the third word
    FOUND = [min(attack(seed, MONTHS, FULLNESS)) for seed in range(HALF_YEARS)]
    print(f"narrowest of all: {min(FOUND)}")
