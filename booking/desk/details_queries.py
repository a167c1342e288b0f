"""What stands behind a sign-up: the leave to take part, consents, and children by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, ActivityText, Occasion
from booking.clock import Clock
from booking.consent.half_queries import half_yeses_of
from booking.consent.marks import Mark, marks_of
from booking.consent.models import Consent, Permission
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import consents_in, history_of
from booking.people.models import Guardian, Participant
from booking.signups.models import Signup
from booking.signups.rules import IS_LIVE

SHORTEST_SEARCH: Final = 4
_MOST_FOUND: Final = 20


@dataclass(frozen=True, kw_only=True)
class Agreements:
    """What was agreed to for a child at an occasion, what became of it, and whose yes a youth needs."""

    permissions: Sequence[Permission]
    consents: Sequence[Consent]
    halves: Sequence[HalfYes]
    guardian: Guardian | None


def agreements_of(session: Session, signup: Signup) -> Agreements:
    """Return the leave and every consent that concern the sign-up, with the words they are tied to."""
    permissions = session.scalars(
        select(Permission)
        .where(
            Permission.participant_id == signup.participant_id, Permission.occasion_id == signup.occasion_id
        )
        .options(joinedload(Permission.wording))
        .order_by(Permission.id)
    ).all()
    consents = history_of(session, participant_id=signup.participant_id, occasion_id=signup.occasion_id)
    guardian = session.get(Guardian, signup.guardian_id) if signup.guardian_id else None
    halves = half_yeses_of(session, participant_ids=[signup.participant_id], occasion_id=signup.occasion_id)
    return Agreements(permissions=permissions, consents=consents, halves=halves, guardian=guardian)


def marks_in(
    session: Session, clock: Clock, *, occasion_id: int, signups: Collection[Signup]
) -> Mapping[int, tuple[Mark, ...]]:
    """Return the marks of the children on a list, by sign-up, in one question."""
    standing = consents_in(session, occasion_id=occasion_id, now=clock())
    return {
        signup.id: marks_of(
            standing.get(signup.participant_id, frozenset()), is_shielded=signup.participant.is_shielded
        )
        for signup in signups
    }


def search_children(session: Session, *, text: str, library_ids: Collection[int]) -> Sequence[Signup]:
    """Return live sign-ups at these libraries of children whose name holds the text, at most twenty.

    Fewer than four letters find nobody, and who is shielded is found by nobody.
    """
    wanted = text.strip().casefold()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    words = joinedload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    whole = joinedload(Signup.occasion).joinedload(Occasion.activity).options(words)
    found = session.scalars(
        select(Signup)
        .join(Signup.participant)
        .join(Signup.occasion)
        .join(Occasion.activity)
        .where(
            Activity.library_id.in_(library_ids),
            Signup.state.in_(IS_LIVE),
            Participant.is_shielded.is_(False),
        )
        .options(joinedload(Signup.participant), whole)
        .order_by(Signup.id.desc())
    ).unique()
    # Compared here, as SQLite knows of capital letters in English only.
    matching = (signup for signup in found if wanted in _name(signup.participant))
    return [signup for signup, _number in zip(matching, range(_MOST_FOUND), strict=False)]


def _name(participant: Participant) -> str:
    return f"{participant.first_name} {participant.last_name or ''}".casefold()
