"""However the ticks of several phones arrive, they make one register."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking.attendance.rules import (
    HeadcountEvent,
    MarkEvent,
    Standing,
    fold_headcount,
    fold_marks,
)
from booking.participation.rules import HeadcountBand
from tests.factories import NOON

CAME, ABSENT, UNKNOWN = Standing.CAME, Standing.DID_NOT_COME, Standing.NOT_KNOWN


def tick(
    event_id: str, standing: Standing, *, minute: int = 0, person: int = 1, device: str = "a"
) -> MarkEvent:
    return MarkEvent(
        event_id=event_id,
        participant_id=person,
        standing=standing,
        happened_at=NOON + timedelta(minutes=minute),
        device=device,
    )


TICKS = st.builds(
    tick,
    st.uuids().map(str),
    st.sampled_from(Standing),
    minute=st.integers(0, 5),
    person=st.integers(1, 3),
    device=st.sampled_from(["a", "b", "c"]),
)
COUNTS = st.builds(
    HeadcountEvent,
    event_id=st.uuids().map(str),
    band=st.sampled_from(HeadcountBand),
    delta=st.sampled_from([-3, -1, 1, 2, 20]),
)


@given(st.lists(TICKS), st.data())
def test_ticks_in_any_order_and_sent_again_make_the_same_register(
    ticks: list[MarkEvent], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(ticks))) if ticks else []
    shuffled = data.draw(st.permutations([*ticks, *again]))

    assert fold_marks(shuffled) == fold_marks(ticks)


@given(st.lists(TICKS, min_size=1))
def test_the_last_thing_that_happened_stands(ticks: list[MarkEvent]) -> None:
    folded = fold_marks(ticks)

    for person in {each.participant_id for each in ticks}:
        own = [each for each in ticks if each.participant_id == person]
        last = max(own, key=lambda each: (each.happened_at, each.event_id))
        assert folded.standing_of(person) is last.standing


@given(st.lists(TICKS))
def test_one_phone_alone_contradicts_nobody(ticks: list[MarkEvent]) -> None:
    of_one = [each for each in ticks if each.device == "a"]

    assert not fold_marks(of_one).contradicted


@given(st.lists(TICKS), st.lists(TICKS))
def test_folding_in_parts_by_person_is_folding_the_whole(
    some: list[MarkEvent], others: list[MarkEvent]
) -> None:
    folded = fold_marks([*some, *others])

    for person in (1, 2, 3):
        own = [each for each in (*some, *others) if each.participant_id == person]
        alone = fold_marks(own)
        assert alone.standing_of(person) is folded.standing_of(person)
        assert (person in alone.contradicted) == (person in folded.contradicted)


@given(st.lists(COUNTS), st.data())
def test_counts_in_any_order_and_sent_again_add_up_to_the_same(
    counts: list[HeadcountEvent], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(counts))) if counts else []
    shuffled = data.draw(st.permutations([*counts, *again]))

    folded = fold_headcount(shuffled)

    assert folded == {
        band: max(0, sum(each.delta for each in counts if each.band is band)) for band in HeadcountBand
    }


def test_who_has_no_tick_is_not_known() -> None:
    assert fold_marks([]).standing_of(1) is UNKNOWN


def test_two_phones_that_disagree_are_reported_and_the_later_tick_stands() -> None:
    folded = fold_marks([tick("1", CAME, minute=1), tick("2", ABSENT, minute=2, device="b")])

    assert (folded.standing_of(1), folded.contradicted) == (ABSENT, frozenset({1}))


def test_a_tick_taken_back_on_the_same_phone_is_no_contradiction() -> None:
    folded = fold_marks([tick("1", CAME, minute=1), tick("2", UNKNOWN, minute=2)])

    assert (folded.standing_of(1), folded.contradicted) == (UNKNOWN, frozenset())


def test_a_phone_that_knows_nothing_contradicts_nobody_but_is_contradicted() -> None:
    knows_later = [tick("1", UNKNOWN, minute=1), tick("2", CAME, minute=2, device="b")]
    knew_before = [tick("1", CAME, minute=1), tick("2", UNKNOWN, minute=2, device="b")]

    assert fold_marks(knows_later).contradicted == frozenset()
    assert fold_marks(knew_before).contradicted == {1}


def test_ticks_of_the_same_instant_are_told_apart_by_their_ids() -> None:
    same = [tick("b", ABSENT, device="x"), tick("a", CAME, device="y")]

    assert fold_marks(same).standing_of(1) is ABSENT
    assert fold_marks(reversed(same)).standing_of(1) is ABSENT
