"""All that is kept about one family, gathered for that family itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.attendance.models import Mark
from booking.audit.models import AuditEntry
from booking.consent.half_queries import accords_of, half_yeses_of
from booking.consent.models import Consent, NeedsNote, Permission, PictureTask
from booking.consent.needs import Needs, NeedsUnreadable, unpacked
from booking.consent.seal import Seal
from booking.consent.shared_models import Accord, HalfYes
from booking.family.my_queries import permissions_of
from booking.libraries.rules import Language, best_text
from booking.links.models import Link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.models import Family, Guardian
from booking.people.queries import municipalities
from booking.signups.models import Signup


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What the tables hold about a family and its children.

    `calendar` is the link behind the calendar of its own, if it has one. `titles` names each occasion by its
    number, and `municipalities` those of the region by theirs. A note of needs comes opened, or without what
    it says where the key is gone. How another guardian is reached is theirs, and not told here.
    """

    family: Family
    guardians: Sequence[Guardian]
    signups: Sequence[Signup]
    permissions: Sequence[Permission]
    consents: Sequence[Consent]
    half_yeses: Sequence[HalfYes]
    accords: Mapping[int, Accord]
    pictures: Sequence[PictureTask]
    needs: Sequence[tuple[NeedsNote, Needs | None]]
    marks: Sequence[tuple[Mark, Meeting]]
    letters: Sequence[Letter]
    record: Sequence[AuditEntry]
    calendar: Link | None
    titles: Mapping[int, str]
    municipalities: Mapping[str, str]


def everything_about(session: Session, family: Family, *, language: Language, seal: Seal) -> Everything:
    """Return all that is kept about the family, in as many questions for many children as for one."""
    numbers = [child.id for child in family.participants]
    signups = _signups(session, numbers)
    return Everything(
        family=family,
        guardians=session.scalars(select(Guardian).where(Guardian.participant_id.in_(numbers))).all(),
        signups=signups,
        permissions=permissions_of(session, family),
        consents=_consents(session, numbers),
        half_yeses=half_yeses_of(session, participant_ids=numbers),
        accords=accords_of(session, participant_ids=numbers),
        pictures=session.scalars(select(PictureTask).where(PictureTask.participant_id.in_(numbers))).all(),
        needs=_needs(session, numbers, seal),
        marks=_marks(session, numbers),
        letters=session.scalars(
            select(Letter).where(Letter.address == family.email).order_by(Letter.id)
        ).all(),
        record=_record(session, family.id, numbers, [signup.id for signup in signups]),
        calendar=session.scalar(_calendar(family)),
        titles={
            signup.occasion_id: best_text(signup.occasion.activity.texts, language).title
            for signup in signups
        },
        municipalities={place.code: place.name for place in municipalities(session)},
    )


def _calendar(family: Family) -> Select[Link]:
    theirs = (Link.purpose == Purpose.FAMILY_FEED, Link.subject_id == family.id, Link.revoked_at.is_(None))
    return select(Link).where(*theirs).order_by(Link.id.desc()).limit(1)


def _signups(session: Session, numbers: Sequence[int]) -> Sequence[Signup]:
    words = selectinload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    occasion = joinedload(Signup.occasion).options(
        joinedload(Occasion.activity).options(joinedload(Activity.library), words),
        selectinload(Occasion.meetings),
    )
    return session.scalars(
        select(Signup)
        .where(Signup.participant_id.in_(numbers))
        .options(occasion, selectinload(Signup.moves))
        .order_by(Signup.id)
    ).all()


def _consents(session: Session, numbers: Sequence[int]) -> Sequence[Consent]:
    return session.scalars(
        select(Consent)
        .where(Consent.participant_id.in_(numbers))
        .options(joinedload(Consent.wording))
        .order_by(Consent.id)
    ).all()


def _needs(session: Session, numbers: Sequence[int], seal: Seal) -> Sequence[tuple[NeedsNote, Needs | None]]:
    notes = session.scalars(select(NeedsNote).where(NeedsNote.participant_id.in_(numbers)))
    return [(note, _opened(note, seal)) for note in notes]


def _opened(note: NeedsNote, seal: Seal) -> Needs | None:
    try:
        text = seal.open(note.sealed)
        return unpacked(text, participant_id=note.participant_id, occasion_id=note.occasion_id)
    except NeedsUnreadable:
        return None


def _marks(session: Session, numbers: Sequence[int]) -> Sequence[tuple[Mark, Meeting]]:
    rows = session.execute(
        select(Mark, Meeting)
        .join(Meeting, Meeting.id == Mark.meeting_id)
        .where(Mark.participant_id.in_(numbers))
        .order_by(Mark.id)
    )
    return [(mark, meeting) for mark, meeting in rows]


def _record(
    session: Session, family_id: int, children: Sequence[int], signups: Sequence[int]
) -> Sequence[AuditEntry]:
    about_them = or_(
        and_(AuditEntry.subject == "family", AuditEntry.subject_id == family_id),
        and_(AuditEntry.subject == "participant", AuditEntry.subject_id.in_(children)),
        and_(AuditEntry.subject == "signup", AuditEntry.subject_id.in_(signups)),
    )
    return session.scalars(select(AuditEntry).where(about_them).order_by(AuditEntry.id)).all()
