"""How long it takes to hide the least of single tables of twelve rows by eight columns, in seconds of a core.

python -m bench.tables [tables]
"""

import math
import sys
import time
from random import Random
from statistics import median

from booking.publications.hiding import choose_hidden
from booking.publications.protection import Rule
from tests.publications.test_protection import table_of


def table_by_chance(seed: int) -> list[list[int]]:
    """Return lognormal counts around twenty, of which six to twelve are small."""
    random = Random(seed)
    while True:
        rows = [[round(random.lognormvariate(math.log(20), 0.9)) for _ in range(8)] for _ in range(12)]
        if 6 <= sum(Rule().is_small(count) for row in rows for count in row) <= 12:  # noqa: PLR2004 – as asked
            return rows


def seconds_for(seed: int) -> float:
    """Return how long the optimum of one table takes."""
    counts = table_of(table_by_chance(seed))
    began = time.process_time()
    choose_hidden(counts, Rule())
    return time.process_time() - began


if __name__ == "__main__":
    TOOK = sorted(seconds_for(seed) for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
    print(f"median {median(TOOK):.2f} s, slowest {TOOK[-1]:.2f} s of {len(TOOK)} tables")
