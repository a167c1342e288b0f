"""What a rule of ages may say, and from when."""

from datetime import date, datetime, time
from typing import ClassVar, Final

from booking.clock import instant_at, local_date
from booking.consent.ages import Ages
from booking.errors import Refusal

OLDEST: Final = 25


class AgeOutOfReason(Refusal):
    """No rule is about people that old."""

    code: ClassVar[str] = "age_out_of_reason"

    def __init__(self, *, about: str, **facts: object) -> None:
        """Keep which of the ages it is."""
        super().__init__(**facts)
        self.field = about  # type: ignore[misc]  # four fields hold ages, and one rule serves them all


class AgesOutOfOrder(Refusal):
    """Who answers alone may also ask, and who is grown up answers alone."""

    code: ClassVar[str] = "rule_ages_out_of_order"

    def __init__(self, *, about: str) -> None:
        """Keep which of the ages comes too early."""
        super().__init__()
        self.field = about  # type: ignore[misc]  # two fields can come too early


class RuleInThePast(Refusal):
    """What was agreed under the old rule was agreed under it: a rule begins today at the earliest."""

    code: ClassVar[str] = "rule_in_the_past"
    field: ClassVar[str | None] = "begins_on"


def check_ages(ages: Ages) -> None:
    """Let ages pass that can be a rule; refuse AgeOutOfReason and AgesOutOfOrder."""
    for name, age in vars(ages).items():
        if not 0 <= age <= OLDEST:
            raise AgeOutOfReason(about=name, most=OLDEST)
    for earlier, later in (("youth_from", "alone_from"), ("alone_from", "adult_from")):
        if getattr(ages, earlier) > getattr(ages, later):
            raise AgesOutOfOrder(about=later)


def begins_at(begins_on: date, *, now: datetime) -> datetime:
    """Return when a rule begins that holds from a day on: now, if that is today. Refuses RuleInThePast."""
    if begins_on < local_date(now):
        raise RuleInThePast
    return max(now, instant_at(begins_on, time(0)))
