"""What a family says yes to besides taking part: kept with the sign-up, and gone with one nobody answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import Activity, Occasion
from booking.clock import Clock
from booking.consent.consent_operations import Said, Yes, record_consents
from booking.consent.needs import Needs, check_agreed, read_choices
from booking.consent.needs_operations import keep_needs
from booking.consent.operations import forget_agreements, forget_ticks
from booking.consent.queries import age_rule_at
from booking.consent.rules import Capacity, Established, Way, WordingPurpose
from booking.consent.seal import Seal
from booking.consent.standing import NO_FROM_THE_CHILD
from booking.consent.standing_queries import texts_shown
from booking.libraries.rules import Language
from booking.signups.asking import Agreed, WordsRead
from booking.signups.models import Signup

# What can be agreed to wherever one signs up; the rest only where the activity asks for it.
_ALWAYS: Final = frozenset({WordingPurpose.NEWS})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """In what capacity, how shown and by which way something is agreed to; `shown` are the words read."""

    capacity: Capacity
    established: Established
    way: Way
    language: Language
    shown: WordsRead
    account_id: int | None = None


def record_what_was_agreed(
    session: Session,
    clock: Clock,
    *,
    signups: Sequence[Signup],
    asked: Sequence[Agreed],
    terms: Terms,
    seal: Seal,
) -> None:
    """Keep what was ticked for each child, and what it needs, sealed; what an activity does not ask is left.

    Refuses ConsentChanged when the words were changed after they were shown. The needs have been looked at:
    `needs_of` tells what is kept of them.
    """
    occasion = signups[0].occasion
    yeses = [
        Yes(
            participant=signup.participant,
            purposes=child.consents & asked_at(occasion),
            child_answer=child.child_answer,
        )
        for signup, child in zip(signups, asked, strict=True)
    ]
    ticked = frozenset(purpose for yes in yeses for purpose in yes.purposes)
    if ticked or any(yes.child_answer in NO_FROM_THE_CHILD for yes in yeses):
        said = Said(
            library_id=occasion.activity.library_id,
            occasion_id=occasion.id,
            over_at=max((meeting.ends_at for meeting in occasion.meetings), default=None),
            rule=age_rule_at(session, now=clock()),
            capacity=terms.capacity,
            established=terms.established,
            way=terms.way,
            account_id=terms.account_id,
        )
        shown = {purpose: terms.shown.get(purpose, "") for purpose in ticked}
        texts = texts_shown(session, shown=shown, language=terms.language)
        record_consents(session, clock, yeses=yeses, texts=texts, said=said)
    _keep_needs(session, clock, signups, asked, seal)


def replace_what_was_agreed(
    session: Session,
    clock: Clock,
    *,
    signups: Sequence[Signup],
    asked: Sequence[Agreed],
    terms: Terms,
    seal: Seal,
) -> None:
    """Let what the newest form says stand instead of what earlier ones said, for sign-ups nobody answered.

    Whoever confirms confirms what they typed last. A yes to news, which is about no sign-up, stays as it was.
    """
    for signup in signups:
        forget_ticks(
            session,
            participant_id=signup.participant_id,
            occasion_id=signup.occasion_id,
            since=signup.asked_at,
        )
    told = [replace(each, consents=each.consents - _ALWAYS) for each in asked]
    record_what_was_agreed(session, clock, signups=signups, asked=told, terms=terms, seal=seal)


def asks_besides(activity: Activity) -> bool:
    """Tell whether an activity asks about pictures, or what a child needs."""
    return bool(activity.photo_channels) or activity.asks_needs


def asked_at(occasion: Occasion) -> frozenset[WordingPurpose]:
    """Return what somebody who signs up here may be asked to agree to besides taking part."""
    activity = occasion.activity
    photos = {WordingPurpose(channel) for channel in activity.photo_channels}
    needs = {WordingPurpose.NEEDS} if activity.asks_needs else set()
    return frozenset({*_ALWAYS, *photos, *needs})


def needs_of(activity: Activity, child: Agreed) -> Needs:
    """Return what a child needs, as it is kept; nothing where the activity does not ask.

    Refuses NeedsNotAgreed when needs were written without the tick that lets us keep them, and what
    `read_choices` refuses.
    """
    if not activity.asks_needs:
        return Needs()
    told = read_choices(child.needs.choices, child.needs.line)
    check_agreed(told, is_agreed=WordingPurpose.NEEDS in child.consents)
    return told


def forget_unanswered(session: Session, *, signups: Sequence[Signup]) -> None:
    """Erase what was agreed to with sign-ups that nobody answered for: it was nobody's yes."""
    for signup in signups:
        forget_agreements(
            session,
            participant_id=signup.participant_id,
            occasion_id=signup.occasion_id,
            said_at=signup.asked_at,
        )


def _keep_needs(
    session: Session, clock: Clock, signups: Sequence[Signup], asked: Sequence[Agreed], seal: Seal
) -> None:
    occasion, needs = signups[0].occasion, {}
    for signup, child in zip(signups, asked, strict=True):
        told = needs_of(occasion.activity, child)
        if told:
            needs[signup.participant_id] = told
    keep_needs(session, clock, occasion_id=occasion.id, needs=needs, seal=seal)
