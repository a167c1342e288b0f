"""Half-years in which something changes midway: still nobody comes near a hidden figure."""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.publications.autumns import Autumn
from tests.publications.collector import Collector

TWO = ("eidskog", "granlia")

seeds = st.integers(min_value=0, max_value=9999)
a_few = settings(max_examples=2, deadline=None, derandomize=True, database=None)


def check_nothing_is_told(autumn: Autumn) -> None:
    autumn.pass_by()
    collector = Collector(autumn)
    for name, counts in [*collector.hidden(), *collector.growth()]:
        low, high = collector.outsider.range_of(collector.sum_of(counts))
        assert high - low >= collector.least_count_of(counts) - 1, name
    check_no_figure_moves_by_few(autumn)


def check_no_figure_moves_by_few(autumn: Autumn) -> None:
    seen: dict[object, int] = {}
    for month, told in enumerate(autumn.told):
        rule = autumn.rule_of(month)
        for place, figure in told.items():
            if figure.value is not None:
                assert not rule.is_small(figure.value), place
                assert not rule.is_small(abs(figure.value - seen.get(place, figure.value))), place
                seen[place] = figure.value


@given(seed=seeds)
@a_few
def test_registers_are_mended_to_fewer_or_were_another_librarys(seed: int) -> None:
    check_nothing_is_told(Autumn(Random(seed), libraries=TWO, months=3, mends=True))


@given(seed=seeds, least_counts=st.permutations([3, 5, 8]))
@a_few
def test_the_least_count_is_raised_and_lowered(seed: int, least_counts: list[int]) -> None:
    autumn = Autumn(Random(seed), libraries=TWO, months=3, least_counts=tuple(least_counts))

    check_nothing_is_told(autumn)


@given(seed=seeds)
@example(seed=0)
@settings(a_few, max_examples=1)
def test_a_library_joins_midway(seed: int) -> None:
    check_nothing_is_told(Autumn(Random(seed), libraries=(*TWO, "odal"), months=3, joined={"odal": 1}))
