"""Holding what was kept beside figures that were let out against itself."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.reports.models import ToldBeside


def wrong_standings(session: Session) -> Iterator[str | None]:
    """Tell of what is kept beside figures and does not add up: meetings by week, and those of pilots."""
    told_beside = select(ToldBeside.publication_id, ToldBeside.told).order_by(ToldBeside.publication_id)
    for publication_id, told in session.execute(told_beside):
        held = {int(key): counts["held"] for key, counts in told["meetings"].items()}
        weeks, at_pilots = _by_week(told), sum(pilot["held"]["meetings"] for pilot in told["pilots"])
        is_wrong = any(weeks[key] != number for key, number in held.items()) or at_pilots > sum(held.values())
        yield f"beside publication {publication_id}: meetings do not add up" if is_wrong else None


def _by_week(told: dict[str, Any]) -> Counter[int]:
    found: Counter[int] = Counter()
    for library_id, _week, held in told["weeks"]:
        found[library_id] += held["meetings"]
    return found
