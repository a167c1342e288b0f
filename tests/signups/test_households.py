import pytest

from booking.signups.households import IfNotAll, PlacesForSomeOnly, places_for, whose_turn
from booking.signups.rules import OccasionFull, SignupState

A, Q = SignupState.AWAITING_EMAIL, SignupState.QUEUED
TOGETHER, FITTING = IfNotAll.WAIT_TOGETHER, IfNotAll.THOSE_THAT_FIT


def stand(
    asked: int, *, taken: int, waiting: int = 0, has_queue: bool = True, choice: IfNotAll | None = None
) -> list[SignupState | None]:
    return places_for(
        asked, capacity=10, taken=taken, waiting=waiting, has_queue=has_queue, if_not_all=choice
    )


@pytest.mark.parametrize(
    ("asked", "taken", "waiting", "standings"),
    [
        (1, 9, 0, [A]),
        (2, 8, 0, [A, A]),
        (1, 10, 0, [Q]),
        (2, 10, 0, [Q, Q]),
        (1, 9, 1, [Q]),
        (3, 0, 1, [Q, Q, Q]),
        (1, 11, 0, [Q]),
    ],
)
def test_siblings_stand_together(
    asked: int, taken: int, waiting: int, standings: list[SignupState | None]
) -> None:
    assert stand(asked, taken=taken, waiting=waiting) == standings


def test_with_places_for_some_only_the_parent_is_asked_first() -> None:
    with pytest.raises(PlacesForSomeOnly) as told:
        stand(3, taken=8)

    assert told.value.facts == {"free": 2, "asked": 3}


@pytest.mark.parametrize(
    ("choice", "has_queue", "standings"),
    [
        (TOGETHER, True, [Q, Q, Q]),
        (FITTING, True, [A, A, Q]),
        (FITTING, False, [A, A, None]),
    ],
)
def test_the_parent_decides_what_happens_to_the_others(
    choice: IfNotAll, has_queue: bool, standings: list[SignupState | None]
) -> None:
    assert stand(3, taken=8, has_queue=has_queue, choice=choice) == standings


@pytest.mark.parametrize("choice", [FITTING, None, TOGETHER])
def test_without_a_place_and_without_a_queue_it_is_full(choice: IfNotAll | None) -> None:
    with pytest.raises(OccasionFull):
        stand(2, taken=10, has_queue=False, choice=choice)


def test_nobody_waits_together_where_there_is_no_list_to_wait_on() -> None:
    with pytest.raises(OccasionFull):
        stand(2, taken=9, has_queue=False, choice=TOGETHER)


@pytest.mark.parametrize(
    ("free", "sizes", "chosen"),
    [
        (0, [1, 1], []),
        (-1, [1], []),
        (1, [1, 1], [0]),
        (3, [1, 1], [0, 1]),
        (2, [2, 1], [0]),
        (1, [2, 1, 1], [1]),
        (3, [1, 3, 2], [0, 2]),
        (5, [], []),
    ],
)
def test_households_are_served_in_order_and_whole(free: int, sizes: list[int], chosen: list[int]) -> None:
    assert whose_turn(free=free, sizes=sizes) == chosen
