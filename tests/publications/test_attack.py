"""Somebody keeps every figure that was ever let out, of every table and month, and reckons."""

from functools import cache
from random import Random

import pytest

from booking.publications.ledger import Measure
from booking.publications.tables import ALL, Table
from tests.publications.autumns import Autumn
from tests.publications.collector import Collector


@cache
def autumn_by_chance(seed: int, months: int = 3) -> Autumn:
    autumn = Autumn(Random(seed), libraries=("eidskog", "granlia"), months=months)
    autumn.pass_by()
    return autumn


# The last two told small counts exactly to whoever read in the programme where nobody could have been.
@pytest.mark.parametrize(("seed", "months"), [(0, 3), (2, 3), (16, 4), (22, 4)])
def test_whoever_keeps_every_figure_never_comes_near_a_hidden_one(seed: int, months: int) -> None:
    collector = Collector(autumn_by_chance(seed, months))

    for name, counts in collector.hidden():
        low, high = collector.outsider.range_of(collector.sum_of(counts))
        assert high - low >= 4, name
        assert high >= 5, name
    for name, counts in collector.growth():
        low, high = collector.outsider.range_of(collector.sum_of(counts))
        assert high - low >= 4, name


@pytest.mark.parametrize("seed", [0, 2])
def test_a_figure_that_anybody_may_see_never_moves_by_few(seed: int) -> None:
    seen: dict[object, int] = {}
    for told in autumn_by_chance(seed).told:
        for place, figure in told.items():
            if figure.value is not None:
                moved = abs(figure.value - seen.get(place, figure.value))
                assert not 1 <= moved <= 4, place
                seen[place] = figure.value


def test_no_figure_of_one_to_four_is_ever_let_out() -> None:
    told = [figure for each in autumn_by_chance(0).told for figure in each.values()]

    assert any(figure.value for figure in told)
    assert not any(figure.value is not None and 1 <= figure.value <= 4 for figure in told)


def test_whoever_reads_when_there_was_no_pilot_learns_no_more() -> None:
    # In September Lia held no other meetings, as everybody reads: what it had of these is what it had in
    # August. With all that came to Lia this told its pilots, and with all pilots the one child at Odal’s.
    autumn = Autumn(Random(0), libraries=("eidskog", "lia", "odal"), months=2)
    for month in (
        {("eidskog", "other"): 5, ("lia", "other"): 28, ("odal", "other"): 12},
        {("lia", "pilot"): 9, ("odal", "pilot"): 1, ("odal", "other"): 7},
    ):
        came = {(Measure.ATTENDANCES, row, f"6_12 {kind}"): persons for (row, kind), persons in month.items()}
        autumn.let_out(came)

    collector = Collector(autumn)

    names = collector.names(1, (Table.ATTENDANCES_BY_KIND, "odal", "pilot"))
    low, high = collector.outsider.range_of(collector.sum_of(names))
    assert (low, high - low >= 4) == (1, True)
    assert autumn.told[1][Table.ATTENDANCES_BY_KIND, ALL, "pilot"].value in {None, 10}
