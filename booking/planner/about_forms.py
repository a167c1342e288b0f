"""What sort of activity it is, for whom, where, and who answers for it, as it is typed."""

from typing import Any, Final

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import AnyOf, Length, NumberRange, Optional

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, Audience, Span, ages_shown
from booking.activities.planning import STATISTICS_TYPE, STATISTICS_TYPES, About
from booking.activities.rules import (
    VISIBILITY_OF,
    Kind,
    StatisticsResponsibility,
    Target,
    Visibility,
    target_of,
)
from booking.forms import Form, WholeNumber
from booking.planner.forms import plain
from booking.wording import tidied_line

KINDS: Final = tuple(kind.value for kind in Kind)
VISIBILITIES: Final = tuple(each.value for each in Visibility)
GRADES: Final = tuple(str(grade) for grade in range(FIRST_GRADE, LAST_GRADE + 1))
RESPONSIBILITIES: Final = tuple(each.value for each in StatisticsResponsibility)
TARGETS: Final = tuple(each.value for each in Target)
_OLDEST: Final = 99


def _age() -> WholeNumber:
    return WholeNumber(
        unreadable="age_out_of_range",
        validators=[Optional(), NumberRange(0, _OLDEST, message="age_out_of_range")],
    )


def _one_of(values: tuple[str, ...], *, code: str) -> StringField:
    return StringField(validators=[AnyOf((None, "", *values), message=code)])


class AboutForm(Form):
    """What is told of an activity beside its texts. What is left empty is decided by its kind."""

    seen = HiddenField()
    kind = StringField(validators=[AnyOf(KINDS, message="kind_missing")])
    visibility = _one_of(VISIBILITIES, code="visibility_unknown")
    grade_from = _one_of(GRADES, code="grade_unknown")
    grade_to = _one_of(GRADES, code="grade_unknown")
    age_from = _age()
    age_to = _age()
    place_name = StringField(
        filters=[tidied_line], validators=[Length(max=160, message="place_name_too_long"), plain]
    )
    responsible_id = WholeNumber(unreadable="responsible_unknown", validators=[Optional()])
    has_second_adult = BooleanField()
    statistics_type = _one_of(STATISTICS_TYPES, code="statistics_unknown")
    statistics_responsibility = _one_of(RESPONSIBILITIES, code="statistics_unknown")
    statistics_target = _one_of(TARGETS, code="statistics_unknown")
    not_announced = BooleanField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then that the audience is told by grade or by age, and makes sense."""
        super().validate(extra_validators)
        if not any(self[name].errors for name in ("grade_from", "grade_to", "age_from", "age_to")):
            self._check_audience()
        return not self.error_lines

    def tell_about(self, about: About) -> None:
        """Write what stands into the fields, as when the page is opened."""
        for name in ("kind", "visibility", "place_name", "responsible_id", "has_second_adult"):
            self[name].data = getattr(about, name)
        for name in ("statistics_type", "statistics_responsibility", "statistics_target"):
            self[name].data = getattr(about, name)
        self.not_announced.data = not about.announced_before
        grades, ages = about.audience.grades, about.audience.ages
        self.grade_from.data, self.grade_to.data = (str(end or "") for end in (grades.least, grades.most))
        self.age_from.data, self.age_to.data = ages.least, ages.most

    def to_about(self) -> About:
        """Return what was told; only after the form was found sound."""
        kind = Kind(self.kind.data or "")
        shown = Visibility(self.visibility.data) if self.visibility.data else VISIBILITY_OF[kind]
        audience = self._audience()
        return About(
            kind=kind,
            # What is for colleagues never shows on a page for families.
            visibility=Visibility.INTERNAL if VISIBILITY_OF[kind] is Visibility.INTERNAL else shown,
            audience=audience,
            place_name=self.place_name.data or None,
            responsible_id=self.responsible_id.data,
            has_second_adult=bool(self.has_second_adult.data),
            statistics_type=self.statistics_type.data or STATISTICS_TYPE[kind],
            statistics_responsibility=StatisticsResponsibility(
                self.statistics_responsibility.data or StatisticsResponsibility.OWN
            ),
            statistics_target=Target(self.statistics_target.data or target_of(ages_shown(audience).least)),
            announced_before=not self.not_announced.data,
        )

    def _audience(self) -> Audience:
        least, most = (int(end.data) if end.data else None for end in (self.grade_from, self.grade_to))
        return Audience(
            grades=Span(least=least, most=most), ages=Span(least=self.age_from.data, most=self.age_to.data)
        )

    def _check_audience(self) -> None:
        audience = self._audience()
        grades, ages = audience.grades, audience.ages
        if grades.is_limited and ages.is_limited:
            self.age_from.errors = ["grade_or_age"]
        elif (grades.least is None) != (grades.most is None):
            missing = self.grade_from if grades.least is None else self.grade_to
            missing.errors = ["grade_other_end_missing"]
        elif grades.least is not None and grades.most is not None and grades.least > grades.most:
            self.grade_to.errors = ["grades_in_disorder"]
        elif ages.least is not None and ages.most is not None and ages.least > ages.most:
            self.age_to.errors = ["ages_in_disorder"]
