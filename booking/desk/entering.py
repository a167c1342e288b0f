"""What staff write down when somebody signs children up by phone, at the desk or on paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from booking.consent.rules import Capacity, Established
from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.signups.asking import ChildAsked
from booking.signups.households import IfNotAll


class AlreadyThere(Refusal):
    """This child of this family is signed up already."""

    code: ClassVar[str] = "already_there"
    field: ClassVar[str | None] = "first_name"


class ReasonNeeded(Refusal):
    """What is asked for goes beyond what the activity is for, and nobody says why."""

    code: ClassVar[str] = "reason_needed"
    field: ClassVar[str | None] = "reason"


@dataclass(frozen=True, kw_only=True)
class DeskRequest:
    """Children for whom somebody speaks: who, how we know, and for whom an exception is made.

    `exceptions` are the reasons by the child's number; an empty one says that nobody wrote why.
    """

    children: tuple[ChildAsked, ...]
    contact_name: str
    email: str
    phone: str | None
    language: Language
    capacity: Capacity
    established: Established
    ask_key: str
    exceptions: Mapping[int, str] = field(default_factory=dict)
    if_not_all: IfNotAll | None = None
