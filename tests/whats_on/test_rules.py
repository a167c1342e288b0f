"""What an address asks for, and which dates that is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.activities.audience import Audience, Span
from booking.activities.rules import MeetingState, Mode
from booking.whats_on.rules import (
    Asked,
    Brief,
    Wish,
    as_args,
    fits,
    next_of_each,
    parts_of,
    read_month,
    read_wish,
    says_all,
    searchable,
    week_of,
    weekend_of,
    weeks_of_month,
    without,
)

LIBRARIES = {"granlia"}
TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
EVERYONE = Audience(grades=Span(), ages=Span())


def asked_for(**args: str) -> Asked:
    told = {name.removesuffix("_"): [value] for name, value in args.items()}
    return read_wish(told, libraries=LIBRARIES)


def brief(**changes: Any) -> Brief:
    values: dict[str, Any] = {
        "meeting_id": 1,
        "starts_at": TUESDAY,
        "ends_at": TUESDAY + timedelta(hours=2),
        "state": MeetingState.SCHEDULED,
        "mode": Mode.SIGN_UP,
        "activity_id": 1,
        "library_slug": "granlia",
        "room": "Barneavdelingen",
        "audience": EVERYONE,
    }
    return Brief(**{**values, **changes})


def test_an_address_is_read_whole() -> None:
    asked = asked_for(
        library="granlia",
        grade="5",
        from_="2026-12-01",
        to="5.12.2026",
        mode="drop_in",
        q=" brett  spill ",
        utm_source="poster",
    )

    assert asked.wrong == {}
    assert asked.wish == Wish(
        library="granlia",
        grade=5,
        first_on=date(2026, 12, 1),
        last_on=date(2026, 12, 5),
        mode=Mode.DROP_IN,
        words=("brett", "spill"),
    )


@pytest.mark.parametrize(
    ("args", "wrong"),
    [
        ({"library": "nowhere"}, {"library": "library_unknown"}),
        ({"grade": "14"}, {"grade": "grade_unknown"}),
        ({"grade": "fem"}, {"grade": "grade_unknown"}),
        ({"grade": "٥"}, {"grade": "grade_unknown"}),
        ({"from": "i morgen"}, {"from": "date_unreadable"}),
        ({"from": "2026-02-31"}, {"from": "date_unreadable"}),
        ({"from": "20261201"}, {"from": "date_unreadable"}),
        ({"from": "2026-W49-2"}, {"from": "date_unreadable"}),
        ({"from": "0001-01-01"}, {"from": "date_out_of_reach"}),
        ({"to": "9999-12-31"}, {"to": "date_out_of_reach"}),
        ({"from": "2026-12-02", "to": "2026-12-01"}, {"to": "days_in_disorder"}),
        ({"mode": "lottery"}, {"mode": "mode_unknown"}),
        ({"mode": "sign_up_and_walk_in"}, {"mode": "mode_unknown"}),
        ({"q": "x" * 101}, {"q": "words_too_long"}),
        ({"q": "a\x00b"}, {"q": "text_not_plain"}),
        ({"page": "0"}, {"page": "page_unknown"}),
        ({"page": "9" * 5000}, {"page": "page_unknown"}),
    ],
)
def test_what_makes_no_sense_is_said_and_never_taken_for_all(
    args: dict[str, str], wrong: dict[str, str]
) -> None:
    assert asked_for(**args).wrong == wrong


def test_two_answers_to_one_question_are_no_answer() -> None:
    args = {"grade": ["5", "7"], "library": ["granlia", "granlia"], "q": ["", "spill"]}

    asked = read_wish(args, libraries=LIBRARIES)

    assert asked.wrong == {"grade": "chosen_twice"}
    assert asked.wish == Wish(library="granlia", words=("spill",))


@given(
    st.dictionaries(
        st.sampled_from(["library", "grade", "from", "to", "mode", "q", "page"]), st.lists(st.text())
    )
)
def test_no_address_breaks_the_page_or_turns_into_all(args: dict[str, list[str]]) -> None:
    asked = read_wish(args, libraries=LIBRARIES)

    for name, values in args.items():
        is_told = any(value.strip() for value in values) and name != "page"
        assert not is_told or name in asked.wrong or name in as_args(asked.wish)


@pytest.mark.parametrize(
    ("changes", "wish", "is_wanted"),
    [
        ({}, Wish(grade=5), True),
        ({"audience": Audience(grades=Span(least=5, most=7), ages=Span())}, Wish(grade=5), True),
        ({"audience": Audience(grades=Span(least=5, most=7), ages=Span())}, Wish(grade=8), False),
        # In the fifth grade one turns ten this autumn: some are ten already, and some are not eleven yet.
        ({"audience": Audience(grades=Span(), ages=Span(least=10, most=12))}, Wish(grade=5), True),
        ({"audience": Audience(grades=Span(), ages=Span(least=11, most=12))}, Wish(grade=5), False),
        ({"audience": Audience(grades=Span(), ages=Span(least=13))}, Wish(grade=5), False),
        ({"mode": Mode.DROP_IN}, Wish(mode=Mode.DROP_IN), True),
        ({"mode": Mode.DROP_IN}, Wish(mode=Mode.SIGN_UP), False),
        ({"mode": Mode.SIGN_UP_AND_WALK_IN}, Wish(mode=Mode.DROP_IN), True),
        ({"mode": Mode.SIGN_UP_AND_WALK_IN}, Wish(mode=Mode.SIGN_UP), True),
        ({}, Wish(first_on=date(2026, 12, 1), last_on=date(2026, 12, 1)), True),
        ({}, Wish(first_on=date(2026, 12, 2)), False),
        ({}, Wish(last_on=date(2026, 11, 30)), False),
        # Half past midnight in Oslo is the evening before in UTC.
        (
            {"starts_at": datetime(2026, 11, 30, 23, 30, tzinfo=UTC)},
            Wish(first_on=date(2026, 12, 1)),
            True,
        ),
    ],
)
def test_a_date_fits_a_wish(changes: dict[str, Any], wish: Wish, is_wanted: bool) -> None:
    assert fits(brief(**changes), wish) is is_wanted


def test_each_activity_is_shown_by_its_next_date_that_is_on() -> None:
    off = brief(state=MeetingState.CALLED_OFF)
    on = brief(meeting_id=2, starts_at=TUESDAY + timedelta(days=7))
    other = brief(meeting_id=3, activity_id=2, starts_at=TUESDAY + timedelta(days=1))
    all_off = brief(meeting_id=4, activity_id=3, state=MeetingState.CALLED_OFF)

    assert next_of_each([off, other, on, all_off]) == [all_off, other, on]


@pytest.mark.parametrize("typed", ["lørdag", "LÖRDAG", "lordag", "loerdag", "lo\u0308rdag"])
def test_one_finds_a_word_however_its_letters_are_typed(typed: str) -> None:
    assert says_all(searchable("Lørdagskino på Ålesund"), [typed])


@pytest.mark.parametrize(("written", "typed"), [("Håndarbeid", "haandarbeid"), ("Café", "cafe")])
def test_other_letters_are_folded_too(written: str, typed: str) -> None:
    assert says_all(searchable(written), [typed])


def test_every_word_has_to_be_there() -> None:
    assert says_all(searchable("Brettspill og brus"), ["brus", "spill"])
    assert not says_all(searchable("Brettspill og brus"), ["brus", "kino"])


@given(st.text(alphabet="abeoøåæäöAEOØÅÆ e\u0301", min_size=1, max_size=12), st.data())
def test_any_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    piece = text[begin : data.draw(st.integers(min_value=begin + 1, max_value=len(text)))]

    assert says_all(searchable(text), piece.split())


def test_the_last_week_of_2026_is_one_week_with_the_first_day_of_2027() -> None:
    assert week_of(date(2026, 12, 31)) == week_of(date(2027, 1, 1)) == week_of(date(2027, 1, 3))
    assert week_of(date(2026, 12, 31)).first_on == date(2026, 12, 28)
    assert weekend_of(date(2026, 12, 31)).first_on == date(2027, 1, 2)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2028-11", date(2028, 11, 1)),
        ("2028-12", None),
        ("2024-10", None),
        ("2026-13", None),
        ("2026-00", None),
        ("2026-1", None),
        ("٢٠٢٦-١١", None),
        ("9999-99", None),
        ("", None),
    ],
)
def test_a_month_is_read_when_somebody_can_mean_it(text: str, first: date | None) -> None:
    assert read_month(text, date(2026, 11, 24)) == first


def test_a_month_has_whole_weeks_monday_first() -> None:
    weeks = weeks_of_month(date(2027, 1, 1))

    assert (weeks[0][0], weeks[-1][-1], len(weeks)) == (date(2026, 12, 28), date(2027, 1, 31), 5)
    assert len(weeks_of_month(date(2027, 2, 1))) == 4


def test_one_part_of_a_wish_can_be_dropped() -> None:
    wish = Wish(grade=5, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2), words=("spill",))

    assert as_args(without(wish, "from")) == {"grade": "5", "q": "spill"}
    assert as_args(without(wish, "grade")) == {"from": "2026-12-01", "to": "2026-12-02", "q": "spill"}
    assert parts_of(wish) == ["grade", "from", "q"]
