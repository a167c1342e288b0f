"""Which yes is one, how long it lasts, and when it stands."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from booking.consent.ages import Ages, KnownAge
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose
from booking.consent.standing import CONSENTS, PHOTOS, counts, established_by, lasts_until, open_to, stands

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUSE = Ages(youth_from=13, alone_from=15, photo_own_yes_from=15, adult_from=18)
WEB, NEEDS, NEWS = WordingPurpose.PHOTO_WEB, WordingPurpose.NEEDS, WordingPurpose.NEWS
PARENT, SELF = Capacity.PARENT, Capacity.SELF
YES, NO, UNSURE, NOT_ASKED = ChildAnswer.YES, ChildAnswer.NO, ChildAnswer.UNSURE, ChildAnswer.NOT_ASKED


def test_each_purpose_is_a_permission_or_a_consent_and_never_both() -> None:
    permissions = {WordingPurpose.PERMISSION, WordingPurpose.PERMISSION_SELF}

    assert set(CONSENTS) | permissions == set(WordingPurpose)
    assert not set(CONSENTS) & permissions
    assert len(CONSENTS) == len(set(CONSENTS))


@pytest.mark.parametrize(
    ("step", "expires_in", "expected"),
    [
        (Step.GIVEN, None, True),
        (Step.RENEWED, None, True),
        (Step.GIVEN, timedelta(seconds=1), True),
        (Step.GIVEN, timedelta(0), False),
        (Step.RENEWED, timedelta(seconds=-1), False),
        (Step.WITHDRAWN, None, False),
        (Step.EXPIRED, None, False),
        (Step.REPLACED, None, False),
    ],
)
def test_a_consent_stands_by_its_newest_step_until_its_time_is_over(
    step: Step, expires_in: timedelta | None, expected: bool
) -> None:
    expires_at = None if expires_in is None else NOW + expires_in

    assert stands(step, expires_at=expires_at, now=NOW) is expected


@pytest.mark.parametrize(
    ("given_at", "over_at", "expected"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), None, datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (
            datetime(2026, 11, 24, 11, tzinfo=UTC),
            datetime(2026, 12, 1, 18, tzinfo=UTC),
            datetime(2026, 12, 31, 23, tzinfo=UTC),
        ),
        # Said in December for a course that ends in January: it must not end before the course.
        (
            datetime(2026, 12, 20, 11, tzinfo=UTC),
            datetime(2027, 1, 20, 18, tzinfo=UTC),
            datetime(2027, 12, 20, 11, tzinfo=UTC),
        ),
        # In Oslo the new year has begun.
        (datetime(2026, 12, 31, 23, tzinfo=UTC), None, datetime(2027, 12, 31, 23, tzinfo=UTC)),
        (
            datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
            datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
            datetime(2026, 12, 31, 23, tzinfo=UTC),
        ),
        (
            datetime(2026, 1, 2, 12, tzinfo=UTC),
            datetime(2029, 1, 2, 12, tzinfo=UTC),
            datetime(2027, 1, 2, 12, tzinfo=UTC),
        ),
    ],
)
@pytest.mark.parametrize("purpose", PHOTOS)
def test_pictures_end_with_the_year_and_after_a_year_at_most(
    purpose: WordingPurpose, given_at: datetime, over_at: datetime | None, expected: datetime
) -> None:
    assert lasts_until(purpose, given_at=given_at, over_at=over_at) == expected


def test_news_last_a_year_and_needs_as_long_as_their_note() -> None:
    assert lasts_until(NEWS, given_at=NOW) == NOW + timedelta(days=365)
    assert lasts_until(NEEDS, given_at=NOW, over_at=NOW) is None


@pytest.mark.parametrize(
    ("purpose", "capacity", "child_answer", "birth_year", "expected"),
    [
        # A guardian speaks for a child; a child's own no counts at any age.
        (WEB, PARENT, NOT_ASKED, 2016, True),
        (WEB, PARENT, YES, 2016, True),
        (WEB, PARENT, NO, 2016, False),
        (WEB, PARENT, UNSURE, 2016, False),
        (WEB, Capacity.OTHER_GUARDIAN, NO, 2016, False),
        # From fifteen, and from the year in which one may be, the youth's own yes is needed.
        (WEB, PARENT, NOT_ASKED, 2012, True),
        (WEB, PARENT, NOT_ASKED, 2011, False),
        (WEB, PARENT, NOT_ASKED, 2010, False),
        (WEB, PARENT, YES, 2010, True),
        (WEB, PARENT, UNSURE, 2010, False),
        # Alone one speaks for oneself when one is surely grown up.
        (WEB, SELF, YES, 2010, False),
        (WEB, SELF, YES, 2008, False),
        (WEB, SELF, NOT_ASKED, 2007, True),
        # Notes of needs and news ask nothing of the child.
        (NEEDS, PARENT, NO, 2016, True),
        (NEEDS, PARENT, NOT_ASKED, 2010, True),
        (NEEDS, SELF, NOT_ASKED, 2010, False),
        (NEEDS, SELF, NOT_ASKED, 2007, True),
        (NEWS, PARENT, NOT_ASKED, 2016, True),
        (NEWS, SELF, NOT_ASKED, 2012, False),
        (NEWS, SELF, NOT_ASKED, 2011, False),
        (NEWS, SELF, NOT_ASKED, 2010, True),
    ],
)
def test_whose_yes_is_one(
    purpose: WordingPurpose,
    capacity: Capacity,
    child_answer: ChildAnswer,
    birth_year: int,
    expected: bool,
) -> None:
    said: dict[str, Any] = {"capacity": capacity, "child_answer": child_answer}
    age = KnownAge(birth_year=birth_year)

    assert counts(purpose, **said, age=age, today=date(2026, 11, 22), ages=HOUSE) is expected


@pytest.mark.parametrize(
    ("capacity", "birth_year", "expected"),
    [(PARENT, 2016, {WEB, NEEDS, NEWS}), (SELF, 2010, {NEWS}), (SELF, 2006, {WEB, NEEDS, NEWS})],
)
def test_nobody_is_asked_for_a_yes_that_is_none(
    capacity: Capacity, birth_year: int, expected: set[WordingPurpose]
) -> None:
    age = KnownAge(birth_year=birth_year)

    asked = open_to([WEB, NEEDS, NEWS], capacity=capacity, age=age, today=date(2026, 11, 22), ages=HOUSE)

    assert asked == expected


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (Way.DESK, Established.AT_THE_DESK),
        (Way.PHONE, Established.BY_PHONE),
        (Way.PAPER, Established.ON_PAPER),
        (Way.LINK, Established.SELF_DECLARED),
        (Way.FAMILY_PAGE, Established.SELF_DECLARED),
        (Way.BY_ITSELF, Established.SELF_DECLARED),
    ],
)
def test_how_somebody_reached_the_library_tells_how_we_know_them(way: Way, expected: Established) -> None:
    assert established_by(way) is expected
