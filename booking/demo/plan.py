"""The plan of the demonstration's project: fourteen items, in the year in which it is loaded."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.clock import Clock, instant_at, local_date
from booking.plan.operations import add_item
from booking.plan.rules import ItemFacts, ItemKind

Day = tuple[int, int]
"""A day and its month."""

# What was done so lately is not yet written down.
_WRITTEN_DOWN_AFTER: Final = timedelta(days=14)
_STARTS, _ENDS = time(9), time(11)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One item; `after` is the number of another, and `late` by how many days it was done too late."""

    kind: ItemKind = ItemKind.PHASE
    titles: tuple[str, str, str]
    first: Day
    last: Day
    after: int | None = None
    is_shared: bool = False
    meets: Day | None = None
    late: int = 0


_FOLLOW_UP: Final = ("Oppfølgingsmøte", "Oppfølgingsmøte", "Follow-up meeting")

PLAN: Final = (
    Planned(
        kind=ItemKind.MILESTONE,
        titles=("Oppstartsmøte", "Oppstartsmøte", "Kick-off meeting"),
        first=(1, 4),
        last=(15, 4),
    ),
    Planned(
        titles=(
            "Invitere interessenter til dialogmøte",
            "Invitere interessentar til dialogmøte",
            "Invite stakeholders to a dialogue meeting",
        ),
        first=(15, 4),
        last=(30, 4),
        is_shared=True,
    ),
    Planned(
        titles=("Kompetanseheving", "Kompetanseheving", "Training for staff"),
        first=(1, 5),
        last=(20, 8),
        late=9,
    ),
    Planned(
        titles=(
            "Utarbeide informasjon og invitasjoner",
            "Utarbeide informasjon og invitasjonar",
            "Make information and invitations",
        ),
        first=(1, 5),
        last=(1, 6),
    ),
    Planned(
        titles=("Rekruttere barn og unge", "Rekruttere barn og unge", "Recruit children and youth"),
        first=(1, 5),
        last=(15, 6),
        is_shared=True,
    ),
    Planned(
        kind=ItemKind.FOLLOW_UP,
        titles=_FOLLOW_UP,
        first=(1, 5),
        last=(30, 5),
        is_shared=True,
        meets=(19, 5),
    ),
    Planned(
        titles=(
            "Forberede brukermedvirkning",
            "Førebu brukarmedverknad",
            "Prepare user involvement",
        ),
        first=(1, 6),
        last=(1, 8),
    ),
    Planned(
        kind=ItemKind.FOLLOW_UP,
        titles=_FOLLOW_UP,
        first=(15, 6),
        last=(30, 6),
        is_shared=True,
        meets=(23, 6),
    ),
    Planned(
        titles=(
            "Ny henvendelse til mulige deltakere",
            "Ny førespurnad til moglege deltakarar",
            "Ask possible participants once more",
        ),
        first=(1, 8),
        last=(20, 8),
        is_shared=True,
    ),
    Planned(
        titles=("Gjennomføre idéverksteder", "Gjennomføre idéverkstader", "Hold idea workshops"),
        first=(20, 8),
        last=(10, 9),
        after=7,
        is_shared=True,
    ),
    Planned(
        kind=ItemKind.MILESTONE,
        titles=("Underveisevaluering", "Undervegsevaluering", "Mid-way evaluation"),
        first=(10, 9),
        last=(15, 9),
        after=10,
        is_shared=True,
    ),
    Planned(
        titles=("Utprøve tiltak", "Prøve ut tiltak", "Try out the pilots"),
        first=(15, 9),
        last=(1, 12),
        after=10,
        is_shared=True,
    ),
    Planned(
        kind=ItemKind.FOLLOW_UP,
        titles=_FOLLOW_UP,
        first=(15, 10),
        last=(30, 10),
        is_shared=True,
        meets=(20, 10),
    ),
    Planned(
        kind=ItemKind.MILESTONE,
        titles=(
            "Sluttevaluering og sluttrapport",
            "Sluttevaluering og sluttrapport",
            "Final evaluation and report",
        ),
        first=(1, 12),
        last=(20, 12),
        after=12,
        is_shared=True,
    ),
)


def add_plan(session: Session, clock: Clock, *, account_id: int) -> None:
    """Put the fourteen items up, with what happened where that is a while ago."""
    today = local_date(clock())
    ids: dict[int, int] = {}
    for number, planned in enumerate(PLAN, start=1):
        after_id = ids[planned.after] if planned.after is not None else None
        facts = _facts(planned, today, after_id)
        ids[number] = add_item(session, clock, facts=facts, account_id=account_id).id


def _facts(planned: Planned, today: date, after_id: int | None) -> ItemFacts:
    first_on, last_on = _in(today.year, planned.first), _in(today.year, planned.last)
    was_done_on = last_on + timedelta(days=planned.late)
    is_done = was_done_on + _WRITTEN_DOWN_AFTER < today
    meets_on = _in(today.year, planned.meets) if planned.meets else None
    title, title_nn, title_en = planned.titles
    return ItemFacts(
        kind=planned.kind,
        title=title,
        title_nn=title_nn,
        title_en=title_en,
        first_on=first_on,
        last_on=last_on,
        after_id=after_id,
        starts_at=instant_at(meets_on, _STARTS) if meets_on else None,
        ends_at=instant_at(meets_on, _ENDS) if meets_on else None,
        is_shared=planned.is_shared,
        began_on=(meets_on or first_on) if is_done else None,
        done_on=(meets_on or was_done_on) if is_done else None,
    )


def _in(year: int, day: Day) -> date:
    return date(year, day[1], day[0])
