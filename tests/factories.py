"""Functions that each give a valid thing; a test overrides only what it is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.rules import (
    Kind,
    MeetingState,
    Mode,
    StatisticsResponsibility,
    Status,
    Visibility,
)
from booking.almanac.models import SchoolBreak
from booking.almanac.rules import BreakKind
from booking.db import Base
from booking.libraries.models import Library, LibraryNote
from booking.libraries.rules import Language
from booking.partners.models import Partner
from booking.partners.rules import Sector, name_key
from booking.people.models import Family, Participant
from booking.plan.models import PlanItem
from booking.plan.rules import ItemKind, ItemState
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.staff.models import Account, Membership
from booking.staff.rules import Role
from booking.tokens import new_readable_code, new_secret, new_uid

# A Tuesday in November, at noon in Oslo: what tests call now.
Row = TypeVar("Row", bound=Base)

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_library(session: Session, **changes: Any) -> Library:
    """A library, by default the one of the made-up town Granlia."""
    code = new_readable_code(5).lower()
    values: dict[str, Any] = {
        "slug": f"granlia-{code}",
        "code": code,
        "name": "Granlia bibliotek",
        "municipality_code": "3401",
        "municipality_name": "Granlia",
        "email": "bibliotek@example.org",
        "phone": "+4722222222",
        "street": "Storgata 1",
        "postcode": "2200",
        "town": "Granlia",
        "latitude": 60.19,
        "longitude": 12.0,
        "colour": "#7a3e2b",
        "changed_at": NOON,
        "notes": [
            LibraryNote(language=language, accessibility="Heis og HC-toalett", opening="10–18")
            for language in Language
        ],
    }
    return _kept(session, Library(**{**values, **changes}))


def make_school_break(session: Session, **changes: Any) -> SchoolBreak:
    """The Easter break of the schools around the library."""
    values: dict[str, Any] = {
        "municipality_code": "3401",
        "kind": BreakKind.EASTER,
        "first_on": date(2027, 3, 22),
        "last_on": date(2027, 3, 29),
        "imported_at": NOON,
    }
    return _kept(session, SchoolBreak(**{**values, **changes}))


def make_partner(session: Session, **changes: Any) -> Partner:
    """An association in the library's municipality, in use."""
    name = changes.pop("name", f"Granlia frivilligsentral {new_readable_code(5)}")
    values: dict[str, Any] = {
        "name": name,
        "name_key": name_key(name),
        "sector": Sector.VOLUNTARY,
        "municipality_code": "3401",
        "is_active": True,
        "version": 1,
        "made_at": NOON,
        "changed_at": NOON,
    }
    return _kept(session, Partner(**{**values, **changes}))


def make_plan_item(session: Session, **changes: Any) -> PlanItem:
    """A milestone of the plan that is under way, as calendars have not seen it yet."""
    values: dict[str, Any] = {
        "number": (session.scalar(select(func.max(PlanItem.number))) or 0) + 1,
        "uid": new_uid(),
        "kind": ItemKind.MILESTONE,
        "state": ItemState.PLANNED,
        "title": "Utprøve tiltak",
        "first_on": date(2026, 11, 20),
        "last_on": date(2026, 11, 30),
        "made_at": NOON,
        "shown_at": NOON,
    }
    return _kept(session, PlanItem(**{**values, **changes}))


def make_account(session: Session, *roles: Role, library: Library | None = None, **changes: Any) -> Account:
    """A member of staff with the roles; those held at a library are held at this one."""
    code = new_readable_code(8).lower()
    values: dict[str, Any] = {
        "email": f"ansatt-{code}@example.org",
        "name": "Kari Eksempel",
        "language": Language.EN,
        "password_hash": None,
        "active": True,
        "session_key": new_secret(),
        "passkey_handle": new_secret(),
        "recovery_codes": [],
        "passkeys": [],
        "made_at": NOON,
        "memberships": [
            Membership(
                role=role,
                library_id=library.id if library and role in {Role.DOOR, Role.LIBRARIAN} else None,
            )
            for role in roles
        ],
    }
    return _kept(session, Account(**{**values, **changes}))


def make_activity(session: Session, *, library: Library | None = None, **changes: Any) -> Activity:
    """A published, public workshop for grades 5 to 7, without an occasion."""
    at = library or make_library(session)
    code = new_readable_code(6)
    values: dict[str, Any] = {
        "library_id": at.id,
        "slug": f"spillkveld-{code.lower()}",
        "code": code,
        "kind": Kind.PILOT,
        "visibility": Visibility.PUBLIC,
        "status": Status.PUBLISHED,
        "grade_from": 5,
        "grade_to": 7,
        "statistics_type": "workshop",
        "statistics_responsibility": StatisticsResponsibility.OWN,
        "published_at": NOON,
        "changed_at": NOON,
        "texts": [
            ActivityText(
                language=Language.NB,
                title="Spillkveld",
                summary="Brettspill og brus.",
                body="Vi spiller brettspill sammen.",
            )
        ],
    }
    return _kept(session, Activity(**{**values, **changes}))


def make_text(session: Session, activity: Activity, **changes: Any) -> ActivityText:
    """An activity's words in one more language, by default English."""
    values: dict[str, Any] = {
        "activity_id": activity.id,
        "language": Language.EN,
        "title": "Games evening",
        "summary": "Board games and lemonade.",
        "body": "We play board games together.",
    }
    return _kept(session, ActivityText(**{**values, **changes}))


def make_occasion(session: Session, *, activity: Activity | None = None, **changes: Any) -> Occasion:
    """An occasion with twelve places that are open for sign-up, without a meeting."""
    of = activity or make_activity(session)
    values: dict[str, Any] = {"activity_id": of.id, "mode": Mode.SIGN_UP, "capacity": 12}
    return _kept(session, Occasion(**{**values, **changes}))


def make_meeting(session: Session, *, occasion: Occasion | None = None, **changes: Any) -> Meeting:
    """A meeting of two hours, a week from now at 17:00."""
    of = occasion or make_occasion(session)
    starts_at = changes.pop("starts_at", NOON + timedelta(days=7, hours=5))
    values: dict[str, Any] = {
        "occasion_id": of.id,
        "uid": new_uid(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "room": "Barneavdelingen",
        "state": MeetingState.SCHEDULED,
        "made_at": NOON,
        "changed_at": NOON,
    }
    return _kept(session, Meeting(**{**values, **changes}))


def make_family(session: Session, **changes: Any) -> Family:
    """A family whose address is known to be theirs."""
    values: dict[str, Any] = {
        "email": f"forelder-{new_readable_code(8).lower()}@example.org",
        "contact_name": "Ola Eksempel",
        "language": Language.EN,
        "known_since": NOON,
        "verified_at": NOON,
    }
    return _kept(session, Family(**{**values, **changes}))


def make_participant(session: Session, *, family: Family | None = None, **changes: Any) -> Participant:
    """A child of ten."""
    of = family or make_family(session)
    values: dict[str, Any] = {
        "family_id": of.id,
        "person_key": new_uid(),
        "first_name": "Ada",
        "birth_year": 2016,
        "municipality_code": "3401",
        "known_since": NOON,
    }
    return _kept(session, Participant(**{**values, **changes}))


def make_signup(
    session: Session,
    *,
    occasion: Occasion,
    participant: Participant | None = None,
    **changes: Any,
) -> Signup:
    """A confirmed place."""
    of = participant or make_participant(session)
    values: dict[str, Any] = {
        "occasion_id": occasion.id,
        "participant_id": of.id,
        "uid": new_uid(),
        "ask_key": new_uid(),
        "state": SignupState.CONFIRMED,
        "asked_at": NOON,
        "changed_at": NOON,
    }
    return _kept(session, Signup(**{**values, **changes}))
