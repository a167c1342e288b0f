"""Asking families a week before whether they still come. Silence costs nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.clock import Clock
from booking.outbox.operations import write_letter
from booking.outbox.rules import Policy
from booking.people.reaching import address_of
from booking.signups.coming import occasions_to_ask_again, to_ask_again
from booking.signups.letters import occasion_facts
from booking.signups.models import Signup
from booking.signups.reminders import households_of, links_of
from booking.signups.rules import MoveNotPossible, SignupState
from booking.signups.taking import take_occasion

_EARLIEST: Final = timedelta(days=7)
# After that the reminder comes, and a place given back finds nobody new.
_LATEST: Final = timedelta(days=2)
_HEARD_OF_IT: Final = timedelta(days=1)


def ask_again(session: Session, clock: Clock) -> int:
    """Ask each confirmed household whether it still comes, where an occasion asks; return how many letters.

    A week before the first date, and at the latest two days before it. Twice is once.
    """
    told_before = clock() - _HEARD_OF_IT
    numbers = occasions_to_ask_again(
        session, after=clock() + _LATEST, until=clock() + _EARLIEST, told_before=told_before
    )
    asked = 0
    for number in numbers:
        occasion = take_occasion(session, number)
        asked += _ask(session, clock, occasion, to_ask_again(session, number, told_before=told_before))
    return asked


def say_again(clock: Clock, *, signup: Signup) -> None:
    """Note that the family still comes; twice is once. Refuses MoveNotPossible without a confirmed place."""
    if signup.state is not SignupState.CONFIRMED:
        raise MoveNotPossible
    if signup.said_again_at is None:
        signup.said_again_at = clock()


def waits_for_word(signup: Signup) -> bool:
    """Tell whether the family was asked if it still comes, and has not said."""
    is_asked = signup.asked_again_at is not None and signup.said_again_at is None
    return is_asked and signup.state is SignupState.CONFIRMED


def _ask(session: Session, clock: Clock, occasion: Occasion, signups: Sequence[Signup]) -> int:
    secrets = links_of(session, clock, occasion=occasion, signups=signups)
    households = households_of(signups)
    for theirs in households:
        for signup in theirs:
            signup.asked_again_at = clock()
        _write(session, clock, occasion, theirs, secrets)
    return len(households)


def _write(
    session: Session,
    clock: Clock,
    occasion: Occasion,
    signups: Sequence[Signup],
    secrets: Mapping[int, str],
) -> None:
    family = signups[0].participant.family
    write_letter(
        session,
        clock,
        key=f"ask_again:{occasion.id}:{family.id}:{signups[0].id}",
        template="ask_again",
        address=address_of(family),
        language=family.language,
        facts={
            **occasion_facts(occasion, family.language),
            "children": [signup.participant.first_name for signup in signups],
            "places": [
                {"signup": signup.id, "child": signup.participant.first_name, "secret": secrets[signup.id]}
                for signup in signups
            ],
        },
        policy=Policy.ONCE,
        library_id=occasion.activity.library_id,
    )
