"""A household's places as entries of its own calendar, the same in letters and in its feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status, Visibility
from booking.libraries.rules import best_text
from booking.people.calendar_rules import CalendarTitle, names_shown
from booking.people.models import Family
from booking.signups.booked_rules import Standing, Step, Turns, turns_until
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import SignupState
from booking.tokens import derived_uid


@dataclass(frozen=True, kw_only=True)
class Household:
    """What was asked for with one form: the sign-ups in their order, and each with its history."""

    family: Family
    occasion: Occasion
    signups: Sequence[Signup]
    moves: Mapping[int, Sequence[SignupMove]]


@dataclass(frozen=True, kw_only=True)
class Booked:
    """One meeting in a household's calendar.

    Without a `title` it only says that it is the library; `slug` leads to the activity's page, where there
    is one that all may see.
    """

    meeting_id: int
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    changed_at: datetime
    standing: Standing
    title: str | None
    names: tuple[str, ...]
    place: str
    slug: str | None


@dataclass(frozen=True, kw_only=True)
class _Shown:
    title: str | None
    place: str
    slug: str | None


def entries_of(household: Household) -> list[Booked]:
    """Return the household's entries in the order of their dates; none where no place was ever its own."""
    steps = [step for signup in household.signups for step in _steps(signup, household.moves)]
    meetings = sorted(household.occasion.meetings, key=lambda each: (each.starts_at, each.id))
    turns = [(meeting, turns_until(steps, meeting.ends_at)) for meeting in meetings]
    return [_entry(household, meeting, its, steps) for meeting, its in turns if its.count]


def _entry(household: Household, meeting: Meeting, turns: Turns, steps: Iterable[Step]) -> Booked:
    family = household.family
    children = {each.participant_id: each.participant for each in household.signups}
    shown = _shown(household, meeting)
    is_shielded = any(each.participant.is_shielded for each in household.signups)
    names = [] if is_shielded else [children[number].first_name for number in turns.children]
    is_off = meeting.state is MeetingState.CALLED_OFF and turns.standing is Standing.ON
    changes = [meeting.shown_at, *(step.at for step in steps)]
    if family.calendar_changed_at:
        changes.append(family.calendar_changed_at)
    return Booked(
        meeting_id=meeting.id,
        # Whoever asked first lends its identity: it stays when a sibling comes along or leaves. The meeting's
        # own is public, and an entry without a title must not give away by it what it is about.
        uid=derived_uid(household.signups[0].uid, meeting.uid),
        sequence=meeting.shown_sequence + turns.count - 1,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        made_at=min(step.at for step in steps),
        changed_at=max(changes),
        standing=Standing.CALLED_OFF if is_off else turns.standing,
        title=shown.title,
        names=tuple(names_shown(names, choice=family.calendar_names)),
        place=shown.place,
        slug=shown.slug,
    )


def _shown(household: Household, meeting: Meeting) -> _Shown:
    activity = household.occasion.activity
    # Where a shielded child is, is nobody's business who sees the calendar (domain: B6).
    if any(signup.participant.is_shielded for signup in household.signups):
        return _Shown(title=None, place="", slug=None)
    if household.family.calendar_title is CalendarTitle.LIBRARY:
        return _Shown(title=None, place="" if activity.place_name else _address(activity), slug=None)
    is_open = activity.visibility is Visibility.PUBLIC and activity.status is Status.PUBLISHED
    return _Shown(
        title=best_text(activity.texts, household.family.language).title,
        place=_place(activity, meeting.room),
        slug=activity.slug if is_open else None,
    )


def _place(activity: Activity, room: str) -> str:
    if activity.place_name:
        return ", ".join(part for part in (activity.place_name, room) if part)
    library = activity.library
    return ", ".join(part for part in (library.name, room, _street(activity)) if part)


def _address(activity: Activity) -> str:
    return f"{activity.library.name}, {_street(activity)}"


def _street(activity: Activity) -> str:
    library = activity.library
    return f"{library.street}, {library.postcode} {library.town}"


def _steps(signup: Signup, moves: Mapping[int, Sequence[SignupMove]]) -> list[Step]:
    taken = SignupState.CONFIRMED
    told = [
        _step(signup, move.at, move.id, move.to_state)
        for move in moves.get(signup.id, ())
        if taken in {move.from_state, move.to_state}
    ]
    if not told and signup.state is SignupState.CALLED_OFF:
        told = [_step(signup, signup.changed_at, signup.id, signup.state)]
    begins = bool(told) and told[0].to is taken
    if begins or not (told or signup.state is taken):
        return told
    # A place that came without its history was taken when it was asked for.
    return [_step(signup, signup.asked_at, 0, taken), *told]


def _step(signup: Signup, at: datetime, number: int, to: SignupState) -> Step:
    return Step(at=at, number=number, child=signup.participant_id, to=to)
