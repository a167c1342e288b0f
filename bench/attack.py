"""How much is hidden of autumns by chance, how long that takes, and what an outsider makes of it all.

python -m bench.attack [autumns] [months]
"""

import sys
import time
from random import Random

from booking.publications.shown import CellState
from tests.publications.autumns import Autumn, Collector

LIBRARIES = ("eidskog", "granlia", "kongsvinger", "odal")


def attack(seed: int, months: int) -> tuple[int, int]:
    """Let one autumn out and attack it; return the narrowest range of a hidden figure, and of a growth."""
    autumn = Autumn(Random(seed), libraries=LIBRARIES, months=months)
    began = time.perf_counter()
    autumn.pass_by()
    took = time.perf_counter() - began
    figures = [figure for told in autumn.told for figure in told.values()]
    hidden = sum(figure.state is CellState.HIDDEN for figure in figures)
    collector = Collector(autumn)
    narrowest = [
        min((high - low for low, high in ranges), default=9999)
        for ranges in (
            [collector.outsider.range_of(collector.sum_of(names)) for _name, names in found]
            for found in (collector.hidden(), collector.growth())
        )
    ]
    print(
        f"autumn {seed}: {len(figures)} figures, {hidden} hidden, {took / months:.1f} s a month; "
        f"narrowest range of a hidden figure {narrowest[0]}, of a small growth {narrowest[1]}",
        flush=True,
    )
    return narrowest[0], narrowest[1]


if __name__ == "__main__":
    AUTUMNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    MONTHS = int(sys.argv[2]) if len(sys.argv) > 2 else 5  # noqa: PLR2004 – August to December
    FOUND = [min(attack(seed, MONTHS)) for seed in range(AUTUMNS)]
    print(f"narrowest of all: {min(FOUND)}")
