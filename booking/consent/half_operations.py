"""Keeping half a yes until what is missing is there, and letting it go."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from booking.consent.rules import WordingPurpose
from booking.consent.shared import runs_out_at
from booking.consent.shared_models import Accord, HalfYes

_SAID: Final = (
    "participant_id",
    "occasion_id",
    "purpose",
    "library_id",
    "wording_id",
    "capacity",
    "established",
    "way",
    "child_answer",
    "age_rule_id",
)
_ABOUT: Final = ("participant_id", "occasion_id", "purpose")


def keep_half_yeses(
    session: Session, *, said: Sequence[Mapping[str, Any]], now: datetime, over_at: datetime | None
) -> None:
    """Keep each half yes as a consent would be kept; said again it is the newer one, whoever was asked."""
    times = {"said_at": now, "over_at": over_at, "runs_out_at": runs_out_at(now)}
    rows = [{**{name: each[name] for name in _SAID}, **times, "letters": 0} for each in said]
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    new = insert(HalfYes).values(rows)
    newer = {name: new.excluded[name] for name in (*_SAID, *times) if name not in _ABOUT}
    session.execute(new.on_conflict_do_update(index_elements=_ABOUT, set_=newer))


def drop_half_yeses(
    session: Session,
    *,
    participant_ids: Collection[int],
    occasion_id: int | None = None,
    purpose: WordingPurpose | None = None,
) -> None:
    """Let half yeses go: all of these children's, or those about one occasion or purpose; twice is once."""
    about: list[ColumnElement[bool]] = [HalfYes.participant_id.in_(participant_ids)]
    if occasion_id is not None:
        about.append(HalfYes.occasion_id == occasion_id)
    if purpose is not None:
        about.append(HalfYes.purpose == purpose)
    session.execute(delete(HalfYes).where(*about).execution_options(synchronize_session="fetch"))


def move_half_yeses(session: Session, *, participant_id: int, here_id: int, there_id: int) -> None:
    """Let what waits for a child at one occasion wait at another, where it is moved to."""
    drop_half_yeses(session, participant_ids=[participant_id], occasion_id=there_id)
    theirs = (HalfYes.participant_id == participant_id, HalfYes.occasion_id == here_id)
    session.execute(
        update(HalfYes)
        .where(*theirs)
        .values(occasion_id=there_id)
        .execution_options(synchronize_session="fetch")
    )


def rest_on_the_same(session: Session, *, accord: Accord, consent_id: int) -> None:
    """Let another consent rest on the same: one that was renewed, or of a place that was moved."""
    session.add(
        Accord(
            consent_id=consent_id,
            rests_on=accord.rests_on,
            first_said_at=accord.first_said_at,
            declared_at=accord.declared_at,
            other_guardian_id=accord.other_guardian_id,
            other_capacity=accord.other_capacity,
            other_wording_id=accord.other_wording_id,
            other_said_at=accord.other_said_at,
        )
    )
    session.flush()
