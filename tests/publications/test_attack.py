"""Somebody keeps every figure that was ever let out, of every table and month, and reckons."""

from functools import cache
from random import Random

import pytest

from tests.publications.autumns import Autumn
from tests.publications.collector import Collector


@cache
def autumn_by_chance(seed: int) -> Autumn:
    autumn = Autumn(Random(seed), libraries=("eidskog", "granlia"), months=3)
    autumn.pass_by()
    return autumn


@pytest.mark.parametrize("seed", range(3))
def test_whoever_keeps_every_figure_never_comes_near_a_hidden_one(seed: int) -> None:
    collector = Collector(autumn_by_chance(seed))

    for name, counts in collector.hidden():
        low, high = collector.outsider.range_of(collector.sum_of(counts))
        assert high - low >= 4, name
        assert high >= 5, name
    for name, counts in collector.growth():
        low, high = collector.outsider.range_of(collector.sum_of(counts))
        assert high - low >= 4, name


@pytest.mark.parametrize("seed", range(3))
def test_a_figure_that_anybody_may_see_never_moves_by_few(seed: int) -> None:
    seen: dict[object, int] = {}
    for told in autumn_by_chance(seed).told:
        for place, figure in told.items():
            if figure.value is not None:
                moved = abs(figure.value - seen.get(place, figure.value))
                assert not 1 <= moved <= 4, place
                seen[place] = figure.value


def test_no_figure_of_one_to_four_is_ever_let_out() -> None:
    told = [figure for each in autumn_by_chance(1).told for figure in each.values()]

    assert any(figure.value for figure in told)
    assert not any(figure.value is not None and 1 <= figure.value <= 4 for figure in told)
