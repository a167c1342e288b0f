"""What is asked for with the forms of a family, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from booking.consent.rules import Capacity, ChildAnswer, WordingPurpose
from booking.libraries.rules import Language
from booking.signups.households import IfNotAll
from booking.signups.rules import SignupState


class Asker(StrEnum):
    """Who fills in the form."""

    GUARDIAN = "guardian"
    YOUTH = "youth"


# The digests of the words that stood on a page, by what they are about.
WordsRead = Mapping[WordingPurpose, str]


@dataclass(frozen=True, kw_only=True)
class NeedsAsked:
    """What a child needs to take part, as it was written: some of the choices, and one short line."""

    choices: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was agreed to for one child besides taking part: what was ticked, the child's answer, needs."""

    consents: frozenset[WordingPurpose] = frozenset()
    child_answer: ChildAnswer = ChildAnswer.NOT_ASKED
    needs: NeedsAsked = field(default_factory=NeedsAsked)


@dataclass(frozen=True, kw_only=True)
class ChildAsked(Agreed):
    """One child of the form: `number` is its place there, `born` a year or a grade as it was written."""

    number: int
    first_name: str
    born: str
    municipality_code: str
    last_name: str | None = None
    reply: str | None = None
    is_shielded: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaceRequest:
    """What is asked for, as the form was filled in.

    `words_shown` are the digests of the words that stood on the page, by purpose. `guardian_email` and
    `has_turned` are what a youth says of itself.
    """

    ask_key: str
    email: str
    contact_name: str
    phone: str | None
    language: Language
    children: tuple[ChildAsked, ...]
    words_shown: WordsRead
    capacity: Capacity = Capacity.PARENT
    if_not_all: IfNotAll | None = None
    asker: Asker = Asker.GUARDIAN
    guardian_email: str | None = None
    has_turned: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What whoever asked is told: where each child stands, and until when places wait for the address.

    The same for known children as for new ones. `handle` is for the browser that asked: with the code from
    the letter it confirms. It opens nothing alone: rights come by letter. Nothing stands for a child that was
    left out.
    """

    standings: tuple[SignupState | None, ...]
    held_until: datetime | None
    handle: str

    @property
    def state(self) -> SignupState | None:
        """Return where the first of them stands who stands best: those with a place come first."""
        return self.standings[0]


@dataclass(frozen=True, kw_only=True)
class LeaveSaid:
    """A guardian's leave as it was ticked, and what else was agreed to: which words were read, as what."""

    words_shown: WordsRead
    language: Language
    capacity: Capacity
    agreed: Agreed = field(default_factory=Agreed)
