"""Putting up an activity: dates, what is missing, texts and addresses."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest

from booking.activities.dates import (
    DateOutOfReach,
    EndsBeforeStart,
    Series,
    check_clock_shows,
    check_in_reach,
    split_dates,
    weekly,
)
from booking.activities.planning import Missing, Readiness, missing_before_publishing
from booking.activities.rules import MeetingState
from booking.activities.wording import slug_of, slug_stem
from booking.clock import TimeDoesNotExist, TimeHappensTwice, local_time
from booking.wording import is_plain, says_something, tidied, tidied_line
from tests.factories import NOON

READY = {each.value: True for each in Missing}


@dataclass(frozen=True)
class Treff:
    starts_at: datetime
    ends_at: datetime
    state: MeetingState = MeetingState.SCHEDULED


def series(first_on: date, weeks: int, starts: time = time(17), ends: time = time(19)) -> Series:
    return Series(first_on=first_on, starts=starts, ends=ends, weeks=weeks)


@pytest.mark.parametrize(
    ("first_on", "offsets"),
    [
        (date(2026, 10, 20), [2, 1]),  # summer time ends on 25 October
        (date(2027, 3, 23), [1, 2]),  # and begins on 28 March
        (date(2026, 10, 18), [2, 1]),  # on the very Sunday
    ],
)
def test_a_weekly_course_keeps_its_hour_when_the_clock_changes(first_on: date, offsets: list[int]) -> None:
    meetings = weekly(series(first_on, 2))

    assert [local_time(slot.starts_at).time() for slot in meetings] == [time(17), time(17)]
    assert [local_time(slot.starts_at).utcoffset() for slot in meetings] == [
        timedelta(hours=hours) for hours in offsets
    ]
    assert [slot.ends_at - slot.starts_at for slot in meetings] == [timedelta(hours=2)] * 2


def test_ten_weeks_are_ten_dates_over_the_turn_of_the_year() -> None:
    days = [local_time(slot.starts_at).date() for slot in weekly(series(date(2026, 11, 24), 10))]

    assert (days[0], days[-1], len(set(days))) == (date(2026, 11, 24), date(2027, 1, 26), 10)


@pytest.mark.parametrize(
    ("first_on", "starts", "refusal"),
    [
        (date(2027, 3, 28), time(2, 30), TimeDoesNotExist),
        (date(2027, 3, 21), time(2, 0), TimeDoesNotExist),
        (date(2026, 10, 25), time(2, 30), TimeHappensTwice),
    ],
)
def test_a_time_that_no_clock_shows_or_shows_twice_is_refused(
    first_on: date, starts: time, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        weekly(series(first_on, 2, starts=starts, ends=time(5)))


def test_the_days_around_the_change_are_as_any_other() -> None:
    check_clock_shows([date(2027, 3, 27), date(2027, 3, 29), date(2026, 10, 24)], time(2, 30))


@pytest.mark.parametrize("ends", [time(17), time(16, 59)])
def test_an_end_that_is_not_after_the_start_is_refused(ends: time) -> None:
    with pytest.raises(EndsBeforeStart) as told:
        weekly(series(date(2026, 11, 24), 1, ends=ends))

    assert told.value.field == "ends"


@pytest.mark.parametrize("year", [2021, 2026, 2029])
def test_dates_that_somebody_can_have_meant_are_taken(year: int) -> None:
    check_in_reach(date(year, 6, 1), NOON)


@pytest.mark.parametrize("year", [2020, 2030, 9999])
def test_dates_far_away_are_a_slip_of_the_finger(year: int) -> None:
    with pytest.raises(DateOutOfReach):
        check_in_reach(date(year, 6, 1), NOON)


def test_the_next_date_is_the_first_that_is_on() -> None:
    hour = timedelta(hours=1)
    over = Treff(NOON - 2 * hour, NOON)
    off = Treff(NOON + hour, NOON + 2 * hour, MeetingState.CALLED_OFF)
    soon = Treff(NOON + 3 * hour, NOON + 4 * hour, MeetingState.MOVED)
    later = Treff(NOON + 5 * hour, NOON + 6 * hour)

    dates = split_dates([later, soon, off, over], NOON)

    assert (dates.following, dates.coming, dates.over) == (soon, [off, soon, later], [over])


def test_a_meeting_that_is_going_on_is_still_the_next() -> None:
    now_on = Treff(NOON - timedelta(hours=1), NOON + timedelta(hours=1))

    assert split_dates([now_on], NOON).following == now_on
    assert split_dates([], NOON).following is None


@pytest.mark.parametrize("missing", list(Missing))
def test_whatever_a_family_needs_to_know_is_missed(missing: Missing) -> None:
    assert missing_before_publishing(Readiness(**{**READY, missing.value: False})) == (missing,)


def test_nothing_is_missed_when_all_is_there() -> None:
    assert missing_before_publishing(Readiness(**READY)) == ()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Spillkveld på Sør-Odal", "spillkveld-pa-sor-odal"),
        ("Ære være ÆØÅ", "aere-vaere-aeoa"),
        ("Café: «Lørdag» & søndag!", "cafe-lordag-sondag"),
        ("Ægir\u2019s Łódź", "aegir-s-lodz"),
        ("Kl. 17–19", "kl-17-19"),
        ("🎲🎲", "aktivitet"),
        ("شتاء", "aktivitet"),
        ("o" * 200, "o" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_title_becomes_a_readable_address(title: str, slug: str) -> None:
    assert slug_stem(title) == slug


@pytest.mark.parametrize(
    ("taken", "slug"),
    [
        (set(), "spill"),
        ({"spillkveld"}, "spill"),
        ({"spill"}, "spill-2"),
        ({"spill", "spill-2", "spill-4"}, "spill-3"),
    ],
)
def test_a_second_activity_of_the_same_name_gets_an_address_of_its_own(taken: set[str], slug: str) -> None:
    assert slug_of("Spill", taken) == slug


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Æøå «ja» – 10 % 👩‍👩‍👧", True),
        ("to\nlinjer", True),
        ("مرحبا", True),
        ("a\u202eb", False),
        ("a\u2066b", False),
        ("a\x00b", False),
        ("a\x1bb", False),
        ("a\tb", False),
        ("a\x9fb", False),
        ("a\ud800b", False),
    ],
)
def test_what_nobody_can_see_is_not_plain(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Spill", True),
        ("7", True),
        ("🎲", True),
        ("", False),
        (" ", False),
        ("\u200d\u00a0", False),
        ("…!", False),
    ],
)
def test_a_title_has_to_say_something(text: str, says: bool) -> None:
    assert says_something(text) is says


def test_text_pasted_from_elsewhere_is_made_plain() -> None:
    pasted = "\ufeff Hei\t\r\nverden\u2028der\v og\u00adså \x85e\u0301n \n\n"

    assert tidied(pasted) == "Hei\nverden\nder\n også\nén"
    assert tidied_line(pasted) == "Hei verden der også én"
    assert tidied(None) == ""
