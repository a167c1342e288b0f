"""Counting in columns of numbers: what is in them once, how often, and sums by library."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from booking.participation.months import Numbers

Flags = NDArray[np.bool_]

# Numbers as close together as this are told apart in a table instead of by sorting them.
_FEW: Final = 10_000
_SHORT: Final = 2**32


def once(numbers: Numbers) -> Numbers:
    """Return each number once, in order."""
    return once_with_counts(numbers)[0]


def once_with_counts(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return each number once, in order, and how often it was there."""
    lowest, span = _span(numbers)
    if _are_close(numbers, span):
        counts = np.bincount(numbers - lowest)
        each = np.flatnonzero(counts)
        return each + lowest, counts[each]
    # Half as long, and sorted in half the time.
    in_order = np.sort((numbers - lowest).astype(np.uint32) if span < _SHORT else numbers)
    begins = np.flatnonzero(_is_next(in_order))
    each = in_order[begins].astype(np.int64) + (lowest if span < _SHORT else 0)
    return each, _sizes(begins, len(in_order))


def dense(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return each number once, in order, and of every one its place among these."""
    lowest, span = _span(numbers)
    each = once(numbers)
    if not _are_close(numbers, span):
        return each, np.searchsorted(each, numbers)
    places = np.zeros(span, dtype=np.int64)
    places[each - lowest] = np.arange(len(each))
    return each, places[numbers - lowest]


def spread(numbers: Numbers) -> dict[int, int]:
    """Return how often each number is there."""
    each, counts = once_with_counts(numbers)
    return dict(zip(each.tolist(), counts.tolist(), strict=True))


def sums_by(keys: Numbers, columns: Mapping[str, Numbers]) -> dict[int, dict[str, int]]:
    """Return the sum of each column by the keys that stand beside it."""
    each, places = dense(keys)
    # Sums of whole numbers are exact in such fractions far beyond what happens in a library.
    sums = {name: np.bincount(places, weights=column) for name, column in columns.items()}
    return {
        key: {name: int(of_each[place]) for name, of_each in sums.items()}
        for place, key in enumerate(each.tolist())
    }


def places_within(groups: Numbers) -> Numbers:
    """Return of each number the place among those that are the same, from nought on."""
    order = np.argsort(groups, kind="stable")
    in_order = groups[order]
    begins = np.flatnonzero(_is_next(in_order))
    places = np.empty(len(groups), dtype=np.int64)
    places[order] = np.arange(len(groups)) - np.repeat(begins, _sizes(begins, len(groups)))
    return places


def _sizes(begins: Numbers, end: int) -> Numbers:
    """Return how long parts are that begin there; the last one goes on to the end."""
    sizes = np.empty_like(begins)
    np.subtract(begins[1:], begins[:-1], out=sizes[:-1])
    sizes[-1:] = end - begins[-1:]
    return sizes


def _span(numbers: Numbers) -> tuple[int, int]:
    """Return the least number, and how many there may be from it to the greatest."""
    if not len(numbers):
        return 0, 0
    lowest = int(numbers.min())
    return lowest, int(numbers.max()) - lowest + 1


def _are_close(numbers: Numbers, span: int) -> bool:
    return span <= _FEW + 2 * len(numbers)


def _is_next(in_order: NDArray[Any]) -> Flags:
    flags = np.ones(len(in_order), dtype=np.bool_)
    flags[1:] = in_order[1:] != in_order[:-1]
    return flags
