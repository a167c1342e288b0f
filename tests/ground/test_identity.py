"""What calendars know a meeting by."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.identity import Identity, Sight, identity_after, lifted, seen_in

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SIGHT = Sight(moment=(NOW, "Rom 1"), words=("Spillkveld",))
BEFORE = Identity(sequence=3, changed_at=NOW - timedelta(days=1), seen=seen_in(SIGHT))
RENAMED = Sight(moment=SIGHT.moment, words=("Brettspill",))
MOVED = Sight(moment=(NOW, "Rom 2"), words=SIGHT.words)


@pytest.mark.parametrize(
    ("sight", "was_seen", "sequence", "is_changed"),
    [
        (SIGHT, True, 3, False),
        (RENAMED, True, 3, True),
        (MOVED, True, 4, True),
        (MOVED, False, 3, True),
        (Sight(moment=MOVED.moment, words=RENAMED.words), True, 4, True),
    ],
)
def test_dates_and_places_raise_the_sequence_and_words_the_time_of_change(
    sight: Sight, was_seen: bool, sequence: int, is_changed: bool
) -> None:
    after = identity_after(BEFORE, sight, NOW, was_seen=was_seen)

    assert (after.sequence, after.changed_at) == (sequence, NOW if is_changed else BEFORE.changed_at)
    assert after.seen == seen_in(sight)


@pytest.mark.parametrize("before", [NOW, NOW + timedelta(minutes=5)])
def test_a_time_of_change_grows_by_a_whole_second_even_when_the_clock_was_set_back(before: datetime) -> None:
    known = Identity(sequence=0, changed_at=before, seen=seen_in(SIGHT))

    assert identity_after(known, RENAMED, NOW, was_seen=True).changed_at == before + timedelta(seconds=1)


def test_the_first_sight_of_a_meeting_is_no_change() -> None:
    new = Identity(sequence=0, changed_at=BEFORE.changed_at, seen="")

    after = identity_after(new, SIGHT, NOW, was_seen=True)

    assert after == Identity(sequence=0, changed_at=BEFORE.changed_at, seen=seen_in(SIGHT))


def test_a_lifted_meeting_is_above_whatever_was_seen_of_it() -> None:
    after = lifted(BEFORE, SIGHT, NOW)

    assert after.sequence > 400_000
    assert after.changed_at == NOW
    assert lifted(after, SIGHT, NOW).sequence > after.sequence
    assert lifted(BEFORE, SIGHT, datetime(2125, 1, 1, tzinfo=UTC)).sequence < 2**31


def test_words_may_not_slip_from_one_place_to_another_unseen() -> None:
    assert seen_in(Sight(moment=("a", "b"), words=())) != seen_in(Sight(moment=("a",), words=("b",)))
    assert seen_in(Sight(moment=("ab", ""), words=())) != seen_in(Sight(moment=("a", "b"), words=()))
