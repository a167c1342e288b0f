"""Leave for who just came: noted at the door, or asked for by a link and answered by the guardian."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_queries import get_asked_for
from booking.attendance.walk_in_rules import (
    Asking,
    LeaveNow,
    TooYoungToAnswer,
    WalkInLeave,
    WalkInRequest,
    about_walk_in,
    established,
)
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.consent.ages import KnownAge, has_reached
from booking.consent.operations import Leave, record_permissions
from booking.consent.queries import age_rule_at, current_wording, wording_shown
from booking.consent.rules import Capacity, Established, WordingPurpose
from booking.libraries.rules import best_text
from booking.links.models import Link
from booking.links.operations import issue_link, note_used, revoke_links
from booking.links.rules import Purpose
from booking.outbox.operations import take_letters_back, write_letter
from booking.people.contact import read_email
from booking.people.models import Participant
from booking.people.operations import note_age, tell_contact
from booking.tokens import fingerprint

# As long as what is kept of who came with leave: until then the guardian can take it back by the link.
_LASTS: Final = timedelta(days=30)


def note_leave(
    session: Session,
    clock: Clock,
    *,
    walk_in: WalkIn,
    meeting: Meeting,
    request: WalkInRequest,
    account_id: int,
) -> None:
    """Keep the leave that staff were given at the door, on paper, or by a youth who answers alone.

    Refuses TooYoungToAnswer, and AgeUnclear where one question decides.
    """
    alone = request.asking is Asking.ALONE
    age_rule_id = None
    if alone:
        age_rule_id = _check_age(session, clock, walk_in.participant, meeting.occasion.activity, request)
    purpose = WordingPurpose.PERMISSION_SELF if alone else WordingPurpose.PERMISSION
    wording = current_wording(session, purpose=purpose, language=request.language)
    leave = Leave(
        wording_id=wording.id,
        capacity=Capacity.SELF if alone else request.capacity,
        established=established(request.asking),
        age_rule_id=age_rule_id,
        account_id=account_id,
    )
    _give(session, clock, walk_in, meeting, leave)


def note_leave_now(
    session: Session, clock: Clock, *, walk_in: WalkIn, meeting: Meeting, said: LeaveNow, account_id: int
) -> None:
    """Keep leave that a guardian gives at the door after all; given twice is once. Refuses NameRefused."""
    if walk_in.leave is WalkInLeave.GIVEN:
        return
    family = walk_in.participant.family
    tell_contact(session, family=family, name=said.name, language=said.language)
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=said.language)
    leave = Leave(
        wording_id=wording.id,
        capacity=said.capacity,
        established=Established.AT_THE_DESK,
        account_id=account_id,
    )
    _give(session, clock, walk_in, meeting, leave)


def ask_for_leave(session: Session, clock: Clock, *, walk_in: WalkIn, email: str | None) -> str:
    """Return the secret of the page on which a guardian answers, mailed as well where there is an address.

    Earlier links that nobody answered by open nothing any more. Refuses EmailNotUnderstood.
    """
    revoke_links(session, clock, purpose=Purpose.WALK_IN, subject_id=walk_in.id, unused_only=True)
    secret = issue_link(session, clock, purpose=Purpose.WALK_IN, subject_id=walk_in.id, lasts=_LASTS)
    if email is None:
        take_letters_back(session, clock, abouts=[about_walk_in(walk_in.id)])
    else:
        asked = get_asked_for(session, walk_in.id)
        activity = asked.meeting.occasion.activity
        write_letter(
            session,
            clock,
            key=f"walk_in:{walk_in.id}:{fingerprint(secret)[:16]}",
            about=about_walk_in(walk_in.id),
            template="walk_in_leave",
            address=read_email(email),
            language=walk_in.participant.family.language,
            library_id=activity.library_id,
            facts=_facts(asked, secret),
        )
    return secret


def guardian_answers_yes(
    session: Session,
    clock: Clock,
    *,
    link: Link,
    said: LeaveNow,
    digest: str,
) -> None:
    """Keep a guardian's leave, in the words that were read; twice is once.

    Refuses WordingChanged and NameRefused; NotFound when the child was erased.
    """
    walk_in = get_asked_for(session, link.subject_id)
    wording = wording_shown(session, purpose=WordingPurpose.PERMISSION, language=said.language, digest=digest)
    if walk_in.leave is WalkInLeave.GIVEN:
        return
    tell_contact(session, family=walk_in.participant.family, name=said.name, language=said.language)
    leave = Leave(wording_id=wording.id, capacity=said.capacity, established=Established.SELF_DECLARED)
    _give(session, clock, walk_in, walk_in.meeting, leave)
    _note_answer(session, clock, link, walk_in)


def guardian_answers_no(session: Session, clock: Clock, *, link: Link) -> None:
    """Keep that a guardian says no, or takes the yes back; the name goes when the day is over."""
    walk_in = get_asked_for(session, link.subject_id)
    if walk_in.leave is WalkInLeave.REFUSED:
        return
    walk_in.leave, walk_in.changed_at = WalkInLeave.REFUSED, clock()
    session.flush()
    _note_answer(session, clock, link, walk_in)


def _check_age(
    session: Session, clock: Clock, child: Participant, activity: Activity, request: WalkInRequest
) -> int:
    rule, today = age_rule_at(session, now=clock()), local_date(clock())
    limit = max(rule.alone_from, activity.guardian_until or 0)
    age = KnownAge(birth_year=child.birth_year, is_by_grade=child.is_by_grade, has_turned=request.has_turned)
    if not has_reached(limit, age=age, today=today):
        raise TooYoungToAnswer(limit=limit)
    if request.has_turned:
        note_age(session, participant=child, age=limit, today=today)
    return rule.id


def _give(session: Session, clock: Clock, walk_in: WalkIn, meeting: Meeting, leave: Leave) -> None:
    record_permissions(
        session,
        clock,
        participants=[walk_in.participant],
        occasion_id=meeting.occasion_id,
        leave=leave,
    )
    walk_in.leave, walk_in.changed_at = WalkInLeave.GIVEN, clock()
    session.flush()


def _note_answer(session: Session, clock: Clock, link: Link, walk_in: WalkIn) -> None:
    note_used(session, clock, link=link)
    record(
        session,
        clock,
        actor=Actor.FAMILY,
        action=f"walk_in_leave_{walk_in.leave.value}",
        subject="participant",
        subject_id=walk_in.participant_id,
        library_id=walk_in.meeting.occasion.activity.library_id,
    )


def _facts(walk_in: WalkIn, secret: str) -> dict[str, Any]:
    meeting = walk_in.meeting
    activity = meeting.occasion.activity
    return {
        "title": best_text(activity.texts, walk_in.participant.family.language).title,
        "library_name": activity.library.name,
        "place_name": activity.place_name,
        "library_email": activity.library.email,
        "library_phone": activity.library.phone,
        "responsible": activity.responsible.name if activity.responsible else None,
        "meetings": [
            {
                "starts_at": meeting.starts_at.isoformat(),
                "ends_at": meeting.ends_at.isoformat(),
                "room": meeting.room,
            }
        ],
        "secret": secret,
    }
