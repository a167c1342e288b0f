"""Counting facts one by one, as one would on paper: slow, and plain to see that it is right."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from booking.participation.figures import Scope
from booking.participation.rules import (
    OWN_SECTOR,
    PILOT,
    WAS_HELD,
    WORKSHOP,
    AgeBand,
    HeadcountBand,
    MeetingFacts,
    Outcome,
    PersonEntry,
)
from booking.participation.tallies import NONE, UNKNOWN, Dimension, Measure, Tallies

Key = tuple[int, str]


@dataclass(frozen=True)
class Visit:
    """A child or youth with a name at a meeting."""

    meeting: MeetingFacts
    entry: PersonEntry

    @property
    def person(self) -> Key:
        """Who it was: somebody at one library."""
        return self.meeting.library_id, self.entry.person_key


def _seconds(meeting: MeetingFacts) -> int:
    return int((meeting.ends_at - meeting.starts_at).total_seconds())


def _is_in(scope: Scope, meeting: MeetingFacts) -> bool:
    sectors = {each.sector for each in meeting.partners}
    return (
        meeting.outcome in WAS_HELD
        and meeting.library_id in scope.library_ids
        and scope.period.first <= meeting.held_on <= scope.period.last
        and meeting.activity_kind not in scope.leaving_out
        and (not scope.pilots_only or meeting.activity_kind == PILOT)
        and (scope.activity_ids is None or meeting.activity_id in scope.activity_ids)
        and (scope.kinds is None or meeting.activity_kind in scope.kinds)
        and (scope.partner_sectors is None or bool(sectors & set(scope.partner_sectors)))
    )


def _in_order(meeting: MeetingFacts) -> tuple[object, str]:
    return meeting.starts_at, meeting.meeting_uid


def visits_of(meetings: Iterable[MeetingFacts]) -> list[Visit]:
    """Return the visits of children and youth with a name, in the order of their time."""
    return [
        Visit(meeting, entry)
        for meeting in sorted(meetings, key=_in_order)
        if meeting.outcome in WAS_HELD
        for entry in meeting.persons
        if entry.outcome is Outcome.CAME and entry.age_band is not AgeBand.OVER_18
    ]


def _first_visits(meetings: Iterable[MeetingFacts]) -> list[Visit]:
    first: dict[Key, Visit] = {}
    for visit in visits_of(meetings):
        first.setdefault(visit.person, visit)
    return list(first.values())


def _anonymous(meeting: MeetingFacts) -> int:
    return sum(each.persons for each in meeting.headcounts if each.band is not HeadcountBand.ADULTS)


def _weeks(days: Collection[date]) -> int:
    return (max(days) - min(days)).days // 7 + 1


def tallies_of(
    meetings: Sequence[MeetingFacts],
    scope: Scope,
    *,
    population: Mapping[int, int],
    home: Mapping[int, str],
) -> Tallies:
    """Return the tallies of a scope; `home` is each library's place, `population` its residents."""
    inside = [meeting for meeting in meetings if _is_in(scope, meeting)]
    visits = visits_of(inside)
    by_person: dict[Key, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_person[visit.person].append(visit)
    entries = [(meeting, entry) for meeting in inside for entry in meeting.persons]
    named = Counter(visit.meeting.meeting_uid for visit in visits)
    seconds = {key: sum(_seconds(each.meeting) for each in found) for key, found in by_person.items()}
    came = [entry for _, entry in entries if entry.outcome is Outcome.CAME]
    booked = [entry for _, entry in entries if entry.booked_at_deadline]
    completed, began = _courses(inside)
    last = {key: found[-1].entry for key, found in by_person.items()}
    grown_up = sum(entry.age_band is AgeBand.OVER_18 for entry in came)
    companions = sum(
        each.persons for meeting in inside for each in meeting.headcounts if each.band is HeadcountBand.ADULTS
    )
    return Tallies(
        sessions=len(inside),
        named_attendances=len(visits),
        anonymous_attendances=sum(map(_anonymous, inside)),
        anonymous_at_workshops=sum(
            _anonymous(meeting) for meeting in inside if meeting.activity_kind == WORKSHOP
        ),
        anonymous_at_courses=sum(_anonymous(meeting) for meeting in inside if meeting.is_course),
        adults=grown_up + companions,
        contact_seconds=sum(
            _seconds(meeting) * (named[meeting.meeting_uid] + _anonymous(meeting)) for meeting in inside
        ),
        named_seconds=sum(seconds.values()),
        booked=len(booked),
        no_shows=sum(entry.outcome is Outcome.DID_NOT_COME for entry in booked),
        late_cancellations=sum(entry.outcome is Outcome.CANCELLED_LATE for entry in booked),
        present_at_places=sum(
            sum(entry.outcome is Outcome.CAME for entry in meeting.persons) + _anonymous(meeting)
            for meeting in inside
            if meeting.capacity is not None
        ),
        places=sum(meeting.capacity or 0 for meeting in inside),
        waited=sum(entry.was_queued for _, entry in entries)
        + sum(meeting.waited_in_vain for meeting in inside),
        offered_and_came=sum(entry.was_offered for entry in came),
        asked=sum(meeting.asked for meeting in inside),
        permitted=sum(entry.was_booked for _, entry in entries),
        permitted_and_came=sum(entry.was_booked for entry in came),
        with_other_sector=sum(
            any(each.sector != OWN_SECTOR for each in meeting.partners) for meeting in inside
        ),
        unique=len(by_person),
        returned=sum(len({each.meeting.held_on for each in found}) > 1 for found in by_person.values()),
        activities_each=sum(
            len({each.meeting.activity_id for each in found}) for found in by_person.values()
        ),
        kinds_each=sum(len({each.meeting.activity_kind for each in found}) for found in by_person.values()),
        in_workshops=sum(
            any(each.meeting.activity_kind == WORKSHOP for each in found) for found in by_person.values()
        ),
        new=sum(_is_in(scope, visit.meeting) for visit in _first_visits(meetings)),
        completed=completed,
        began_course=began,
        residents=sum(
            entry.municipality_code == home[library]
            and entry.age_band in {AgeBand.AGE_6_12, AgeBand.AGE_13_15, AgeBand.AGE_16_18}
            for (library, _), entry in last.items()
        ),
        population=sum(population.get(library, 0) for library in set(scope.library_ids)),
        visits_each=dict(Counter(len(found) for found in by_person.values())),
        seconds_each=dict(Counter(seconds.values())),
        weeks_each=dict(
            Counter(_weeks([each.meeting.held_on for each in found]) for found in by_person.values())
        ),
    )


def _courses(inside: Sequence[MeetingFacts]) -> tuple[int, int]:
    by_course: dict[int, list[MeetingFacts]] = defaultdict(list)
    for meeting in inside:
        if meeting.is_course:
            by_course[meeting.occasion_id].append(meeting)
    completed = began = 0
    for held in by_course.values():
        in_order = sorted(held, key=_in_order)
        times = Counter(visit.person for visit in visits_of(in_order))
        completed += sum(4 * count >= 3 * len(held) for count in times.values())
        began += len({visit.person for visit in visits_of(in_order[:2])})
    return completed, began


def counts_of(  # noqa: C901, PLR0912 – one paragraph for each measure
    meetings: Sequence[MeetingFacts], scope: Scope, *, by: tuple[Dimension, ...], measure: Measure
) -> Mapping[tuple[str, ...], int]:
    """Return the counts of the scope by these dimensions; what is nought is left out."""
    inside = [meeting for meeting in meetings if _is_in(scope, meeting)]
    counts: Counter[tuple[str, ...]] = Counter()
    visits = visits_of(inside)
    if measure is Measure.SESSIONS:
        for meeting in inside:
            counts.update(_keys(meeting, None, by))
    if measure is Measure.UNIQUE:
        last = {visit.person: visit.entry for visit in visits}
        found = {
            (key, visit.person) for visit in visits for key in _keys(visit.meeting, last[visit.person], by)
        }
        counts.update(key for key, _ in found)
    if measure is Measure.NEW:
        for visit in _first_visits(meetings):
            if _is_in(scope, visit.meeting):
                counts.update(_keys(visit.meeting, visit.entry, by))
    if measure in {Measure.NAMED_ATTENDANCES, Measure.ATTENDANCES, Measure.ALL_ATTENDANCES}:
        for visit in visits:
            counts.update(_keys(visit.meeting, visit.entry, by))
    if measure in {Measure.ANONYMOUS_ATTENDANCES, Measure.ATTENDANCES, Measure.ALL_ATTENDANCES}:
        _count_headcounts(inside, by, counts, adults=measure is Measure.ALL_ATTENDANCES)
    if measure is Measure.ALL_ATTENDANCES:
        for meeting in inside:
            for entry in meeting.persons:
                if entry.outcome is Outcome.CAME and entry.age_band is AgeBand.OVER_18:
                    counts.update(_keys(meeting, entry, by))
    return {key: count for key, count in counts.items() if count}


def _count_headcounts(
    inside: Iterable[MeetingFacts],
    by: tuple[Dimension, ...],
    counts: Counter[tuple[str, ...]],
    *,
    adults: bool,
) -> None:
    for meeting in inside:
        for each in meeting.headcounts:
            if adults or each.band is not HeadcountBand.ADULTS:
                for key in _keys(meeting, each.band, by):
                    counts[key] += each.persons


def _keys(
    meeting: MeetingFacts, who: PersonEntry | HeadcountBand | None, by: tuple[Dimension, ...]
) -> list[tuple[str, ...]]:
    return list(product(*(_parts(meeting, who, dimension) for dimension in by)))


def _parts(  # noqa: C901, PLR0911 – one line for each dimension
    meeting: MeetingFacts, who: PersonEntry | HeadcountBand | None, dimension: Dimension
) -> list[str]:
    match dimension:
        case Dimension.LIBRARY:
            return [str(meeting.library_id)]
        case Dimension.ACTIVITY:
            return [str(meeting.activity_id)]
        case Dimension.KIND:
            return [meeting.activity_kind]
        case Dimension.PARTNER_SECTOR:
            return sorted({each.sector for each in meeting.partners}) or [NONE]
        case Dimension.WEEK:
            return ["{:04}-W{:02}".format(*meeting.held_on.isocalendar()[:2])]
        case Dimension.MONTH:
            return [f"{meeting.held_on:%Y-%m}"]
    if who is None:
        message = f"meetings are of no {dimension}"
        raise ValueError(message)
    if dimension is Dimension.AGE_BAND:
        if isinstance(who, HeadcountBand):
            return ["19_up" if who is HeadcountBand.ADULTS else who.value]
        return [who.age_band.value]
    if isinstance(who, HeadcountBand):
        return [UNKNOWN]
    return [who.municipality_code if dimension is Dimension.MUNICIPALITY else (who.grade_band or UNKNOWN)]
