"""Asking for places: what becomes of a form, whoever sends it, and however often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Occasion
from booking.activities.rules import first_start
from booking.clock import Clock, local_date
from booking.consent.ending_operations import withdraw_pictures
from booking.consent.operations import Leave
from booking.consent.rules import Capacity, Established, Way, WordingChanged, WordingPurpose
from booking.consent.seal import Seal
from booking.db import Base
from booking.links.codes import count_codes, has_code, issue_code
from booking.links.rules import Purpose
from booking.people.models import Family, Participant
from booking.people.operations import find_or_add_family, tell_more
from booking.people.rules import Newcomer, check_municipalities
from booking.prepared import Prepared, hole
from booking.signups.agreeing import Terms, record_what_was_agreed, replace_what_was_agreed
from booking.signups.asking import Answer, Asker, ChildAsked, PlaceRequest
from booking.signups.entering import Entered, Entry, enter
from booking.signups.fitting import check_children
from booking.signups.guardians import ask_guardian, name_guardian
from booking.signups.households import places_for
from booking.signups.letters import leading
from booking.signups.looking import Before, Shown, look_before
from booking.signups.models import Signup
from booking.signups.moving import begin_together, tell_again
from booking.signups.rules import Holds, SignupState, check_unanswered, hold_until
from booking.signups.turns import check_open, shorten_holds
from booking.signups.youths import Youth, who_answers
from booking.tokens import fingerprint, new_uid

# Whoever does not find the letter asks again; nobody who did not ask is written to again and again.
_MOST_CODES_IN_AN_HOUR: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """What is asked for, with what was found out about it. `is_known`: the family has shown who it is."""

    occasion: Occasion
    request: PlaceRequest
    holds: Holds
    seal: Seal
    newcomers: Sequence[Newcomer]
    youth: Youth | None
    family: Family
    is_known: bool

    @property
    def purpose(self) -> WordingPurpose:
        """Return which words are agreed to: a guardian's, or those of a youth who signs up itself."""
        is_youth = self.request.asker is Asker.YOUTH
        return WordingPurpose.PERMISSION_SELF if is_youth else WordingPurpose.PERMISSION

    @property
    def ask_key(self) -> str:
        """Return what is the same for a form that is sent twice, and for nothing else."""
        return fingerprint(f"{self.occasion.id} {self.family.id} {self.request.ask_key}")[:32]

    @property
    def handle(self) -> str:
        """Return the secret of the browser that asked, the same when its form comes twice."""
        return fingerprint(f"code {self.occasion.id} {self.family.id} {self.request.ask_key}")


def request_places(
    session: Session,
    clock: Clock,
    *,
    occasion: Occasion,
    request: PlaceRequest,
    holds: Holds,
    seal: Seal,
    family: Family | None = None,
) -> Answer:
    """Return where each child stands: a place is held, or it waits; one letter says the same.

    The occasion comes from `take_occasion`, so nobody else counts its places meanwhile. The same form sent
    again is answered as before. Children that are signed up already are answered as if they were new, and
    only a letter tells the owner of the address. A `family` that has shown who it is, by a mailed code, need
    not confirm. Refuses what the window, the audience, the names, the ages, the words of the permission, too
    many unanswered letters, places for some only, a full occasion without a queue, or what was agreed to
    refuse.
    """
    newcomers, youth = _check(session, clock, occasion, request)
    asking = _Asking(
        occasion=occasion,
        request=request,
        holds=holds,
        seal=seal,
        newcomers=newcomers,
        youth=youth,
        family=family or _typed_family(session, clock, request),
        is_known=family is not None,
    )
    before = _look(session, clock, asking)
    repeated = before.of_this_form(asking.ask_key)
    if repeated:
        return _answer_as_before(asking, repeated)
    # From here on known or new, children get the same refusals and the same answer.
    if not asking.is_known:
        check_unanswered(before.unanswered)
    if before.wording_id is None:
        raise WordingChanged
    if before.key_is_used:
        # A form that lay open until its own sign-up was over asks anew.
        asking = replace(asking, request=replace(request, ask_key=new_uid()))
    standings = _standings(asking, before, len(asking.newcomers))
    _act(session, clock, asking, before, standings)
    return Answer(
        standings=tuple(standings),
        held_until=_held_until(clock(), asking, standings[0] or SignupState.QUEUED),
        handle=asking.handle,
    )


def _check(
    session: Session, clock: Clock, occasion: Occasion, request: PlaceRequest
) -> tuple[Sequence[Newcomer], Youth | None]:
    starts_at = check_open(occasion, clock())
    today, activity = local_date(clock()), occasion.activity
    newcomers = check_children(activity, request, today=today, day=local_date(starts_at))
    youth = who_answers(session, clock, activity=activity, request=request, newcomer=newcomers[0])
    return newcomers, youth


def _typed_family(session: Session, clock: Clock, request: PlaceRequest) -> Family:
    return find_or_add_family(
        session,
        clock,
        email=request.email,
        contact_name=request.contact_name,
        phone=request.phone,
        language=request.language,
    )


def _look(session: Session, clock: Clock, asking: _Asking) -> Before:
    codes = {child.municipality_code for child in asking.newcomers}
    before = look_before(
        session,
        occasion=asking.occasion,
        family=asking.family,
        municipality_codes=codes,
        ask_key=asking.ask_key,
        shown=Shown(
            purpose=asking.purpose,
            language=asking.request.language,
            digest=asking.request.words_shown.get(asking.purpose, ""),
        ),
        now=clock(),
    )
    check_municipalities(codes, known=before.children.municipalities_known)
    return before


def _answer_as_before(asking: _Asking, repeated: Sequence[Signup]) -> Answer:
    until = next((signup.held_until for signup in repeated if signup.held_until), None)
    standings = tuple(signup.state for signup in repeated)
    return Answer(standings=standings, held_until=until, handle=asking.handle)


def _standings(asking: _Asking, before: Before, asked: int) -> list[SignupState | None]:
    standings = places_for(
        asked,
        capacity=asking.occasion.capacity or 0,
        taken=before.counts.taken,
        waiting=before.counts.waiting,
        has_queue=asking.occasion.has_queue,
        if_not_all=asking.request.if_not_all,
    )
    return [_first_state(asking, state) for state in standings]


def _first_state(asking: _Asking, state: SignupState | None) -> SignupState | None:
    # Who came by a mailed code has shown that the address is theirs; a guardian is asked all the same.
    if state is not SignupState.AWAITING_EMAIL or not asking.is_known:
        return state
    needs_guardian = asking.youth is not None and asking.youth.guardian_email is not None
    return SignupState.AWAITING_GUARDIAN if needs_guardian else SignupState.CONFIRMED


def _act(
    session: Session,
    clock: Clock,
    asking: _Asking,
    before: Before,
    standings: Sequence[SignupState | None],
) -> None:
    known = [before.children.find(child.first_name, child.birth_year) for child in asking.newcomers]
    new = [place for place, child in enumerate(known) if not (child and child.id in before.live)]
    there = [
        (child, before.live[found.id])
        for child, found in zip(asking.request.children, known, strict=True)
        if found and found.id in before.live
    ]
    if not new:
        asks_code = SignupState.AWAITING_EMAIL in standings
        _tell_again(session, clock, asking, before, there, asks_code=asks_code)
        return
    # Those that are in already need no place; the others stand or fall together.
    states = standings if not there else _standings(asking, before, len(new))
    entries = _entries(asking, known, new, states, clock())
    # A family that has shown who it is has its new places at once: nothing waits for a code beside them.
    beside = [] if asking.is_known else _joined(session, clock, asking, there)
    _enter(session, clock, asking, before, entries, beside=beside)
    if SignupState.QUEUED in states:
        shorten_holds(session, clock, occasion=asking.occasion, holds=asking.holds)


def _tell_again(
    session: Session,
    clock: Clock,
    asking: _Asking,
    before: Before,
    there: Sequence[tuple[ChildAsked, Signup]],
    *,
    asks_code: bool,
) -> None:
    if has_code(session, handle=asking.handle):
        return  # this same form, sent again
    signups = [signup for _child, signup in there]
    waiting = [each.id for each in before.live.values() if each.state is SignupState.AWAITING_EMAIL]
    an_hour_ago = clock() - timedelta(hours=1)
    issued = count_codes(session, purpose=Purpose.SIGN_UP_CODE, subject_ids=waiting, since=an_hour_ago)
    joined = _joined(session, clock, asking, there) if issued < _MOST_CODES_IN_AN_HOUR else []
    code = _code(session, clock, asking, joined) if joined else None
    if code is None and asks_code:
        # The page asks for six digits all the same: what it answers to wrong ones tells nothing.
        issue_code(
            session,
            clock,
            purpose=Purpose.SIGN_UP_CODE,
            subject_id=None,
            lasts=timedelta(hours=asking.holds.hold_hours),
            handle=asking.handle,
        )
    if code is not None or not waiting:
        tell_again(session, clock, signups=signups, code=code)


def _joined(
    session: Session, clock: Clock, asking: _Asking, there: Sequence[tuple[ChildAsked, Signup]]
) -> list[Signup]:
    # What nobody has answered yet is answered with this form, and as this form says.
    waits = [(child, signup) for child, signup in there if signup.state is SignupState.AWAITING_EMAIL]
    signups = [signup for _child, signup in waits]
    for signup in signups:
        _JOIN.write(session, {"number": signup.id, "key": asking.ask_key})
        set_committed_value(signup, "ask_key", asking.ask_key)
    if signups:
        asked = [child for child, _signup in waits]
        replace_what_was_agreed(
            session, clock, signups=signups, asked=asked, terms=_terms(asking), seal=asking.seal
        )
    return signups


def _enter(
    session: Session,
    clock: Clock,
    asking: _Asking,
    before: Before,
    entries: Sequence[Entry],
    *,
    beside: Sequence[Signup],
) -> None:
    signups = enter(session, clock, entries=entries, shared=_shared(asking, before))
    if asking.youth is not None:
        name_guardian(session, clock, youth=asking.youth, signup=signups[0])
    if asking.is_known:
        _tell_more(session, clock, signups[0].participant.family, entries)
    _agree(session, clock, asking, signups, entries)
    code = _code(session, clock, asking, [leading([*signups, *beside])])
    begin_together(session, clock, signups=signups, code=code, beside=beside)
    if signups[0].state is SignupState.AWAITING_GUARDIAN:
        ask_guardian(session, clock, signup=signups[0])


def _tell_more(session: Session, clock: Clock, family: Family, entries: Sequence[Entry]) -> None:
    # Only who has shown to be the family may say more of a child that is known already.
    for entry in entries:
        child, told = entry.participant, entry.newcomer
        if child is None:
            continue
        if told.is_shielded and not child.is_shielded:
            withdraw_pictures(session, clock, participant_ids=[child.id], way=Way.FAMILY_PAGE)
        tell_more(
            session,
            clock,
            family=family,
            participant=child,
            last_name=told.last_name,
            is_shielded=told.is_shielded,
        )


def _agree(
    session: Session, clock: Clock, asking: _Asking, signups: Sequence[Signup], entries: Sequence[Entry]
) -> None:
    asked = [entry.asked for entry in entries]
    record_what_was_agreed(
        session, clock, signups=signups, asked=asked, terms=_terms(asking), seal=asking.seal
    )


def _terms(asking: _Asking) -> Terms:
    return Terms(
        capacity=Capacity.SELF if asking.youth else asking.request.capacity,
        established=Established.SELF_DECLARED,
        way=Way.FAMILY_PAGE if asking.is_known else Way.FORM,
        language=asking.request.language,
        shown=asking.request.words_shown,
    )


def _entries(
    asking: _Asking,
    known: Sequence[Participant | None],
    new: Sequence[int],
    states: Sequence[SignupState | None],
    now: datetime,
) -> list[Entry]:
    return [
        Entry(
            asked=asking.request.children[place],
            newcomer=asking.newcomers[place],
            participant=known[place],
            state=state,
            held_until=_held_until(now, asking, state),
        )
        for place, state in zip(new, states, strict=True)
        if state is not None
    ]


def _shared(asking: _Asking, before: Before) -> Entered:
    leave = Leave(
        wording_id=before.wording_id or 0,
        capacity=Capacity.SELF if asking.youth else asking.request.capacity,
        established=Established.SELF_DECLARED,
        age_rule_id=asking.youth.age_rule_id if asking.youth else None,
    )
    return Entered(
        occasion=asking.occasion,
        family=asking.family,
        ask_key=asking.ask_key,
        leave=leave,
        # A youth names a guardian, and a family that is known may say more of a child.
        is_followed=asking.youth is not None or asking.is_known,
    )


def _held_until(now: datetime, asking: _Asking, state: SignupState) -> datetime | None:
    hours = {
        SignupState.AWAITING_EMAIL: asking.holds.hold_hours,
        SignupState.AWAITING_GUARDIAN: asking.holds.guardian_hours,
    }.get(state)
    starts_at = first_start(asking.occasion.meetings)
    if hours is None or starts_at is None:
        return None
    return hold_until(now=now, hours=hours, starts_at=starts_at)


def _code(session: Session, clock: Clock, asking: _Asking, signups: Sequence[Signup]) -> str | None:
    first = signups[0]
    if first.state is not SignupState.AWAITING_EMAIL or first.held_until is None:
        return None
    return issue_code(
        session,
        clock,
        purpose=Purpose.SIGN_UP_CODE,
        subject_id=first.id,
        lasts=first.held_until - clock(),
        handle=asking.handle,
    ).code


_SIGNUPS: Final = Base.metadata.tables[Signup.__tablename__]
_JOIN: Final = Prepared(
    update(_SIGNUPS)
    .where(_SIGNUPS.c.id == hole("number", _SIGNUPS.c.id))
    .values(ask_key=hole("key", _SIGNUPS.c.ask_key))
)
