"""What everybody knows of the counts of a half-year beforehand, whatever is let out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from booking.publications.ledger import BANDS, CAME, KINDS, ONCE, RETURNED, HalfYear, Key, Measure
from booking.publications.protection import Limit
from booking.publications.tables import ALL


@dataclass(frozen=True)
class Beforehand:
    """The counts of a half-year, numbered: who came again came twice, and none came but to a place."""

    half_year: HalfYear
    parts: Mapping[tuple[int, Key], int]
    values: Sequence[int]

    def limits(self) -> Iterator[Limit]:
        """Return what follows from the words."""
        for month in range(len(self.half_year.blocks)):
            for library in self.half_year.libraries_in(month):
                for band in BANDS:
                    fewer = self._times(1, [(month, (Measure.UNIQUE, library, band))])
                    came = [(month, (Measure.ATTENDANCES, library, f"{band} {kind}")) for kind in KINDS]
                    yield Limit(fewer=fewer, more=self._times(1, came))
        if self.half_year.is_over:
            yield from self._limits_of_the_whole()

    def rooms(self) -> Iterator[Limit]:
        """Return how many there could have been at most, as everybody can read who looks for the places."""
        for month in range(len(self.half_year.blocks)):
            yield from self._room_in(month)
        if self.half_year.is_over:
            for library in self.half_year.libraries:
                if (places := self._booked_at_most(library)) is not None:
                    yield self._at_most(places, self._all_months(Measure.BOOKED, library))

    def _room_in(self, month: int) -> Iterator[Limit]:
        for (library, kind, bands), room in self.half_year.blocks[month].room.items():
            if bands:
                came = [(month, (Measure.ATTENDANCES, library, f"{band} {kind}")) for band in bands]
                yield self._at_most(room, came)

    def _limits_of_the_whole(self) -> Iterator[Limit]:
        last = len(self.half_year.blocks) - 1
        for library in self.half_year.libraries:
            unique = self._all_months(Measure.UNIQUE, library)
            attendances = self._all_months(Measure.ATTENDANCES, library)
            returned = [(last, (Measure.RETURNING, library, RETURNED))]
            once = [(last, (Measure.RETURNING, library, ONCE))]
            yield from _equal(self._times(1, unique), self._times(1, returned + once))
            came = self._times(1, attendances)
            yield Limit(fewer=self._times(2, returned) + self._times(1, once), more=came)
            yield Limit(fewer=self._times(1, [(last, (Measure.BOOKED, library, CAME))]), more=came)
        residents = [(last, (Measure.RESIDENTS, place, ALL)) for place in self.half_year.municipalities]
        grown = [name for name in self.parts if name[1][0] is Measure.UNIQUE and name[1][2] != BANDS[0]]
        yield from _equal(self._times(1, residents), self._times(1, grown))

    def _booked_at_most(self, library: str) -> int | None:
        """Return how many places could be booked in the half-year; older versions of the rule did not ask."""
        room = self.half_year.blocks[-1].room
        places = [persons for (its, _kind, bands), persons in room.items() if its == library and not bands]
        return sum(places) if places else None

    def _at_most(self, room: int, names: Sequence[tuple[int, Key]]) -> Limit:
        # A register that was closed late counts with a later month: no limit is ever below what is there.
        parts = self._times(1, names)
        there = sum(self.values[part] for _times, part in parts)
        return Limit(fewer=parts, beyond=max(room, there))

    def _all_months(self, measure: Measure, library: str) -> list[tuple[int, Key]]:
        return [name for name in self.parts if name[1][:2] == (measure, library)]

    def _times(self, times: int, names: Sequence[tuple[int, Key]]) -> tuple[tuple[int, int], ...]:
        return tuple((times, self.parts[name]) for name in names if name in self.parts)


def _equal(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> Iterator[Limit]:
    yield Limit(fewer=one, more=other)
    yield Limit(fewer=other, more=one)
