"""How many there could have been, as places are printed: what follows from them, and all of it."""

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.publications.room import Crowd, Gathering, room_of

BANDS = ("0_5", "6_12", "13_15")
few = st.integers(min_value=0, max_value=4)
a_meeting = st.builds(
    Gathering,
    library=st.just("lia"),
    kind=st.just("pilot"),
    places=few,
    came=st.dictionaries(st.sampled_from(BANDS), few, max_size=2),
)


def held(places: int | None, kind: str = "pilot", library: str = "lia", **came: int) -> Gathering:
    return Gathering(
        library=library,
        kind=kind,
        places=places,
        came={name.removeprefix("age_"): persons for name, persons in came.items()},
    )


def test_each_age_could_have_had_every_place_that_was_for_it() -> None:
    room = room_of([held(12, age_6_12=7), held(10, age_6_12=2, age_13_15=3), held(8, age_13_15=8)])

    # Thirty places, of which those of 13 to 15 could have had eighteen.
    assert room == {
        ("lia", "pilot", ("6_12",)): 22,
        ("lia", "pilot", ("13_15",)): 18,
        ("lia", "pilot", ("13_15", "6_12")): 30,
    }


def test_what_two_lines_say_together_is_not_said_again() -> None:
    room = room_of([held(12, age_6_12=7), held(8, age_13_15=8)])

    assert ("lia", "pilot", ("13_15", "6_12")) not in room


def test_kinds_and_libraries_stand_apart() -> None:
    room = room_of([held(12, age_6_12=7), held(9, "other", age_6_12=1), held(5, library="odal", age_6_12=1)])

    assert room == {
        ("lia", "pilot", ("6_12",)): 12,
        ("lia", "other", ("6_12",)): 9,
        ("odal", "pilot", ("6_12",)): 5,
    }


def test_where_a_meeting_had_no_limit_nothing_is_known_of_those_it_was_for() -> None:
    room = room_of([held(12, age_6_12=7), held(None, age_13_15=3)])

    assert room == {("lia", "pilot", ("6_12",)): 12}


def test_where_more_came_than_there_were_places_it_is_as_many_as_came() -> None:
    assert room_of([held(5, age_6_12=6, age_13_15=1)])["lia", "pilot", ("13_15", "6_12")] == 7


def test_places_where_nobody_came_were_for_nobody() -> None:
    assert room_of([held(5, age_6_12=0), held(8, age_6_12=2)]) == {("lia", "pilot", ("6_12",)): 8}


@given(meetings=st.lists(a_meeting, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_the_lines_allow_just_what_could_have_been(meetings: Sequence[Gathering]) -> None:
    room = room_of(meetings)
    there = [band for band in BANDS if any(each.came.get(band) for each in meetings)]
    possible = _seated(meetings, there)

    for crowd in product(range(14), repeat=len(there)):
        counts = dict(zip(there, crowd, strict=True))
        assert _fits(counts, room) == (crowd in possible)


def _fits(counts: Mapping[str, int], room: Mapping[Crowd, int]) -> bool:
    lines = ((bands, persons) for (_library, _kind, bands), persons in room.items() if bands)
    return all(sum(counts[band] for band in bands) <= persons for bands, persons in lines)


def _seated(meetings: Sequence[Gathering], there: Sequence[str]) -> set[tuple[int, ...]]:
    """Return all counts of these ages that could have come, tried out seat by seat."""
    found: set[tuple[int, ...]] = {(0,) * len(there)}
    for each in meetings:
        for _seat in range(max(each.places or 0, sum(each.came.values()))):
            found |= {
                tuple(count + (at == taken) for at, count in enumerate(counts))
                for counts in found
                for taken, band in enumerate(there)
                if each.came.get(band)
            }
    return found
