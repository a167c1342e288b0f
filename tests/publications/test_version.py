"""What decides is versioned: each publication says by which rule it was let out."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from random import Random
from typing import Any, Final

from booking.publications.ledger import Key, Measure
from booking.publications.protection import Rule
from booking.publications.tables import ALL
from tests.publications.autumns import BANDS, KINDS, Autumn

# What each version made of the half-years below. Whoever changes what is decided raises `Rule.version` and
# adds a line; the older ones stay, as publications name them.
DIGESTS: Final = {"2": "41c05b0dca53bfb3", "3": "1c0ece9e6bb386de"}
LIBRARIES: Final = ("eidskog", "lia", "odal")
HALF_YEARS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as it is": {},
    "a library joins": {"joined": {"odal": 1}},
    "the least count is raised": {"least_counts": (3, 5, 8)},
    "and lowered": {"least_counts": (8, 5, 3)},
    "places are known": {"fullness": 0.9},
}


def counts_of(autumn: Autumn, month: int) -> dict[Key, int]:
    """Return counts that are the same on every machine: some small, some nought, some many."""
    added: dict[Key, int] = {}
    for at, row in enumerate(autumn.here(month)):
        for number, band in enumerate(BANDS):
            kinds = [(7 * number * number + 5 * at + 3 * month + 11 * kind) % 17 - 4 for kind in range(2)]
            came = [max(persons, 0) * (1 + at) for persons in kinds]
            for kind, persons in zip(KINDS, came, strict=True):
                added[Measure.ATTENDANCES, row, f"{band} {kind}"] = persons
            added[Measure.UNIQUE, row, band] = sum(came) // (2 + month)
    return added


def once_of(autumn: Autumn) -> dict[Key, int]:
    once: dict[Key, int] = {}
    for at, row in enumerate(autumn.libraries):
        once[Measure.RETURNING, row, "returning"] = 3 + 5 * at
        once |= {(Measure.BOOKED, row, name): 4 + 6 * at for name in ("came", "no_show", "late")}
    return once | {(Measure.RESIDENTS, place, ALL): 3 + len(place) for place in autumn.municipalities}


def lines() -> Iterator[str]:
    for name, changes in HALF_YEARS.items():
        autumn = Autumn(Random(0), libraries=LIBRARIES, months=3, **changes)
        for month in range(autumn.months):
            counts = counts_of(autumn, month)
            autumn.gatherings.append(autumn.meetings_of(counts, month))
            autumn.let_out(counts, once_of(autumn))
            for place, figure in sorted(autumn.told[-1].items()):
                yield f"{name} {month} {' '.join(place)} {figure.state} {figure.value}"


def test_what_is_decided_changes_with_its_version_alone() -> None:
    decided = list(lines())

    assert len({line.split()[-2] for line in decided}) > 1
    assert DIGESTS[Rule.version] == sha256("\n".join(decided).encode()).hexdigest()[:16]
