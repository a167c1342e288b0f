"""What a calendar is ordered with: which library, which grade, how one comes, and in which language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, Audience, birth_year_in_grade, may_come
from booking.activities.rules import Mode
from booking.errors import NotFound
from booking.libraries.rules import Language

Value = TypeVar("Value")

FILTERS: Final = frozenset({"library", "grade", "mode", "lang"})
_GRADES: Final = {str(grade): grade for grade in range(FIRST_GRADE, LAST_GRADE + 1)}
_LANGUAGES: Final = {str(language): language for language in Language}
# Who wishes to just come is also served where some sign up, and the other way round.
_COMING: Final[Mapping[str, frozenset[Mode]]] = {
    "drop_in": frozenset({Mode.DROP_IN, Mode.SIGN_UP_AND_WALK_IN}),
    "sign_up": frozenset({Mode.SIGN_UP, Mode.SIGN_UP_AND_WALK_IN}),
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an address asks for; nothing in a field means that it does not matter."""

    library: str | None = None
    grade: int | None = None
    mode: str | None = None
    language: Language = Language.NB

    @property
    def canonical(self) -> str:
        """Return the one way to write the order, however it was written in an address."""
        told = {"grade": self.grade, "lang": self.language, "library": self.library, "mode": self.mode}
        return "&".join(f"{name}={value}" for name, value in told.items() if value is not None)

    def fits(self, audience: Audience, mode: Mode, day: date) -> bool:
        """Tell whether a meeting on the day is one of those ordered, in all but the library."""
        return (self.mode is None or mode in _COMING[self.mode]) and (
            self.grade is None or may_come(audience, birth_year_in_grade(self.grade, day), day)
        )


def read_order(
    args: Mapping[str, Sequence[str]], *, understood: frozenset[str] = FILTERS, library: str | None = None
) -> Order:
    """Return the order, or raise NotFound: what we do not understand must not be answered with everything.

    Values count as they stand: what is empty, written twice or with a blank is not understood either.
    `library` is the one whose own address it is; whether there is such a library is not known here.
    """
    if not understood.issuperset(args) or any(len(values) != 1 for values in args.values()):
        raise NotFound
    told = {name: values[0] for name, values in args.items()}
    if "library" in told and (not told["library"] or library is not None):
        raise NotFound
    return Order(
        library=library or told.get("library"),
        grade=_one_of(_GRADES, told.get("grade")),
        mode=_one_of({name: name for name in _COMING}, told.get("mode")),
        language=_one_of(_LANGUAGES, told.get("lang")) or Language.NB,
    )


def _one_of(known: Mapping[str, Value], said: str | None) -> Value | None:
    if said is None:
        return None
    if said not in known:
        raise NotFound
    return known[said]
