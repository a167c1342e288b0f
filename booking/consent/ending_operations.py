"""Taking a yes back, and its end when nobody says it again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.half_operations import drop_half_yeses
from booking.consent.half_queries import hold_children
from booking.consent.models import Consent
from booking.consent.needs_operations import erase_needs
from booking.consent.picture_operations import ask_to_take_down
from booking.consent.rules import Step, TakenDownFor, Way, WordingPurpose
from booking.consent.standing import IS_STANDING, NEEDS_KEPT_AFTER, PHOTOS, established_by
from booking.consent.standing_queries import is_newest, is_standing, newest_consents

# A unit of work holds the write lock: what ends is noted a few at a time, minute by minute.
_AT_ONCE: Final = 200


def withdraw_consent(
    session: Session,
    clock: Clock,
    *,
    participant_id: int,
    purpose: WordingPurpose,
    occasion_id: int | None,
    way: Way,
    account_id: int | None = None,
) -> bool:
    """Take a consent back; it ends here and now, and a note of needs is erased. Return whether it stood.

    Twice is once. `account_id` is who of the staff does it on request.
    """
    _hold(session, [participant_id])
    if occasion_id is not None:
        # What waits to stand for another year is taken back with it.
        drop_half_yeses(session, participant_ids=[participant_id], occasion_id=occasion_id, purpose=purpose)
    newest = newest_consents(session, participant_ids=[participant_id])
    standing = newest.get((participant_id, purpose, occasion_id))
    if standing is None or not is_standing(standing, clock()):
        return False
    _end(session, clock, consents=[standing], step=Step.WITHDRAWN, way=way, account_id=account_id)
    return True


def withdraw_pictures(
    session: Session,
    clock: Clock,
    *,
    participant_ids: Collection[int],
    way: Way,
    account_id: int | None = None,
) -> int:
    """Take back every yes to pictures of the participants, half ones too; return how many stood.

    Shielding asks for it.
    """
    _hold(session, participant_ids)
    drop_half_yeses(session, participant_ids=participant_ids)
    standing = [
        consent
        for consent in newest_consents(session, participant_ids=participant_ids).values()
        if consent.purpose in PHOTOS and is_standing(consent, clock())
    ]
    _end(session, clock, consents=standing, step=Step.WITHDRAWN, way=way, account_id=account_id)
    return len(standing)


def expire_consents(session: Session, clock: Clock) -> int:
    """Note the end of consents whose time is over, and erase needs a week after the last meeting.

    Return how many ended. Twice is once.
    """
    is_over = _is_over(clock())
    due = session.scalars(
        select(Consent.participant_id)
        .where(is_over)
        .distinct()
        .order_by(Consent.participant_id)
        .limit(_AT_ONCE)
    ).all()
    _hold(session, due)
    ended = session.scalars(
        select(Consent).where(is_over, Consent.participant_id.in_(due)).order_by(Consent.id)
    ).all()
    _end(session, clock, consents=ended, step=Step.EXPIRED, way=Way.BY_ITSELF)
    return len(ended)


def _hold(session: Session, participant_ids: Collection[int]) -> None:
    # Two who end one consent at once would both find that it stands.
    hold_children(session, participant_ids=participant_ids)


def _end(
    session: Session,
    clock: Clock,
    *,
    consents: Sequence[Consent],
    step: Step,
    way: Way,
    account_id: int | None = None,
) -> None:
    session.add_all(_ending(each, step, way, at=clock(), account_id=account_id) for each in consents)
    _erase_needs_of(session, consents)
    ask_to_take_down(session, clock, consents=consents, reason=TakenDownFor(step.value))
    if step is Step.WITHDRAWN:
        for consent in consents:
            _note(session, clock, consent, account_id)
    session.flush()


def _erase_needs_of(session: Session, consents: Sequence[Consent]) -> None:
    children = defaultdict(list)
    for consent in consents:
        if consent.purpose is WordingPurpose.NEEDS:
            children[consent.occasion_id].append(consent.participant_id)
    for occasion_id, participant_ids in children.items():
        erase_needs(session, participant_ids=participant_ids, occasion_id=occasion_id)


def _ending(consent: Consent, step: Step, way: Way, *, at: datetime, account_id: int | None) -> Consent:
    return Consent(
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        library_id=consent.library_id,
        wording_id=consent.wording_id,
        step=step,
        capacity=consent.capacity,
        established=established_by(way),
        way=way,
        child_answer=consent.child_answer,
        at=at,
        expires_at=None,
        account_id=account_id,
        age_rule_id=consent.age_rule_id,
    )


def _note(session: Session, clock: Clock, consent: Consent, account_id: int | None) -> None:
    record(
        session,
        clock,
        actor=Actor.FAMILY if account_id is None else Actor.STAFF,
        action="consent_withdrawn",
        subject="participant",
        subject_id=consent.participant_id,
        account_id=account_id,
        library_id=consent.library_id,
        facts={"purpose": consent.purpose.value, "occasion_id": consent.occasion_id},
    )


def _is_over(now: datetime) -> ColumnElement[bool]:
    last = (
        select(func.max(Meeting.ends_at)).where(Meeting.occasion_id == Consent.occasion_id).scalar_subquery()
    )
    is_past_need = (Consent.purpose == WordingPurpose.NEEDS) & (last <= now - NEEDS_KEPT_AFTER)
    return Consent.step.in_(IS_STANDING) & is_newest() & ((Consent.expires_at <= now) | is_past_need)
