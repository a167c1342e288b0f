"""Ticks and counts that came after a register was closed, and wait for somebody to open it again."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import Standing
from booking.participation.rules import HeadcountBand


@dataclass(frozen=True, kw_only=True)
class Late:
    """What came too late: the last that was said of each, the sum of each band, and how many taps in all."""

    standings: Mapping[int, Standing]
    headcount: Mapping[HeadcountBand, int]
    taps: int


def late_for(session: Session, closing: Closing | None) -> Late:
    """Return what came after the closing; nothing while a register is open."""
    if closing is None:
        return Late(standings={}, headcount={}, taps=0)
    in_order = select(Mark).where(Mark.late_for_id == closing.id).order_by(Mark.happened_at, Mark.event_id)
    ticks = session.scalars(in_order).all()
    counts = session.scalars(select(HeadcountMark).where(HeadcountMark.late_for_id == closing.id)).all()
    sums: Counter[HeadcountBand] = Counter()
    for count in counts:
        sums[count.band] += count.delta
    return Late(
        standings={tick.participant_id: tick.standing for tick in ticks},
        headcount={band: total for band, total in sums.items() if total},
        taps=len(ticks) + len(counts),
    )


def meetings_with_late_taps(session: Session, meeting_ids: Collection[int]) -> frozenset[int]:
    """Return which of these meetings are closed while something that came later waits beside."""
    waits = union(
        *(
            select(Closing.meeting_id)
            .join(table, table.late_for_id == Closing.id)
            .where(Closing.reopened_at.is_(None), Closing.meeting_id.in_(meeting_ids))
            for table in (Mark, HeadcountMark)
        )
    )
    return frozenset(session.scalars(waits))
