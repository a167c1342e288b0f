"""What is reckoned once from the facts of a meeting, so that many meetings are counted in a moment."""

from collections.abc import Callable, Mapping
from typing import Final

from booking.participation.months import week_of
from booking.participation.rules import AgeBand, HeadcountBand, MeetingFacts, Outcome, PersonEntry

SECTOR_MARK: Final = "|"


def _came(entry: PersonEntry) -> bool:
    return entry.outcome is Outcome.CAME


def _is_young(entry: PersonEntry) -> bool:
    return entry.age_band is not AgeBand.OVER_18


# Each count of persons in a meeting, by its column.
COUNTS: Final[Mapping[str, Callable[[PersonEntry], bool]]] = {
    "named": lambda entry: _came(entry) and _is_young(entry),
    "named_adults": lambda entry: _came(entry) and not _is_young(entry),
    "booked": lambda entry: entry.booked_at_deadline,
    "no_shows": lambda entry: entry.booked_at_deadline and entry.outcome is Outcome.DID_NOT_COME,
    "late_cancellations": lambda entry: entry.booked_at_deadline and entry.outcome is Outcome.CANCELLED_LATE,
    "queued": lambda entry: entry.was_queued,
    "offered_and_came": lambda entry: entry.was_offered and _came(entry),
    "permitted": lambda entry: entry.was_booked,
    "permitted_and_came": lambda entry: entry.was_booked and _came(entry),
}


def reckoned(facts: MeetingFacts) -> Mapping[str, int | str]:
    """Return what follows from the facts of one meeting, by column."""
    counted = {entry.band: entry.persons for entry in facts.headcounts}
    companions = counted.get(HeadcountBand.ADULTS, 0)
    return {
        "day": facts.held_on.toordinal(),
        "iso_week": week_of(facts.held_on),
        "seconds": int((facts.ends_at - facts.starts_at).total_seconds()),
        "partner_sectors": sectors_text({entry.sector for entry in facts.partners}),
        "anonymous": sum(counted.values()) - companions,
        "companions": companions,
        **{name: sum(map(counts, facts.persons)) for name, counts in COUNTS.items()},
    }


def sectors_text(sectors: set[str]) -> str:
    """Return sectors as one text in which each is found between two marks."""
    return "".join(f"{SECTOR_MARK}{sector}" for sector in sorted(sectors)) + SECTOR_MARK * bool(sectors)


def sectors_in(text: str) -> list[str]:
    """Return the sectors of such a text."""
    return [sector for sector in text.split(SECTOR_MARK) if sector]
