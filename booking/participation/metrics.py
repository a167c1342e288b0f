"""What can be measured, and how each figure follows from counts: the project's definitions, to the letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from booking.participation.figures import rounded
from booking.participation.tallies import Tallies, median_of

_SECONDS_PER_HOUR: Final = 3600
# From so many on, a tenth of a percent is worth telling.
_MANY: Final = 200


class Unit(StrEnum):
    """What a figure counts or measures."""

    MEETINGS = "meetings"
    VISITS = "visits"
    PERSONS = "persons"
    HOURS = "hours"
    WEEKS = "weeks"
    ACTIVITIES = "activities"
    KINDS = "kinds"
    PERCENT = "percent"
    PER_THOUSAND = "per_thousand"
    PARTNERS = "partners"


class Form(StrEnum):
    """How a figure comes about."""

    COUNT = "count"
    SUM = "sum"
    SHARE = "share"
    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One figure. `part` and `whole` name the counts in `Tallies` that a share or a mean is made of.

    `counts_persons` says that whoever knows the figure knows something about how many persons there
    were: outside the own library it passes the protection, and so do its part, its whole and what is
    left of the whole. `adds_up` says that the figures of libraries together are that of the region.
    """

    code: str
    unit: Unit
    form: Form
    part: str
    whole: str | None = None
    decimals: int = 0
    counts_persons: bool = True
    adds_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a figure comes to. `amount` is nothing where there is nothing to take a part or a mean of."""

    definition: Definition
    amount: Fraction | None
    part: int | None = None
    whole: int | None = None

    @property
    def rest(self) -> int | None:
        """What is left of the whole: a share tells it too."""
        return None if self.part is None or self.whole is None else self.whole - self.part

    @property
    def shown(self) -> Decimal | None:
        """The amount as it is written: rounded half up, to as many decimals as the definition says."""
        return None if self.amount is None else rounded(self.amount, decimals=self._decimals)

    @property
    def _decimals(self) -> int:
        is_fine = self.definition.unit is Unit.PERCENT and (self.whole or 0) >= _MANY
        return 1 if is_fine else self.definition.decimals


def _count(code: str, unit: Unit, *, of: str = "", counts_persons: bool = True) -> Definition:
    return Definition(
        code=code, unit=unit, form=Form.COUNT, part=of or code, counts_persons=counts_persons, adds_up=True
    )


def _share(code: str, part: str, whole: str, *, counts_persons: bool = True) -> Definition:
    return Definition(
        code=code, unit=Unit.PERCENT, form=Form.SHARE, part=part, whole=whole, counts_persons=counts_persons
    )


def _mean(code: str, unit: Unit, part: str, *, decimals: int = 1) -> Definition:
    return Definition(code=code, unit=unit, form=Form.MEAN, part=part, whole="unique", decimals=decimals)


def _median(code: str, unit: Unit, of: str) -> Definition:
    return Definition(code=code, unit=unit, form=Form.MEDIAN, part=of, whole="unique", decimals=1)


_DEFINITIONS: Final = (
    _count("sessions", Unit.MEETINGS, counts_persons=False),
    _count("attendances", Unit.VISITS),
    _count("named_attendances", Unit.VISITS),
    _count("anonymous_attendances", Unit.VISITS),
    _count("all_attendances", Unit.VISITS),
    _count("unique", Unit.PERSONS),
    Definition(
        code="contact_hours",
        unit=Unit.HOURS,
        form=Form.SUM,
        part="contact_seconds",
        decimals=1,
        adds_up=True,
    ),
    _mean("dose_sessions", Unit.VISITS, "named_attendances"),
    _median("dose_sessions_median", Unit.VISITS, "visits_each"),
    _mean("dose_hours", Unit.HOURS, "named_seconds"),
    _median("dose_hours_median", Unit.HOURS, "seconds_each"),
    _median("duration_weeks_median", Unit.WEEKS, "weeks_each"),
    _mean("breadth_activities", Unit.ACTIVITIES, "activities_each"),
    _mean("breadth_kinds", Unit.KINDS, "kinds_each"),
    _share("return_rate", "returned", "unique"),
    _share("completion", "completed", "began_course"),
    _count("new", Unit.PERSONS),
    _share("no_show", "no_shows", "booked"),
    _share("late_cancellation", "late_cancellations", "booked"),
    _share("fill", "present_at_places", "places"),
    _share("queue_conversion", "offered_and_came", "waited"),
    Definition(
        code="reach",
        unit=Unit.PER_THOUSAND,
        form=Form.SHARE,
        part="residents",
        whole="population",
        decimals=1,
    ),
    _count("funnel_asked", Unit.VISITS, of="asked"),
    _count("funnel_permitted", Unit.VISITS, of="permitted"),
    _count("funnel_came", Unit.VISITS, of="permitted_and_came"),
    _count("workshop_children", Unit.PERSONS, of="in_workshops"),
    _share("other_sector_share", "with_other_sector", "sessions", counts_persons=False),
)

METRICS: Final[Mapping[str, Definition]] = {each.code: each for each in _DEFINITIONS}


class NotKnown(StrEnum):
    """What the definitions ask and no data of this service tells: it is missing, and never nought."""

    OPENINGS_BY_CHANNEL = "openings_by_channel"
    DISTRIBUTED_BY_CHANNEL = "distributed_by_channel"
    FUNNEL_BY_WAVE = "funnel_by_wave"
    IDEAS = "ideas"
    MEETINGS_BETWEEN_LIBRARIES = "meetings_between_libraries"


_SCALES: Final[Mapping[Unit, Fraction]] = {
    Unit.PERCENT: Fraction(100),
    Unit.PER_THOUSAND: Fraction(1000),
    Unit.HOURS: Fraction(1, _SECONDS_PER_HOUR),
}


def value_of(definition: Definition, tallies: Tallies) -> Value:
    """Return what the figure comes to for these counts."""
    return _FORMULAS[definition.form](definition, tallies)


def values_of(tallies: Tallies) -> Mapping[str, Value]:
    """Return every figure for these counts, in the order in which they are told."""
    return {code: value_of(definition, tallies) for code, definition in METRICS.items()}


def _counted(definition: Definition, tallies: Tallies) -> Value:
    part = getattr(tallies, definition.part)
    return Value(definition=definition, amount=part * _scale(definition), part=part)


def _divided(definition: Definition, tallies: Tallies) -> Value:
    part, whole = getattr(tallies, definition.part), getattr(tallies, definition.whole or "")
    amount = Fraction(part, whole) * _scale(definition) if whole else None
    return Value(definition=definition, amount=amount, part=part, whole=whole)


def _in_the_middle(definition: Definition, tallies: Tallies) -> Value:
    middle = median_of(getattr(tallies, definition.part))
    amount = None if middle is None else middle * _scale(definition)
    return Value(definition=definition, amount=amount, whole=tallies.unique)


def _scale(definition: Definition) -> Fraction:
    return _SCALES.get(definition.unit, Fraction(1))


_FORMULAS: Final[Mapping[Form, Callable[[Definition, Tallies], Value]]] = {
    Form.COUNT: _counted,
    Form.SUM: _counted,
    Form.SHARE: _divided,
    Form.MEAN: _divided,
    Form.MEDIAN: _in_the_middle,
}
