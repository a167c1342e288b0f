"""What staff write down when somebody signs a child up by phone, at the desk or on paper."""

from dataclasses import dataclass
from typing import ClassVar

from booking.consent.rules import Capacity, Established
from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.signups.asking import ChildAsked


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
    """A child for whom somebody speaks: who, how we know, and why if an exception is made."""

    child: ChildAsked
    contact_name: str
    email: str
    phone: str | None
    language: Language
    capacity: Capacity
    established: Established
    ask_key: str
    is_exception: bool = False
    reason: str | None = None
