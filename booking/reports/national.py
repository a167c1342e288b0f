"""Counting a year's meetings into the form of the national library statistics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from booking.participation.national import HeldMeeting
from booking.reports.national_form import FormLine, NationalForm

NOWHERE: Final = ""


class LeftOut(StrEnum):
    """Why a meeting that was held is not counted."""

    INTERNAL = "internal"
    NOT_ANNOUNCED = "not_announced"
    NO_COLUMN = "no_column"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many events, and how many participants at them."""

    events: int = 0
    participants: int = 0


@dataclass(frozen=True, kw_only=True)
class CountedMeeting:
    """One meeting and where it stands: its column, and its row in each part; or why it is not counted."""

    meeting: HeldMeeting
    column: str
    rows: Mapping[str, str]
    left_out: LeftOut | None


@dataclass(frozen=True, kw_only=True)
class NationalYear:
    """A year of one library as the form asks for it."""

    form: NationalForm
    meetings: tuple[CountedMeeting, ...]

    @property
    def counted(self) -> Sequence[CountedMeeting]:
        """Return the meetings that are behind the numbers."""
        return [each for each in self.meetings if each.left_out is None]

    @property
    def not_counted(self) -> Sequence[CountedMeeting]:
        """Return the meetings that were held and are no events by the form."""
        return [each for each in self.meetings if each.left_out is not None]

    def tally(self, column: str, part: str | None = None, row: str = NOWHERE) -> Tally:
        """Return the number in one field of the form; without a part, the sum of the column."""
        return _tally(
            each
            for each in self.counted
            if each.column == column and (part is None or each.rows[part] == row)
        )


def count_year(form: NationalForm, meetings: Iterable[HeldMeeting]) -> NationalYear:
    """Put each meeting where it belongs on the form."""
    return NationalYear(form=form, meetings=tuple(_placed(form, meeting) for meeting in meetings))


def _placed(form: NationalForm, meeting: HeldMeeting) -> CountedMeeting:
    column = _first(form.columns, meeting)
    rows = {part.code: _first(part.rows, meeting) for part in form.parts}
    why = _why_not(form, meeting, column)
    return CountedMeeting(meeting=meeting, column=column, rows=rows, left_out=why)


def _why_not(form: NationalForm, meeting: HeldMeeting, column: str) -> LeftOut | None:
    if meeting.activity_kind in form.leaves_out_kinds or meeting.statistics_type in form.leaves_out_types:
        return LeftOut.INTERNAL
    if not meeting.announced_before:
        return LeftOut.NOT_ANNOUNCED
    return None if column else LeftOut.NO_COLUMN


def _first(lines: Iterable[FormLine], meeting: HeldMeeting) -> str:
    told = {
        "types": meeting.statistics_type,
        "targets": meeting.statistics_target,
        "responsibilities": meeting.statistics_responsibility,
    }
    fitting = (
        line.code
        for line in lines
        if all(not wanted or told[name] in wanted for name, wanted in line.fits.items())
    )
    return next(fitting, NOWHERE)


def _tally(several: Iterable[CountedMeeting]) -> Tally:
    counts = [each.meeting.participants for each in several]
    return Tally(events=len(counts), participants=sum(counts))
