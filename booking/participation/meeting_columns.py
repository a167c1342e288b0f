"""Meetings of several months as columns of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from booking.participation.figures import Scope
from booking.participation.months import COUNTED, MEETING, Numbers, Words, partners_in, unpacked
from booking.participation.rules import PILOT

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class MeetingColumns:
    """Meetings of a scope in columns, in the order of libraries and, at each of them, of time.

    Kinds and partners of meetings, and what was told of persons, are places in the lists of words.
    """

    scope: Scope
    parts: Mapping[str, Sequence[Any]]

    @cached_property
    def kinds(self) -> Words:
        """The kinds of activities that there are in these months."""
        return self._words("kinds")

    @cached_property
    def partner_sets(self) -> Words:
        """Which organisations had a part in meetings together."""
        return self._words("partner_sets")

    @cached_property
    def person_words(self) -> Words:
        """What was told of persons: municipality, age band and grade band."""
        return self._words("person_words")

    @cached_property
    def all_meetings(self) -> Mapping[str, Numbers]:
        """Every meeting of the months, also before and after the scope's days, and of other kinds."""
        columns = dict(zip(MEETING, self.unpacked("meetings", self.sizes, rows=len(MEETING)), strict=True))
        columns["activity_kind"] = self.placed("kinds", columns["activity_kind"], self.sizes)
        columns["partners"] = self.placed("partner_sets", columns["partners"], self.sizes)
        for name in ("library_id", "month"):
            columns[name] = np.repeat(self.each(name), self.sizes)
        return columns

    @cached_property
    def meetings(self) -> Mapping[str, Numbers]:
        """The meetings of the scope that were held."""
        return {name: picked(column, self.is_held) for name, column in self.all_meetings.items()}

    @cached_property
    def known(self) -> Mapping[str, Numbers]:
        """The meetings of the scope, those that did not happen too."""
        return {name: column[self._is_about] for name, column in self.all_meetings.items()}

    @cached_property
    def counted(self) -> Mapping[str, Numbers]:
        """What was counted at the meetings that were held."""
        several = self.unpacked("counted", self.sizes, rows=len(COUNTED))
        return {name: picked(column, self.is_held) for name, column in zip(COUNTED, several, strict=True)}

    @cached_property
    def sizes(self) -> Numbers:
        """How many meetings there are in each month."""
        return self.each("size")

    @cached_property
    def is_held(self) -> Flags:
        """Whether each meeting of the months is in the scope, and was held."""
        flags: Flags = self._is_about & (self.all_meetings["was_held"] == 1)
        return flags

    @cached_property
    def places(self) -> Numbers:
        """The place of each meeting among those that were held in the scope; below nought for others."""
        places: Numbers = np.where(self.is_held, np.cumsum(self.is_held) - 1, -1)
        return places

    @cached_property
    def _is_about(self) -> Flags:
        day, period = self.all_meetings["day"], self.scope.period
        flags = (day >= period.first.toordinal()) & (day <= period.last.toordinal())
        if self.scope.activity_ids is not None:
            flags &= np.isin(self.all_meetings["activity_id"], list(self.scope.activity_ids))
        kinds = np.array([self._is_of_kind(kind) for kind in self.kinds.listed], dtype=np.bool_)
        flags &= kinds[self.all_meetings["activity_kind"]]
        if self.scope.partner_sectors is not None:
            wanted = set(self.scope.partner_sectors)
            sets = [{sector for _, sector in partners_in(word)} for word in self.partner_sets.listed]
            flags &= np.array([bool(each & wanted) for each in sets])[self.all_meetings["partners"]]
        return flags

    def _is_of_kind(self, kind: str) -> bool:
        scope = self.scope
        return (
            kind not in scope.leaving_out
            and (not scope.pilots_only or kind == PILOT)
            and (scope.kinds is None or kind in scope.kinds)
        )

    def each(self, name: str) -> Numbers:
        """Return a number of each month."""
        return np.array(self._parts(name), dtype=np.int64)

    def unpacked(self, name: str, sizes: Numbers, *, rows: int = 1) -> Numbers:
        """Return the numbers of a column, of which each month has so many in each of its rows."""
        return unpacked(self._parts(name), sizes.tolist(), rows=rows)

    def _parts(self, name: str) -> Sequence[Any]:
        """Return what a column holds of each month."""
        # Where there are no months there is nothing of them; a column that was not asked for is a mistake.
        return self.parts[name] if self.parts else ()

    def _words(self, name: str) -> Words:
        words = Words()
        for text in self._parts(name):
            words.places_of(text)
        return words

    def placed(self, name: str, local: Numbers, sizes: Numbers) -> Numbers:
        """Return places in the lists of single months as places in the one list for all of them."""
        words: Words = getattr(self, name)
        lists = [words.places_of(text) for text in self._parts(name)]
        places = np.fromiter(chain.from_iterable(lists), dtype=np.int64)
        offsets = begins(np.array([len(each) for each in lists], dtype=np.int64))
        return places[local + np.repeat(offsets, sizes)]


def begins(sizes: Numbers) -> Numbers:
    """Return where each part begins, of parts of these sizes one after the other."""
    return np.cumsum(sizes) - sizes


def picked(column: Numbers, flags: Flags) -> Numbers:
    """Return the numbers that are flagged; as they are where all of them are."""
    return column if flags.all() else column[flags]
