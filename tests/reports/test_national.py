"""The national statistics of a year: worked example 8, to the letter, and the edges around it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from booking.participation.national import HeldMeeting
from booking.reports.national import LeftOut, NationalYear, Tally, count_year
from booking.reports.national_form import OWN_FORM, UnreadableForm, form_in_use, read_form

FORM = read_form()


def held(participants: int, **changes: object) -> HeldMeeting:
    """A workshop for children by the library itself, announced before."""
    values: dict[str, object] = {
        "meeting_uid": "m",
        "activity_id": 1,
        "activity_kind": "pilot",
        "held_on": date(2018, 9, 17),
        "statistics_type": "workshop",
        "statistics_responsibility": "own",
        "statistics_target": "children",
        "announced_before": True,
        "participants": participants,
    }
    return HeldMeeting(**{**values, **changes})  # type: ignore[arg-type]


def worked_example() -> Sequence[HeldMeeting]:
    """What was held in 2018; the pilot's called-off date and the one in January are no part of it."""
    pilot = [
        held(count, statistics_responsibility="cooperation", statistics_target="youth") for count in (12,) * 8
    ]
    return [
        held(11, activity_kind="workshop"),
        *pilot,
        held(11, statistics_responsibility="cooperation", statistics_target="youth"),
        held(14, announced_before=False, statistics_type="event"),
        held(20, statistics_responsibility="external", statistics_type="event", statistics_target="adults"),
        held(6, activity_kind="staff_training", statistics_type="training"),
    ]


@pytest.fixture
def year() -> NationalYear:
    return count_year(FORM, worked_example())


def test_the_worked_example_comes_out_as_it_stands(year: NationalYear) -> None:
    assert year.tally("own") == Tally(events=10, participants=118)
    assert year.tally("external") == Tally(events=1, participants=20)
    assert [each.left_out for each in year.not_counted] == [LeftOut.NOT_ANNOUNCED, LeftOut.INTERNAL]


def test_each_part_of_the_form_adds_up_to_the_whole_and_to_its_meetings(year: NationalYear) -> None:
    for column in FORM.columns:
        whole = year.tally(column.code)
        meetings = [each.meeting.participants for each in year.counted if each.column == column.code]
        assert (whole.events, whole.participants) == (len(meetings), sum(meetings))
        for part in FORM.parts:
            rows = [year.tally(column.code, part.code, row.code) for row in part.rows]
            assert sum(row.events for row in rows) == whole.events
            assert sum(row.participants for row in rows) == whole.participants


def test_a_meeting_stands_in_the_row_that_its_activity_says(year: NationalYear) -> None:
    assert year.tally("own", "target", "children") == Tally(events=1, participants=11)
    assert year.tally("own", "target", "youth") == Tally(events=9, participants=107)
    assert year.tally("own", "type", "workshop") == Tally(events=10, participants=118)
    assert year.tally("external", "target", "adults") == Tally(events=1, participants=20)


def test_what_no_row_names_stands_in_the_last_one() -> None:
    year = count_year(FORM, [held(3, statistics_type="something new", statistics_target="something new")])

    assert year.tally("own", "type", "other_type") == Tally(events=1, participants=3)
    assert year.tally("own", "target", "all") == Tally(events=1, participants=3)


def test_a_meeting_to_which_nobody_came_is_an_event() -> None:
    assert count_year(FORM, [held(0)]).tally("own") == Tally(events=1, participants=0)


def test_what_the_form_has_no_column_for_is_told_and_not_lost() -> None:
    year = count_year(FORM, [held(5, statistics_responsibility="somebody")])

    assert [each.left_out for each in year.not_counted] == [LeftOut.NO_COLUMN]


def test_a_form_of_the_houses_own_is_used_instead(tmp_path: Path) -> None:
    own = OWN_FORM.read_text(encoding="utf-8")
    changed = own.replace('leaves_out_types = ["training", "internal"]', 'leaves_out_types = ["workshop"]')
    (tmp_path / "national_form.toml").write_text(changed, encoding="utf-8")

    form = form_in_use(tmp_path)

    assert count_year(form, [held(5)]).tally("own") == Tally()
    assert form_in_use(tmp_path / "elsewhere") == FORM


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("types = []", 'types = ["event"]', "the last row of type must fit everything"),
        ("leaves_out_kinds", "leaves_out_some", "'leaves_out_kinds' is missing"),
        ('nb = "Kurs og opplæring"', "", "'nb' is missing"),
        ('code = "external"', 'code = "own"', "each column needs a code of its own"),
        ("[[column]]", "[[column", "cannot be read"),
    ],
)
def test_a_form_that_would_count_wrongly_is_refused_with_a_sentence(
    tmp_path: Path, find: str, put: str, said: str
) -> None:
    own = OWN_FORM.read_text(encoding="utf-8")
    path = tmp_path / "national_form.toml"
    path.write_text(own.replace(find, put, 1), encoding="utf-8")

    with pytest.raises(UnreadableForm, match=said):
        read_form(path)
