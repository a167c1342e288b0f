"""Finding whom a message goes to, and the messages of an occasion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.errors import NotFound
from booking.notices.models import Notice
from booking.notices.rules import Group
from booking.people.models import Family, Participant
from booking.signups.models import Signup
from booking.signups.reminders import households_of
from booking.signups.rules import SignupState

STATES_OF: Final[Mapping[Group, frozenset[SignupState]]] = {
    Group.PLACE: frozenset({SignupState.CONFIRMED}),
    Group.OFFERED: frozenset({SignupState.OFFERED}),
    Group.WAITING: frozenset({SignupState.QUEUED}),
    Group.UNANSWERED: frozenset({SignupState.AWAITING_EMAIL, SignupState.AWAITING_GUARDIAN}),
}


@dataclass(frozen=True, kw_only=True)
class Household:
    """A family that a message goes to, and its children that it is about."""

    family: Family
    signups: Sequence[Signup]

    @property
    def children(self) -> list[str]:
        """Return the children's first names."""
        return [signup.participant.first_name for signup in self.signups]


def households_in(session: Session, occasion_id: int, groups: Collection[Group]) -> Sequence[Household]:
    """Return the families of these groups that have shown that their address is theirs, each once."""
    states = frozenset[SignupState]().union(*(STATES_OF[group] for group in groups))
    signups = session.scalars(
        select(Signup)
        .join(Signup.participant)
        .join(Participant.family)
        .where(Signup.occasion_id == occasion_id, Signup.state.in_(states), Family.verified_at.is_not(None))
        .options(joinedload(Signup.participant).joinedload(Participant.family))
        .order_by(Signup.id)
    ).all()
    return [
        Household(family=theirs[0].participant.family, signups=theirs) for theirs in households_of(signups)
    ]


def count_households(session: Session, occasion_id: int) -> Mapping[Group, int]:
    """Return how many families each group has."""
    everybody = households_in(session, occasion_id, tuple(Group))
    return {
        group: sum(any(each.state in states for each in house.signups) for house in everybody)
        for group, states in STATES_OF.items()
    }


def get_own_notice(session: Session, notice_id: int, *, library_ids: Collection[int]) -> Notice:
    """Return a message of these libraries, or raise NotFound."""
    found = session.scalar(select(Notice).where(Notice.id == notice_id, Notice.library_id.in_(library_ids)))
    if found is None:
        raise NotFound
    return found


def notices_of(session: Session, occasion_id: int) -> Sequence[Notice]:
    """Return what was written to the families of the occasion, the newest first."""
    of_it = select(Notice).where(Notice.occasion_id == occasion_id)
    return session.scalars(of_it.order_by(Notice.id.desc()).limit(20)).all()


def notice_sent(session: Session, send_key: str) -> Notice | None:
    """Return the message that this form has sent already, if it has."""
    return session.scalar(select(Notice).where(Notice.send_key == send_key))
