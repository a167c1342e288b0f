"""What there is already when a family asks: places, its children, this same form, and the words it read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    ScalarSelect,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Occasion
from booking.consent.models import Wording
from booking.consent.rules import WordingPurpose
from booking.direct import Row
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.people.models import Family, Participant
from booking.people.queries import Children
from booking.prepared import Prepared, hole
from booking.rows import adopt
from booking.signups.fullness import number_in
from booking.signups.models import Signup
from booking.signups.queries import Counts
from booking.signups.rules import HOLDS_A_PLACE, IS_LIVE, SignupState, Unanswered


@dataclass(frozen=True, kw_only=True)
class Before:
    """What decides what becomes of a family's asking.

    `live` are its sign-ups of the occasion that are not over, by child; `wording_id` is of the permission's
    words if those that were read are still the newest.
    """

    counts: Counts
    children: Children
    live: Mapping[int, Signup]
    key_is_used: bool
    unanswered: Unanswered
    wording_id: int | None

    def of_this_form(self, ask_key: str) -> list[Signup]:
        """Return what came of this same form, sent before."""
        return sorted(
            (signup for signup in self.live.values() if signup.ask_key == ask_key), key=lambda each: each.id
        )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The words of the permission that stood on the page."""

    purpose: WordingPurpose
    language: Language
    digest: str


def look_before(
    session: Session,
    *,
    occasion: Occasion,
    family: Family,
    municipality_codes: Collection[str],
    ask_key: str,
    shown: Shown,
    now: datetime,
) -> Before:
    """Return in one question all that decides what becomes of a family's asking."""
    session.flush()
    codes = {f"code_{number}": code for number, code in enumerate(municipality_codes)}
    rows = _question(len(codes)).rows(
        session,
        {
            "occasion_id": occasion.id,
            "family_id": family.id,
            **codes,
            "ask_key": ask_key,
            "purpose": shown.purpose,
            "language": shown.language,
            "digest": shown.digest,
            "an_hour_ago": now - timedelta(hours=1),
            "a_day_ago": now - timedelta(days=1),
        },
    )
    return _before(session, rows, occasion, family, ask_key)


@cache
def _question(codes: int) -> Prepared:
    # Put together once: while it is asked, everybody else waits for the occasion's turn.
    mine = and_(
        Signup.participant_id == Participant.id,
        Signup.occasion_id == _OCCASION,
        or_(Signup.state.in_(IS_LIVE), Signup.ask_key == hole("ask_key", Signup.ask_key)),
    )
    return Prepared(
        select(*_CHILD, *_SIGNUP, *_facts(codes))
        .select_from(Family)
        .outerjoin(Participant, Participant.family_id == Family.id)
        .outerjoin(Signup, mine)
        .where(Family.id == _FAMILY)
        .order_by(Participant.id, Signup.id)
    )


def _facts(codes: int) -> Sequence[ColumnElement[int]]:
    asked = [hole(f"code_{number}", Library.municipality_code) for number in range(codes)]
    known = select(func.count(Library.municipality_code.distinct())).where(
        or_(false(), *(Library.municipality_code == code for code in asked))
    )
    wording = (
        select(Wording.id, Wording.digest)
        .where(
            Wording.purpose == hole("purpose", Wording.purpose),
            Wording.language == hole("language", Wording.language),
        )
        .order_by(Wording.version.desc())
        .limit(_ONE)
        .subquery()
    )
    read = select(case((wording.c.digest == hole("digest", Wording.digest), wording.c.id)))
    return (
        number_in(HOLDS_A_PLACE, _OCCASION),
        number_in(frozenset({SignupState.QUEUED}), _OCCASION),
        known.scalar_subquery(),
        _asked_unanswered("an_hour_ago"),
        _asked_unanswered("a_day_ago"),
        read.scalar_subquery(),
    )


def _before(
    session: Session, rows: Sequence[Row], occasion: Occasion, family: Family, ask_key: str
) -> Before:
    about = len(_CHILD) + len(_SIGNUP)
    told = {row[0]: row[: len(_CHILD)] for row in rows if row[0] is not None}
    children = {number: adopt(session, Participant, child) for number, child in told.items()}
    asked = [row[len(_CHILD) : about] for row in rows]
    signups = [adopt(session, Signup, signup) for signup in asked if signup[0] is not None]
    for child in children.values():
        set_committed_value(child, "family", family)
    for signup in signups:
        set_committed_value(signup, "participant", children[signup.participant_id])
        set_committed_value(signup, "occasion", occasion)
    taken, waiting, known, in_an_hour, in_a_day, wording_id = (_number(each) for each in rows[0][about:])
    return Before(
        counts=Counts(taken=taken or 0, waiting=waiting or 0),
        children=Children(known=tuple(children.values()), municipalities_known=known or 0),
        live={signup.participant_id: signup for signup in signups if signup.state in IS_LIVE},
        key_is_used=any(signup.ask_key == ask_key for signup in signups),
        unanswered=Unanswered(in_an_hour or 0, in_a_day or 0),
        wording_id=wording_id,
    )


def _number(told: object) -> int | None:
    return int(str(told)) if told is not None else None


def _asked_unanswered(since: str) -> ScalarSelect[int]:
    # One form is one letter, however many children stand in it.
    theirs = aliased(Signup)
    unanswered = (SignupState.AWAITING_EMAIL, SignupState.QUEUED)
    return (
        select(func.count(theirs.ask_key.distinct()))
        .select_from(theirs)
        .join(Participant, Participant.id == theirs.participant_id)
        .where(
            Participant.family_id == _FAMILY,
            theirs.asked_at > hole(since, Signup.asked_at),
            theirs.state.in_(unanswered),
        )
        .correlate(None)
        .scalar_subquery()
    )


# As a value SQLite would put the whole statement together anew for it each time.
_ONE: Final[ColumnClause[int]] = literal_column("1")
_CHILD: Final = tuple(Participant.__table__.c)
_SIGNUP: Final = tuple(Signup.__table__.c)
_OCCASION: Final = hole("occasion_id", Signup.occasion_id)
_FAMILY: Final = hole("family_id", Participant.family_id)
