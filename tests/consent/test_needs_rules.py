"""What may be told of a child's needs, who may read it, and the seal on it."""

from datetime import date
from pathlib import Path

import pytest

from booking.consent.messages import NEEDS
from booking.consent.needs import (
    Need,
    Needs,
    NeedsNotAgreed,
    NeedsNotPlain,
    NeedsTooLong,
    NeedsUnreadable,
    NeedUnknown,
    check_agreed,
    may_see_needs,
    packed,
    read_choices,
    unpacked,
)
from booking.consent.seal import Seal, seal_of
from tests.conftest import settings_for

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 8)
OLD, NEW = "an old secret of at least thirty-two signs", "a new secret of at least thirty-two signs"


def test_needs_are_choices_in_their_order_and_one_tidy_line() -> None:
    told = read_choices(["wheelchair", "no_nuts", "no_nuts"], "  Gul  boks\nbak døra ")

    assert told == Needs(choices=(Need.NO_NUTS, Need.WHEELCHAIR), line="Gul boks bak døra")
    assert told
    assert not read_choices([], "  ")


def test_a_choice_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(NeedUnknown):
        read_choices(["no_nuts", "diagnosis"], "")


def test_a_line_may_be_120_signs_long_and_no_longer() -> None:
    assert read_choices([], "a" * 120).line == "a" * 120
    with pytest.raises(NeedsTooLong) as told:
        read_choices([], "a" * 121)
    assert (told.value.facts, told.value.field) == ({"most": 120}, "needs")


@pytest.mark.parametrize(
    "line", ["se https://example.org", "www.example", "ring@example.org", "example.org", "a\u202eb", "a\x00b"]
)
def test_a_line_with_a_link_or_with_what_nobody_sees_is_refused(line: str) -> None:
    with pytest.raises(NeedsNotPlain):
        read_choices([], line)


def test_needs_are_kept_only_with_the_box_that_lets_us() -> None:
    needs = Needs(choices=(Need.NO_NUTS,))

    check_agreed(needs, is_agreed=True)
    check_agreed(Needs(), is_agreed=False)
    with pytest.raises(NeedsNotAgreed):
        check_agreed(needs, is_agreed=False)


def test_there_are_words_for_each_need() -> None:
    assert set(NEEDS) == set(Need)


@pytest.mark.parametrize(
    ("account_id", "is_of_the_library", "today", "expected"),
    [
        (7, True, date(2026, 11, 24), True),  # responsible, on any day
        (7, False, date(2026, 11, 24), True),
        (8, True, date(2026, 11, 30), False),
        (8, True, FIRST, True),
        (8, True, date(2026, 12, 2), False),
        (8, True, SECOND, True),
        (8, True, date(2026, 12, 9), True),  # past midnight
        (8, True, date(2026, 12, 10), False),
        (8, False, FIRST, False),
    ],
)
def test_needs_are_read_by_the_responsible_and_at_the_library_on_the_day(
    account_id: int, is_of_the_library: bool, today: date, expected: bool
) -> None:
    may = may_see_needs(
        account_id=account_id,
        responsible_id=7,
        is_of_the_library=is_of_the_library,
        today=today,
        days=[(FIRST, FIRST), (SECOND, date(2026, 12, 9))],
    )

    assert may is expected


def test_without_a_responsible_person_nobody_is_taken_for_one() -> None:
    assert not may_see_needs(
        account_id=7, responsible_id=None, is_of_the_library=False, today=FIRST, days=[(FIRST, FIRST)]
    )


def test_a_note_is_one_childs_at_one_occasion_and_nobody_elses() -> None:
    needs = Needs(choices=(Need.NO_NUTS,), line="Gul boks")
    text = packed(needs, participant_id=1, occasion_id=2)

    assert unpacked(text, participant_id=1, occasion_id=2) == needs
    for child, occasion in ((2, 2), (1, 3)):
        with pytest.raises(NeedsUnreadable):
            unpacked(text, participant_id=child, occasion_id=occasion)


def test_what_is_sealed_tells_nothing_and_is_never_the_same_twice() -> None:
    seal = Seal.of([NEW])

    one, other = seal.close("nuts"), seal.close("nuts")

    assert "nuts" not in one
    assert one != other
    assert seal.open(one) == seal.open(other) == "nuts"
    assert "lock" not in repr(seal)


def test_after_a_change_of_keys_older_notes_open_until_the_old_key_is_gone() -> None:
    before = Seal.of([OLD]).close("nuts")
    rotated = Seal.of([NEW, OLD])

    assert rotated.open(before) == "nuts"
    with pytest.raises(NeedsUnreadable):
        Seal.of([NEW]).open(before)
    with pytest.raises(NeedsUnreadable):
        Seal.of([OLD]).open(rotated.close("nuts"))


def test_an_installation_seals_with_its_key_and_still_opens_what_its_old_ones_sealed(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "sqlite://", secret_key=NEW, old_secret_keys=(OLD,))

    seal = seal_of(settings)

    assert seal.open(Seal.of([OLD]).close("nuts")) == "nuts"
    assert Seal.of([NEW]).open(seal.close("nuts")) == "nuts"


def test_a_note_that_somebody_tampered_with_does_not_open() -> None:
    seal = Seal.of([NEW])
    sealed = seal.close("nuts")

    with pytest.raises(NeedsUnreadable):
        seal.open(sealed[:-4] + "AAA=")
