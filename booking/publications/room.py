"""How many there could have been, for all that anybody knows: as many as there were places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

Bands = tuple[str, ...]
# Those of some ages at the meetings of one kind in a library; without ages whoever booked a place.
Crowd = tuple[str, str, Bands]


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """One meeting that was held: how many places it had, if they were limited, and who came."""

    library: str
    kind: str
    places: int | None
    came: Mapping[str, int]

    def room(self) -> int | None:
        """Return how many there could have been: where more came than there were places, as many as came."""
        return None if self.places is None else max(self.places, sum(self.came.values()))


def room_of(gatherings: Sequence[Gathering]) -> Mapping[Crowd, int]:
    """Return how many each crowd could have been at these meetings together, where all of them were limited.

    Every group of ages has a line of its own, as each meeting is for some: children of some ages can all have
    a place just if no group of these ages is more than the places at the meetings that it may come to (Hall's
    condition). Lines that others say already are left out.
    """
    return dict(_lines(gatherings))


def _lines(gatherings: Sequence[Gathering]) -> Iterator[tuple[Crowd, int]]:
    ordered = sorted(gatherings, key=_where)
    for (library, kind), several in groupby(ordered, key=_where):
        held = list(several)
        found: dict[Bands, int] = {}
        bands = sorted({band for each in held for band, persons in each.came.items() if persons})
        for size in range(1, len(bands) + 1):
            for group in combinations(bands, size):
                room = _together([each for each in held if any(each.came.get(band) for band in group)])
                if room is not None and not _is_said(group, room, found):
                    found[group] = room
        yield from (((library, kind, group), room) for group, room in found.items())


def _where(gathering: Gathering) -> tuple[str, str]:
    return gathering.library, gathering.kind


def _together(gatherings: Sequence[Gathering]) -> int | None:
    rooms = [each.room() for each in gatherings]
    known = [room for room in rooms if room is not None]
    return sum(known) if len(known) == len(rooms) else None


def _is_said(group: Bands, room: int, found: Mapping[Bands, int]) -> bool:
    """Tell whether the group is in two parts that cannot be more than this together."""
    for size in range(1, len(group) // 2 + 1):
        for part in combinations(group, size):
            rest = tuple(band for band in group if band not in part)
            if part in found and rest in found and found[part] + found[rest] <= room:
                return True
    return False
