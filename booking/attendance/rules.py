"""What a mark at the door can say, and how the marks of several phones become one register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from booking.participation.rules import HeadcountBand


class Standing(StrEnum):
    """What is known of one person at one meeting. Booked is none of these: nobody came by having booked."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"
    NOT_KNOWN = "not_known"


# The device of what is decided at the closing of those who are not known: nobody saw it.
AT_CLOSING: Final = "closing"


@dataclass(frozen=True, kw_only=True)
class MarkEvent:
    """One tick, as a phone told it. The same tick may be told many times, and in any order."""

    event_id: str
    participant_id: int
    standing: Standing
    happened_at: datetime
    device: str


@dataclass(frozen=True, kw_only=True)
class HeadcountEvent:
    """So many more, or fewer, who dropped in, as a phone told it."""

    event_id: str
    band: HeadcountBand
    delta: int


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Who told it on which phone, and when it happened if the phone says so."""

    event_id: str
    told_at: datetime | None
    device: str
    account_id: int


@dataclass(frozen=True, kw_only=True)
class FoldedMarks:
    """The register that follows from the ticks. Whoever has none is not known, and so is not in here."""

    standings: Mapping[int, Standing]
    contradicted: frozenset[int]

    def standing_of(self, participant_id: int) -> Standing:
        """Return what is known of the person; nothing is taken for granted."""
        return self.standings.get(participant_id, Standing.NOT_KNOWN)


def fold_marks(events: Iterable[MarkEvent]) -> FoldedMarks:
    """Return one register, the same for every order of the ticks and every repetition.

    Per person the tick that happened last stands; of two at the same instant the one with the
    greater id does. Where another phone's last word was that the person came, or did not, and
    that is not what stands, the person is contradicted; to know nothing contradicts nobody.
    What was decided at the closing gives way to whatever somebody saw, even if that is told later.
    """
    last: dict[int, MarkEvent] = {}
    last_by_device: dict[tuple[int, str], MarkEvent] = {}
    for event in _without_guesses(sorted(_each_once(events), key=_when_then_id)):
        last[event.participant_id] = event
        last_by_device[event.participant_id, event.device] = event
    contradicted = {
        participant_id
        for (participant_id, _device), event in last_by_device.items()
        if event.standing not in {Standing.NOT_KNOWN, last[participant_id].standing}
    }
    return FoldedMarks(
        standings={participant_id: event.standing for participant_id, event in last.items()},
        contradicted=frozenset(contradicted),
    )


def fold_headcount(events: Iterable[HeadcountEvent]) -> Mapping[HeadcountBand, int]:
    """Return how many dropped in, by band: the sum of all that the phones told, never below nought."""
    once = {event.event_id: event for event in sorted(events, key=_band_then_delta)}
    return {
        band: max(0, sum(event.delta for event in once.values() if event.band is band))
        for band in HeadcountBand
    }


def _each_once(events: Iterable[MarkEvent]) -> Iterable[MarkEvent]:
    # Should one id ever come with two contents, the choice must not depend on which arrived first.
    return {event.event_id: event for event in sorted(events, key=_when_then_content)}.values()


def _without_guesses(in_order: Sequence[MarkEvent]) -> Sequence[MarkEvent]:
    seen = {event.participant_id: event.standing for event in in_order if event.device != AT_CLOSING}
    return [
        event
        for event in in_order
        if event.device != AT_CLOSING
        or seen.get(event.participant_id, Standing.NOT_KNOWN) is Standing.NOT_KNOWN
    ]


def _when_then_id(event: MarkEvent) -> tuple[datetime, str]:
    return event.happened_at, event.event_id


def _when_then_content(event: MarkEvent) -> tuple[datetime, int, str, str]:
    return event.happened_at, event.participant_id, event.standing.value, event.device


def _band_then_delta(event: HeadcountEvent) -> tuple[str, int]:
    return event.band.value, event.delta
