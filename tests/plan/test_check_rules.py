"""What can stand in a plan, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.errors import Refusal
from booking.plan.check_rules import check_facts, check_order, tidied_facts
from booking.plan.rules import (
    DayOutOfReach,
    DoneBeforeBegun,
    EndsBeforeStart,
    FollowsItself,
    FollowsNothing,
    HoursOfNoMeeting,
    ItemFacts,
    ItemKind,
    LastBeforeFirst,
    NoteTooLong,
    NotYetBegun,
    NotYetDone,
    TitleSaysNothing,
    TitleTooLong,
    ToleranceUnfit,
)
from booking.wording import TextNotPlain
from tests.factories import NOON

TODAY = date(2026, 11, 24)
SOUND = ItemFacts(
    kind=ItemKind.FOLLOW_UP,
    title="Oppfølgingsmøte",
    first_on=date(2026, 10, 15),
    last_on=date(2026, 10, 30),
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=2),
    began_on=date(2026, 10, 20),
    done_on=date(2026, 10, 20),
)


def test_what_is_sound_passes_up_to_today() -> None:
    check_facts(SOUND, today=TODAY)
    check_facts(replace(SOUND, began_on=TODAY, done_on=TODAY, tolerance_months=0), today=TODAY)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": ""}, TitleSaysNothing),
        ({"title": "– …"}, TitleSaysNothing),
        ({"title_en": "…"}, TitleSaysNothing),
        ({"title": "a" * 101}, TitleTooLong),
        ({"title_nn": "a" * 101}, TitleTooLong),
        ({"title": "Møte\u202e"}, TextNotPlain),
        ({"note": "a\x07"}, TextNotPlain),
        ({"note": "a" * 1001}, NoteTooLong),
        ({"first_on": date(2026, 10, 31)}, LastBeforeFirst),
        ({"last_on": date(2206, 10, 31)}, DayOutOfReach),
        ({"first_on": date(206, 10, 15)}, DayOutOfReach),
        ({"began_on": date(1926, 10, 20)}, DayOutOfReach),
        ({"tolerance_months": -1}, ToleranceUnfit),
        ({"tolerance_months": 13}, ToleranceUnfit),
        ({"kind": ItemKind.PHASE}, HoursOfNoMeeting),
        ({"ends_at": NOON}, EndsBeforeStart),
        ({"ends_at": None}, EndsBeforeStart),
        ({"began_on": TODAY + timedelta(days=1)}, NotYetBegun),
        ({"done_on": TODAY + timedelta(days=1)}, NotYetDone),
        ({"done_on": date(2026, 10, 19)}, DoneBeforeBegun),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(changes: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_facts(replace(SOUND, **changes), today=TODAY)  # type: ignore[arg-type]


def test_texts_are_kept_without_what_stood_around_them() -> None:
    told = tidied_facts(replace(SOUND, title="  Møte \n to ", note=" En\r\nto \n"))

    assert (told.title, told.note) == ("Møte to", "En\nto")


def test_items_follow_each_other_in_a_line_and_never_in_a_circle() -> None:
    after = {1: None, 2: 1, 3: 2}

    check_order(after, item_id=3, wanted=1)
    check_order(after, item_id=1, wanted=None)
    for item, wanted in ((1, 1), (1, 2), (1, 3), (2, 3)):
        with pytest.raises(FollowsItself):
            check_order(after, item_id=item, wanted=wanted)
    with pytest.raises(FollowsNothing):
        check_order(after, item_id=3, wanted=9)
