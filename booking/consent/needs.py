"""What a child may need to take part, said in a few choices and one short line, and who may read it."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal
from booking.wording import is_plain, tidied_line

LONGEST_LINE: Final = 120

# As in names: a dot between letters is enough for a mail program to make a link.
_LINK: Final = re.compile(r"://|\bwww\.|@|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)


class Need(StrEnum):
    """Something that can be made room for. It says what to do, and never what somebody has."""

    NO_NUTS = "no_nuts"
    NO_GLUTEN = "no_gluten"
    NO_LACTOSE = "no_lactose"
    NO_EGG = "no_egg"
    NO_FISH = "no_fish"
    VEGETARIAN = "vegetarian"
    NO_PORK = "no_pork"
    WHEELCHAIR = "wheelchair"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    LARGE_PRINT = "large_print"
    QUIET_PLACE = "quiet_place"
    COMPANION = "companion"


class NeedsRefused(Refusal):
    """What a child needs cannot be kept as it was written."""

    field: ClassVar[str | None] = "needs"


class NeedUnknown(NeedsRefused):
    """One of the choices is none of ours."""

    code: ClassVar[str] = "need_unknown"


class NeedsTooLong(NeedsRefused):
    """The line is longer than one can take in at the door."""

    code: ClassVar[str] = "needs_too_long"


class NeedsNotPlain(NeedsRefused):
    """The line holds a link, or something that a reader cannot see and a machine would obey."""

    code: ClassVar[str] = "needs_not_plain"


class NeedsNotAgreed(NeedsRefused):
    """Needs were written down, but the box that lets us keep them is not ticked."""

    code: ClassVar[str] = "needs_not_agreed"


class NeedsUnreadable(Refusal):
    """The note was sealed with a key that is gone, or was moved to another child."""

    code: ClassVar[str] = "needs_unreadable"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a child needs: some of the choices, and one short line."""

    choices: tuple[Need, ...] = ()
    line: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return bool(self.choices or self.line)


def read_choices(choices: Collection[str], line: str) -> Needs:
    """Return what was told, as it is kept. Refuses NeedUnknown, NeedsTooLong and NeedsNotPlain."""
    unknown = set(choices) - set(Need)
    if unknown:
        raise NeedUnknown
    tidy = tidied_line(line)
    if len(tidy) > LONGEST_LINE:
        raise NeedsTooLong(most=LONGEST_LINE)
    if not is_plain(tidy) or _LINK.search(tidy):
        raise NeedsNotPlain
    return Needs(choices=tuple(need for need in Need if need in choices), line=tidy)


def check_agreed(needs: Needs, *, is_agreed: bool) -> None:
    """Let needs pass that we may keep, and nothing at all; refuse NeedsNotAgreed."""
    if needs and not is_agreed:
        raise NeedsNotAgreed


def packed(needs: Needs, *, participant_id: int, occasion_id: int) -> str:
    """Return what is sealed: with whose note it is, so that it cannot be taken for another child's."""
    return json.dumps([participant_id, occasion_id, list(needs.choices), needs.line])


def unpacked(text: str, *, participant_id: int, occasion_id: int) -> Needs:
    """Return what was sealed; refuse NeedsUnreadable for a note that was another child's."""
    child, occasion, choices, line = json.loads(text)
    if (child, occasion) != (participant_id, occasion_id):
        raise NeedsUnreadable
    # A choice that is offered no longer is still said: nobody's need is dropped by an update.
    return Needs(choices=tuple(need for need in Need if need in choices), line=str(line))


def may_see_needs(
    *,
    account_id: int,
    responsible_id: int | None,
    is_of_the_library: bool,
    today: date,
    days: Sequence[tuple[date, date]],
) -> bool:
    """Tell whether a member of staff may read what a child needs.

    Whoever is responsible for the activity may; and whoever works at the library, on the days of a meeting.
    """
    if responsible_id is not None and account_id == responsible_id:
        return True
    return is_of_the_library and any(first <= today <= last for first, last in days)
