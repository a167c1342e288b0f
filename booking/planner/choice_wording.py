"""What there is to choose from in the planner's forms, in the reader's language."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.activities.messages import KIND_NAMES, MODE_NAMES, grade_name
from booking.errors import Refusal
from booking.libraries.queries import all_libraries
from booking.planner.about_forms import GRADES
from booking.planner.messages import (
    RESPONSIBILITY_NAMES,
    STATISTICS_TYPE_NAMES,
    TARGET_NAMES,
    VISIBILITY_NAMES,
    WEEKDAY_NAMES,
)
from booking.planner.queries import who_can_answer
from booking.staff.models import Account

Options = Sequence[tuple[str, str]]
_EMPTY = ("", "–")


class ResponsibleUnknown(Refusal):
    """Nobody of that number works at the library."""

    code: ClassVar[str] = "responsible_unknown"
    field: ClassVar[str | None] = "responsible_id"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Lists of (value, words)."""

    libraries: Options
    people: Options
    kinds: Options
    modes: Options
    visibilities: Options
    grades: Options
    weekdays: Options
    statistics_types: Options
    responsibilities: Options
    targets: Options


def choices_for(session: Session, library_ids: Collection[int], *, besides: Account | None = None) -> Choices:
    """Return what a librarian of these libraries can choose from, and one more person if given."""
    libraries = [library for library in all_libraries(session) if library.id in library_ids]
    librarians = who_can_answer(session, library_ids)
    people = {person.id: person.name for person in [*librarians, *([besides] if besides else [])]}
    return Choices(
        libraries=[(str(library.id), library.name) for library in libraries],
        people=[(str(number), name) for number, name in people.items()],
        kinds=_said(KIND_NAMES),
        modes=_said(MODE_NAMES),
        visibilities=_said(VISIBILITY_NAMES),
        grades=[_EMPTY, *((grade, grade_name(int(grade))) for grade in GRADES)],
        weekdays=[
            ("", gettext("The same as the first date")),
            *((str(number), gettext(name)) for number, name in enumerate(WEEKDAY_NAMES)),
        ],
        statistics_types=[("", gettext("As the kind says")), *_said(STATISTICS_TYPE_NAMES)],
        responsibilities=_said(RESPONSIBILITY_NAMES),
        targets=[("", gettext("As the audience says")), *_said(TARGET_NAMES)],
    )


def responsible_or(
    session: Session, chosen: int | None, *, library_ids: Collection[int], otherwise: int
) -> int:
    """Return who answers for an activity: the one chosen, or else whoever plans it.

    Refuses ResponsibleUnknown when the one chosen does not work at any of the libraries.
    """
    if chosen is None or chosen == otherwise:
        return otherwise
    if chosen not in {person.id for person in who_can_answer(session, library_ids)}:
        raise ResponsibleUnknown
    return chosen


def _said(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, gettext(words)) for value, words in names.items()]
