"""What a figure is made of: bands, outcomes, how a meeting ended, and the facts that remain of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class AgeBand(StrEnum):
    """The bands in which ages are told; exact ages stay with people."""

    UNDER_6 = "0_5"
    AGE_6_12 = "6_12"
    AGE_13_15 = "13_15"
    AGE_16_18 = "16_18"
    OVER_18 = "19_up"


class GradeBand(StrEnum):
    """The bands in which school grades are told: four steps of school, and before and after it."""

    BEFORE_SCHOOL = "before"
    GRADE_1_4 = "1_4"
    GRADE_5_7 = "5_7"
    GRADE_8_10 = "8_10"
    UPPER_SECONDARY = "11_13"
    AFTER_SCHOOL = "after"


class HeadcountBand(StrEnum):
    """Whom an anonymous count at the door is of; accompanying adults are never youth participants."""

    UNDER_6 = "0_5"
    AGE_6_12 = "6_12"
    AGE_13_15 = "13_15"
    AGE_16_18 = "16_18"
    ADULTS = "adults"


class Outcome(StrEnum):
    """What became of one person's booking, or of a visit without one."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"
    NOT_KNOWN = "not_known"
    CANCELLED_IN_TIME = "cancelled_in_time"
    CANCELLED_LATE = "cancelled_late"


class MeetingOutcome(StrEnum):
    """How a meeting ended. That nobody came and that it did not happen are two things."""

    HELD = "held"
    NOBODY_CAME = "nobody_came"
    DID_NOT_HAPPEN = "did_not_happen"


# A meeting to which nobody came was held; one that did not happen was not.
WAS_HELD: Final = frozenset({MeetingOutcome.HELD, MeetingOutcome.NOBODY_CAME})

# Kinds and sectors that the definitions name; the rooms that make them stand above this one.
PILOT: Final = "pilot"
WORKSHOP: Final = "workshop"
# The sector that libraries themselves are of: any other one is another sector.
OWN_SECTOR: Final = "culture"

_SCHOOL_YEAR_BEGINS: Final = 8
_BAND_STARTS = (
    (19, AgeBand.OVER_18),
    (16, AgeBand.AGE_16_18),
    (13, AgeBand.AGE_13_15),
    (6, AgeBand.AGE_6_12),
)


def age_band(*, birth_year: int, in_year: int) -> AgeBand:
    """Return the band of the age that somebody reaches in the year (as school classes are counted)."""
    age = in_year - birth_year
    return next((band for least, band in _BAND_STARTS if age >= least), AgeBand.UNDER_6)


_GRADE_STARTS = (
    (14, GradeBand.AFTER_SCHOOL),
    (11, GradeBand.UPPER_SECONDARY),
    (8, GradeBand.GRADE_8_10),
    (5, GradeBand.GRADE_5_7),
    (1, GradeBand.GRADE_1_4),
)


def grade_band(*, birth_year: int, on: date) -> GradeBand:
    """Return the band of the school grade that children of the year are in; school years begin in August."""
    begins = on.year if on.month >= _SCHOOL_YEAR_BEGINS else on.year - 1
    grade = begins - birth_year - 5
    return next((band for least, band in _GRADE_STARTS if grade >= least), GradeBand.BEFORE_SCHOOL)


@dataclass(frozen=True, kw_only=True)
class PersonEntry:
    """One person at one meeting, told without a name.

    `was_booked` says that a place was confirmed at some time before the start;
    `booked_at_deadline` that it still was when the time for cancelling ran out; `was_offered` that
    a place came from the queue. Who came and was not booked walked in.
    """

    person_key: str
    age_band: AgeBand
    municipality_code: str
    outcome: Outcome
    was_booked: bool
    booked_at_deadline: bool
    was_queued: bool
    was_offered: bool = False
    grade_band: GradeBand | None = None


@dataclass(frozen=True, kw_only=True)
class PartnerEntry:
    """An organisation that had a part in a meeting; which one, and of which sector. Never a person."""

    partner_id: int
    sector: str


@dataclass(frozen=True, kw_only=True)
class HeadcountEntry:
    """How many came anonymously in one band."""

    band: HeadcountBand
    persons: int


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """All that remains of one closed meeting.

    `is_course` says that one signs up for the whole of several meetings. `asked` is how many asked for a
    place, and `waited_in_vain` how many of them waited and never got one: nothing else is kept of these.
    """

    meeting_uid: str
    library_id: int
    activity_id: int
    activity_kind: str
    outcome: MeetingOutcome
    held_on: date
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    statistics_type: str
    statistics_responsibility: str
    statistics_target: str
    announced_before: bool
    occasion_id: int = 0
    is_course: bool = False
    asked: int = 0
    waited_in_vain: int = 0
    persons: tuple[PersonEntry, ...] = ()
    headcounts: tuple[HeadcountEntry, ...] = ()
    partners: tuple[PartnerEntry, ...] = ()
